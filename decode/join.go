package decode

// maxGap is how many bytes may lie between two parts of one text: a deep indentation, or
// the name of a variable that is appended to.
const maxGap = 200

// maxFirst is how many bytes of the first of several parts Joined looks at from where it is
// told to: more than any credential has, however it is spelled. One that is longer goes on
// in no other, and a text that is nothing else must not be read again from each place.
const maxFirst = 2 << 10

// maxParts is how many parts Joined puts together.
const maxParts = 32

// join extends d.parts, which holds one part, to both sides by the parts it is joined
// with: the lines of a wrapped text, or the literals of a concatenation. It returns the
// end of the last.
func (d *Decoder) join(text []byte, done int) (end int) {
	for {
		s, ok := before(text, d.parts[len(d.parts)-1].lo, done)
		if !ok {
			break
		}
		d.parts = append(d.parts, s)
	}
	for i, j := 0, len(d.parts)-1; i < j; i, j = i+1, j-1 {
		d.parts[i], d.parts[j] = d.parts[j], d.parts[i]
	}
	end = d.parts[len(d.parts)-1].hi
	for {
		at := gap(text, end)
		if at == 0 || at == len(text) || class[text[at]]&inPart == 0 {
			return end
		}
		s := span{at, at}
		for s.hi < len(text) && class[text[s.hi]]&inPart != 0 {
			s.hi++
		}
		d.parts = append(d.parts, s)
		end = s.hi
	}
}

// Joined calls visit with the text that the part around text[at] begins: it and the lines
// or literals that it is joined with, and where text[at] is in it. Nothing that is
// encoded in it is read. Joined may be called during a visit, with any text; the Text it
// gives knows of no other encoding than its own.
//
// It is for what only somebody who knows credentials can know: that one begins at
// text[at], which is a letter, and that it does not end where the part does.
func (d *Decoder) Joined(text []byte, at int, visit func(t *Text, at int)) {
	if class[text[at]]&inPart == 0 {
		return
	}
	s := part(text[:min(len(text), at+maxFirst)], at, max(0, at-maxGap))
	if s.lo = min(s.lo, at); s.hi == at+maxFirst {
		return
	}
	f := d.open(asConcatenation)
	defer d.shut()
	for range maxParts {
		f.copy(text, s.lo, s.hi)
		next := gap(text, s.hi)
		if next == 0 || next == len(text) || class[text[next]]&inPart == 0 {
			break
		}
		s = part(text, next, next)
	}
	if len(f.pieces) > 1 && len(f.out) >= Shortest {
		visit(&Text{Bytes: f.out, in: d.frames[len(d.frames)-1:]}, at-int(f.pieces[0].from))
	}
}

// before returns the part that a gap joins to text[at:], if there is one from done on.
func before(text []byte, at, done int) (s span, ok bool) {
	// Most words have something else before them, which shows at once.
	last := at - 1
	for last > done && class[text[last]]&isBlank != 0 {
		last--
	}
	if last <= done {
		return s, false
	}
	switch c := text[last]; {
	case c == '\n' || class[c]&(isQuote|isMargin) != 0 || c == '+' || c == '-' || c == '/' || c == '_':
	case ofEscape(text, last+1) || c == ';':
	default:
		return s, false
	}
	quoted := class[text[at-1]]&isQuote != 0
	letters := 0
	for hi := at - 1; hi > done && hi > at-maxGap; hi-- {
		if gap(text, hi) == at && class[text[hi-1]]&inPart != 0 && !ofEscape(text, hi) {
			return part(text, hi-1, done), true
		}
		switch c := class[text[hi]]; {
		case c&inRun != 0:
			// Only the name of a variable, behind a quote, is longer than an escape.
			if letters++; letters > 8 && !quoted || letters > 60 {
				return s, false
			}
		case c&(inPart|isBlank|isQuote|isJoiner|isMargin) == 0 && text[hi] != '\n' && text[hi] != '%' && text[hi] != '$':
			return s, false
		}
	}
	return s, false
}

// ofEscape reports whether text[hi-1] is the last character of an escaped line's end.
func ofEscape(text []byte, hi int) bool {
	return hi >= 2 && escapedBreak(text[hi-2:hi]) == 2 || hi >= 3 && escapedBreak(text[hi-3:hi]) == 3
}

// gap returns the end of the gap between two parts that begins at text[i], or 0 where
// none does: a line's end with what is before the next line's text, or a literal's end
// and the next one's beginning.
func gap(text []byte, i int) (end int) {
	var (
		from   = i
		broken bool // there is a line's end
		joined bool // there is what occurs between literals only
		quotes int
	)
	for i < len(text) && i-from < maxGap {
		c := text[i]
		switch k := class[c]; {
		case c == '\n':
			broken = true
			i++
		case escapedBreak(text[i:]) > 0:
			broken = true
			i += escapedBreak(text[i:])
		case k&isQuote != 0:
			quotes++
			i++
		case k&isBlank != 0 || c == '\\' || k&isMargin != 0 && (broken || quotes > 0):
			i++
		case k&isJoiner != 0 && quotes > 0:
			joined = true
			i++
		case k&inPart != 0 && (broken || quotes > 0) && operator(text, i, from) > 0:
			i += operator(text, i, from)
		case (k&inRun != 0 || c == '$') && quotes == 1 && appended(text[i:]) > 0:
			joined = true
			i += appended(text[i:])
		default:
			if i > from && (quotes >= 2 || quotes == 0 && broken && !joined) {
				return i
			}
			return 0
		}
	}
	return 0
}

// escapedBreak returns the length of the escape for a line's end, or for a blank, that
// begins b, or 0.
func escapedBreak(b []byte) int {
	if b[0] != '\\' && b[0] != '%' && b[0] != '&' {
		return 0
	}
	if len(b) >= 2 && b[0] == '\\' && (b[1] == 'n' || b[1] == 'r' || b[1] == 't') {
		return 2
	}
	for _, s := range [...]string{"%0A", "%0a", "%0D", "%0d", "&#10;", "&#13;", "&#xA;", "&#xD;", "&#xa;", "&#xd;"} {
		if len(b) >= len(s) && string(b[:len(s)]) == s {
			return len(s)
		}
	}
	return 0
}

// operator returns the length of the operator or comment sign at text[i] that is made of
// characters of base64, or 0: at most three, and nothing of the kind on either side.
func operator(text []byte, i, from int) int {
	n := 0
	for i+n < len(text) && (text[i+n] == '+' || text[i+n] == '-' || text[i+n] == '/' || text[i+n] == '_') {
		n++
	}
	if n == 0 || n > 3 || i == from || i+n == len(text) || class[text[i+n]]&inPart != 0 {
		return 0
	}
	return n
}

// appended returns the length of what begins b and appends to a text before the next
// literal begins, as in "a"; s += "b" or in "a").append("b"; or 0.
func appended(b []byte) int {
	n := 0
	for n < len(b) && n < 40 && (class[b[n]]&inRun != 0 || b[n] == '.' || b[n] == '$') {
		n++
	}
	for n < len(b) && b[n] == ' ' {
		n++
	}
	switch {
	case n < len(b) && b[n] == '(':
		n++
	case n+1 < len(b) && (string(b[n:n+2]) == "+=" || string(b[n:n+2]) == ".=" || string(b[n:n+2]) == "<<"):
		n += 2
	default:
		return 0
	}
	for n < len(b) && b[n] == ' ' {
		n++
	}
	if n == len(b) || class[b[n]]&isQuote == 0 {
		return 0
	}
	return n
}
