//go:build !unix

package source

import (
	"io"
	"os"
	"path/filepath"
)

// openDir opens a directory to be listed.
func openDir(name string) (*os.File, error) { return os.Open(name) }

// openIn opens the file name of dir, which was listed as regular.
func openIn(dir *os.File, name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(dir.Name(), name))
}
