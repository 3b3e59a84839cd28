package git

import (
	"context"
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
// at, in the history of the log. A blob that no commit of that
// history has isn't in the result.
//
// All trees of the repository are read first, each once and jobs at a time, for which of
// them have one of the blobs somewhere inside; then only the commits whose trees differ in that from
// their parents' are compared with those. What can't be read, such as a directory, is told in gaps, and the
// rest is traced nevertheless. The error is the context's.
func (l *Log) Trace(ctx context.Context, jobs int, blobs []object.Hash) (found map[object.Hash]*Origin, gaps []error, err error) {
	t := &tracer{repo: l.repo, want: map[object.Hash]bool{}, found: map[object.Hash]*Origin{}}
	for _, h := range blobs {
		t.want[h] = true
	}
	for _, ref := range l.loose {
		t.loose(ctx, ref)
	}
	t.census = newCensus(t.want, l.repo)
	if err := t.census.count(ctx, l.repo.objects, jobs); err != nil {
		return nil, nil, err
	}
	for _, n := range slices.Backward(l.commits.kept) {
		t.commit(ctx, n.hash, n.tree, n.parents, l.commits.nodes)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
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

func (t *tracer) gap(err error) { t.gaps = noted(t.gaps, err) }

// loose notes the blobs that a ref of a tree, or of a blob itself, holds: no commit has brought them.
func (t *tracer) loose(ctx context.Context, ref Ref) {
	if t.want[ref.Hash] {
		t.origin(ref.Hash).path(ref.Name)
		return
	}
	if kind, _, err := t.repo.objects.Stat(ref.Hash); err != nil || kind != object.KindTree {
		return
	}
	for f, err := range t.repo.Files(ctx, ref.Hash) {
		if err != nil {
			t.gap(fmt.Errorf("ref %s: %w", ref.Name, err))
		} else if t.want[f.Hash] {
			t.origin(f.Hash).path(f.Path)
		}
	}
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
