package odb

import (
	"errors"
	"io"
)

// How much of a file is read at once.
const (
	inputChunk  = 64 << 10 // where all of it will be used
	lookupChunk = 4 << 10  // where one object is wanted
)

// source reads a file piece by piece, and keeps the last piece for what is
// near. It uses pread, since a file that is cut off while it is mapped to
// memory would end the program.
type source struct {
	file   io.ReaderAt
	end    int64 // nothing is read from here on
	ahead  int   // how much is read at least
	buf    []byte
	at     int   // what of buf was used
	offset int64 // of buf in the file
}

// seek goes to an offset, expecting that want bytes will be used from there.
func (s *source) seek(file io.ReaderAt, offset, end int64, want int) error {
	if s.file == file && s.offset <= offset && offset < s.offset+int64(len(s.buf)) {
		s.at = int(offset - s.offset)
		if left := int64(len(s.buf) - s.at); left >= int64(want) || left >= end-offset {
			s.end = end
			return nil
		}
	}
	s.file, s.end, s.offset, s.at = file, end, offset, 0
	return s.fill(max(want, s.ahead))
}

// more goes on to the next piece; all of this one was used.
func (s *source) more() error {
	s.offset += int64(len(s.buf))
	s.at = 0
	return s.fill(inputChunk)
}

// fill reads up to n bytes at s.offset, at least one.
func (s *source) fill(n int) error {
	n = min(n, inputChunk)
	if left := s.end - s.offset; int64(n) > left {
		n = int(max(left, 0))
	}
	if cap(s.buf) < n {
		s.buf = make([]byte, n, inputChunk)
	}
	s.buf = s.buf[:n]
	if n == 0 {
		return errInputEnd
	}
	n, err := s.file.ReadAt(s.buf, s.offset)
	s.buf = s.buf[:n]
	if n > 0 {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return errInputEnd
	}
	return err
}

// bytes is what is at hand of the next n bytes, which stay unused.
func (s *source) bytes(n int) []byte {
	return s.buf[s.at:min(len(s.buf), s.at+n)]
}

// drop forgets what was read, for a file that may be closed.
func (s *source) drop() { s.file, s.buf = nil, s.buf[:0] }
