package odb

import (
	"fmt"

	"github.com/bbkeys/bbkeys/git/object"
)

// forest is the objects of one kind in a pack, blobs mostly and so called here, in the
// order of the pack, each under the one that it is a delta of.
type forest struct {
	pack    *pack
	names   []byte // of all the objects of the pack, in the order of the index
	offsets []int64
	pos     []uint32 // in the index
	base    []int32  // noBase at a root
	wanted  []bool
	weight  []int32 // how many of a tree's blobs are wanted, itself included
	below   []int32 // where in children those of a blob begin
	child   []int32 // the heaviest comes last
}

// newForest keeps what is or may be of a kind of s, which it takes apart.
func newForest(s *survey, kind object.Kind, want func(object.Hash, int) bool) (*forest, error) {
	n := 0
	rank := make([]int32, len(s.kinds))
	for i, k := range s.kinds {
		rank[i] = int32(n)
		if k == kind || k == 0 {
			n++
		}
	}
	f := &forest{
		pack:    s.pack,
		offsets: make([]int64, 0, n), pos: make([]uint32, 0, n), base: make([]int32, 0, n),
		wanted: make([]bool, n), weight: make([]int32, n),
	}
	for i, k := range s.kinds {
		if k != kind && k != 0 {
			continue
		}
		base := s.base[i]
		if base >= 0 {
			base = rank[base] // of the same kind, so it is kept
		} else {
			base = noBase
		}
		f.offsets, f.pos, f.base = append(f.offsets, s.offsets[i]), append(f.pos, s.pos[i]), append(f.base, base)
	}
	s.offsets, s.pos, s.base, s.kinds = nil, nil, nil, nil
	if err := f.readNames(); err != nil {
		return nil, err
	}
	for i := range f.wanted {
		f.wanted[i] = want(f.name(int32(i)), int(f.pos[i]))
	}
	f.grow()
	return f, nil
}

// readNames reads the names of all objects.
func (f *forest) readNames() error {
	x := f.pack.index
	f.names = make([]byte, x.count*x.hash)
	if x.stride == x.hash {
		if _, err := x.file.ReadAt(f.names, x.names); err != nil {
			return fmt.Errorf("read the names in its index: %w", short(err))
		}
		return nil
	}
	buf := make([]byte, 4096*x.stride)
	for from := 0; from < x.count; from += 4096 {
		n := min(4096, x.count-from)
		// Behind the last name comes the trailer, of more than four bytes.
		if _, err := x.file.ReadAt(buf[:n*x.stride], x.names+int64(from*x.stride)); err != nil {
			return fmt.Errorf("read the names in its index: %w", short(err))
		}
		for i := range n {
			copy(f.names[(from+i)*x.hash:][:x.hash], buf[i*x.stride:])
		}
	}
	return nil
}

// name is the name of a blob.
func (f *forest) name(i int32) object.Hash {
	size := f.pack.index.hash
	h, _ := object.HashFromBytes(f.names[int(f.pos[i])*size:][:size]) // it has the right size
	return h
}

// grow lists the children of each blob and weighs the trees.
func (f *forest) grow() {
	n := len(f.base)
	f.below = make([]int32, n+2)
	for _, base := range f.base {
		if base >= 0 {
			f.below[base+2]++
		}
	}
	for i := 2; i < len(f.below); i++ {
		f.below[i] += f.below[i-1]
	}
	// below[i+1] is where the next child of i goes, until all are in place.
	f.child = make([]int32, f.below[n+1])
	for i, base := range f.base {
		if base >= 0 {
			f.child[f.below[base+1]] = int32(i)
			f.below[base+1]++
		}
	}
	f.below = f.below[:n+1]

	// Every blob after its base, so backwards every base after its deltas.
	order := make([]int32, 0, n)
	for i, base := range f.base {
		if base == noBase {
			order = append(order, int32(i))
		}
	}
	for i := 0; i < len(order); i++ {
		order = append(order, f.children(order[i])...)
	}
	for i := len(order) - 1; i >= 0; i-- {
		at := order[i]
		if f.wanted[at] {
			f.weight[at]++
		}
		if base := f.base[at]; base >= 0 {
			f.weight[base] += f.weight[at]
		}
	}
	for i := range int32(n) {
		children := f.children(i)
		for k := range children {
			if last := len(children) - 1; f.weight[children[k]] > f.weight[children[last]] {
				children[k], children[last] = children[last], children[k]
			}
		}
	}
}

// children lists the deltas of a blob, the one with the heaviest tree last.
func (f *forest) children(i int32) []int32 { return f.child[f.below[i]:f.below[i+1]] }

// deltas is how many blobs that are deltas of i or of those are wanted.
func (f *forest) deltas(i int32) int32 {
	if f.wanted[i] {
		return f.weight[i] - 1
	}
	return f.weight[i]
}
