package odb

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"github.com/bbkeys/bbkeys/git/object"
)

// Blob is one blob that Blobs delivers. Exactly one of Data, Reader and Err is
// of use; Data is not nil even if the blob is empty.
type Blob struct {
	Hash   object.Hash
	Size   int64     // in bytes; unknown (0) with an Err
	Data   []byte    // the whole blob; valid until the callback returns
	Reader io.Reader // a large blob; to be read before the callback returns
	Err    error     // why the blob can't be read
}

// Blobs delivers every blob of the database to each, once however often it is
// stored: packs in the order they are written in, then loose objects. Where
// keep is not nil, it delivers only what keep wants. jobs goroutines call
// keep and each, so both must bear that. A blob that can't be read is
// delivered with its error, and the walk goes on. An error of each ends it, and is
// returned as it is; ctx ends it with ctx's error.
func (db *DB) Blobs(ctx context.Context, jobs int, keep func(object.Hash) bool, each func(Blob) error) error {
	seen := make(map[object.Hash]bool)
	one := func(h object.Hash) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if seen[h] || keep != nil && !keep(h) {
			return nil
		}
		seen[h] = true
		kind, data, err := db.readRaw(h)
		if err != nil {
			return each(Blob{Hash: h, Err: err})
		}
		if kind != object.KindBlob {
			return nil
		}
		return each(Blob{Hash: h, Size: int64(len(data)), Data: data})
	}
	for _, p := range db.packs {
		for pos := range p.index.count {
			h, err := p.index.name(pos)
			if err != nil {
				return err
			}
			if err := one(h); err != nil {
				return err
			}
		}
	}
	for _, s := range db.stores {
		for i := range 256 {
			dir := fmt.Sprintf("%02x", i)
			entries, err := fs.ReadDir(s.root.FS(), dir)
			if err != nil {
				continue
			}
			for _, e := range entries {
				if h, err := object.ParseHash(dir + e.Name()); err == nil && h.Format() == db.format {
					if err := one(h); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}
