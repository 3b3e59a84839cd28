package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
)

// LZMA alone: lzma-file-format.txt of XZ Utils 5.6, 2.1. Lzip: the manual of lzip 1.24, 4.
const (
	lzmaHeadSize = lzmaProps + 8
	lzmaUnknown  = 1<<64 - 1 // the size of what an end marker ends
	lzipMagic    = "LZIP\x01"
	lzipTail     = 20
	// lzipProps says what lzip always has of LZMA: lc 3, lp 0, pb 2.
	lzipProps = 0x5d
)

// isLZMA goes by what writers write: there is no magic number.
func isLZMA(head []byte) bool {
	if len(head) <= lzmaHeadSize || head[0] != 0x5d || head[lzmaHeadSize] != 0 { // the first byte that is coded
		return false
	}
	dict, size := binary.LittleEndian.Uint32(head[1:]), binary.LittleEndian.Uint64(head[lzmaProps:])
	round := dict>>12<<12 == dict && dict > 0 && bits.OnesCount32(dict) <= 2
	return (round || dict == 1<<32-1) && (size == lzmaUnknown || size < 1<<38)
}

func openLZMA(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	var head [lzmaHeadSize]byte
	if _, err := io.ReadFull(buf, head[:]); err != nil {
		return corrupt(err)
	}
	r, done, err := w.lzma(buf, head[:lzmaProps], binary.LittleEndian.Uint64(head[lzmaProps:]))
	if err != nil {
		return err
	}
	defer done()
	return w.stream(c, below, "lzma", r)
}

func openLzip(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	l := &lzip{walk: w, buf: buf}
	defer l.release()
	return w.stream(c, below, "lzip", l)
}

// A lzip reads one member after another.
type lzip struct {
	walk *Walk
	buf  *bufio.Reader
	r    io.Reader // of the member; nil between two
	done func()
}

func (l *lzip) Read(p []byte) (int, error) {
	for {
		if l.r == nil {
			if err := l.next(); err != nil {
				return 0, err
			}
		}
		n, err := l.r.Read(p)
		if err != io.EOF {
			return n, err
		}
		l.release()
		if _, err := l.buf.Discard(lzipTail); err != nil {
			return n, corrupt(err)
		}
		if n > 0 {
			return n, nil
		}
	}
}

// next begins a member. What is none ends the file, as lzip has it.
func (l *lzip) next() error {
	head, err := l.buf.Peek(len(lzipMagic) + 1)
	switch {
	case err != nil && err != io.EOF:
		return err
	case !bytes.HasPrefix(head, []byte(lzipMagic)) || len(head) == len(lzipMagic):
		return io.EOF
	}
	coded := head[len(lzipMagic)]
	dict := uint32(1) << (coded & 31)
	dict -= dict / 16 * uint32(coded>>5)
	_, _ = l.buf.Discard(len(head))
	l.r, l.done, err = l.walk.lzma(l.buf, binary.LittleEndian.AppendUint32([]byte{lzipProps}, dict), lzmaUnknown)
	return err
}

func (l *lzip) release() {
	if l.r != nil {
		l.done()
		l.r = nil
	}
}

// isZlib reports whether head begins a stream of zlib (RFC 1950, 2.2) with the window that
// all writers use, and what follows can be inflated.
func isZlib(head []byte) bool {
	if len(head) < 8 || head[0] != 0x78 || binary.BigEndian.Uint16(head)%31 != 0 || head[1]&0x20 != 0 {
		return false
	}
	r := flate.NewReader(bytes.NewReader(head[2:]))
	defer r.Close() //nolint:errcheck // it only reads
	const enough = 64
	n, err := io.ReadFull(r, make([]byte, enough))
	return err == nil || n > 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF))
}

func openZlib(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	r, err := zlib.NewReader(buf)
	if err != nil {
		return corrupt(fmt.Errorf("its header: %w", err))
	}
	return w.stream(c, below, "zlib", judge{r})
}
