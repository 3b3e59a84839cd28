package odb

import (
	"context"
	"errors"
	"hash"
	"sync"
	"sync/atomic"

	"github.com/bbkeys/bbkeys/git/object"
)

const (
	// bigObject is the size in bytes from which on objects are put together by
	// one goroutine at a time.
	bigObject = 4 << 20
	// maxHeld is how many bytes of bases a worker holds on to while it is busy with
	// their deltas. What is beyond is made anew when its turn comes.
	maxHeld = 16 << 20
	// maxWaste is how many bytes a walk puts together for nothing before it takes
	// a pack for beyond repair.
	maxWaste = 4 << 30
	// maxRenewed is how many bytes a walk puts together again at most.
	maxRenewed = 256 << 30
	// maxRescues is how many odd or damaged objects of a pack are looked for
	// in places that cost more.
	maxRescues = 1000
)

var (
	errWaste = errors.New("so much of the pack is damaged that the rest of it was not read")
	errBase  = errors.New("the object that it is a delta of can't be read")
	errLost  = errors.New("the objects that it is a delta of lead nowhere")
)

// walk is what the goroutines of one pass over a pack share.
type walk struct {
	db     *DB
	forest *forest
	kind   object.Kind
	each   func(Blob) error

	big     sync.Mutex // held by the goroutine that puts big objects together
	next    atomic.Int64
	waste   atomic.Int64
	renewed atomic.Int64
	rescues atomic.Int64
}

// worker is one of the goroutines.
type worker struct {
	*walk
	z       *inflater
	sum     hash.Hash
	scratch []byte
	delta   []byte
	buffers buffers
	stack   []frame
	held    int // bytes of the bases on the stack
	big     bool
}

// frame is a blob with deltas that are still to be made.
type frame struct {
	blob int32
	next int    // of its children
	data []byte // nil: to be made anew, or
	err  error  // why it can't be made
}

// run delivers the wanted blobs from one root after the other.
func (w *worker) run(ctx context.Context) error {
	f := w.forest
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		i := w.next.Add(1) - 1
		if i >= int64(len(f.base)) {
			return nil
		}
		if root := int32(i); f.base[root] == noBase && f.weight[root] > 0 {
			err := w.tree(ctx, root)
			w.clear()
			if err != nil {
				return err
			}
		}
	}
}

// clear ends the work on a tree.
func (w *worker) clear() {
	w.stack, w.held = w.stack[:0], 0
	if cap(w.delta) > bigObject {
		w.delta = nil
	}
	if w.big {
		w.big, w.buffers.limit = false, maxIdle
		w.buffers.shrink(maxIdle, maxIdleBuffers)
		w.walk.big.Unlock()
	}
}

// tree delivers a root and what is made of it. A base whose last delta is being
// made isn't held any more, and the delta with the most to come is the last one:
// so no more bases are held at once than the binary logarithm of their number.
func (w *worker) tree(ctx context.Context, root int32) error {
	if err := w.visit(root, nil); err != nil {
		return err
	}
	for len(w.stack) > 0 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		top := &w.stack[len(w.stack)-1]
		children := w.forest.children(top.blob)
		child := children[top.next]
		top.next++
		if w.forest.weight[child] == 0 {
			continue // the last one, the heaviest, has some weight
		}
		if top.data == nil && top.err == nil {
			w.renew(top)
		}
		base := *top
		if base.next == len(children) {
			w.stack = w.stack[:len(w.stack)-1]
			w.held -= cap(base.data)
		}
		err := w.visit(child, &base)
		if base.next == len(children) {
			w.buffers.put(base.data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// visit makes a blob from its base, which is nil for a root, delivers it if it
// is wanted, and puts it on the stack if there are deltas of it to come. The
// error is one that ends the walk.
func (w *worker) visit(blob int32, base *frame) error {
	deltas := w.forest.deltas(blob) > 0
	data, large, err := w.compose(blob, base, deltas)
	if err != nil {
		w.waste.Add(int64(len(data)))
	}
	data, err, stop := w.deliver(blob, data, large, err)
	if stop != nil {
		return stop
	}
	if !deltas {
		w.buffers.put(data)
		return nil
	}
	if data == nil && err == nil {
		err = errBase
	}
	w.stack = append(w.stack, frame{blob: blob, data: data, err: err})
	w.held += cap(data)
	for i := 0; w.held > maxHeld && i < len(w.stack)-1; i++ {
		w.held -= cap(w.stack[i].data)
		w.buffers.put(w.stack[i].data)
		w.stack[i].data = nil
	}
	return nil
}

// alone waits until no other goroutine puts big objects together.
func (w *worker) alone(size int64) {
	if size > bigObject && !w.big {
		w.walk.big.Lock()
		w.big, w.buffers.limit = true, maxIdleBig
	}
}
