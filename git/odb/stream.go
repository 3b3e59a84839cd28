package odb

import (
	"bufio"
	"compress/zlib"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/bbkeys/bbkeys/git/object"
)

// LargeBlob is the size in bytes, 8 MiB, up to which Blobs delivers a blob as
// Data, and Stream reads an object at once. A larger one comes as a Reader.
const LargeBlob = 8 << 20

// stream reads a large object, and checks it against its name in the end.
type stream struct {
	hash  object.Hash
	where string
	from  io.Reader
	file  io.Closer // may be nil
	left  int64
	sum   hash.Hash
	err   error // what every further Read returns
}

// newStream reads the size bytes of the object h from a reader of its
// decompressed data.
func (db *DB) newStream(h object.Hash, kind object.Kind, size int64, from io.Reader, file io.Closer, where string) *stream {
	s := &stream{hash: h, where: where, from: from, file: file, left: size, sum: db.format.New()}
	_, _ = s.sum.Write(object.AppendHeader(nil, kind, size)) // a hash.Hash never fails
	return s
}

// streamPacked reads the object whose head is e bit by bit; it is stored whole.
func (db *DB) streamPacked(h object.Hash, p *pack, e *entry) (*stream, error) {
	section := io.NewSectionReader(p.file, e.data, p.end-e.data)
	z, err := zlib.NewReader(bufio.NewReaderSize(section, inputChunk))
	if err != nil {
		return nil, err
	}
	return db.newStream(h, e.kind, e.size, z, nil, p.path), nil
}

// Read reads on.
func (s *stream) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.left == 0 {
		return 0, s.end()
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := s.from.Read(p[:min(int64(len(p)), s.left)])
	_, _ = s.sum.Write(p[:n]) // a hash.Hash never fails
	s.left -= int64(n)
	switch {
	case s.left == 0:
		// Whether the data ends here is for the next call.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		s.fail(fmt.Errorf("%d bytes are missing at its end", s.left))
	case err != nil:
		s.fail(err)
	}
	if n > 0 {
		return n, nil
	}
	return 0, s.err
}

// end is the error at the end of the data: io.EOF if all is well.
func (s *stream) end() error {
	var one [1]byte
	n, err := io.ReadFull(s.from, one[:])
	switch {
	case n > 0:
		s.fail(errTooMuch)
	case !errors.Is(err, io.EOF):
		s.fail(err)
	default:
		if is, _ := object.HashFromBytes(s.sum.Sum(nil)); is != s.hash {
			s.fail(fmt.Errorf("what is stored there is object %v", is))
		} else {
			s.err = io.EOF
		}
	}
	return s.err
}

// fail has every further Read fail.
func (s *stream) fail(err error) {
	s.err = &CorruptError{Hash: s.hash, Where: s.where, Err: err}
}

// Close closes the file, if there is one for this object alone.
func (s *stream) Close() error {
	s.err = errClosed
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}

var errClosed = errors.New("read object: it was closed")
