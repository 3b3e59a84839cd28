package rule

import (
	"bytes"
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
	if !headsBlock(name) {
		return
	}
	in, ok := r.blockBehind(key)
	if !ok {
		return
	}
	_, of := roleOf(name + "password")
	r.claimAll(in, "", claim{of: of}, func(span, int) bool { return true })
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
	i := r.blanks(r.closed(key.hi))
	n := r.separator(i)
	i = r.blanks(i + n)
	switch c := r.byteAt(i); {
	case c == '{' || c == '[' && n > 0:
		return r.bracketed(i), true
	case (c == '\n' || c == '\r') && n == 1:
		return r.indented(key, i), true
	}
	return span{}, false
}

// bracketed returns what is between the bracket at i and its partner.
func (r *carrierReader) bracketed(i int) span {
	depth, end := 0, i
	for ; end < len(r.text) && end-i < maxObject; end++ {
		switch r.text[end] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	return span{i + 1, end}
}

// indented returns the lines from i on that are indented deeper than the line of key, or
// are items of its list.
func (r *carrierReader) indented(key span, i int) span {
	head := r.column(key.lo)
	in := span{i, i}
	for in.hi < len(r.text) && in.hi-i < maxObject {
		line, end := r.line(in.hi)
		at := r.blanks(line)
		if c := r.byteAt(at); line > i && c != '\n' && c != '\r' && c != 0 && c != '#' {
			if dash := c == '-' && blank(r.byteAt(at+1)); at-line < head || at-line == head && !dash {
				break
			}
		}
		in.hi = end
	}
	return in
}

// line returns where the line that text[i] is in begins, as far as it is near, and where
// the next one does.
func (r *carrierReader) line(i int) (lo, next int) {
	lo = i
	for lo > 0 && i-lo < maxObject && r.text[lo-1] != '\n' {
		lo--
	}
	n := bytes.IndexByte(r.text[i:min(len(r.text), i+maxObject)], '\n')
	if n < 0 {
		return lo, min(len(r.text), i+maxObject)
	}
	return lo, i + n + 1
}

// column returns how far from its line's start a name is, the dash of a list counting as
// blank.
func (r *carrierReader) column(i int) int {
	lo, _ := r.line(i)
	at := r.blanks(lo)
	if r.byteAt(at) == '-' && blank(r.byteAt(at+1)) && at < i {
		at = r.blanks(at + 1)
	}
	return at - lo
}

// siblings claims what stands beside a field that says that its object is about Bitbucket,
// such as "host": "bitbucket.org".
func (r *carrierReader) siblings() {
	lo, _ := r.line(r.at)
	lo = max(lo, r.at-200)
	var key span
	var told claim
	r.fields(span{lo, r.at}, func(k span, _ int) {
		if key.hi > 0 || !tellsBitbucket(r.lastName(k)) && !tellsBitbucket(flatten(r.text[k.lo:k.hi])) {
			return
		}
		var c claim
		if r.fieldOf(k, &c) && r.at >= c.lo && r.at < c.hi {
			key, told = k, c
		}
	})
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
		if in, ok := r.around("<server>", "</server>"); ok {
			r.claimAll(in, prefix, c, func(span, int) bool { return true })
		}
		return
	}
	if in, ok := r.braces(); ok {
		r.claimAll(in, prefix, c, func(_ span, depth int) bool { return depth == 0 })
		return
	}
	column := r.column(key.lo)
	r.claimAll(r.lines(key, column), prefix, c, func(k span, _ int) bool { return r.column(k.lo) == column })
}

// lastName returns the part of a name behind its last dot, flattened.
func (r *carrierReader) lastName(key span) string {
	name := r.text[key.lo:key.hi]
	return flatten(name[bytes.LastIndexByte(name, '.')+1:])
}

// around returns what is between two marks around the anchor.
func (r *carrierReader) around(open, shut string) (span, bool) {
	before := r.text[max(0, r.at-maxObject):r.at]
	lo := bytes.LastIndex(before, []byte(open))
	hi := bytes.Index(r.near(0, maxObject), []byte(shut))
	if lo < 0 || hi < 0 || bytes.Contains(before[lo:], []byte(shut)) {
		return span{}, false
	}
	return span{r.at - len(before) + lo + len(open), r.at + hi}, true
}

// braces returns what is between the braces around the anchor.
func (r *carrierReader) braces() (span, bool) {
	depth := 0
	for i := r.at - 1; i >= 0 && r.at-i < maxObject; i-- {
		switch r.text[i] {
		case '}':
			depth++
		case '{':
			if depth == 0 && !(i > 0 && r.text[i-1] == '$') {
				return r.bracketed(i), true
			}
			depth = max(0, depth-1)
		}
	}
	return span{}, false
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
		in.lo, dashed = lo, r.dash(lo) && r.column(r.blanks(lo)+1) == column
	}
	for in.hi < len(r.text) && in.hi-r.at < maxObject {
		_, end := r.line(in.hi)
		if !r.within(in.hi, column) || r.dash(in.hi) && r.blanks(in.hi)-in.hi < column {
			break
		}
		in.hi = end
	}
	return in
}

// dash reports whether a line begins an item of a list.
func (r *carrierReader) dash(line int) bool {
	at := r.blanks(line)
	return r.byteAt(at) == '-' && blank(r.byteAt(at+1))
}

// within reports whether a line is indented to column or deeper, or says nothing.
func (r *carrierReader) within(line, column int) bool {
	at := r.blanks(line)
	switch r.byteAt(at) {
	case '\n', '\r', '#', 0:
		return true
	case '[', '}', ']':
		return false
	}
	return r.column(at) >= column || r.dash(line) && r.column(at+1) >= column
}

// claimAll claims the fields of a stretch whose names are those of credentials and that
// pass.
func (r *carrierReader) claimAll(in span, prefix string, told claim, pass func(span, int) bool) {
	r.fields(in, func(key span, depth int) {
		name := r.text[key.lo:key.hi]
		as := beside(flatten(name))
		if as == noRole && prefix != "" && bytes.HasPrefix(name, []byte(prefix)) {
			as = beside(flatten(name[len(prefix):]))
		}
		if as == noRole || !pass(key, depth) {
			return
		}
		c := told
		c.as = as
		if !r.fieldOf(key, &c) {
			return
		}
		c.account = r.pick(in, key, prefix, "username", "user", "useremail", "email", "login", "jdbcuser")
		if as == clientSecret {
			c.id = r.pick(in, key, prefix, "clientid", "oauthclientid", "consumerkey", "key")
		}
		if c.host == "" {
			if h := r.pick(in, key, prefix, "host", "url", "baseurl", "apibaseurl"); hostOf(h) != "" {
				c.host = hostOf(h)
			} else if looksLikeHost(h) {
				c.host = h
			}
		}
		r.claimValue(c)
	})
}

// pick returns the value of the field of one of these names that is nearest to key in a
// stretch, or "".
func (r *carrierReader) pick(in, key span, prefix string, names ...string) (value string) {
	best := len(r.text) + 1
	r.fields(in, func(k span, _ int) {
		far := max(k.lo-key.lo, key.lo-k.lo)
		name := strings.TrimPrefix(string(r.text[k.lo:k.hi]), prefix)
		if far >= best || far == 0 || far > maxObject/2 || !oneOf(flatten([]byte(name)), names) {
			return
		}
		var c claim
		if r.fieldOf(k, &c) && len(c.value) <= maxAccount && !reference(c.value) {
			best, value = far, c.value
		}
	})
	return value
}

func oneOf(s string, all []string) bool {
	for _, a := range all {
		if s == a {
			return true
		}
	}
	return false
}
