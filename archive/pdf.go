package archive

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zlib"
)

// Of a PDF (ISO 32000-2:2020, 7.3.8 and 7.4.4) its streams are looked at that are compressed
// by Flate alone, as nearly all texts and attachments are. What is between them, and streams
// that are not compressed, are text of the file itself.

const pdfMagic = "%PDF-"

// pdfTail is how much of what is skipped is looked at again with what follows: more than
// any word that is looked for.
const pdfTail = 32

// A pdf is on its way through one.
type pdf struct {
	buf       *bufio.Reader
	encrypted bool
	unknown   bool // a stream may be packed in another way
}

func openPDF(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	p := &pdf{buf: buf}
	for n := 1; ; n++ {
		if more, err := p.next(); err != nil {
			return err
		} else if !more {
			break
		}
		r, err := zlib.NewReader(buf)
		if err != nil {
			continue
		}
		if err := w.entry(c, below, fmt.Sprintf("stream %d", n), judge{r}); err != nil {
			return err
		}
	}
	switch {
	case p.encrypted:
		return ErrEncrypted
	case p.unknown:
		return fmt.Errorf("%w: not all of its streams are", ErrUnsupported)
	}
	return nil
}

// next goes to the next stream that is compressed, and reports whether there is one.
func (p *pdf) next() (bool, error) {
	begin := []byte("stream")
	for {
		_, err := p.buf.Peek(headSize) // so that there is as much behind the word
		if err != nil && err != io.EOF {
			return false, err
		}
		text, _ := p.buf.Peek(p.buf.Buffered())
		i := bytes.Index(text, begin)
		if i >= 0 && len(text)-i < headSize && err == nil { // not all of its head is here
			p.skip(text[:i])
			_, _ = p.buf.Discard(i)
			if _, err := p.buf.Peek(headSize); err != nil && err != io.EOF {
				return false, err
			}
			text, _ = p.buf.Peek(p.buf.Buffered())
			i = 0
		}
		if i < 0 {
			p.skip(text)
			if err == io.EOF {
				return false, nil
			}
			_, _ = p.buf.Discard(max(1, len(text)-pdfTail))
			continue
		}
		p.skip(text[:i])
		behind := i + len(begin)
		_, _ = p.buf.Discard(behind)
		data := bytes.TrimPrefix(bytes.TrimPrefix(text[behind:], []byte("\r")), []byte("\n"))
		if head := data[:min(len(data), headSize)]; isZlib(head) {
			_, err := p.buf.Discard(len(text) - behind - len(data))
			return true, err
		}
	}
}

// skip looks at what is no stream.
func (p *pdf) skip(text []byte) {
	p.encrypted = p.encrypted || bytes.Contains(text, []byte("/Encrypt"))
	p.unknown = p.unknown || slices.ContainsFunc([]string{"/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode"}, func(s string) bool { return bytes.Contains(text, []byte(s)) })
}
