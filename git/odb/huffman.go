package odb

import (
	"errors"
	"math/bits"
)

// The numbers of RFC 1951 (1996), sections 3.2.5 to 3.2.7.
const (
	maxCodeBits = 15
	maxLitlens  = 288
	maxDists    = 32
	maxPrecodes = 19
	endOfBlock  = 256
	firstLength = 257
)

// How many bits of input are looked up at once; longer codes need a second look.
const (
	litlenWidth  = 10
	distWidth    = 8
	precodeWidth = 7
	// A power of two above what a table can need: 144 second tables of
	// 1<<(15-10) slots behind the 1<<10 of litlenWidth.
	maxSlots = 8192
)

// slot is a place in a decoding table. From the low bits: how many bits the
// code takes (5), how many extra bits follow it (4), flags (7), and a value (16):
// the literal, the base of the length or distance, or where a second table begins.
type slot uint32

const (
	slotLiteral slot = 1 << 9
	slotEnd     slot = 1 << 10
	slotSecond  slot = 1 << 11 // the extra bits are the width of the second table
	slotInvalid slot = 1 << 12
)

func (s slot) bits() uint  { return uint(s & 0x1f) }
func (s slot) extra() uint { return uint(s >> 5 & 0xf) }
func (s slot) value() int  { return int(s >> 16) }

var errHuffman = errors.New("the compressed data has a broken table of codes")

// huffman decodes a Huffman code: its first 1<<width slots are looked up by
// the next bits of input, the second tables follow.
type huffman struct {
	width uint
	slots [maxSlots]slot
}

// build fills the table for symbols with the given code lengths, at most width
// bits at once; symbols holds the slot of each symbol, but for its bits. As
// zlib does, it refuses codes that are over-full, and, unless sparse allows
// for one code of one bit or none, those with room left.
func (t *huffman) build(lengths []uint8, symbols []slot, width uint, sparse bool) error {
	var count, at [maxCodeBits + 2]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	longest, left := uint(0), 1
	for n := 1; n <= maxCodeBits; n++ {
		if count[n] > 0 {
			longest = uint(n)
		}
		left = left<<1 - count[n]
		if left < 0 {
			return errHuffman
		}
		at[n+1] = at[n] + count[n]
	}
	t.width = max(1, min(width, longest))
	if left > 0 {
		if !sparse || longest > 1 {
			return errHuffman
		}
		for i := range t.slots[:1<<t.width] {
			t.slots[i] = slotInvalid | 1
		}
	}
	// In order of their codes: by length, then by number.
	var sorted [maxLitlens]uint16
	total := 0
	for symbol, n := range lengths {
		if n > 0 {
			sorted[at[n]] = uint16(symbol)
			at[n]++
			total++
		}
	}
	t.fill(sorted[:total], lengths, symbols, longest)
	return nil
}

// fill writes the slots of symbols sorted by their codes, which are known to
// fit: there is at most one code for any input.
func (t *huffman) fill(sorted []uint16, lengths []uint8, symbols []slot, longest uint) {
	code, last := 0, uint(0) // the next code, of last bits
	free, begun := 1<<t.width, -1
	for _, symbol := range sorted {
		n := uint(lengths[symbol])
		code <<= n - last
		last = n
		reversed := int(bits.Reverse16(uint16(code)) >> (16 - n))
		code++
		if n <= t.width {
			for i := reversed; i < 1<<t.width; i += 1 << n {
				t.slots[i] = symbols[symbol] | slot(n)
			}
			continue
		}
		// Codes with the same beginning follow each other.
		second := longest - t.width
		beginning := reversed & (1<<t.width - 1)
		if beginning != begun {
			begun = beginning
			t.slots[begun] = slot(free)<<16 | slotSecond | slot(second)<<5 | slot(t.width)
			free += 1 << second
		}
		for i := reversed >> t.width; i < 1<<second; i += 1 << (n - t.width) {
			t.slots[free-1<<second+i] = symbols[symbol] | slot(n-t.width)
		}
	}
}

// alphabets holds the slots of all symbols, but for their bits.
type alphabets struct {
	litlen  [maxLitlens]slot
	dist    [maxDists]slot
	precode [maxPrecodes]slot
}

// newAlphabets makes the tables of RFC 1951, section 3.2.5.
func newAlphabets() *alphabets {
	a := &alphabets{}
	for i := range a.precode {
		a.precode[i] = slot(i) << 16
	}
	for i := range endOfBlock {
		a.litlen[i] = slot(i)<<16 | slotLiteral
	}
	a.litlen[endOfBlock] = slotEnd
	base := 3
	for i := range 28 {
		extra := max(0, i/4-1)
		a.litlen[firstLength+i] = slot(base)<<16 | slot(extra)<<5
		base += 1 << extra
	}
	a.litlen[285] = 258 << 16
	a.litlen[286], a.litlen[287] = slotInvalid, slotInvalid
	base = 1
	for i := range 30 {
		extra := max(0, i/2-1)
		a.dist[i] = slot(base)<<16 | slot(extra)<<5
		base += 1 << extra
	}
	a.dist[30], a.dist[31] = slotInvalid, slotInvalid
	return a
}
