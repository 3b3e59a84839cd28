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

// loose is an open loose object: the file, and what its head says.
type loose struct {
	file *os.File
	end  int64 // bytes of the file
	kind object.Kind
	size int64
	head int // bytes of the head
}

// maxLooseHead is what the head of a loose object can take: "commit ", a
// number below 2^63, and a zero byte.
const maxLooseHead = 32

// openLoose opens the loose object h of a store. The error is fs.ErrNotExist
// if there is none.
func (db *DB) openLoose(s *store, h object.Hash) (*loose, error) {
	file, err := openRegular(s.root, looseName(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	l := &loose{file: file}
	if err := db.readLooseHead(l); err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return l, nil
}

// readLooseHead reads the head of a loose object.
func (db *DB) readLooseHead(l *loose) error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	l.end = info.Size()
	z := db.spare.Get().(*inflater)
	defer db.spare.Put(z)
	defer z.in.drop()
	if err := z.in.seek(l.file, 0, l.end, maxLooseHead); err != nil {
		return err
	}
	var space [maxLooseHead + outputSlack]byte
	text, err := z.inflate(space[:0], maxLooseHead)
	if err != nil && !errors.Is(err, errTooMuch) {
		return err
	}
	end := bytes.IndexByte(text, 0)
	if end < 0 {
		return errors.New("the object has no head")
	}
	l.head = end + 1
	l.kind, l.size, err = parseLooseHead(text[:end])
	return err
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
		return 0, 0, errors.New("the object's size is not a number")
	}
	return kind, int64(size), nil
}

// readLoose reads a loose object whole and checks it against its name.
func (db *DB) readLoose(s *store, h object.Hash) (object.Kind, []byte, error) {
	l, err := db.openLoose(s, h)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = l.file.Close() }() // only read
	z := db.spare.Get().(*inflater)
	defer db.spare.Put(z)
	defer z.in.drop()
	data, err := db.looseData(z, l, nil)
	if err != nil {
		return 0, nil, err
	}
	return l.kind, data, db.verify(h, l.kind, data)
}

// looseData reads the content of an open loose object, into dst's space if it
// is large enough.
func (db *DB) looseData(z *inflater, l *loose, dst []byte) ([]byte, error) {
	if l.size > db.max {
		return nil, fmt.Errorf("%w: it has %d bytes, and %d are allowed", ErrTooLarge, l.size, db.max)
	}
	if err := z.in.seek(l.file, 0, l.end, int(min(l.end, inputChunk))); err != nil {
		return nil, err
	}
	out, err := z.inflate(dst, l.head+int(l.size))
	if err != nil {
		return nil, err
	}
	if int64(len(out)) != int64(l.head)+l.size {
		return nil, fmt.Errorf("the object claims %d bytes and has %d", l.size, len(out)-l.head)
	}
	return out[l.head:], nil
}

// streamLoose reads the content of an open loose object bit by bit, and
// closes it in the end.
func (db *DB) streamLoose(h object.Hash, s *store, l *loose) (*stream, error) {
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	z, err := zlib.NewReader(bufio.NewReaderSize(l.file, inputChunk))
	if err == nil {
		_, err = io.CopyN(io.Discard, z, int64(l.head))
	}
	if err != nil {
		return nil, err
	}
	return db.newStream(h, l.kind, l.size, z, l.file, s.path(looseName(h))), nil
}
