package search

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/prefilter"
)

// stands reports whether l stands at text[at].
func stands(l prefilter.Literal, text []byte, at int) bool {
	end := at + sizeOf(l)
	if at < 0 || end > len(text) {
		return false
	}
	for i, set := range l.Sets {
		if strings.IndexByte(set, text[at+i]) < 0 {
			return false
		}
	}
	if l.Sets != nil {
		return true
	}
	if l.Within && (at == 0 || end == len(text) || text[at-1] <= ' ' || text[at-1] == 0x7f || text[end] <= ' ' || text[end] >= 0x7f) {
		return false
	}
	if !l.Fold {
		return string(text[at:end]) == l.Text
	}
	for i := range len(l.Text) {
		if small(text[at+i]) != small(l.Text[i]) {
			return false
		}
	}
	return true
}

// sizeOf returns how many bytes l has.
func sizeOf(l prefilter.Literal) int { return max(len(l.Text), len(l.Sets)) }

// fixed returns the part of l that is always spelled alike, the longest if there are several, and where
// in l it is.
func fixed(l prefilter.Literal) (text string, off int) {
	if l.Sets == nil {
		return l.Text, 0
	}
	part := ""
	for i, set := range l.Sets {
		if part += set; len(set) != 1 {
			part = ""
		}
		if len(part) > len(text) {
			text, off = part, i+1-len(part)
		}
	}
	return text, off
}

// spellings returns all texts that l may be.
func spellings(l prefilter.Literal) []string {
	if l.Sets == nil {
		return []string{l.Text}
	}
	all := []string{""}
	for _, set := range l.Sets {
		var longer []string
		for _, s := range all {
			for i := range len(set) {
				longer = append(longer, s+set[i:i+1])
			}
		}
		all = longer
	}
	return all
}

// small returns c as a small letter, if it is a letter of ASCII.
func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// smaller returns text with small letters for the capitals of ASCII, in buf if there is place.
func smaller(buf, text []byte) []byte {
	buf = append(buf[:0], text...)
	whole := len(buf) &^ 7
	for i := 0; i < whole; i += 8 {
		x := binary.LittleEndian.Uint64(buf[i:])
		binary.LittleEndian.PutUint64(buf[i:], x|capitals(x)>>2)
	}
	for i := whole; i < len(buf); i++ {
		buf[i] = small(buf[i])
	}
	return buf
}

// capitals returns the highest bit of each of eight bytes that is a capital of ASCII.
func capitals(x uint64) uint64 {
	const each = 0x0101010101010101
	seven := x & (0x7f * each)
	return (seven + (0x80-'A')*each) &^ (seven + (0x80-'Z'-1)*each) &^ x & (0x80 * each)
}

// patterns are literals in small letters, each once, for what knows nothing of literals.
type patterns struct {
	literals []prefilter.Literal
	texts    []string
	of       [][]int // by text: the literals that it is
}

func patternsOf(literals []prefilter.Literal) *patterns {
	p := &patterns{literals: literals}
	number := map[string]int{}
	for i, l := range literals {
		for _, s := range spellings(l) {
			s = strings.ToLower(s)
			n, known := number[s]
			if !known {
				n, p.texts, p.of = len(p.texts), append(p.texts, s), append(p.of, nil)
				number[s] = n
			}
			if !slices.Contains(p.of[n], i) {
				p.of[n] = append(p.of[n], i)
			}
		}
	}
	return p
}

// at calls yield for the literals of a pattern that stand at text[at].
func (p *patterns) at(pattern int, text []byte, at int, yield func(literal, at int)) {
	for _, i := range p.of[pattern] {
		if stands(p.literals[i], text, at) {
			yield(i, at)
		}
	}
}
