package scan

import (
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
)

// What is looked for are the anchors of all rules, and what a caller does with them changes
// nothing.
func TestLiterals(t *testing.T) {
	f := NewFinder(rule.All())
	for _, r := range rule.All() {
		for _, a := range r.Anchors {
			if !slices.ContainsFunc(f.Literals(), func(l prefilter.Literal) bool { return l.Text == a }) {
				t.Errorf("%s: its anchor %q is not among the literals", r.ID, a)
			}
		}
	}
	f.Literals()[0].Text = ""
	if f.Literals()[0].Text == "" {
		t.Error("the literals are the Finder's own")
	}
}
