// Package prefilter finds where in a text it is worth to look for credentials: where a
// literal may stand that each of them contains, and where something may be encoded.
//
// It reads every byte of every text, so it is made for speed: one pass for everything,
// with the vector instructions of the processor where there are any that it knows. It may
// mark too much, which costs time, and never too little.
//
// Of each literal it looks for three bytes in a row, the rarest. A byte is told by its two
// halves: of both there is a table of 16 entries, one bit for each group of literals, and
// the literals of those groups may stand where a bit is left once the tables of all three
// bytes are put together. That is the method of Teddy (Geoffrey Langdale, Hyperscan, 2015).
package prefilter

import (
	"math/bits"
	"strings"
)

// Block is how many bytes a Mark is about.
const Block = 32

// A Mark says that it is worth to look at the Block bytes of a text from At on.
type Mark struct {
	At     uint32 // a multiple of Block
	Starts uint32 // bit i is set where a literal's rarest bytes may start at At+i
	Signs  Signs
}

// Signs say what may be encoded at a Mark.
type Signs uint32

// The signs. Whatever is at least as long as its constant says has a sign at one of the
// blocks that it fills or lies in.
const (
	// Letters: half of the block is letters, digits and _, as in every run of 31.
	Letters Signs = 1 << iota
	// Dense: all of the block is hexadecimal digits, or what separates them and escapes
	// characters, as in every run of 63. It may hold a few other characters.
	Dense
	// Wide: every other byte of the block is zero and not all are, as in every run of 63
	// in UTF-16 or UTF-32.
	Wide
)

// A Literal is something to look for.
type Literal struct {
	Text string
	Fold bool // in whatever case its ASCII letters are
	// Within says that it counts only between other characters: with neither a blank nor a
	// control character before it, and a printable one of ASCII behind it. It is for
	// literals that are too short to be rare by themselves.
	Within bool
	// Sets are what each character may be, where it is one of several. There is no Text then.
	Sets []string
}

// A Filter looks for some literals, and for what may be encoded. It may be used by many
// goroutines at once.
type Filter struct {
	literals []Literal
	groups   [8][]place
	nibbles  nibbles
	bytes    [window][256]uint16 // the same tables by whole bytes, and what a byte is not
	pairs    *pairs              // for mark; nil where the processor has what markFast needs
}

// A place says which bytes of a literal are looked for.
type place struct{ literal, off int }

// window is how many bytes of a literal are looked for.
const window = 3

// What a byte is not, beside the groups in the table of a literal's first byte.
const (
	inNoRun = 1 << (8 + iota)
	notDense
)

// margin is how many bytes past a block are looked at too.
const margin = window - 1

// New returns a Filter that looks for literals.
func New(literals []Literal) *Filter {
	f := &Filter{literals: literals}
	for i, g := range grouped(literals) {
		f.groups[i] = g.places
		for j, set := range g.sets {
			f.nibbles.add(j, uint8(1)<<i, set)
		}
	}
	f.nibbles.classify()
	for c := range 256 {
		for j := range f.bytes {
			f.bytes[j][c] = uint16(f.nibbles.of(j, byte(c)))
		}
		switch k := f.nibbles.of(window, byte(c)); {
		case k == 0:
			f.bytes[0][c] |= inNoRun | notDense
		case k&inRun == 0:
			f.bytes[0][c] |= inNoRun
		case k&^inRun == 0:
			f.bytes[0][c] |= notDense
		}
	}
	if !fast() {
		f = f.Portable()
	}
	return f
}

// Portable returns a Filter that says the same of every text as f, without the vector
// instructions of the processor.
func (f *Filter) Portable() *Filter {
	plain := *f
	plain.pairs = f.paired()
	return &plain
}

// Tables returns what f looks half bytes up in, for those who try the same in another way:
// the tables of the lower and of the upper half for the three bytes of a literal, one after
// the other, and then those for the classes of bytes, of which the first three are what
// Letters counts.
func (f *Filter) Tables() [2 * (window + 1)][16]uint8 {
	var t [2 * (window + 1)][16]uint8
	for j := range window + 1 {
		low, high := f.nibbles.tables(j)
		t[2*j], t[2*j+1] = *low, *high
	}
	return t
}

// Marks appends the marks of text, in order, to marks. A text is shorter than 4 GiB.
func (f *Filter) Marks(text []byte, marks []Mark) []Mark {
	at := 0
	if n := (len(text) - margin) / Block; n > 0 {
		at = n * Block
		marks = f.blocks(text, n, 0, marks)
	}
	// What is left is looked at with zeros behind it.
	var rest [2*Block + margin]byte
	n := copy(rest[:], text[at:])
	return f.blocks(rest[:], (n+Block-1)/Block, at, marks)
}

// blocks appends the marks of the first n blocks of text, behind which there are margin
// more bytes, and which begins at base in the text that the marks are of.
func (f *Filter) blocks(text []byte, n, base int, marks []Mark) []Mark {
	mark := f.markFast
	if f.pairs != nil {
		mark = f.mark
	}
	for i := 0; i < n; {
		if cap(marks)-len(marks) < room {
			marks = append(marks, make([]Mark, room)...)[:len(marks)]
		}
		free := marks[len(marks):cap(marks)]
		done, made := mark(text[i*Block:], n-i, uint32(base+i*Block), free)
		marks = marks[:len(marks)+made]
		i += done
	}
	return marks
}

// room is how many marks there is place for at the least when blocks are looked at.
const room = 64

// Each calls yield for every place at which a literal stands in text, whose marks these
// are: with the literal's number and its beginning. The places are in no order.
func (f *Filter) Each(text []byte, marks []Mark, yield func(literal, at int)) {
	for _, m := range marks {
		for left := m.Starts; left != 0; left &= left - 1 {
			f.at(text, int(m.At)+bits.TrailingZeros32(left), yield)
		}
	}
}

// at calls yield for the literals whose rarest bytes are at text[p].
func (f *Filter) at(text []byte, p int, yield func(literal, at int)) {
	groups := uint16(0xff)
	for j := range window {
		var c byte
		if p+j < len(text) {
			c = text[p+j]
		}
		groups &= f.bytes[j][c]
	}
	for ; groups != 0; groups &= groups - 1 {
		for _, l := range f.groups[bits.TrailingZeros16(groups)] {
			if at := p - l.off; f.literals[l.literal].stands(text, at) {
				yield(l.literal, at)
			}
		}
	}
}

// stands reports whether l is at text[at].
func (l *Literal) stands(text []byte, at int) bool {
	if l.Sets != nil {
		return l.fits(text, at)
	}
	end := at + len(l.Text)
	if at < 0 || end > len(text) || l.Within && (at == 0 || end == len(text) || !before(text[at-1]) || !behind(text[end])) {
		return false
	}
	if !l.Fold {
		return string(text[at:end]) == l.Text
	}
	for i := range len(l.Text) {
		if lower(text[at+i]) != lower(l.Text[i]) {
			return false
		}
	}
	return true
}

// fits reports whether the characters from text[at] on are each in the set at its place.
func (l *Literal) fits(text []byte, at int) bool {
	if at < 0 || at+len(l.Sets) > len(text) {
		return false
	}
	for i, set := range l.Sets {
		if strings.IndexByte(set, text[at+i]) < 0 {
			return false
		}
	}
	return true
}

// size returns how many bytes l has.
func (l Literal) size() int { return max(len(l.Text), len(l.Sets)) }

// before reports whether c may be before what is Within.
func before(c byte) bool { return c > ' ' && c != 0x7f }

// behind reports whether c may be behind what is Within.
func behind(c byte) bool { return before(c) && c < 0x7f }

func lower(c byte) byte {
	if c-'A' < 26 {
		return c | 0x20
	}
	return c
}
