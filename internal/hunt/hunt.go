// Package hunt searches what a program lets out for credentials that it was shown, however
// they are written there, for the test that none ever leaves.
package hunt

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Hunt is a search for credentials.
type Hunt struct {
	signs map[string][]sign // by their first signLen bytes
	bare  map[string][]sign // the same of their letters and digits alone
	keys  map[string]bool
	n     int
}

// A sign is a text that tells of a credential.
type sign struct {
	text string
	of   string // which kind it is of, and how it is written
}

// How long a sign is at the least: so long that it occurs by chance in less than one of
// hundreds of texts of 10 MB. A text without all that is between its words is more
// likely to hold one.
const (
	signLen = 7
	bareLen = 12
)

// New returns a Hunt for nothing yet.
func New() *Hunt {
	return &Hunt{signs: map[string][]sign{}, bare: map[string][]sign{}, keys: map[string]bool{}}
}

// Credentials returns how many credentials are searched for.
func (h *Hunt) Credentials() int { return len(h.keys) }

// Signs returns how many texts are searched for.
func (h *Hunt) Signs() int { return h.n }

// Add has a credential searched for. Of one that can be guessed even its beginning tells.
func (h *Hunt) Add(kind, key string, weak bool) {
	if h.keys[key] {
		return
	}
	h.keys[key] = true
	inner := inside(key, weak)
	h.sign(kind+" as it is", inner)
	if weak {
		h.sign(kind+" at its beginning", key[:signLen])
	}
	h.sign(kind+" backwards", reversed(inner))
	for _, e := range encodings() {
		for _, text := range e.write(inner) {
			h.sign(kind+" in "+e.name, text)
		}
	}
}

// inside returns the part of a credential that must not be told: that which is random, up
// to a length that nobody hits by chance, and without what is written in many ways.
func inside(key string, weak bool) string {
	if weak {
		return key
	}
	const most = 24
	best := ""
	for _, run := range plain.FindAllString(key[len(key)/4:], -1) {
		if len(run) > len(best) {
			best = run
		}
	}
	return best[:min(len(best), most)]
}

var plain = regexp.MustCompile(`[A-Za-z0-9]+`)

func (h *Hunt) sign(of, text string) {
	if len(text) < signLen {
		return
	}
	h.n++
	h.signs[text[:signLen]] = append(h.signs[text[:signLen]], sign{text, of})
	if text = squeezed(text); len(text) >= bareLen {
		h.bare[text[:signLen]] = append(h.bare[text[:signLen]], sign{text, of})
	}
}

// In returns what of the credentials is in a text, each once: as it is, and with whatever
// may stand between its characters.
func (h *Hunt) In(text string) []string {
	told := append(in(h.signs, text), in(h.bare, squeezed(text))...)
	slices.Sort(told)
	return slices.Compact(told)
}

func in(signs map[string][]sign, text string) (told []string) {
	for i := 0; i+signLen <= len(text); i++ {
		for _, s := range signs[text[i:i+signLen]] {
			if strings.HasPrefix(text[i:], s.text) {
				told = append(told, s.of)
			}
		}
	}
	return told
}

// squeezed returns the letters and digits of a text, but for those of breaks.
func squeezed(text string) string {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if n := breakAt(text[i:]); n > 0 {
			i += n
			continue
		}
		if c := text[i]; c-'0' < 10 || (c|0x20)-'a' < 26 {
			b = append(b, c)
		}
		i++
	}
	return string(b)
}

// breakAt returns the length of what text begins with of all that terminals, lines and
// literals put between two characters; 0 for nothing. Some of it is letters and digits.
func breakAt(text string) int {
	switch text[0] {
	case 0x1b:
		if colour, ok := strings.CutPrefix(text, "\x1b["); ok {
			rest := strings.TrimLeft(colour, "0123456789;")
			if rest != "" && (rest[0]|0x20)-'a' < 26 {
				return len(text) - len(rest) + 1
			}
		}
	case '\\', '%', '&':
		for _, s := range []string{`\n`, `\r`, `\t`, "%0A", "%0a", "%0D", "%0d", "&#10;", "&#13;"} {
			if strings.HasPrefix(text, s) {
				return len(s)
			}
		}
	}
	return 0
}

// An encoding is a way to write a text, or several.
type encoding struct {
	name  string
	write func(s string) []string
}

func encodings() []encoding {
	each := func(name, format string) encoding {
		return encoding{name, func(s string) []string {
			var b strings.Builder
			for _, c := range []byte(s) {
				fmt.Fprintf(&b, format, c)
			}
			return []string{b.String()}
		}}
	}
	return []encoding{
		{"base64", inBase64},
		{"hexadecimal", func(s string) []string {
			x := hex.EncodeToString([]byte(s))
			return []string{x, strings.ToUpper(x)}
		}},
		each("percent encoding", "%%%02X"), each("percent encoding", "%%%02x"), each("decimal numbers", "%d,"), each("hexadecimal numbers", "0x%02x,"), each("hexadecimal numbers", "0x%02X,"),
		each("HTML", "&#%d;"), each("HTML", "&#x%x;"), each("HTML", "&#x%X;"), each("quoted-printable", "=%02X"), each("octal", `\%03o`),
		each("backslash escapes", `\u%04x`), each("backslash escapes", `\x%02x`), each("backslash escapes", `\u{%x}`), each("backslash escapes", `\U%08x`),
		{"rot13", func(s string) []string { return []string{strings.Map(rot13, s)} }},
	}
}

// inBase64 returns what s is in base64 wherever it begins in it, without the characters
// that also tell of what is around.
func inBase64(s string) []string {
	var all []string
	for before := range 3 {
		text := strings.Repeat("\x00", before) + s
		from, to := (before*8+5)/6, len(text)*8/6
		std := base64.RawStdEncoding.EncodeToString([]byte(text))[from:to]
		all = append(all, std)
		if url := base64.RawURLEncoding.EncodeToString([]byte(text))[from:to]; url != std {
			all = append(all, url)
		}
	}
	return all
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

func rot13(c rune) rune {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a' + (c-'a'+13)%26
	case c >= 'A' && c <= 'Z':
		return 'A' + (c-'A'+13)%26
	}
	return c
}
