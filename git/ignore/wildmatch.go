package ignore

import "strings"

// A token is one step of a compiled wildcard pattern.
type token struct {
	op    op
	char  byte // where op is char
	class *class
}

type op uint8

const (
	char     op = iota // exactly this byte
	one                // "?": a byte other than the slash
	oneOf              // "[…]": a byte of a class, never the slash
	star               // any run of bytes without a slash
	anything           // any run of bytes
	dirs               // "**/" as a whole component: nothing, or any run of bytes up to a slash
)

// A class is a set of bytes.
type class [4]uint64

func (c *class) add(b byte)      { c[b>>6] |= 1 << (b & 63) }
func (c *class) has(b byte) bool { return c[b>>6]>>(b&63)&1 != 0 }

// tokenize compiles the pattern from its first wildcard on; it reports false for one that
// matches nothing because a class isn't closed or names no known kind, or a backslash
// escapes nothing. In a pattern for a mere name (no path), two stars are as one.
func tokenize(pat string, path bool) ([]token, bool) {
	var out []token
	for i := 0; i < len(pat); {
		switch c := pat[i]; c {
		case '\\':
			if i+1 == len(pat) {
				return nil, false
			}
			out = append(out, token{op: char, char: pat[i+1]})
			i += 2
		case '?':
			out = append(out, token{op: one})
			i++
		case '[':
			set, n, ok := parseClass(pat[i:])
			if !ok {
				return nil, false
			}
			out = append(out, token{op: oneOf, class: set})
			i += n
		case '*':
			t, n := stars(pat, i, path)
			out = append(out, t)
			i += n
		default:
			out = append(out, token{op: char, char: c})
			i++
		}
	}
	return out, true
}

// stars compiles the run of stars at pat[i], and says how much of the pattern it takes.
// Two or more that fill a component of a path reach across slashes; git takes the place
// right after the literal prefix for the start of a component, and so do we.
func stars(pat string, i int, path bool) (token, int) {
	n := 0
	for i+n < len(pat) && pat[i+n] == '*' {
		n++
	}
	rest := pat[i+n:]
	if !path || n == 1 || (i > 0 && pat[i-1] != '/') {
		return token{op: star}, n
	}
	switch {
	case strings.HasPrefix(rest, "/"):
		return token{op: dirs}, n + 1
	case rest == "", strings.HasPrefix(rest, `\/`):
		return token{op: anything}, n
	}
	return token{op: star}, n
}

// match reports whether the tokens match the whole text. It goes back only to the last
// star of the component at hand, and when that fails to the last token that reaches
// across slashes: going back further can't help, since a later start of these allows
// nothing that the earlier one doesn't. So the time is polynomial for any pattern.
func match(tokens []token, text string) bool {
	near, far := mark{at: -1}, mark{at: -1}
	ti, i := 0, 0
	for {
		if ti < len(tokens) {
			switch t := &tokens[ti]; t.op {
			case star:
				ti++
				near = mark{ti, i}
				continue
			case anything, dirs:
				ti++
				far, near = mark{ti, i}, mark{at: -1}
				continue
			default:
				if i < len(text) && t.takes(text[i]) {
					ti, i = ti+1, i+1
					continue
				}
			}
		} else if i == len(text) {
			return true
		}
		switch {
		case near.at >= 0 && near.text < len(text) && text[near.text] != '/':
			near.text++
			ti, i = near.at, near.text
		case far.at >= 0:
			if !far.advance(tokens[far.at-1].op, text) {
				return false
			}
			near = mark{at: -1}
			ti, i = far.at, far.text
		default:
			return false
		}
	}
}

// A mark is a place to go back to: the token after a star, and where it was tried last.
type mark struct{ at, text int }

// advance moves the mark of a token that reaches across slashes to where it can end next.
func (m *mark) advance(o op, text string) bool {
	if o == anything {
		m.text++
		return m.text <= len(text)
	}
	slash := strings.IndexByte(text[m.text:], '/')
	m.text += slash + 1
	return slash >= 0
}

// takes reports whether a token for a single byte matches b.
func (t *token) takes(b byte) bool {
	switch t.op {
	case char:
		return t.char == b
	case one:
		return b != '/'
	default:
		return b != '/' && t.class.has(b)
	}
}
