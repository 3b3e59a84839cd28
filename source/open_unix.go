//go:build unix

package source

import (
	"os"
	"syscall"
)

// openFile opens a file that was listed as regular. Should it have become a link or a
// pipe since, it is not followed and doesn't block.
func openFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}
