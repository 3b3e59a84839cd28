package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"
)

// corrupt returns err as an error of this package.
func corrupt(err error) error {
	switch {
	case err == nil, errors.Is(err, errFull), errors.Is(err, ErrLimit), errors.Is(err, ErrCorrupt), errors.Is(err, ErrEncrypted), errors.Is(err, ErrUnsupported):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: it ends too early", ErrCorrupt)
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// A judge turns what a decompressor says is wrong into an error of this package.
type judge struct{ r io.Reader }

func (j judge) Read(p []byte) (int, error) {
	n, err := j.r.Read(p)
	if err != nil && err != io.EOF {
		err = corrupt(err)
	}
	return n, err
}

func openGzip(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	r, err := gzip.NewReader(buf)
	if err != nil {
		return corrupt(err)
	}
	return w.stream(c, below, "gzip", judge{&members{gz: r, buf: buf}})
}

// members reads one gzip file after another, and lets what follows the last be, as gzip
// does: that was looked at as it is.
type members struct {
	gz    *gzip.Reader
	buf   *bufio.Reader
	begun bool
	done  bool
}

func (m *members) Read(p []byte) (int, error) {
	if !m.begun {
		m.gz.Multistream(false)
		m.begun = true
	}
	for !m.done {
		n, err := m.gz.Read(p)
		if err != io.EOF || n > 0 {
			if err == io.EOF {
				err = nil
			}
			return n, err
		}
		if head, err := m.buf.Peek(3); err != nil && err != io.EOF {
			return 0, err
		} else if string(head) != "\x1f\x8b\x08" {
			m.done = true
		} else if err := m.gz.Reset(m.buf); err != nil {
			return 0, err
		} else {
			m.gz.Multistream(false)
		}
	}
	return 0, io.EOF
}

func openBzip2(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	r, done, err := w.bzip2(buf)
	if err != nil {
		return err
	}
	defer done()
	return w.stream(c, below, "bzip2", r)
}

// bzip2 returns a decompressor, and what ends it.
func (w *Walk) bzip2(buf *bufio.Reader) (io.Reader, func(), error) {
	const memory = 4 << 20 // four bytes for each of a block of up to 900 kB
	if err := w.take(memory); err != nil {
		return nil, nil, err
	}
	return judge{bzip2.NewReader(buf)}, func() { w.give(memory) }, nil
}

func openLZ4(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	const memory = 9 << 20 // two blocks of up to 4 MiB, and what goes with them
	if err := w.take(memory); err != nil {
		return err
	}
	defer w.give(memory)
	return w.stream(c, below, "lz4", judge{lz4.NewReader(buf)})
}

func openZstd(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	d, done, err := w.zstd(buf)
	if err != nil {
		return err
	}
	defer done()
	return w.stream(c, below, "zstd", d)
}

// zstd returns a decompressor of all frames in buf, and what ends it.
func (w *Walk) zstd(buf *bufio.Reader) (io.Reader, func(), error) {
	// Most ask for 8 MiB at the most, which the format wants every reader to have. Where
	// the first frame asks for more, so may the others.
	window := uint64(8 << 20)
	head, _ := buf.Peek(zstd.HeaderMaxSize)
	var h zstd.Header
	if err := h.Decode(head); err != nil {
		return nil, nil, corrupt(err)
	}
	if h.Skippable || h.WindowSize > window {
		window = min(max(window, h.WindowSize), maxMemory)
		if h.Skippable {
			window = 64 << 20
		}
	}
	if h.WindowSize > window {
		return nil, nil, fmt.Errorf("%w: unpacking it takes %d MiB of memory", ErrLimit, h.WindowSize>>20)
	}
	memory := int64(window) + 1<<20
	if err := w.take(memory); err != nil {
		return nil, nil, err
	}
	d, err := zstd.NewReader(buf, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window))
	if err != nil {
		w.give(memory)
		return nil, nil, corrupt(err)
	}
	return judge{d}, func() {
		d.Close()
		w.give(memory)
	}, nil
}

// lzmaProps is the size of the properties of LZMA: one byte, and the size of the
// dictionary.
const lzmaProps = 5

// lzma returns a decompressor for a content of a known size, and what ends it.
func (w *Walk) lzma(buf *bufio.Reader, props []byte, unpacked uint64) (io.Reader, func(), error) {
	if len(props) != lzmaProps {
		return nil, nil, fmt.Errorf("%w: the properties of LZMA are wrong", ErrCorrupt)
	}
	le := binary.LittleEndian
	// No more is ever looked back at than there is.
	dict := uint32(max(min(uint64(le.Uint32(props[1:])), unpacked), lzma.MinDictCap))
	memory := int64(dict) + 1<<20
	if err := w.take(memory); err != nil {
		return nil, nil, err
	}
	head := le.AppendUint64(le.AppendUint32([]byte{props[0]}, dict), unpacked)
	r, err := lzma.NewReader(&headed{bytes.NewReader(head), buf})
	if err != nil {
		w.give(memory)
		return nil, nil, corrupt(err)
	}
	return judge{&lzmaReader{r: r, size: unpacked}}, func() { w.give(memory) }, nil
}

// An lzmaReader knows an end from a stream that is cut off, which LZMA itself does not.
type lzmaReader struct {
	r    *lzma.Reader
	n    uint64
	size uint64 // lzmaUnknown where a marker ends it
}

func (l *lzmaReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.n += uint64(n)
	if err == io.EOF && l.n != l.size && !l.r.EOSMarker() {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// A headed reader gives a head and then the rest, also by the byte, as LZMA is read.
type headed struct {
	head *bytes.Reader
	rest *bufio.Reader
}

func (h *headed) Read(p []byte) (int, error) {
	if h.head.Len() > 0 {
		return h.head.Read(p)
	}
	return h.rest.Read(p)
}

func (h *headed) ReadByte() (byte, error) {
	if h.head.Len() > 0 {
		return h.head.ReadByte()
	}
	return h.rest.ReadByte()
}

func openTar(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	for r := tar.NewReader(buf); ; {
		h, err := r.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return corrupt(err)
		}
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
			if err := w.entry(c, below, h.Name, judge{r}); err != nil {
				return err
			}
		}
	}
}
