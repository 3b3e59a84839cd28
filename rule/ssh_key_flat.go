package rule

import "bytes"

// A flat is the text of a key file as the program that wants it would read it: without the
// escapes, quotes, indents and comment signs of what carries it.
type flat struct {
	reader
	buf   []byte // what was read; white space is kept as some white space
	end   int    // where in the text reading goes on
	seen  [quotedPrintable + 1]bool
	parts bool   // it was put together from several strings
	plus  bool   // '+' stands for a space, as in a form that a browser sends
	lead  []byte // what begins each line and is none of the key's, such as a comment sign
}

// The characters that may stand between two strings that make up one text: operators,
// commas, and what begins and ends lines.
const (
	joining   = " \t\r\n+.,&\\;()<>|#*/~_"
	farthest  = 120 // bytes between two such strings
	maxHead   = 128 // bytes of a line before the key
	quoteSign = "\"'`"
)

// lines looks at what stands before the key at lo on its line. If that is a sign that may
// begin every line of a comment, a quotation or a difference, the other lines have it too.
func (f *flat) lines(lo int) {
	line := f.text[max(0, lo-maxHead):lo]
	line = bytes.TrimSpace(line[bytes.LastIndexByte(line, '\n')+1:])
	switch string(line) {
	case "#", "##", "//", "*", ">", "|", "+", "-", ";", "--", "%", "!", "rem", "REM", "dnl":
		f.lead = line
	}
}

// read reads one character or what stands for none, and reports whether there was any.
func (f *flat) read() bool {
	if f.end >= len(f.text) || len(f.buf) == cap(f.buf) {
		return false
	}
	c := f.text[f.end]
	switch {
	case c == '\n':
		f.put(c, 1)
		f.skipLead()
	case c == '+' && f.plus:
		f.put(' ', 1)
	case c == '\\':
		return f.backslashed()
	case c == '`' && f.end+1 < len(f.text) && control(f.text[f.end+1]) != 0:
		f.put(control(f.text[f.end+1]), 2) // as PowerShell writes it
	case c == '"' || c == '\'' || c == '`':
		if !f.join(f.end + 1) {
			f.put(c, 1)
		}
	case c == '<' && f.lineBreak():
	case c == '%' || c == '&':
		return f.escaped()
	case c == ' ' || c == '\t' || c == '\r' || c > ' ' && c < 0x7f:
		f.put(c, 1)
	default:
		return false
	}
	return true
}

func (f *flat) put(c byte, n int) {
	f.buf = append(f.buf, c)
	f.end += n
}

// skipLead skips what begins a line.
func (f *flat) skipLead() {
	if f.lead == nil {
		return
	}
	i := f.end
	for i < len(f.text) && (f.text[i] == ' ' || f.text[i] == '\t') {
		i++
	}
	if bytes.HasPrefix(f.text[i:], f.lead) {
		f.end = i + len(f.lead)
	}
}

// control returns the white space that a letter behind a backslash stands for, or 0.
func control(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// backslashed reads an escape that begins with one or more backslashes.
func (f *flat) backslashed() bool {
	i := f.end
	for i < len(f.text) && f.text[i] == '\\' {
		i++
	}
	if i == len(f.text) {
		return false
	}
	switch c := f.text[i]; {
	case control(c) != 0:
		f.seen[backslash] = true
		f.put(control(c), i+1-f.end)
		return true
	case c == '\n' || c == '\r': // the string goes on in the next line
		f.end = i
		return true
	case bytes.HasPrefix(f.text[i:], []byte("012")):
		f.seen[backslash] = true
		f.put('\n', i+3-f.end)
		return true
	case c == '"' || c == '\'':
		if f.join(i + 1) {
			return true
		}
	case c == ' ' || c == '\t':
		f.put(c, i+1-f.end)
		return true
	}
	return f.escaped()
}

// escaped reads a character that is spelled by others.
func (f *flat) escaped() bool {
	c, n, how := f.next(f.end)
	if n == 0 || c == 0 || c >= 0x7f {
		return false
	}
	for _, s := range how[:how.len()] {
		f.seen[s] = true
	}
	f.put(c, n)
	return true
}

// join goes on in the next of several strings, where text[i] is just behind the quote
// that ends one.
func (f *flat) join(i int) bool {
	for far := min(len(f.text), i+farthest); i < far; i++ {
		c := f.text[i]
		if bytes.IndexByte([]byte(quoteSign), c) >= 0 {
			f.parts = true
			f.put(' ', i+1-f.end)
			return true
		}
		if isAlnum(c) {
			n := 1
			for i+n < far && isAlnum(f.text[i+n]) {
				n++
			}
			if !lineFeed(f.text[i : i+n]) {
				return false
			}
			i += n - 1
		} else if bytes.IndexByte([]byte(joining), c) < 0 {
			return false
		}
	}
	return false
}

// lineFeed reports whether a word is part of a name that a language has for a line feed.
func lineFeed(word []byte) bool {
	switch string(word) {
	case "vbLf", "vbCrLf", "vbNewLine", "Chr", "chr", "CHR", "10", "13", "Environment", "NewLine", "PHP", "EOL", "os", "linesep", "endl", "System", "lineSeparator":
		return true
	}
	return false
}

// lineBreak skips a line break of HTML.
func (f *flat) lineBreak() bool {
	const most = 8
	b := f.text[f.end:min(len(f.text), f.end+most)]
	i := bytes.IndexByte(b, '>')
	if i < 0 || !bytes.HasPrefix(b, []byte("<br")) {
		return false
	}
	f.put('\n', i+1)
	return true
}

// until reads until what was read ends with stop, in which white space does not count,
// and returns what precedes that. Where in, a set of characters, is given, it reads no
// other; and it reads none of the next key, which begins with next.
func (f *flat) until(stop, next string, in *alphabet) (before []byte, whole bool) {
	for {
		end, n := f.end, len(f.buf)
		if !f.read() {
			return f.buf, false
		}
		if n == len(f.buf) {
			continue
		}
		c := f.buf[n]
		if in != nil && !in[c] {
			f.end, f.buf = end, f.buf[:n]
			return f.buf, false
		}
		if c == stop[len(stop)-1] {
			if before, ok := cutLoose(f.buf, stop); ok {
				return before, true
			}
		}
		if c == next[len(next)-1] && n >= len(next) {
			if before, ok := cutLoose(f.buf, next); ok {
				return before, false
			}
		}
	}
}

// cutLoose returns b without stop at its end, in which white space does not count.
func cutLoose(b []byte, stop string) ([]byte, bool) {
	i := len(b)
	for k := len(stop) - 1; k >= 0; k-- {
		if space(stop[k]) {
			continue
		}
		for i > 0 && space(b[i-1]) {
			i--
		}
		if i == 0 || b[i-1] != stop[k] {
			return nil, false
		}
		i--
	}
	return b[:i], true
}

// names returns the names of the encodings that were undone.
func (f *flat) names() []string {
	var names []string
	for s, was := range f.seen {
		if was {
			names = append(names, spelling(s).String())
		}
	}
	if f.parts {
		names = append(names, "concatenation")
	}
	return names
}
