package odb

import (
	"errors"
)

// errTooMuch: the compressed data holds more than was asked for. The data
// returned beside it is good.
var errTooMuch = errors.New("the compressed data holds more than the object claims")

var (
	errDeflate  = errors.New("the compressed data is damaged")
	errInputEnd = errors.New("the compressed data is cut off")
)

const (
	// outputChunk is how much output is allocated before there is any.
	outputChunk = 1 << 20
	// outputSlack is how much further than the end of its output an inflater
	// may write: two literals and a longest match, copied eight bytes at a time.
	outputSlack = 2 + 258 + 8
	// inputSlack is the input that the fast loop wants for one round.
	inputSlack = 16
)

// inflater decompresses zlib streams. It knows the whole output at once, so
// it needs no window, and neither allocates nor copies: about twice as fast
// as the standard library's on the small objects that packs are full of. Data is
// not checked against the stream's Adler-32: an object is checked against its
// name, which says more. One goroutine uses an inflater at a time.
type inflater struct {
	in   source
	bits uint64 // input that was taken and not used, low bits first
	n    uint   // how many bits that is

	out  []byte // what was made so far is out[:at]; beyond that there is slack
	at   int    // never beyond max between symbols
	max  int
	done bool // the last block has begun

	symbols       *alphabets
	litlen, dist  *huffman
	precode       *huffman
	fixed, fixedD *huffman // the fixed codes, once they were met
}

// newInflater makes an inflater that reads ahead bytes at least.
func newInflater(ahead int) *inflater {
	return &inflater{
		in:      source{ahead: ahead},
		symbols: newAlphabets(),
		litlen:  new(huffman), dist: new(huffman), precode: new(huffman),
	}
}

// inflate decompresses the zlib stream that z.in is at. It writes to dst's
// space as far as that goes, and makes at most limit bytes: with more to come
// it returns errTooMuch and those. It allocates no more than twice what it
// makes, and outputChunk.
func (z *inflater) inflate(dst []byte, limit int) ([]byte, error) {
	z.bits, z.n, z.at, z.max, z.done = 0, 0, 0, limit, false
	z.out = dst[:cap(dst)]
	if first := min(limit, outputChunk) + outputSlack; len(z.out) < first {
		z.out = make([]byte, first)
	}
	err := z.stream()
	out := z.out[:z.at]
	z.out = nil
	return out, err
}

// stream reads the stream's head and its blocks.
func (z *inflater) stream() error {
	if err := z.need(16); err != nil {
		return err
	}
	head := uint(z.take(8))<<8 | uint(z.take(8))
	if head>>8&0xf != 8 || head>>12 > 7 || head%31 != 0 || head&0x20 != 0 {
		return errors.New("it is not compressed data")
	}
	for !z.done {
		if err := z.need(3); err != nil {
			return err
		}
		z.done = z.take(1) == 1
		if err := z.block(z.take(2)); err != nil {
			return err
		}
	}
	return nil
}

// block reads a block of a type.
func (z *inflater) block(kind uint64) error {
	switch kind {
	case 0:
		return z.stored()
	case 1:
		if z.fixed == nil {
			if err := z.fix(); err != nil {
				return err
			}
		}
		return z.coded(z.fixed, z.fixedD)
	case 2:
		if err := z.codes(); err != nil {
			return err
		}
		return z.coded(z.litlen, z.dist)
	}
	return errDeflate
}

// need sees to it that n bits of input, at most 56, are at hand.
func (z *inflater) need(n uint) error {
	for z.n < n {
		if z.in.at == len(z.in.buf) {
			if err := z.in.more(); err != nil {
				return err
			}
		}
		z.bits |= uint64(z.in.buf[z.in.at]) << z.n
		z.in.at++
		z.n += 8
	}
	return nil
}

// some takes in what input there is, up to 56 bits; the input may end.
func (z *inflater) some() error {
	err := z.need(56)
	if errors.Is(err, errInputEnd) {
		return nil
	}
	return err
}

// take takes n bits that are at hand.
func (z *inflater) take(n uint) uint64 {
	v := z.bits & (1<<n - 1)
	z.bits >>= n
	z.n -= n
	return v
}

// room makes room for one more symbol.
func (z *inflater) room() {
	if len(z.out)-z.at >= outputSlack {
		return
	}
	grown := make([]byte, min(2*len(z.out), z.max+outputSlack))
	copy(grown, z.out[:z.at])
	z.out = grown
}

// stored copies a block that isn't compressed.
func (z *inflater) stored() error {
	z.take(z.n % 8)
	if err := z.need(32); err != nil {
		return err
	}
	n := int(z.take(16))
	if n^0xffff != int(z.take(16)) {
		return errDeflate
	}
	for n > 0 {
		if z.at == z.max {
			return errTooMuch
		}
		z.room()
		if z.n > 0 { // whole bytes that were taken already
			z.out[z.at] = byte(z.take(8))
			z.at++
			n--
			continue
		}
		if z.in.at == len(z.in.buf) {
			if err := z.in.more(); err != nil {
				return err
			}
		}
		k := min(n, len(z.in.buf)-z.in.at, z.max-z.at, len(z.out)-z.at)
		copy(z.out[z.at:z.at+k], z.in.buf[z.in.at:])
		z.at += k
		z.in.at += k
		n -= k
	}
	return nil
}

// fix makes the tables of the fixed codes.
func (z *inflater) fix() error {
	var lengths [maxLitlens]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	litlen, dist := new(huffman), new(huffman)
	if err := litlen.build(lengths[:], z.symbols.litlen[:], litlenWidth, false); err != nil {
		return err
	}
	for i := range maxDists {
		lengths[i] = 5
	}
	if err := dist.build(lengths[:maxDists], z.symbols.dist[:], distWidth, false); err != nil {
		return err
	}
	z.fixed, z.fixedD = litlen, dist
	return nil
}

// precodeOrder is the order in which the code lengths of the precode come.
const precodeOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// codes reads the tables at the head of a block with codes of its own.
func (z *inflater) codes() error {
	if err := z.need(14); err != nil {
		return err
	}
	litlens, dists, n := int(z.take(5))+257, int(z.take(5))+1, int(z.take(4))+4
	if litlens > 286 || dists > 30 {
		return errHuffman
	}
	var lengths [maxLitlens + maxDists]uint8
	for i := range n {
		if err := z.need(3); err != nil {
			return err
		}
		lengths[precodeOrder[i]] = uint8(z.take(3))
	}
	if err := z.precode.build(lengths[:maxPrecodes], z.symbols.precode[:], precodeWidth, false); err != nil {
		return err
	}
	clear(lengths[:maxPrecodes])
	if err := z.lengths(lengths[:litlens+dists]); err != nil {
		return err
	}
	if lengths[endOfBlock] == 0 {
		return errHuffman
	}
	if err := z.litlen.build(lengths[:litlens], z.symbols.litlen[:], litlenWidth, true); err != nil {
		return err
	}
	return z.dist.build(lengths[litlens:litlens+dists], z.symbols.dist[:], distWidth, true)
}

// lengths reads code lengths that are coded by the precode.
func (z *inflater) lengths(lengths []uint8) error {
	for i := 0; i < len(lengths); {
		if err := z.some(); err != nil {
			return err
		}
		s := z.precode.slots[z.bits&(1<<z.precode.width-1)]
		value := s.value()
		more := uint(0)
		if value >= 16 {
			more = uint("\x02\x03\x07"[value-16])
		}
		if z.n < s.bits()+more {
			return errInputEnd
		}
		z.take(s.bits())
		if value < 16 {
			lengths[i] = uint8(value)
			i++
			continue
		}
		repeat := int(z.take(more)) + 3
		fill := uint8(0)
		switch value {
		case 16:
			if i == 0 {
				return errHuffman
			}
			fill = lengths[i-1]
		case 18:
			repeat += 8
		}
		if repeat > len(lengths)-i {
			return errHuffman
		}
		for range repeat {
			lengths[i] = fill
			i++
		}
	}
	return nil
}
