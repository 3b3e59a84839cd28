package odb

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/bbkeys/bbkeys/git/object"
)

// ErrPackLimit: a pack is larger than PackOptions allow.
var ErrPackLimit = errors.New("pack is larger than the limit")

// PackOptions bound what IndexPack takes in.
type PackOptions struct {
	// Format is the hash function of the repository that the pack comes from.
	Format object.Format
	// MaxBytes is the most that the pack may have; 0 is 1 GiB, and more than 2 GiB is not possible.
	MaxBytes int64
	// MaxObjects is how many objects the pack may have; 0 is a million.
	MaxObjects int
	// MaxObject is the size in bytes of the largest object that may be a
	// delta or the base of one; 0 is DefaultMaxObject. One that is stored
	// whole and is nobody's base may have any size.
	MaxObject int64
	// Base, if not nil, reads an object that the sender knows to be here
	// already, so that it may send deltas of it: a thin pack. What was read is
	// added to the pack.
	Base func(object.Hash) (object.Kind, []byte, error)
}

const (
	packChunk          = 64 << 10
	defaultPackBytes   = 1 << 30
	defaultPackObjects = 1_000_000
	maxPackBytes       = largeOffset - 1
	// packInflation bounds how much is decompressed and rebuilt of a pack,
	// as a multiple of what the pack may have in bytes. Packs of source code
	// with long delta chains reach about 40; bombs reach a million.
	packInflation = 100
	// heldObjects is how many objects of the largest size are held at once:
	// what a delta tree needs grows with the logarithm of its size.
	heldObjects = 3
)

// IndexPack takes in the pack that r holds, all of it and nothing more: it
// stores the pack and an index of it below dir, an object directory, so that
// Open finds its objects, and returns their names in order. Every object is
// rebuilt and named by what it holds, so that a pack can't pass one off for
// another. Nothing is stored of a pack without objects, nor beside an error. Errors wrap
// ErrPackLimit or ErrTooLarge where a limit is the reason.
func IndexPack(ctx context.Context, r io.Reader, dir string, o PackOptions) ([]object.Hash, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultPackBytes
	}
	o.MaxBytes = min(o.MaxBytes, maxPackBytes)
	if o.MaxObjects <= 0 {
		o.MaxObjects = defaultPackObjects
	}
	if o.MaxObject <= 0 {
		o.MaxObject = DefaultMaxObject
	}
	names, err := indexPack(ctx, r, filepath.Join(dir, "pack"), o)
	if err != nil {
		return nil, fmt.Errorf("index pack: %w", err)
	}
	return names, nil
}

func indexPack(ctx context.Context, r io.Reader, dir string, o PackOptions) (_ []object.Hash, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, "incoming-")
	if err != nil {
		return nil, err
	}
	defer func() {
		_ = file.Close()           // closed already unless there is an error
		_ = os.Remove(file.Name()) // renamed already unless there is an error
	}()
	in := &intake{
		PackOptions: o, ctx: ctx, in: bufio.NewReaderSize(r, packChunk), file: file,
		sum: o.Format.New(), left: o.MaxBytes * packInflation,
	}
	if err := in.receive(); err != nil {
		return nil, err
	}
	if len(in.items) == 0 {
		return nil, nil
	}
	t := newResolver(in)
	if err := t.resolve(); err != nil {
		return nil, err
	}
	if len(in.added) > 0 {
		if err := in.complete(); err != nil {
			return nil, err
		}
	}
	return in.store(dir)
}

// item is an object of a pack that comes in.
type item struct {
	name   object.Hash // zero until it is known
	offset int64
	crc    uint32
	base   int32 // the item that it is an offset delta of, else -1
	head   uint8 // bytes before the compressed data
	kind   object.Kind
}

// intake is a pack that comes in.
type intake struct {
	PackOptions
	ctx    context.Context
	in     *bufio.Reader
	file   *os.File
	offset int64     // in the pack, of the next byte of in
	sum    hash.Hash // of all before pending
	crc    uint32    // of the current object before pending
	left   int64     // how much may still be decompressed
	items  []item
	sizes  []int64                 // of what an item's compressed data holds
	named  map[object.Hash][]int32 // the items that are deltas of a name
	added  []object.Hash           // the bases that the pack lacked

	pending []byte // read and neither summed nor written
	z       io.ReadCloser
	copying [packChunk]byte
}

// ReadByte and Read hand the compressed bytes to the decompressor, which takes
// no byte more than the stream has as long as there is a ReadByte.
func (t *intake) ReadByte() (byte, error) {
	c, err := t.in.ReadByte()
	if err != nil {
		return 0, cutOff(err)
	}
	t.pending = append(t.pending, c)
	t.offset++
	if len(t.pending) >= packChunk {
		err = t.flush()
	}
	return c, err
}

func (t *intake) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	t.pending = append(t.pending, p[:n]...)
	t.offset += int64(n)
	if err != nil {
		return n, cutOff(err)
	}
	if len(t.pending) >= packChunk {
		err = t.flush()
	}
	return n, err
}

// cutOff turns an end into the error that it is inside a pack.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("the pack is cut off: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// flush sums and writes what is pending.
func (t *intake) flush() error {
	if t.offset > t.MaxBytes {
		return fmt.Errorf("%w of %d bytes", ErrPackLimit, t.MaxBytes)
	}
	_, _ = t.sum.Write(t.pending) // a hash.Hash never fails
	t.crc = crc32.Update(t.crc, crc32.IEEETable, t.pending)
	_, err := t.file.Write(t.pending)
	t.pending = t.pending[:0]
	return err
}

// take takes the next n bytes, which in.Peek has shown.
func (t *intake) take(n int) error {
	_, err := io.ReadFull(t, t.copying[:n])
	return err
}

// receive reads the whole pack and writes it to the file.
func (t *intake) receive() error {
	head, err := t.in.Peek(packHeadBytes)
	if err != nil {
		return cutOff(err)
	}
	if string(head[:4]) != "PACK" {
		return errors.New("it is not a pack")
	}
	if v := binary.BigEndian.Uint32(head[4:]); v != 2 && v != 3 {
		return fmt.Errorf("version %d is not known", v)
	}
	n := binary.BigEndian.Uint32(head[8:])
	if int64(n) > int64(t.MaxObjects) {
		return fmt.Errorf("%w of %d objects: it has %d", ErrPackLimit, t.MaxObjects, n)
	}
	if err := t.take(packHeadBytes); err != nil {
		return err
	}
	t.named = map[object.Hash][]int32{}
	for i := range n {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		at := t.offset
		if err := t.object(); err != nil {
			return fmt.Errorf("object %d of %d, at byte %d: %w", i+1, n, at, err)
		}
	}
	return t.end()
}

// end reads the checksum, behind which nothing may follow.
func (t *intake) end() error {
	if err := t.flush(); err != nil {
		return err
	}
	want := t.sum.Sum(nil)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(t.in, got); err != nil {
		return cutOff(err)
	}
	if !bytes.Equal(got, want) {
		return errors.New("its checksum is wrong")
	}
	if _, err := t.in.ReadByte(); err == nil {
		return errors.New("more data follows the pack")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	_, err := t.file.Write(want)
	return err
}

// object reads one object. What is stored whole is named at once.
func (t *intake) object() error {
	if err := t.flush(); err != nil {
		return err
	}
	t.crc = 0
	it := item{offset: t.offset, base: -1}
	head, err := t.in.Peek(entryHeadBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	e, err := parseEntry(head, t.offset, t.Format.Size())
	if err != nil {
		return err
	}
	it.kind, it.head = e.kind, uint8(e.data-t.offset)
	if e.kind == kindOffsetDelta {
		if it.base = t.itemAt(e.offset); it.base < 0 {
			return errors.New("no object begins where the base of the delta should")
		}
	}
	if err := t.take(int(it.head)); err != nil {
		return err
	}
	if it.name, err = t.content(e); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	it.crc = t.crc
	if e.kind == kindNamedDelta {
		t.named[e.name] = append(t.named[e.name], int32(len(t.items)))
	}
	t.items = append(t.items, it)
	t.sizes = append(t.sizes, e.size)
	return nil
}

// itemAt is the item that begins at an offset, -1 if none does.
func (t *intake) itemAt(offset int64) int32 {
	i, ok := slices.BinarySearchFunc(t.items, offset, func(it item, offset int64) int {
		return cmp.Compare(it.offset, offset)
	})
	if !ok {
		return -1
	}
	return int32(i)
}

// content reads an object's compressed data and names the object unless it is a delta.
func (t *intake) content(e entry) (object.Hash, error) {
	if e.isDelta() && e.size > t.MaxObject {
		return object.Hash{}, fmt.Errorf("%w: a delta of %d bytes, and %d are allowed", ErrTooLarge, e.size, t.MaxObject)
	}
	if err := t.spend(e.size); err != nil {
		return object.Hash{}, err
	}
	z, err := reset(&t.z, t)
	if err != nil {
		return object.Hash{}, err
	}
	var out io.Writer = io.Discard
	var sum hash.Hash
	if !e.isDelta() {
		sum = t.Format.New()
		_, _ = sum.Write(object.AppendHeader(nil, e.kind, e.size)) // a hash.Hash never fails
		out = sum
	}
	n, err := io.CopyBuffer(onlyWriter{out}, io.LimitReader(z, e.size+1), t.copying[:])
	if err != nil {
		return object.Hash{}, err
	}
	if n != e.size {
		return object.Hash{}, fmt.Errorf("the object claims %d bytes and has %d or more", e.size, n)
	}
	if sum == nil {
		return object.Hash{}, nil
	}
	return object.HashFromBytes(sum.Sum(nil))
}

// onlyWriter hides io.ReaderFrom, with which io.Discard would not use the buffer.
type onlyWriter struct{ io.Writer }

// spend counts n bytes that are about to be decompressed or rebuilt.
func (t *intake) spend(n int64) error {
	if t.left -= n; t.left < 0 {
		return fmt.Errorf("%w: it unpacks to more than %d bytes", ErrPackLimit, t.MaxBytes*packInflation)
	}
	return nil
}

// reset makes *z read the zlib stream that r holds.
func reset(z *io.ReadCloser, r io.Reader) (io.Reader, error) {
	if *z == nil {
		fresh, err := zlib.NewReader(r)
		if err != nil {
			return nil, err
		}
		*z = fresh
		return fresh, nil
	}
	return *z, (*z).(zlib.Resetter).Reset(r, nil)
}
