package git

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Limits of a walk through trees, which can be nested so that a small repository unfolds to
// more paths than any machine can go through.
const (
	maxDepth   = 2048      // directories in one another, as git's core.maxTreeDepth has it by default
	maxPath    = 64 << 10  // bytes of a path, sixteen times what Linux opens
	maxEntries = 8_000_000 // entries looked at in one walk; the largest known checkouts have a tenth of that
	maxShown   = 1024      // bytes of a path in an error
)

var (
	errTooDeep  = fmt.Errorf("directories are nested more than %d deep", maxDepth)
	errTooLong  = fmt.Errorf("the path is longer than %d bytes", maxPath)
	errTooLarge = errors.New("the tree unfolds to more files than are looked at in one commit")
)

// A walker goes through a tree side by side with those of the parents, skipping what is equal.
type walker struct {
	repo      *Repo
	additions bool // yield what differs from every parent
	removals  bool // yield what is in a parent and no more
	yield     func(Change, error) bool
	// enter, if not nil, tells whether a directory of the new tree is worth entering.
	enter func(tree object.Hash) bool

	levels []level
	seen   int
}

// A level is a directory on the way down, with what is still to do of it.
type level struct {
	prefix string // the path with a final slash, or "" for the root
	now    []object.Entry
	was    [][]object.Entry // for each parent
}

// walk yields the changes that the tree now brings over those of the parents; a zero hash is an empty tree. It
// reports false if it was broken off by yield.
func (w *walker) walk(ctx context.Context, now object.Hash, was []object.Hash) bool {
	if !w.descend("", now, was) {
		return false
	}
	for len(w.levels) > 0 {
		if err := ctx.Err(); err != nil {
			return w.yield(Change{}, err) && false
		}
		top := &w.levels[len(w.levels)-1]
		top.skipEqual()
		key, ok := top.first()
		if !ok {
			w.levels = w.levels[:len(w.levels)-1]
			continue
		}
		if w.seen++; w.seen > maxEntries {
			return w.yield(Change{File: File{Path: top.prefix}}, fmt.Errorf("%q: %w", top.prefix, errTooLarge))
		}
		now, was := top.take(key)
		step := w.file
		if key.IsTree() {
			step = w.dir
		}
		if !step(top.prefix+safe(key), now, was) {
			return false
		}
	}
	return true
}

// skipEqual passes over what is the same in all trees: nearly everything in most levels.
func (l *level) skipEqual() {
	if len(l.was) == 0 {
		return
	}
	n := 0
	for ; n < len(l.now); n++ {
		e := &l.now[n]
		for _, entries := range l.was {
			if n >= len(entries) || entries[n].Hash != e.Hash || entries[n].IsTree() != e.IsTree() || entries[n].Name != e.Name {
				l.skip(n)
				return
			}
		}
	}
	l.skip(n)
}

func (l *level) skip(n int) {
	l.now = l.now[n:]
	for i := range l.was {
		l.was[i] = l.was[i][n:]
	}
}

// first returns the first entry, in git's order, of those left in the level.
func (l *level) first() (object.Entry, bool) {
	var key object.Entry
	found := false
	for i := -1; i < len(l.was); i++ {
		entries := l.now
		if i >= 0 {
			entries = l.was[i]
		}
		if len(entries) > 0 && (!found || order(entries[0], key) < 0) {
			key, found = entries[0], true
		}
	}
	return key, found
}

// take takes the entries that are at key off the level: more than one where a tree has duplicates.
func (l *level) take(key object.Entry) (now []object.Entry, was [][]object.Entry) {
	now, l.now = split(l.now, key)
	was = make([][]object.Entry, len(l.was))
	for i := range l.was {
		was[i], l.was[i] = split(l.was[i], key)
	}
	return now, was
}

func split(entries []object.Entry, key object.Entry) (head, tail []object.Entry) {
	n := 0
	for n < len(entries) && order(entries[n], key) == 0 {
		n++
	}
	return entries[:n], entries[n:]
}

// file yields what a path has that its parents don't, or the other way round.
func (w *walker) file(path string, now []object.Entry, was [][]object.Entry) bool {
	now, old := blobs(now), make([]object.Hash, len(was))
	held := false
	for i := range was {
		was[i] = blobs(was[i])
		if len(was[i]) > 0 {
			old[i], held = was[i][0].Hash, true
		}
	}
	if len(now) == 0 {
		return !w.removals || !held || w.yield(Change{File: File{Path: path}, Old: old}, nil)
	}
	for i, e := range now {
		if !w.additions || inAny(was, e.Hash) || inAny([][]object.Entry{now[:i]}, e.Hash) {
			continue
		}
		if !w.yield(Change{File: File{Path: path, Mode: e.Mode, Hash: e.Hash}, Old: old}, nil) {
			return false
		}
	}
	return true
}

// blobs leaves submodules out: their content is in another repository.
func blobs(entries []object.Entry) []object.Entry {
	for i := range entries {
		if entries[i].IsGitlink() {
			var kept []object.Entry
			for _, e := range entries {
				if e.IsBlob() {
					kept = append(kept, e)
				}
			}
			return kept
		}
	}
	return entries
}

// dir goes down into a directory unless it's sure that nothing in it is wanted.
func (w *walker) dir(path string, now []object.Entry, was [][]object.Entry) bool {
	old := make([]object.Hash, len(was))
	for i := range was {
		if len(was[i]) > 0 {
			old[i] = was[i][0].Hash
		}
	}
	path += "/"
	if len(now) == 0 {
		return !w.removals || w.descend(path, object.Hash{}, old)
	}
	for _, e := range now {
		skip := inAny(was, e.Hash)
		if w.removals && len(was) > 1 {
			skip = inAllThere(was, e.Hash)
		}
		if skip || w.enter != nil && !w.enter(e.Hash) {
			continue
		}
		if !w.descend(path, e.Hash, old) {
			return false
		}
	}
	return true
}

// inAny reports whether a parent has the object: then the path has been brought before.
func inAny(was [][]object.Entry, h object.Hash) bool {
	for _, entries := range was {
		for i := range entries {
			if entries[i].Hash == h {
				return true
			}
		}
	}
	return false
}

// inAllThere reports whether each parent that has anything at the path has the object: then nothing is removed.
func inAllThere(was [][]object.Entry, h object.Hash) bool {
	for _, entries := range was {
		if len(entries) > 0 && !inAny([][]object.Entry{entries}, h) {
			return false
		}
	}
	return true
}

// descend enters a directory. A tree of the parents that can't be read counts as empty: then more is
// taken for new than is, never less.
func (w *walker) descend(prefix string, now object.Hash, was []object.Hash) bool {
	l := level{prefix: prefix, was: make([][]object.Entry, len(was))}
	err := error(nil)
	switch {
	case len(w.levels) > maxDepth:
		err = errTooDeep
	case len(prefix) > maxPath:
		err = errTooLong
	case !now.IsZero():
		l.now, err = w.repo.tree(now)
	}
	if err != nil {
		shown := prefix
		if len(shown) > maxShown {
			shown = shown[:maxShown] + "…"
		}
		return w.yield(Change{File: File{Path: shown}}, fmt.Errorf("directory %q: %w", shown, err))
	}
	for i, h := range was {
		if !h.IsZero() {
			l.was[i], _ = w.repo.tree(h) // see above
		}
	}
	w.levels = append(w.levels, l)
	return true
}

// safe returns a name that can be part of a path, see File.
func safe(e object.Entry) string {
	if !e.Hostile() {
		return e.Name
	}
	if e.Name == "" {
		return "%"
	}
	return strings.NewReplacer("%", "%25", ".", "%2E", "/", "%2F", "\x00", "%00").Replace(e.Name)
}
