package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/ignore"
	"github.com/bbkeys/bbkeys/git/index"
	"github.com/bbkeys/bbkeys/scan"
)

// A tree is every file of a checkout that is tracked or not ignored.
type tree struct {
	root    string
	within  string // where all of a repository must be
	cloned  bool   // the CI made the checkout, and its git configuration holds what it was handed
	scanned scan.Scanned
	gaps    []*scan.Gap // known before the walk begins
}

// Scanned implements scan.Source.
func (t *tree) Scanned() scan.Scanned { return t.scanned }

// Each implements scan.Source: one goroutine walks, and jobs others look at files.
func (t *tree) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, g := range t.gaps {
		miss(g)
	}
	blobs := make(chan scan.Blob, 4*jobs)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for b := range blobs {
				if ctx.Err() == nil {
					look(b)
				}
			}
		})
	}
	w := walker{ctx: ctx, tree: t, miss: miss, yield: func(b scan.Blob) { blobs <- b }}
	w.start()
	close(blobs)
	workers.Wait()
}

// A walker goes through a working tree.
type walker struct {
	ctx   context.Context
	tree  *tree
	yield func(scan.Blob)
	miss  func(*scan.Gap)
}

// A folder is a directory on the way of a walker.
type folder struct {
	path   string // slash-separated from the root of the checkout, "" for the root itself
	inRepo string // the same from the root of the repository that it is in
	ignore *ignore.Stack
	index  *index.Index // nil where nothing is tracked
}

func (w *walker) start() {
	info, err := os.Lstat(w.tree.root)
	if err == nil && info.Mode().IsRegular() {
		w.file(w.tree.root, filepath.Base(w.tree.root))
		return
	}
	w.dir(folder{})
}

func (w *walker) gap(path string, err error) {
	if pe := new(fs.PathError); errors.As(err, &pe) {
		err = pe.Err // the path is told in terms of the checkout
	}
	w.miss(&scan.Gap{Place: scan.Place{Path: path}, Why: err})
}

func (w *walker) at(path string) string { return filepath.Join(w.tree.root, filepath.FromSlash(path)) }

// dir walks f and what is below it.
func (w *walker) dir(f folder) {
	if w.ctx.Err() != nil {
		return
	}
	entries, err := os.ReadDir(w.at(f.path))
	if err != nil {
		w.gap(f.path, fmt.Errorf("listing the directory: %w", err)) // what was listed before counts
	}
	f = w.enter(f, entries)
	for _, e := range entries {
		name := e.Name()
		at := path.Join(f.path, name)
		switch {
		case name == ".git":
			w.gitDir(at, e)
		case e.IsDir():
			w.below(f, name)
		case f.wants(name):
			w.entry(at, e)
		}
	}
}

// enter returns f with the ignore patterns in force in it, and where a repository of its
// own begins there, with that repository's.
func (w *walker) enter(f folder, entries []fs.DirEntry) folder {
	var own, hasIgnore bool
	for _, e := range entries {
		own = own || e.Name() == ".git"
		// git doesn't follow an ignore file that is a link, nor do we.
		hasIgnore = hasIgnore || e.Name() == ".gitignore" && e.Type().IsRegular()
	}
	var patterns []byte
	if hasIgnore && (own || f.ignore != nil) {
		patterns = w.patterns(path.Join(f.path, ".gitignore"))
	}
	if own {
		f.inRepo = ""
		f.ignore, f.index = w.repository(f.path, patterns)
	} else if f.ignore != nil && f.inRepo != "" {
		f.ignore = f.ignore.Enter(path.Base(f.inRepo), patterns)
	}
	return f
}

// repository returns what the repository whose working tree is at path ignores and
// tracks. Where that can't be read, nothing is ignored: then all is looked at, which is
// more than was asked for and never less.
func (w *walker) repository(at string, patterns []byte) (*ignore.Stack, *index.Index) {
	repo, err := git.Open(w.at(at), git.Options{Within: w.tree.within})
	if err != nil {
		return nil, nil
	}
	defer repo.Close() //nolint:errcheck // nothing was written
	idx, err := repo.Index()
	if err != nil {
		return nil, nil
	}
	exclude, err := repo.Exclude()
	if err != nil {
		return nil, nil
	}
	return ignore.New(exclude, patterns), idx
}

// maxIgnoreFile is the size from which on an ignore file is not believed: nothing is
// ignored for its sake.
const maxIgnoreFile = 16 << 20

func (w *walker) patterns(at string) []byte {
	f, err := openFile(w.at(at))
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, maxIgnoreFile+1))
	if err != nil || len(data) > maxIgnoreFile {
		return nil
	}
	return data
}

// below walks the directory name of f, unless all in it is ignored and not tracked.
func (w *walker) below(f folder, name string) {
	in := folder{path: path.Join(f.path, name), inRepo: path.Join(f.inRepo, name), ignore: f.ignore, index: f.index}
	if f.ignore != nil && f.ignore.Ignored(name, true) && !f.index.HasUnder(in.inRepo) {
		return
	}
	w.dir(in)
}

// wants reports whether the entry name of f, which is no directory, is to be looked at.
func (f folder) wants(name string) bool {
	if f.ignore == nil || isCredentialFile(name) || !f.ignore.Ignored(name, false) {
		return true
	}
	return f.index.Has(path.Join(f.inRepo, name))
}

// isCredentialFile reports whether CIs and git helpers write credentials to files of
// this name: those are looked at even where they are ignored.
func isCredentialFile(name string) bool {
	switch name {
	case ".git-credentials", ".netrc", "_netrc":
		return true
	}
	return false
}

func (w *walker) entry(at string, e fs.DirEntry) {
	switch {
	case e.Type().IsRegular():
		w.file(w.at(at), at)
	case e.Type()&fs.ModeSymlink != 0:
		// A link is content of the repository too: the text it leads to.
		target, err := os.Readlink(w.at(at))
		if err != nil {
			w.gap(at, fmt.Errorf("reading the link: %w", err))
			return
		}
		w.yield(scan.Blob{Places: []scan.Place{{Path: at}}, Data: []byte(target)})
	}
}

func (w *walker) file(name, at string) {
	w.yield(scan.Blob{
		Places: []scan.Place{{Path: at}},
		Open: func() (io.ReadCloser, error) {
			f, err := openFile(name)
			if pe := new(fs.PathError); errors.As(err, &pe) {
				err = fmt.Errorf("opening it: %w", pe.Err)
			}
			return f, err
		},
	})
}

// gitDir looks at the configuration of a repository, where CIs and people leave
// credentials, and at that of its submodules.
func (w *walker) gitDir(at string, e fs.DirEntry) {
	if !e.IsDir() {
		return
	}
	w.configs(at)
	modules := path.Join(at, "modules")
	_ = filepath.WalkDir(w.at(modules), func(name string, d fs.DirEntry, err error) error {
		switch {
		case w.ctx.Err() != nil:
			return fs.SkipAll
		case err != nil:
			return nil // no submodules, or none that can be listed: git can't use them either
		case !d.IsDir():
			return nil
		case strings.Contains(" objects refs logs hooks lfs info ", " "+d.Name()+" "):
			return fs.SkipDir
		}
		rel, err := filepath.Rel(w.tree.root, name)
		if err != nil {
			return fs.SkipDir
		}
		w.configs(filepath.ToSlash(rel))
		return nil
	})
}

// maxConfig is the size from which on a git configuration is not read.
const maxConfig = 16 << 20

func (w *walker) configs(dir string) {
	for _, name := range []string{"config", "config.worktree"} {
		at := path.Join(dir, name)
		info, err := os.Lstat(w.at(at))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if info.Size() > maxConfig {
			w.gap(at, fmt.Errorf("the git configuration has %d bytes, over %d are not read", info.Size(), maxConfig))
			continue
		}
		data, err := os.ReadFile(w.at(at))
		if err != nil {
			w.gap(at, fmt.Errorf("reading the git configuration: %w", err))
			continue
		}
		if w.tree.cloned {
			data = blankHanded(data)
		}
		w.yield(scan.Blob{Places: []scan.Place{{Path: at}}, Data: data})
	}
}
