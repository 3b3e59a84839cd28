package rule

import (
	"bytes"
	"slices"
)

// A span is a stretch of a text.
type span struct{ lo, hi int }

const (
	maxName   = 100     // bytes of a setting's name
	maxValue  = 4 << 10 // bytes of a setting's value: room for a signed session
	maxBlanks = 512     // bytes of a line's indentation
	maxPair   = 300     // bytes from a name that is itself a value to what it names
)

func nameChar(c byte) bool { return isAlnum(c) || c == '_' || c == '-' || c == '.' }
func blank(c byte) bool    { return c == ' ' || c == '\t' }
func space(c byte) bool    { return blank(c) || c == '\n' || c == '\r' }
func quote(c byte) bool    { return c == '"' || c == '\'' || c == '`' }

// byteAt returns text[i], or 0 where there is none.
func (r *carrierReader) byteAt(i int) byte {
	if i < 0 || i >= len(r.text) {
		return 0
	}
	return r.text[i]
}

// keyAround returns the name that the character at i is in.
func (r *carrierReader) keyAround(i int) span {
	k := span{i, i}
	for k.lo > 0 && i-k.lo <= maxName && nameChar(r.text[k.lo-1]) {
		k.lo--
	}
	for k.hi < len(r.text) && k.hi-i <= maxName && nameChar(r.text[k.hi]) {
		k.hi++
	}
	// What precedes may be an escape that ends with a letter, as \n does.
	if r.byteAt(k.lo-1) == '\\' && bytes.IndexByte([]byte("nrt"), r.byteAt(k.lo)) >= 0 && k.hi-k.lo > 1 {
		k.lo++
	}
	return k
}

// closed returns where what closes a name ends: a quote, escaped or not, a bracket.
func (r *carrierReader) closed(i int) int {
	const most = 64 // more than any nesting of strings in strings has
	for end := i + most; i < end; {
		c := r.byteAt(i)
		if !quote(c) && c != ']' && (c != '\\' || !quote(r.byteAt(i+1)) && r.byteAt(i+1) != '\\') {
			return i
		}
		i++
	}
	return i
}

// blanks returns where the blanks at i end, or after the first maxBlanks.
func (r *carrierReader) blanks(i int) int {
	for end := min(len(r.text), i+maxBlanks); i < end && blank(r.text[i]); {
		i++
	}
	return i
}

// fieldOf reads the value that key names into c, and reports whether there is one.
func (r *carrierReader) fieldOf(key span, c *claim) bool {
	if key.hi <= key.lo || key.hi-key.lo > maxName {
		return false
	}
	c.key = string(r.text[key.lo:key.hi])
	before := r.byteAt(key.lo - 1)
	if before == '<' && r.byteAt(key.hi) == '>' {
		return r.element(key.hi+1, c)
	}
	i := r.closed(key.hi)
	j := r.blanks(i)
	n := r.separator(j)
	switch {
	case n > 0:
		tight := j == key.hi && r.byteAt(j) == '=' && n == 1 && !space(r.byteAt(j+1))
		referred := before == '$' || before == '{' && (r.byteAt(key.lo-2) == '$' || r.byteAt(key.lo-2) == '{')
		start := r.typed(j, r.blanks(j+n))
		if r.byteAt(start) == '{' && r.byteAt(start+1) != '{' {
			return r.pair(start+1, c)
		}
		return r.value(r.secured(start), tight, c) && (!referred || !c.bare)
	case r.byteAt(j) == ',' && (r.called(key) || r.flag(key)):
		return r.value(r.blanks(j+1), false, c) && !c.bare
	case j > key.hi && i == key.hi && (r.flag(key) || r.commanded(key) || r.jarred(key)):
		another := r.byteAt(j) == '-' && (r.byteAt(j+1) == '-' || r.byteAt(j+2) <= ' ')
		return !another && r.value(j, true, c)
	case r.spaced(key, i, j):
		return r.value(j, false, c)
	case before == '>' && r.byteAt(key.hi) == '<':
		return r.beneath(key, c)
	case j > key.hi && i == key.hi && r.dotted(key):
		return r.value(j, false, c)
	case r.isValue(key) && r.byteAt(i) == '>':
		return r.element(i+1, c)
	case r.isValue(key):
		return r.pair(i, c)
	}
	return false
}

// typed returns where the value begins that the colon at colon and a type may precede, as
// in TypeScript's key: string = "…"; without a type that is at i.
func (r *carrierReader) typed(colon, i int) int {
	end := i
	for end < len(r.text) && end-i < maxName && isAlnum(r.text[end]) {
		end++
	}
	equals := r.blanks(end)
	if r.byteAt(colon) != ':' || end == i || r.byteAt(equals) != '=' || r.separator(equals) != 1 || !quote(r.byteAt(r.blanks(equals+1))) {
		return i
	}
	return r.blanks(equals + 1)
}

// secured returns where the string begins that PowerShell is told to secure, where that is
// what is at i; else i.
func (r *carrierReader) secured(i int) int {
	const command = "convertto-securestring "
	at := i
	if r.byteAt(at) == '(' {
		at++
	}
	if !r.foldAt(at, command) {
		return i
	}
	at = r.blanks(at + len(command))
	if r.foldAt(at, "-string ") {
		at = r.blanks(at + len("-string "))
	}
	return at
}

// separator returns the length of what stands between a name and its value, or 0.
func (r *carrierReader) separator(i int) int {
	next := r.byteAt(i + 1)
	switch c := r.byteAt(i); {
	case c == '=' && next == '>', c == ':' && next == '=', c == '?' && next == '=':
		return 2
	case c == ':' && (next == '/' && r.byteAt(i+2) == '/' || next == '\\' && r.byteAt(i+2) == '/'): // of an address
		return 0
	case c == '=' && next != '=' && next != '~', c == ':' && next != ':':
		return 1
	}
	return 0
}

// called reports whether a name in quotes is the first argument of a call.
func (r *carrierReader) called(key span) bool {
	return quote(r.byteAt(key.lo-1)) && r.byteAt(key.lo-2) == '('
}

// flag reports whether a name is a flag of a command line.
func (r *carrierReader) flag(key span) bool {
	return r.byteAt(key.lo) == '-' && r.byteAt(key.lo+1) == '-'
}

// commanded reports whether a name is what a command sets that takes it and a value apart
// by a blank: Dockerfile's ENV, Windows' setx, git's and Composer's config.
func (r *carrierReader) commanded(key span) bool {
	for _, command := range []string{"ENV ", "setx ", "SETX ", "setenv ", "set -x ", "set -gx ", "set -xg ", "set -Ux ", "set -xU "} {
		if n := key.lo - len(command); n >= 0 && string(r.text[n:key.lo]) == command {
			return true
		}
	}
	return false
}

// jarred reports whether a name is that of a cookie in a file of curl's, which separates its
// columns by tabs.
func (r *carrierReader) jarred(key span) bool {
	return r.byteAt(key.lo-1) == '\t' && r.byteAt(key.hi) == '\t'
}

// spaced reports whether a name and the quote that begins its value stand apart by a blank
// at the beginning of a line, as Gradle's credentials do.
func (r *carrierReader) spaced(key span, i, value int) bool {
	if value == key.hi || i != key.hi || !quote(r.byteAt(value)) || !slices.Contains([]string{"password", "username", "token", "user"}, string(r.text[key.lo:key.hi])) {
		return false
	}
	at := key.lo
	for at > 0 && blank(r.text[at-1]) {
		at--
	}
	return at == 0 || r.text[at-1] == '\n' || r.text[at-1] == '{' || r.text[at-1] == ';'
}

// beneath reads the value of a name in a property list of Apple's: the element behind the
// name's.
func (r *carrierReader) beneath(key span, c *claim) bool {
	const shut, open = "</key>", "<string>"
	if !stands(r.text, key.hi, shut) {
		return false
	}
	i := key.hi + len(shut)
	for i < len(r.text) && space(r.text[i]) {
		i++
	}
	return stands(r.text, i, open) && r.element(i+len(open), c)
}

// dotted reports whether a name begins a line of Java properties, where a blank may
// separate it from its value.
func (r *carrierReader) dotted(key span) bool {
	return bytes.IndexByte(r.text[key.lo:key.hi], '.') > 0 && (key.lo == 0 || r.text[key.lo-1] == '\n')
}

// isValue reports whether a name is itself the value of a field that holds names, as in
// {"name": "BITBUCKET_TOKEN", "value": "…"}.
func (r *carrierReader) isValue(key span) bool {
	i := key.lo
	for i > 0 && key.lo-i < 16 && (quote(r.text[i-1]) || blank(r.text[i-1]) || bytes.IndexByte([]byte(`=:>\`), r.text[i-1]) >= 0) {
		i--
	}
	end := i
	for i > 0 && end-i < 20 && nameChar(r.text[i-1]) {
		i--
	}
	return i < end && isNaming([]byte(flatten(r.text[i:end])))
}

// isNaming reports whether a field of this name, flattened, holds the name of another,
// whose value stands in a field of its own.
func isNaming(flat []byte) bool {
	switch string(flat) {
	case "name", "key", "variable", "id", "parameterkey", "parametername", "variablename", "envname":
		return true
	}
	return false
}

// pair reads the value that stands in a field of its own behind a name.
func (r *carrierReader) pair(i int, c *claim) (ok bool) {
	done := false
	r.fields(span{i, min(len(r.text), i+maxPair)}, func(f field) {
		if done || f.depth < 0 {
			return
		}
		key := f.key
		switch string(f.flat) {
		case "value", "default", "defaultvalue", "initialvalue", "currentvalue":
			done = true
			name := c.key
			if r.byteAt(key.lo-1) == '<' {
				ok = r.element(key.hi+1, c)
			} else {
				j := r.blanks(r.closed(key.hi))
				ok = r.value(r.blanks(j+1), false, c)
			}
			c.key = name
		case "name", "key", "variable", "id":
			done = true
		}
	})
	return ok
}

// assigned reports whether a name has what separates it from a value behind it.
func (r *carrierReader) assigned(k span) bool {
	if k.hi-k.lo > maxName {
		return false
	}
	if r.byteAt(k.lo-1) == '<' {
		return r.byteAt(k.hi) == '>'
	}
	i := r.closed(k.hi)
	j := r.blanks(i)
	return r.separator(j) > 0 || blank(r.byteAt(k.hi)) && (r.flag(k) || r.dotted(k)) || r.called(k) && r.byteAt(j) == ',' || r.spaced(k, i, j)
}

// element reads the text of an XML element.
func (r *carrierReader) element(i int, c *claim) bool {
	for i < len(r.text) && space(r.text[i]) {
		i++
	}
	end := i
	for end < len(r.text) && end-i <= maxValue && r.text[end] != '<' {
		end++
	}
	if r.byteAt(end) != '<' || r.byteAt(end+1) != '/' {
		return false
	}
	for end > i && space(r.text[end-1]) {
		end--
	}
	return r.take(span{i, end}, c)
}

// take reads a value that stands in something that may escape it.
func (r *carrierReader) take(v span, c *claim) bool {
	if v.hi <= v.lo || v.hi-v.lo > maxValue {
		return false
	}
	c.lo, c.hi, c.bare = v.lo, v.hi, false
	c.value, c.undone = undo(r.text, v)
	return true
}

// undo reads a stretch of a text as somebody does who undoes its escapes, and names them.
func undo(text []byte, v span) (string, []string) {
	t := token{reader: reader{text: text[:v.hi]}}
	out := make([]byte, 0, v.hi-v.lo)
	for i := v.lo; i < v.hi; {
		c, n, how := t.next(i)
		t.n = 0
		t.push(c, n, how)
		out = append(out, c)
		i += n
	}
	return string(out), t.match(Context).Encoding
}
