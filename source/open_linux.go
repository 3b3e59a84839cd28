package source

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// openDir opens a directory to be listed. Go's poller takes no directories, so it isn't
// asked here either, which is five system calls less.
func openDir(name string) (*os.File, error) {
	for {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
		if err == nil {
			return os.NewFile(uintptr(fd), name), nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, err
		}
	}
}

// openIn opens the file name of dir, which was listed as regular. Should it have become a
// link or a pipe since, it is not followed and doesn't block.
//
// The kernel doesn't go down from the root again, and the poller isn't asked: that is most
// of what can be saved on a small file.
func openIn(dir *os.File, name string) (io.ReadCloser, error) {
	const how = syscall.O_RDONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK | syscall.O_CLOEXEC
	for {
		fd, err := syscall.Openat(int(dir.Fd()), name, how, 0)
		if err == nil {
			return plainFile(fd), nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, err
		}
	}
}

// A plainFile is a descriptor of a file that is read from its start to its end.
type plainFile int

// Read implements io.Reader.
func (f plainFile) Read(p []byte) (int, error) {
	for {
		n, err := syscall.Read(int(f), p)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return 0, err
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

// Close implements io.Closer.
func (f plainFile) Close() error { return syscall.Close(int(f)) }
