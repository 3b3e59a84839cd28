package source

import (
	"context"
	"fmt"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// messagePath stands for the message of a commit in reports. No tracked file can have
// it, and it is where git itself keeps a message that is being written.
const messagePath = ".git/COMMIT_EDITMSG"

// A commitRange is all that a change brings: what each commit that head reaches and no
// base does adds to the tree, a merge what its parents all lack, and the messages.
type commitRange struct {
	*news
	scanned scan.Scanned
	commits []*object.Commit
	gaps    []*scan.Gap
	cut     bool // the clone ends within the range
}

// newRange lists the commits of a range. What can't be listed is a gap of it.
func newRange(ctx context.Context, repo *git.Repo, head object.Hash, bases []object.Hash, finder *scan.Finder) *commitRange {
	r := &commitRange{news: newNews(repo, finder), scanned: scan.Scanned{Mode: "range", Head: head.String()}}
	if len(bases) > 0 {
		r.scanned.Base = bases[0].String()
	}
	span, err := repo.Range(ctx, []object.Hash{head}, bases)
	if err != nil {
		r.gap(head, fmt.Errorf("listing the commits of the range: %w", err))
		return r
	}
	within := make(map[object.Hash]bool, len(span.Commits))
	for _, h := range span.Commits {
		within[h] = true
		c, err := repo.Commit(h)
		if err != nil {
			r.gap(h, fmt.Errorf("reading a commit of the range: %w", err))
			continue
		}
		r.commits = append(r.commits, c)
	}
	r.cut = len(span.Cuts) > 0
	for _, cut := range span.Cuts {
		r.gap(cut.Commit, r.before(cut))
	}
	for _, c := range r.commits {
		for _, p := range c.Parents {
			if !within[p] {
				within[p] = true // once
				if before, err := repo.Commit(p); err == nil {
					r.bounds = append(r.bounds, before.Tree)
				}
			}
		}
	}
	return r
}

// before says why what is before a commit of the range can't be told from what is new.
func (r *commitRange) before(cut git.Cut) error {
	err := fmt.Errorf("what is before commit %.12s is not in this clone, so all its files count as new: %w", cut.Commit, cut.Err)
	if r.repo.IsShallow(cut.Commit) {
		return fault.As(fault.ShallowChange, err)
	}
	return stored(err)
}

// gap notes what can't be read of the range.
func (r *commitRange) gap(commit object.Hash, why error) {
	g := &scan.Gap{Why: stored(why)}
	if !commit.IsZero() {
		g.Place.Commit = commit.String()
	}
	r.gaps = append(r.gaps, g)
}

// Scanned implements scan.Source.
func (r *commitRange) Scanned() scan.Scanned {
	s := r.scanned
	s.Commits = len(r.commits)
	return s
}

// Each implements scan.Source. All changes are listed before the first blob is looked
// at, so that a blob which many commits bring is looked at once.
func (r *commitRange) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, g := range r.gaps {
		miss(g)
	}
	named, called := newPeople(look), r.called(look)
	for _, c := range r.commits {
		if ctx.Err() != nil {
			return
		}
		place := scan.Place{Path: messagePath, Commit: c.Hash.String(), AuthorDate: c.AuthorDate}
		look(scan.Blob{Places: []scan.Place{place}, Data: c.Message})
		named.tell(c, place)
		named.headers(c.Headers(), place, commitHeaders)
		r.list(ctx, c, place, called, miss)
	}
	called.flush()
	r.tags(ctx, named)
	each(ctx, jobs, r.order, func(f *fresh) { look(r.blob(f)) })
}

// tags looks at the messages of the annotated tags that name commits of the range. A tag
// that can't be read names none, as far as anybody can tell.
func (r *commitRange) tags(ctx context.Context, named *people) {
	within := make(map[object.Hash]bool, len(r.commits))
	for _, c := range r.commits {
		within[c.Hash] = true
	}
	for tag, err := range r.repo.Tags(ctx, "refs/tags/", func(h object.Hash) bool { return within[h] }) {
		if err == nil {
			named.tag(tag)
		}
	}
}

// list adds every blob that c brings, and notes the blobs that it takes away.
func (r *commitRange) list(ctx context.Context, c *object.Commit, place scan.Place, called *calls, miss func(*scan.Gap)) {
	for change, err := range r.repo.Changes(ctx, c) {
		place.Path = change.Path
		switch {
		case err != nil:
			miss(&scan.Gap{Place: place, Why: stored(fmt.Errorf("listing what commit %.12s brings: %w", c.Hash, err))})
		case change.Hash.IsZero():
			r.remove(place, change.Old)
		default:
			called.add(place)
			r.add(place, change.Hash, change.Old)
		}
	}
}
