package hunt_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/internal/hunt"
	"github.com/bbkeys/bbkeys/rule"
)

// A credential of every kind is seen in every encoding, split in every way, and one that
// nobody added is not.
func TestHunt(t *testing.T) {
	rnd := rand.New(rand.NewPCG(81, 82))
	for _, r := range rule.All() {
		h := hunt.New()
		key, other := r.Mint(rnd), r.Mint(rnd)
		h.Add(r.ID, key, r.Weak)
		texts := map[string]func(string) string{
			"backwards": func(s string) string {
				b := []byte(s)
				for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
					b[i], b[j] = b[j], b[i]
				}
				return string(b)
			},
			"coloured":   func(s string) string { return strings.Join(strings.Split(s, ""), "\x1b[0;31m") },
			"in columns": func(s string) string { return strings.Join(strings.Split(s, ""), "\n") },
		}
		for _, e := range encode.Encoders() {
			if strings.Contains(e.Sample, "append") {
				continue // letters that no report has between others
			}
			texts[e.Name+", "+e.Sample] = func(s string) string { return string(e.Encode(encode.Around("user:", s, "\n")).Bytes) }
		}
		for name, write := range texts {
			if told := h.In("x " + write(key) + " y"); len(told) == 0 && (!strings.HasPrefix(name, "concatenation") || r.LevelAt == nil) {
				t.Errorf("%s, %s: not seen", r.ID, name)
			}
			if told := h.In("x " + write(other) + " y"); len(told) != 0 && r.LevelAt == nil {
				t.Errorf("%s, %s: another is taken for it: %q", r.ID, name, told)
			}
		}
		if r.Weak && len(h.In("it begins with "+key[:7])) == 0 {
			t.Errorf("%s: its beginning is not seen", r.ID)
		}
	}
}
