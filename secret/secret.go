// Package secret holds the one type that carries credential bytes.
package secret

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// What a redacted credential keeps of its start: the vendor's prefix, which is the same
// for all credentials of a kind and tells the kind. Long ones have a longer prefix.
const (
	shown     = 4
	shownLong = 6
	long      = 100
)

// Text is the text of a credential. Printing it in any way gives its redacted form;
// only Reveal gives the text. The text sits behind a pointer because fmt reads
// unexported fields of an enclosing struct without asking their methods.
type Text struct {
	p    *string
	form form
}

// A form is what the redacted form tells.
type form int

const (
	prefixed form = iota // the first characters and the length
	bare                 // the length
	weak                 // nothing
)

// New returns s, whose first characters are the same for all of its kind, as a Text.
func New(s string) Text { return Text{p: &s} }

// Bare returns s, which is random from its first character on, as a Text. Its redacted
// form tells how long it is.
func Bare(s string) Text { return Text{&s, bare} }

// Weak returns s, which somebody chose, as a Text. Its redacted form tells nothing of it:
// its length would help to guess it.
func Weak(s string) Text { return Text{&s, weak} }

// Reveal returns the credential itself. Only the rooms that match, compare and probe
// credentials may call it; a test holds that list.
func (t Text) Reveal() string {
	if t.p == nil {
		return ""
	}
	return *t.p
}

// String returns the redacted form: the first characters of a credential that is long
// enough to have a public prefix, and its length. It is enough to recognise a
// credential, and not enough to use or guess it.
func (t Text) String() string {
	s := t.Reveal()
	switch {
	case t.form == weak:
		return "…"
	case t.form == bare || len(s) < 5*shown:
		return fmt.Sprintf("…(%d)", len(s))
	case len(s) < long:
		return fmt.Sprintf("%s…(%d)", s[:shown], len(s))
	}
	return fmt.Sprintf("%s…(%d)", s[:shownLong], len(s))
}

// Digest names the credential without telling it: SHA-256 over a fixed prefix, the kind
// and the text. Two findings of one credential have the same digest. It is safe to
// publish for credentials that are too random to guess, and for no others.
func (t Text) Digest(kind string) [32]byte {
	return sha256.Sum256([]byte("bbkeys/1\x00" + kind + "\x00" + t.Reveal()))
}

// In reports whether s contains the credential: the last check before anything leaves
// the process.
func (t Text) In(s string) bool { r := t.Reveal(); return r != "" && strings.Contains(s, r) }

// Format implements fmt.Formatter, so that no verb or flag prints the text.
func (t Text) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// GoString implements fmt.GoStringer.
func (t Text) GoString() string { return t.String() }

// MarshalText implements encoding.TextMarshaler, which encoding/json also uses.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
