package odb

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Has tells whether the database holds h. It looks for the name alone, not at
// the data.
func (db *DB) Has(h object.Hash) bool {
	if h.Format() != db.format || h.IsZero() {
		return false
	}
	if db.packed(h, db.packs()) {
		return true
	}
	return db.isLoose(h, db.stores)
}

// packed tells whether one of packs has h.
func (db *DB) packed(h object.Hash, packs []*pack) bool {
	var space [32]byte
	raw := h.Append(space[:0])
	for _, p := range packs {
		if _, ok, err := p.index.find(raw); ok && err == nil {
			return true
		}
	}
	return false
}

// isLoose tells whether h is a loose object of one of stores.
func (db *DB) isLoose(h object.Hash, stores []*store) bool {
	for _, s := range stores {
		if info, err := s.root.Stat(looseName(h)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// minAbbrev is the shortest abbreviation of an object name, as in Git.
const minAbbrev = 4

// Abbrev lists in order the objects whose names begin with the given
// hexadecimal digits, at least four. There may be none.
func (db *DB) Abbrev(hexPrefix string) ([]object.Hash, error) {
	if n, most := len(hexPrefix), 2*db.format.Size(); n < minAbbrev || n > most {
		return nil, fmt.Errorf("look up abbreviated object name %q: it has %d characters, want %d to %d", hexPrefix, n, minAbbrev, most)
	}
	prefix := strings.ToLower(hexPrefix)
	raw, err := hex.DecodeString(prefix + strings.Repeat("0", len(prefix)%2))
	if err != nil {
		return nil, fmt.Errorf("look up abbreviated object name %q: it has characters other than hexadecimal digits", hexPrefix)
	}
	raw = raw[:len(prefix)/2]
	var found []object.Hash
	for _, p := range db.packs() {
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
		names, err := s.looseNames(prefix[:2], db.format)
		if err != nil {
			return nil, &CorruptError{Where: s.path(prefix[:2]), Err: err}
		}
		for _, h := range names {
			if strings.HasPrefix(h.String(), prefix) {
				found = append(found, h)
			}
		}
	}
	slices.SortFunc(found, object.Hash.Compare)
	return slices.Compact(found), nil
}

// looseNames lists in order the loose objects whose names begin with two digits.
func (s *store) looseNames(digits string, f object.Format) ([]object.Hash, error) {
	entries, err := fs.ReadDir(s.root.FS(), digits)
	if err != nil {
		if _, missing := s.root.Lstat(digits); missing != nil {
			return nil, nil
		}
		return nil, err
	}
	var names []object.Hash
	for _, e := range entries {
		if h, err := object.ParseHash(digits + e.Name()); err == nil && h.Format() == f && looseName(h) == digits+"/"+e.Name() {
			names = append(names, h)
		}
	}
	return names, nil
}
