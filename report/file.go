package report

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/scan"
)

// A Render writes a whole report in one format.
type Render func(w io.Writer, rep *scan.Report) error

// A File publishes a report to a file, or to standard output. Nothing that the scanned
// checkout holds makes it write anywhere else.
type File struct {
	Name   string // what is written, in errors: "SARIF report"
	Path   string // where, relative to the working directory; "-" is Stdout
	Dir    string // the checkout, whose content is not trusted
	Stdout io.Writer
	Render Render
}

// Publish implements Publisher. A file appears whole or not at all: it replaces what had
// its name, even a link, and belongs to whom the folder belongs to that it is in.
func (f File) Publish(_ context.Context, rep *scan.Report) error {
	content, err := f.content(rep)
	if errors.Is(err, errRefused) {
		// A name that somebody chose may read as a credential among our own words. Without
		// the names whatever is refused is a fault of ours.
		content, err = f.content(rewritten(rep, blurred))
	}
	if err == nil && f.Path == "-" {
		_, err = f.Stdout.Write(content)
		err = fault.Or(fault.OutputUnwritable, err)
	} else if err == nil {
		err = f.write(content)
	}
	if err != nil {
		return fault.Or(fault.FileUnwritable, fmt.Errorf("writing the %s to %s: %w", f.Name, f.Path, err))
	}
	return nil
}

// content returns the report if it may leave the process.
func (f File) content(rep *scan.Report) ([]byte, error) {
	var b bytes.Buffer
	if err := f.Render(&b, rep); err != nil {
		return nil, err
	}
	return b.Bytes(), guard(b.Bytes(), rep)
}

func (f File) write(content []byte) error {
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return err
	}
	if dir, name, ok := f.within(path); ok {
		return replace(dir, name, content)
	}
	// Outside of the checkout a link, a device or a pipe was put there by the user.
	if i, err := os.Lstat(path); err == nil && !i.Mode().IsRegular() && !i.IsDir() {
		return os.WriteFile(path, content, fileMode) // the mode of what is there stays
	}
	return replace(filepath.Dir(path), filepath.Base(path), content)
}

// within returns the checkout and the way from it to path, if path lies in it by either
// of the names that the checkout has.
func (f File) within(path string) (dir, name string, ok bool) {
	dir, err := filepath.Abs(f.Dir)
	if f.Dir == "" || err != nil {
		return "", "", false
	}
	dirs := []string{dir}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dirs = append(dirs, real)
	}
	for _, d := range dirs {
		if name, err := filepath.Rel(d, path); err == nil && filepath.IsLocal(name) && name != "." {
			return d, name, true
		}
	}
	return "", "", false
}

// fileMode lets every later step read the report.
const fileMode = 0o644

// replace puts content into the file name below dir, without leaving dir by any link.
func replace(dir, name string, content []byte) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return explain(err)
	}
	defer root.Close() //nolint:errcheck // nothing was written to it
	if i, err := root.Lstat(name); err == nil && i.IsDir() {
		return fmt.Errorf("%s is a folder; name a file", name)
	}
	temp := filepath.Join(filepath.Dir(name), ".bbkeys-"+rand.Text())
	w, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return explain(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, root.Remove(temp))
		}
	}()
	_, err = w.Write(content)
	if err == nil {
		err = w.Chmod(fileMode) // whatever the umask took
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	if err := own(root, temp, filepath.Dir(name)); err != nil {
		return err
	}
	return root.Rename(temp, name)
}

// explain adds what to do.
func explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w; make the folder first", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; name a file in a folder that can be written to", err)
	}
	return err
}
