package decode

import (
	"encoding/binary"

	"github.com/bbkeys/bbkeys/prefilter"
)

// How long a region is at the least, so that it has a mark.
const (
	// minRun is how long a run of letters and digits must be to be looked at.
	minRun = 31
	// minDense is the same for hexadecimal digits, escapes and what separates them.
	minDense = 71
)

// A look is up to where each kind of region has been looked for, and up to where parts
// have been joined.
type look struct{ runs, joined, dense, wide int }

// walk looks for encoded regions in text, whose marks these are.
func (d *Decoder) walk(text []byte, marks []prefilter.Mark) {
	var l look
	for _, m := range marks {
		p := int(m.At)
		if m.Signs&prefilter.Letters != 0 {
			d.letters(text, p, &l)
			d.letters(text, p+stride, &l)
		}
		if m.Signs&prefilter.Dense != 0 && p >= l.dense && denseAt(text, p) {
			l.dense = d.dense(text, p, l.dense)
		}
		if m.Signs&prefilter.Wide != 0 && p >= l.wide && p+8 <= len(text) {
			l.wide = d.wide(text, p, binary.LittleEndian.Uint64(text[p:]), l.wide)
		}
	}
}

// stride is half of a block: what a mark of letters is about.
const stride = prefilter.Block / 2

// letters looks at the run of letters and digits that may hold the bytes from text[p] on.
func (d *Decoder) letters(text []byte, p int, l *look) {
	if p >= l.runs && p+stride <= len(text) && lettered(binary.LittleEndian.Uint64(text[p:]), binary.LittleEndian.Uint64(text[p+8:])) && lettersBeside(text, p) {
		l.runs, l.joined = d.run(text, p, l.joined)
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

// denseAt reports whether all of the block at text[p] may be in a dense run, and at least a
// quarter of it are digits.
func denseAt(text []byte, p int) bool {
	if p+prefilter.Block > len(text) {
		return false
	}
	digits := 0
	for _, c := range text[p : p+prefilter.Block] {
		k := class[c]
		if k&inDense == 0 {
			return false
		}
		digits += int(k / isHex)
	}
	return digits >= prefilter.Block/4
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
		s := d.parts[0]
		d.packedBase64(text, s, []int{s.lo})
		d.base64(text, s)
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
		d.packedBase64(f.out, whole, f.starts())
		d.base64(f.out, whole)
		// The first and the last may be words of the lines around, such as EOF.
		if inner := trimmed(whole, parts); inner != whole {
			d.partly(func() { d.base64(f.out, inner) })
		}
	}
	d.shut()
	d.partly(func() {
		for _, s := range parts {
			d.base64(text, s)
		}
	})
}

// partly decodes what is a part of what was decoded before.
func (d *Decoder) partly(decode func()) {
	before := d.again
	d.again = true
	decode()
	d.again = before
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
