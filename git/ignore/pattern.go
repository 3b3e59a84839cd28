package ignore

import (
	"bytes"
	"strings"
)

// A pattern is one line of an ignore file, compiled.
type pattern struct {
	negated  bool
	dirOnly  bool
	anchored bool    // matched against the path from the ignore file's directory, not the name
	prefix   string  // the literal text before the first wildcard
	suffix   string  // where kind is suffixOnly: the literal text after a lone leading star
	kind     shape   // what follows the prefix
	tokens   []token // where kind is wild
}

type shape uint8

const (
	literal    shape = iota // the prefix is all there is
	suffixOnly              // "*" and a literal, matched against a name: the commonest wildcard
	wild
)

// parse compiles an ignore file. A line that can't match anything is left out.
func parse(file []byte) []pattern {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	var patterns []pattern
	for line := range bytes.SplitSeq(file, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		if nul := bytes.IndexByte(line, 0); nul >= 0 {
			line = line[:nul] // git reads lines as C strings
		}
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if p, ok := compile(string(trimTrailingSpaces(line))); ok {
			patterns = append(patterns, p)
		}
	}
	return patterns
}

// trimTrailingSpaces cuts the spaces at a line's end that aren't escaped. Tabs stay, as
// does everything if the line ends in a lone backslash.
func trimTrailingSpaces(line []byte) []byte {
	end := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			if i++; i == len(line) {
				return line
			}
		}
		end = i + 1
	}
	return line[:end]
}

// compile makes a pattern of a line; it reports false if the pattern matches nothing.
func compile(line string) (pattern, bool) {
	var p pattern
	line, p.negated = strings.CutPrefix(line, "!")
	line, p.dirOnly = strings.CutSuffix(line, "/")
	p.anchored = strings.Contains(line, "/")
	if p.anchored {
		line = strings.TrimPrefix(line, "/")
	}
	if line == "" {
		return p, false
	}
	n := strings.IndexAny(line, `*?[\`)
	if n < 0 {
		p.prefix = line
		return p, true
	}
	p.prefix = line[:n]
	rest := line[n:]
	if n == 0 && !p.anchored && rest[0] == '*' && !strings.ContainsAny(rest[1:], `*?[\`) {
		p.kind, p.suffix = suffixOnly, rest[1:]
		return p, true
	}
	var ok bool
	p.kind = wild
	p.tokens, ok = tokenize(rest, p.anchored)
	return p, ok
}

func (p *pattern) match(text string) bool {
	switch p.kind {
	case literal:
		return text == p.prefix
	case suffixOnly:
		return strings.HasSuffix(text, p.suffix)
	default:
		rest, ok := strings.CutPrefix(text, p.prefix)
		return ok && match(p.tokens, rest)
	}
}
