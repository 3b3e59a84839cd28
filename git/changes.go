package git

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/bbkeys/bbkeys/git/object"
)

// A Change is what a commit does to a path: it brings the blob Hash there, or removes the path, Hash being zero.
type Change struct {
	File
	// Old is the blob that the path held before, one for each of the commit's parents in their order; zero where it
	// held none, or where the parent isn't in the repository. Of an octopus with more than 1000
	// parents only those are compared.
	Old []object.Hash
}

// Changes yields what the commit c brings: for a commit with one parent each path whose blob is
// added or modified, and each removed; for a merge each path that differs from all of its
// parents (what resolving it brought, as in git diff-tree -c) and, if there is any, each
// path that some parent has and the merge hasn't, as the place where the new may come from.
// A commit without parents, or whose parents aren't in the repository (a Cut of Range), brings
// all its files. A mode that changes alone is no change, nor is anything of a submodule.
//
// A directory that can't be read is an error beside a Change with nothing but its path, and the
// others go on; where it's the parent's, its files count as absent there.
func (r *Repo) Changes(ctx context.Context, c *object.Commit) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		was := make([]object.Hash, min(len(c.Parents), maxParents))
		for i, p := range c.Parents[:len(was)] {
			tree, err := r.treeOf(p)
			if err != nil && !errors.Is(err, ErrMissing) {
				if !yield(Change{}, fmt.Errorf("parent of commit %s: %w", c.Hash, err)) {
					return
				}
			}
			was[i] = tree
		}
		brought := false
		w := walker{repo: r, additions: true, removals: len(was) == 1, yield: func(ch Change, err error) bool {
			brought = true
			return yield(ch, err)
		}}
		if w.walk(ctx, c.Tree, was) && brought && len(was) > 1 {
			w = walker{repo: r, removals: true, yield: yield}
			w.walk(ctx, c.Tree, was)
		}
	}
}

// maxParents is how many parents a commit is compared with; the largest octopus known has 66. With
// fewer parents more counts as new, never less.
const maxParents = 1000

// treeOf returns the tree of a commit; the zero hash beside an error.
func (r *Repo) treeOf(h object.Hash) (object.Hash, error) {
	c, err := r.Commit(h)
	if err != nil {
		return object.Hash{}, err
	}
	return c.Tree, nil
}
