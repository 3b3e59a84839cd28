package git

import (
	"context"
	"errors"
	"fmt"
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
// at, in the history of all refs and of the commits also, such as those of Reflog; originals
// of replaced commits included. A blob that no commit of that history has isn't in the result.
//
// All trees of the repository are read first, each once and jobs at a time, for which of
// them have one of the blobs somewhere inside; then only the commits whose trees differ in that from
// their parents' are compared with those. What can't be read, a commit or a directory or a
// ref, is told in gaps, and the rest is traced nevertheless; a merely shallow clone is no gap.
// The error is the context's.
func (r *Repo) Trace(ctx context.Context, jobs int, blobs, also []object.Hash) (found map[object.Hash]*Origin, gaps []error, err error) {
	t := &tracer{repo: r, want: map[object.Hash]bool{}, found: map[object.Hash]*Origin{}}
	for _, h := range blobs {
		t.want[h] = true
	}
	tips := append(t.allTips(ctx), also...)
	t.census = newCensus(t.want, r)
	if err := t.census.count(ctx, r.objects, jobs); err != nil {
		return nil, nil, err
	}
	commits, err := t.commits(ctx, tips)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range slices.Backward(commits.kept) {
		t.commit(ctx, n.hash, n.tree, n.parents, commits.nodes)
		if err := t.replaced(ctx, n.hash, commits.nodes); err != nil {
			return nil, nil, err
		}
	}
	t.head(ctx)
	return t.found, t.gaps, ctx.Err()
}

// A tracer is a Trace on its way.
type tracer struct {
	repo   *Repo
	want   map[object.Hash]bool
	found  map[object.Hash]*Origin
	gaps   []error
	census *census
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
func (t *tracer) commits(ctx context.Context, tips []object.Hash) (*painter, error) {
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
	p, err := t.repo.between(ctx, tips, nil)
	if err != nil && ctx.Err() == nil {
		t.gap(err)
		return &painter{}, nil
	}
	if err != nil {
		return nil, err
	}
	for _, cut := range p.cuts {
		if !t.repo.IsShallow(cut.Commit) || !errors.Is(cut.Err, ErrMissing) {
			t.gap(cut.Err)
		}
	}
	return p, nil
}

// commit notes which of the blobs a commit brings whose tree is now; before has its parents.
func (t *tracer) commit(ctx context.Context, commit, now object.Hash, parents []object.Hash, before map[object.Hash]*node) {
	mark := t.mark(ctx, now)
	if mark == 0 {
		return
	}
	was := make([]object.Hash, min(len(parents), maxParents))
	for i, p := range parents[:len(was)] {
		n := before[p]
		if n == nil || n.err != nil {
			continue // a commit that isn't here, which was told as a gap
		}
		if t.mark(ctx, n.tree) == mark {
			return // whatever is here was there
		}
		was[i] = n.tree
	}
	w := walker{repo: t.repo, additions: true, enter: func(tree object.Hash) bool { return t.mark(ctx, tree) != 0 }}
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
func (t *tracer) replaced(ctx context.Context, h object.Hash, before map[object.Hash]*node) error {
	if _, ok := t.repo.history.replaced[h]; ok {
		c, err := t.original(h)
		if err != nil {
			t.gap(err)
			return ctx.Err()
		}
		t.commit(ctx, h, c.Tree, c.Parents, before)
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

// head notes where in HEAD's tree the blobs are.
func (t *tracer) head(ctx context.Context) {
	h, err := t.repo.Resolve("HEAD")
	if err != nil {
		return // an unborn or broken HEAD has nothing; a broken one was told with the refs
	}
	tree, err := t.repo.treeOf(h)
	if err != nil || t.mark(ctx, tree) == 0 {
		return
	}
	w := walker{repo: t.repo, additions: true, enter: func(tree object.Hash) bool { return t.mark(ctx, tree) != 0 }}
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
