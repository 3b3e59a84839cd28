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
// under a seed that nobody can foresee, and of each there are some 30 bytes.
type census struct {
	want   map[object.Hash]bool
	filter [1 << 13]byte // a bit for the first two bytes of each
	format object.Format
	seed   maphash.Seed

	mu    sync.Mutex
	rows  chunked[row] // of trees, whether read or only named in another one
	slots []uint32     // a hash table: where a row is, counted from 1, at its key or behind
	edges chunked[edge]
	limit int // of edges
}

// A row is what is known of a tree.
type row struct {
	key, mark    uint64
	edges, count uint32 // where its edges begin, and how many there are
	state        state
}

// A state is how far the mark of a tree is known.
type state uint8

const (
	unread   state = iota // it's read when its mark is asked for
	listed                // its blobs are in the mark, its trees still to be
	settling              // its trees are being added to the mark
	settled               // the mark is final
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

// maxEdges bounds the memory for edges, of eight bytes each. Trees beyond are read when they are asked for.
const maxEdges = 12 << 20

func newCensus(want map[object.Hash]bool, r *Repo) *census {
	c := &census{want: want, format: r.format, seed: maphash.MakeSeed(), slots: make([]uint32, 1<<10), limit: maxEdges}
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
	for id := range c.rows.len {
		c.settle(uint32(id))
	}
	c.edges = chunked[edge]{}
	return err
}

// list adds a tree that has been read.
func (c *census) list(h object.Hash, mark uint64, branches []branch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.edges.len+len(branches) > c.limit {
		return
	}
	at := c.edges.len
	for _, b := range branches {
		c.edges.add(edge{c.id(b.tree), b.name})
	}
	r := c.row(c.id(h))
	r.mark, r.state, r.edges, r.count = mark, listed, uint32(at), uint32(len(branches))
}

// row returns the row of a number.
func (c *census) row(id uint32) *row { return c.rows.at(int(id)) }

// id returns the number of a tree, a new one if it has none yet.
func (c *census) id(h object.Hash) uint32 {
	key := maphash.Comparable(c.seed, h)
	at := c.slot(key)
	if c.slots[at] == 0 {
		c.rows.add(row{key: key})
		c.slots[at] = uint32(c.rows.len)
		if c.rows.len > len(c.slots)/4*3 {
			c.grow()
			return uint32(c.rows.len - 1)
		}
	}
	return c.slots[at] - 1
}

// slot returns where in slots the row of a key is or belongs.
func (c *census) slot(key uint64) int {
	mask := len(c.slots) - 1
	at := int(key) & mask
	for c.slots[at] != 0 && c.row(c.slots[at]-1).key != key {
		at = (at + 1) & mask
	}
	return at
}

// grow makes room for twice as many rows.
func (c *census) grow() {
	c.slots = make([]uint32, 2*len(c.slots))
	for id := range c.rows.len {
		c.slots[c.slot(c.row(uint32(id)).key)] = uint32(id) + 1
	}
}

// settle finds the marks of a listed tree and of all in it.
func (c *census) settle(id uint32) {
	if c.row(id).state != listed {
		return
	}
	type level struct {
		id   uint32
		next uint32 // of its edges
		lost bool   // a tree in it isn't known
	}
	c.row(id).state = settling
	stack := []level{{id: id}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		r := c.row(top.id)
		if top.next == r.count {
			if r.state = settled; top.lost {
				r.state = unread
			}
			stack = stack[:len(stack)-1]
			continue // and add it to the one around, which looks at this edge again
		}
		e := c.edges.at(int(r.edges + top.next))
		inner := c.row(e.tree)
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
	if r := c.row(c.id(root)); r.state == settled {
		return r.mark
	}
	stack := []frame{t.enter(root)}
	for ctx.Err() == nil {
		top := &stack[len(stack)-1]
		if len(top.branches) == 0 {
			c.row(top.id).mark = top.mark
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return top.mark
			}
			continue // and add it to the one around, which looks at this branch again
		}
		next := top.branches[0]
		if inner := c.row(c.id(next.tree)); inner.state == settled {
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
	r := c.row(f.id)
	r.mark, r.state = 0, settled
	data, err := t.repo.read(h, object.KindTree)
	if err == nil {
		f.branches, f.mark, err = c.read(data, nil)
	}
	if err != nil {
		t.gap(fmt.Errorf("tree %s: %w", h, err))
	}
	return f
}
