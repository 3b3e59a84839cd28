package odb

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
)

const (
	// maxSurvey is how many objects of one pack a walk takes on: it keeps
	// some forty bytes for each.
	maxSurvey = 1 << 24
	// maxExtern is how many objects of a pack may be deltas of objects outside.
	// Git writes no such pack to a repository.
	maxExtern = 1000
	// Where the base of a delta is.
	noBase     = -1 // it is none
	externBase = -2 // in no known place of this pack
	// kindOpen marks an object whose kind is being looked for.
	kindOpen object.Kind = 0xff
)

// survey is what the heads of a pack's objects say, in the order of the pack.
type survey struct {
	pack    *pack
	offsets []int64
	pos     []uint32      // in the index
	base    []int32       // which object it is a delta of, or noBase or externBase
	kinds   []object.Kind // zero if it can't be known
}

// newSurvey reads the heads of all objects of p, on so many cores.
func (db *DB) newSurvey(ctx context.Context, p *pack, jobs int) (*survey, error) {
	n := p.index.count
	if n > maxSurvey {
		return nil, fmt.Errorf("the pack holds %d objects, and %d are allowed", n, maxSurvey)
	}
	s := &survey{pack: p, base: make([]int32, n), kinds: make([]object.Kind, n)}
	if err := s.order(); err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	part := (n + jobs - 1) / jobs
	for from := 0; from < n; from += part {
		wg.Go(func() { s.heads(ctx, from, min(from+part, n)) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.resolve(db)
	return s, nil
}

// order lists the objects in the order of the pack.
func (s *survey) order() error {
	offsets, err := s.pack.index.allOffsets()
	if err != nil {
		return err
	}
	type object struct {
		offset int64
		pos    uint32
	}
	objects := make([]object, len(offsets))
	for i, offset := range offsets {
		objects[i] = object{offset, uint32(i)}
	}
	slices.SortFunc(objects, func(a, b object) int {
		switch {
		case a.offset < b.offset:
			return -1
		case a.offset > b.offset:
			return 1
		}
		return 0
	})
	s.offsets, s.pos = offsets, make([]uint32, len(offsets))
	for i, o := range objects {
		s.offsets[i], s.pos[i] = o.offset, o.pos
	}
	return nil
}

// heads reads the heads of some of the objects.
func (s *survey) heads(ctx context.Context, from, to int) {
	in := source{ahead: inputChunk}
	p := s.pack
	for i := from; i < to; i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return
		}
		s.base[i] = noBase
		if s.offsets[i] < packHeadBytes || s.offsets[i] >= p.end {
			continue
		}
		if err := in.seek(p.file, s.offsets[i], p.end, entryHeadBytes); err != nil {
			continue
		}
		e, err := parseEntry(in.bytes(entryHeadBytes), s.offsets[i], int(p.size-p.end))
		if err != nil {
			continue // reading the object will fail with the same error
		}
		switch e.kind {
		case kindOffsetDelta:
			if at, ok := slices.BinarySearch(s.offsets[:i], e.offset); ok {
				s.base[i], s.kinds[i] = int32(at), kindOffsetDelta
			}
		case kindNamedDelta:
			s.kinds[i] = kindNamedDelta
			s.base[i] = s.named(e.name)
		default:
			s.kinds[i] = e.kind
		}
	}
}

// named is the object of that name in the pack.
func (s *survey) named(h object.Hash) int32 {
	pos, ok, err := s.pack.index.find(h.Bytes())
	if !ok || err != nil {
		return externBase
	}
	offset, err := s.pack.index.offset(pos)
	if err != nil {
		return externBase
	}
	if at, ok := slices.BinarySearch(s.offsets, offset); ok {
		return int32(at)
	}
	return externBase
}

// resolve gives every delta the kind of what it begins with. One that begins
// nowhere, or whose bases go in a circle, gets none and no base.
func (s *survey) resolve(db *DB) {
	var path []int32
	extern := 0
	for i := range s.kinds {
		at := int32(i)
		path = path[:0]
		for s.kinds[at] >= kindOffsetDelta && s.kinds[at] != kindOpen && s.base[at] >= 0 {
			s.kinds[at] = kindOpen
			path = append(path, at)
			at = s.base[at]
		}
		kind := s.kinds[at]
		switch {
		case kind == kindOpen: // a circle
			kind = 0
			for _, at := range path {
				s.base[at] = noBase
			}
		case kind >= kindOffsetDelta:
			if kind, extern = 0, extern+1; extern <= maxExtern {
				kind, _, _ = db.describe(s.pack, s.offsets[at], 0) // reading it will fail with the same error
			}
			s.kinds[at] = kind
		}
		for _, at := range path {
			s.kinds[at] = kind
		}
	}
}

// allOffsets is where in the pack the objects begin, in the index's order.
func (x *index) allOffsets() ([]int64, error) {
	stride, from := 4, x.offsets
	if x.sums == 0 {
		stride = x.stride
	}
	offsets := make([]int64, 0, x.count)
	buf := make([]byte, min(x.count, 8192)*stride)
	for len(offsets) < x.count {
		n := min(x.count-len(offsets), 8192)
		part := buf[:n*stride]
		if _, err := x.file.ReadAt(part, from); err != nil {
			return nil, fmt.Errorf("read the offsets in its index: %w", short(err))
		}
		from += int64(len(part))
		for ; len(part) > 0; part = part[stride:] {
			offset := int64(binary.BigEndian.Uint32(part))
			if x.sums != 0 && offset >= largeOffset {
				var err error
				if offset, err = x.offset(len(offsets)); err != nil {
					offset = -1 // reading the object will fail with the same error
				}
			}
			offsets = append(offsets, offset)
		}
	}
	return offsets, nil
}
