// Package odb reads the object database of a Git repository: loose objects,
// packs, multi-pack-indexes and alternates, of both object formats, without
// the git program.
//
// A database is taken for hostile. Whatever its files claim, a call here ends
// with a result or an error that says what is wrong; it allocates as data
// comes and not as a header claims, holds no object larger than
// Options.MaxObject, and reads no file outside the repository. Read and
// Blobs check every object against its name, so that an object is what its
// Hash says or an error.
//
// Nothing is ever written.
package odb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bbkeys/bbkeys/git/object"
)

// Options say how a database is read. The zero value is of use.
type Options struct {
	// Format is the hash function of the repository.
	Format object.Format

	// AlternatesWithin is the directory that every other object directory
	// named in info/alternates must be the same as or lie below, symbolic
	// links resolved. One that isn't is not read, and Notes says so. Empty:
	// the directory that the object directory is in. "/" allows all.
	AlternatesWithin string

	// MaxObject is the size in bytes of the largest object that is held in
	// memory; 0 is DefaultMaxObject. A larger one that is stored whole can
	// be had from Stream alone, one that is stored as a delta not at all.
	MaxObject int64
}

// DefaultMaxObject is the limit that holds where Options.MaxObject is 0: 64 MiB.
const DefaultMaxObject = 64 << 20

// The errors that callers tell apart.
var (
	// ErrMissing: the database has no object of that name.
	ErrMissing = errors.New("object is not in the repository")

	// ErrPromised: as ErrMissing, which it is too, in a partial clone, where
	// the object has been left with the remote.
	ErrPromised = fmt.Errorf("partial clone left it with the remote: %w", ErrMissing)

	// ErrTooLarge: the object is larger than Options.MaxObject.
	ErrTooLarge = errors.New("object is larger than the limit")
)

// CorruptError says that a stored object can't be read.
type CorruptError struct {
	Hash  object.Hash // zero where it isn't known
	Where string      // the file, and the place in it
	Err   error       // what is wrong
}

// Error is one sentence without the object's content.
func (e *CorruptError) Error() string {
	if e.Hash.IsZero() {
		return fmt.Sprintf("read %s: %v; the repository is damaged, clone it again", e.Where, e.Err)
	}
	return fmt.Sprintf("read object %v in %s: %v; the repository is damaged, clone it again", e.Hash, e.Where, e.Err)
}

// Unwrap is what is wrong.
func (e *CorruptError) Unwrap() error { return e.Err }

// DB is an open object database. Its methods may be called by several
// goroutines at once, Add and Close excepted.
type DB struct {
	format object.Format
	max    int64

	stores   []*store
	found    atomic.Pointer[[]*pack] // see packs
	promisor atomic.Bool
	bases    *baseCache
	spare    sync.Pool // of *inflater

	mu    sync.Mutex // held by who looks for packs
	notes []error
}

// packs are those that are open, of which there may soon be more, behind these.
func (db *DB) packs() []*pack {
	if found := db.found.Load(); found != nil {
		return *found
	}
	return nil
}

// Open opens the object directory dir, the .git/objects of a repository. What git packs
// anew while the database is used is seen where it is looked for in vain otherwise. It fails if dir can't
// be listed or leads out of the repository through a symbolic link; a part
// that can't be used is left out, and Notes tells which.
func Open(dir string, o Options) (*DB, error) {
	db := &DB{format: o.Format, max: o.MaxObject, bases: newBaseCache(baseCacheBytes)}
	db.spare.New = func() any { return newInflater(lookupChunk) }
	if db.max <= 0 {
		db.max = DefaultMaxObject
	}
	if err := db.openStores(dir, o.AlternatesWithin); err != nil {
		_ = db.Close() // the first error says more
		return nil, fmt.Errorf("open object database %s: %w", dir, err)
	}
	db.openPacks(db.stores)
	return db, nil
}

// Add makes the database have what another object directory has, say one that objects were
// fetched to, as it is now. It is the caller's choice, so it may be anywhere; its alternates
// may only be below it. One that the database has already stays as it was. Nothing else may use the database at the same time.
func (db *DB) Add(dir string) error {
	actual, err := realDir(dir)
	if err == nil && db.hasStore(actual) {
		return nil
	}
	before := len(db.stores)
	if err == nil {
		err = db.openStore(actual, actual, 0)
	}
	if err != nil {
		return fmt.Errorf("open further object directory %s: %w", dir, err)
	}
	db.openPacks(db.stores[before:])
	return nil
}

// Close closes the database's files. Every other method fails afterwards.
func (db *DB) Close() error {
	var errs []error
	for _, p := range db.packs() {
		errs = append(errs, p.close())
	}
	for _, s := range db.stores {
		errs = append(errs, s.root.Close())
	}
	return errors.Join(errs...)
}

// Notes says what of the database Open could not use, an error with a sentence
// for each: an alternate that lies outside, a pack or index that is damaged or
// of an unknown version. Objects that only those hold are missing.
func (db *DB) Notes() []error {
	db.mu.Lock()
	defer db.mu.Unlock()
	return slices.Clone(db.notes)
}

// Partial tells whether the database is that of a partial clone, which leaves objects with
// the remote until they are wanted.
func (db *DB) Partial() bool { return db.promisor.Load() }

// note records that a part of the database is left out, once.
func (db *DB) note(format string, a ...any) {
	err := fmt.Errorf(format, a...)
	same := func(noted error) bool { return noted.Error() == err.Error() }
	if len(db.notes) < maxNotes && !slices.ContainsFunc(db.notes, same) {
		db.notes = append(db.notes, err)
	}
}

// maxNotes bounds what a directory full of broken packs can make us keep.
const maxNotes = 1000

// store is one object directory. Its root refuses symbolic links that lead out.
type store struct {
	dir  string
	root *os.Root
	// listed is when the folder of the packs had changed when it was listed; the zero Time where
	// it may have changed since without telling.
	listed time.Time
}

// path is the path of a file of the store, for messages.
func (s *store) path(name string) string { return filepath.Join(s.dir, name) }
