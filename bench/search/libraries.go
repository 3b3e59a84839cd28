package search

import (
	"fmt"

	bobusumisu "github.com/BobuSumisu/aho-corasick"
	coregx "github.com/coregx/ahocorasick"
	petar "github.com/petar-dambovaliev/aho-corasick"
	pgavlin "github.com/pgavlin/aho-corasick"
	rrethy "github.com/rrethy/ahocorasick"
	wasilibs "github.com/wasilibs/go-aho-corasick"

	"github.com/bbkeys/bbkeys/prefilter"
)

// libraries returns the automata of Aho and Corasick that can be had for Go. Two more were left
// out: github.com/cloudflare/ahocorasick says which literals there are and not where, and
// github.com/anknown/ahocorasick looks at runes, which not every text is made of.
func libraries() []way {
	return []way{
		{"github.com/BobuSumisu/aho-corasick", byAutomaton(ofBobuSumisu)},
		{"github.com/coregx/ahocorasick", byAutomaton(ofCoregx)},
		{"github.com/petar-dambovaliev/aho-corasick", byAutomaton(ofPetar)},
		{"github.com/pgavlin/aho-corasick", byAutomaton(ofPgavlin)},
		{"github.com/rrethy/ahocorasick", byAutomaton(ofRrethy)},
		{"github.com/wasilibs/go-aho-corasick", byAutomaton(ofWasilibs)},
	}
}

// An automaton calls yield for the places at which a pattern stands in text, those that overlap
// too.
type automaton func(text []byte, yield func(pattern, at int))

// byAutomaton makes a find of an automaton of patterns. All of them are given small letters, since
// most know no others and none can tell which literals come in whatever case.
func byAutomaton(build func(patterns []string) (automaton, error)) func([]prefilter.Literal) (find, error) {
	return func(literals []prefilter.Literal) (find, error) {
		p := patternsOf(literals)
		run, err := build(p.texts)
		if err != nil {
			return nil, fmt.Errorf("building the automaton: %w", err)
		}
		var buf []byte
		return func(text []byte, yield func(literal, at int)) {
			buf = smaller(buf, text)
			run(buf, func(pattern, at int) { p.at(pattern, text, at, yield) })
		}, nil
	}
}

func ofBobuSumisu(patterns []string) (automaton, error) {
	trie := bobusumisu.NewTrieBuilder().AddStrings(patterns).Build()
	return func(text []byte, yield func(pattern, at int)) {
		trie.Walk(text, func(end, n, pattern int64) bool {
			yield(int(pattern), int(end-n+1))
			return true
		})
	}, nil
}

func ofCoregx(patterns []string) (automaton, error) {
	a, err := coregx.NewBuilder().AddStrings(patterns).Build()
	if err != nil {
		return nil, err
	}
	return func(text []byte, yield func(pattern, at int)) {
		for _, m := range a.FindAllOverlapping(text) {
			yield(m.PatternID, m.Start)
		}
	}, nil
}

// A match is what those libraries give that came of one in Rust.
type match interface {
	comparable
	Pattern() int
	Start() int
}

// iterate gives the matches that next returns, until it returns none, to yield.
func iterate[M match](next func() M, yield func(pattern, at int)) {
	var none M
	for m := next(); m != none; m = next() {
		yield(m.Pattern(), m.Start())
	}
}

func ofPetar(patterns []string) (automaton, error) {
	b := petar.NewAhoCorasickBuilder(petar.Opts{MatchKind: petar.StandardMatch, DFA: true})
	a := b.Build(patterns)
	return func(text []byte, yield func(pattern, at int)) {
		iterate(a.IterOverlappingByte(text).Next, yield)
	}, nil
}

func ofPgavlin(patterns []string) (automaton, error) {
	b := pgavlin.NewAhoCorasickBuilder(pgavlin.Opts{MatchKind: pgavlin.StandardMatch, DFA: true})
	a := b.Build(patterns)
	return func(text []byte, yield func(pattern, at int)) {
		iterate(a.IterOverlappingByte(text).Next, yield)
	}, nil
}

func ofRrethy(patterns []string) (automaton, error) {
	number := map[string]int{}
	for i, s := range patterns {
		number[s] = i
	}
	a := rrethy.CompileStrings(patterns)
	return func(text []byte, yield func(pattern, at int)) {
		for _, m := range a.FindAllByteSlice(text) {
			yield(number[string(m.Word)], m.Index)
		}
	}, nil
}

func ofWasilibs(patterns []string) (automaton, error) {
	b := wasilibs.NewAhoCorasickBuilder(wasilibs.Opts{MatchKind: wasilibs.StandardMatch, DFA: true})
	a := b.Build(patterns)
	return func(text []byte, yield func(pattern, at int)) {
		iterate(a.IterOverlapping(string(text)).Next, yield)
	}, nil
}
