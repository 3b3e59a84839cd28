package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/remote"
)

// errNoOrigin is why nothing is fetched where the job names nothing to fetch from.
var errNoOrigin = errors.New("the job names no server to fetch it from")

// fetched plans a change that the clone lacks a part of, after fetching that part from
// where the clone came from. The checkout is not touched: what comes is kept in a folder
// of its own until the scan is done.
func (p planner) fetched(ctx context.Context, repo *git.Repo, ends ci.Ends) (*commitRange, error) {
	r, err := p.fetch(ctx, repo, ends)
	if err != nil && !errors.Is(err, errNoOrigin) {
		err = coded(fault.FetchFailed, err)
	}
	return r, err
}

func (p planner) fetch(ctx context.Context, repo *git.Repo, ends ci.Ends) (*commitRange, error) {
	from, err := p.server(ctx)
	if err != nil {
		return nil, err
	}
	f := finder{p, repo, from, p.target()}
	head, err := f.find(ctx, ends.Head)
	if err != nil {
		return nil, err
	}
	if err := merges(repo, head, ends); err != nil {
		return nil, err
	}
	base, err := f.find(ctx, ends.Base)
	if err != nil {
		return nil, err
	}
	done, err := from.Complete(ctx, remote.Change{Local: repo.Objects(), Head: head, Base: base})
	if err != nil {
		return nil, err
	}
	if err := repo.Add(p.objects()); err != nil {
		return nil, err
	}
	r := newRange(ctx, repo, head, done.Boundary, p.req.Finder)
	r.scanned.Base = base.String()
	if done.Missed != nil {
		r.gap(head, coded(fault.FetchFailed, done.Missed))
	}
	return r, nil
}

// target returns the branch that the change is measured by, as far as the CI names it.
func (p planner) target() string {
	for _, ends := range p.job.Change.Ends {
		if branch, ok := strings.CutPrefix(ends.Base, originRefs); ok {
			return branch
		}
	}
	return ""
}

// originRefs begins the refs under which a clone keeps the branches of its origin.
const originRefs = "refs/remotes/origin/"

// A finder finds commits in a clone and at the server that it came from.
type finder struct {
	p      planner
	repo   *git.Repo
	from   *remote.Remote
	target string // the branch in whose history shortened names are looked up
}

// find returns the commit that one end of a change names. The commit itself need not be
// in the clone.
func (f finder) find(ctx context.Context, rev string) (object.Hash, error) {
	if h, err := object.ParseHash(rev); err == nil {
		return h, nil
	}
	if merge, ok := strings.CutSuffix(rev, "^1"); ok {
		// A commit names its parents even where a shallow clone ends with it.
		if h, err := object.ParseHash(merge); err == nil {
			c, err := f.repo.Commit(h)
			if err != nil {
				return h, err
			}
			if len(c.Parents) == 0 {
				return h, fmt.Errorf("commit %.12s has no parent", merge)
			}
			return c.Parents[0], nil
		}
	}
	if h, err := f.p.commit(f.repo, cmp.Or(rev, "HEAD")); err == nil {
		return h, nil
	}
	if ci.Commit(rev) != "" {
		return f.from.Expand(ctx, rev, f.target)
	}
	return f.from.Resolve(ctx, strings.TrimPrefix(strings.TrimPrefix(rev, "refs/remotes/"), "origin/"))
}
