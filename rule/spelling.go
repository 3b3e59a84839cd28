package rule

// A spelling is a way to write one character by means of others.
type spelling uint8

const (
	literal spelling = iota
	percent
	backslash
	unicodeEscape
	hexEscape
	htmlEntity
	quotedPrintable
)

// String returns the spelling's name in reports.
func (s spelling) String() string {
	switch s {
	case percent:
		return "percent"
	case backslash:
		return "backslash"
	case unicodeEscape:
		return "unicode-escape"
	case hexEscape:
		return "hex-escape"
	case htmlEntity:
		return "html-entity"
	case quotedPrintable:
		return "quoted-printable"
	}
	return "literal"
}

// depth is how many spellings may lie inside one another, as in %253D. It bounds the
// work that a hostile text can ask for.
const depth = 5

// layers are the spellings of one character, the outermost first; unused places at the
// end are literal.
type layers [depth]spelling

func (l *layers) add(s spelling) {
	for i := range l {
		if l[i] == literal {
			l[i] = s
			return
		}
	}
}

func (l layers) len() int {
	n := 0
	for n < len(l) && l[n] != literal {
		n++
	}
	return n
}

// A reader reads a text's characters as somebody who undoes its escapes would.
type reader struct {
	text []byte
	// mail says to read the text as quoted-printable. Only then '=' escapes: elsewhere it
	// is a character of credentials, and what follows it may look like hexadecimal digits.
	mail bool
}

// next returns the character that begins at text[i], how many bytes spell it, and how.
// Where no escape begins that is the byte itself. At the end of the text n is 0.
func (r *reader) next(i int) (c byte, n int, how layers) { return r.at(i, depth) }

// escapes reports whether c may begin an escape.
func escapes(c byte) bool { return c == '%' || c == '\\' || c == '&' || c == '=' }

// at is next with at most level spellings undone.
func (r *reader) at(i, level int) (c byte, n int, how layers) {
	if i >= len(r.text) {
		return 0, 0, how
	}
	c, n = r.text[i], 1
	if level == 0 || !escapes(c) {
		return c, n, how
	}
	if r.mail && c == '=' {
		var s spelling
		c, n, s = r.quoted(i)
		if n == 0 {
			return 0, 0, how
		}
		how.add(s)
	}
	for l := 0; l < level && escapes(c) && c != '='; l++ {
		d, m, s := r.escape(c, i+n, l)
		if s != literal {
			c, n = d, n+m
			how.add(s)
		}
	}
	return c, n, how
}

// escape reads what follows lead, an escape's first character, from text[i] on. The rest
// of an escape may itself be spelled with up to level escapes. The spelling is literal
// where lead stands for itself.
func (r *reader) escape(lead byte, i, level int) (c byte, n int, s spelling) {
	switch lead {
	case '%':
		if v, n := r.hex(i, 2, 2, level); n > 0 {
			return v, n, percent
		}
	case '&':
		if v, n := r.entity(i, level); n > 0 {
			return v, n, htmlEntity
		}
	case '\\':
		return r.backslashed(i, level)
	}
	return lead, 0, literal
}

// backslashed reads what follows a backslash.
func (r *reader) backslashed(i, level int) (c byte, n int, s spelling) {
	c, n, _ = r.at(i, level)
	switch {
	case n == 0:
	case c == 'x':
		if v, m := r.hex(i+n, 2, 2, level); m > 0 {
			return v, n + m, hexEscape
		}
	case c == 'u':
		if v, m := r.hex(i+n, 4, 4, level); m > 0 {
			return v, n + m, unicodeEscape
		}
		if b, m, _ := r.at(i+n, level); m > 0 && b == '{' {
			if v, w := r.hex(i+n+m, 1, 6, level); w > 0 {
				if e, x, _ := r.at(i+n+m+w, level); x > 0 && e == '}' {
					return v, n + m + w + x, unicodeEscape
				}
			}
		}
	case c == 'U':
		if v, m := r.hex(i+n, 8, 8, level); m > 0 {
			return v, n + m, unicodeEscape
		}
	case isPunct(c):
		return c, n, backslash
	}
	return '\\', 0, literal
}

// hex reads low to high hexadecimal digits that spell an ASCII character. n is 0 where
// there are none or they spell something else.
func (r *reader) hex(i, low, high, level int) (c byte, n int) {
	v, digits := 0, 0
	for digits < high {
		b, m, _ := r.at(i+n, level)
		d := hexValue(b)
		if m == 0 || d < 0 {
			break
		}
		v, n, digits = v<<4|d, n+m, digits+1
	}
	if digits < low || v > 0x7f {
		return 0, 0
	}
	return byte(v), n
}

// entity reads an HTML or XML character reference from after its '&'.
func (r *reader) entity(i, level int) (c byte, n int) {
	var name [9]byte
	for k := range name {
		b, m, _ := r.at(i+n, level)
		if m == 0 {
			return 0, 0
		}
		n += m
		if b == ';' {
			if c := referred(name[:k]); c != 0 {
				return c, n
			}
			return 0, 0
		}
		if !isAlnum(b) && b != '#' {
			return 0, 0
		}
		name[k] = b
	}
	return 0, 0
}

// referred returns the ASCII character that a character reference names, or 0. The named
// ones are those of characters that occur in credentials or begin an escape (WHATWG HTML,
// section 13.5, 2026-11).
func referred(name []byte) byte {
	if len(name) > 1 && name[0] == '#' {
		base, digits := 10, name[1:]
		if digits[0] == 'x' || digits[0] == 'X' {
			base, digits = 16, digits[1:]
		}
		v := 0
		for _, b := range digits {
			d := hexValue(b)
			if d < 0 || d >= base {
				return 0
			}
			if v = v*base + d; v > 0x7f {
				return 0
			}
		}
		return byte(v)
	}
	switch string(name) {
	case "equals":
		return '='
	case "plus":
		return '+'
	case "sol":
		return '/'
	case "lowbar", "UnderBar":
		return '_'
	case "colon":
		return ':'
	case "amp", "AMP":
		return '&'
	case "percnt":
		return '%'
	case "bsol":
		return '\\'
	case "num":
		return '#'
	case "semi":
		return ';'
	}
	return 0
}

// quoted reads a quoted-printable character whose '=' is text[i]: soft line breaks
// (RFC 2045, section 6.7, 1996), then what follows them. An '=' that begins neither is
// none of the text's characters, and read as 0.
func (r *reader) quoted(i int) (c byte, n int, s spelling) {
	for i+n < len(r.text) && r.text[i+n] == '=' {
		m := softBreak(r.text[i+n:])
		if m == 0 {
			if c, m := r.hex(i+n+1, 2, 2, 0); m > 0 {
				return c, n + 1 + m, quotedPrintable
			}
			return 0, n + 1, literal
		}
		n += m
	}
	if i+n >= len(r.text) {
		return 0, 0, literal
	}
	return r.text[i+n], n + 1, quotedPrintable
}

// softBreak returns the length of the soft line break at the start of b, or 0.
func softBreak(b []byte) int {
	switch {
	case len(b) >= 2 && b[1] == '\n':
		return 2
	case len(b) >= 3 && b[1] == '\r' && b[2] == '\n':
		return 3
	}
	return 0
}

// hexValue returns the value of a hexadecimal digit, or -1.
func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// lower returns a letter in lower case, and all else as it is.
func lower(c byte) byte {
	if isUpper(c) {
		c += 'a' - 'A'
	}
	return c
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isAlnum(c byte) bool { return isDigit(c) || isUpper(c) || isLower(c) }

// isPunct reports whether c is one of ASCII's 32 punctuation characters.
func isPunct(c byte) bool { return c > ' ' && c < 0x7f && !isAlnum(c) }
