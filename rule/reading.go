package rule

import (
	"bytes"
	"slices"
)

// A Reading reads what carries credentials in one text. It remembers what it read, so that
// a text in which many carrier words stand close to one another is read about once. It is
// for one goroutine; the zero value is one of an empty text.
type Reading struct {
	text   []byte
	lo, hi int    // where marks are known
	marks  []mark // in order of their places
	names  []byte // the names of fields, flattened, one behind another
	sought span   // where tokens are known
	tokens []span // what has the structure of an unprefixed Data Center token
	tried  map[trial]struct{}
	anew   int  // how often the marks were forgotten
	last   int  // where the product's name was last, or -1
	asked  int  // up to where what signs requests was looked for
	row    span // has no line feed
	bare   span // has no word that a Kubernetes Secret has
}

// How much is remembered: a text made of nothing but brackets must not fill the memory.
const (
	manyTrials = 1 << 10
	manyMarks  = 1 << 14
)

// A mark is a bracket in a text, or the name of a field.
type mark struct {
	span
	flat    span // of names; empty for a bracket
	as      role // what such a field holds in an object about Bitbucket
	tells   bool // whether such a field says what its object is about
	bracket byte // 0 for the name of a field
}

// A trial is a value that was claimed to be something.
type trial struct {
	lo int
	as role
	of product
}

// Start begins the reading of another text, which must not change until the next.
func (g *Reading) Start(text []byte) {
	g.text = text
	g.forget(0)
	g.sought, g.tokens = span{}, g.tokens[:0]
	g.last, g.asked, g.row, g.bare = -1, 0, span{}, span{}
	if len(g.tried) > manyTrials {
		g.tried = nil // to clear a large map costs each text that follows
	}
	clear(g.tried)
}

// forget drops what was read, and goes on from text[at].
func (g *Reading) forget(at int) {
	g.lo, g.hi, g.anew = at, at, g.anew+1
	g.marks, g.names = g.marks[:0], g.names[:0]
}

// Each gives yield every credential of rules, which count in a carrier alone, that the
// carrier word at text[at] brings, or with own the anchor of what an organization added.
// There may be several; what carries them is read once for all rules. It looks no further
// than Reach, and is asked about ascending places.
func (g *Reading) Each(own *Own, rules []*Rule, at int, yield func(*Rule, Match)) {
	g.claims(own, at, func(c *claim, k kind, p Proof) {
		for _, rule := range rules {
			if k != noKind && rule.kind == k {
				yield(rule, c.match(k, p))
			}
		}
	})
}

// claims gives yield each claim that the carrier word at text[at] makes, or the anchor of
// own, and of what kind its value is.
func (g *Reading) claims(own *Own, at int, yield func(*claim, kind, Proof)) {
	var read func(*carrierReader)
	if own != nil {
		read = own.read
	} else if read = readerAt(g.text, at); read == nil {
		return
	}
	if len(g.marks) > manyMarks {
		g.forget(at)
	}
	r := carrierReader{Reading: g, text: g.text[:min(len(g.text), at+Reach)], at: at, own: own}
	r.yield = func(c *claim) {
		k, p := judge(c)
		if own != nil {
			c.own = true
			k, p = own.judge(c)
		}
		if c.loose && p == Context {
			p = Layout
		}
		yield(c, k, p)
	}
	read(&r)
}

// try reports whether a claim is a new one, and remembers it.
func (g *Reading) try(c *claim) bool {
	t := trial{c.lo, c.as, c.of}
	if _, ok := g.tried[t]; ok {
		return false
	}
	if g.tried == nil {
		g.tried = map[trial]struct{}{}
	}
	g.tried[t] = struct{}{}
	return true
}

// know makes the marks in a stretch known.
func (g *Reading) know(in span) {
	const ahead = 512
	if in.lo < g.lo || in.lo > g.hi {
		lo := max(0, in.lo-ahead)
		for lo > 0 && lo < in.lo && (nameChar(g.text[lo-1]) || base64Std[g.text[lo-1]]) {
			lo++
		}
		g.forget(lo)
	}
	if in.hi <= g.hi {
		return
	}
	end := min(len(g.text), in.hi+ahead)
	i := g.hi
	for i < end {
		switch c := g.text[i]; {
		case c == '{' || c == '[' || c == '}' || c == ']':
			g.marks = append(g.marks, mark{span: span{i, i + 1}, bracket: c})
			i++
		case nameChar(c):
			i = g.name(i)
		default:
			i++
		}
	}
	g.hi = i
}

// name adds the field whose name begins at i, if one does, and returns where the name ends.
func (g *Reading) name(i int) int {
	k := span{i, i}
	for k.hi < len(g.text) && nameChar(g.text[k.hi]) {
		k.hi++
	}
	end := k.hi
	r := carrierReader{text: g.text}
	// What precedes may be an escape that ends with a letter, as \n does.
	if k.hi-k.lo > 1 && r.byteAt(k.lo-1) == '\\' && bytes.IndexByte([]byte("nrt"), g.text[k.lo]) >= 0 {
		k.lo++
	}
	if r.assigned(k) {
		from := len(g.names)
		g.names = appendFlat(g.names, g.text[k.lo:k.hi])
		g.marks = append(g.marks, mark{span: k, flat: span{from, len(g.names)}, as: beside(string(g.names[from:])), tells: tellsBitbucket(string(g.names[from:]))})
	}
	return end
}

// seek makes the tokens in a stretch known. Whatever is as long as one holds a byte of those
// that it looks at.
func (g *Reading) seek(in span) {
	if in.lo < g.sought.lo || in.lo > g.sought.hi {
		g.tokens, g.sought = g.tokens[:0], span{in.lo, in.lo}
	}
	end := min(len(g.text), in.hi+numberedLen)
	p := g.sought.hi
	for ; p < end; p += numberedLen {
		run := span{p, p}
		for run.lo > 0 && p-run.lo <= numberedLen && base64Std[g.text[run.lo-1]] {
			run.lo--
		}
		for run.hi < len(g.text) && run.hi-run.lo <= numberedLen && base64Std[g.text[run.hi]] {
			run.hi++
		}
		p = run.hi
		if run.hi-run.lo == numberedLen && g.isToken(run) {
			g.tokens = append(g.tokens, run)
		}
	}
	g.sought.hi = max(g.sought.hi, min(p, end))
}

// isToken reports whether what has a token's length has its inner structure, and is no part
// of something longer.
func (g *Reading) isToken(t span) bool {
	if t.lo > 0 && tokenChar(g.text[t.lo-1]) || t.hi < len(g.text) && (g.text[t.hi] == '=' || g.text[t.hi] == '_') {
		return false
	}
	_, ok := numbered(g.text[t.lo:t.hi])
	return ok
}

// A field is the name of a field in a stretch of text.
type field struct {
	key   span
	flat  []byte // the name, flattened; valid until more of the text is read
	as    role   // what it holds in an object about Bitbucket
	depth int    // how much deeper in brackets it is than the stretch's start
}

// fields calls what for each name in a stretch that something separates from a value.
func (r *carrierReader) fields(in span, what func(field)) {
	r.know(in)
	depth := 0
	for i := r.markAt(in.lo); i < len(r.marks) && r.marks[i].hi <= in.hi; i++ {
		switch m := r.marks[i]; m.bracket {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			anew := r.anew
			what(field{m.span, r.names[m.flat.lo:m.flat.hi], m.as, depth})
			if r.anew != anew { // what read elsewhere
				r.know(in)
				i = r.markAt(m.hi) - 1
			}
		}
	}
}

// markAt returns which is the first mark at text[at] or behind it.
func (g *Reading) markAt(at int) int {
	i, _ := slices.BinarySearchFunc(g.marks, at, func(m mark, at int) int { return m.lo - at })
	return i
}

// again reports whether the product's name at i is in the same run of letters as the last
// one, so that all there is to say of it is said.
func (g *Reading) again(i int) bool {
	const far = 64
	last := g.last
	if g.last = i; last < 0 || i <= last || i-last > far {
		return false
	}
	for _, c := range g.text[last:i] {
		if !nameChar(c) {
			return false
		}
	}
	return true
}

// line returns where the line that text[i] is in begins, as far as it is near, and where
// the next one does.
func (g *Reading) line(i int) (lo, next int) {
	if i < g.row.lo || i > g.row.hi {
		g.row = span{i, i}
	}
	far, end := max(0, i-maxObject), min(len(g.text), i+maxObject)
	for g.row.lo > far && g.text[g.row.lo-1] != '\n' {
		g.row.lo--
	}
	if g.row.hi < end && g.text[g.row.hi] != '\n' {
		if n := bytes.IndexByte(g.text[g.row.hi:end], '\n'); n >= 0 {
			g.row.hi += n
		} else {
			g.row.hi = end
		}
	}
	return max(g.row.lo, far), min(g.row.hi+1, end)
}

// secretive reports whether a stretch has a word that each Secret of Kubernetes has.
func (g *Reading) secretive(in span) bool {
	const word, ahead = "Secret", 4 << 10
	if g.bare.lo <= in.lo && in.hi <= g.bare.hi {
		return false
	}
	lo, hi := in.lo, min(len(g.text), in.hi+ahead)
	n := bytes.Index(g.text[lo:hi], []byte(word))
	if n < 0 {
		g.bare = span{lo, hi}
		return false
	}
	g.bare = span{lo, lo + n}
	return lo+n < in.hi
}
