package odb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/bbkeys/bbkeys/git/object"
)

// Read reads the object h whole and checks it against its name. The data is
// the caller's. The empty tree is there even where it isn't stored, as in Git, and
// the empty blob, whose name says as much. The error wraps ErrMissing, ErrPromised or ErrTooLarge, or is
// a *CorruptError. Where one copy of an object is damaged and another isn't,
// the other is read.
func (db *DB) Read(h object.Hash) (object.Kind, []byte, error) {
	kind, data, err := db.readRaw(h, 0)
	if empty := db.builtin(h, err); empty != 0 {
		return empty, nil, nil
	}
	return kind, data, err
}

// builtin is the kind of an empty object that could not be read because it isn't stored, 0 of all others.
func (db *DB) builtin(h object.Hash, err error) object.Kind {
	if !errors.Is(err, ErrMissing) {
		return 0
	}
	for _, kind := range []object.Kind{object.KindTree, object.KindBlob} {
		if h == db.format.Name(kind, nil) {
			return kind
		}
	}
	return 0
}

// Stat is the kind and size of the object h, from what is stored before its
// data; the data may still turn out to be corrupt. Errors are those of Read,
// but no size is too large.
func (db *DB) Stat(h object.Hash) (object.Kind, int64, error) {
	kind, size, err := db.stat(h, 0)
	if empty := db.builtin(h, err); empty != 0 {
		return empty, 0, nil
	}
	return kind, size, err
}

// Stream opens the object h for reading once, its size known beforehand. An
// object that is stored whole is decompressed as it is read, however large it
// is. Whether such a one is what its name says shows at the end: there the reader
// returns a *CorruptError in place of io.EOF. Errors are those of Read.
func (db *DB) Stream(h object.Hash) (object.Kind, int64, io.ReadCloser, error) {
	var kind object.Kind
	var size int64
	var r io.ReadCloser
	err := db.try(h, nil, 0, func(p *pack, offset int64) error {
		z := db.spare.Get().(*inflater)
		e, err := z.open(p, offset, 0)
		db.spare.Put(z)
		if err != nil {
			return err
		}
		if e.isDelta() || e.size <= LargeBlob {
			var data []byte
			kind, data, err = db.unpacked(h, p, offset, 0)
			size, r = int64(len(data)), io.NopCloser(bytes.NewReader(data))
			return err
		}
		kind, size = e.kind, e.size
		r, err = db.streamPacked(h, p, &e)
		return err
	}, func(s *store) error {
		l, err := db.openLoose(s, h)
		if err != nil {
			return err
		}
		kind, size = l.kind, l.size
		if r, err = db.streamLoose(h, s, l); err != nil {
			_ = l.file.Close() // only read
		}
		return err
	})
	if empty := db.builtin(h, err); empty != 0 {
		return empty, 0, io.NopCloser(bytes.NewReader(nil)), nil
	}
	if err != nil {
		return 0, 0, nil, err
	}
	return kind, size, r, nil
}

// maxCopies is how many packs' copies of an object are tried.
const maxCopies = 1 << maxHops

// try is attempt, and attempt again where h is nowhere and was perhaps packed meanwhile.
func (db *DB) try(h object.Hash, without *pack, hops int, packed func(*pack, int64) error, loose func(*store) error) error {
	packs := len(db.packs())
	err := db.attempt(h, without, hops, packed, loose)
	if errors.Is(err, ErrMissing) && (db.refresh() || len(db.packs()) > packs) {
		return db.attempt(h, without, hops, packed, loose)
	}
	return err
}

// attempt calls packed or loose with each place where h is stored, until a call
// is successful. Otherwise its error is that of the first copy, or that there
// is none. It leaves out the pack without, and gives up after some copies,
// the fewer the more hops there were, since each may lead to further ones.
func (db *DB) attempt(h object.Hash, without *pack, hops int, packed func(*pack, int64) error, loose func(*store) error) error {
	if h.Format() != db.format || h.IsZero() {
		return db.missing(h)
	}
	var failed error
	var space [32]byte
	raw := h.Append(space[:0])
	copies := maxCopies >> hops
	for _, p := range db.packs() {
		if p == without || copies == 0 {
			continue
		}
		pos, ok, err := p.index.find(raw)
		if !ok && err == nil {
			continue
		}
		if err == nil {
			var offset int64
			if offset, err = p.index.offset(pos); err == nil {
				err = packed(p, offset)
			}
		}
		if err == nil {
			return nil
		}
		copies--
		if failed == nil {
			failed = failure(h, p.path, err)
		}
	}
	for _, s := range db.stores {
		err := loose(s)
		if err == nil {
			return nil
		}
		if failed == nil && !errors.Is(err, fs.ErrNotExist) {
			failed = failure(h, s.path(looseName(h)), err)
		}
	}
	if failed != nil {
		return failed
	}
	return db.missing(h)
}

// failure says why the copy of h at where can't be read.
func failure(h object.Hash, where string, err error) error {
	var corrupt *CorruptError
	switch {
	case errors.Is(err, ErrTooLarge):
		return fmt.Errorf("read object %v in %s: %w", h, where, err)
	case errors.As(err, &corrupt) && corrupt.Hash == h:
		return err
	}
	return &CorruptError{Hash: h, Where: where, Err: err}
}

// readRaw is Read but for the empty objects.
func (db *DB) readRaw(h object.Hash, hops int) (object.Kind, []byte, error) {
	return db.readElsewhere(h, nil, hops)
}

// readElsewhere reads h from anywhere but one pack.
func (db *DB) readElsewhere(h object.Hash, without *pack, hops int) (object.Kind, []byte, error) {
	var kind object.Kind
	var data []byte
	err := db.try(h, without, hops, func(p *pack, offset int64) (err error) {
		kind, data, err = db.unpacked(h, p, offset, hops)
		return err
	}, func(s *store) (err error) {
		kind, data, err = db.readLoose(s, h)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return kind, data, nil
}

// unpacked reads h from an offset of p and checks it against its name.
func (db *DB) unpacked(h object.Hash, p *pack, offset int64, hops int) (object.Kind, []byte, error) {
	kind, data, err := db.unpack(p, offset, hops)
	if err != nil {
		return 0, nil, err
	}
	if err := db.verify(h, kind, data); err != nil {
		return 0, nil, err
	}
	return kind, data, nil
}

// verify checks an object against its name.
func (db *DB) verify(h object.Hash, kind object.Kind, data []byte) error {
	if is := db.format.Name(kind, data); is != h {
		return fmt.Errorf("what is stored there is %v %v", kind, is)
	}
	return nil
}

// stat is Stat but for the empty objects.
func (db *DB) stat(h object.Hash, hops int) (object.Kind, int64, error) {
	var kind object.Kind
	var size int64
	err := db.try(h, nil, hops, func(p *pack, offset int64) (err error) {
		kind, size, err = db.describe(p, offset, hops)
		return err
	}, func(s *store) error {
		l, err := db.openLoose(s, h)
		if err != nil {
			return err
		}
		kind, size = l.kind, l.size
		_ = l.file.Close() // only read
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return kind, size, nil
}

// missing is the error for an object that isn't there.
func (db *DB) missing(h object.Hash) error {
	if db.promisor.Load() {
		return fmt.Errorf("read object %v: %w", h, ErrPromised)
	}
	return fmt.Errorf("read object %v: %w", h, ErrMissing)
}
