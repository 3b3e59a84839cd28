package rule

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// BenchmarkRules is what a rule costs at one of its anchors: where a credential is, and
// where the anchor stands in prose. Rules that count in a carrier alone are asked together.
func BenchmarkRules(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	around := strings.Repeat("the quick brown fox jumps over the lazy dog\n", Reach/44)
	var carried []*Rule
	for _, kind := range All() {
		if kind.Context != "" {
			carried = append(carried, kind)
		}
	}
	ask := func(kind *Rule, text []byte, at int) {
		if kind.Context == "" {
			kind.Match(text, at)
		} else if Promises(text, at) {
			Each(carried, text, at, func(*Rule, Match) {})
		}
	}
	for _, kind := range All() {
		here := kind.Mint(r)
		if kind.Context != "" {
			here = fmt.Sprintf(kind.Context, here)
		}
		for _, t := range []struct{ name, text string }{
			{"credential", around + here + around}, {"prose", around + kind.Anchors[0] + " and so on" + around},
		} {
			text := []byte(t.text)
			at := len(around) + max(0, bytes.Index(bytes.ToLower(text[len(around):]), bytes.ToLower([]byte(kind.Anchors[0]))))
			b.Run(kind.ID+"/"+t.name, func(b *testing.B) {
				for b.Loop() {
					ask(kind, text, at)
				}
			})
		}
	}
}
