package odb

import (
	"container/list"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
)

// baseCacheBytes is how much of objects that others are deltas of is kept
// between reads: enough for the trees and commits of a range.
const baseCacheBytes = 24 << 20

// place is where an object is stored.
type place struct {
	pack   *pack
	offset int64
}

// base is an object that others may be deltas of. Its data is shared: nobody
// writes to it.
type base struct {
	at   place
	kind object.Kind
	data []byte
}

// baseCache keeps the bases used last.
type baseCache struct {
	mu    sync.Mutex
	room  int64
	order *list.List // of *base, the one used last in front
	at    map[place]*list.Element
}

func newBaseCache(room int64) *baseCache {
	return &baseCache{room: room, order: list.New(), at: make(map[place]*list.Element)}
}

// get is the base at a place, nil if it isn't kept.
func (c *baseCache) get(at place) *base {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.at[at]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*base)
}

// put keeps b, whose data must not be written to any more. What alone would
// fill a good part of the cache isn't kept.
func (c *baseCache) put(b *base) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at[b.at] != nil || int64(len(b.data)) > baseCacheBytes/4 {
		return
	}
	c.at[b.at] = c.order.PushFront(b)
	c.room -= cost(b)
	for c.room < 0 {
		last := c.order.Back()
		old := c.order.Remove(last).(*base)
		delete(c.at, old.at)
		c.room += cost(old)
	}
}

// cost is what b takes, its bookkeeping included.
func cost(b *base) int64 { return int64(cap(b.data)) + 200 }
