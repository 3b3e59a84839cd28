package odb

import (
	"errors"
	"fmt"

	"github.com/bbkeys/bbkeys/git/object"
)

const (
	// maxChain is how many deltas may stand between an object and its base.
	// Git makes chains of at most 4095.
	maxChain = 1 << 14
	// maxHops is how often a chain may go on in another pack.
	maxHops = 3
	// maxWork is how many bytes the deltas of one object may make in all.
	maxWork = 16 << 30
)

var (
	errChain = fmt.Errorf("the object is a delta of a delta, more than %d times", maxChain)
	errHops  = fmt.Errorf("the object's deltas go from pack to pack more than %d times", maxHops)
	errWork  = fmt.Errorf("the object's deltas make more than %d GiB", maxWork>>30)
)

// link is a delta on the way from an object to its base.
type link struct {
	entry
	at place
}

// chain is how an object in a pack is stored: links, the object's own delta
// first, upon an object that is whole. That is in the cache, or at the place
// of entry, or of another pack.
type chain struct {
	links  []link
	base   *base
	at     place
	entry  entry
	name   object.Hash // of a base outside the pack
	extern bool
}

// follow finds out how the object at an offset of p is stored.
func (db *DB) follow(z *inflater, p *pack, offset int64) (*chain, error) {
	c := &chain{at: place{p, offset}}
	for {
		if c.base = db.bases.get(c.at); c.base != nil {
			return c, nil
		}
		e, err := z.open(p, c.at.offset, 0)
		if err != nil {
			return nil, err
		}
		if !e.isDelta() {
			c.entry = e
			return c, nil
		}
		if len(c.links) == maxChain {
			return nil, errChain
		}
		c.links = append(c.links, link{e, c.at})
		if e.kind == kindOffsetDelta {
			c.at.offset = e.offset
			continue
		}
		pos, ok, err := p.index.find(e.name.Bytes())
		if err != nil {
			return nil, err
		}
		if !ok {
			c.extern, c.name = true, e.name
			return c, nil
		}
		if c.at.offset, err = p.index.offset(pos); err != nil {
			return nil, err
		}
	}
}

// unpack reads the object at an offset of p. hops counts how often the way to
// it went from pack to pack.
func (db *DB) unpack(p *pack, offset int64, hops int) (object.Kind, []byte, error) {
	z := db.spare.Get().(*inflater)
	defer db.spare.Put(z)
	c, err := db.follow(z, p, offset)
	if err != nil {
		return 0, nil, err
	}
	under, err := db.foot(z, c, hops)
	if err != nil {
		return 0, nil, err
	}
	if len(c.links) == 0 {
		return under.kind, under.data, nil
	}
	if !c.extern && c.base == nil {
		db.bases.put(under)
	}
	kind, data, work := under.kind, under.data, int64(0)
	var delta []byte
	for i := len(c.links) - 1; i >= 0; i-- {
		l := &c.links[i]
		if l.size > db.max {
			return 0, nil, fmt.Errorf("%w: a delta of %d bytes, and %d are allowed", ErrTooLarge, l.size, db.max)
		}
		if _, err = z.open(p, l.at.offset, 0); err != nil {
			return 0, nil, err
		}
		if delta, err = z.body(&l.entry, delta); err != nil {
			return 0, nil, err
		}
		if data, err = applyDelta(nil, data, delta, db.max); err != nil {
			return 0, nil, err
		}
		if work += int64(len(data)); work > maxWork {
			return 0, nil, errWork
		}
		if i > 0 {
			db.bases.put(&base{at: l.at, kind: kind, data: data})
		}
	}
	return kind, data, nil
}

// foot reads the object that the deltas of c begin with. With no deltas its
// data is not shared with the cache.
func (db *DB) foot(z *inflater, c *chain, hops int) (*base, error) {
	switch {
	case c.base != nil && len(c.links) == 0:
		return &base{at: c.at, kind: c.base.kind, data: append([]byte{}, c.base.data...)}, nil
	case c.base != nil:
		return c.base, nil
	case c.extern:
		return db.extern(c.name, hops)
	}
	if c.entry.size > db.max {
		return nil, fmt.Errorf("%w: it has %d bytes, and %d are allowed", ErrTooLarge, c.entry.size, db.max)
	}
	if _, err := z.open(c.at.pack, c.at.offset, int(c.entry.size)); err != nil {
		return nil, err
	}
	data, err := z.body(&c.entry, nil)
	if err != nil {
		return nil, err
	}
	return &base{at: c.at, kind: c.entry.kind, data: data}, nil
}

// extern reads the base of a delta from outside its pack.
func (db *DB) extern(name object.Hash, hops int) (*base, error) {
	if hops == maxHops {
		return nil, errHops
	}
	kind, data, err := db.readRaw(name, hops+1)
	if errors.Is(err, ErrMissing) {
		// Not to be taken for the object being missing.
		return nil, fmt.Errorf("it is a delta of object %v, which is missing", name)
	}
	if err != nil {
		return nil, err
	}
	return &base{kind: kind, data: data}, nil
}

// describe is the kind and size of the object at an offset of p, without
// reading more than heads.
func (db *DB) describe(p *pack, offset int64, hops int) (object.Kind, int64, error) {
	z := db.spare.Get().(*inflater)
	defer db.spare.Put(z)
	c, err := db.follow(z, p, offset)
	if err != nil {
		return 0, 0, err
	}
	var kind object.Kind
	switch {
	case c.base != nil:
		kind = c.base.kind
	case c.extern:
		if hops == maxHops {
			return 0, 0, errHops
		}
		kind, _, err = db.stat(c.name, hops+1)
		if errors.Is(err, ErrMissing) {
			err = fmt.Errorf("it is a delta of object %v, which is missing", c.name)
		}
	default:
		kind = c.entry.kind
	}
	switch {
	case err != nil:
		return 0, 0, err
	case len(c.links) > 0:
		size, err := z.deltaResult(p, c.links[0].at.offset)
		return kind, size, err
	case c.base != nil:
		return kind, int64(len(c.base.data)), nil
	}
	return kind, c.entry.size, nil
}

// maxDeltaHead is what the two sizes at the head of a delta can take.
const maxDeltaHead = 2 * 9

// deltaResult is the size of what the delta at an offset of p makes.
func (z *inflater) deltaResult(p *pack, offset int64) (int64, error) {
	if _, err := z.open(p, offset, 0); err != nil {
		return 0, err
	}
	head, err := z.inflate(nil, maxDeltaHead)
	if err != nil && !errors.Is(err, errTooMuch) {
		return 0, err
	}
	_, size, _, err := deltaSizes(head)
	return size, err
}
