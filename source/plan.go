// Package source turns what was asked for and what a CI says into a plan, and yields the
// blobs to look at: those of a checkout or of a range of commits.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// A Request is what the user asked for. Empty fields leave it to the CI.
type Request struct {
	Mode       string // "auto", "checkout", "range", "history" or "staged"
	Base, Head string // revisions
	// Unreachable asks a history for what no ref reaches too.
	Unreachable bool
	Finder      *scan.Finder // tells which credentials were there before
}

// Plan decides what to look at: the one place where a request and a job meet. Its error
// is an *exit.Error of status Usage. What can't be had although the job names it is no
// error but a gap of the report.
func (c *Checkout) Plan(ctx context.Context, req Request) (scan.Source, error) {
	p := planner{c, req}
	switch change := c.job.Change; {
	case req.Mode == "checkout":
		return p.checkout(""), nil
	case req.Mode == "history" || req.Mode == "staged":
		return p.stored()
	case named(req.Base) || named(req.Head):
		return p.asked(ctx)
	case change.Nothing != "":
		return none{scan.Scanned{Mode: "none", Note: change.Nothing}, nil}, nil
	case change.Named():
		return p.named(ctx)
	case req.Mode == "range":
		return nil, exit.Usagef(fault.NoRange, "name where it begins with --base, and where it ends with --head unless that is HEAD",
			"planning a range: neither you nor the CI names one")
	}
	return p.checkout(""), nil
}

// directory returns the root of the checkout.
func directory(asked, said string) (string, error) {
	dir := asked
	if dir == "" {
		dir = said
	}
	if dir == "" {
		dir = "."
	}
	info, err := os.Stat(dir)
	if pe := new(fs.PathError); errors.As(err, &pe) {
		err = pe.Err
	}
	switch {
	case err != nil:
		return "", exit.Usagef(fault.NoCheckout, "name the folder of the checkout; in a container, mount it first", "opening the checkout %q: %w", dir, err)
	case !info.IsDir() && !info.Mode().IsRegular():
		return "", exit.Usagef(fault.NoCheckout, "name a folder or a file", "opening the checkout %q: it is neither a folder nor a file", dir)
	}
	if abs, err := filepath.Abs(dir); err == nil && asked == "" && abs == "/" {
		return "", exit.Usagef(fault.NoWorkspace, `mount the checkout and start there: docker run -v "$PWD:/src" -w /src …`,
			"opening the checkout: none is named, and the working directory is the root of the file system")
	}
	return dir, nil
}

// A planner has what a plan depends on.
type planner struct {
	*Checkout
	req Request
}

// checkout plans to look at the working tree.
func (p planner) checkout(note string, gaps ...*scan.Gap) scan.Source {
	files := &tree{root: p.dir, repo: p.repo, within: p.within(p.dir), cloned: p.job.Cloned, scanned: scan.Scanned{Mode: "checkout", Note: note}, gaps: gaps}
	if repo, err := p.whole(); err == nil && repo.Bare() {
		return bare{files, &history{repo: repo, unreachable: p.req.Unreachable}}
	}
	return files
}

// stored plans to look at what the repository holds.
func (p planner) stored() (scan.Source, error) {
	repo, err := p.whole()
	if err != nil {
		return nil, exit.Usagef(unopened(err), "start in a git checkout", "planning to scan the %s: %w", p.req.Mode, err)
	}
	if p.req.Mode == "history" {
		return &history{repo: repo, unreachable: p.req.Unreachable}, nil
	}
	s, err := newStaged(repo, p.req.Finder, p.index())
	if err != nil {
		return p.checkout("", &scan.Gap{Why: coded(fault.BadIndex, fmt.Errorf("what is staged was not looked at, the checkout was: %w", err))}), nil
	}
	return s, nil
}

// index is the index that git makes a commit from, where that is another one than usual
// and the job is about the repository that git makes it in.
func (p planner) index() string {
	if p.path != "" {
		return ""
	}
	return p.job.Index
}

// named reports whether a revision is one: CIs say nothing, or zeros, where they have
// none, and templates hand that on.
func named(rev string) bool { return strings.Trim(rev, "0") != "" }

// asked plans a range whose ends the user named.
func (p planner) asked(ctx context.Context) (scan.Source, error) {
	repo, err := p.whole()
	if err != nil {
		return nil, exit.Usagef(unopened(err), "start in a git checkout, or leave out --base and --head", "planning a range: %w", err)
	}
	ends := ci.Ends{Base: p.req.Base, Head: p.req.Head}
	if said := p.job.Change.Ends; len(said) > 0 {
		ends.Base, ends.Head = ci.Or(ends.Base, said[0].Base), ci.Or(ends.Head, said[0].Head)
	}
	if !named(ends.Base) {
		return nil, exit.Usagef(fault.NoBase, "name where the range begins with --base", "planning a range: it has a head and no base")
	}
	src, err := p.span(ctx, repo, ends)
	switch {
	case err == nil:
		return src, nil
	case errors.Is(err, git.ErrMissing) || repo.Shallow():
		return p.checkout("", &scan.Gap{Why: absent(repo, fmt.Errorf("the range was not looked at, the checkout was: %w; fetch more history, such as fetch-depth: 0", err))}), nil
	}
	return nil, exit.Usagef(fault.UnknownRevision, "name a commit, a branch or a tag that git rev-parse knows", "planning a range: %w", err)
}

// named plans the change that the CI names.
func (p planner) named(ctx context.Context) (scan.Source, error) {
	change := p.job.Change
	repo, err := p.whole()
	if err != nil {
		return p.missed(coded(fault.NoHistory, fmt.Errorf("the change of this %s can't be read: %w", change.Event, err))), nil
	}
	ends := slices.Clone(change.Ends)
	if len(ends) == 0 {
		for _, ref := range change.Upstream {
			ends = append(ends, ci.Ends{Base: ref, Head: change.Head})
		}
	}
	src, err := p.span(ctx, repo, ends...)
	switch {
	case err == nil:
		return src, nil
	case len(change.Ends) == 0 && change.Guess:
		return p.checkout(fmt.Sprintf("the CI names no commit that this %s began at, so the checkout was looked at", change.Event)), nil
	case len(change.Ends) == 0 && !repo.Shallow():
		if head, err := p.commit(repo, change.Head); err == nil {
			return p.change(newRange(ctx, repo, head, nil, p.req.Finder), ""), nil
		}
	}
	return p.missed(absent(repo, fmt.Errorf("the change of this %s was not looked at: %w", change.Event, err))), nil
}

// span plans the range between the first ends that the repository has, and fetches what
// a clone lacks of it. Its error is about the best ends.
func (p planner) span(ctx context.Context, repo *git.Repo, candidates ...ci.Ends) (scan.Source, error) {
	why := error(nil)
	var here *commitRange
	from := "" // where here begins
	for _, ends := range candidates {
		base, head, err := p.resolve(repo, ends)
		if err == nil {
			if here = newRange(ctx, repo, head, []object.Hash{base}, p.req.Finder); !here.cut {
				return p.change(here, ends.Base), nil
			}
			from = ends.Base
			break
		}
		why = cmp.Or(why, err)
	}
	if why == nil && here == nil {
		why = errors.New("the CI names no commit that it began at")
	}
	var refused error
	for _, ends := range candidates {
		there, err := p.fetched(ctx, repo, ends)
		if err == nil {
			return p.change(there, ends.Base), nil
		}
		refused = cmp.Or(refused, err)
	}
	switch {
	case here != nil:
		if refused != nil && refused != errNoOrigin {
			here.gap(object.Hash{}, refused)
		}
		return p.change(here, from), nil
	case refused != nil && refused != errNoOrigin:
		why = fault.As(fault.Of(refused), fmt.Errorf("%w; %w", why, refused))
	}
	return nil, why
}

// missed plans for a change that can't be read: the checkout stands in, if it holds the
// change at all, and the gap is told.
func (p planner) missed(why error) scan.Source {
	if p.job.Change.Elsewhere {
		gap := &scan.Gap{Why: fault.As(fault.OtherCommit, why)}
		return none{scan.Scanned{Mode: "none", Note: "the checkout does not hold the change"}, []*scan.Gap{gap}}
	}
	return p.checkout("", &scan.Gap{Why: fault.Or(fault.NoBeginning, fmt.Errorf("%w; the checkout was looked at instead", why))})
}

// change is r, which begins at base, or the checkout where a change without commits stands for
// that. So it is with what is proposed for a branch that has all of it meanwhile: a build that
// is run again once it was merged would be green whatever it brought.
func (p planner) change(r *commitRange, base string) scan.Source {
	merged := p.job.Change.Proposed && base != p.req.Base && strings.HasPrefix(base, "refs/")
	if (p.job.Change.OrCheckout || merged) && len(r.commits) == 0 {
		return p.checkout("the "+p.job.Change.Event+" brings no commit of its own, so the checkout was looked at", r.gaps...)
	}
	return r
}

// resolve returns the commits that both ends name.
func (p planner) resolve(repo *git.Repo, ends ci.Ends) (base, head object.Hash, err error) {
	if head, err = p.commit(repo, ci.Or(ends.Head, "HEAD")); err != nil {
		return base, head, err
	}
	if err = merges(repo, head, ends); err != nil {
		return base, head, err
	}
	base, err = p.commit(repo, ends.Base)
	return base, head, err
}

// commit returns the commit that a revision names. What looks like a hash is one, or else a
// change could choose its own base with a branch or tag of that name. Where there is no such
// commit, what the user names can still be anything, and what the CI names can't.
func (p planner) commit(repo *git.Repo, rev string) (object.Hash, error) {
	if hash, _, _ := strings.Cut(rev, "^"); ci.Commit(hash) != "" {
		h, err := repo.ResolveHash(rev)
		if err == nil || rev != p.req.Base && rev != p.req.Head {
			return h, err
		}
	}
	return repo.Resolve(rev)
}

// merges checks what ends stand on: that head is the merge that the CI made.
func merges(repo *git.Repo, head object.Hash, ends ci.Ends) error {
	if ends.Merges == "" {
		return nil
	}
	commit, err := repo.Commit(head)
	if err != nil {
		return err
	}
	if len(commit.Parents) < 2 || commit.Parents[1].String() != ends.Merges {
		return fault.New(fault.OtherCommit, "commit %.12s is not the merge of %.12s that the CI makes", head, ends.Merges)
	}
	return nil
}

// none is a source of nothing, for a job that has nothing to scan or can't.
type none struct {
	scanned scan.Scanned
	gaps    []*scan.Gap
}

// Each implements scan.Source.
func (n none) Each(_ context.Context, _ int, _ func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, g := range n.gaps {
		miss(g)
	}
}

// Scanned implements scan.Source.
func (n none) Scanned() scan.Scanned { return n.scanned }
