package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/bbkeys/bbkeys/git/object"
)

const (
	headerSize = 12
	statSize   = 40 // times, device, inode, mode, owner and size, before the object's name
	modeDir    = 0o040000

	// maxExpansion bounds how much longer the paths may be than the index that they're in:
	// version 4 leaves out what a path has in common with the one before it. An entry
	// takes over 60 bytes, so that real paths, a hundred bytes or so, come nowhere near.
	maxExpansion = 16

	flagExtended  = 0x4000
	flagStage     = 0x3000
	flagName      = 0x0fff // the name's length, or this if it is longer
	flagSkipTree  = 0x4000 // in the extended flags
	flagIntentAdd = 0x2000
)

// parsed is one index file, with what its link to a shared one says.
type parsed struct {
	format  object.Format
	entries []Entry
	last    string      // the path of the entry before
	paths   int         // bytes that the paths may still take
	base    object.Hash // of the shared index; zero if the index isn't split
	deleted []byte      // bitmaps over the shared index's entries, still encoded
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: "+format+"; git can rebuild it with: rm .git/index && git reset", append([]any{ErrCorrupt}, args...)...)
}

// parse reads one index file, and gives its entries to take, or keeps them where that is nil.
func parse(data []byte, f object.Format, take func(Entry)) (*parsed, error) {
	size := f.Size()
	if len(data) < headerSize+size || string(data[:4]) != "DIRC" {
		return nil, corrupt("it does not begin as an index does")
	}
	version := binary.BigEndian.Uint32(data[4:])
	if version < 2 || version > 4 {
		return nil, fmt.Errorf("it has version %d, and only 2 to 4 are known: %w", version, errors.ErrUnsupported)
	}
	body, sum := data[:len(data)-size], data[len(data)-size:]
	if !bytes.Equal(sum, make([]byte, size)) {
		h := f.New()
		_, _ = h.Write(body) // a hash never fails
		if !bytes.Equal(sum, h.Sum(nil)) {
			return nil, corrupt("its checksum does not match its content")
		}
	}
	p := &parsed{format: f, paths: maxExpansion * len(data)}
	count := int(binary.BigEndian.Uint32(data[8:]))
	rest := body[headerSize:]
	smallest := statSize + size + 3 // flags and an empty name
	if count > len(rest)/smallest {
		return nil, corrupt("it claims %d entries, more than it has room for", count)
	}
	if take == nil {
		p.entries = make([]Entry, 0, count)
		take = func(e Entry) { p.entries = append(p.entries, e) }
	}
	var err error
	for i := range count {
		if rest, err = p.entry(rest, version, take); err != nil {
			return nil, fmt.Errorf("entry %d of %d: %w", i+1, count, err)
		}
	}
	return p, p.extensions(rest)
}

// entry gives take the entry that data begins with, and returns what follows it.
func (p *parsed) entry(data []byte, version uint32, take func(Entry)) ([]byte, error) {
	fixed := statSize + p.format.Size() + 2
	if len(data) < fixed {
		return nil, corrupt("it ends inside an entry")
	}
	e := Entry{Mode: binary.BigEndian.Uint32(data[24:])}
	var err error
	if e.Hash, err = object.HashFromBytes(data[statSize : fixed-2]); err != nil {
		return nil, err
	}
	flags := binary.BigEndian.Uint16(data[fixed-2:])
	e.Stage = int(flags & flagStage >> 12)
	if flags&flagExtended != 0 {
		if version < 3 || len(data) < fixed+2 {
			return nil, corrupt("an entry has flags that its version does not know")
		}
		more := binary.BigEndian.Uint16(data[fixed:])
		e.SkipWorktree, e.IntentToAdd = more&flagSkipTree != 0, more&flagIntentAdd != 0
		fixed += 2
	}
	name := data[fixed:]
	prefix := ""
	if version == 4 {
		strip, n := varint(name)
		if n == 0 || strip > uint64(len(p.last)) {
			return nil, corrupt("a path takes more from the path before it than that has")
		}
		prefix, name = p.last[:len(p.last)-int(strip)], name[n:]
	}
	end := bytes.IndexByte(name, 0)
	if end < 0 {
		return nil, corrupt("a path has no end")
	}
	if p.paths -= len(prefix) + end; p.paths < 0 {
		return nil, corrupt("its paths expand to more than %d times its size", maxExpansion)
	}
	e.Path = prefix + string(name[:end])
	if n := int(flags & flagName); n != flagName && n != len(e.Path) {
		return nil, corrupt("a path is %d bytes long and should be %d", len(e.Path), n)
	}
	p.last = e.Path
	take(e)
	if version == 4 {
		return name[end+1:], nil
	}
	total := (fixed + end + 8) &^ 7 // padded with 1 to 8 zeros
	if total > len(data) {
		return nil, corrupt("it ends inside an entry")
	}
	return data[total:], nil
}

// varint reads a number in the way of pack offsets: 7 bits a byte, the highest first, each
// continuation adding one. It returns 0 bytes for a number that has no end or is too long.
func varint(data []byte) (uint64, int) {
	var v uint64
	for i, b := range data {
		if i == 9 {
			return 0, 0
		}
		v = v<<7 | uint64(b&0x7f)
		if b&0x80 == 0 {
			return v, i + 1
		}
		v++
	}
	return 0, 0
}

// extensions goes through what follows the entries. Extensions in capitals are caches that can
// be left aside; the others change the meaning of the index, so an unknown one is an error.
func (p *parsed) extensions(data []byte) error {
	for len(data) > 0 {
		if len(data) < 8 {
			return corrupt("it ends inside an extension")
		}
		name, size := string(data[:4]), uint64(binary.BigEndian.Uint32(data[4:]))
		data = data[8:]
		if size > uint64(len(data)) {
			return corrupt("extension %q claims %d bytes of %d", name, size, len(data))
		}
		body := data[:size]
		data = data[size:]
		switch {
		case name == "link":
			if err := p.link(body); err != nil {
				return err
			}
		case name == "sdir":
			// Sparse directories: their entries say so themselves.
		case name[0] < 'A' || 'Z' < name[0]:
			return fmt.Errorf("it needs the unknown extension %q: %w", name, errors.ErrUnsupported)
		}
	}
	return nil
}

// link reads the extension of a split index.
func (p *parsed) link(body []byte) error {
	size := p.format.Size()
	if len(body) < size {
		return corrupt("extension %q is too short", "link")
	}
	var err error
	if p.base, err = object.HashFromBytes(body[:size]); err != nil {
		return err
	}
	p.deleted = body[size:]
	return nil
}
