package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/bbkeys/bbkeys/git/object"
)

// An Origin tells how a blob came into the history.
type Origin struct {
	// Commits are those that brought the blob to a path where none of their parents had it,
	// the oldest first: each comes before its descendants, and otherwise by date. There are
	// at most MaxOrigins.
	Commits []object.Hash
	// Paths are all paths that ever held the blob, in the order in which they came to, at most MaxOrigins.
	Paths []string
	// AtHead are those of the paths in HEAD's tree that hold it now, at most MaxOrigins.
	AtHead []string
}

// MaxOrigins bounds each list of an Origin: a common blob, such as an empty file, is at any number of places.
const MaxOrigins = 1000

// Trace finds for each of the blobs the commits that brought it and the paths that it was
// at, in the history of the tips and, if there are none, of all refs; originals of replaced
// commits included. A blob that no commit of that history has isn't in the result.
//
// Each commit is looked at once and each distinct tree read about once, and only those with
// one of the blobs are compared with their parents' trees. What can't be read, a commit or
// a directory or a ref, is told in gaps, and the rest is traced nevertheless; a merely
// shallow clone is no gap. The error is the context's.
func (r *Repo) Trace(ctx context.Context, blobs []object.Hash, tips []object.Hash) (found map[object.Hash]*Origin, gaps []error, err error) {
	t := &tracer{repo: r, want: map[object.Hash]bool{}, holds: map[uint64]bool{}, seed: maphash.MakeSeed(), found: map[object.Hash]*Origin{}}
	for _, h := range blobs {
		t.want[h] = true
	}
	if len(tips) == 0 {
		tips = t.allTips(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	commits, err := t.commits(ctx, tips)
	if err != nil {
		return nil, nil, err
	}
	trees := make(map[object.Hash]object.Hash, len(commits))
	for _, n := range slices.Backward(commits) {
		trees[n.hash] = n.tree
		was := make([]object.Hash, min(len(n.parents), maxParents))
		for i, p := range n.parents[:len(was)] {
			was[i] = trees[p] // of a commit that isn't here none, which was told as a gap
		}
		t.tree(ctx, n.hash, n.tree, was)
		if err := t.replaced(ctx, n.hash, trees); err != nil {
			return nil, nil, err
		}
	}
	t.head(ctx)
	return t.found, t.gaps, ctx.Err()
}

// A tracer is a Trace on its way.
type tracer struct {
	repo  *Repo
	want  map[object.Hash]bool
	found map[object.Hash]*Origin
	gaps  []error
	// holds tells of each tree seen, by a hash of its name under a seed that nobody can foresee,
	// whether one of the blobs is somewhere in it. A history can have millions of trees.
	holds map[uint64]bool
	seed  maphash.Seed
}

// maxGaps bounds what a repository full of broken objects can make us keep.
const maxGaps = 1000

func (t *tracer) gap(err error) {
	if len(t.gaps) < maxGaps {
		t.gaps = append(t.gaps, err)
	}
}

// allTips returns the commits that all refs lead to.
func (t *tracer) allTips(ctx context.Context) []object.Hash {
	var tips []object.Hash
	for ref, err := range t.repo.Refs() {
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			t.gap(err)
			continue
		}
		h, err := t.repo.peel(ref.Hash)
		switch {
		case errors.Is(err, ErrNotCommit):
			t.loose(ctx, ref, h)
		case err != nil:
			t.gap(fmt.Errorf("ref %s: %w", ref.Name, err))
		default:
			tips = append(tips, h)
		}
	}
	return tips
}

// loose notes the blobs that a ref of a tree, or of a blob itself, holds: no commit has brought them.
func (t *tracer) loose(ctx context.Context, ref Ref, h object.Hash) {
	if t.want[h] {
		t.origin(h).path(ref.Name)
		return
	}
	if kind, _, err := t.repo.objects.Stat(h); err != nil || kind != object.KindTree {
		return
	}
	for f, err := range t.repo.Files(ctx, h) {
		if err != nil {
			t.gap(fmt.Errorf("ref %s: %w", ref.Name, err))
		} else if t.want[f.Hash] {
			t.origin(f.Hash).path(f.Path)
		}
	}
}

// commits returns the history of the tips, each commit before its parents. Commits that are missing
// end it; if grafts or replaced objects make a circle it's a gap, and there is no history.
func (t *tracer) commits(ctx context.Context, tips []object.Hash) ([]*node, error) {
	tips = slices.Clone(tips)
	for h := range t.repo.history.replaced {
		if original, err := t.original(h); err == nil {
			tips = append(append(tips, h), original.Parents...)
		}
	}
	tips = slices.DeleteFunc(tips, func(h object.Hash) bool {
		_, err := t.repo.Commit(h)
		if err != nil {
			t.gap(err)
		}
		return err != nil
	})
	nodes, cuts, err := t.repo.between(ctx, tips, nil)
	if err != nil && ctx.Err() == nil {
		t.gap(err)
		return nil, nil
	}
	for _, cut := range cuts {
		if !t.repo.IsShallow(cut.Commit) || !errors.Is(cut.Err, ErrMissing) {
			t.gap(cut.Err)
		}
	}
	return nodes, err
}

// tree notes which of the blobs a commit brings whose tree is now and whose parents' trees were was.
func (t *tracer) tree(ctx context.Context, commit, now object.Hash, was []object.Hash) {
	if !t.inside(ctx, now) {
		return
	}
	w := walker{repo: t.repo, additions: true, enter: func(tree object.Hash) bool { return t.inside(ctx, tree) }}
	w.yield = func(ch Change, err error) bool {
		if err != nil { // too deep or too large; one that can't be read isn't entered
			t.gap(fmt.Errorf("commit %s: %w", commit, err))
		} else if t.want[ch.Hash] {
			t.origin(ch.Hash).brought(commit, ch.Path)
		}
		return true
	}
	w.walk(ctx, now, was)
}

// replaced notes what the original of a commit brings, if the commit has been replaced. The error is the context's.
func (t *tracer) replaced(ctx context.Context, h object.Hash, trees map[object.Hash]object.Hash) error {
	if _, ok := t.repo.history.replaced[h]; ok {
		c, err := t.original(h)
		if err != nil {
			t.gap(err)
			return ctx.Err()
		}
		was := make([]object.Hash, min(len(c.Parents), maxParents))
		for i, p := range c.Parents[:len(was)] {
			was[i] = trees[p] // none if it comes only later: then more counts as new than is
		}
		t.tree(ctx, h, c.Tree, was)
	}
	return ctx.Err()
}

// original reads a commit as it is, replaced or not.
func (t *tracer) original(h object.Hash) (*object.Commit, error) {
	kind, data, err := t.repo.objects.Read(h)
	if err != nil {
		return nil, err
	}
	if kind != object.KindCommit {
		return nil, fmt.Errorf("object %s: %w", h, ErrNotCommit)
	}
	return object.ParseCommit(h, data)
}

// inside reports whether one of the blobs is in a tree or below it. Each tree is read once; what can't
// be read is a gap.
func (t *tracer) inside(ctx context.Context, root object.Hash) bool {
	if held, ok := t.holds[t.key(root)]; ok {
		return held
	}
	stack := []frame{t.enter(root)}
	for ctx.Err() == nil {
		top := &stack[len(stack)-1]
		if len(top.trees) == 0 {
			held := top.held
			t.holds[t.key(top.tree)] = held
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return held
			}
			stack[len(stack)-1].held = stack[len(stack)-1].held || held
			continue
		}
		next := top.trees[0]
		top.trees = top.trees[1:]
		if held, ok := t.holds[t.key(next)]; ok {
			top.held = top.held || held
		} else {
			stack = append(stack, t.enter(next))
		}
	}
	return false
}

// A frame is a tree on the way down to the blobs: the trees in it that are still to be looked at, and whether
// any of the blobs has been found.
type frame struct {
	tree  object.Hash
	trees []object.Hash
	held  bool
}

// enter reads a tree for what it holds. It's a hot place, so that names are passed over and not kept.
func (t *tracer) enter(h object.Hash) frame {
	f := frame{tree: h}
	t.holds[t.key(h)] = false // so that a tree that is replaced by one around it doesn't lead in a circle
	data, err := t.repo.read(h, object.KindTree)
	size := t.repo.format.Size()
	for err == nil && len(data) > 0 {
		end := bytes.IndexByte(data, 0)
		if end < 0 || len(data) < end+1+size {
			err = errTreeEnd
			break
		}
		link, hashErr := object.HashFromBytes(data[end+1 : end+1+size])
		switch {
		case hashErr != nil:
			err = hashErr
		case isTreeMode(data):
			f.trees = append(f.trees, link)
		default: // a submodule's commit isn't among the blobs
			f.held = f.held || t.want[link]
		}
		data = data[end+1+size:]
	}
	if err != nil {
		t.gap(fmt.Errorf("tree %s: %w", h, err))
	}
	return f
}

var errTreeEnd = errors.New("it ends inside an entry")

// isTreeMode reports whether the entry that data begins with is a directory: 40000, or any mode of that type.
func isTreeMode(data []byte) bool {
	mode := 0
	for _, c := range data {
		if c < '0' || '7' < c {
			break
		}
		mode = mode<<3 | int(c-'0')
	}
	return mode&0o170000 == modeTree
}

func (t *tracer) key(h object.Hash) uint64 { return maphash.Comparable(t.seed, h) }

// head notes where in HEAD's tree the blobs are.
func (t *tracer) head(ctx context.Context) {
	h, err := t.repo.Resolve("HEAD")
	if err != nil {
		return // an unborn or broken HEAD has nothing; a broken one was told with the refs
	}
	tree, err := t.repo.treeOf(h)
	if err != nil || !t.inside(ctx, tree) {
		return
	}
	w := walker{repo: t.repo, additions: true, enter: func(tree object.Hash) bool { return t.inside(ctx, tree) }}
	w.yield = func(ch Change, err error) bool {
		if err == nil && t.want[ch.Hash] {
			o := t.origin(ch.Hash)
			o.AtHead = add(o.AtHead, ch.Path)
		}
		return true
	}
	w.walk(ctx, tree, nil)
}

func (t *tracer) origin(blob object.Hash) *Origin {
	o := t.found[blob]
	if o == nil {
		o = &Origin{}
		t.found[blob] = o
	}
	return o
}

func (o *Origin) brought(commit object.Hash, path string) {
	if n := len(o.Commits); n < MaxOrigins && (n == 0 || o.Commits[n-1] != commit) {
		o.Commits = append(o.Commits, commit)
	}
	o.path(path)
}

func (o *Origin) path(path string) { o.Paths = add(o.Paths, path) }

// add appends a path unless it's there, or too many are.
func add(paths []string, path string) []string {
	if len(paths) >= MaxOrigins || slices.Contains(paths, path) {
		return paths
	}
	return append(paths, path)
}
