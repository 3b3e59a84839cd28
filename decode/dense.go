package decode

import "bytes"

// dense looks at the run of hexadecimal digits, escapes and separators around text[p],
// from done on, and returns its end.
func (d *Decoder) dense(text []byte, p, done int) (end int) {
	lo, hi, digits := p, p, 0
	for lo > done && class[text[lo-1]]&inDense != 0 {
		lo--
		digits += int(class[text[lo]] / isHex)
	}
	for hi < len(text) && class[text[hi]]&inDense != 0 {
		digits += int(class[text[hi]] / isHex)
		hi++
	}
	if hi-lo < minDense || digits < Shortest {
		return hi
	}
	s, b := span{lo, hi}, text[lo:hi]
	for _, e := range [...]escape{
		{'%', asPercent, percent}, {'\\', asHexEscape, backslash}, {'&', asEntity, entity}, {'=', asQuoted, quoted},
	} {
		if bytes.Count(b, []byte{e.lead}) >= Shortest {
			d.unescape(text, e.within(text, s), e)
		}
	}
	if digits >= 2*Shortest {
		d.packedNumbers(text, s)
		if mayBeHex(b) {
			d.hex(text, s)
		}
		if listed(b) && mayBeDecimal(b) {
			d.decimal(text, s)
		}
	}
	return hi
}

// listed reports whether b has what separates Shortest items.
func listed(b []byte) bool {
	for _, by := range []byte{',', ' ', '\n'} {
		if bytes.Count(b, []byte{by}) >= Shortest-1 {
			return true
		}
	}
	return false
}

// An escape is a way to write characters in which each is announced by the same one.
type escape struct {
	lead byte
	name string
	// read returns the character that b, which begins with lead, is the escape of, its
	// length, and the encoding's name where one lead has several. n is 0 for none.
	read func(b []byte) (c byte, n int, name string)
}

// within returns the part of s from the first escape to the last, and the letters and
// digits beside them: all else that may be in a dense run is of the text around.
func (e escape) within(text []byte, s span) span {
	lo, hi := s.hi, s.hi
	for i := s.lo; i < s.hi; i++ {
		if text[i] != e.lead {
			continue
		}
		if _, n, _ := e.read(text[i:s.hi]); n > 0 {
			lo, hi = min(lo, i), i+n
			i += n - 1
		}
	}
	for lo > s.lo && class[text[lo-1]]&inRun != 0 {
		lo--
	}
	for hi < s.hi && class[text[hi]]&inRun != 0 {
		hi++
	}
	return span{lo, hi}
}

// unescape reads text[s.lo:s.hi] as a text in which at least Shortest characters are
// escaped, and any number is not.
func (d *Decoder) unescape(text []byte, s span, e escape) {
	f := d.open(e.name)
	names := map[string]int{}
	spelled := 0
	for i := s.lo; i < s.hi; {
		if text[i] == e.lead {
			if c, n, name := e.read(text[i:s.hi]); n > 0 {
				f.add(c, i, n)
				i += n
				spelled++
				if names[name]++; names[name] > names[f.name] {
					f.name = name
				}
				continue
			}
		}
		f.add(text[i], i, 1)
		i++
	}
	if spelled < Shortest {
		d.shut()
		return
	}
	d.give()
}

// percent reads %41 (RFC 3986, section 2.1, 2005).
func percent(b []byte) (c byte, n int, name string) {
	if v, ok := digits(b, 1, 2, 16); ok {
		return v, 3, asPercent
	}
	return 0, 0, ""
}

// quoted reads =41 (RFC 2045, section 6.7, 1996).
func quoted(b []byte) (c byte, n int, name string) {
	if v, ok := digits(b, 1, 2, 16); ok {
		return v, 3, asQuoted
	}
	return 0, 0, ""
}

// backslash reads what C, Java, JavaScript, JSON, Python and shells have: \x41, \u0041,
// \u{41}, \U00000041, \101, and \\ for itself.
func backslash(b []byte) (c byte, n int, name string) {
	if len(b) < 2 {
		return 0, 0, ""
	}
	switch b[1] {
	case '\\', '"', '\'':
		return b[1], 2, asBackslash
	case 'x':
		if v, ok := digits(b, 2, 2, 16); ok {
			return v, 4, asHexEscape
		}
	case 'u':
		// Java allows any number of u (The Java Language Specification 25, section 3.3).
		u := 2
		for u < len(b) && u < 8 && b[u] == 'u' {
			u++
		}
		if v, ok := digits(b, u, 4, 16); ok {
			return v, u + 4, asUnicodeEscape
		}
		for w := 1; w <= 6; w++ {
			if v, ok := digits(b, 3, w, 16); ok && b[2] == '{' && len(b) > 3+w && b[3+w] == '}' {
				return v, 4 + w, asUnicodeEscape
			}
		}
	case 'U':
		if v, ok := digits(b, 2, 8, 16); ok {
			return v, 10, asUnicodeEscape
		}
	default:
		if v, ok := digits(b, 1, 3, 8); ok {
			return v, 4, asOctalEscape
		}
	}
	return 0, 0, ""
}

// entity reads &#65;, &#x41; and &amp; (WHATWG HTML, section 13.2.5.72, 2026-11).
func entity(b []byte) (c byte, n int, name string) {
	const amp = "&amp;"
	if len(b) >= len(amp) && string(b[:len(amp)]) == amp {
		return '&', len(amp), asEntity
	}
	if len(b) < 4 || b[1] != '#' {
		return 0, 0, ""
	}
	from, base := 2, 10
	if b[2] == 'x' || b[2] == 'X' {
		from, base = 3, 16
	}
	for w := 1; w <= 7; w++ {
		v, ok := digits(b, from, w, base)
		if ok && len(b) > from+w && b[from+w] == ';' {
			return v, from + w + 1, asEntity
		}
	}
	return 0, 0, ""
}

// digits returns the value of the n digits at b[i:]. It is no more than a byte: ok is
// false for what spells no ASCII character.
func digits(b []byte, i, n, base int) (v byte, ok bool) {
	if len(b) < i+n {
		return 0, false
	}
	sum := 0
	for _, c := range b[i : i+n] {
		d := digit(c)
		if d >= base {
			return 0, false
		}
		if sum = sum*base + d; sum > 0x7f {
			return 0, false
		}
	}
	return byte(sum), true
}

// digit returns the value of a hexadecimal digit, or 16.
func digit(c byte) int {
	switch {
	case c-'0' < 10:
		return int(c - '0')
	case c-'a' < 6:
		return int(c-'a') + 10
	case c-'A' < 6:
		return int(c-'A') + 10
	}
	return 16
}
