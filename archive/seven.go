package archive

import (
	"bufio"
)

const signatureSize = 32

func openSeven(w *walk, c *content, below []string, buf *bufio.Reader) error { return ErrUnsupported }
