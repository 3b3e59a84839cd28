package odb

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/bbkeys/bbkeys/git/object"
)

// resolver rebuilds and names the deltas of a pack. It goes down each tree of
// deltas from its root, the smaller branches first, and lets go of an object
// before it goes down the last branch. So it holds about as many objects
// as the logarithm of the tree's size, however long its chains are, and
// rebuilds each once.
type resolver struct {
	*intake
	first, next []int32 // the items that are offset deltas of an item, as lists
	weight      []int32 // how many items hang below an item, itself included
	stack       []*knot
	held        int64 // bytes of the objects on the stack
	open        int   // deltas that aren't named yet

	reader *bufio.Reader
	z      io.ReadCloser
}

// knot is an object with deltas of it still to do.
type knot struct {
	kind object.Kind
	data []byte
	todo []int32
}

func newResolver(in *intake) *resolver {
	n := len(in.items)
	t := &resolver{intake: in, first: make([]int32, n), next: make([]int32, n), weight: make([]int32, n)}
	for i := range t.first {
		t.first[i], t.next[i] = -1, -1
	}
	// The base of an offset delta comes before it.
	for i := n - 1; i >= 0; i-- {
		t.weight[i]++
		it := &in.items[i]
		if it.kind >= kindOffsetDelta {
			t.open++
		}
		if it.base >= 0 {
			t.weight[it.base] += t.weight[i]
			t.next[i], t.first[it.base] = t.first[it.base], int32(i)
		}
	}
	t.reader = bufio.NewReaderSize(nil, 16<<10)
	return t
}

// resolve names all deltas.
func (t *resolver) resolve() error {
	for i := range t.items {
		it := &t.items[i]
		if it.kind >= kindOffsetDelta {
			continue
		}
		todo := t.deltasOf(int32(i))
		if len(todo) == 0 {
			continue
		}
		data, err := t.inflated(int32(i))
		if err != nil {
			return t.at(int32(i), err)
		}
		if err := t.descend(&knot{it.kind, data, todo}); err != nil {
			return err
		}
	}
	if t.open == 0 {
		return nil
	}
	return t.thin()
}

// thin names the deltas of objects that the pack does not hold.
func (t *resolver) thin() error {
	var names []object.Hash
	for name := range t.named {
		names = append(names, name)
	}
	slices.SortFunc(names, object.Hash.Compare)
	for _, name := range names {
		todo := t.named[name]
		if len(todo) == 0 || t.Base == nil {
			continue
		}
		kind, data, err := t.Base(name)
		if errors.Is(err, ErrMissing) {
			continue // it may turn up as a delta of another base
		}
		if err != nil {
			return fmt.Errorf("read object %v, which deltas of the pack are of: %w", name, err)
		}
		if t.Format.Name(kind, data) != name {
			return fmt.Errorf("read object %v, which deltas of the pack are of: it is another one", name)
		}
		delete(t.named, name)
		if err := t.add(name, kind, data); err != nil {
			return err
		}
		if err := t.descend(&knot{kind, data, todo}); err != nil {
			return err
		}
	}
	if t.open > 0 {
		return fmt.Errorf("%d of its deltas are of objects that are neither in the pack nor here: %w", t.open, ErrMissing)
	}
	return nil
}

// deltasOf takes the deltas of an item that has its name, those first below
// which the least hangs.
func (t *resolver) deltasOf(i int32) []int32 {
	var todo []int32
	for d := t.first[i]; d >= 0; d = t.next[d] {
		todo = append(todo, d)
	}
	t.first[i] = -1
	name := t.items[i].name
	todo = append(todo, t.named[name]...)
	delete(t.named, name)
	slices.SortFunc(todo, func(a, b int32) int { return int(t.weight[a]) - int(t.weight[b]) })
	return todo
}

// descend names all that hangs below k.
func (t *resolver) descend(k *knot) error {
	t.push(k)
	for len(t.stack) > 0 {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		top := t.stack[len(t.stack)-1]
		i := top.todo[0]
		if top.todo = top.todo[1:]; len(top.todo) == 0 {
			t.stack = t.stack[:len(t.stack)-1]
			t.held -= int64(cap(top.data))
		}
		next, err := t.rebuild(i, top)
		if err != nil {
			return t.at(i, err)
		}
		if next == nil {
			continue
		}
		t.push(next)
		if t.held > heldObjects*t.MaxObject {
			return t.at(i, fmt.Errorf("%w: its deltas need more than %d bytes at once", ErrTooLarge, heldObjects*t.MaxObject))
		}
	}
	return nil
}

func (t *resolver) push(k *knot) {
	t.stack = append(t.stack, k)
	t.held += int64(cap(k.data))
}

// rebuild makes the object that item i is a delta of base for, and names it. It
// returns the object if there are deltas of it.
func (t *resolver) rebuild(i int32, base *knot) (*knot, error) {
	delta, err := t.inflated(i)
	if err != nil {
		return nil, err
	}
	_, size, _, err := deltaSizes(delta)
	if err != nil {
		return nil, err
	}
	if err := t.spend(size); err != nil {
		return nil, err
	}
	data, err := applyDelta(nil, base.data, delta, t.MaxObject)
	if err != nil {
		return nil, err
	}
	it := &t.items[i]
	it.kind, it.name = base.kind, t.Format.Name(base.kind, data)
	t.open--
	if todo := t.deltasOf(i); len(todo) > 0 {
		return &knot{base.kind, data, todo}, nil
	}
	return nil, nil
}

// inflated decompresses the data of an item from the file.
func (t *resolver) inflated(i int32) ([]byte, error) {
	size := t.sizes[i]
	if size > t.MaxObject {
		return nil, fmt.Errorf("%w: %d bytes, and deltas are of it; %d are allowed", ErrTooLarge, size, t.MaxObject)
	}
	if err := t.spend(size); err != nil {
		return nil, err
	}
	it := &t.items[i]
	t.reader.Reset(io.NewSectionReader(t.file, it.offset+int64(it.head), maxPackBytes))
	z, err := reset(&t.z, t.reader)
	if err != nil {
		return nil, err
	}
	data := make([]byte, size) // the size was found true as the pack came in
	_, err = io.ReadFull(z, data)
	return data, err
}

// at says which item an error is about.
func (t *resolver) at(i int32, err error) error {
	return fmt.Errorf("object at byte %d: %w", t.items[i].offset, err)
}

// add appends a base that the pack lacks, over the pack's checksum.
func (t *intake) add(name object.Hash, kind object.Kind, data []byte) error {
	if len(t.added) == 0 {
		if err := t.file.Truncate(t.offset); err != nil {
			return err
		}
	}
	size := len(data)
	head := []byte{byte(kind)<<4 | byte(size&0xf)}
	for size >>= 4; size > 0; size >>= 7 {
		head[len(head)-1] |= 0x80
		head = append(head, byte(size&0x7f))
	}
	buf := bytes.NewBuffer(head)
	w := zlib.NewWriter(buf)
	_, err := w.Write(data)
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	t.items = append(t.items, item{name: name, offset: t.offset, crc: crc32.ChecksumIEEE(buf.Bytes()), base: -1, head: uint8(len(head)), kind: kind})
	t.added = append(t.added, name)
	if _, err := t.file.WriteAt(buf.Bytes(), t.offset); err != nil {
		return err
	}
	if t.offset += int64(buf.Len()); t.offset > maxPackBytes {
		return fmt.Errorf("%w of %d bytes", ErrPackLimit, maxPackBytes)
	}
	return nil
}

// complete makes a pack of a thin pack whose bases were added: with their number
// in its head, and a checksum of it all.
func (t *intake) complete() error {
	if _, err := t.file.WriteAt(binary.BigEndian.AppendUint32(nil, uint32(len(t.items))), 8); err != nil {
		return err
	}
	t.sum.Reset()
	if _, err := io.Copy(t.sum, io.NewSectionReader(t.file, 0, t.offset)); err != nil {
		return err
	}
	_, err := t.file.WriteAt(t.sum.Sum(nil), t.offset)
	return err
}

// store writes the index and gives both files their names.
func (t *intake) store(dir string) ([]object.Hash, error) {
	sum := t.sum.Sum(nil)
	slices.SortFunc(t.items, func(a, b item) int { return a.name.Compare(b.name) })
	names := make([]object.Hash, len(t.items))
	for i := range t.items {
		names[i] = t.items[i].name
	}
	if err := t.file.Close(); err != nil {
		return nil, err
	}
	base := filepath.Join(dir, fmt.Sprintf("pack-%x", sum))
	if err := os.WriteFile(base+".idx", t.index(sum), 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(t.file.Name(), base+".pack"); err != nil {
		return nil, err
	}
	return names, nil
}

// index is the index, of version 2, of the items in the order of their names.
func (t *intake) index(packSum []byte) []byte {
	size := t.Format.Size()
	out := make([]byte, 0, headBytesV2+fanoutBytes+len(t.items)*(size+8)+2*size)
	out = append(out, indexMagic...)
	out = binary.BigEndian.AppendUint32(out, 2)
	var fan [256]uint32
	for i := range t.items {
		fan[t.items[i].name.Bytes()[0]]++
	}
	total := uint32(0)
	for _, n := range fan {
		total += n
		out = binary.BigEndian.AppendUint32(out, total)
	}
	for i := range t.items {
		out = t.items[i].name.Append(out)
	}
	for i := range t.items {
		out = binary.BigEndian.AppendUint32(out, t.items[i].crc)
	}
	for i := range t.items { // below 2 GiB, see maxPackBytes
		out = binary.BigEndian.AppendUint32(out, uint32(t.items[i].offset))
	}
	out = append(out, packSum...)
	sum := t.Format.New()
	_, _ = sum.Write(out) // a hash.Hash never fails
	return sum.Sum(out)
}
