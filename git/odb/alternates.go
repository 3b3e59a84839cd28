package odb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

const (
	// maxAlternateDepth is how far alternates of alternates are followed, as in Git.
	maxAlternateDepth = 5
	// maxStores bounds how many object directories one database reads.
	maxStores = 100
	// maxAlternatesFile bounds the size of info/alternates.
	maxAlternatesFile = 1 << 20
)

// openStores opens dir and its alternates.
func (db *DB) openStores(dir, within string) error {
	actual, err := realDir(dir)
	if err != nil {
		return err
	}
	home, err := realDir(filepath.Dir(filepath.Clean(dir)))
	if err != nil {
		return err
	}
	bound := home
	if within != "" {
		if bound, err = realDir(within); err != nil {
			return fmt.Errorf("the bound of alternates: %w", err)
		}
	}
	if !below(actual, home) && !below(actual, bound) {
		return fmt.Errorf("it leads through a symbolic link to %s, which is outside the repository", actual)
	}
	return db.openStore(actual, bound, 0)
}

// openStore opens a real directory and its alternates.
func (db *DB) openStore(dir, bound string, depth int) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	s := &store{dir: dir, root: root}
	db.stores = append(db.stores, s)
	db.borrowAll(s, bound, depth)
	return nil
}

// hasStore tells whether a real directory is open.
func (db *DB) hasStore(dir string) bool {
	return slices.ContainsFunc(db.stores, func(s *store) bool { return s.dir == dir })
}

// borrowAll opens the alternates of s, depth steps away from the database itself.
func (db *DB) borrowAll(s *store, bound string, depth int) {
	file, err := openRegular(s.root, "info/alternates")
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		db.note("read alternates %s: %w; objects that are borrowed from there are missing", s.path("info/alternates"), err)
		return
	}
	text, err := io.ReadAll(io.LimitReader(file, maxAlternatesFile+1))
	_ = file.Close() // only read
	if err == nil && len(text) > maxAlternatesFile {
		err = errors.New("the file is larger than 1 MiB")
	}
	if err != nil {
		db.note("read alternates %s: %w; objects that are borrowed from there are missing", s.path("info/alternates"), err)
		return
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := db.borrow(s, unquote(line), bound, depth); err != nil {
			db.note("follow alternate %q of %s: %w; objects that are borrowed from there are missing", line, s.dir, err)
		}
		if len(db.notes) >= maxNotes {
			return
		}
	}
}

// borrow opens one alternate of s and what that borrows in turn.
func (db *DB) borrow(s *store, path, bound string, depth int) error {
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.dir, path)
	}
	actual, err := realDir(path)
	if err != nil {
		return err
	}
	if !below(actual, bound) {
		return fmt.Errorf("it lies outside %s", bound)
	}
	if db.hasStore(actual) {
		return nil
	}
	if depth >= maxAlternateDepth {
		return fmt.Errorf("it is more than %d alternates away", maxAlternateDepth)
	}
	if len(db.stores) >= maxStores {
		return fmt.Errorf("the repository has more than %d object directories", maxStores)
	}
	return db.openStore(actual, bound, depth+1)
}

// realDir is the absolute path of a directory with no symbolic link in it.
func realDir(dir string) (string, error) {
	actual, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	if actual, err = filepath.Abs(actual); err != nil {
		return "", err
	}
	info, err := os.Stat(actual)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is not a directory", actual)
	}
	return actual, nil
}

// below tells whether dir is bound or lies below it; both are real paths.
func below(dir, bound string) bool {
	rel, err := filepath.Rel(bound, dir)
	return err == nil && filepath.IsLocal(rel)
}

// unquote undoes the C-style quotes that Git allows around an alternate.
func unquote(line string) string {
	if len(line) < 2 || line[0] != '"' || line[len(line)-1] != '"' {
		return line
	}
	var b strings.Builder
	in := line[1 : len(line)-1]
	for i := 0; i < len(in); i++ {
		c := in[i]
		if c != '\\' || i+1 == len(in) {
			b.WriteByte(c)
			continue
		}
		i++
		if at := strings.IndexByte("abtnvfr", in[i]); at >= 0 {
			b.WriteByte("\a\b\t\n\v\f\r"[at])
		} else if i+2 < len(in) && isOctal(in[i]) && isOctal(in[i+1]) && isOctal(in[i+2]) {
			b.WriteByte((in[i]-'0')<<6 | (in[i+1]-'0')<<3 | (in[i+2] - '0'))
			i += 2
		} else {
			b.WriteByte(in[i])
		}
	}
	return b.String()
}

func isOctal(c byte) bool { return '0' <= c && c <= '7' }

// openRegular opens a file below root for reading. It refuses what is not a
// regular file, and does not wait for a writer where that is a named pipe.
func openRegular(root *os.Root, name string) (*os.File, error) {
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("open %s: it is not a regular file", name)
	}
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return file, nil
}
