package prefilter

import (
	"cmp"
	"math/bits"
	"slices"
)

// A set is a set of bytes, as far as tables of half bytes can tell: those whose lower half
// is one of low and whose upper half is one of high.
type set struct{ low, high uint16 }

// with returns the least set that has what s and t have.
func (s set) with(t set) set { return set{s.low | t.low, s.high | t.high} }

// shares returns about which share of a text's bytes are signs and digits, capitals, and
// small letters of s, each as its rows of ASCII have them.
func (s set) shares() (by [3]float64) {
	for high := s.high & 0xff; high != 0; high &= high - 1 { // of ASCII
		at, sum := bits.TrailingZeros16(high), 0
		row := commonness[at<<4:]
		for low := s.low; low != 0; low &= low - 1 {
			sum += 1 << (row[bits.TrailingZeros16(low)] - '0')
		}
		by[max(0, at/2-1)] += float64(sum) / 2048
	}
	return by
}

// together is how much more often three of those stand in a row than if each stood
// anywhere: what is in capitals is so for a whole word.
var together = [3]float64{1, 100, 2}

// commonness has a digit for each ASCII character: the binary logarithm of how often it
// occurs in 2048 bytes. Counted in 90 MB of Go, Python, JavaScript, YAML, JSON and
// Markdown files, 2026-11.
const commonness = "0000000006600000" +
	"0000000000000000" +
	"8150011155215254" +
	"5443333232421410" +
	"0423343223013333" +
	"3134422111021204" +
	"1645575446135566" +
	"5166754354141400"

// setAt returns the bytes that may be l's i-th, -1 being what is before it.
func (l Literal) setAt(i int) set {
	switch {
	case l.Within && i == -1:
		return set{0xffff, 0xfffc} // all from the blank on
	case l.Within && i == l.size():
		return set{0xffff, 0x00fc} // those of ASCII
	case i < 0 || i >= l.size():
		return set{0xffff, 0xffff}
	case l.Sets != nil:
		var all set
		for k := range len(l.Sets[i]) {
			c := l.Sets[i][k]
			all = all.with(set{1 << (c & 15), 1 << (c >> 4)})
		}
		return all
	}
	c := l.Text[i]
	s := set{1 << (c & 15), 1 << (c >> 4)}
	if u := lower(c); l.Fold && u-'a' < 26 {
		s.high = 1<<(u>>4) | 1<<(u>>4-2)
	}
	return s
}

// A group is some literals that are looked for together.
type group struct {
	places []place
	sets   [window]set
	share  float64 // about which share of a text's places they may stand at
}

// rate sets the share.
func (g *group) rate() *group {
	g.share = g.shareWith(g)
	return g
}

// shareWith returns the share of what g and h look for together. It is asked for every two
// groups again and again when the program starts, so it makes no group.
func (g *group) shareWith(h *group) float64 {
	share, rows := 1.0, together
	for i := range g.sets {
		by := g.sets[i].with(h.sets[i]).shares()
		share *= by[0] + by[1] + by[2]
		for k := range rows {
			rows[k] *= by[k]
		}
	}
	return share + rows[0] + rows[1] + rows[2]
}

// with returns the group of what g and h look for.
func (g *group) with(h *group) *group {
	sum := &group{places: append(append([]place(nil), g.places...), h.places...)}
	for i := range sum.sets {
		sum.sets[i] = g.sets[i].with(h.sets[i])
	}
	return sum.rate()
}

// grouped returns at most eight groups of all literals. Those that cost the least when
// they are looked for together are put together.
func grouped(literals []Literal) []*group {
	all := alone(literals)
	more := make([][]float64, len(all)) // by two groups, the latter first: what putting them together costs
	rate := func(i, j int) { more[i][j] = all[i].shareWith(all[j]) - all[i].share - all[j].share }
	for i := range all {
		more[i] = make([]float64, i)
		for j := range i {
			rate(i, j)
		}
	}
	for len(all) > 8 {
		a, b := 1, 0
		for i := range all {
			for j := range i {
				if more[i][j] < more[a][b] {
					a, b = i, j
				}
			}
		}
		all[b] = all[a].with(all[b])
		all, more = slices.Delete(all, a, a+1), slices.Delete(more, a, a+1)
		for i := range all {
			if i >= a {
				more[i] = slices.Delete(more[i], a, a+1)
			}
			if i != b {
				rate(max(i, b), min(i, b))
			}
		}
	}
	return all
}

// alone returns a group for each literal, by the bytes of it, or around it, that are the
// rarest. One that has bytes which are looked for anyhow, for a literal of sets, goes with it.
func alone(literals []Literal) (all []*group) {
	for i, l := range literals {
		if l.Sets != nil {
			all = append(all, rarest(l.windows(i)))
		}
	}
	shapes := all
next:
	for i, l := range literals {
		if l.Sets != nil {
			continue
		}
		windows := l.windows(i)
		for _, s := range shapes {
			for _, w := range windows {
				if s.has(w) {
					s.places = append(s.places, w.places...)
					continue next
				}
			}
		}
		all = append(all, rarest(windows))
	}
	return all
}

// windows returns a group for each window of l, the number-th literal.
func (l Literal) windows(number int) (all []*group) {
	first, end := 0, l.size()
	if l.Within {
		first, end = -1, end+1
	}
	for off := first; off == first || off+window <= end; off++ {
		g := &group{places: []place{{number, off}}}
		for j := range g.sets {
			g.sets[j] = l.setAt(off + j)
		}
		all = append(all, g)
	}
	return all
}

// rarest returns the group that is the rarest.
func rarest(groups []*group) *group {
	for _, g := range groups {
		g.rate()
	}
	return slices.MinFunc(groups, func(a, b *group) int { return cmp.Compare(a.share, b.share) })
}

// has reports whether whatever h looks for g finds too.
func (g *group) has(h *group) bool {
	for i, s := range g.sets {
		if s.with(h.sets[i]) != s {
			return false
		}
	}
	return true
}

// Tables of half bytes, in the order and at the places that the vector instructions know.
type nibbles struct {
	low0, high0, low1, high1, low2, high2 [16]uint8 // by group: the three bytes of a literal
	classLow, classHigh                   [16]uint8 // by class
	half, run                             [16]uint8 // 0x0f and inRun, sixteen times
	bit                                   [16]uint8 // a bit for each of eight, twice
	over                                  [16]uint8 // what is to be added to more than inRun for 0x80 or more
}

// The classes of bytes. Those of inRun are exactly letters, digits, _ and DEL; the others
// are a few more than what is dense.
const inRun = 0x07

// The classes, by the upper half of a byte and what its lower half may be then.
var byClass = [8]set{
	{high: 1 << 3, low: 0x03ff},              // 0-9
	{high: 1<<4 | 1<<6, low: 0xfffe},         // A-O, a-o
	{high: 1<<5 | 1<<7, low: 0x07ff | 1<<15}, // P-Z, _, p-z
	{high: 1 << 0, low: 1<<9 | 1<<10 | 1<<13},
	{high: 1 << 2, low: chars(" \"#%&'+,-")},
	{high: 1 << 3, low: chars("0123456789:;=")},
	{high: 1<<4 | 1<<6, low: chars("ABCDEFm")},
	{high: 1<<5 | 1<<7, low: chars("\\xXuUp{}")},
}

// chars returns the lower halves of some bytes.
func chars(s string) (low uint16) {
	for i := range len(s) {
		low |= 1 << (s[i] & 15)
	}
	return low
}

// tables returns the lower and the upper half's table of what add and of count: of a
// literal's j-th byte, or of the classes where j is window.
func (n *nibbles) tables(j int) (low, high *[16]uint8) {
	switch j {
	case 0:
		return &n.low0, &n.high0
	case 1:
		return &n.low1, &n.high1
	case 2:
		return &n.low2, &n.high2
	}
	return &n.classLow, &n.classHigh
}

// add sets a bit for what is in s.
func (n *nibbles) add(j int, bit uint8, s set) {
	low, high := n.tables(j)
	for i := range 16 {
		if s.low>>i&1 != 0 {
			low[i] |= bit
		}
		if s.high>>i&1 != 0 {
			high[i] |= bit
		}
	}
}

// classify makes the tables of classes, and the constants.
func (n *nibbles) classify() {
	for i, s := range byClass {
		n.add(window, 1<<i, s)
	}
	for i := range 16 {
		n.half[i], n.run[i], n.bit[i], n.over[i] = 0x0f, inRun, 1<<(i%8), 0x7f-inRun
	}
}

// of returns the bits of c.
func (n *nibbles) of(j int, c byte) uint8 {
	low, high := n.tables(j)
	return low[c&15] & high[c>>4]
}
