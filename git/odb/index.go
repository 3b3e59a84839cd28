package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync/atomic"

	"github.com/bbkeys/bbkeys/git/object"
)

// The layout of index files, from Git's gitformat-pack: version 1 begins with
// its fan-out; version 2 with a magic number, its version, the fan-out, and
// then a table each of names, checksums, offsets and large offsets.
const (
	indexMagic    = "\xfftOc"
	fanoutBytes   = 256 * 4
	headBytesV2   = 8
	largeOffset   = 1 << 31
	maxCachedPart = 1 << 20 // of names that begin with the same byte
)

// index tells where in a pack each object is.
type index struct {
	file    io.ReaderAt
	hash    int // bytes of a name
	count   int
	fanout  [256]uint32
	names   int64 // where the names begin
	stride  int   // from name to name
	sums    int64 // where the CRC-32s begin; 0 if there are none
	offsets int64 // where the offsets begin
	wide    int64 // where the 64-bit offsets begin
	wides   int64 // how many there are
	trailer int64 // where the pack's checksum is
	partial bool  // it knows not all objects of the pack, nor its checksum

	// parts holds the names that begin with a byte, once they were looked into.
	parts [256]atomic.Pointer[[]byte]
}

// newIndex reads the head of an index file of size bytes, and checks that
// what it claims lies inside the file.
func newIndex(file io.ReaderAt, size int64, f object.Format) (*index, error) {
	x := &index{file: file, hash: f.Size()}
	head := make([]byte, headBytesV2+fanoutBytes)
	if _, err := file.ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("read its head: %w", short(err))
	}
	version := uint32(1)
	fan := head[:fanoutBytes]
	if string(head[:4]) == indexMagic {
		version = binary.BigEndian.Uint32(head[4:])
		fan = head[headBytesV2:]
	}
	if err := x.readFanout(fan); err != nil {
		return nil, err
	}
	n, hash := int64(x.count), int64(x.hash)
	switch version {
	case 1:
		if f != object.SHA1 {
			return nil, errors.New("an index of version 1 in a repository of SHA-256 objects")
		}
		x.offsets = fanoutBytes
		x.names, x.stride = fanoutBytes+4, 4+x.hash
		x.trailer = fanoutBytes + n*(4+hash)
		if size != x.trailer+2*hash {
			return nil, fmt.Errorf("it claims %d objects and has %d bytes", n, size)
		}
	case 2:
		x.names, x.stride = headBytesV2+fanoutBytes, x.hash
		x.sums = x.names + n*hash
		x.offsets = x.sums + n*4
		x.wide = x.offsets + n*4
		x.wides = (size - 2*hash - x.wide) / 8
		x.trailer = x.wide + x.wides*8
		if x.wides < 0 || x.wides > n || size != x.trailer+2*hash {
			return nil, fmt.Errorf("it claims %d objects and has %d bytes", n, size)
		}
	default:
		return nil, fmt.Errorf("version %d is not known", version)
	}
	return x, nil
}

// readFanout reads how many names begin with at most each byte.
func (x *index) readFanout(fan []byte) error {
	last := uint32(0)
	for i := range x.fanout {
		x.fanout[i] = binary.BigEndian.Uint32(fan[4*i:])
		if x.fanout[i] < last {
			return errors.New("its fan-out table does not rise")
		}
		last = x.fanout[i]
	}
	x.count = int(last)
	return nil
}

// span is the positions of the names that begin with first.
func (x *index) span(first byte) (from, to int) {
	if first > 0 {
		from = int(x.fanout[first-1])
	}
	return from, int(x.fanout[first])
}

// table gives access to the names of a span: in memory, or from the file if
// they are many.
type table struct {
	x    *index
	from int
	part []byte // nil: read them one by one
}

func (x *index) table(first byte) (table, int, error) {
	from, to := x.span(first)
	size := (to - from) * x.stride
	if p := x.parts[first].Load(); p != nil {
		return table{x, from, *p}, to - from, nil
	}
	if size == 0 || size > maxCachedPart {
		return table{x, from, nil}, to - from, nil
	}
	part := make([]byte, size)
	// In version 1 the last name is followed by no offset, but by the trailer.
	if _, err := x.file.ReadAt(part, x.names+int64(from)*int64(x.stride)); err != nil {
		return table{}, 0, fmt.Errorf("read its names: %w", short(err))
	}
	x.parts[first].Store(&part)
	return table{x, from, part}, to - from, nil
}

// name is the i-th name of the table, valid until the next call if it had to
// be read into buf.
func (t table) name(i int, buf []byte) ([]byte, error) {
	x := t.x
	if t.part != nil {
		return t.part[i*x.stride : i*x.stride+x.hash], nil
	}
	buf = buf[:x.hash]
	if _, err := x.file.ReadAt(buf, x.names+int64(t.from+i)*int64(x.stride)); err != nil {
		return nil, fmt.Errorf("read its names: %w", short(err))
	}
	return buf, nil
}

// find is the position of the first name that is at least raw, which may be a
// prefix, and whether raw is a prefix of it.
func (x *index) find(raw []byte) (pos int, ok bool, err error) {
	t, n, err := x.table(raw[0])
	if err != nil {
		return 0, false, err
	}
	var space [32]byte
	var failed error
	i := sort.Search(n, func(i int) bool {
		name, err := t.name(i, space[:])
		if err != nil {
			failed = err
			return true
		}
		return bytes.Compare(name, raw) >= 0
	})
	if failed != nil || i == n {
		return t.from + i, false, failed
	}
	name, err := t.name(i, space[:])
	if err != nil {
		return 0, false, err
	}
	return t.from + i, bytes.HasPrefix(name, raw), nil
}

// name is the name at a position.
func (x *index) name(pos int) (object.Hash, error) {
	var space [32]byte
	raw := space[:x.hash]
	if _, err := x.file.ReadAt(raw, x.names+int64(pos)*int64(x.stride)); err != nil {
		return object.Hash{}, fmt.Errorf("read its names: %w", short(err))
	}
	return object.HashFromBytes(raw)
}

// offset is where in the pack the object at a position begins, as claimed.
func (x *index) offset(pos int) (int64, error) {
	var space [8]byte
	stride := int64(4)
	if x.sums == 0 {
		stride = int64(x.stride)
	}
	if _, err := x.file.ReadAt(space[:4], x.offsets+int64(pos)*stride); err != nil {
		return 0, fmt.Errorf("read its offsets: %w", short(err))
	}
	offset := int64(binary.BigEndian.Uint32(space[:]))
	if x.sums == 0 || offset < largeOffset {
		return offset, nil
	}
	at := offset - largeOffset
	if at >= x.wides {
		return 0, errors.New("an offset lies beyond its table")
	}
	if _, err := x.file.ReadAt(space[:], x.wide+at*8); err != nil {
		return 0, fmt.Errorf("read its offsets: %w", short(err))
	}
	return int64(binary.BigEndian.Uint64(space[:])), nil
}

// short turns the end of a file that comes too early into an error that says so.
func short(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the file is cut off")
	}
	return err
}
