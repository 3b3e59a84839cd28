package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	if p.job.Origin.URL == "" {
		return nil, errNoOrigin
	}
	dir, err := os.MkdirTemp("", "bbkeys-")
	if err != nil {
		return nil, fault.New(fault.NoTempFolder, "making a folder for what is fetched: %w", err)
	}
	src, err := p.fetch(ctx, repo, ends, dir)
	if err != nil {
		return nil, errors.Join(coded(fault.FetchFailed, err), os.RemoveAll(dir))
	}
	return src, nil
}

// fetch is fetched, into dir.
func (p planner) fetch(ctx context.Context, repo *git.Repo, ends ci.Ends, dir string) (*commitRange, error) {
	objects := filepath.Join(dir, "objects")
	if err := os.Mkdir(objects, 0o700); err != nil {
		return nil, fault.New(fault.NoTempFolder, "making a folder for what is fetched: %w", err)
	}
	from, err := p.connect(ctx, objects)
	if err != nil {
		return nil, err
	}
	defer from.Close() //nolint:errcheck // what was fetched is checked when it is read
	f := finder{repo, from, p.target()}
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
	whole, err := git.Open(p.dir, git.Options{Within: p.within(""), Also: []string{objects}})
	if err != nil {
		return nil, err
	}
	r := newRange(ctx, whole, head, done.Boundary, p.req.Finder)
	r.scanned.Base, r.folder = base.String(), dir
	if done.Missed != nil {
		r.gap(head, coded(fault.FetchFailed, done.Missed))
	}
	return r, nil
}

// connect connects to the origin, by the first of its proxies that is there.
func (p planner) connect(ctx context.Context, objects string) (*remote.Remote, error) {
	origin := p.job.Origin
	server := remote.Server{URL: origin.URL, Authorization: origin.Authorization}
	if len(origin.Proxies) == 0 {
		return remote.Connect(ctx, server, objects)
	}
	var failed error
	for _, server.Proxy = range origin.Proxies {
		from, err := remote.Connect(ctx, server, objects)
		if err == nil || !errors.Is(err, remote.ErrUnreachable) {
			return from, err
		}
		failed = cmp.Or(failed, err)
	}
	return nil, failed
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
	if h, err := f.repo.Resolve(cmp.Or(rev, "HEAD")); err == nil {
		return h, nil
	}
	if ci.Commit(rev) != "" {
		return f.from.Expand(ctx, rev, f.target)
	}
	return f.from.Resolve(ctx, strings.TrimPrefix(strings.TrimPrefix(rev, "refs/remotes/"), "origin/"))
}
