package git

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Limits, in bytes, of the files that are read whole.
const (
	maxSmall  = 1 << 20   // config, HEAD, a loose ref, info/exclude
	maxList   = 64 << 20  // shallow: over a million lines
	maxPacked = 64 << 20  // packed-refs, a reftable: about a million refs
	maxIndex  = 128 << 20 // the index: over a million files
)

// readFile reads a regular file below root, following no link out of it and waiting for no pipe.
func readFile(root *os.Root, name string, limit int64) (data []byte, err error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	fi, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: it is no regular file: %w", filepath.Join(root.Name(), name), errNotFile)
	}
	if fi.Size() > limit {
		return nil, fmt.Errorf("read %s: it has %d bytes, more than the %d that are read", filepath.Join(root.Name(), name), fi.Size(), limit)
	}
	data = make([]byte, 0, fi.Size()+1)
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case len(data) == cap(data): // it grew since
			return nil, fmt.Errorf("read %s: it changed while it was read; try again", filepath.Join(root.Name(), name))
		}
	}
}

var errNotFile = errors.New("a directory, device or pipe")

// isNotExist reports whether nothing is there, a file in place of a directory on the way included.
func isNotExist(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// A location is where the parts of a repository are, links resolved.
type location struct {
	dir, git, common, within string
}

// locate finds the repository of dir, with all its parts in within.
func locate(dir, within string) (location, error) {
	dir, err := resolve(dir)
	if err != nil {
		return location{}, err
	}
	at := location{dir: dir, within: dir}
	if within != "" {
		if at.within, err = resolve(within); err != nil {
			return at, err
		}
	}
	at.git = filepath.Join(dir, ".git")
	fi, err := os.Stat(at.git)
	switch {
	case isNotExist(err):
		at.git = dir
	case err != nil:
		return at, err
	case !fi.IsDir():
		if at.git, err = gitFile(dir); err != nil {
			return at, err
		}
	}
	if at.git, err = at.inside(at.git); err != nil {
		return at, err
	}
	at.common = at.git
	root, err := os.OpenRoot(at.git)
	if err != nil {
		return at, err
	}
	defer root.Close() //nolint:errcheck // a directory that was only read
	if data, err := readFile(root, "commondir", maxSmall); err == nil {
		if at.common, err = at.inside(follow(at.git, string(data))); err != nil {
			return at, err
		}
	} else if !isNotExist(err) {
		return at, err
	}
	if _, err := root.Lstat("HEAD"); err != nil || !isDir(at.common, "objects") || !isDir(at.common, "refs") {
		return at, ErrNotRepository
	}
	return at, nil
}

// gitFile reads where the .git file of a worktree or submodule leads.
func gitFile(dir string) (string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close() //nolint:errcheck // a directory that was only read
	data, err := readFile(root, ".git", maxSmall)
	if err != nil {
		return "", err
	}
	path, ok := strings.CutPrefix(string(data), "gitdir: ")
	if !ok {
		return "", fmt.Errorf("%w: its .git file does not begin with \"gitdir: \"", ErrNotRepository)
	}
	return follow(dir, path), nil
}

// follow makes a path of the text of a file in dir.
func follow(dir, text string) string {
	path := strings.TrimRight(text, "\r\n")
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// inside resolves the links of path and checks that it's in the directory where all must be.
func (at location) inside(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if isNotExist(err) {
		return "", fmt.Errorf("%w: it should be in %s, where nothing is", ErrNotRepository, path)
	}
	if err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(at.within, real); err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("its repository is in %s, which %w of %s; scan it from a directory that holds both", path, ErrOutside, at.within)
	}
	return real, nil
}

func resolve(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

func isDir(dir, name string) bool {
	fi, err := os.Stat(filepath.Join(dir, name))
	return err == nil && fi.IsDir()
}
