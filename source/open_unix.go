//go:build unix && !linux

package source

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// openDir opens a directory to be listed.
func openDir(name string) (*os.File, error) { return os.Open(name) }

// openIn opens the file name of dir, which was listed as regular. Should it have become a
// link or a pipe since, it is not followed and doesn't block.
func openIn(dir *os.File, name string) (io.ReadCloser, error) {
	return os.OpenFile(filepath.Join(dir.Name(), name), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}
