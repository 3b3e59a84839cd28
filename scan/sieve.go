package scan

import (
	"bytes"
	"io"

	"github.com/bbkeys/bbkeys/rule"
)

// windowSize is how much of a blob is held at once: small enough that every core's window
// stays in its cache, large enough that the overlap costs nothing.
const windowSize = 1 << 20

// A window is a reused buffer.
type window struct{ buf []byte }

// sized returns the buffer, which is made when it is first used.
func (w *window) sized() []byte {
	if w.buf == nil {
		w.buf = make([]byte, windowSize+2*rule.Reach)
	}
	return w.buf
}

// A sieve looks at a text that comes piece by piece through one window. Windows overlap,
// so that nothing at a seam is lost: an anchor is tried only when its reach is in sight
// on both sides.
type sieve struct {
	f      *Finder
	buf    []byte
	c      catch
	n      int64 // bytes that came, where nobody else counts them
	base   int   // where the window starts in the text
	filled int   // how much of the window holds text
	from   int   // where in the window the search goes on
}

// sift looks at what came, and keeps what goes with what follows.
func (s *sieve) sift(ended bool) {
	to := s.filled
	if !ended {
		to -= rule.Reach
	}
	to = s.f.search(&s.c, s.base, s.buf[:s.filled], s.from, to, ended)
	keep := max(0, to-rule.Reach)
	copy(s.buf, s.buf[keep:s.filled])
	s.base, s.filled, s.from = s.base+keep, s.filled-keep, to-keep
}

// fill reads until buf is full, and returns how much it read. The error is io.EOF only
// where r ends as it should: io.ReadFull has one error for that and for a truncated
// stream, which must not pass for a whole one.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; {
		var k int
		k, err = r.Read(buf[n:])
		n += k
		if idle++; k > 0 {
			idle = 0
		} else if idle == maxIdle && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// maxIdle is how many reads in a row may give nothing.
const maxIdle = 100

// isBinary is git's own test: a NUL byte near the start.
func isBinary(head []byte) bool {
	const near = 8000
	return bytes.IndexByte(head[:min(len(head), near)], 0) >= 0
}
