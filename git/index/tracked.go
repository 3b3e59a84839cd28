package index

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// A Tracked is what an index tracks, as far as it takes to ask whether a path is among it.
// It holds a hash of each path and no path, 8 bytes a file instead of some 150, which the
// garbage collector has nothing to look for in. It is safe for concurrent use. The zero
// value tracks nothing.
type Tracked struct {
	seed        maphash.Seed
	files, dirs []uint64 // sorted
	sparse      []string // the sparse directories' paths, sorted, each with its final slash
	absent      []string // paths
	last        string   // the path that was added last
}

// ParseTracked reads an index as Parse does.
func ParseTracked(data []byte, f object.Format, shared func(h object.Hash) ([]byte, error)) (*Tracked, error) {
	t := &Tracked{seed: maphash.MakeSeed()}
	p, err := parse(data, f, t.add)
	if err != nil {
		return nil, fmt.Errorf("read the git index: %w", err)
	}
	if p.base.IsZero() {
		t.end()
		return t, nil
	}
	x, err := Parse(data, f, shared)
	if err != nil {
		return nil, err
	}
	return x.Tracked(), nil
}

// Tracked returns what x tracks.
func (x *Index) Tracked() *Tracked {
	t := &Tracked{seed: maphash.MakeSeed()}
	for _, e := range x.Entries {
		t.add(e)
	}
	t.end()
	return t
}

// add adds an entry, and the directories that it is in unless the entry before was in them
// too.
func (t *Tracked) add(e Entry) {
	if e.SkipWorktree || e.Mode == modeDir {
		t.absent = append(t.absent, strings.Clone(e.Path))
	}
	if e.Mode == modeDir {
		t.sparse = append(t.sparse, strings.TrimSuffix(e.Path, "/")+"/")
	}
	t.files = append(t.files, maphash.String(t.seed, e.Path))
	shared := true
	for i := range len(e.Path) {
		shared = shared && i < len(t.last) && t.last[i] == e.Path[i]
		if e.Path[i] == '/' && !shared {
			t.dirs = append(t.dirs, maphash.String(t.seed, e.Path[:i]))
		}
	}
	t.last = e.Path
}

// end makes t ready to be asked.
func (t *Tracked) end() {
	slices.Sort(t.files)
	slices.Sort(t.dirs)
	slices.Sort(t.sparse)
	t.last = ""
}

// Has reports whether the file path is tracked. Of a path in a sparse directory that can't be
// told from the index; Has says yes, since a file that may be tracked is not to be passed
// over. It is wrong about one in 2^40 paths or so, in the same way.
func (t *Tracked) Has(path string) bool { return t.in(t.files, path) || t.inSparse(path) }

// HasUnder reports whether anything below the directory dir is tracked, or may be, as with
// Has. A dir of "" is the root.
func (t *Tracked) HasUnder(dir string) bool {
	if dir == "" {
		return len(t.files) > 0
	}
	return t.in(t.dirs, dir) || t.inSparse(dir+"/")
}

// Absent returns the paths that a sparse checkout has left out of the working tree, of which
// some may be there all the same; those of directories end in a slash. They are not to be changed.
func (t *Tracked) Absent() []string { return t.absent }

// in reports whether the hash of path is one of hashes.
func (t *Tracked) in(hashes []uint64, path string) bool {
	if len(hashes) == 0 {
		return false
	}
	_, ok := slices.BinarySearch(hashes, maphash.String(t.seed, path))
	return ok
}

// inSparse reports whether path is in a sparse directory. It looks up each directory above path.
func (t *Tracked) inSparse(path string) bool {
	if len(t.sparse) == 0 {
		return false
	}
	for i := range len(path) {
		if path[i] == '/' {
			if _, ok := slices.BinarySearch(t.sparse, path[:i+1]); ok {
				return true
			}
		}
	}
	return false
}
