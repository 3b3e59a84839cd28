package source

import (
	"errors"
	"strings"
	"testing"
)

// TestSameReason: why there is no version is told once, and anew where it is another reason.
func TestSameReason(t *testing.T) {
	v := &Version{p: planner{Checkout: &Checkout{home: t.TempDir()}}}
	for _, c := range []struct{ why, says string }{
		{"no way there", "a.yml that this change goes to could not be read, so there is none: no way there"},
		{"no way there", "so there is none, for the same reason"},
		{"no file", "so there is none: no file"},
	} {
		v.why = errors.New(c.why)
		f, err := v.Read(t.Context(), Named{Path: "a.yml", Sought: true})
		if err != nil || f.Data != nil || !strings.HasSuffix(f.Note, c.says) {
			t.Errorf("%s: %q, %v", c.why, f.Note, err)
		}
	}
}
