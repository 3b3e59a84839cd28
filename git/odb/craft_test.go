package odb_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/adler32"
	"path/filepath"
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// The kinds of entries that have a base.
const (
	offsetDelta object.Kind = 6
	namedDelta  object.Kind = 7
)

// craft puts a pack and its index together, whatever is wrong with them.
type craft struct {
	f       object.Format
	pack    []byte
	names   map[object.Hash]int64 // what the index says
	claimed int                   // added to the number of objects
}

func newCraft(f object.Format) *craft {
	return &craft{f: f, pack: make([]byte, 12), names: make(map[object.Hash]int64)}
}

// entry adds an entry that claims a size; base is what stands between its
// head and its data.
func (c *craft) entry(h object.Hash, kind object.Kind, size int64, base, compressed []byte) int64 {
	at := int64(len(c.pack))
	c.names[h] = at
	b := byte(kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		c.pack = append(c.pack, b|0x80)
		b = byte(size & 0x7f)
	}
	c.pack = append(append(append(c.pack, b), base...), compressed...)
	return at
}

// blob adds a sound blob.
func (c *craft) blob(data []byte) (object.Hash, int64) {
	h := c.f.Name(object.KindBlob, data)
	return h, c.entry(h, object.KindBlob, int64(len(data)), nil, compress(data))
}

// onOffset adds a delta, to be named h, of what lies at an offset.
func (c *craft) onOffset(h object.Hash, base int64, delta []byte) int64 {
	return c.entry(h, offsetDelta, int64(len(delta)), distance(int64(len(c.pack))-base), compress(delta))
}

// onName adds a delta, to be named h, of an object.
func (c *craft) onName(h, base object.Hash, delta []byte) int64 {
	return c.entry(h, namedDelta, int64(len(delta)), base.Bytes(), compress(delta))
}

// write stores the pack and its index.
func (c *craft) write(t testing.TB, dir, name string) {
	t.Helper()
	pack := bytes.Clone(c.pack)
	copy(pack, "PACK\x00\x00\x00\x02")
	binary.BigEndian.PutUint32(pack[8:], uint32(len(c.names)+c.claimed))
	pack = append(pack, c.sum(pack)...)
	writeFile(t, filepath.Join(dir, "objects/pack", name+".pack"), pack)
	writeFile(t, filepath.Join(dir, "objects/pack", name+".idx"), c.index(pack))
}

// index is the index, of version 2.
func (c *craft) index(pack []byte) []byte {
	var names []object.Hash
	for h := range c.names {
		names = append(names, h)
	}
	slices.SortFunc(names, object.Hash.Compare)
	x := []byte("\xfftOc\x00\x00\x00\x02")
	n := 0
	for first := range 256 {
		for n < len(names) && int(names[n].Bytes()[0]) <= first {
			n++
		}
		x = binary.BigEndian.AppendUint32(x, uint32(n+c.claimed))
	}
	for _, h := range names {
		x = h.Append(x)
	}
	x = append(x, make([]byte, 4*len(names))...)
	var wide []byte
	for _, h := range names {
		if at := c.names[h]; at < 1<<31 {
			x = binary.BigEndian.AppendUint32(x, uint32(at))
		} else {
			x = binary.BigEndian.AppendUint32(x, 1<<31|uint32(len(wide)/8))
			wide = binary.BigEndian.AppendUint64(wide, uint64(at))
		}
	}
	x = append(append(x, wide...), pack[len(pack)-c.f.Size():]...)
	return append(x, c.sum(x)...)
}

func (c *craft) sum(data []byte) []byte {
	sum := c.f.New()
	sum.Write(data)
	return sum.Sum(nil)
}

// compress makes a zlib stream; of little data one that is stored, since to
// make a zlib.Writer for each of thousands takes long.
func compress(data []byte) []byte {
	if n := len(data); n < 1000 {
		b := append([]byte{0x78, 0x01, 1, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)}, data...)
		return binary.BigEndian.AppendUint32(b, adler32.Checksum(data))
	}
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		panic(err) // a bytes.Buffer never fails
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// distance is how an offset delta says how far before it its base begins.
func distance(n int64) []byte {
	b := []byte{byte(n & 0x7f)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		b = append(b, byte(n&0x7f)|0x80)
	}
	slices.Reverse(b)
	return b
}

// delta is the two sizes and the instructions of a delta.
func delta(base, result int, instructions ...byte) []byte {
	d := binary.AppendUvarint(nil, uint64(base))
	d = binary.AppendUvarint(d, uint64(result))
	return append(d, instructions...)
}

// copyOp is the instruction that copies bytes of the base.
func copyOp(offset, n int) []byte {
	return []byte{0xff, byte(offset), byte(offset >> 8), byte(offset >> 16), byte(offset >> 24), byte(n), byte(n >> 8), byte(n >> 16)}
}

// addOp is the instruction that adds a text.
func addOp(text string) []byte { return append([]byte{byte(len(text))}, text...) }
