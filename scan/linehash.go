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
	err := rollLines(b, last, func(line int, hash uint64) {
		if _, ok := want[line]; ok {
			counts[hash] = 0
		}
	})
	if err != nil {
		return err
	}
	return rollLines(b, last, func(line int, hash uint64) {
		n, ok := counts[hash]
		if !ok {
			return
		}
		counts[hash] = n + 1
		if _, ok := want[line]; ok {
			want[line] = fmt.Sprintf("%x:%d", hash, n+1)
		}
	})
}

// rollLines calls each for every line of b up to the last that is wanted, in order, with
// the hash of the line.
func rollLines(b *Blob, last int, each func(line int, hash uint64)) error {
	r := roller{each: each, last: last, atStart: true, drop: 1}
	for range hashSpan {
		r.drop *= hashFactor
	}
	err := pieces(b, func(_ int, text []byte, ends bool) int {
		end := len(text)
		if !ends {
			end = wholeRunes(text)
		}
		for i := 0; i < end; {
			if r.told >= last {
				return enough
			}
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
	if err != nil || r.told >= last {
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

// A roller computes the hash of every line: what the polynomial over the whole text has
// become at the end of the line's span, less what it was before the line.
type roller struct {
	each    func(line int, hash uint64)
	last    int    // the last line that is wanted
	drop    uint64 // what one before a span has become at its end
	hash    uint64
	units   int
	line    int             // the last line that started
	told    int             // the last line that each was called with
	due     int             // how many units complete the next one's span; 0 for none
	starts  [hashSpan]start // of the lines in between, each at its number's remainder
	atStart bool            // the next unit starts a line
	wasCR   bool
}

// A start is what was before a line: so many units, of that hash.
type start struct {
	units int
	hash  uint64
}

// unit takes the next UTF-16 code unit of the text. White space within a line does not
// count, and every way to end a line counts the same.
func (r *roller) unit(u uint16) {
	switch {
	case u > ' ':
		r.wasCR = false
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
	if r.atStart {
		if r.line++; r.told == r.line-1 {
			r.due = r.units + hashSpan
		}
		r.starts[r.line%hashSpan] = start{r.units, r.hash}
	}
	r.atStart = u == '\n'
	r.roll(u)
}

// roll takes a unit, and tells the line whose span it completes.
func (r *roller) roll(u uint16) {
	r.hash = r.hash*hashFactor + uint64(u)
	r.units++
	if r.units != r.due {
		return
	}
	r.told++
	r.each(r.told, r.hash-r.starts[r.told%hashSpan].hash*r.drop)
	r.due = 0
	if r.told < min(r.line, r.last) {
		r.due = r.starts[(r.told+1)%hashSpan].units + hashSpan
	}
}

func (r *roller) flush() {
	for range hashSpan {
		r.roll(0)
	}
}
