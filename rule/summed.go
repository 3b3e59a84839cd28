package rule

// A summed is the form of Atlassian's shorter credentials: an anchor, a body of fixed
// length, and the checksum of both, with nothing between them.
type summed struct {
	anchor string
	body   int       // its length in characters
	in     *alphabet // of the body
}

// match reads the credential whose anchor is at text[at].
func (s summed) match(text []byte, at int) (Match, bool) {
	var t token
	if !t.begin(text, at, s.anchor) {
		return Match{}, false
	}
	m, ok := s.read(&t)
	if !ok && t.again(m) {
		if mail, ok := s.read(&t); ok {
			return mail, true
		}
	}
	return m, ok
}

// read reads the credential from after its anchor on. A right checksum proves it whatever
// is around it. Without one it must stand alone and look random, or it may be a name.
func (s summed) read(t *token) (Match, bool) {
	from := t.n
	if t.take(s.body, s.in) < s.body || t.take(8, &alnum) < 8 {
		return Match{}, false
	}
	if checked(t.chars()) {
		return t.match(Checksum), true
	}
	to := from + s.body
	if !sumLike(t.buf[to:t.n]) || !mixed(t.buf[from:to]) || !t.closes() {
		return Match{}, false
	}
	return t.layout(from, to)
}
