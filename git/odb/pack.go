package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"github.com/bbkeys/bbkeys/git/object"
)

// The layout of packs, from Git's gitformat-pack.
const (
	packHeadBytes = 12
	// entryHeadBytes is the most that the head of an entry takes: ten bytes
	// of kind and size, and the name of the base.
	entryHeadBytes = 10 + 32

	// What the kind of an entry can be besides the four of object.Kind.
	kindOffsetDelta = 6
	kindNamedDelta  = 7
)

// pack is an open pack and its index.
type pack struct {
	path  string
	file  *os.File
	size  int64
	end   int64 // where its entries end and its checksum begins
	index *index
	close func() error
}

// openPack opens the pack and the index named base + ".pack" and ".idx".
func openPack(s *store, base string, f object.Format) (*pack, error) {
	file, err := openRegular(s.root, base+".idx")
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	x, err := newIndex(file, info.Size(), f)
	if err != nil {
		_ = file.Close() // only read
		return nil, fmt.Errorf("its index: %w", err)
	}
	p, err := newPack(s, base+".pack", x, f)
	if err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	p.close = func() error { return errors.Join(p.file.Close(), file.Close()) }
	return p, nil
}

// newPack opens a pack and checks that it is the one that x is the index of.
func newPack(s *store, name string, x *index, f object.Format) (*pack, error) {
	file, err := openRegular(s.root, name)
	if err != nil {
		return nil, err
	}
	p := &pack{path: s.path(name), file: file, index: x, close: file.Close}
	if err := p.check(f); err != nil {
		_ = file.Close() // only read
		return nil, err
	}
	return p, nil
}

// check reads both ends of a pack.
func (p *pack) check(f object.Format) error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	p.size = info.Size()
	p.end = p.size - int64(f.Size())
	if p.end < packHeadBytes {
		return errors.New("the file is cut off")
	}
	var head [packHeadBytes]byte
	if _, err := p.file.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("read its head: %w", short(err))
	}
	if string(head[:4]) != "PACK" {
		return errors.New("it is not a pack")
	}
	if v := binary.BigEndian.Uint32(head[4:]); v != 2 && v != 3 {
		return fmt.Errorf("version %d is not known", v)
	}
	n := int64(binary.BigEndian.Uint32(head[8:]))
	if p.index.partial && n >= int64(p.index.count) {
		return nil
	}
	if n != int64(p.index.count) {
		return fmt.Errorf("it claims %d objects and its index %d", n, p.index.count)
	}
	sums := make([]byte, 2*f.Size())
	if _, err := p.file.ReadAt(sums[:f.Size()], p.end); err != nil {
		return fmt.Errorf("read its checksum: %w", short(err))
	}
	if _, err := p.index.file.ReadAt(sums[f.Size():], p.index.trailer); err != nil {
		return fmt.Errorf("read the checksum in its index: %w", short(err))
	}
	if !bytes.Equal(sums[:f.Size()], sums[f.Size():]) {
		return errors.New("its index belongs to another pack")
	}
	return nil
}

// entry is the head of an object in a pack.
type entry struct {
	kind   object.Kind // or one of the two delta kinds
	size   int64       // of the object, or of the delta
	data   int64       // where the compressed data begins
	offset int64       // of the base of an offset delta
	name   object.Hash // of the base of a named delta
}

// isDelta tells whether the entry has a base.
func (e *entry) isDelta() bool { return e.kind >= kindOffsetDelta }

// open reads the head of the object at an offset of p, and leaves z.in at its
// compressed data. want is how many bytes the object takes in the pack, if known.
func (z *inflater) open(p *pack, offset int64, want int) (entry, error) {
	if offset < packHeadBytes || offset >= p.end {
		return entry{}, errors.New("the offset lies outside the pack")
	}
	if err := z.in.seek(p.file, offset, p.end, max(want, entryHeadBytes)); err != nil {
		return entry{}, err
	}
	e, err := parseEntry(z.in.bytes(entryHeadBytes), offset, int(p.size-p.end))
	if err != nil {
		return entry{}, err
	}
	z.in.at += int(e.data - offset)
	return e, nil
}

// body decompresses the data of the entry just opened, whose size the caller
// has found to be bearable.
func (z *inflater) body(e *entry, dst []byte) ([]byte, error) {
	out, err := z.inflate(dst, int(e.size))
	if err == nil && int64(len(out)) != e.size {
		err = fmt.Errorf("the object claims %d bytes and has %d", e.size, len(out))
	}
	return out, err
}

var errEntryShort = errors.New("the pack ends inside the head of an object")

// parseEntry reads the head of the object at an offset, which begins with head.
func parseEntry(head []byte, offset int64, hash int) (entry, error) {
	if len(head) == 0 {
		return entry{}, errEntryShort
	}
	e := entry{kind: object.Kind(head[0] >> 4 & 7), size: int64(head[0] & 0xf)}
	n := 1
	for shift := 4; head[n-1]&0x80 != 0; shift += 7 {
		if n == len(head) {
			return e, errEntryShort
		}
		if n == 9 {
			return e, errors.New("the object claims a size beyond 2^60")
		}
		e.size |= int64(head[n]&0x7f) << shift
		n++
	}
	switch e.kind {
	case object.KindCommit, object.KindTree, object.KindBlob, object.KindTag:
	case kindOffsetDelta:
		back, used := parseBack(head[n:])
		if used == 0 || back <= 0 || back > offset-packHeadBytes {
			return e, errors.New("the base of the delta lies outside the pack")
		}
		e.offset = offset - back
		n += used
	case kindNamedDelta:
		if len(head)-n < hash {
			return e, errEntryShort
		}
		name, err := object.HashFromBytes(head[n : n+hash])
		if err != nil {
			return e, err
		}
		e.name = name
		n += hash
	default:
		return e, fmt.Errorf("kind %d of object is not known", e.kind)
	}
	e.data = offset + int64(n)
	return e, nil
}

// parseBack reads how far before a delta its base begins; used is 0 if that
// isn't written in full or can't be true.
func parseBack(head []byte) (back int64, used int) {
	for i, c := range head {
		if i == 9 {
			return 0, 0
		}
		if i > 0 {
			back++
		}
		back = back<<7 | int64(c&0x7f)
		if c&0x80 == 0 {
			return back, i + 1
		}
	}
	return 0, 0
}
