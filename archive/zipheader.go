package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// clamp returns n as what a reader can count.
func clamp(n uint64) int64 { return int64(min(n, 1<<62)) }

// header reads the header of an entry.
func (z *zipReader) header() (e zipEntry, err error) {
	var head [localSize]byte
	if _, err := io.ReadFull(z.buf, head[:]); err != nil {
		return e, err
	}
	le := binary.LittleEndian
	e.flags, e.method, e.sum = le.Uint16(head[6:]), le.Uint16(head[8:]), le.Uint32(head[14:])
	e.packed, e.unpacked = uint64(le.Uint32(head[18:])), uint64(le.Uint32(head[22:]))
	text := make([]byte, int(le.Uint16(head[26:]))+int(le.Uint16(head[28:])))
	if _, err := io.ReadFull(z.buf, text); err != nil {
		return e, err
	}
	e.name = string(text[:le.Uint16(head[26:])])
	for field := range extras(text[len(e.name):]) {
		if field.id == 1 {
			e.wide = true
			for _, n := range []*uint64{&e.unpacked, &e.packed} {
				if *n == max32 && len(field.data) >= 8 {
					*n, field.data = le.Uint64(field.data), field.data[8:]
				}
			}
		}
	}
	return e, nil
}

// An extra is a field of a header that the first edition of the format had not.
type extra struct {
	id   uint16
	data []byte
}

func extras(text []byte) func(yield func(extra) bool) {
	return func(yield func(extra) bool) {
		for len(text) >= 4 {
			id, size := binary.LittleEndian.Uint16(text), int(binary.LittleEndian.Uint16(text[2:]))
			if size > len(text)-4 || !yield(extra{id, text[4 : 4+size]}) {
				return
			}
			text = text[4+size:]
		}
	}
}

// descriptor reads what follows an entry whose header could not tell its sizes.
func (z *zipReader) descriptor(n int64, sum uint32) error {
	text, _ := z.buf.Peek(descriptorSize)
	size := descriptorOf(text, n, sum)
	if size == 0 {
		return fmt.Errorf("%w: its checksum or its size is wrong", ErrCorrupt)
	}
	_, err := z.buf.Discard(size)
	return err
}

// descriptorSize is the size of the largest descriptor, in bytes.
const descriptorSize = 24

// descriptorOf returns the size of the descriptor of n bytes with a checksum that text
// begins with, or 0. It may have a signature, and sizes of 32 or 64 bits, and nothing
// says which.
func descriptorOf(text []byte, n int64, sum uint32) int {
	le, skip := binary.LittleEndian, 0
	if bytes.HasPrefix(text, []byte(descriptorMagic)) {
		skip = 4
	}
	rest := text[skip:]
	switch {
	case len(rest) < 12 || le.Uint32(rest) != sum:
		return 0
	case len(rest) >= 20 && le.Uint64(rest[12:]) == uint64(n):
		return skip + 20
	case le.Uint32(rest[8:]) == uint32(n):
		return skip + 12
	}
	return 0
}

// directory reads the list of all entries, to see that each was looked at.
func (z *zipReader) directory() error {
	for {
		magic, err := z.buf.Peek(4)
		if string(magic) != centralMagic {
			return nilAtEnd(err)
		}
		var head [centralSize]byte
		if _, err := io.ReadFull(z.buf, head[:]); err != nil {
			return err
		}
		le := binary.LittleEndian
		name := int(le.Uint16(head[28:]))
		text := make([]byte, name+int(le.Uint16(head[30:]))+int(le.Uint16(head[32:])))
		if _, err := io.ReadFull(z.buf, text); err != nil {
			return err
		}
		offset := uint64(le.Uint32(head[42:]))
		if offset == max32 {
			offset = wideOffset(head[:], text[name:])
		}
		_, plain := slices.BinarySearch(z.seen, clamp(offset))
		_, behind := slices.BinarySearch(z.seen, clamp(offset)+max(0, z.base)) // what is before a zip may count or not
		if !plain && !behind {
			return fmt.Errorf("%w: the directory has an entry %q that is not where it says", ErrCorrupt, enter(nil, string(text[:name]))[0])
		}
	}
}

func nilAtEnd(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// wideOffset returns where an entry begins whose offset has 64 bits, which come after
// those sizes that have as many.
func wideOffset(head, fields []byte) uint64 {
	for field := range extras(fields) {
		if field.id != 1 {
			continue
		}
		data := field.data
		for _, at := range []int{24, 20} {
			if binary.LittleEndian.Uint32(head[at:]) == max32 && len(data) >= 8 {
				data = data[8:]
			}
		}
		if len(data) >= 8 {
			return binary.LittleEndian.Uint64(data)
		}
	}
	return max32
}
