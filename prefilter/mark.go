package prefilter

import (
	"encoding/binary"
	"math/bits"
)

// pairs say of every two bytes in a row, the first in the lower half of the index, what
// the tables of single bytes say of the two. So what has no vector instructions looks up
// one thing for two bytes, and not three for each.
type pairs [1 << 16]uint8

// What is said of two bytes.
const (
	startsBefore = 1 << iota // they may be the last two of a literal's rarest bytes
	startsHere               // they may be the first two
	pairInNoRun              // one of them is in no run
	pairNotDense             // one of them is not dense

	mayStart = startsBefore | startsHere
)

// paired returns the tables of f by two bytes.
func (f *Filter) paired() *pairs {
	t := new(pairs)
	for c, first := range f.bytes[0] {
		second := f.bytes[1][c]
		for d := range 256 {
			var k uint8
			if first&f.bytes[1][d] != 0 {
				k |= startsHere
			}
			if second&f.bytes[2][d] != 0 {
				k |= startsBefore
			}
			not := first | f.bytes[0][d]
			if not&inNoRun != 0 {
				k |= pairInNoRun
			}
			if not&notDense != 0 {
				k |= pairNotDense
			}
			t[c|d<<8] = k
		}
	}
	return t
}

// four returns what is said of the four pairs of eight bytes, a byte each.
func (t *pairs) four(x uint64) uint32 {
	return uint32(t[uint16(x)]) | uint32(t[uint16(x>>16)])<<8 | uint32(t[uint16(x>>32)])<<16 | uint32(t[x>>48])<<24
}

// each times what is said of a pair asks it of four.
const each = 0x01010101

// mark marks the first n blocks of text, as far as there is place for it in out, and
// returns how many blocks it looked at and how many marks it made.
func (f *Filter) mark(text []byte, n int, at uint32, out []Mark) (done, made int) {
	t := f.pairs
	for ; done < n && made < len(out); done++ {
		b := (*[Block + margin]byte)(text[done*Block:])
		w, x := binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])
		y, z := binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
		kw, kx, ky, kz := t.four(w), t.four(x), t.four(y), t.four(z)
		var starts uint32
		if t[uint16(b[Block])|uint16(b[Block+1])<<8]&startsBefore != 0 {
			starts = f.start(b, Block-1)
		}
		// Bits of the first pairs of the four words come first, then those of the second.
		const may = mayStart * each
		for left := kw&may | kx&may<<2 | ky&may<<4 | kz&may<<6; left != 0; left &= left - 1 {
			bit := bits.TrailingZeros32(left)
			word, pair, here := bit>>1&3, bit>>3, bit&1
			starts |= f.start(b, 8*word+2*pair+here-1)
		}
		signs := signsOf(kw|kx, ky|kz, w|x|y|z)
		if starts != 0 || signs != 0 {
			out[made] = Mark{at + uint32(done*Block), starts, signs}
			made++
		}
	}
	return done, made
}

// start returns the bit of a Mark's Starts for b[i], if a literal's rarest bytes may start
// there. Those that may start before b belong to another block.
func (f *Filter) start(b *[Block + margin]byte, i int) uint32 {
	if uint(i) < Block && f.bytes[0][b[i]]&f.bytes[1][b[i+1]]&f.bytes[2][b[i+2]] != 0 {
		return 1 << i
	}
	return 0
}

// signsOf returns the signs of a block: from what is said of the pairs of either half, and
// from its four words put together.
func signsOf(first, second uint32, words uint64) (signs Signs) {
	const even, odd = 0x00ff00ff00ff00ff, 0xff00ff00ff00ff00
	if first&(pairInNoRun*each) == 0 || second&(pairInNoRun*each) == 0 {
		signs |= Letters
	}
	if (first|second)&(pairNotDense*each) == 0 {
		signs |= Dense
	}
	if words != 0 && (words&even == 0 || words&odd == 0) {
		signs |= Wide
	}
	return signs
}
