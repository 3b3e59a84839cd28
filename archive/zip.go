package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
)

// Zips are read from front to back, by the headers before the entries, and the directory
// at the end only has to agree. So what was deleted from the directory alone is looked at
// too, entries can't overlap, and no part of it has to be held.

// Signatures and sizes: APPNOTE.TXT 6.3.10, 4.3.
const (
	centralMagic    = "PK\x01\x02"
	endMagic        = "PK\x05\x06"
	end64Magic      = "PK\x06\x06"
	descriptorMagic = "PK\x07\x08"

	localSize   = 30
	centralSize = 46
	max32       = 1<<32 - 1
)

// How entries are packed: APPNOTE.TXT 6.3.10, 4.4.5.
const (
	stored   = 0
	deflated = 8
	byBzip2  = 12
	byLZMA   = 14
	oldZstd  = 20
	byZstd   = 93
	byXZ     = 95
	byAES    = 99
)

// Flags of an entry: APPNOTE.TXT 6.3.10, 4.4.4.
const (
	isEncrypted = 1
	sizesFollow = 8
)

// isLocal reports whether head, which begins with localMagic, can be an entry's header.
func isLocal(head []byte) bool {
	if len(head) < localSize {
		return false
	}
	version, method := head[4], binary.LittleEndian.Uint16(head[8:])
	return version <= 90 && (method <= oldZstd || method >= 90 && method <= byAES)
}

// A zipReader is on its way through a zip.
type zipReader struct {
	walk  *Walk
	c     *content
	below []string
	buf   *bufio.Reader
	base  int64   // where the first entry is
	seen  []int64 // where the entries are, in order
}

// A zipEntry is what a header says.
type zipEntry struct {
	name             string
	method, flags    uint16
	sum              uint32
	packed, unpacked uint64 // 0 where sizesFollow
	wide             bool   // sizes have 64 bits
}

// at returns how far z has come.
func (z *zipReader) at() int64 { return z.c.n - int64(z.buf.Buffered()) }

func openZip(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	z := &zipReader{walk: w, c: c, below: below, buf: buf, base: -1}
	for {
		magic, err := buf.Peek(4)
		switch string(magic) {
		case localMagic:
			err = z.entry()
		case centralMagic:
			return corrupt(z.directory())
		case endMagic, end64Magic:
			return nil
		default:
			if err == nil {
				err = z.seek()
			} else if err == io.EOF {
				err = fmt.Errorf("%w: it ends before its directory", ErrCorrupt)
			}
		}
		if err != nil {
			return corrupt(err)
		}
	}
}

// exeSize is that of the smallest header of a program of DOS and Windows.
const exeSize = 64

// openBehind looks for a zip behind a program, as in those that unpack themselves. Where
// there is none nothing is amiss.
func openBehind(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	for {
		if _, err := buf.Peek(localSize + 1); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		text, _ := buf.Peek(buf.Buffered())
		i := bytes.Index(text, []byte(localMagic))
		switch {
		case i < 0:
			_, _ = buf.Discard(len(text) - len(localMagic) + 1)
		case len(text)-i <= localSize && i > 0:
			_, _ = buf.Discard(i)
		case isLocal(text[i:]) && text[i+7] <= 0x0f && text[i+localSize] > ' ' && text[i+localSize] < 0x7f:
			_, _ = buf.Discard(i)
			return openZip(w, c, below, buf)
		default:
			_, _ = buf.Discard(i + 1)
		}
	}
}

// seek goes to the next signature. What is skipped was looked at as it is; the directory
// tells whether an entry was in it.
func (z *zipReader) seek() error {
	for first := true; ; first = false {
		if first {
			_, _ = z.buf.Discard(1)
		}
		if _, err := z.buf.Peek(localSize); err != nil && err != io.EOF {
			return err
		}
		text, _ := z.buf.Peek(z.buf.Buffered())
		i := bytes.Index(text, []byte("PK"))
		for ; i >= 0 && !isSignature(text[i:]); i = next(text, i+1) {
		}
		if i >= 0 {
			_, err := z.buf.Discard(i)
			return err
		}
		if len(text) < localSize {
			return fmt.Errorf("%w: it ends before its directory", ErrCorrupt)
		}
		_, _ = z.buf.Discard(len(text) - localSize + 1)
	}
}

// next returns where "PK" is in text[from:], or -1.
func next(text []byte, from int) int {
	i := bytes.Index(text[from:], []byte("PK"))
	if i >= 0 {
		i += from
	}
	return i
}

func isSignature(text []byte) bool {
	if len(text) < 22 { // the shortest is the end of a directory
		return false
	}
	switch string(text[:4]) {
	case localMagic:
		return isLocal(text)
	case centralMagic, endMagic, end64Magic:
		return true
	}
	return false
}

// entry looks at the entry that begins here.
func (z *zipReader) entry() error {
	if z.base < 0 {
		z.base = z.at()
	}
	z.seen = append(z.seen, z.at())
	e, err := z.header()
	if err != nil {
		return err
	}
	if e.method == stored && strings.HasSuffix(e.name, "/") && e.packed == 0 {
		return nil // a folder
	}
	in := enter(z.below, e.name)
	if e.flags&sizesFollow != 0 && e.packed == 0 {
		return z.content(e, in, nil)
	}
	packed := &exactly{r: z.buf, left: clamp(e.packed)}
	if err := z.content(e, in, packed); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, packed) // whatever was wrong with it, the next one is behind it
	return nil
}

// content looks at what an entry holds: all of packed, or where that is nil, as much as
// turns out to be its own.
func (z *zipReader) content(e zipEntry, in []string, packed io.Reader) error {
	if e.flags&isEncrypted != 0 || e.method == byAES {
		z.walk.miss(in, ErrEncrypted)
		return nil
	}
	r, done, err := z.unpack(e, packed)
	if err != nil {
		if z.walk.stopped == nil {
			z.walk.miss(in, err)
		}
		return z.walk.stopped
	}
	defer done()
	check := func(_ int64, sum uint32) error {
		if sum != e.sum && e.flags&sizesFollow == 0 {
			return fmt.Errorf("%w: its checksum is wrong", ErrCorrupt)
		}
		return nil
	}
	if packed == nil {
		check = func(n int64, sum uint32) error { return z.descriptor(n, sum) }
	}
	return z.walk.look(in, in, &summed{r: r, sum: crc32.NewIEEE(), check: check}, z.c)
}

// unpack returns what reads the content of e from packed, and what ends that.
func (z *zipReader) unpack(e zipEntry, packed io.Reader) (io.Reader, func(), error) {
	if packed == nil {
		switch e.method {
		case stored:
			return &untold{buf: z.buf}, func() {}, nil
		case deflated:
			r := flate.NewReader(z.buf)
			return r, func() { _ = r.Close() }, nil
		}
		return nil, nil, fmt.Errorf("%w: method %d, with no size", ErrUnsupported, e.method)
	}
	if e.method == stored {
		return packed, func() {}, nil
	}
	buf := z.walk.readers.get(packed)
	r, done, err := z.walk.method(e.method, buf, e.unpacked)
	if err != nil {
		z.walk.readers.put(buf)
		return nil, nil, err
	}
	return r, func() {
		done()
		z.walk.readers.put(buf)
	}, nil
}

// method returns what unpacks buf, and what ends that.
func (w *Walk) method(method uint16, buf *bufio.Reader, unpacked uint64) (io.Reader, func(), error) {
	switch method {
	case deflated:
		r := flate.NewReader(buf)
		return r, func() { _ = r.Close() }, nil
	case byBzip2:
		return w.bzip2(buf)
	case byZstd, oldZstd:
		return w.zstd(buf)
	case byXZ:
		x := &xzReader{walk: w, buf: buf}
		return x, x.release, nil
	case byLZMA:
		// A version, the size of the properties, which is 5, and the properties.
		head := make([]byte, 4+lzmaProps)
		if _, err := io.ReadFull(buf, head); err != nil {
			return nil, nil, corrupt(err)
		}
		return w.lzma(buf, head[4:], unpacked)
	}
	return nil, nil, fmt.Errorf("%w: method %d of zip", ErrUnsupported, method)
}

// A summed reader checks what was read when it ends.
type summed struct {
	r     io.Reader
	n     int64
	sum   hash.Hash32
	check func(n int64, sum uint32) error
	err   error
}

func (s *summed) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.sum.Write(p[:n])
	if err == io.EOF {
		if e := s.check(s.n, s.sum.Sum32()); e != nil {
			err = e
		}
	}
	if err != nil && err != io.EOF {
		err = corrupt(err)
	}
	s.err = err
	return n, err
}
