package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// A census tells of each tree a mark: 0 if none of the wanted blobs is anywhere in it, else a
// number that is the same for trees that have the same of them at the same paths. Two
// commits are worth comparing only where the marks of their trees differ.
//
// A history can have millions of trees, so that they and their names are known by hashes
// under a seed that nobody can foresee.
type census struct {
	want   map[object.Hash]bool
	filter [1 << 13]byte // a bit for the first two bytes of each
	format object.Format
	seed   maphash.Seed

	mu    sync.Mutex
	ids   map[uint64]uint32 // of trees, whether read or only named in another one
	rows  []row             // by id
	kinds map[edge]uint32   // where an edge is in edges, while trees are counted
	edges []edge            // each once: nearly all trees of a history share theirs with many others
	total int               // of all rows' edges
	limit int               // of total
}

// A row is what is known of a tree.
type row struct {
	mark  uint64
	edges []uint32 // where they are in the census's edges
	state uint8
}

// The states of a row.
const (
	unread   = iota // it's read when its mark is asked for
	listed          // its blobs are in the mark, its trees still to be
	settling        // its trees are being added to the mark
	settled         // the mark is final
)

// An edge leads to a tree inside another one.
type edge struct {
	tree uint32
	name uint32
}

// A branch is a tree in another one before it has an id.
type branch struct {
	tree object.Hash
	name uint32
}

// maxEdges bounds the memory for edges, of four bytes and more each. Trees beyond are read when they are asked for.
const maxEdges = 16 << 20

func newCensus(want map[object.Hash]bool, r *Repo) *census {
	c := &census{want: want, format: r.format, seed: maphash.MakeSeed(), ids: map[uint64]uint32{}, kinds: map[edge]uint32{}, limit: maxEdges}
	var space [32]byte
	for h := range want {
		if raw := h.Append(space[:0]); len(raw) > 1 {
			c.filter[int(raw[0])<<5|int(raw[1])>>3] |= 1 << (raw[1] & 7)
		}
	}
	return c
}

// count reads all trees of the repository in the order of its packs and finds their marks. Those that can't
// be read, or hold one that can't, stay unread: they matter only where a commit has them.
func (c *census) count(ctx context.Context, objects *odb.DB, jobs int) error {
	spare := sync.Pool{New: func() any { return new([]branch) }}
	err := objects.Objects(ctx, jobs, object.KindTree, func(t odb.Object) error {
		if t.Err != nil {
			return nil
		}
		space, _ := spare.Get().(*[]branch)
		branches, mark, err := c.read(t.Data, (*space)[:0])
		if err == nil {
			c.list(t.Hash, mark, branches)
		}
		*space = branches
		spare.Put(space)
		return nil
	})
	c.kinds = nil
	for id := range c.rows {
		c.settle(uint32(id))
	}
	c.edges = nil
	return err
}

// list adds a tree that has been read.
func (c *census) list(h object.Hash, mark uint64, branches []branch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total += len(branches); c.total > c.limit {
		return
	}
	r := row{mark: mark, state: listed}
	if len(branches) > 0 {
		r.edges = make([]uint32, len(branches))
	}
	for i, b := range branches {
		e := edge{c.id(b.tree), b.name}
		at, ok := c.kinds[e]
		if !ok {
			at = uint32(len(c.edges))
			c.kinds[e] = at
			c.edges = append(c.edges, e)
		}
		r.edges[i] = at
	}
	c.rows[c.id(h)] = r
}

// id returns the number of a tree, a new one if it has none yet.
func (c *census) id(h object.Hash) uint32 {
	key := maphash.Comparable(c.seed, h)
	id, ok := c.ids[key]
	if !ok {
		id = uint32(len(c.rows))
		c.ids[key] = id
		c.rows = append(c.rows, row{})
	}
	return id
}

// settle finds the marks of a listed tree and of all in it.
func (c *census) settle(id uint32) {
	if c.rows[id].state != listed {
		return
	}
	type level struct {
		id   uint32
		next int  // of its edges
		lost bool // a tree in it isn't known
	}
	c.rows[id].state = settling
	stack := []level{{id: id}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		r := &c.rows[top.id]
		if top.next == len(r.edges) {
			if r.state, r.edges = settled, nil; top.lost {
				*r = row{}
			}
			stack = stack[:len(stack)-1]
			continue // and add it to the one around, which looks at this edge again
		}
		e := c.edges[r.edges[top.next]]
		inner := &c.rows[e.tree]
		if inner.state == listed {
			inner.state = settling
			stack = append(stack, level{id: e.tree})
			continue
		}
		top.next++
		if inner.state == settled {
			r.mark += c.inside(e.name, inner.mark)
		} else {
			top.lost = true
		}
	}
}

// inside returns what a tree of that mark adds to the mark of the tree that has it by that name.
func (c *census) inside(name uint32, mark uint64) uint64 {
	if mark == 0 {
		return 0
	}
	return maphash.Comparable(c.seed, [2]uint64{uint64(name), mark})
}

var errTreeEnd = errors.New("it ends inside an entry")

// read goes through a tree's content for its blobs, as the first part of its mark, and the trees in it, which it appends
// to branches. It's a hot place, so that nothing is made of the names of blobs. Beside an error it returns what comes before.
func (c *census) read(data []byte, branches []branch) (_ []branch, mark uint64, err error) {
	size := c.format.Size()
	for len(data) > 0 {
		end := bytes.IndexByte(data, 0)
		if end < 0 || len(data) < end+1+size {
			return branches, mark, errTreeEnd
		}
		raw := data[end+1 : end+1+size]
		switch {
		case typeOf(data) == modeTree:
			h, err := object.HashFromBytes(raw)
			if err != nil {
				return branches, mark, err
			}
			branches = append(branches, branch{h, uint32(maphash.Bytes(c.seed, name(data[:end])))})
		case c.filter[int(raw[0])<<5|int(raw[1])>>3]&(1<<(raw[1]&7)) != 0:
			// A submodule's commit isn't among the blobs.
			if h, err := object.HashFromBytes(raw); err == nil && c.want[h] {
				mark += maphash.Comparable(c.seed, [2]uint64{maphash.Bytes(c.seed, name(data[:end])), maphash.Comparable(c.seed, h)})
			}
		}
		data = data[end+1+size:]
	}
	return branches, mark, nil
}

// name returns what is behind the mode of an entry.
func name(entry []byte) []byte {
	_, name, _ := bytes.Cut(entry, []byte{' '})
	return name
}

// typeOf returns what the entry that data begins with is, by the type bits of its mode.
func typeOf(data []byte) int {
	mode := 0
	for _, c := range data {
		if c < '0' || '7' < c {
			break
		}
		mode = mode<<3 | int(c-'0')
	}
	return mode & 0o170000
}

// A frame is a tree on the way down to the blobs: the trees in it that are still to be looked at, and
// its mark so far.
type frame struct {
	id       uint32
	branches []branch
	mark     uint64
}

// mark returns the mark of a tree, reading it, and what it holds, unless it has been. What can't be read is a gap
// and counts as empty.
func (t *tracer) mark(ctx context.Context, root object.Hash) uint64 {
	c := t.census
	if id := c.id(root); c.rows[id].state == settled {
		return c.rows[id].mark
	}
	stack := []frame{t.enter(root)}
	for ctx.Err() == nil {
		top := &stack[len(stack)-1]
		if len(top.branches) == 0 {
			c.rows[top.id].mark = top.mark
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return top.mark
			}
			continue // and add it to the one around, which looks at this branch again
		}
		next := top.branches[0]
		if inner := c.rows[c.id(next.tree)]; inner.state == settled {
			top.mark += c.inside(next.name, inner.mark)
			top.branches = top.branches[1:]
		} else {
			stack = append(stack, t.enter(next.tree))
		}
	}
	return 0
}

// enter reads a tree for what it holds.
func (t *tracer) enter(h object.Hash) frame {
	c := t.census
	f := frame{id: c.id(h)}
	// Empty for now: no tree can be in itself, and if it were, this would not lead in a circle.
	c.rows[f.id] = row{state: settled}
	data, err := t.repo.read(h, object.KindTree)
	if err == nil {
		f.branches, f.mark, err = c.read(data, nil)
	}
	if err != nil {
		t.gap(fmt.Errorf("tree %s: %w", h, err))
	}
	return f
}
