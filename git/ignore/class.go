package ignore

import "strings"

// parseClass reads the bracket expression that pat begins with, and its length.
func parseClass(pat string) (*class, int, bool) {
	set := &class{}
	i := 1
	negated := i < len(pat) && (pat[i] == '!' || pat[i] == '^')
	if negated {
		i++
	}
	var prev byte // the start of a range that a dash would continue; 0 if there can't be one
	for first := true; ; first = false {
		if i >= len(pat) {
			return nil, 0, false
		}
		c := pat[i]
		switch {
		case c == ']' && !first:
			if negated {
				for w := range set {
					set[w] = ^set[w]
				}
			}
			return set, i + 1, true
		case c == '\\':
			if i+1 >= len(pat) {
				return nil, 0, false
			}
			prev = pat[i+1]
			set.add(prev)
			i += 2
		case c == '-' && prev != 0 && i+1 < len(pat) && pat[i+1] != ']':
			i++
			if pat[i] == '\\' {
				i++
			}
			if i >= len(pat) {
				return nil, 0, false
			}
			for b := int(prev); b <= int(pat[i]); b++ {
				set.add(byte(b))
			}
			prev = 0
			i++
		case strings.HasPrefix(pat[i:], "[:"):
			end := strings.IndexByte(pat[i+2:], ']')
			if end < 0 {
				return nil, 0, false
			}
			name, closed := strings.CutSuffix(pat[i+2:i+2+end], ":")
			if !closed {
				set.add('[') // no ":]": the bracket stands for itself
				prev = '['
				i++
				continue
			}
			if !set.addKind(name) {
				return nil, 0, false
			}
			prev = 0
			i += end + 3
		default:
			set.add(c)
			prev = c
			i++
		}
	}
}

// addKind adds a POSIX kind of character, in ASCII as git does; false if there is none of that name.
func (c *class) addKind(name string) bool {
	is := kind(name)
	if is == nil {
		return false
	}
	for b := range byte(0x80) {
		if is(b) {
			c.add(b)
		}
	}
	return true
}

func kind(name string) func(b byte) bool {
	lower := func(b byte) bool { return 'a' <= b && b <= 'z' }
	upper := func(b byte) bool { return 'A' <= b && b <= 'Z' }
	digit := func(b byte) bool { return '0' <= b && b <= '9' }
	alnum := func(b byte) bool { return lower(b) || upper(b) || digit(b) }
	graph := func(b byte) bool { return 0x21 <= b && b <= 0x7e }
	switch name {
	case "lower":
		return lower
	case "upper":
		return upper
	case "digit":
		return digit
	case "alnum":
		return alnum
	case "graph":
		return graph
	case "alpha":
		return func(b byte) bool { return lower(b) || upper(b) }
	case "xdigit":
		return func(b byte) bool { return digit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }
	case "punct":
		return func(b byte) bool { return graph(b) && !alnum(b) }
	case "print":
		return func(b byte) bool { return b == ' ' || graph(b) }
	case "blank":
		return func(b byte) bool { return b == ' ' || b == '\t' }
	case "space":
		return func(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }
	case "cntrl":
		return func(b byte) bool { return b < 0x20 || b == 0x7f }
	}
	return nil
}
