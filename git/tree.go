package git

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
)

// A File is a path in a tree with the blob that it holds.
type File struct {
	// Path is relative to the tree's root, with slashes. It never leads out of the root: the
	// points, slashes and percent signs of a component that git refuses to check out ("..",
	// ".git" and the like) are percent-encoded.
	Path string
	Mode uint32      // as in the tree: a file, or a symbolic link, whose blob is where it leads
	Hash object.Hash // zero in a Change that removes the path
}

// Files yields every file of a tree in the tree's order, submodules left out. A directory that can't be
// read is an error beside a File with nothing but its path, and the others go on.
func (r *Repo) Files(ctx context.Context, tree object.Hash) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		w := walker{repo: r, additions: true, yield: func(c Change, err error) bool { return yield(c.File, err) }}
		w.walk(ctx, tree, nil)
	}
}

// Lookup returns the entry of a path in a tree: a file, directory or submodule. The error is
// fs.ErrNotExist where there is none.
func (r *Repo) Lookup(tree object.Hash, path string) (object.Entry, error) {
	entry := object.Entry{Mode: modeTree, Hash: tree}
	for name := range strings.SplitSeq(path, "/") {
		if !entry.IsTree() {
			return object.Entry{}, fmt.Errorf("%s in tree %s: %w", path, tree, fs.ErrNotExist)
		}
		entries, err := r.tree(entry.Hash)
		if err != nil {
			return object.Entry{}, fmt.Errorf("%s in tree %s: %w", path, tree, err)
		}
		i := slices.IndexFunc(entries, func(e object.Entry) bool { return e.Name == name })
		if i < 0 {
			return object.Entry{}, fmt.Errorf("%s in tree %s: %w", path, tree, fs.ErrNotExist)
		}
		entry = entries[i]
	}
	return entry, nil
}

const (
	modeTree    = 0o040000
	modeGitlink = 0o160000
	maxTree     = 16 << 20 // bytes of a tree: some 400,000 entries in one directory
)

// tree returns the entries of a tree in git's order, whatever order they're stored in. They're shared: not
// to be changed. Of a tree that breaks off it's an error, as any part of it could be missing.
func (r *Repo) tree(h object.Hash) ([]object.Entry, error) {
	if entries, ok := r.trees.get(h); ok {
		return entries, nil
	}
	data, err := r.read(h, object.KindTree)
	if err != nil {
		return nil, err
	}
	if len(data) > maxTree {
		return nil, fmt.Errorf("tree %s: it has %d bytes, more than the %d that are read", h, len(data), maxTree)
	}
	entries := make([]object.Entry, 0, len(data)/(r.format.Size()+20))
	for e, err := range object.Entries(data, r.format) {
		if err != nil {
			return nil, fmt.Errorf("tree %s: %w", h, err)
		}
		entries = append(entries, e)
	}
	if !slices.IsSortedFunc(entries, order) {
		slices.SortStableFunc(entries, order)
	}
	r.trees.put(h, entries)
	return entries, nil
}

// order compares entries as git sorts them: a directory's name as if it ended in a slash. It's 0 only
// for entries of the same name that are both directories or both not.
func order(a, b object.Entry) int {
	n := min(len(a.Name), len(b.Name))
	if c := strings.Compare(a.Name[:n], b.Name[:n]); c != 0 {
		return c
	}
	if c := cmp.Compare(after(a, n), after(b, n)); c != 0 || len(a.Name) == len(b.Name) {
		return c
	}
	// Only a name with a slash inside, which is hostile, gets here: it's not to be taken for the directory.
	return cmp.Compare(len(a.Name), len(b.Name))
}

// after returns the byte of the name at n, counting the slash behind a directory's, or 0 behind the end.
func after(e object.Entry, n int) byte {
	switch {
	case n < len(e.Name):
		return e.Name[n]
	case e.IsTree():
		return '/'
	}
	return 0
}

// treeCache keeps the trees read last: neighbouring commits have most of theirs in common.
type treeCache struct {
	mu           sync.Mutex
	fresh, stale map[object.Hash][]object.Entry
	entries      int // in fresh
}

const (
	maxFresh  = 100_000      // entries that one of the cache's two halves holds, of some 100 bytes each
	maxCached = maxFresh / 4 // entries of a tree that's kept at all
)

func (c *treeCache) get(h object.Hash) ([]object.Entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entries, ok := c.fresh[h]; ok {
		return entries, true
	}
	entries, ok := c.stale[h]
	if ok {
		c.add(h, entries)
	}
	return entries, ok
}

func (c *treeCache) put(h object.Hash, entries []object.Entry) {
	if len(entries) > maxCached {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(h, entries)
}

func (c *treeCache) add(h object.Hash, entries []object.Entry) {
	if c.fresh == nil || c.entries > maxFresh {
		c.fresh, c.stale, c.entries = map[object.Hash][]object.Entry{}, c.fresh, 0
	}
	c.fresh[h] = entries
	c.entries += len(entries) + 1
}
