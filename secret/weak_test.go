package secret_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/secret"
)

// The redacted form of what has no prefix tells its length alone.
func TestBare(t *testing.T) {
	for _, n := range []int{0, 4, 20, 99, 100, 500} {
		s := strings.Repeat("s", n)
		if b := secret.Bare(s); b.Reveal() != s || b.String() != fmt.Sprintf("…(%d)", n) {
			t.Errorf("of %d characters: %v", n, b)
		}
	}
}

// The redacted form of what somebody chose is the same whatever it is.
func TestWeak(t *testing.T) {
	for _, s := range []string{"", "a", "long enough to show its beginning", strings.Repeat("x", 200)} {
		w := secret.Weak(s)
		if w.Reveal() != s || w.String() != "…" || fmt.Sprintf("%v %+v %#v %q", w, w, w, w) != "… … … …" {
			t.Errorf("of %d characters: %v", len(s), w)
		}
	}
}
