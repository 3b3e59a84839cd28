// Package git reads a git repository without the git program: what a revision names,
// which commits a change consists of and what each of them brings.
//
// Nothing is ever written, nothing outside the repository is read (see Options), nothing
// that the repository names is run or fetched, and its config is read for the format of
// the repository alone, includes not followed. Every object is what its name says: refs/replace
// and info/grafts, by which git log shows others in their place, are passed over, since
// whoever pushes could hide a commit from us that way and a server heeds neither. What can't be
// read is an error that says so, beside all that can be.
package git

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/bbkeys/bbkeys/git/index"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// The errors that callers tell apart with errors.Is.
var (
	// ErrNotRepository: there is no repository where Open looked.
	ErrNotRepository = errors.New("not a git repository")
	// ErrOutside: a .git file, commondir or link leads out of Options.Within.
	ErrOutside = errors.New("leads outside")
	// ErrUnknownRevision: nothing in the repository goes by that name.
	ErrUnknownRevision = errors.New("unknown revision")
	// ErrUnborn: HEAD or another symbolic ref names a branch that has no commit yet. It is an ErrUnknownRevision too.
	ErrUnborn = fmt.Errorf("%w: the branch has no commit yet", ErrUnknownRevision)
	// ErrAmbiguous: an abbreviated hash fits more than one commit.
	ErrAmbiguous = errors.New("ambiguous revision")
	// ErrNotCommit: a revision names a tree or a blob.
	ErrNotCommit = errors.New("not a commit")
	// ErrBadRef: a ref, an annotated tag or a list of refs can't be read or leads nowhere, while
	// what is wrong with another object isn't the fault of the ref that leads to it.
	ErrBadRef = errors.New("bad ref")
	// ErrMissing: an object, given by its full hash or by another one, isn't in the repository: a
	// shallow or partial clone, or damage.
	ErrMissing = odb.ErrMissing
)

// Options say how a repository is opened. The zero value is for a repository that isn't trusted.
type Options struct {
	// Within is the directory that all parts of the repository must be in: a .git file (of
	// a worktree or a submodule), its common directory and alternates that lead elsewhere
	// are an error or, for alternates, a note of Objects().Notes(). Empty means the
	// directory that is opened; "/" allows all, for a user at home whose worktree's
	// repository is somewhere else.
	Within string
}

// A Repo is an open repository. Its methods may be called concurrently, Add and Close excepted.
type Repo struct {
	dir     string
	git     *os.Root // the repository's own directory: a worktree's HEAD and index are here
	common  *os.Root // what worktrees share; the same as git in most repositories
	objects *odb.DB
	format  object.Format
	refs    refStore
	shallow map[object.Hash]bool // commits whose parents were left out when cloning
	graph   func() *graph        // nil if there is none that can be used
	trees   treeCache
}

// Open opens the repository of which dir is the working tree, holding .git, or which dir
// itself is. It doesn't look in the directories above. The error is ErrNotRepository if
// there is none, ErrOutside if its parts lie beyond Options.Within, or says what of
// the repository isn't known or is broken.
func Open(dir string, o Options) (*Repo, error) {
	r, err := open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("open git repository %s: %w", dir, err)
	}
	return r, nil
}

func open(dir string, o Options) (_ *Repo, err error) {
	at, err := locate(dir, o.Within)
	if err != nil {
		return nil, err
	}
	r := &Repo{dir: at.dir}
	defer func() {
		if err != nil {
			_ = r.Close() // the first error says more
		}
	}()
	if r.git, err = os.OpenRoot(at.git); err != nil {
		return nil, err
	}
	if r.common, err = os.OpenRoot(at.common); err != nil {
		return nil, err
	}
	format, err := r.readFormat()
	if err != nil {
		return nil, err
	}
	r.format = format.objects
	if r.refs, err = r.openRefs(format.reftable); err != nil {
		return nil, err
	}
	if r.shallow, err = r.readShallow(); err != nil {
		return nil, err
	}
	r.graph = sync.OnceValue(r.openGraph)
	r.objects, err = odb.Open(filepath.Join(at.common, "objects"), odb.Options{
		Format: r.format, AlternatesWithin: at.within,
	})
	return r, err
}

// Add makes the repository have what another object directory has, such as one that objects were fetched
// to. Nothing else may use the repository at the same time.
func (r *Repo) Add(objects string) error { return r.objects.Add(objects) }

// Close closes the repository's files.
func (r *Repo) Close() error {
	var errs []error
	if r.objects != nil {
		errs = append(errs, r.objects.Close())
	}
	for _, root := range []*os.Root{r.git, r.common} {
		if root != nil {
			errs = append(errs, root.Close())
		}
	}
	return errors.Join(errs...)
}

// Objects returns the object database.
func (r *Repo) Objects() *odb.DB { return r.objects }

// Format returns the hash function that the repository names its objects with.
func (r *Repo) Format() object.Format { return r.format }

// Bare reports whether the repository was opened as a directory without a working tree.
func (r *Repo) Bare() bool { return r.git.Name() == r.dir }

// Index reads the index of the working tree. It is empty where there is none yet.
func (r *Repo) Index() (*index.Index, error) { return r.index("index") }

// IndexAt reads the index that git works with in the place of the repository's own while
// it makes a commit, as GIT_INDEX_FILE tells its hooks. It must be in the repository's
// directory, or the error is ErrOutside.
func (r *Repo) IndexAt(path string) (*index.Index, error) {
	at, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read the git index %s: %w", path, err)
	}
	own, err := r.git.Stat(".")
	if err != nil {
		return nil, fmt.Errorf("read the git index %s: %w", path, err)
	}
	if !os.SameFile(at, own) {
		return nil, fmt.Errorf("the git index %s %w of %s", path, ErrOutside, r.git.Name())
	}
	return r.index(filepath.Base(path))
}

// Tracked reads what the index of the working tree tracks, in much less memory than Index.
func (r *Repo) Tracked() (*index.Tracked, error) {
	return readIndex(r, "index", new(index.Tracked), index.ParseTracked)
}

func (r *Repo) index(name string) (*index.Index, error) {
	return readIndex(r, name, new(index.Index), index.Parse)
}

// readIndex reads an index with parse. It is none where there is no such file yet.
func readIndex[T any](r *Repo, name string, none *T, parse func([]byte, object.Format, func(object.Hash) ([]byte, error)) (*T, error)) (*T, error) {
	data, err := readFile(r.git, name, maxIndex)
	if isNotExist(err) {
		return none, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the git index: %w", err)
	}
	return parse(data, r.format, func(h object.Hash) ([]byte, error) {
		return readFile(r.git, "sharedindex."+h.String(), maxIndex)
	})
}

// Exclude returns the content of info/exclude, the ignore file that isn't tracked; nil if there is none.
func (r *Repo) Exclude() ([]byte, error) {
	data, err := readFile(r.common, "info/exclude", maxSmall)
	if isNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read .git/info/exclude: %w", err)
	}
	return data, nil
}
