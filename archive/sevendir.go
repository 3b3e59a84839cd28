package archive

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf16"
)

// Kinds of what a directory of 7z holds.
const (
	kindEnd           = 0x00
	kindHeader        = 0x01
	kindProperties    = 0x02
	kindMoreStreams   = 0x03
	kindStreams       = 0x04
	kindFiles         = 0x05
	kindPackInfo      = 0x06
	kindUnpackInfo    = 0x07
	kindSubStreams    = 0x08
	kindSize          = 0x09
	kindSum           = 0x0a
	kindFolder        = 0x0b
	kindUnpackSize    = 0x0c
	kindNumSubStreams = 0x0d
	kindEmptyStream   = 0x0e
	kindNames         = 0x11
	kindEncodedHeader = 0x17
)

// A directoryReader reads what a directory says. What is wrong with it shows in bad, and
// all that is read then is zero.
type directoryReader struct {
	rest []byte
	most int // things of a kind
	bad  bool
	over bool // because there are more than that
}

// wrong returns what is wrong.
func (d *directoryReader) wrong() error {
	switch {
	case d.over:
		return fmt.Errorf("%w: there are more than %d things in it; raise archive-entries if it is to be trusted", ErrLimit, d.most)
	case d.bad:
		return fmt.Errorf("%w: the directory is wrong", ErrCorrupt)
	}
	return nil
}

func (d *directoryReader) bytes(n uint64) []byte {
	if d.bad || n > uint64(len(d.rest)) {
		d.bad = true
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *directoryReader) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *directoryReader) uint32() uint32 {
	if b := d.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// number reads a number whose first byte has as many ones in front as bytes follow.
func (d *directoryReader) number() uint64 {
	first := d.byte()
	more := bits.LeadingZeros8(^first)
	var n uint64
	for i, b := range d.bytes(uint64(more)) {
		n |= uint64(b) << (8 * i)
	}
	if more < 7 {
		n |= uint64(first&(1<<(7-more)-1)) << (8 * more)
	}
	return n
}

// count reads how many things follow. Each takes a bit at least, and more in memory, so
// that no more are believed than there is place for.
func (d *directoryReader) count() int {
	n := d.number()
	if n > uint64(len(d.rest)) {
		d.bad = true
		return 0
	}
	if n > uint64(d.most) {
		d.bad, d.over = true, true
		return 0
	}
	return int(n)
}

// bools reads n bits.
func (d *directoryReader) bools(n int) []bool {
	b := d.bytes(uint64(n+7) / 8)
	if b == nil {
		return make([]bool, n)
	}
	all := make([]bool, n)
	for i := range all {
		all[i] = b[i/8]&(0x80>>(i%8)) != 0
	}
	return all
}

// sums reads the checksums of what has one.
func (d *directoryReader) sums(n int, set func(i int, sum uint32)) {
	var has []bool
	if d.byte() == 0 {
		has = d.bools(n)
	}
	for i := 0; i < n && !d.bad; i++ {
		if has == nil || has[i] {
			set(i, d.uint32())
		}
	}
}

// expect reads a kind that has to be there.
func (d *directoryReader) expect(kind byte) {
	if d.byte() != kind {
		d.bad = true
	}
}

// header reads what the files are packed in, and the names of those that have content.
func (d *directoryReader) header() (folders []*folder, names []string) {
	for !d.bad {
		switch kind := d.byte(); kind {
		case kindEnd:
			return folders, names
		case kindProperties:
			for !d.bad && d.byte() != kindEnd {
				d.bytes(d.number())
			}
		case kindMoreStreams:
			d.streams()
		case kindStreams:
			folders = d.streams()
		case kindFiles:
			names = d.files()
		default:
			d.bad = true
		}
	}
	return folders, names
}

// files reads the names of the files that have content.
func (d *directoryReader) files() (names []string) {
	n := d.count()
	var all []string
	empty := make([]bool, n)
	for !d.bad {
		kind := d.byte()
		if kind == kindEnd {
			break
		}
		part := &directoryReader{rest: d.bytes(d.number()), most: d.most}
		switch kind {
		case kindEmptyStream:
			empty = part.bools(n)
		case kindNames:
			part.expect(0) // else they are in another stream, which nobody writes
			all = part.names(n)
		}
		d.bad = d.bad || part.bad
	}
	for i := range n {
		if !empty[i] {
			name := "unnamed"
			if i < len(all) {
				name = all[i]
			}
			names = append(names, name)
		}
	}
	return names
}

// names reads n names in UTF-16, each with a zero at its end.
func (d *directoryReader) names(n int) (all []string) {
	for range n {
		var name []uint16
		for {
			b := d.bytes(2)
			if b == nil || b[0] == 0 && b[1] == 0 {
				break
			}
			name = append(name, binary.LittleEndian.Uint16(b))
		}
		all = append(all, string(utf16.Decode(name)))
	}
	return all
}

// streams reads how everything is packed.
func (d *directoryReader) streams() (folders []*folder) {
	var at uint64
	var packed []uint64
	for !d.bad {
		switch d.byte() {
		case kindEnd:
			for _, f := range folders {
				if f.files == nil { // nothing says that it is more than one
					f.files = []sevenFile{{f.size(), f.sum, f.hasSum}}
				}
			}
			return folders
		case kindPackInfo:
			at, packed = d.packInfo()
		case kindUnpackInfo:
			folders = d.unpackInfo()
			d.place(folders, at, packed)
		case kindSubStreams:
			d.subStreams(folders)
		default:
			d.bad = true
		}
	}
	return folders
}

// place says where each folder is: one behind the other.
func (d *directoryReader) place(folders []*folder, at uint64, packed []uint64) {
	for _, f := range folders {
		if d.bad || f.streams > len(packed) {
			d.bad = true
			return
		}
		f.at, f.packed = at, packed[0]
		for _, n := range packed[:f.streams] {
			if at += n; at < n {
				d.bad = true
			}
		}
		packed = packed[f.streams:]
	}
}
