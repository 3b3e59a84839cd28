package rule

import (
	"bytes"
	"slices"
	"strings"
)

// maxObject is how far from the product's name, in bytes, a credential in the same object
// of settings may stand.
const maxObject = 1500

// block claims what the settings hold that the product's name heads, as in
// bitbucket: {…}, or provider "bitbucket" {…}, or [bitbucket].
func (r *carrierReader) block() {
	key := r.keyAround(r.at)
	name := flatten(r.text[key.lo:key.hi])
	if of, host, ok := r.hostKey(); ok {
		if in, ok := r.blockBehind(host); ok {
			r.claimAll(in, "", claim{of: of, host: string(r.text[host.lo:host.hi])}, func(f field) bool { return f.depth == 0 })
		}
		return
	}
	if !headsBlock(name) && !strings.HasPrefix(r.lastName(key), "bitbucket") && !r.constructs(key) {
		return
	}
	in, ok := r.blockBehind(key)
	if !ok {
		return
	}
	_, of := roleOf(name + "password")
	r.claimAll(in, "", claim{of: of}, func(field) bool { return true })
}

// hostKey returns the host of a server in whose name the anchor is, where it is the name of
// an object, as in Composer's "http-basic": {"bitbucket.corp.io": {…}}.
func (r *carrierReader) hostKey() (of product, host span, ok bool) {
	h := span{r.at, r.at}
	for h.lo > 0 && r.at-h.lo < maxAccount && hostChar(r.text[h.lo-1]) {
		h.lo--
	}
	for h.hi < len(r.text) && h.hi-r.at < maxAccount && hostChar(r.text[h.hi]) {
		h.hi++
	}
	name := strings.ToLower(string(r.text[h.lo:h.hi]))
	if !quote(r.byteAt(h.hi)) || !looksLikeHost(name) || strings.HasSuffix(name, "bitbucket.org") {
		return anyProduct, h, false
	}
	of, ok = r.serverAt(name, h.hi)
	return of, h, ok
}

// constructs reports whether something of this name is made, as in JavaScript's
// new BitbucketStrategy.Strategy({…}).
func (r *carrierReader) constructs(key span) bool {
	return r.byteAt(key.hi) == '(' && stands(r.text, key.lo-len("new "), "new ")
}

// blockBehind returns the stretch that key heads.
func (r *carrierReader) blockBehind(key span) (span, bool) {
	if r.byteAt(key.lo-1) == '[' && r.byteAt(key.hi) == ']' {
		end := bytes.Index(r.text[key.hi:min(len(r.text), key.hi+maxObject)], []byte("\n["))
		if end < 0 {
			return span{key.hi, min(len(r.text), key.hi+maxObject)}, true
		}
		return span{key.hi, key.hi + end}, true
	}
	if r.byteAt(key.lo-1) == '<' && r.byteAt(key.hi) == '>' {
		end := bytes.Index(r.text[key.hi:min(len(r.text), key.hi+maxObject)], append([]byte("</"), r.text[key.lo:key.hi]...))
		return span{key.hi, key.hi + end}, end >= 0
	}
	i := r.blanks(r.closed(key.hi))
	n := r.separator(i)
	i = r.blanks(i + n)
	switch c := r.byteAt(i); {
	case c == '{' || c == '[' && n > 0:
		return r.bracketed(i), true
	case c == '(' && r.byteAt(i+1) == '{':
		return r.bracketed(i + 1), true
	case (c == '\n' || c == '\r') && n == 1:
		return r.indented(key, i), true
	}
	return span{}, false
}

// bracketed returns what is between the bracket at i and its partner.
func (r *carrierReader) bracketed(i int) span {
	in := span{i, min(len(r.text), i+maxObject)}
	r.know(in)
	depth := 0
	for k := r.markAt(i); k < len(r.marks) && r.marks[k].hi <= in.hi; k++ {
		switch r.marks[k].bracket {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return span{i + 1, r.marks[k].lo}
			}
		}
	}
	return span{i + 1, in.hi}
}

// indented returns the lines from i on that are indented deeper than the line of key, or
// are items of its list.
func (r *carrierReader) indented(key span, i int) span {
	head := r.column(key.lo)
	in := span{i, i}
	for in.hi < len(r.text) && in.hi-i < maxObject {
		line, end := r.line(in.hi)
		at := r.margin(line)
		if c := r.byteAt(at); line > i && c != '\n' && c != '\r' && c != 0 && c != '#' {
			if dash := c == '-' && blank(r.byteAt(at+1)); at-line < head || at-line == head && !dash {
				break
			}
		}
		in.hi = end
	}
	return in
}

// column returns how far from its line's start a name is, the dash of a list counting as
// blank.
func (r *carrierReader) column(i int) int {
	lo, _ := r.line(i)
	at := r.margin(lo)
	if r.byteAt(at) == '-' && blank(r.byteAt(at+1)) && at < i {
		at = r.blanks(at + 1)
	}
	return at - lo
}

// siblings claims what stands beside a field that says that its object is about Bitbucket,
// such as "host": "bitbucket.org".
func (r *carrierReader) siblings() {
	key, told := r.teller()
	if key.hi == 0 {
		return
	}
	c := claim{of: productOfValue(told.value), host: hostOf(told.value)}
	if h, ok := r.own.hostAround(r.text, r.at); ok {
		c.of, c.host = server, string(r.text[h.lo:h.hi])
	}
	prefix := ""
	if i := strings.LastIndexByte(told.key, '.'); i > 0 {
		prefix = told.key[:i+1]
	}
	if r.byteAt(key.lo-1) == '<' {
		if in, ok := r.parent(key.lo - 1); ok {
			r.claimAll(in, prefix, c, func(field) bool { return true })
		}
		return
	}
	if in, ok := r.braces(r.at); ok {
		if r.headed(in.lo-1, "url") {
			if outer, ok := r.braces(in.lo - 1); ok {
				in = outer
			}
		}
		r.claimAll(in, prefix, c, func(f field) bool { return f.depth == 0 || r.inAuth(f.key.lo, f.depth) })
		return
	}
	if stands(r.text, key.lo-2, `\n`) || stands(r.text, key.hi-len(r.text[key.lo:key.hi])-1, `'`) && bytes.Contains(r.bytes(r.lineOf(key.lo)), []byte(`\n`)) {
		lo, hi := r.line(key.lo)
		r.claimAll(span{lo, hi}, prefix, c, func(f field) bool { return stands(r.text, f.key.lo-2, `\n`) })
		return
	}
	column := r.column(key.lo)
	r.claimAll(r.lines(key, column), prefix, c, func(f field) bool {
		at := r.column(f.key.lo)
		return at == column || at > column && r.underAuth(f.key.lo, at, column)
	})
}

// teller returns the name and the value of the field in whose value the anchor is, if it
// says what its object is about.
func (r *carrierReader) teller() (key span, told claim) {
	const fields, far = 3, 200 // a value may look as if it held fields of its own
	lo, _ := r.line(r.at)
	lo = max(lo, r.at-far)
	r.know(span{lo, r.at})
	end := r.markAt(r.at)
	first := end
	for n := 0; first > 0 && n < fields && r.marks[first-1].lo >= lo; first-- {
		if r.marks[first-1].bracket == 0 {
			n++
		}
	}
	var names []mark
	for _, m := range r.marks[first:end] {
		if m.bracket == 0 && (m.tells || tellsBitbucket(r.lastName(m.span))) {
			names = append(names, m)
		}
	}
	for _, m := range names {
		var c claim
		if r.fieldOf(m.span, &c) && r.at >= c.lo && r.at < c.hi {
			return m.span, c
		}
	}
	return span{}, claim{}
}

// lastName returns the part of a name behind its last dot, flattened.
func (r *carrierReader) lastName(key span) string {
	name := r.text[key.lo:key.hi]
	return flatten(name[bytes.LastIndexByte(name, '.')+1:])
}

// parent returns what the XML element holds in which the tag at i stands.
func (r *carrierReader) parent(i int) (span, bool) {
	depth, far := 0, max(0, i-maxObject)
	for i--; i >= far; i-- {
		if r.text[i] != '<' {
			continue
		}
		switch c := r.byteAt(i + 1); {
		case c == '/':
			depth++
		case !isAlnum(c):
		case depth > 0:
			depth--
		default:
			end := i + 1
			for end < len(r.text) && end-i < maxName && nameChar(r.text[end]) {
				end++
			}
			hi := bytes.Index(r.text[end:min(len(r.text), end+2*maxObject)], append([]byte("</"), r.text[i+1:end]...))
			if hi < 0 {
				return span{}, false
			}
			return span{end, end + hi}, true
		}
	}
	return span{}, false
}

// braces returns what is between the braces around text[at].
func (r *carrierReader) braces(at int) (span, bool) {
	in := span{max(0, at-maxObject), at}
	r.know(in)
	depth := 0
	for k := r.markAt(at) - 1; k >= 0 && r.marks[k].lo >= in.lo; k-- {
		switch m := r.marks[k]; m.bracket {
		case '}':
			depth++
		case '{':
			if depth == 0 && r.byteAt(m.lo-1) != '$' {
				return r.bracketed(m.lo), true
			}
			depth = max(0, depth-1)
		}
	}
	return span{}, false
}

// headed reports whether the bracket at i is the value of a field of one of these names.
func (r *carrierReader) headed(i int, names ...string) bool {
	for i > 0 && (blank(r.text[i-1]) || bytes.IndexByte([]byte(":=>\"'(\\"), r.text[i-1]) >= 0) {
		i--
	}
	k := span{i, i}
	for k.lo > 0 && i-k.lo < maxName && nameChar(r.text[k.lo-1]) {
		k.lo--
	}
	return slices.Contains(names, flatten(r.text[k.lo:k.hi]))
}

// inAuth reports whether text[i], which is so deep in brackets, is in an object that holds
// what its parent signs in with, however deep.
func (r *carrierReader) inAuth(i, depth int) bool {
	const deepest, far = 4, 400
	if depth > deepest {
		return false
	}
	for end := i; i > 0 && end-i < far && depth > 0; i-- {
		switch r.text[i-1] {
		case '}', ']':
			depth++
		case '{', '[':
			if depth--; r.headed(i-1, "auth", "authentication", "credentials", "authmethod", "basic", "bearer", "basicauth") || r.headed(i-1, "password", "passwordcredentials") {
				return true
			}
		}
	}
	return false
}

// underAuth reports whether the line of text[i], which is indented to column at, is directly
// below one that is indented to column and heads what its object signs in with.
func (r *carrierReader) underAuth(i, at, column int) bool {
	const most = 8 // lines
	lo, _ := r.line(i)
	for n := 0; lo > 0 && n < most; n++ {
		lo, _ = r.line(lo - 1)
		begin := r.margin(lo)
		if c := r.column(begin); c < at {
			_, end := r.line(lo)
			return c == column && r.headed(end-1, "auth", "authentication", "credentials", "basicauth", "basic")
		}
	}
	return false
}

// lines returns the lines around the anchor that belong to one object of YAML, or to one
// section of properties: as indented as key or deeper, up to the dash that begins an item.
func (r *carrierReader) lines(key span, column int) span {
	first, next := r.line(key.lo)
	in := span{first, next}
	for dashed := r.dash(first); in.lo > 0 && r.at-in.lo < maxObject && !dashed; {
		lo, _ := r.line(in.lo - 1)
		if !r.within(lo, column) {
			break
		}
		in.lo, dashed = lo, r.dash(lo) && r.column(r.margin(lo)+1) == column
	}
	for in.hi < len(r.text) && in.hi-r.at < maxObject {
		_, end := r.line(in.hi)
		if !r.within(in.hi, column) || r.dash(in.hi) && r.margin(in.hi)-in.hi < column {
			break
		}
		in.hi = end
	}
	return in
}

// dash reports whether a line begins an item of a list.
func (r *carrierReader) dash(line int) bool {
	at := r.margin(line)
	return r.byteAt(at) == '-' && blank(r.byteAt(at+1))
}

// margin returns where a line's indentation ends. The plus sign of a line that a change
// adds is part of it.
func (r *carrierReader) margin(line int) int {
	if r.byteAt(line) == '+' {
		line++
	}
	return r.blanks(line)
}

// within reports whether a line is indented to column or deeper, or says nothing.
func (r *carrierReader) within(line, column int) bool {
	at := r.margin(line)
	switch r.byteAt(at) {
	case '\n', '\r', '#', 0:
		return true
	case '[', '}', ']':
		return false
	}
	return r.column(at) >= column || r.dash(line) && r.column(at+1) >= column
}
