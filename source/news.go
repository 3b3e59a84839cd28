package source

import (
	"context"
	"errors"
	"io"
	"maps"
	"sync"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// news are the blobs that a change brings, and what it takes to tell which credentials in
// them are new.
type news struct {
	repo   *git.Repo
	finder *scan.Finder

	order   []*fresh
	byHash  map[object.Hash]*fresh
	removed map[string][]object.Hash // by commit, the blobs of the paths that it removes or renames
	paths   map[string]bool          // all those paths
	bounds  []object.Hash            // trees of the commits that the change begins after

	mu    sync.Mutex
	known map[object.Hash]keys

	removal sync.Once
	gone    keys // what the removed paths held where the change begins
}

// keys are credentials, by digest.
type keys map[[32]byte]bool

// A fresh blob is one that the change brings, and where.
type fresh struct {
	hash   object.Hash
	places []scan.Place
	before map[at][]object.Hash // what was at the same path before
}

// at is what tells places apart.
type at struct{ path, commit string }

func newNews(repo *git.Repo, finder *scan.Finder) *news {
	return &news{
		repo: repo, finder: finder,
		byHash: map[object.Hash]*fresh{}, known: map[object.Hash]keys{},
		removed: map[string][]object.Hash{}, paths: map[string]bool{},
	}
}

// add notes a blob at a place, and the blobs, or zero hashes, that were there before.
func (n *news) add(place scan.Place, blob object.Hash, before []object.Hash) {
	f := n.byHash[blob]
	if f == nil {
		f = &fresh{hash: blob}
		n.byHash[blob], n.order = f, append(n.order, f)
	}
	f.places = append(f.places, place)
	for _, old := range before {
		if !old.IsZero() {
			if f.before == nil {
				f.before = map[at][]object.Hash{}
			}
			key := at{place.Path, place.Commit}
			f.before[key] = append(f.before[key], old)
		}
	}
}

// remove notes the blobs, or zero hashes, that a commit takes away from a path.
func (n *news) remove(place scan.Place, blobs []object.Hash) {
	n.paths[place.Path] = true
	for _, b := range blobs {
		if !b.IsZero() {
			n.removed[place.Commit] = append(n.removed[place.Commit], b)
		}
	}
}

func (n *news) blob(f *fresh) scan.Blob {
	return scan.Blob{
		Places: f.places,
		Open:   func() (io.ReadCloser, error) { return n.open(f.hash) },
		Old: func(ctx context.Context, p scan.Place, m rule.Match) (bool, error) {
			return n.old(ctx, p, m, f.before[at{p.Path, p.Commit}])
		},
		Beside: n.beside,
	}
}

// beside returns another file of the commit that a place is in.
func (n *news) beside(p scan.Place, path string) []byte { return besideIn(n.repo, p, path) }

func (n *news) open(blob object.Hash) (io.ReadCloser, error) {
	_, _, r, err := n.repo.Objects().Stream(blob)
	return opened(r, err)
}

// old reports whether the credential was there before: just before the commit at the same
// path or at one that the commit removes, or where the change begins at the same path or
// at one that the change removes.
func (n *news) old(ctx context.Context, p scan.Place, m rule.Match, before []object.Hash) (bool, error) {
	key := m.Secret.Digest("")
	var failed error
	for _, blobs := range [][]object.Hash{before, n.atBounds(p.Path), n.removed[p.Commit]} {
		for _, b := range blobs {
			held, err := n.keys(ctx, b)
			if held[key] {
				return true, nil
			}
			failed = errors.Join(failed, err)
		}
	}
	n.removal.Do(func() {
		n.gone = keys{}
		for path := range n.paths {
			for _, b := range n.atBounds(path) {
				held, err := n.keys(ctx, b)
				failed = errors.Join(failed, err)
				maps.Copy(n.gone, held)
			}
		}
	})
	return n.gone[key], failed
}

// atBounds returns the blobs that a path had where the change begins.
func (n *news) atBounds(path string) []object.Hash {
	var blobs []object.Hash
	for _, tree := range n.bounds {
		if e, err := n.repo.Lookup(tree, path); err == nil && e.IsBlob() {
			blobs = append(blobs, e.Hash)
		}
	}
	return blobs
}

// keys returns the credentials that a blob holds. Each blob is read once.
func (n *news) keys(ctx context.Context, blob object.Hash) (keys, error) {
	n.mu.Lock()
	held, ok := n.known[blob]
	n.mu.Unlock()
	if ok {
		return held, nil
	}
	hits, err := n.finder.Hits(ctx, &scan.Blob{Open: func() (io.ReadCloser, error) { return n.open(blob) }})
	held = make(keys, len(hits))
	for _, h := range hits {
		held[h.Secret.Digest("")] = true
	}
	n.mu.Lock()
	n.known[blob] = held
	n.mu.Unlock()
	return held, err
}
