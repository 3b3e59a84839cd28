package decode

// mayBeHex reports whether b may hold Shortest characters of a text as hexadecimal digits:
// so many pairs of them in a row do not begin with 8 or more. It saves most tables of
// numbers from being decoded.
func mayBeHex(b []byte) bool {
	n := 0
	for i := 0; i < len(b); {
		lo, hi := number(b, i, len(b))
		switch {
		case hi-lo > 2*Shortest:
			return true
		case lo == hi:
			n, hi = 0, hi+1
		case (hi-lo)%2 != 0:
			n = 0
		default:
			for ; lo < hi; lo += 2 {
				if n++; b[lo] >= '8' {
					n = 0
				} else if n == Shortest {
					return true
				}
			}
		}
		i = hi
	}
	return false
}

// mayBeDecimal reports whether b may hold Shortest characters of a text as decimal numbers:
// so many of them in a row are in the range of ASCII.
func mayBeDecimal(b []byte) bool {
	n := 0 // characters in a row
	for i := 0; i < len(b); {
		lo, hi := number(b, i, len(b))
		_, ok := digits(b, lo, hi-lo, 10)
		if n++; !ok || lo == hi || hi-lo > 3 {
			n = 0
		}
		if n == Shortest {
			return true
		}
		if i = hi; lo == hi {
			i++
		}
	}
	return false
}

// hex reads text[s.lo:s.hi] as hexadecimal digits, two for a byte, in groups of whatever
// even length: 4154, 41 54, 41:54, 0x41, 0x54.
func (d *Decoder) hex(text []byte, s span) {
	// The first byte of a long group may have something in front of it that only looks
	// like a digit. So those are read from their second digit on, too.
	for odd := range 2 {
		f := d.open(asHex)
		for i := s.lo; i < s.hi; {
			lo, hi := number(text, i, s.hi)
			alone := odd == 1 || (hi-lo)%2 != 0
			if lo == hi || alone {
				f = d.next(f)
			}
			if !alone || hi-lo > 2*Shortest {
				f = d.pairs(f, text, lo+odd, hi)
			}
			if alone {
				f = d.next(f)
			}
			// A character that no separator is stands between the texts.
			if i = hi; lo == hi {
				i++
			}
		}
		d.next(f)
		d.shut()
	}
}

// pairs reads text[lo:hi], which holds nothing but hexadecimal digits, into f.
func (d *Decoder) pairs(f *frame, text []byte, lo, hi int) *frame {
	for i := lo; i+2 <= hi; i += 2 {
		if len(f.out) == 0 && i+2*Shortest <= hi {
			// A text that begins here has Shortest pairs, none of which begins with 8 or
			// more. The last that does shows how many cannot begin one.
			j := i + 2*Shortest - 2
			for j >= i && text[j]-'0' < 8 {
				j -= 2
			}
			if j >= i {
				i = j
				continue
			}
		}
		if v := digit(text[i])<<4 | digit(text[i+1]); v > 0x7f {
			if len(f.out) > 0 {
				f = d.next(f)
			}
		} else {
			n := prefix(text, i)
			f.add(byte(v), i-n, 2+n)
		}
	}
	return f
}

// prefix returns the length of the 0x before text[i:], or 0.
func prefix(text []byte, i int) int {
	if i >= 2 && text[i-2] == '0' && text[i-1]|0x20 == 'x' {
		return 2
	}
	return 0
}

// decimal reads text[s.lo:s.hi] as the decimal values of characters: 65, 84.
func (d *Decoder) decimal(text []byte, s span) {
	f := d.open(asDecimal)
	for i := s.lo; i < s.hi; {
		lo, hi := number(text, i, s.hi)
		v, ok := digits(text, lo, hi-lo, 10)
		if i = hi; lo == hi || hi-lo > 3 || !ok {
			f = d.next(f)
			if lo == hi {
				i++
			}
			continue
		}
		f.add(v, lo, hi-lo)
	}
	d.next(f)
	d.shut()
}

// number returns the first group of digits in text[i:end]; between it and text[i] are
// separators of numbers only. It is empty where something else is.
func number(text []byte, i, end int) (lo, hi int) {
	for i < end && separates(text[i]) {
		i++
	}
	if i+2 < end && text[i] == '0' && text[i+1]|0x20 == 'x' {
		i += 2
	}
	lo = i
	for i < end && class[text[i]]&isHex != 0 {
		i++
	}
	return lo, i
}

// separates reports whether c may stand between the values of two characters.
func separates(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':', ';', '-', '+', '"', '\'', '\\':
		return true
	}
	return false
}

// next gives f's text if it is long enough, and returns an empty frame in its place.
func (d *Decoder) next(f *frame) *frame {
	if len(f.out) < Shortest {
		f.out, f.pieces = f.out[:0], f.pieces[:0]
		return f
	}
	name := f.name
	d.give()
	return d.open(name)
}
