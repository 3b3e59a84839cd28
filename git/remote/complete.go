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

// Objects is what a clone has; *odb.DB is one.
type Objects interface {
	// Has tells whether an object is there.
	Has(object.Hash) bool
	// Read reads an object; the error wraps odb.ErrMissing where it isn't there.
	Read(object.Hash) (object.Kind, []byte, error)
}

// A Change is what is to be completed: all that Head reaches and Base does not.
type Change struct {
	// Local is the clone.
	Local Objects
	// Head is a commit of the server, or one that the clone alone has, such as a merge
	// that a CI made, then with parents that are one or the other.
	Head object.Hash
	// Base is a commit of the server, which the clone need not have.
	Base object.Hash
}

// A Completed change is one all of whose commits and trees can be read from the clone
// and what was fetched taken together.
type Completed struct {
	// Commits are those of the change, each before its parents.
	Commits []object.Hash
	// Boundary are the commits that the change begins after: the parents of Commits that
	// are not of the change, or Head if there are no Commits. They and what of their trees the
	// change touches can be read, their own parents need not be there. A walk from Head that
	// leaves them out finds Commits. There are none if Head and Base have no commit in common.
	Boundary []object.Hash
	// Missed says why blobs of the change are missing, nil if none is.
	Missed error
}

// gather is a change being completed.
type gather struct {
	*Remote
	Change
	tips    []object.Hash // what of the clone the server has, from Head on
	commits map[object.Hash]*object.Commit
}

// maxLocal bounds how many commits the clone may have that the server hasn't.
const maxLocal = 100

// Complete fetches what the clone lacks of a change: the commits; the trees of these and of
// their parents, as far as they differ; the blobs that are new in them, and those that they
// replace or remove. The error wraps ErrUnknown if the server does not have Head or
// Base, as after a forced push, and ErrDenied, ErrUnreachable or ErrLimit.
//
// The server works out which commits the change has: it is told that Base is here
// already. So the cost depends neither on how deep in the history Base is, nor on how
// deep the clone is. The trees come with the commits, but for what the trees on the other side
// have in common with them; then the blobs are asked for by name. That takes
// four requests. To ask for trees one by one would spare a few more and
// take a request for each level of directories, so this is done for those that did not come. Servers
// that can't leave out blobs send them right away.
func (r *Remote) Complete(ctx context.Context, c Change) (*Completed, error) {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	g := &gather{Remote: r, Change: c, commits: map[object.Hash]*object.Commit{}}
	done, err := g.complete(ctx)
	if err != nil {
		return nil, r.failed(fmt.Sprintf("fetch the change %.12s..%.12s from", c.Base, c.Head), err)
	}
	if done.Missed != nil {
		done.Missed = r.failed("fetch files of the change from", done.Missed)
	}
	return done, nil
}

func (g *gather) complete(ctx context.Context) (*Completed, error) {
	if g.Head.Format() != g.can.format || g.Base.Format() != g.can.format {
		return nil, fmt.Errorf("the server names objects by %v and the clone does not", g.can.format)
	}
	done := &Completed{}
	if g.Head != g.Base {
		var err error
		if done.Commits, done.Boundary, err = g.span(ctx); err != nil {
			return nil, err
		}
	}
	if len(done.Commits) == 0 {
		done.Boundary = []object.Hash{g.Head}
	}
	if err := g.begin(ctx, done.Boundary); err != nil {
		return nil, err
	}
	w := &walk{gather: g, seen: map[string]bool{}, need: map[object.Hash]bool{}}
	if err := w.commitsOf(ctx, done.Commits); err != nil {
		return nil, err
	}
	done.Missed = g.blobs(ctx, w.needed())
	if err := context.Cause(ctx); err != nil && !errors.Is(err, ErrLimit) {
		return nil, err
	}
	return done, nil
}

// Has and Read look into the clone and into what was fetched.
func (g *gather) Has(h object.Hash) bool {
	return g.db != nil && g.db.Has(h) || g.Local.Has(h)
}

func (g *gather) Read(h object.Hash) (object.Kind, []byte, error) {
	if g.db != nil && g.db.Has(h) {
		return g.db.Read(h)
	}
	return g.Local.Read(h)
}

// span fetches the commits of the change, and sorts out what they are.
func (g *gather) span(ctx context.Context) (change, boundary []object.Hash, err error) {
	p, wants, own, err := g.ask(ctx)
	if err != nil {
		return nil, nil, err
	}
	if p.cut {
		return nil, nil, errors.New("the server's own history is cut off")
	}
	if len(p.fetched) > 0 && !slices.ContainsFunc(wants, p.has) {
		return nil, nil, errors.New("the server sends what was not asked for")
	}
	in := func(h object.Hash) bool { return own[h] || p.has(h) }
	// What Base reaches was left out by the server, unless it sends more than it must.
	old, err := g.reach(ctx, g.Base, in, nil)
	if err != nil {
		return nil, nil, err
	}
	found, err := g.reach(ctx, g.Head, in, old)
	if err != nil {
		return nil, nil, err
	}
	edge := map[object.Hash]bool{}
	for h := range found {
		for _, parent := range g.commits[h].Parents {
			if !found[parent] {
				edge[parent] = true
			}
		}
	}
	for h := range edge {
		boundary = append(boundary, h)
	}
	slices.SortFunc(boundary, object.Hash.Compare)
	return g.sorted(found), boundary, nil
}

// ask fetches commits. Where the clone has commits of its own on top, own, its
// request is for those below.
func (g *gather) ask(ctx context.Context) (p *reply, wants []object.Hash, own map[object.Hash]bool, err error) {
	wants, own = []object.Hash{g.Head}, map[object.Hash]bool{}
	for len(own) <= maxLocal {
		if wants = slices.DeleteFunc(wants, func(h object.Hash) bool { return h == g.Base }); len(wants) == 0 {
			return &reply{}, nil, own, nil
		}
		p, err = g.since(ctx, wants)
		refusal := new(said)
		if err == nil || !errors.As(err, &refusal) {
			g.tips = slices.DeleteFunc(slices.Clone(wants), func(h object.Hash) bool { return !g.Local.Has(h) })
			return p, wants, own, err
		}
		i := slices.IndexFunc(wants, func(h object.Hash) bool { return strings.Contains(refusal.text, h.String()) })
		if i < 0 {
			return nil, nil, nil, err
		}
		h := wants[i]
		c, err := readCommit(g.Local, h)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("commit %v: %w, nor does the clone: %w", h, ErrUnknown, err)
		}
		own[h] = true
		wants = slices.Delete(wants, i, i+1)
		for _, parent := range c.Parents {
			if !slices.Contains(wants, parent) && !own[parent] {
				wants = append(wants, parent)
			}
		}
	}
	return nil, nil, nil, fmt.Errorf("the clone has more than %d commits that the server hasn't: %w", maxLocal, ErrUnknown)
}

// since fetches the commits that wants reach and Base doesn't.
func (g *gather) since(ctx context.Context, wants []object.Hash) (*reply, error) {
	q := request{without: noBlobs, wants: wants, haves: []object.Hash{g.Base}}
	p, err := g.fetch(ctx, q)
	if err != nil || p.packed {
		return p, err
	}
	if !slices.Contains(p.known, g.Base) {
		return nil, fmt.Errorf("the base %v: %w", g.Base, ErrUnknown)
	}
	q.done = true // the server knows it and sees no connection, or would like to hear more
	if p, err = g.fetch(ctx, q); err == nil && !p.packed {
		err = errors.New("the server sends no pack")
	}
	return p, err
}

// reach is the set of commits from tip on that are in, and not in but.
func (g *gather) reach(ctx context.Context, tip object.Hash, in func(object.Hash) bool, but map[object.Hash]bool) (map[object.Hash]bool, error) {
	found := map[object.Hash]bool{}
	for todo := []object.Hash{tip}; len(todo) > 0; {
		h := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if found[h] || but[h] || !in(h) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found[h] = true
		c, err := g.commit(h)
		if err != nil {
			return nil, err
		}
		todo = append(todo, c.Parents...)
	}
	return found, nil
}

// commit reads a commit of either side, once.
func (g *gather) commit(h object.Hash) (*object.Commit, error) {
	if c := g.commits[h]; c != nil {
		return c, nil
	}
	c, err := readCommit(g, h)
	if err != nil {
		return nil, err
	}
	c.Message, c.Author = nil, ""
	g.commits[h] = c
	return c, nil
}

// sorted is the set with each commit before its parents, from Head on.
func (g *gather) sorted(set map[object.Hash]bool) []object.Hash {
	children := map[object.Hash]int{}
	for h := range set {
		for _, parent := range g.commits[h].Parents {
			children[parent]++
		}
	}
	var list []object.Hash
	if set[g.Head] {
		list = append(list, g.Head)
	}
	for i := 0; i < len(list); i++ {
		for _, parent := range g.commits[list[i]].Parents {
			if children[parent]--; children[parent] == 0 && set[parent] {
				list = append(list, parent)
			}
		}
	}
	return list
}

// begin fetches the commits that the change begins after.
func (g *gather) begin(ctx context.Context, boundary []object.Hash) error {
	lacking := slices.DeleteFunc(slices.Clone(boundary), func(h object.Hash) bool { return g.Has(h) && !g.bare[h] })
	if len(lacking) == 0 {
		return nil
	}
	// Their trees come along but for what the clone's own commits have in theirs: of these
	// we claim the trees and not the parents, which holds for all but partial clones. Without such
	// commits, all trees would come, so that it is better to ask for them one by one.
	whole := request{without: noTrees, wants: lacking, depth: 1, done: true}
	q := whole
	if len(g.tips) > 0 {
		q.without, q.haves, q.shallow, q.base = noBlobs, g.tips, g.tips, g.Read
	}
	_, err := g.fetch(ctx, q)
	if errors.Is(err, odb.ErrMissing) {
		_, err = g.fetch(ctx, whole)
	}
	if err != nil {
		return err
	}
	for _, h := range lacking {
		if !g.Has(h) {
			return fmt.Errorf("the server leaves out commit %v", h)
		}
	}
	return nil
}
