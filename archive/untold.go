package archive

import (
	"bufio"
	"bytes"
	"hash/crc32"
	"io"
)

// An untold reader reads an entry of a zip that is stored as it is and of a size that
// nothing tells: up to where a descriptor follows that fits what came before.
type untold struct {
	buf  *bufio.Reader
	n    int64
	sum  uint32
	ends bool
}

func (u *untold) Read(p []byte) (int, error) {
	if u.ends || len(p) == 0 {
		return 0, io.EOF
	}
	text, err := u.buf.Peek(descriptorSize)
	if len(text) < 16 { // with a signature, without which there would be no telling
		if err == io.EOF || err == nil {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	text, _ = u.buf.Peek(u.buf.Buffered())
	if bytes.HasPrefix(text, []byte(descriptorMagic)) && descriptorOf(text, u.n, u.sum) > 0 {
		u.ends = true
		return 0, io.EOF
	}
	k := min(len(text)-15, len(p)) // as much of which none can begin
	if i := bytes.Index(text[1:], []byte(descriptorMagic)); i >= 0 {
		k = min(k, i+1)
	}
	copy(p, text[:k])
	_, err = u.buf.Discard(k)
	u.n += int64(k)
	u.sum = crc32.Update(u.sum, crc32.IEEETable, p[:k])
	return k, err
}
