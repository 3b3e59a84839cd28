package odb

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

const packDir = "pack"

// openPacks opens the packs of some stores that aren't open yet, and reports whether there were
// any. One that can't be used is noted.
func (db *DB) openPacks(stores []*store) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	have := db.packs()
	packs := slices.Clip(have)
	for _, s := range stores {
		packs = append(packs, db.newPacks(s, packs)...)
	}
	if len(packs) == len(have) {
		return false
	}
	db.found.Store(&packs)
	return true
}

// refresh is openPacks for what was packed since the stores were listed.
func (db *DB) refresh() bool { return db.openPacks(db.stores) }

// How often a folder is listed that changes meanwhile, and how long git is given in between to
// take away what belongs to a pack.
const (
	maxListings = 5
	patience    = 20 * time.Millisecond
)

// newPacks opens the packs of a store that aren't among those that are open. Git may be packing anew: then a pack that
// was listed is gone when it is opened, and what it held is in one that was not.
func (db *DB) newPacks(s *store, have []*pack) []*pack {
	var packs []*pack
	open := make(map[string]bool, len(have))
	for _, p := range have {
		open[p.path] = true
	}
	for n := 1; ; n++ {
		names := db.packNames(s)
		fresh, why := db.tryPacks(s, names, open)
		packs = append(packs, fresh...)
		gone := false
		for _, err := range why {
			gone = gone || errors.Is(err, fs.ErrNotExist)
		}
		if !gone || n == maxListings {
			return append(packs, db.openBare(s, why)...)
		}
		s.listed = time.Time{}
		time.Sleep(patience)
	}
}

// quiet is for how long a folder must not have changed for the time of its last change to tell that
// it has not: file systems count time in steps of up to two seconds.
const quiet = 3 * time.Second

// packNames lists the folder of a store's packs in order, unless it is as it was.
func (db *DB) packNames(s *store) []string {
	info, err := s.root.Stat(packDir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().Equal(s.listed) {
		return nil
	}
	dir, err := s.root.Open(packDir)
	if err != nil {
		db.note("open packs of %s: %w; their objects are missing", s.dir, err)
		return nil
	}
	names, err := dir.Readdirnames(-1)
	_ = dir.Close() // only read
	if err != nil {
		db.note("list packs of %s: %w; their objects are missing", s.dir, err)
	}
	if s.listed = (time.Time{}); info != nil && time.Since(info.ModTime()) > quiet {
		s.listed = info.ModTime()
	}
	slices.Sort(names)
	return names
}

// tryPacks opens the packs with an index of their own that aren't open, which they are then, and says why it
// can't open the others.
func (db *DB) tryPacks(s *store, names []string, open map[string]bool) (packs []*pack, why map[string]error) {
	why = make(map[string]error)
	for _, name := range names {
		base, suffix, _ := strings.Cut(name, ".")
		switch {
		case strings.HasPrefix(name, "tmp_"):
		case suffix == "promisor":
			db.promisor.Store(true)
		case suffix == "pack" && !open[packPath(s, base)]:
			why[base] = errors.New("it has no index")
		}
	}
	for _, name := range names {
		base, found := strings.CutSuffix(name, ".idx")
		if !found || open[packPath(s, base)] {
			continue
		}
		p, err := openPack(s, packDir+"/"+base, db.format)
		if err != nil {
			why[base] = err
			continue
		}
		delete(why, base)
		open[p.path] = true
		packs = append(packs, p)
	}
	return packs, why
}

// packPath is the path of a pack, as in its field of that name.
func packPath(s *store, base string) string { return s.path(packDir + "/" + base + ".pack") }

// openBare opens packs without a usable index with the help of the
// multi-pack-index, and notes those that it can't.
func (db *DB) openBare(s *store, why map[string]error) []*pack {
	if len(why) == 0 {
		return nil
	}
	packs, left, err := db.openMidx(s, why)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		db.note("read multi-pack-index %s: %w", s.path(midxName), err)
	}
	for _, base := range slices.Sorted(maps.Keys(left)) {
		db.note("open pack %s: %w; its objects are missing", packPath(s, base), left[base])
	}
	return packs
}
