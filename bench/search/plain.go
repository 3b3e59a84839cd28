package search

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/coregx/coregex"

	"github.com/bbkeys/bbkeys/prefilter"
)

// block is how much of a text the plain ways look at at once, so that it stays in the
// processor's first cache with its copy in small letters.
const block = 16 << 10

// plain returns what can be had without a method of one's own: with package bytes, and with
// regular expressions.
func plain() []way {
	return []way{
		{"bytes.Index for each literal, 16 kB at a time", inBlocks(block, byIndex)},
		{"bytes.Index for each literal, the whole text", inBlocks(1<<40, byIndex)},
		{"bytes.IndexByte for rare bytes, 16 kB at a time", inBlocks(block, byRareByte)},
		{"regexp", byRegexp(func(s string) (matcher, error) { return regexp.Compile(s) })},
		{"github.com/coregx/coregex", byRegexp(func(s string) (matcher, error) { return coregex.Compile(s) })},
	}
}

// A piece is a part of a text, as it is and in small letters.
type piece struct{ text, small []byte }

// of returns what l is looked for in, and by what: the part of it that is always spelled alike,
// and where in l that is.
func (p piece) of(l prefilter.Literal) (text []byte, sought string, off int) {
	sought, off = fixed(l)
	if l.Fold {
		return p.small, strings.ToLower(sought), off
	}
	return p.text, sought, off
}

// A seek calls yield for the places below limit at which a literal may stand in a piece.
type seek func(p piece, limit int, yield func(literal, at int))

// inBlocks makes a find that looks at size bytes of a text at once, and at what a literal may need
// behind them.
func inBlocks(size int, with func([]prefilter.Literal) seek) func([]prefilter.Literal) (find, error) {
	return func(literals []prefilter.Literal) (find, error) {
		seek := with(literals)
		longest := 0
		for _, l := range literals {
			longest = max(longest, sizeOf(l))
		}
		var small []byte
		return func(text []byte, yield func(literal, at int)) {
			for lo := 0; lo < len(text); lo += size {
				part := text[lo:min(len(text), lo+size+longest-1)]
				small = smaller(small, part)
				seek(piece{part, small}, size, func(literal, at int) {
					if stands(literals[literal], text, lo+at) {
						yield(literal, lo+at)
					}
				})
			}
		}, nil
	}
}

// byIndex looks for one literal after the other.
func byIndex(literals []prefilter.Literal) seek {
	return func(p piece, limit int, yield func(literal, at int)) {
		for i, l := range literals {
			text, sought, off := p.of(l)
			for at := off; at < len(text); at++ {
				n := bytes.Index(text[at:], []byte(sought))
				if n < 0 || at+n-off >= limit {
					break
				}
				at += n
				yield(i, at-off)
			}
		}
	}
}

// A rarity is a byte that is looked for in the place of literals.
type rarity struct {
	c    byte
	fold bool
	of   []rarest
}

// rarest says where the rarest byte of a literal is in it.
type rarest struct{ literal, off int }

// byRareByte looks for the rarest byte of each literal, once for all literals that share it.
func byRareByte(literals []prefilter.Literal) seek {
	var all []rarity
	return func(p piece, limit int, yield func(literal, at int)) {
		if all == nil {
			all = rarities(literals, p)
		}
		for _, r := range all {
			text, _, _ := p.of(prefilter.Literal{Fold: r.fold})
			for at := 0; at < len(text); at++ {
				n := bytes.IndexByte(text[at:], r.c)
				if n < 0 {
					break
				}
				at += n
				for _, o := range r.of {
					if begin := at - o.off; begin >= 0 && begin < limit {
						yield(o.literal, begin)
					}
				}
			}
		}
	}
}

// rarities returns the rarest bytes of literals. What is rare is counted in sample, which is the
// beginning of what is searched: better than what can be known beforehand.
func rarities(literals []prefilter.Literal, sample piece) (all []rarity) {
	for i, l := range literals {
		text, sought, begin := sample.of(l)
		var count [256]int
		for _, c := range text {
			count[c]++
		}
		best := 0
		for off := range len(sought) {
			if count[sought[off]] < count[sought[best]] {
				best = off
			}
		}
		same := func(r rarity) bool { return r.c == sought[best] && r.fold == l.Fold }
		n := slices.IndexFunc(all, same)
		if n < 0 {
			n, all = len(all), append(all, rarity{c: sought[best], fold: l.Fold})
		}
		all[n].of = append(all[n].of, rarest{i, begin + best})
	}
	return all
}

// A matcher is a regular expression.
type matcher interface{ FindIndex([]byte) []int }

// byRegexp looks for the alternation of all literals. It gives the leftmost place and one literal of
// it, so that it is asked again from the next byte on.
func byRegexp(compile func(string) (matcher, error)) func([]prefilter.Literal) (find, error) {
	return func(literals []prefilter.Literal) (find, error) {
		var parts []string
		for _, l := range literals {
			part := regexp.QuoteMeta(l.Text)
			for _, set := range l.Sets {
				part += fmt.Sprintf("[%s]", regexp.QuoteMeta(set))
			}
			if l.Fold {
				part = "(?i:" + part + ")"
			}
			parts = append(parts, part)
		}
		re, err := compile(strings.Join(parts, "|"))
		if err != nil {
			return nil, fmt.Errorf("compiling the literals: %w", err)
		}
		return func(text []byte, yield func(literal, at int)) {
			for at := 0; at < len(text); at++ {
				m := re.FindIndex(text[at:])
				if m == nil {
					return
				}
				at += m[0]
				for i, l := range literals {
					if stands(l, text, at) {
						yield(i, at)
					}
				}
			}
		}, nil
	}
}
