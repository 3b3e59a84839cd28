// Package encode writes texts in the ways in which credentials are found written, and
// keeps track of which characters spell them, for the tests of what reads them.
package encode

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// A Text is a text in which the characters that spell a credential are marked.
type Text struct {
	Bytes []byte
	mark  []bool
}

// Around returns key, marked, between what stands before and behind it.
func Around(before, key, after string) Text {
	var t Text
	t.add(before, false)
	t.add(key, true)
	t.add(after, false)
	return t
}

func (t *Text) add(s string, mark bool) {
	t.Bytes = append(t.Bytes, s...)
	for range len(s) {
		t.mark = append(t.mark, mark)
	}
}

// Append adds other to t.
func (t *Text) Append(other Text) {
	t.Bytes, t.mark = append(t.Bytes, other.Bytes...), append(t.mark, other.mark...)
}

// Within returns t with unmarked text around it.
func (t Text) Within(before, after string) Text {
	out := Around(before, "", "")
	out.Append(t)
	out.add(after, false)
	return out
}

// Place returns where in Bytes the credential is spelled, from its first character to
// just after its last.
func (t Text) Place() (lo, hi int) {
	lo = slices.Index(t.mark, true)
	for hi = len(t.mark); !t.mark[hi-1]; hi-- {
	}
	return lo, hi
}

// An Encoder is a way to write a whole text.
type Encoder struct {
	Name   string // as reports call it
	Sample string // what tells it from others of the name
	Encode func(Text) Text
	Parts  bool // it splits the text, which must then hold nothing but letters, digits, -_+/=
	Wide   bool // not twice in a row
}

// each spells every character alone.
func each(format string) func(Text) Text { return listed(format, "") }

// listed spells every character alone, with something between two.
func listed(format, between string) func(Text) Text {
	var spelled [256]string
	for c := range spelled {
		spelled[c] = fmt.Sprintf(format, c)
	}
	return func(t Text) (out Text) {
		for i, c := range t.Bytes {
			if i > 0 {
				out.add(between, false)
			}
			out.add(spelled[c], t.mark[i])
		}
		return out
	}
}

func inBase64(e *base64.Encoding) func(Text) Text {
	return func(t Text) (out Text) {
		s := e.EncodeToString(t.Bytes)
		for i := range s {
			from := i / 4 * 3
			lo, hi := min(from+max(0, i%4-1), len(t.mark)), min(from+min(i%4, 2)+1, len(t.mark))
			out.add(s[i:i+1], s[i] != '=' && slices.Contains(t.mark[lo:hi], true))
		}
		return out
	}
}

// Split returns a writing in pieces of so many characters.
func Split(width int, between string) func(Text) Text {
	return func(t Text) (out Text) {
		for i := range t.Bytes {
			if i > 0 && i%width == 0 {
				out.add(between, false)
			}
			out.add(string(t.Bytes[i:i+1]), t.mark[i])
		}
		return out
	}
}

func then(f, g func(Text) Text) func(Text) Text {
	return func(t Text) Text { return g(f(t)) }
}

// Units returns a writing in n bytes for each character, the low byte last where big.
func Units(n int, big bool) func(Text) Text {
	zeros := strings.Repeat("\x00", n-1)
	return func(t Text) (out Text) {
		for i, c := range t.Bytes {
			unit := string(rune(c)) + zeros
			if big {
				unit = zeros + string(rune(c))
			}
			out.add(unit, t.mark[i])
		}
		return out
	}
}

// Encoders returns the ways in which a text is encoded as a whole. The texts are to be
// ASCII.
func Encoders() []Encoder {
	std, raw := inBase64(base64.StdEncoding), inBase64(base64.RawStdEncoding)
	all := []Encoder{
		{Name: "base64", Sample: "padded", Encode: std},
		{Name: "base64", Sample: "unpadded", Encode: raw},
	}
	for _, w := range []struct {
		sample  string
		of      func(Text) Text
		width   int
		between string
	}{
		{"mail's lines", std, 76, "\r\n"}, {"indented lines", std, 64, "\n      "}, {"lines of 77", std, 77, "\n"},
		{"lines in JSON", std, 60, `\n`}, {"lines in JSON, Windows", std, 64, `\r\n`}, {"literals joined by +", std, 50, "\" +\n\t\t\""},
		{"literals joined by a dot", std, 41, "' .\n    '"}, {"literals that are appended", raw, 45, "\"; \n  s += \""}, {"a list's literals", raw, 34, "\",\n  \""},
		{"lines in a URL", std, 64, "%0A"}, {"lines in XML", std, 64, "&#13;\n"}, {"a comment's lines", std, 40, "\n# "}, {"soft line breaks", std, 75, "=\n"},
	} {
		all = append(all, Encoder{Name: "base64", Sample: w.sample, Encode: then(w.of, Split(w.width, w.between))})
	}
	all = append(all, Encoder{Name: "hex", Sample: "in lines", Encode: then(each("%02x"), Split(60, "\n"))})
	for _, s := range []struct{ name, format, between string }{
		{"hex", "%02x", ""}, {"hex", "%02X", ""}, {"hex", "%02x", " "}, {"hex", "%02X", ":"}, {"hex", "0x%02x", ", "}, {"hex", "0x%02X", ",\n\t"},
		{"decimal", "%d", ", "}, {"percent", "%%%02X", ""}, {"percent", "%%%02x", ""},
		{"hex-escape", `\x%02x`, ""}, {"unicode-escape", `\u%04x`, ""}, {"unicode-escape", `\u{%x}`, ""}, {"unicode-escape", `\U%08x`, ""},
		{"octal-escape", `\%03o`, ""}, {"html-entity", "&#%d;", ""}, {"html-entity", "&#x%X;", ""}, {"quoted-printable", "=%02X", ""},
	} {
		all = append(all, Encoder{Name: s.name, Sample: fmt.Sprintf(s.format+s.between+s.format, 'A', 'T'), Encode: listed(s.format, s.between)})
	}
	all = append(all,
		Encoder{Name: "utf-16", Sample: "little-endian", Encode: Units(2, false), Wide: true},
		Encoder{Name: "utf-16", Sample: "big-endian", Encode: Units(2, true), Wide: true},
		Encoder{Name: "utf-32", Sample: "little-endian", Encode: Units(4, false), Wide: true},
		Encoder{Name: "utf-32", Sample: "big-endian", Encode: Units(4, true), Wide: true},
	)
	for _, w := range []struct {
		sample  string
		width   int
		between string
	}{
		{"+", 37, `" + "`}, {"a dot", 60, "' .\n  '"}, {"nothing", 40, "\"\n\t\""}, {"&", 44, "\" & _\n\""},
		{"a backslash", 64, "\\\n"}, {"lines", 48, "\n    "}, {"append", 33, "\");\nsb.append(\""},
	} {
		all = append(all, Encoder{Name: "concatenation", Sample: "by " + w.sample, Encode: Split(w.width, w.between), Parts: true})
	}
	return all
}
