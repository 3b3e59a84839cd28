package archive

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A member of an ar begins with a header of text: a name of 16 characters, four numbers
// of no concern, its size in decimal at 48, and what ends each header.
const (
	memberSize = 60
	memberEnd  = "`\n"
)

func isMember(head []byte) bool {
	return len(head) >= memberSize && string(head[memberSize-len(memberEnd):memberSize]) == memberEnd
}

func openAr(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	if _, err := buf.Discard(len(arMagic)); err != nil {
		return corrupt(err)
	}
	for {
		var head [memberSize]byte
		if _, err := io.ReadFull(buf, head[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return corrupt(err)
		}
		size, err := strconv.ParseInt(strings.TrimSpace(string(head[48:58])), 10, 64)
		if err != nil || size < 0 || !isMember(head[:]) {
			return fmt.Errorf("%w: what follows an entry is no header", ErrCorrupt)
		}
		name := strings.TrimSuffix(strings.TrimRight(string(head[:16]), " "), "/")
		r := &exactly{r: buf, left: size}
		if err := w.entry(c, below, name, r); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		if size%2 == 1 {
			_, _ = buf.Discard(1) // the last one may lack it
		}
	}
}

// exactly reads left bytes of r, fewer of which are an error.
type exactly struct {
	r    io.Reader
	left int64
}

func (e *exactly) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if err == io.EOF && e.left > 0 {
		err = corrupt(io.ErrUnexpectedEOF)
	} else if err == io.EOF {
		err = nil
	}
	return n, err
}
