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
	"sync/atomic"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/ignore"
	"github.com/bbkeys/bbkeys/git/index"
	"github.com/bbkeys/bbkeys/scan"
)

// A tree is every file of a checkout that is tracked or not ignored.
type tree struct {
	root    string
	repo    func() (*git.Repo, error) // opens the repository of root; nil where each walk is to
	within  string                    // where all of a repository must be
	cloned  bool                      // the CI made the checkout, and its git configuration holds what it was handed
	scanned scan.Scanned
	gaps    []*scan.Gap // known before the walk begins
	ignored atomic.Int64
	absent  atomic.Int64
}

// Scanned implements scan.Source.
func (t *tree) Scanned() scan.Scanned {
	s := t.scanned
	s.Skipped.Ignored, s.Skipped.Absent = int(t.ignored.Load()), int(t.absent.Load())
	return s
}

// Each implements scan.Source: jobs goroutines walk, and look at what they come by.
func (t *tree) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, g := range t.gaps {
		miss(g)
	}
	w := walker{ctx: ctx, tree: t, look: look, miss: miss, todo: newAgenda(jobs)}
	if info, err := os.Stat(t.root); err == nil && info.Mode().IsRegular() {
		w.alone()
		return
	}
	w.todo.addDirs(visit{})
	w.todo.work(w.files, w.dir)
}

// A walker goes through a working tree. It is used by several goroutines at once.
type walker struct {
	ctx  context.Context
	tree *tree
	look func(scan.Blob) bool
	miss func(*scan.Gap)
	todo *agenda
}

// A folder is a directory on the way of a walker.
type folder struct {
	path   string // slash-separated from the root of the checkout, "" for the root itself
	inRepo string // the same from the root of the repository that it is in
	ignore *ignore.Stack
	index  *index.Tracked // nil where nothing is tracked
}

// alone looks at the one file that the root is. The user may name it by a link, which is
// followed nowhere else.
func (w *walker) alone() {
	at := filepath.Base(w.tree.root)
	file, err := filepath.EvalSymlinks(w.tree.root)
	if err != nil {
		w.gap(at, fault.Unreadable, fmt.Errorf("finding it: %w", err))
		return
	}
	dir, err := openDir(filepath.Dir(file))
	if err != nil {
		w.gap(at, fault.Unlistable, fmt.Errorf("opening its directory: %w", err))
		return
	}
	defer dir.Close() //nolint:errcheck // nothing was written
	w.file(dir, filepath.Base(file), at)
}

func (w *walker) gap(path string, code fault.Code, err error) {
	if pe := new(fs.PathError); errors.As(err, &pe) {
		err = pe.Err // the path is told in terms of the checkout
	}
	w.miss(&scan.Gap{Place: scan.Place{Path: path}, Why: fault.Or(code, err)})
}

func (w *walker) at(path string) string { return filepath.Join(w.tree.root, filepath.FromSlash(path)) }

// listed is how many entries of a directory are read before they are looked at, which
// bounds what a directory of any size takes.
const listed = 1024

// dir lists a directory, or the next part of one, and puts what it holds on the agenda.
func (w *walker) dir(v visit) {
	l, first := v.rest, v.rest == nil
	if first {
		f := &folder{}
		if v.in != nil {
			f = v.in.below(v.name)
		}
		dir, err := openDir(w.at(f.path))
		if err != nil {
			w.gap(f.path, fault.Unlistable, fmt.Errorf("listing the directory: %w", err))
			return
		}
		l = &listing{folder: f, dir: dir}
		l.users.Add(1)
	}
	defer l.release(1)
	entries, more := w.list(l)
	if first {
		w.enter(l, entries, more)
	}
	if more {
		l.users.Add(1)
		w.todo.addDirs(visit{rest: l}) // below what is in it, which goes first
	}
	w.sort(l, entries)
}

// list returns the next entries of l, and whether there may be more. Those that were
// listed before an error count.
func (w *walker) list(l *listing) (entries []fs.DirEntry, more bool) {
	for len(entries) < listed && w.ctx.Err() == nil {
		next, err := l.dir.ReadDir(listed - len(entries))
		entries = append(entries, next...)
		if err == io.EOF {
			return entries, false
		} else if err != nil {
			w.gap(l.path, fault.Unlistable, fmt.Errorf("listing the directory: %w", err))
			return entries, false
		}
	}
	return entries, w.ctx.Err() == nil
}

// sort puts on the agenda what is to be looked at of the entries of l.
func (w *walker) sort(l *listing, entries []fs.DirEntry) {
	var dirs []visit
	ignored := int64(0)
	called := names{look: w.look}
	files := entries[:0]
	for _, e := range entries {
		switch name := e.Name(); {
		case name == ".git":
			w.gitDir(under(l.path, name), e)
		case e.IsDir():
			if l.descends(name) {
				called.add(scan.Place{Path: under(l.path, name)})
				dirs = append(dirs, visit{in: l.folder, name: name})
			} else {
				ignored++
			}
		case !e.Type().IsRegular() && e.Type()&fs.ModeSymlink == 0:
		case l.wants(name):
			called.add(scan.Place{Path: under(l.path, name)})
			files = append(files, e)
		default:
			ignored++
		}
	}
	called.flush()
	w.tree.ignored.Add(ignored)
	w.todo.addDirs(dirs...)
	w.todo.addFiles(l, files)
}

// enter completes the folder of l with the ignore patterns in force in it, and where a
// repository of its own begins there, with that repository's. It is told what l holds, and
// whether that isn't all.
func (w *walker) enter(l *listing, entries []fs.DirEntry, more bool) {
	f := l.folder
	own, hasIgnore := false, false
	saw := func(e fs.DirEntry) {
		own = own || e.Name() == ".git"
		// git doesn't follow an ignore file that is a link, nor do we.
		hasIgnore = hasIgnore || e.Name() == ".gitignore" && e.Type().IsRegular()
	}
	for _, e := range entries {
		saw(e)
	}
	if more {
		for _, name := range []string{".git", ".gitignore"} {
			if info, err := os.Lstat(w.at(under(f.path, name))); err == nil {
				saw(fs.FileInfoToDirEntry(info))
			}
		}
	}
	var patterns []byte
	if hasIgnore && (own || f.ignore != nil) {
		patterns = patternsIn(l.dir)
	}
	if own {
		f.inRepo = ""
		f.ignore, f.index = w.repository(f.path, patterns)
	} else if f.ignore != nil && f.inRepo != "" {
		f.ignore = f.ignore.Enter(path.Base(f.inRepo), patterns)
	}
}

// repository returns what the repository whose working tree is at path ignores and
// tracks. Where that can't be read, nothing is ignored: then all is looked at, which is
// more than was asked for and never less.
func (w *walker) repository(at string, patterns []byte) (*ignore.Stack, *index.Tracked) {
	var repo *git.Repo
	var err error
	if at == "" && w.tree.repo != nil {
		repo, err = w.tree.repo()
	} else if repo, err = git.Open(w.at(at), git.Options{Within: w.tree.within}); err == nil {
		defer repo.Close() //nolint:errcheck // nothing was written
	}
	if err != nil {
		return nil, nil
	}
	idx, err := repo.Tracked()
	if err != nil {
		return nil, nil
	}
	w.tree.absent.Add(w.absent(at, idx))
	exclude, err := repo.Exclude()
	if err != nil {
		return nil, nil
	}
	return ignore.New(exclude, patterns), idx
}

// absent returns how many files and folders a sparse checkout has left out of the working tree at a
// path. Nobody asked for them, and a monorepo's may be many more than what is there.
func (w *walker) absent(at string, idx *index.Tracked) (n int64) {
	for _, path := range idx.Absent() {
		if path = under(at, path); filepath.IsLocal(path) {
			if _, err := os.Lstat(w.at(path)); err == nil {
				continue // and the walk comes by it
			}
		}
		n++
	}
	return n
}

// maxIgnoreFile is the size from which on an ignore file is not believed: nothing is
// ignored for its sake.
const maxIgnoreFile = 16 << 20

// patternsIn returns the content of the ignore file of dir.
func patternsIn(dir *os.File) []byte {
	f, err := openIn(dir, ".gitignore")
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

// below returns the directory name of f.
func (f *folder) below(name string) *folder {
	return &folder{path: under(f.path, name), inRepo: under(f.inRepo, name), ignore: f.ignore, index: f.index}
}

// under returns the path of name in dir: path.Join for names that come from a listing.
func under(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// descends reports whether the directory name of f is to be walked: unless all in it is
// ignored and not tracked. One that is tracked itself is a submodule.
func (f *folder) descends(name string) bool {
	if f.ignore == nil || !f.ignore.Ignored(name, true) {
		return true
	}
	at := under(f.inRepo, name)
	return f.index.HasUnder(at) || f.index.Has(at)
}

// wants reports whether the entry name of f, which is no directory, is to be looked at.
func (f *folder) wants(name string) bool {
	if f.ignore == nil || isCredentialFile(name) || !f.ignore.Ignored(name, false) {
		return true
	}
	return f.index.Has(under(f.inRepo, name))
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

// files looks at a batch of files and links.
func (w *walker) files(b batch) {
	for _, e := range b.files {
		if w.ctx.Err() != nil {
			return
		}
		at := under(b.of.path, e.Name())
		if e.Type()&fs.ModeSymlink == 0 {
			w.file(b.of.dir, e.Name(), at)
			continue
		}
		// A link is content of the repository too: the text it leads to.
		target, err := os.Readlink(w.at(at))
		if err != nil {
			w.gap(at, fault.Unreadable, fmt.Errorf("reading the link: %w", err))
			continue
		}
		w.look(scan.Blob{Places: []scan.Place{{Path: at}}, Data: []byte(target)})
	}
}

func (w *walker) file(dir *os.File, name, at string) {
	w.look(scan.Blob{
		Places: []scan.Place{{Path: at}},
		Beside: w.tree.beside,
		Open: func() (io.ReadCloser, error) {
			f, err := openIn(dir, name)
			if pe := new(fs.PathError); errors.As(err, &pe) {
				err = pe.Err
			}
			if err != nil {
				return nil, fmt.Errorf("opening it: %w", err)
			}
			return f, nil
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
			w.gap(at, fault.LargeConfig, fmt.Errorf("the git configuration has %d bytes, over %d are not read", info.Size(), maxConfig))
			continue
		}
		data, err := os.ReadFile(w.at(at))
		if err != nil {
			w.gap(at, fault.Unreadable, fmt.Errorf("reading the git configuration: %w", err))
			continue
		}
		if w.tree.cloned {
			data = blankHanded(data)
		}
		w.look(scan.Blob{Places: []scan.Place{{Path: at}}, Data: data})
	}
}
