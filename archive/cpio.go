package archive

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// Headers of cpio, all of digits: cpio(5) of FreeBSD, and buffer-format.rst of Linux 6.12 for
// archives behind one another.
const (
	newcMagic, crcMagic, odcMagic = "070701", "070702", "070707"

	newcSize, odcSize = 110, 76
	cpioEnd           = "TRAILER!!!"
	maxCpioName       = 64 << 10
)

// A cpioHeader is what a header says.
type cpioHeader struct {
	name, size int // how long they are, in bytes
	align      int // what a header with its name, and a content, end at a multiple of
	at         int // how long the header is without the name
}

// parseCpio reads the header that head begins with.
func parseCpio(head []byte) (h cpioHeader, ok bool) {
	field := func(at, n, base int) int {
		v, err := strconv.ParseUint(string(head[at:at+n]), base, 40)
		ok = ok && err == nil
		return int(v)
	}
	ok = true
	switch {
	case len(head) >= newcSize && (string(head[:6]) == newcMagic || string(head[:6]) == crcMagic):
		return cpioHeader{name: field(94, 8, 16), size: field(54, 8, 16), align: 4, at: newcSize}, ok
	case len(head) >= odcSize && string(head[:6]) == odcMagic:
		return cpioHeader{name: field(59, 6, 8), size: field(65, 11, 8), align: 1, at: odcSize}, ok
	}
	return h, false
}

func isCpio(head []byte) bool {
	h, ok := parseCpio(head)
	return ok && h.name > 0 && h.name <= maxCpioName
}

// openCpio looks at the entries, and at the archive that follows, as in what Linux starts
// from.
func openCpio(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	for {
		head, err := buf.Peek(newcSize)
		if len(head) == 0 {
			return nil
		}
		h, ok := parseCpio(head)
		switch {
		case ok && h.name > 0 && h.name <= maxCpioName:
		case err != nil && err != io.EOF:
			return err
		default:
			return fmt.Errorf("%w: what follows an entry is no header", ErrCorrupt)
		}
		text := make([]byte, h.at+h.name)
		if _, err := io.ReadFull(buf, text); err != nil {
			return corrupt(err)
		}
		if err := pad(buf, len(text), h.align); err != nil {
			return err
		}
		name := string(text[h.at : len(text)-1])
		if name == cpioEnd {
			return w.follows(c, below, buf)
		}
		r := &exactly{r: buf, left: int64(h.size)}
		if err := w.entry(c, below, name, r); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		if err := pad(buf, h.size, h.align); err != nil {
			return err
		}
	}
}

// pad skips what fills n bytes up to a multiple of align, all of which the end may lack.
func pad(buf *bufio.Reader, n, align int) error {
	if _, err := buf.Discard((align - n%align) % align); err != nil && err != io.EOF {
		return err
	}
	return nil
}

// follows looks into an archive that stands behind another one and zeros, and for it.
func (w *Walk) follows(c *content, below []string, buf *bufio.Reader) error {
	for {
		b, err := buf.ReadByte()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if b != 0 {
			break
		}
	}
	if err := buf.UnreadByte(); err != nil {
		return err
	}
	head, _ := buf.Peek(headSize)
	if f := formatOf(head); f != nil {
		return f.open(w, c, below, buf)
	}
	return nil
}
