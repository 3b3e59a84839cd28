package odb

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Read reads the object h whole and checks it against its name. The data is
// the caller's. The error wraps ErrMissing, ErrPromised or ErrTooLarge, or is
// a *CorruptError.
func (db *DB) Read(h object.Hash) (object.Kind, []byte, error) {
	h = db.replaced(h)
	kind, data, err := db.readRaw(h)
	if err != nil {
		return 0, nil, err
	}
	return kind, data, nil
}

// Stat is the kind and size of the object h, from what is stored before its
// data; the data may still turn out to be corrupt. Errors are those of Read.
func (db *DB) Stat(h object.Hash) (object.Kind, int64, error) {
	kind, data, err := db.Read(h)
	return kind, int64(len(data)), err
}

// Stream opens the object h for reading once, its size known beforehand. An
// object that is stored whole is decompressed as it is read, however large it
// is. Whether it is what its name says shows at the end: there the reader
// returns a *CorruptError in place of io.EOF. Errors are those of Read.
func (db *DB) Stream(h object.Hash) (object.Kind, int64, io.ReadCloser, error) {
	kind, data, err := db.Read(h)
	if err != nil {
		return 0, 0, nil, err
	}
	return kind, int64(len(data)), io.NopCloser(bytes.NewReader(data)), nil
}

// Has tells whether the database holds h. It looks for the name alone, not at
// the data.
func (db *DB) Has(h object.Hash) bool {
	if h.Format() != db.format || h.IsZero() {
		return false
	}
	raw := h.Bytes()
	for _, p := range db.packs {
		if _, ok, err := p.index.find(raw); ok && err == nil {
			return true
		}
	}
	for _, s := range db.stores {
		if info, err := s.root.Stat(looseName(h)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// minAbbrev is the shortest abbreviation of an object name, as in Git.
const minAbbrev = 4

// Abbrev lists in order the objects whose names begin with the given
// hexadecimal digits, at least four.
func (db *DB) Abbrev(hexPrefix string) ([]object.Hash, error) {
	if len(hexPrefix) < minAbbrev || len(hexPrefix) > 2*db.format.Size() {
		return nil, fmt.Errorf("look up abbreviated object name %q: it has %d characters, want %d to %d", hexPrefix, len(hexPrefix), minAbbrev, 2*db.format.Size())
	}
	prefix := strings.ToLower(hexPrefix)
	raw, err := hex.DecodeString(prefix[:len(prefix)&^1])
	if err != nil {
		return nil, fmt.Errorf("look up abbreviated object name %q: it has characters other than hexadecimal digits", hexPrefix)
	}
	var found []object.Hash
	for _, p := range db.packs {
		pos, ok, err := p.index.find(raw)
		for ; ok && err == nil && pos < p.index.count; pos++ {
			var h object.Hash
			if h, err = p.index.name(pos); err != nil || !bytes.HasPrefix(h.Bytes(), raw) {
				break
			}
			if strings.HasPrefix(h.String(), prefix) {
				found = append(found, h)
			}
		}
		if err != nil {
			return nil, &CorruptError{Where: p.path, Err: err}
		}
	}
	for _, s := range db.stores {
		entries, err := fs.ReadDir(s.root.FS(), prefix[:2])
		if err != nil {
			continue
		}
		for _, e := range entries {
			if h, err := object.ParseHash(prefix[:2] + e.Name()); err == nil && h.Format() == db.format && strings.HasPrefix(h.String(), prefix) {
				found = append(found, h)
			}
		}
	}
	slices.SortFunc(found, object.Hash.Compare)
	return slices.Compact(found), nil
}

// replaced is the object to be read in place of h.
func (db *DB) replaced(h object.Hash) object.Hash {
	if db.replace == nil {
		return h
	}
	for range 5 { // as often as Git
		to, ok := db.replace(h)
		if !ok {
			break
		}
		h = to
	}
	return h
}

// readRaw reads h, whatever may replace it.
func (db *DB) readRaw(h object.Hash) (object.Kind, []byte, error) {
	if h.Format() != db.format || h.IsZero() {
		return 0, nil, db.missing(h)
	}
	var failed error
	raw := h.Bytes()
	for _, p := range db.packs {
		pos, ok, err := p.index.find(raw)
		if !ok && err == nil {
			continue
		}
		var offset int64
		if err == nil {
			offset, err = p.index.offset(pos)
		}
		var kind object.Kind
		var data []byte
		if err == nil {
			kind, data, err = db.unpack(p, offset, 0)
		}
		if err == nil {
			return db.verified(h, kind, data, p.path)
		}
		if failed == nil {
			failed = &CorruptError{h, p.path, err}
		}
	}
	for _, s := range db.stores {
		kind, data, err := db.readLoose(s, h)
		if err == nil {
			return db.verified(h, kind, data, s.path(looseName(h)))
		}
		if failed == nil && !errors.Is(err, fs.ErrNotExist) {
			failed = err
		}
	}
	if failed != nil {
		return 0, nil, failed
	}
	return 0, nil, db.missing(h)
}

// verified checks an object against its name.
func (db *DB) verified(h object.Hash, kind object.Kind, data []byte, where string) (object.Kind, []byte, error) {
	if is := db.format.Name(kind, data); is != h {
		return 0, nil, &CorruptError{h, where, fmt.Errorf("what is stored is object %v", is)}
	}
	return kind, data, nil
}

// missing is the error for an object that isn't there.
func (db *DB) missing(h object.Hash) error {
	if db.promisor {
		return fmt.Errorf("read object %v: %w", h, ErrPromised)
	}
	return fmt.Errorf("read object %v: %w", h, ErrMissing)
}

// unpack reads the object at an offset of a pack.
func (db *DB) unpack(p *pack, offset int64, depth int) (object.Kind, []byte, error) {
	e, err := p.entry(offset)
	if err != nil {
		return 0, nil, err
	}
	if e.size > db.max {
		return 0, nil, ErrTooLarge
	}
	src := make([]byte, min(e.size+e.size/8+128, p.end-e.data))
	if _, err := p.file.ReadAt(src, e.data); err != nil {
		return 0, nil, short(err)
	}
	data, err := inflate(nil, src, e.size)
	if err != nil || !e.isDelta() {
		return e.kind, data, err
	}
	if depth > 5000 {
		return 0, nil, errors.New("too many deltas")
	}
	var kind object.Kind
	var under []byte
	if e.kind == kindOffsetDelta {
		kind, under, err = db.unpack(p, e.offset, depth+1)
	} else {
		kind, under, err = db.readRaw(e.name)
	}
	if err != nil {
		return 0, nil, err
	}
	data, err = applyDelta(nil, under, data, db.max)
	return kind, data, err
}
