package git

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/bbkeys/bbkeys/git/object"
)

// A Span is a set of commits that a change consists of.
type Span struct {
	Commits []object.Hash // each before its parents, otherwise the newest first
	Cuts    []Cut         // of these, the ones behind which the repository ends
}

// A Cut is a commit of a Span some of whose parents can't be looked at, so that the change
// may have more commits, and what this one itself brings isn't known.
type Cut struct {
	Commit object.Hash
	Err    error // what is wrong with a parent; it is ErrMissing at the end of a shallow clone
}

// Range returns the commits that can be reached from include and not from exclude, as git rev-list
// does. All of both must be commits that are in the repository. The cost grows with the
// commits on either side that the other hasn't, not with the history.
//
// Without a commit-graph file the order of the dates tells where to stop. Where clocks ran so wrong that
// a commit is dated before hundreds of its ancestors, the result can hold commits that
// exclude reaches as well; it never lacks one.
func (r *Repo) Range(ctx context.Context, include, exclude []object.Hash) (*Span, error) {
	p, err := r.between(ctx, include, exclude)
	if err != nil {
		return nil, err
	}
	return &Span{Commits: p.hashes(), Cuts: p.cuts}, nil
}

// between is Range with all that is known of the commits, kept and cuts of the painter being those of the Span.
func (r *Repo) between(ctx context.Context, include, exclude []object.Hash) (*painter, error) {
	if g := r.graph(); g != nil {
		if p, err := r.paint(ctx, g, include, exclude); !errors.Is(err, errGraph) {
			return p, err
		}
	}
	return r.paint(ctx, nil, include, exclude)
}

// paint is between with a commit-graph or, where it's nil, without. It's errGraph if that lies.
func (r *Repo) paint(ctx context.Context, g *graph, include, exclude []object.Hash) (*painter, error) {
	p := newPainter(r, g, map[object.Hash]*node{})
	return p, p.walk(ctx, include, exclude)
}

// newPainter returns a painter that knows some commits already.
func newPainter(r *Repo, g *graph, known map[object.Hash]*node) *painter {
	return &painter{repo: r, graph: g, nodes: known, oldest: math.MaxInt64, lowest: unranked}
}

// walk finds the commits between the ends.
func (p *painter) walk(ctx context.Context, include, exclude []object.Hash) error {
	for _, tips := range []struct {
		hashes   []object.Hash
		excluded bool
	}{{exclude, true}, {include, false}} {
		for _, h := range tips.hashes {
			n := p.node(h)
			if n.err != nil {
				return fmt.Errorf("commits of the change: end %s: %w", h, n.err)
			}
			p.push(n)
			if tips.excluded {
				p.paint(n)
			}
		}
	}
	if err := p.run(ctx); err != nil {
		return err
	}
	return p.finish()
}

// A node is a commit on the way.
type node struct {
	hash     object.Hash
	tree     object.Hash
	parents  []object.Hash
	date     int64
	rank     uint64 // its generation by the commit-graph: higher than that of all its ancestors
	err      error  // why it can't be read
	excluded bool
	queued   bool  // is in the queue
	done     bool  // was in the queue
	graphed  bool  // its parents are known from the commit-graph alone
	children int32 // that aren't in the span yet, while it's put in order
}

// unranked is the rank of a commit that the commit-graph doesn't know, which none it knows can reach.
const unranked = math.MaxUint64

// A painter walks from the ends to older commits and paints what is excluded.
type painter struct {
	repo   *Repo
	graph  *graph
	nodes  map[object.Hash]*node
	queue  queue
	wanted int     // commits in the queue that aren't excluded
	kept   []*node // commits found, in the order found, of which some may be painted later; in the end in the span's order
	cuts   []Cut
	oldest int64  // the earliest date of kept
	lowest uint64 // the lowest rank of kept
}

// node returns the node of a commit, reading it if it's new.
func (p *painter) node(h object.Hash) *node {
	n := p.nodes[h]
	if n != nil {
		return n
	}
	n = &node{hash: h, rank: unranked}
	p.nodes[h] = n
	if p.graph != nil && p.graph.fill(n) {
		return n
	}
	c, err := p.repo.Commit(h)
	if err != nil {
		n.err = err
		return n
	}
	n.learn(c)
	return n
}

// hashes returns the commits found.
func (p *painter) hashes() []object.Hash {
	hashes := make([]object.Hash, len(p.kept))
	for i, n := range p.kept {
		hashes[i] = n.hash
	}
	return hashes
}

// learn takes over what a commit says.
func (n *node) learn(c *object.Commit) {
	n.tree, n.parents, n.date = c.Tree, c.Parents, c.CommitDate.Unix()
}

func (p *painter) push(n *node) {
	if n.queued || n.done {
		return
	}
	n.queued = true
	heap.Push(&p.queue, n)
	if !n.excluded {
		p.wanted++
	}
}

// paint marks a commit as excluded, and its ancestors as far as they have been come by.
func (p *painter) paint(n *node) {
	for todo := []*node{n}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n.excluded {
			continue
		}
		n.excluded = true
		if n.queued {
			p.wanted--
		}
		for _, h := range n.parents {
			if parent := p.nodes[h]; parent != nil {
				todo = append(todo, parent)
			}
		}
	}
}

// slack is how many commits the walk goes on for after the dates say that nothing more can be excluded.
const slack = 256

// run walks until all that is left in the queue is excluded, and can't reach what was found.
func (p *painter) run(ctx context.Context) error {
	left := slack
	for len(p.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.wanted == 0 {
			switch head := p.queue[0]; {
			case len(p.kept) == 0 || head.rank != unranked && head.rank < p.lowest:
				return nil // nothing here can reach what was found
			case head.rank != unranked && p.lowest != unranked || head.date >= p.oldest:
				left = slack
			default:
				if left--; left < 0 {
					return nil
				}
			}
		}
		n, _ := heap.Pop(&p.queue).(*node)
		n.queued, n.done = false, true
		if !n.excluded {
			p.wanted--
			p.kept = append(p.kept, n)
			p.oldest, p.lowest = min(p.oldest, n.date), min(p.lowest, n.rank)
		}
		for _, h := range n.parents {
			parent := p.node(h)
			if n.excluded {
				p.paint(parent)
			}
			if parent.err == nil {
				p.push(parent)
			}
		}
	}
	return nil
}

// finish puts the commits that stay in order and finds the cuts.
func (p *painter) finish() error {
	kept := slices.DeleteFunc(p.kept, func(n *node) bool { return n.excluded })
	if err := p.verify(kept); err != nil {
		return err
	}
	for _, n := range kept {
		for _, h := range n.parents {
			p.nodes[h].children++
		}
	}
	var ready queue
	for _, n := range kept {
		n.rank = unranked // from here on only the dates order them
		if n.children == 0 {
			ready = append(ready, n)
		}
	}
	heap.Init(&ready)
	p.kept = make([]*node, 0, len(kept))
	for len(ready) > 0 {
		n, _ := heap.Pop(&ready).(*node)
		p.kept = append(p.kept, n)
		if cut, ok := p.cut(n); ok {
			p.cuts = append(p.cuts, cut)
		}
		for _, h := range n.parents {
			parent := p.nodes[h]
			if parent.children--; parent.children == 0 && parent.done && !parent.excluded {
				heap.Push(&ready, parent)
			}
		}
	}
	if len(p.kept) != len(kept) {
		return errors.New("commits of the change: some are their own ancestors, as no whole repository has them; clone it again")
	}
	return nil
}

// verify checks what the commit-graph says of commits that are to be looked at against the commits themselves.
func (p *painter) verify(kept []*node) error {
	for _, n := range kept {
		if !n.graphed {
			continue
		}
		c, err := p.repo.Commit(n.hash)
		if err != nil || c.Tree != n.tree || !slices.Equal(c.Parents, n.parents) {
			return fmt.Errorf("%w: it differs from commit %s", errGraph, n.hash)
		}
	}
	return nil
}

// cut tells whether the repository ends behind a commit.
func (p *painter) cut(n *node) (Cut, bool) {
	for _, h := range n.parents {
		if parent := p.nodes[h]; parent.err != nil && !parent.excluded {
			if p.repo.IsShallow(n.hash) {
				return Cut{n.hash, fmt.Errorf("parent of commit %s, where this shallow clone ends: %w", n.hash, parent.err)}, true
			}
			return Cut{n.hash, fmt.Errorf("parent of commit %s: %w", n.hash, parent.err)}, true
		}
	}
	return Cut{}, false
}

// A queue is a heap of commits, the one of the highest rank and latest date on top.
type queue []*node

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	switch {
	case a.rank != b.rank:
		return a.rank > b.rank
	case a.date != b.date:
		return a.date > b.date
	}
	return a.hash.Compare(b.hash) < 0
}

// Push implements heap.Interface.
func (q *queue) Push(n any) {
	if n, ok := n.(*node); ok {
		*q = append(*q, n)
	}
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
