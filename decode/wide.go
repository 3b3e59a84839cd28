package decode

// wide reads the UTF-16 or UTF-32 text around the word x at text[p], from done on, and
// returns its end.
func (d *Decoder) wide(text []byte, p int, x uint64, done int) (end int) {
	step := 2
	if x&0x00ff00ff00ff00ff == 0 {
		p++
		x >>= 8
	}
	if x&0x00ff0000_00ff0000 == 0 {
		step = 4
	} else if x&0x000000ff_000000ff == 0 {
		step = 4
		p += 2
	}
	lo, hi := p, p
	for lo-step >= done && ascii(text, lo-step, step) {
		lo -= step
	}
	for hi < len(text) && ascii(text, hi, step) {
		hi += step
	}
	// Between texts of one byte a character most text does not tell its byte order: either
	// the first character that was seen belongs to what is before it, or the last one of the
	// text is followed by no zeros. So where both may be, both are read, and a place may be
	// off by less than a character's width.
	off := 0
	if first, ok := bigEndian(text, lo, hi, step); ok {
		off = step - 1
		if lo < off || class[text[lo]]&inPart == 0 && text[lo] != '\\' && text[lo] != '%' && text[lo] != '&' {
			lo = first
		}
		if hi < len(text) && text[hi]-1 < 0x7f {
			hi += step
		}
	} else if hi < len(text) && class[text[hi]]&inPart != 0 {
		hi += step
	}
	if (hi-lo)/step < Shortest {
		return max(hi, p+1)
	}
	f := d.open(asUTF16)
	if step == 4 {
		f.name = asUTF32
	}
	for i := lo; i < hi; i += step {
		f.out = append(f.out, text[i])
	}
	f.pieces = append(f.pieces, piece{0, int32(lo - off), int32(step), int32(step)})
	if over := hi - off - len(text); over > 0 { // half a character
		f.pieces = append(f.pieces, piece{int32(len(f.out)) - 1, int32(hi - off - step), int32(step), int32(step - over)})
	}
	d.give()
	return hi
}

// bigEndian reports whether the zeros between the characters in text[lo:hi] are each
// before its own, and where the first of those is. Most text does not tell in itself. But
// what is stored begins at a multiple of its width; and a character that is followed by
// text of one byte a character, or by nothing, has no zeros behind it.
func bigEndian(text []byte, lo, hi, step int) (first int, ok bool) {
	aligned := lo%step == step-1
	loose := hi < len(text) && (text[hi]-' ' < 0x5f || text[hi]-'\t' < 5) || hi-step == len(text)-1
	if zeros(text, lo-step+1, step-1) {
		return lo, aligned || loose
	}
	return lo + step, aligned && loose
}

// ascii reports whether an ASCII character other than NUL is at text[i], with zeros up to
// the next one, or up to the text's end.
func ascii(text []byte, i, step int) bool {
	if text[i]-1 > 0x7e {
		return false
	}
	for _, c := range text[i+1 : min(len(text), i+step)] {
		if c != 0 {
			return false
		}
	}
	return true
}

// zeros reports whether text[i:i+n] is there and zero.
func zeros(text []byte, i, n int) bool {
	if i < 0 || i+n > len(text) {
		return false
	}
	for _, c := range text[i : i+n] {
		if c != 0 {
			return false
		}
	}
	return true
}
