package rule_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// FuzzMatch checks what no text may break: the place is in the text and holds the anchor,
// the credential is no longer than its place, and asking again gives the same answer.
func FuzzMatch(f *testing.F) {
	rng := seeded()
	for _, r := range proving() {
		token := r.Mint(rng)
		for k := range spellings {
			stored, _ := spelled(r, token, k)
			f.Add([]byte("k=" + stored + "\n"))
			f.Add([]byte(`\n` + stored[:len(stored)-9] + "=\n" + stored))
		}
	}
	for _, s := range lookAlikes(rng) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		for _, r := range proving() {
			for _, at := range places(r, text) {
				if m, ok := r.Match(text, at); ok {
					checkMatch(t, r, text, at, m)
				}
			}
		}
		if !bytes.Equal(text, before) {
			t.Fatal("the text was changed")
		}
	})
}

func checkMatch(t *testing.T, r *rule.Rule, text []byte, at int, m rule.Match) {
	t.Helper()
	s := m.Secret.Reveal()
	switch {
	case m.Lo < 0 || m.Lo >= m.Hi || m.Hi > len(text):
		t.Fatalf("%s: [%d,%d) of %d", r.ID, m.Lo, m.Hi, len(text))
	case m.Lo < at-rule.Reach || m.Hi > at+rule.Reach:
		t.Fatalf("%s: [%d,%d) is out of the reach of %d", r.ID, m.Lo, m.Hi, at)
	case s == "" || len(s) > m.Hi-m.Lo || len(s) > 256:
		t.Fatalf("%s: a credential of %d characters in %d bytes", r.ID, len(s), m.Hi-m.Lo)
	case m.Proof < rule.Layout || m.Proof > rule.Checksum:
		t.Fatalf("%s: proof %d", r.ID, m.Proof)
	case len(m.Encoding) == 0 && s != string(text[m.Lo:m.Hi]):
		t.Fatalf("%s: reads something else than the plain text", r.ID)
	case slices.Contains(m.Encoding, "literal"):
		t.Fatalf("%s: encoding %q", r.ID, m.Encoding)
	}
	again, ok := r.Match(text, at)
	if !ok || again.Lo != m.Lo || again.Hi != m.Hi || again.Proof != m.Proof || again.Secret.Reveal() != s || !slices.Equal(again.Encoding, m.Encoding) {
		t.Fatalf("%s: two answers about one text", r.ID)
	}
	// What is proven stays so when its place is all there is, and when it is written plainly.
	if m.Proof != rule.Layout {
		for _, alone := range [][]byte{text[m.Lo:m.Hi], []byte(s)} {
			n, ok := r.Match(alone, at-m.Lo)
			if !ok || n.Proof != m.Proof || n.Secret.Reveal() != s {
				t.Fatalf("%s: %q proves nothing alone", r.ID, m.Encoding)
			}
		}
	}
}
