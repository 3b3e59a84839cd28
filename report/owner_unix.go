//go:build unix

package report

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// own gives a file to the owner of a folder. In a container the program is root and the
// workspace is not, and later steps could not replace or delete what root made. Where the
// system does not let it, the file stays as it is: it can be read all the same.
func own(root *os.Root, file, folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	i, err := root.Stat(folder)
	if err != nil {
		return err
	}
	s, ok := i.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	err = root.Lchown(file, int(s.Uid), int(s.Gid))
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil // a user namespace or a file system that knows no such owner
	}
	return err
}
