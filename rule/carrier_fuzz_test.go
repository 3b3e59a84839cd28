package rule_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/internal/carrier"
	"github.com/bbkeys/bbkeys/rule"
)

// FuzzCarried checks what no text may break: the place is in the text and within reach, it
// holds what was read unless that is encoded, no two kinds claim one value, and a text cut
// at Reach gives the same.
func FuzzCarried(f *testing.F) {
	rng := seeded()
	for _, c := range carryings {
		f.Add([]byte(fmt.Sprintf(c.text, rule.ByID(c.id).Mint(rng))))
	}
	for _, c := range carrier.All() {
		for _, id := range c.Kinds {
			text, _, _ := c.Plant(rule.ByID(id).Mint(rng))
			f.Add([]byte(text))
		}
	}
	for _, s := range standIns {
		f.Add([]byte("bitbucket_password: \"" + s + "\""))
	}
	rules := inContext()
	f.Fuzz(func(t *testing.T, text []byte) {
		before := bytes.Clone(text)
		for at := range text {
			var all []found
			rule.Each(rules, text, at, func(r *rule.Rule, m rule.Match) {
				s := m.Secret.Reveal()
				switch {
				case m.Lo < 0 || m.Lo >= m.Hi || m.Hi > len(text) || m.Lo < at-rule.Reach || m.Hi > at+rule.Reach:
					t.Fatalf("%s: [%d,%d) of %d, from %d", r.ID, m.Lo, m.Hi, len(text), at)
				case s == "" || m.Proof < rule.Layout:
					t.Fatalf("%s: proof %s of %d characters", r.ID, m.Proof, len(s))
				case len(m.Encoding) == 0 && s != string(text[m.Lo:m.Hi]):
					t.Fatalf("%s: reads something else than the plain text", r.ID)
				}
				same := func(o found) bool { return o.Lo == m.Lo && o.Hi == m.Hi && o.Rule != r }
				if slices.ContainsFunc(all, same) {
					t.Fatalf("%s and another kind claim one value", r.ID)
				}
				all = append(all, found{r, m})
			})
			if lo, hi := at-rule.Reach, at+rule.Reach; lo > 0 || hi < len(text) {
				lo, hi = max(0, lo), min(len(text), hi)
				n := 0
				rule.Each(rules, text[lo:hi], at-lo, func(r *rule.Rule, m rule.Match) {
					if n >= len(all) || all[n].Rule != r || all[n].Lo != m.Lo+lo || all[n].Hi != m.Hi+lo {
						t.Fatalf("%s: the window changes the answer", r.ID)
					}
					n++
				})
				if n != len(all) {
					t.Fatalf("%d findings in a window, %d in the text", n, len(all))
				}
			}
		}
		if !bytes.Equal(text, before) {
			t.Fatal("the text was changed")
		}
	})
}
