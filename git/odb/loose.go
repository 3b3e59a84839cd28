package odb

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"github.com/bbkeys/bbkeys/git/object"
)

// looseName is where a store keeps the loose object h.
func looseName(h object.Hash) string {
	s := h.String()
	return s[:2] + "/" + s[2:]
}

// loose is an open loose object: its head, and its content to come.
type loose struct {
	kind object.Kind
	size int64
	io.Reader
	zlib io.Closer
	file *os.File
}

// Close closes the file.
func (l *loose) Close() error { return errors.Join(l.zlib.Close(), l.file.Close()) }

// openLoose opens the loose object h of a store. The error is fs.ErrNotExist
// if there is none.
func openLoose(s *store, h object.Hash) (*loose, error) {
	name := looseName(h)
	file, err := openRegular(s.root, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, &CorruptError{h, s.path(name), err}
	}
	l, err := newLoose(file)
	if err != nil {
		_ = file.Close() // only read
		return nil, &CorruptError{h, s.path(name), err}
	}
	return l, nil
}

// newLoose reads the head of a loose object.
func newLoose(file *os.File) (*loose, error) {
	z, err := zlib.NewReader(bufio.NewReader(file))
	if err != nil {
		return nil, inflateError(err)
	}
	r := bufio.NewReaderSize(z, 4096)
	head, err := r.Peek(32)
	end := bytes.IndexByte(head, 0)
	if end < 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, inflateError(err)
		}
		return nil, errors.New("the object has no head")
	}
	kind, size, err := parseLooseHead(head[:end])
	if err != nil {
		return nil, err
	}
	_, _ = r.Discard(end + 1) // it is in the buffer
	return &loose{kind: kind, size: size, Reader: r, zlib: z, file: file}, nil
}

// parseLooseHead reads "blob 12".
func parseLooseHead(head []byte) (object.Kind, int64, error) {
	name, digits, found := bytes.Cut(head, []byte{' '})
	if !found {
		return 0, 0, errors.New("the object has no head")
	}
	kind, err := object.ParseKind(string(name))
	if err != nil {
		return 0, 0, err
	}
	size, err := strconv.ParseUint(string(digits), 10, 62)
	if err != nil || len(digits) > 1 && digits[0] == '0' {
		return 0, 0, fmt.Errorf("the object's size is not a number")
	}
	return kind, int64(size), nil
}

// readLoose reads a loose object whole.
func (db *DB) readLoose(s *store, h object.Hash) (object.Kind, []byte, error) {
	l, err := openLoose(s, h)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = l.Close() }() // only read
	if l.size > db.max {
		return 0, nil, tooLarge(h, l.size, db.max)
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(l, l.size+1))
	if err == nil && n != l.size {
		err = fmt.Errorf("the object claims %d bytes and has another number", l.size)
	}
	if err != nil {
		return 0, nil, &CorruptError{h, s.path(looseName(h)), err}
	}
	return l.kind, b.Bytes(), nil
}

// tooLarge says that an object is beyond the limit.
func tooLarge(h object.Hash, size, limit int64) error {
	return fmt.Errorf("read object %v: %w: it has %d bytes, and %d are allowed", h, ErrTooLarge, size, limit)
}
