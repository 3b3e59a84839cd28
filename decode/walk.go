package decode

import "encoding/binary"

// How regions are found. Every encoding of Shortest characters has a property that can be
// seen in a few bytes anywhere in it, so that it is enough to look at every so many bytes.
const (
	stride = 16 // between looks for runs of letters and digits
	sparse = 64 // between looks for all other encodings; a multiple of stride

	// minRun is how long a run of letters and digits must be to be looked at: long enough
	// to hold 16 bytes from a multiple of stride on.
	minRun = 31
	// minDense is the same for hexadecimal digits, escapes and what separates them, of
	// eight bytes from a multiple of sparse on.
	minDense = 71
)

// A look is up to where each kind of region has been looked for, and up to where parts
// have been joined.
type look struct{ runs, joined, dense, wide int }

// walk looks for encoded regions in text. It looks at sparse bytes in one go: that is all
// that ordinary text costs.
func (d *Decoder) walk(text []byte) {
	var l look
	p := 0
	for ; p+sparse <= len(text); p += sparse {
		b := text[p : p+sparse : p+sparse]
		w := binary.LittleEndian.Uint64(b)
		if lettered(w, binary.LittleEndian.Uint64(b[8:])) ||
			lettered(binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])) ||
			lettered(binary.LittleEndian.Uint64(b[32:]), binary.LittleEndian.Uint64(b[40:])) ||
			lettered(binary.LittleEndian.Uint64(b[48:]), binary.LittleEndian.Uint64(b[56:])) {
			d.letters(text, p, &l)
		}
		if class[b[0]]&class[b[2]]&class[b[5]]&class[b[7]]&inDense != 0 && p >= l.dense && denseAround(text, p) {
			l.dense = d.dense(text, p, l.dense)
		}
		if (w&0xff00ff00ff00ff00 == 0 || w&0x00ff00ff00ff00ff == 0) && w != 0 && p >= l.wide {
			l.wide = d.wide(text, p, w, l.wide)
		}
	}
	d.letters(text, p, &l)
	if p+8 <= len(text) && p >= l.dense && denseAround(text, p) {
		l.dense = d.dense(text, p, l.dense)
	}
	if p+8 <= len(text) && p >= l.wide {
		if w := binary.LittleEndian.Uint64(text[p:]); (w&0xff00ff00ff00ff00 == 0 || w&0x00ff00ff00ff00ff == 0) && w != 0 {
			d.wide(text, p, w, l.wide)
		}
	}
}

// letters looks for runs of letters and digits in the sparse bytes from text[p] on.
func (d *Decoder) letters(text []byte, p int, l *look) {
	for end := p + sparse; p < end && p+16 <= len(text); p += stride {
		if p >= l.runs && lettered(binary.LittleEndian.Uint64(text[p:]), binary.LittleEndian.Uint64(text[p+8:])) && lettersBeside(text, p) {
			l.runs, l.joined = d.run(text, p, l.joined)
		}
	}
}

// lettersBeside reports whether eight bytes before or after text[p:p+16] are lettered, as
// in any run of minRun that holds those.
func lettersBeside(text []byte, p int) bool {
	if p >= 8 {
		if x := binary.LittleEndian.Uint64(text[p-8:]); lettered(x, x) {
			return true
		}
	}
	if p+24 <= len(text) {
		x := binary.LittleEndian.Uint64(text[p+16:])
		return lettered(x, x)
	}
	return false
}

// lettered reports whether none of 16 bytes is a blank, a control character or one of
// !"#$%&'()*+,-./ or, in other words, whether bit 4 or bit 6 is set in each.
func lettered(x, y uint64) bool {
	const high = 0x4040404040404040
	return (x|x<<2)&(y|y<<2)&high == high
}

// denseAround reports whether a dense run of minDense may hold text[p:p+8]: it goes on for
// at least 24 bytes on one side of that, and at least a quarter are digits.
func denseAround(text []byte, p int) bool {
	return isDense(text[p:p+8], 0) && (p+32 <= len(text) && isDense(text[p:p+32], 8) || p >= 24 && isDense(text[p-24:p+8], 8))
}

// isDense reports whether all of b may be in a dense run, and at least that many bytes of it
// are hexadecimal digits.
func isDense(b []byte, digits int) bool {
	n := 0
	for _, c := range b {
		k := class[c]
		if k&inDense == 0 {
			return false
		}
		n += int(k / isHex)
	}
	return n >= digits
}

// Classes of characters.
const (
	inRun    = 1 << iota // letters, digits and _
	inPart               // those, and -, +, / and =: what a credential or base64 is made of
	inDense              // what hexadecimal digits, escapes and their separators are made of
	isBlank              // space, tab, carriage return
	isQuote              // what ends and begins a string literal
	isJoiner             // what stands between the literals of a concatenation
	isMargin             // what stands before each line of a comment or quotation
	isHex
)

var class = classes()

func classes() (t [256]uint8) {
	set := func(chars string, bits uint8) {
		for i := range len(chars) {
			t[chars[i]] |= bits
		}
	}
	const letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "0123456789"
	set(letters+digits+"_", inRun|inPart)
	set("-+/=", inPart)
	set(digits+"abcdefABCDEF", isHex)
	set(digits+"abcdefABCDEFxXuU%\\&#;={},:-+'\" \t\r\nmp", inDense)
	set(" \t\r", isBlank)
	set("\"'`", isQuote)
	set(",.&()|<>~;", isJoiner)
	set("#*>|\\", isMargin)
	return t
}

// run looks at the run of letters and digits around text[p]. It returns where to look for
// the next, and the end of what was read as encoded; nothing before done is.
func (d *Decoder) run(text []byte, p, done int) (next, end int) {
	lo, hi := p, p
	for hi < len(text) && class[text[hi]]&inRun != 0 {
		hi++
	}
	if hi == p {
		return p, done
	}
	for lo > done && class[text[lo-1]]&inRun != 0 {
		lo--
	}
	if hi-lo < minRun || !mixed(text[lo:hi]) {
		return hi, done
	}
	whole := part(text, lo, done)
	d.parts = append(d.parts[:0], whole)
	end = d.join(text, done)
	d.begin(end - d.parts[0].lo)
	d.region(text)
	return end, end
}

// mixed reports whether b holds upper-case letters, and lower-case ones or digits, as all
// base64 and all random names do but one in a hundred thousand.
func mixed(b []byte) bool {
	var upper, others bool
	for _, c := range b {
		if c-'A' < 26 {
			upper = true
		} else {
			others = others || c != '_'
		}
		if upper && others {
			return true
		}
	}
	return false
}

// part returns the stretch of characters of credentials and base64 around text[p].
func part(text []byte, p, done int) span {
	s := span{p, p}
	for s.hi < len(text) && class[text[s.hi]]&inPart != 0 {
		s.hi++
	}
	for s.lo > done && class[text[s.lo-1]]&inPart != 0 {
		s.lo--
	}
	// The end of an escape is none of it.
	if s.lo > 0 && s.hi-s.lo > 2 {
		switch c := text[s.lo-1]; {
		case c == '\\' && (text[s.lo] == 'n' || text[s.lo] == 'r' || text[s.lo] == 't'):
			s.lo++
		case c == '%' && class[text[s.lo]]&class[text[s.lo+1]]&isHex != 0:
			s.lo += 2
		}
	}
	return s
}

// region reads d.parts, one after the other and each alone.
func (d *Decoder) region(text []byte) {
	if len(d.parts) == 1 {
		d.base64(text, d.parts[0])
		return
	}
	f := d.open(asConcatenation)
	for _, s := range d.parts {
		// A '=' that ends a line is quoted-printable's soft line break, or padding.
		if text[s.hi-1] == '=' && s.hi < len(text) && (text[s.hi] == '\n' || text[s.hi] == '\r') {
			s.hi--
		}
		if s.lo < s.hi {
			f.copy(text, s.lo, s.hi)
		}
	}
	// Decoding uses d.parts again.
	parts := append([]span(nil), d.parts...)
	if len(f.out) >= Shortest {
		d.show()
		f.name = "" // base64 is wrapped or concatenated without being called so
		whole := span{0, len(f.out)}
		d.base64(f.out, whole)
		// The first and the last may be words of the lines around, such as EOF.
		if inner := trimmed(whole, parts); inner != whole {
			d.base64(f.out, inner)
		}
	}
	d.shut()
	for _, s := range parts {
		d.base64(text, s)
	}
}

// trimmed returns s, which is parts put together, without the first and the last of them
// where those are no longer than a word.
func trimmed(s span, parts []span) span {
	const word = 8
	first, last := parts[0], parts[len(parts)-1]
	if n := first.hi - first.lo; n <= word {
		s.lo += n
	}
	if n := last.hi - last.lo; n <= word {
		s.hi = max(s.lo, s.hi-n)
	}
	return s
}
