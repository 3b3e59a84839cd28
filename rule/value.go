package rule

import "bytes"

// value reads the value that begins at text[i]. Tight says that its name, an equals sign
// and the value stand together, as in a shell, where a blank ends it.
func (r *carrierReader) value(i int, tight bool, c *claim) bool {
	i += colour(r.text[min(i, len(r.text)):])
	// Letters before a quote are what some languages mark raw and other strings with; one
	// that is formatted is no value.
	if bytes.IndexByte([]byte("bBrRuUL@"), r.byteAt(i)) >= 0 && (r.byteAt(i+1) == '"' || r.byteAt(i+1) == '\'') {
		i++
	}
	escapes := 0
	for escapes < 8 && r.byteAt(i+escapes) == '\\' {
		escapes++
	}
	if q := r.byteAt(i + escapes); quote(q) {
		return r.quoted(i+escapes+1, q, escapes, c)
	}
	if escapes > 0 {
		return false
	}
	return r.bareValue(i, tight, c)
}

// quoted reads a value up to its closing quote, which as many backslashes precede as the
// opening one. A value that goes on behind it, or over the line, is put together elsewhere.
func (r *carrierReader) quoted(i int, q byte, escapes int, c *claim) bool {
	end, run := i, 0
	for ; ; end++ {
		b := r.byteAt(end)
		if end >= len(r.text) || end-i > maxValue || b == '\n' {
			return false
		}
		if b == '\\' {
			run++
			continue
		}
		if b == q && (run == escapes || q == '\'' && escapes == 0 && run == 0) {
			break
		}
		run = 0
	}
	v := span{i, end - escapes}
	next := r.blanks(end + 1)
	if b := r.byteAt(next); b == '+' || b == '%' || b == '.' && blank(r.byteAt(next+1)) {
		return false
	}
	return r.take(v, c)
}

// bareValue reads a value without quotes. Only where the line, or the word of a shell, has
// nothing more it is one: else it is an expression.
func (r *carrierReader) bareValue(i int, tight bool, c *claim) bool {
	end := i
	for end < len(r.text) && end-i <= maxValue && !space(r.text[end]) && !quote(r.text[end]) && r.text[end] != escape && bytes.IndexByte([]byte(`\,;)}]<>&|`), r.text[end]) < 0 {
		end++
	}
	if end == i || end-i > maxValue {
		return false
	}
	switch b := r.byteAt(end); {
	case end == len(r.text), b == '\n', b == '\r', b == '<', b == escape:
	case colour(r.text[end:]) > 0:
	case b == '\\' && bytes.IndexByte([]byte("nr"), r.byteAt(end+1)) >= 0:
	case quote(b):
		if !tight {
			return false
		}
	case b == ';':
		if c.as != ownSession && c.as != webSession {
			return false
		}
	case blank(b):
		next := r.byteAt(r.blanks(end))
		if !tight && next != '\n' && next != '\r' && next != '#' && r.blanks(end) < len(r.text) {
			return false
		}
	default:
		return false
	}
	c.lo, c.hi, c.bare = i, end, true
	c.value, c.undone = string(r.text[i:end]), nil
	return true
}

// escape begins what tells a terminal the colour of what follows (ECMA-48, 1991).
const escape = 0x1b

// colour returns the length of what sets a terminal's colour at the start of b, as it is or
// with its first character escaped, as in logs in JSON; 0 where there is none.
func colour(b []byte) int {
	n := 0
	for _, first := range []string{"\x1b[", `\u001b[`, `\x1b[`, `\033[`, `\e[`} {
		if hasPrefix(b, first) {
			n = len(first)
		}
	}
	if n == 0 {
		return 0
	}
	const longest = 16
	for i := n; i < len(b) && i < n+longest; i++ {
		switch {
		case b[i] == 'm' || b[i] == 'K':
			return i + 1
		case !isDigit(b[i]) && b[i] != ';':
			return 0
		}
	}
	return 0
}
