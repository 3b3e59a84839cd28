package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

const (
	maxBatch   = 4000    // objects asked for by name in one request
	maxSteps   = 500_000 // directories gone through, against trees that unfold without end
	maxBlobs   = 500_000 // blobs looked for
	maxTree    = 8 << 20 // bytes of a directory: over 100,000 entries
	maxRefused = 20      // objects of a batch that the server may turn out not to have
)

// walk goes through the trees of commits side by side with those of their parents, all
// commits at once and level by level, and fetches the trees of each level in few requests. It
// looks where a change is looked for: below directories that differ from those of all
// parents, and, where anything does, below those that differ from some, for what is removed.
type walk struct {
	*gather
	seen  map[string]bool
	steps int
	need  map[object.Hash]bool // the blobs
	order []object.Hash        // of need
}

// step is a directory: as it is in a commit, and as it was in each parent; zero where there is none.
type step struct {
	now      object.Hash
	was      []object.Hash
	removals bool  // note what is removed, and not what is new
	both     bool  // of a single parent: note what is new and what is removed
	brings   *bool // set once a commit brings anything
}

// commitsOf goes through the trees of commits.
func (w *walk) commitsOf(ctx context.Context, list []object.Hash) error {
	steps := make([]step, 0, len(list))
	for _, h := range list {
		c, err := w.commit(h)
		if err != nil {
			return err
		}
		s := step{now: c.Tree, both: len(c.Parents) == 1, brings: new(bool)}
		for _, parent := range c.Parents {
			p, err := w.commit(parent)
			if err != nil {
				return err
			}
			s.was = append(s.was, p.Tree)
		}
		steps = append(steps, s)
	}
	if err := w.run(ctx, steps); err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return len(s.was) < 2 || !*s.brings })
	for i := range steps {
		steps[i].removals = true
	}
	return w.run(ctx, steps)
}

// run goes down level by level.
func (w *walk) run(ctx context.Context, steps []step) error {
	for len(steps) > 0 {
		var lacking []object.Hash
		steps = slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return w.known(&s) })
		if w.steps += len(steps); w.steps > maxSteps {
			return fmt.Errorf("%w: the trees have more than %d directories that differ", ErrLimit, maxSteps)
		}
		asked := map[object.Hash]bool{}
		for _, s := range steps {
			for _, h := range append([]object.Hash{s.now}, s.was...) {
				if !h.IsZero() && !asked[h] && !w.Has(h) {
					asked[h] = true
					lacking = append(lacking, h)
				}
			}
		}
		for batch := range slices.Chunk(lacking, maxBatch) {
			if _, err := w.fetch(ctx, request{wants: batch, depth: 1, done: true}); err != nil {
				return fmt.Errorf("directories: %w", err)
			}
		}
		var below []step
		for i := range steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if below, err = w.enter(&steps[i], below); err != nil {
				return err
			}
		}
		steps = below
	}
	return nil
}

// known tells whether the same directories were gone through before.
func (w *walk) known(s *step) bool {
	key := []byte{mode(s.removals), mode(s.both)}
	for _, h := range append([]object.Hash{s.now}, s.was...) {
		key = append(h.Append(key), mode(h.IsZero())) // what is zero has no bytes
	}
	k := string(key)
	if w.seen[k] {
		*s.brings = true // it may have, and then what is removed matters
		return true
	}
	w.seen[k] = true
	return false
}

func mode(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// spot is what has one name in a directory: files apart from directories.
type spot struct {
	name string
	tree bool
}

// found is what is at a spot. There is more than one now where a tree has duplicates.
type found struct {
	now []object.Hash
	was []object.Hash // the first of each parent
	all [][]object.Hash
}

// enter notes the blobs of a directory that are needed, and adds the directories in it
// that are to be gone through.
func (w *walk) enter(s *step, below []step) ([]step, error) {
	at := map[spot]*found{}
	var order []spot
	list := func(tree object.Hash, add func(*found, object.Hash)) error {
		return w.entries(tree, func(e object.Entry) {
			k := spot{e.Name, e.IsTree()}
			f := at[k]
			if f == nil {
				f = &found{was: make([]object.Hash, len(s.was)), all: make([][]object.Hash, len(s.was))}
				at[k], order = f, append(order, k)
			}
			add(f, e.Hash)
		})
	}
	if err := list(s.now, func(f *found, h object.Hash) { f.now = append(f.now, h) }); err != nil {
		return nil, err
	}
	for i, tree := range s.was {
		err := list(tree, func(f *found, h object.Hash) {
			if len(f.all[i]) == 0 {
				f.was[i] = h
			}
			f.all[i] = append(f.all[i], h)
		})
		if err != nil {
			return nil, err
		}
	}
	if len(w.need) > maxBlobs {
		return nil, fmt.Errorf("%w: more than %d files differ", ErrLimit, maxBlobs)
	}
	for _, k := range order {
		if k.tree {
			below = append(below, s.dirs(at[k])...)
		} else {
			w.files(s, at[k])
		}
	}
	return below, nil
}

// entries calls each for the entries of a tree but submodules; of a zero hash there are none.
func (w *walk) entries(tree object.Hash, each func(object.Entry)) error {
	if tree.IsZero() {
		return nil
	}
	kind, text, err := w.Read(tree)
	if err != nil {
		return fmt.Errorf("directory %v: %w", tree, err)
	}
	if len(text) > maxTree {
		return fmt.Errorf("%w: directory %v has %d bytes", ErrLimit, tree, len(text))
	}
	if kind != object.KindTree {
		return nil // a crafted tree: whoever reads it says so
	}
	for e, err := range object.Entries(text, w.can.format) {
		if err != nil {
			return nil // as above
		}
		if !e.IsGitlink() {
			each(e)
		}
	}
	return nil
}

// files notes the blobs of a file that are looked at.
func (w *walk) files(s *step, f *found) {
	old := false
	if len(f.now) == 0 {
		if !s.removals && !s.both {
			return
		}
		old = true
	}
	for _, h := range f.now {
		if !s.removals && !f.inAny(h) {
			w.note(h)
			old = true
		}
	}
	if !old {
		return
	}
	*s.brings = true
	for _, h := range f.was {
		if !h.IsZero() {
			w.note(h)
		}
	}
}

// dirs are the steps into a directory.
func (s *step) dirs(f *found) []step {
	if len(f.now) == 0 {
		if !s.removals && !s.both {
			return nil
		}
		return []step{{was: f.was, removals: s.removals, both: s.both, brings: s.brings}}
	}
	var into []step
	for _, h := range f.now {
		skip := f.inAny(h)
		if s.removals {
			skip = f.inAllThere(h)
		}
		if !skip {
			into = append(into, step{now: h, was: f.was, removals: s.removals, both: s.both, brings: s.brings})
		}
	}
	return into
}

// inAny tells whether a parent has h at the spot.
func (f *found) inAny(h object.Hash) bool {
	return slices.ContainsFunc(f.all, func(hs []object.Hash) bool { return slices.Contains(hs, h) })
}

// inAllThere tells whether each parent that has anything at the spot has h.
func (f *found) inAllThere(h object.Hash) bool {
	return !slices.ContainsFunc(f.all, func(hs []object.Hash) bool { return len(hs) > 0 && !slices.Contains(hs, h) })
}

func (w *walk) note(h object.Hash) {
	if !w.need[h] {
		w.need[h] = true
		w.order = append(w.order, h)
	}
}

// needed are the blobs that were noted and aren't here.
func (w *walk) needed() []object.Hash {
	return slices.DeleteFunc(w.order, w.Has)
}

// blobs fetches blobs by name. The error says how many are missing and why.
func (g *gather) blobs(ctx context.Context, list []object.Hash) error {
	var why error
	for batch := range slices.Chunk(list, maxBatch) {
		if err := g.batch(ctx, batch, maxRefused); err != nil && why == nil {
			why = err
		}
		if why != nil && (ctx.Err() != nil || errors.Is(why, ErrLimit) || errors.Is(why, ErrUnreachable)) {
			break
		}
	}
	missing := 0
	for _, h := range list {
		if !g.Has(h) {
			missing++
		}
	}
	switch {
	case missing == 0:
		return nil
	case why == nil:
		why = errors.New("the server leaves them out")
	}
	return fmt.Errorf("%d of %d files: %w", missing, len(list), why)
}

// batch fetches some blobs. One that the server hasn't is left out. One that is
// too large to be a delta's base comes whole if it comes alone.
func (g *gather) batch(ctx context.Context, list []object.Hash, refused int) error {
	_, err := g.fetch(ctx, request{wants: list, depth: 1, done: true})
	refusal := new(said)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, odb.ErrTooLarge) && len(list) > 1:
		half := len(list) / 2
		return errors.Join(g.batch(ctx, list[:half], refused), g.batch(ctx, list[half:], refused))
	case errors.As(err, &refusal) && refused > 0:
		rest := slices.DeleteFunc(slices.Clone(list), func(h object.Hash) bool { return strings.Contains(refusal.text, h.String()) })
		if len(rest) < len(list) && len(rest) > 0 {
			return errors.Join(g.batch(ctx, rest, refused-1), err)
		}
	}
	return err
}
