package encode

import (
	"fmt"
	"net/url"
	"strings"
)

// A Spelling is a way to write single characters of a credential.
type Spelling struct {
	Names []string // as reports call it, outermost first; none for the character itself
	Of    func(c byte) string
	Punct bool // it writes only what is neither letter nor digit
}

// Spellings returns the ways in which characters are written, the plain one first.
func Spellings() []Spelling {
	format := func(f string, punct bool, names ...string) Spelling {
		return Spelling{names, func(c byte) string { return fmt.Sprintf(f, c) }, punct}
	}
	return []Spelling{
		format("%c", true),
		format("%%%02X", true, "percent"),
		format("%%%02x", false, "percent"),
		format("%%25%02x", true, "percent", "percent"),
		format("%%2525%02X", true, "percent", "percent", "percent"),
		format(`\%c`, true, "backslash"),
		format(`\\%c`, true, "backslash", "backslash"),
		format(`\u%04x`, false, "unicode-escape"),
		format(`\u{%x}`, true, "unicode-escape"),
		format(`\U%08X`, true, "unicode-escape"),
		format(`\\u%04X`, true, "backslash", "unicode-escape"),
		format(`\\\\u%04X`, true, "backslash", "backslash", "unicode-escape"),
		format(`\u0025%02X`, true, "unicode-escape", "percent"),
		format(`\u0026#%d;`, true, "unicode-escape", "html-entity"),
		format(`\x%02x`, false, "hex-escape"),
		format("&#%d;", false, "html-entity"),
		format("&#x%X;", true, "html-entity"),
		format("&amp;#%d;", true, "html-entity", "html-entity"),
		{[]string{"percent", "html-entity"}, func(c byte) string { return url.QueryEscape(fmt.Sprintf("&#%d;", c)) }, true},
		{[]string{"html-entity"}, func(c byte) string {
			names := map[byte]string{'=': "&equals;", '+': "&plus;", '/': "&sol;", '_': "&lowbar;", '-': "&#45;"}
			return names[c]
		}, true},
		format("=%02X", true, "quoted-printable"),
		format("=25%02X", true, "quoted-printable", "percent"),
	}
}

// Write returns credential with what follows its first n characters spelled, and the names
// of the spelling if it changed anything.
func (s Spelling) Write(credential string, n int) (string, []string) {
	var b strings.Builder
	b.WriteString(credential[:n])
	for _, c := range []byte(credential[n:]) {
		if s.Punct && (c >= '0' && c <= '9' || c|' ' >= 'a' && c|' ' <= 'z') {
			b.WriteByte(c)
		} else {
			b.WriteString(s.Of(c))
		}
	}
	if b.String() == credential {
		return credential, nil
	}
	return b.String(), s.Names
}
