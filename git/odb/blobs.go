package odb

import (
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"sync"
	"sync/atomic"

	"github.com/bbkeys/bbkeys/git/object"
)

// Blob is one blob that Blobs delivers. One of Data, Reader and Err is of use.
type Blob struct {
	Hash   object.Hash // zero if Err is about a whole pack
	Size   int64       // in bytes; unknown (0) with an Err
	Data   []byte      // all of it, up to LargeBlob; valid until the callback returns
	Reader io.Reader   // all of it, beyond LargeBlob; to be read before the callback returns
	Err    error       // why the blob can't be read, as Read would say
}

// Blobs delivers every blob of the database to each, once however often it is
// stored: first what is packed, in the order of the packs, each delta after its
// base; then loose objects. Where keep is not nil, only what keep wants is
// delivered, and keep is asked once for every blob at least, and for objects that may be one.
// Several goroutines, jobs at most, call keep and each, at once.
//
// A blob that can't be read is delivered with its error, and the walk goes on.
// Every blob is checked against its name: Data before it is delivered, a
// Reader at its end, where it returns a *CorruptError. An error of each ends the walk
// and is returned as it is; so does the end of ctx, with its cause.
func (db *DB) Blobs(ctx context.Context, jobs int, keep func(object.Hash) bool, each func(Blob) error) error {
	return db.pass(ctx, jobs, newPass(object.KindBlob, keep, each))
}

// Object is one object that Objects delivers: its content, or why it can't be read.
type Object struct {
	Hash object.Hash // zero if Err is about a whole pack
	Data []byte      // all of it; valid until the callback returns
	Err  error       // as Read would say, or ErrTooLarge beyond LargeBlob
}

// Objects delivers every object of a kind to each, as Blobs does blobs: in a fraction of the
// time that reading them one by one takes, since neighbours in a pack are made of one another.
func (db *DB) Objects(ctx context.Context, jobs int, kind object.Kind, each func(Object) error) error {
	return db.pass(ctx, jobs, newPass(kind, nil, func(b Blob) error {
		if b.Reader != nil {
			b.Err = fmt.Errorf("read %v %v: %w: it has %d bytes", kind, b.Hash, ErrTooLarge, b.Size)
		}
		return each(Object{b.Hash, b.Data, b.Err})
	}))
}

// pass is what one pass over the database is after.
type pass struct {
	kind object.Kind
	keep func(object.Hash) bool // may be nil
	each func(Blob) error

	mu    sync.Mutex
	seed  maphash.Seed
	loose map[uint64]bool // the loose objects that were delivered, by a hash of theirs that nobody can foresee
}

func newPass(kind object.Kind, keep func(object.Hash) bool, each func(Blob) error) *pass {
	return &pass{kind: kind, keep: keep, each: each, seed: maphash.MakeSeed(), loose: map[uint64]bool{}}
}

func (db *DB) pass(ctx context.Context, jobs int, on *pass) error {
	jobs = max(1, jobs)
	var seen [][]uint64 // by pack, a bit for each object that was taken for one of the kind
	walk := func(p *pack) error {
		before := seen
		mine := make([]uint64, (p.index.count+63)/64)
		want := func(h object.Hash, pos int) bool {
			mine[pos/64] |= 1 << (pos % 64)
			if db.seen(h, before) || on.wasLoose(h) {
				return false
			}
			return on.keep == nil || on.keep(h)
		}
		seen = append(seen, mine)
		return db.walkPack(ctx, jobs, p, want, on)
	}
	for _, p := range db.packs() {
		if err := walk(p); err != nil {
			return err
		}
	}
	if err := db.walkLoose(ctx, jobs, seen, on); err != nil {
		return err
	}
	// What git has packed and taken away meanwhile was in none of these, and is now in new packs.
	db.refresh()
	for _, p := range db.packs()[len(seen):] {
		if err := walk(p); err != nil {
			return err
		}
	}
	return nil
}

// wasLoose tells whether a loose object of that name was delivered.
func (on *pass) wasLoose(h object.Hash) bool {
	if len(on.loose) == 0 { // no loose object is delivered while packs are walked
		return false
	}
	return on.loose[maphash.Comparable(on.seed, h)]
}

// isLoose notes that a loose object is delivered.
func (on *pass) isLoose(h object.Hash) {
	on.mu.Lock()
	defer on.mu.Unlock()
	on.loose[maphash.Comparable(on.seed, h)] = true
}

// seen tells whether one of the first packs had the object h.
func (db *DB) seen(h object.Hash, seen [][]uint64) bool {
	var space [32]byte
	raw := h.Append(space[:0])
	packs := db.packs()
	for i := range seen {
		pos, ok, err := packs[i].index.find(raw)
		if ok && err == nil && seen[i][pos/64]&(1<<(pos%64)) != 0 {
			return true
		}
	}
	return false
}

// walkPack delivers what is wanted of one pack.
func (db *DB) walkPack(ctx context.Context, jobs int, p *pack, want func(object.Hash, int) bool, on *pass) error {
	var f *forest
	s, err := db.newSurvey(ctx, p, jobs)
	if err == nil {
		f, err = newForest(s, on.kind, want)
	}
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return on.each(Blob{Err: &CorruptError{Where: p.path, Err: err}})
	}
	w := &walk{db: db, forest: f, kind: on.kind, each: on.each}
	return parallel(ctx, jobs, func(ctx context.Context) error {
		one := &worker{walk: w, z: newInflater(inputChunk), sum: db.format.New(), buffers: buffers{limit: maxIdle}}
		return one.run(ctx)
	})
}

// parallel runs jobs goroutines until the first error or the end of ctx.
func parallel(ctx context.Context, jobs int, run func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			if err := run(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// walkLoose delivers the loose objects that no pack had.
func (db *DB) walkLoose(ctx context.Context, jobs int, seen [][]uint64, on *pass) error {
	var next atomic.Int64
	return parallel(ctx, jobs, func(ctx context.Context) error {
		z := newInflater(lookupChunk)
		var space []byte
		for {
			i := int(next.Add(1) - 1)
			if i >= 256*len(db.stores) {
				return nil
			}
			nth, digits := i/256, fmt.Sprintf("%02x", i%256)
			s := db.stores[nth]
			names, err := s.looseNames(digits, db.format)
			if err != nil {
				if err := on.each(Blob{Err: &CorruptError{Where: s.path(digits), Err: err}}); err != nil {
					return err
				}
				continue
			}
			for _, h := range names {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if db.isLoose(h, db.stores[:nth]) || db.seen(h, seen) {
					continue
				}
				if space, err = db.loose(z, s, h, space, on); err != nil {
					return err
				}
			}
		}
	})
}

// loose delivers one loose object if it is of the kind. It returns space, or more
// of it for the next one.
func (db *DB) loose(z *inflater, s *store, h object.Hash, space []byte, on *pass) ([]byte, error) {
	l, err := db.openLoose(s, h)
	if err == nil {
		defer func() { _ = l.file.Close() }() // only read
		if l.kind != on.kind {
			return space, nil
		}
	}
	if on.keep != nil && !on.keep(h) {
		return space, nil
	}
	on.isLoose(h)
	if err == nil && l.size > LargeBlob {
		large, err := db.streamLoose(h, s, l)
		if err == nil {
			return space, on.each(Blob{Hash: h, Size: l.size, Reader: large})
		}
	}
	var data []byte
	if err == nil {
		data, err = db.looseData(z, l, space)
		z.in.drop()
	}
	if err == nil {
		err = db.verify(h, on.kind, data)
	}
	if err == nil {
		return data[:0], on.each(whole(h, data))
	}
	// Another store may have a better copy.
	kind, data, err := db.readRaw(h, 0)
	switch {
	case err != nil:
		return space, on.each(Blob{Hash: h, Err: err})
	case kind != on.kind:
		return space, nil
	}
	return space, on.each(whole(h, data))
}
