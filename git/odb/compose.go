package odb

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/bbkeys/bbkeys/git/object"
)

// compose puts a blob together: a root as it is stored, another one from its
// base. It is a stream instead if the blob is large and either no base, or too
// large for one. Beside an error there may be what was made so far.
func (w *worker) compose(blob int32, base *frame, isBase bool) ([]byte, *stream, error) {
	if w.waste.Load() > maxWaste {
		return nil, nil, errWaste
	}
	if base != nil && base.err != nil {
		switch {
		case errors.Is(base.err, errOther):
			return nil, nil, errOther // so is what is made of it
		case errors.Is(base.err, ErrTooLarge):
			return nil, nil, fmt.Errorf("its base: %w", ErrTooLarge)
		}
		return nil, nil, errBase
	}
	f := w.forest
	span := f.span(blob)
	e, err := w.z.open(f.pack, f.offsets[blob], int(min(span, inputChunk)))
	switch {
	case err != nil:
		return nil, nil, err
	case base == nil && e.isDelta():
		data, err := w.odd(blob)
		return data, nil, err
	case base == nil && e.size > LargeBlob && (!isBase || e.size > w.db.max):
		large, err := w.db.streamPacked(f.name(blob), f.pack, &e)
		return nil, large, err
	case e.size > w.db.max:
		return nil, nil, fmt.Errorf("%w: %d bytes in the pack, and %d are allowed", ErrTooLarge, e.size, w.db.max)
	}
	w.alone(e.size)
	if base == nil {
		// What takes a good deal of the pack may be believed to have some size.
		data, err := w.z.body(&e, w.buffers.get(int(e.size), int(max(outputChunk, min(e.size, 8*span)))))
		return data, nil, err
	}
	if w.delta, err = w.z.body(&e, w.delta); err != nil {
		return nil, nil, err
	}
	_, size, _, err := deltaSizes(w.delta)
	if err != nil {
		return nil, nil, err
	}
	w.alone(size)
	data, err := applyDelta(w.buffers.get(int(min(size, w.db.max)), outputChunk), base.data, w.delta, w.db.max)
	return data, nil, err
}

// span is how many bytes a blob takes in the pack, at most: other objects may
// lie behind it.
func (f *forest) span(blob int32) int64 {
	end := f.pack.end
	if next := int(blob) + 1; next < len(f.offsets) {
		end = f.offsets[next]
	}
	return max(0, end-f.offsets[blob])
}

// odd reads a delta whose base is elsewhere, or lost in a circle.
func (w *worker) odd(blob int32) ([]byte, error) {
	if w.rescues.Load() > maxRescues {
		return nil, errLost
	}
	kind, data, err := w.again(blob)
	if err != nil {
		w.rescues.Add(1)
		return nil, err
	}
	if kind != w.kind {
		return nil, errOther
	}
	return data, nil
}

// again reads a blob the long way, all the deltas down to the last base.
func (w *worker) again(blob int32) (object.Kind, []byte, error) {
	p, offset := w.forest.pack, w.forest.offsets[blob]
	if w.renewed.Load() > maxRenewed {
		return 0, nil, errWaste
	}
	c, err := w.db.follow(w.z, p, offset)
	if err != nil {
		return 0, nil, err
	}
	kind, data, err := w.db.unpack(p, offset, 0)
	w.renewed.Add(int64(len(data)+lookupChunk) * int64(1+len(c.links)))
	return kind, data, err
}

// errOther: the object turned out to be of another kind.
var errOther = errors.New("it is an object of another kind")

// renew puts a base together again.
func (w *worker) renew(f *frame) {
	if _, f.data, f.err = w.again(f.blob); f.err == nil {
		w.held += cap(f.data)
	}
}

// deliver hands a blob to the caller, if it is wanted. One that couldn't be
// read, or isn't what its name says, is looked for in other places first. It
// returns the data that deltas of the blob apply to, or why there is none; stop is
// the caller's error.
func (w *worker) deliver(blob int32, data []byte, large *stream, err error) (_ []byte, failed, stop error) {
	f := w.forest
	h := f.name(blob)
	wanted := f.wanted[blob]
	if err == nil && large == nil && wanted && w.name(data) != h {
		w.waste.Add(int64(len(data)))
		err = errors.New("what is stored there is another object")
	}
	if err != nil && !errors.Is(err, ErrTooLarge) {
		data, err = w.rescue(h, data, err)
	}
	if large != nil {
		failed = ErrTooLarge // for a base
	} else {
		failed = err
	}
	if !wanted || errors.Is(err, errOther) {
		return data, failed, nil
	}
	b := Blob{Hash: h}
	switch {
	case err != nil:
		b.Err = failure(h, f.pack.path, err)
	case large != nil:
		b.Size, b.Reader = large.left, large
	default:
		b = whole(h, data)
	}
	return data, failed, w.each(b)
}

// whole is a blob that is in memory.
func whole(h object.Hash, data []byte) Blob {
	b := Blob{Hash: h, Size: int64(len(data))}
	if b.Size > LargeBlob {
		b.Reader = bytes.NewReader(data)
	} else {
		b.Data = data
	}
	return b
}

// rescue looks in other places for a blob that this pack fails to give.
func (w *worker) rescue(h object.Hash, data []byte, failed error) ([]byte, error) {
	if errors.Is(failed, errOther) || w.rescues.Load() > maxRescues {
		return data, failed
	}
	kind, other, err := w.db.readElsewhere(h, w.forest.pack, 0)
	switch {
	case err != nil:
		w.rescues.Add(1)
		return data, failed
	case kind != w.kind:
		return nil, errOther
	}
	w.buffers.put(data)
	return other, nil
}

// name is the name of the object that holds data.
func (w *worker) name(data []byte) object.Hash {
	w.sum.Reset()
	w.scratch = object.AppendHeader(w.scratch[:0], w.kind, int64(len(data)))
	_, _ = w.sum.Write(w.scratch) // a hash.Hash never fails
	_, _ = w.sum.Write(data)
	w.scratch = w.sum.Sum(w.scratch[:0])
	h, _ := object.HashFromBytes(w.scratch)
	return h
}
