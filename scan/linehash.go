package scan

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// GitHub's code scanning matches alerts between runs by a hash of the line and what
// follows it alone, the primaryLocationLineHash. Its action computes it where a tool does
// not, but only for files of the checkout, so it is computed here, to the same value
// (github/codeql-action, src/fingerprints.ts, 2026-11).
const (
	hashSpan   = 100    // how many units a line's hash covers
	hashFactor = 37     // of the polynomial
	hashEnd    = 0xFFFF // stands after the last unit
)

// lineHashes sets the hash of each line that is a key of want. It reads b twice: equal
// lines are told apart by counting them from the start of the text, and keeping the hash
// of each line of a large text until the last one is known would cost its size again.
func lineHashes(b *Blob, want map[int]string) error {
	last := 0
	for line := range want {
		last = max(last, line)
	}
	counts := map[uint64]int{}
	err := rollLines(b, func(line int, hash uint64) {
		if _, ok := want[line]; ok {
			counts[hash] = 0
		}
	})
	if err != nil {
		return err
	}
	return rollLines(b, func(line int, hash uint64) {
		n, ok := counts[hash]
		if !ok || line > last {
			return
		}
		counts[hash] = n + 1
		if _, ok := want[line]; ok {
			want[line] = fmt.Sprintf("%x:%d", hash, n+1)
		}
	})
}

// rollLines calls each for every line of b, in order, with the hash of the line.
func rollLines(b *Blob, each func(line int, hash uint64)) error {
	r := roller{each: each, atStart: true, drop: 1}
	for range hashSpan {
		r.drop *= hashFactor
	}
	err := pieces(b, func(_ int, text []byte, last bool) int {
		end := len(text)
		if !last {
			end = wholeRunes(text)
		}
		for i := 0; i < end; {
			if c := text[i]; c < utf8.RuneSelf {
				r.unit(uint16(c))
				i++
				continue
			}
			c, n := utf8.DecodeRune(text[i:end])
			if c == utf8.RuneError && n <= 1 {
				n = brokenRune(text[i:end])
			}
			if hi, lo := utf16.EncodeRune(c); hi != utf8.RuneError {
				r.unit(uint16(hi))
				r.unit(uint16(lo))
			} else {
				r.unit(uint16(c))
			}
			i += n
		}
		return end
	})
	if err != nil {
		return err
	}
	r.push(hashEnd)
	r.flush()
	return nil
}

// brokenRune returns how many bytes of what is no UTF-8 become one replacement character
// where GitHub's action reads the file: as many as could begin a character (the Unicode
// standard's maximal subpart), at least one.
func brokenRune(text []byte) int {
	for n := 1; n <= min(len(text), utf8.UTFMax); n++ {
		if utf8.FullRune(text[:n]) {
			return max(1, n-1)
		}
	}
	return len(text)
}

// A roller computes the hash of every line with one window that rolls over the text.
type roller struct {
	each    func(line int, hash uint64)
	drop    uint64 // what a unit that leaves the window has become
	hash    uint64
	units   [hashSpan]uint16
	lines   [hashSpan]int // the line that starts at a unit, or 0
	at      int
	line    int
	atStart bool // the next unit starts a line
	wasCR   bool
}

// unit takes the next UTF-16 code unit of the text. White space within a line does not
// count, and every way to end a line counts the same.
func (r *roller) unit(u uint16) {
	switch {
	case u == ' ' || u == '\t' || u == '\n' && r.wasCR:
		r.wasCR = false
		return
	case u == '\r':
		r.wasCR = true
		u = '\n'
	default:
		r.wasCR = false
	}
	r.push(u)
}

func (r *roller) push(u uint16) {
	r.leave()
	if r.atStart {
		r.atStart = false
		r.line++
		r.lines[r.at] = r.line
	}
	r.atStart = u == '\n'
	r.roll(u)
}

// leave tells the line whose span is complete.
func (r *roller) leave() {
	if r.lines[r.at] != 0 {
		r.each(r.lines[r.at], r.hash)
		r.lines[r.at] = 0
	}
}

func (r *roller) roll(u uint16) {
	r.hash = r.hash*hashFactor + uint64(u) - r.drop*uint64(r.units[r.at])
	r.units[r.at] = u
	r.at = (r.at + 1) % hashSpan
}

func (r *roller) flush() {
	for range hashSpan {
		r.leave()
		r.roll(0)
	}
}
