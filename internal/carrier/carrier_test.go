package carrier_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/carrier"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// kinds returns the rules that find what a carrier holds: those that it names, and all
// whose credentials are one word and prove themselves.
func kinds(c carrier.Carrier) []*rule.Rule {
	return slices.DeleteFunc(rule.All(), func(r *rule.Rule) bool {
		return !slices.Contains(c.Kinds, r.ID) && (r.Context != "" || r.LevelAt != nil)
	})
}

// seeded returns a source of the same random numbers each time.
func seeded() *rand.Rand { return rand.New(rand.NewPCG(71, 72)) }

// Every carrier's credential is found: once, at its place, by its rule, with what the
// carrier says of it.
func TestFound(t *testing.T) {
	f := scan.NewFinder(rule.All())
	for _, c := range carrier.All() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			rnd := seeded()
			for _, id := range c.Kinds {
				if rule.ByID(id) == nil {
					t.Errorf("there is no rule %s", id)
				}
			}
			for _, r := range kinds(c) {
				for range samples {
					key := r.Mint(rnd)
					text, lo, hi := c.Plant(key)
					if !right(t, c, r, f.Find([]byte(text)), key, lo, hi) {
						break
					}
				}
			}
		})
	}
}

// right reports whether hits are one, of a credential at its place.
func right(t *testing.T, c carrier.Carrier, r *rule.Rule, hits []scan.Hit, key string, lo, hi int) bool {
	t.Helper()
	if len(hits) != 1 {
		t.Errorf("%s: %d findings", r.ID, len(hits))
		for _, h := range hits {
			t.Logf("  %s at [%d,%d), want [%d,%d)", h.Rule().ID, h.Lo, h.Hi, lo, hi)
		}
		return false
	}
	h := hits[0]
	switch {
	case h.Rule() != r:
		t.Errorf("%s: found by %s", r.ID, h.Rule().ID)
	case h.Lo != lo || h.Hi != hi:
		t.Errorf("%s: at [%d,%d), want [%d,%d)", r.ID, h.Lo, h.Hi, lo, hi)
	case h.Secret.Reveal() != key:
		t.Errorf("%s: the credential was read wrong", r.ID)
	case r.LevelOf(h.Match) != r.Level:
		t.Errorf("%s: proof %s", r.ID, h.Proof)
	case !slices.Equal(h.Encoding, c.Encoding()):
		t.Errorf("%s: encoding %q, want %q", r.ID, h.Encoding, c.Encoding())
	case r.Context != "" && (h.Account != c.Account() || h.Host != c.Host):
		t.Errorf("%s: account %q of host %q, want %q of %q", r.ID, h.Account, h.Host, c.Account(), c.Host)
	default:
		return true
	}
	return false
}

// All carriers in one text are found as each is alone: what was read around one does not
// spoil what is read around the next.
func TestTogether(t *testing.T) {
	type planted struct {
		kind   string
		lo, hi int
	}
	rnd := seeded()
	var b strings.Builder
	want := map[planted]bool{}
	for range 3 {
		all := carrier.All()
		rnd.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		for _, c := range all {
			for _, id := range c.Kinds {
				text, lo, hi := c.Plant(rule.ByID(id).Mint(rnd))
				want[planted{id, b.Len() + lo, b.Len() + hi}] = true
				b.WriteString(text)
				b.WriteString(strings.Repeat("\n---\n# nothing here\n", 100+rnd.IntN(30)))
			}
		}
	}
	hits := scan.NewFinder(rule.All()).Find([]byte(b.String()))
	for _, h := range hits {
		p := planted{h.Rule().ID, h.Lo, h.Hi}
		if !want[p] {
			t.Errorf("%s at [%d,%d), where none is", p.kind, p.lo, p.hi)
		}
		delete(want, p)
	}
	for p := range want {
		t.Errorf("%s at [%d,%d) is not found", p.kind, p.lo, p.hi)
	}
}

// What stands where a credential belongs and is none is silent.
func TestTwins(t *testing.T) {
	f := scan.NewFinder(rule.All())
	for _, c := range carrier.All() {
		for _, text := range c.Twins() {
			for _, h := range f.Find([]byte(text)) {
				t.Errorf("%s: %s in %q", c.Name, h.Rule().ID, text)
			}
		}
	}
}

// The credential of another service is silent, where only the carrier tells.
func TestElsewhere(t *testing.T) {
	f := scan.NewFinder(rule.All())
	rnd := seeded()
	for _, c := range carrier.All() {
		for _, id := range c.Kinds {
			text := c.Elsewhere(rule.ByID(id).Mint(rnd))
			for _, h := range f.Find([]byte(text)) {
				if h.Proof == rule.Structure && h.Rule().ID == "atlassian-data-center-token" {
					continue // which proves itself, and is not said to be Bitbucket's
				}
				t.Errorf("%s: %s in %q", c.Name, h.Rule().ID, text[:min(len(text), 300)])
			}
		}
	}
}
