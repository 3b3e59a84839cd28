package rule

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// anchored returns where a kind's anchors are in a text, in order.
func anchored(kind *Rule, text []byte) []int {
	var all []int
	for _, a := range kind.Anchors {
		in := text
		if kind.Context != "" && a == strings.ToLower(a) {
			in = bytes.ToLower(text)
		}
		for at := 0; ; at++ {
			n := bytes.Index(in[at:], []byte(a))
			if n < 0 {
				break
			}
			at += n
			all = append(all, at)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// asker returns a function that asks a kind at all of its anchors in a text, and says how
// many credentials it found there.
func asker(kind *Rule, text []byte) func() int {
	at := anchored(kind, text)
	if kind.Context == "" {
		return func() (n int) {
			for _, i := range at {
				if _, ok := kind.Match(text, i); ok {
					n++
				}
			}
			return n
		}
	}
	var g Reading
	kinds := []*Rule{kind}
	return func() (n int) {
		g.Start(text)
		for _, i := range at {
			g.Each(nil, kinds, i, func(*Rule, Match) { n++ })
		}
		return n
	}
}

// BenchmarkRules is what each rule costs at its anchors, of which there is one or a few in
// each 2 kB of prose: where they belong to a credential (match), and where there is none (anchor).
// The search for anchors is left out.
func BenchmarkRules(b *testing.B) {
	const times = 8
	r := rand.New(rand.NewPCG(1, 2))
	prose := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 45)
	for _, kind := range All() {
		var with, without strings.Builder
		for range times {
			with.WriteString(prose + kind.Plant(kind.Mint(r)) + "\n")
			without.WriteString(prose + kind.Anchors[0] + " and so on " + kind.Plant("") + "\n")
		}
		for _, t := range []struct {
			name, text string
			least      int // and twice as many, where two anchors lead to one
		}{{"match", with.String(), times}, {"anchor", without.String(), 0}} {
			ask := asker(kind, []byte(t.text))
			b.Run(kind.ID+"/"+t.name, func(b *testing.B) {
				b.SetBytes(int64(len(t.text)))
				b.ReportAllocs()
				for b.Loop() {
					if n := ask(); n < t.least || n > 2*t.least {
						b.Fatalf("%d credentials, want %d", n, t.least)
					}
				}
			})
		}
	}
}
