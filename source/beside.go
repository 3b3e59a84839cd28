package source

import (
	"io"
	"os"
	"path/filepath"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// maxBeside is how many bytes a file may have that is read for what it says of another.
const maxBeside = 256 << 10

// besideIn returns a file of the commit that a place is in, or nil.
func besideIn(repo *git.Repo, p scan.Place, path string) []byte {
	hash, err := object.ParseHash(p.Commit)
	if err != nil {
		return nil
	}
	commit, err := repo.Commit(hash)
	if err != nil {
		return nil
	}
	entry, err := repo.Lookup(commit.Tree, path)
	if err != nil || !entry.IsBlob() {
		return nil
	}
	return small(repo, entry.Hash)
}

// small returns a blob that is not large, or nil.
func small(repo *git.Repo, blob object.Hash) []byte {
	_, _, r, err := repo.Objects().Stream(blob)
	if err != nil {
		return nil
	}
	defer r.Close() //nolint:errcheck // nothing was written
	return limited(r)
}

// limited returns what r has, or nil where that is more than a file beside another may.
func limited(r io.Reader) []byte {
	data, err := io.ReadAll(io.LimitReader(r, maxBeside+1))
	if err != nil || len(data) > maxBeside {
		return nil
	}
	return data
}

// beside returns another file of the checkout, or nil. A link out of the checkout leads
// nowhere.
func (t *tree) beside(_ scan.Place, path string) []byte {
	root, err := os.OpenRoot(t.root)
	if err != nil {
		return nil
	}
	defer root.Close() //nolint:errcheck // nothing was written
	name := filepath.FromSlash(path)
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil // a pipe would keep the reader waiting
	}
	f, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return limited(f)
}

// beside returns another file that is staged.
func (s *staged) beside(_ scan.Place, path string) []byte {
	for _, e := range s.index.Entries {
		if e.Path == path && (object.Entry{Mode: e.Mode}).IsBlob() {
			return small(s.repo, e.Hash)
		}
	}
	return nil
}
