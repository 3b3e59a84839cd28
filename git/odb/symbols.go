package odb

import "encoding/binary"

// coded reads the symbols of a block up to its end.
func (z *inflater) coded(litlen, dist *huffman) error {
	for {
		z.room()
		var ended bool
		var err error
		if len(z.in.buf)-z.in.at >= inputSlack {
			ended, err = z.fast(litlen, dist)
		} else {
			ended, err = z.slow(litlen, dist)
		}
		if z.at > z.max {
			z.at = z.max
			return errTooMuch
		}
		if ended || err != nil {
			return err
		}
	}
}

// look finds the slot of the next code, and takes the code.
func (z *inflater) look(t *huffman) (slot, error) {
	s := t.slots[z.bits&(1<<t.width-1)]
	if s&slotSecond != 0 {
		if z.n < s.bits() {
			return 0, errInputEnd
		}
		z.take(s.bits())
		s = t.slots[s.value()+int(z.bits&(1<<s.extra()-1))]
	}
	if z.n < s.bits()+s.extra() {
		return 0, errInputEnd
	}
	if s&slotInvalid != 0 {
		return 0, errDeflate
	}
	z.take(s.bits())
	return s, nil
}

// slow reads one symbol where little input is left.
func (z *inflater) slow(litlen, dist *huffman) (ended bool, err error) {
	if err := z.some(); err != nil {
		return false, err
	}
	s, err := z.look(litlen)
	if err != nil {
		return false, err
	}
	if s&slotEnd != 0 {
		return true, nil
	}
	if s&slotLiteral != 0 {
		z.out[z.at] = byte(s.value())
		z.at++
		return false, nil
	}
	length := s.value() + int(z.take(s.extra()))
	if s, err = z.look(dist); err != nil {
		return false, err
	}
	back := s.value() + int(z.take(s.extra()))
	if back > z.at {
		return false, errDeflate
	}
	repeat(z.out, z.at, back, length)
	z.at += length
	return false, nil
}

// fast reads symbols while there are inputSlack and outputSlack.
func (z *inflater) fast(litlen, dist *huffman) (ended bool, err error) {
	in, out := z.in.buf, z.out
	from, at := z.in.at, z.at
	held, n := z.bits, z.n // held may have more bits than n says: the next ones of the input
	litlenMask, distMask := uint64(1)<<litlen.width-1, uint64(1)<<dist.width-1
	for len(in)-from >= inputSlack && len(out)-at >= outputSlack {
		// 56 bits suffice for two literals of the first look (20) and either
		// of another literal (15) and a length (15 + 5).
		held, from, n = refill(in, held, from, n)
		s := litlen.slots[held&litlenMask&(maxSlots-1)]
		if s&slotLiteral != 0 {
			held >>= s.bits()
			n -= s.bits()
			out[at] = byte(s >> 16)
			at++
			s = litlen.slots[held&litlenMask&(maxSlots-1)]
			if s&slotLiteral != 0 {
				held >>= s.bits()
				n -= s.bits()
				out[at] = byte(s >> 16)
				at++
				s = litlen.slots[held&litlenMask&(maxSlots-1)]
			}
		}
		if s&slotSecond != 0 {
			held >>= s.bits()
			n -= s.bits()
			s = litlen.second(s, held)
		}
		held >>= s.bits()
		n -= s.bits()
		if s&slotLiteral != 0 {
			out[at] = byte(s >> 16)
			at++
			continue
		}
		if s&(slotEnd|slotInvalid) != 0 {
			if ended = s&slotEnd != 0; !ended {
				err = errDeflate
			}
			break
		}
		length := s.value() + int(held&(1<<s.extra()-1))
		held >>= s.extra()
		n -= s.extra()
		if n < 28 { // of a distance (15 + 13)
			held, from, n = refill(in, held, from, n)
		}
		s = dist.slots[held&distMask&(maxSlots-1)]
		if s&slotSecond != 0 {
			held >>= s.bits()
			n -= s.bits()
			s = dist.second(s, held)
		}
		held >>= s.bits()
		n -= s.bits()
		back := s.value() + int(held&(1<<s.extra()-1))
		held >>= s.extra()
		n -= s.extra()
		if s&slotInvalid != 0 || back > at {
			err = errDeflate
			break
		}
		repeat(out, at, back, length)
		at += length
	}
	z.in.at, z.at, z.bits, z.n = from, at, held&(1<<n-1), n
	return ended, err
}

// refill takes in as many whole bytes of eight as there is room for: then there
// are 56 bits at least. What it sees of the next byte may be held already.
func refill(in []byte, held uint64, from int, n uint) (uint64, int, uint) {
	held |= binary.LittleEndian.Uint64(in[from:]) << (n & 63)
	return held, from + int((63-n)>>3), n | 56
}

// second is the slot of a second table that the next bits of input lead to.
func (t *huffman) second(s slot, held uint64) slot {
	return t.slots[(s.value()+int(held&(1<<s.extra()-1)))&(maxSlots-1)]
}

// repeat writes at out[at] the length bytes that begin back bytes before, which
// may overlap with what it writes. It may write seven bytes more.
func repeat(out []byte, at, back, length int) {
	if back >= 8 {
		from, to := out[at-back:], out[at:]
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(from[i:]))
		}
		return
	}
	for end := at + length; at < end; at++ {
		out[at] = out[at-back]
	}
}
