package prefilter

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// sought are literals of every length and kind, more than there are groups.
var sought = []Literal{
	{"name", true, false, nil}, {"@", false, true, nil}, {"eyJ", true, false, nil}, {"AB", false, false, nil}, {"zebra", false, false, nil}, {"ZEBRA", false, false, nil}, {"x-y_z:9", true, false, nil},
	{"ABAB", false, false, nil}, {"T3x", false, false, nil}, {"PRIVATE", false, false, nil}, {"pass.word", true, false, nil}, {"\x00\xff", false, false, nil},
	{Sets: []string{"A", "T", "ABXY", "Z0"}}, {Sets: []string{"05wz", "O", "gv"}},
}

// places returns where each literal stands in text, found in the plainest way.
func places(text []byte) (all []string) {
	for at := range text {
		for i, l := range sought {
			end := at + max(len(l.Text), len(l.Sets))
			if end > len(text) {
				continue
			}
			within := at > 0 && end < len(text) && text[at-1] > ' ' && text[at-1] != 0x7f && text[end] > ' ' && text[end] < 0x7f
			if l.Within && !within {
				continue
			}
			if s := text[at:end]; inSets(s, l.Sets) || l.Sets == nil && string(s) == l.Text || l.Fold && bytes.Equal(lowered(s), lowered([]byte(l.Text))) {
				all = append(all, fmt.Sprint(i, " at ", at))
			}
		}
	}
	return all
}

// inSets reports whether each character of s is in the set at its place.
func inSets(s []byte, sets []string) bool {
	for i, set := range sets {
		if !strings.Contains(set, string(s[i:i+1])) {
			return false
		}
	}
	return sets != nil
}

func lowered(s []byte) (low []byte) {
	for _, c := range s {
		low = append(low, lower(c))
	}
	return low
}

// forms are a Filter with and without vector instructions.
type forms struct{ vector, plain *Filter }

func both(literals []Literal) forms {
	f := New(literals)
	return forms{f, f.Portable()}
}

// check holds what a Filter says of text to what is so, and what it says without vector
// instructions to what it says with them.
func (f forms) check(t *testing.T, text []byte) {
	t.Helper()
	marks := f.vector.Marks(text, nil)
	if other := f.plain.Marks(text, nil); !slices.Equal(marks, other) {
		t.Fatalf("%q:\nwith vector instructions %v\nwithout                  %v", text, marks, other)
	}
	var got []string
	f.vector.Each(text, marks, func(literal, at int) { got = append(got, fmt.Sprint(literal, " at ", at)) })
	want := places(text)
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Fatalf("%q:\ngot  %v\nwant %v", text, got, want)
	}
	signs := map[int]Signs{}
	for i, m := range marks {
		if int(m.At) >= len(text) || m.At%Block != 0 || i > 0 && m.At <= marks[i-1].At || m.Starts == 0 && m.Signs == 0 {
			t.Fatalf("%q: mark %v", text, m)
		}
		signs[int(m.At)] = m.Signs
	}
	for at := 0; at+Block <= len(text); at += Block {
		b := text[at : at+Block]
		missed := func(sign Signs, name string) {
			if signs[at]&sign == 0 {
				t.Fatalf("%q: the block at %d is not marked as %s", text, at, name)
			}
		}
		for _, half := range [][]byte{b[:Block/2], b[Block/2:]} {
			if strings.Trim(string(half), word) == "" {
				missed(Letters, "letters")
			}
		}
		if strings.Trim(string(b), dense) == "" {
			missed(Dense, "dense")
		}
		if text, zeros := alternate(b); text && zeros {
			missed(Wide, "wide")
		}
	}
}

const (
	word  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
	dense = "0123456789abcdefABCDEFxXuU%\\&#;={},:-+'\" \t\r\nmp"
)

// alternate reports whether every other byte of b is zero, and the others are not.
func alternate(b []byte) (text, zeros bool) {
	first := 0
	if b[0] == 0 {
		first = 1
	}
	text, zeros = true, true
	for i, c := range b {
		if i%2 == first {
			text = text && c != 0
		} else {
			zeros = zeros && c == 0
		}
	}
	return text, zeros
}

// A text that is put together from what is looked for, from what looks a little like it,
// and from anything.
func some(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		next := sought[r.IntN(len(sought))]
		l := next.Text
		for _, set := range next.Sets {
			at := r.IntN(len(set))
			l += set[at : at+1]
		}
		switch r.IntN(8) {
		case 0:
			b = append(b, l...)
		case 1:
			b = append(b, strings.ToUpper(l)...)
		case 2:
			b = append(b, l[:r.IntN(len(l))]...)
		case 3:
			b = append(b, byte(r.Uint32()))
		case 4:
			for range r.IntN(90) {
				b = append(b, word[r.IntN(len(word))])
			}
		case 5:
			for range r.IntN(90) {
				b = append(b, dense[r.IntN(len(dense))])
			}
		case 6:
			for range r.IntN(90) {
				b = append(b, word[r.IntN(len(word))], 0)
			}
		case 7:
			b = append(b, strings.Repeat(" ", r.IntN(40))...)
		}
	}
	return b[:n]
}

func TestMarks(t *testing.T) {
	f := both(sought)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		f.check(t, some(r, n))
	}
	for range 300 {
		f.check(t, some(r, r.IntN(5000)))
	}
}

// Whatever byte is at whatever place of a block is read alike with and without vector
// instructions.
func TestEveryByte(t *testing.T) {
	f := both(sought)
	for c := range 256 {
		f.check(t, bytes.Repeat([]byte{byte(c)}, 100))
		f.check(t, bytes.Repeat([]byte{'a', byte(c)}, 70))
	}
}

// A literal is found wherever it is.
func TestEveryPlace(t *testing.T) {
	f := both(sought)
	for _, l := range sought {
		for at := range 3 * Block {
			for _, behind := range []int{0, 1, 40} {
				text := append(bytes.Repeat([]byte{'.'}, at), l.Text...)
				f.check(t, append(text, bytes.Repeat([]byte{'.'}, behind)...))
			}
		}
	}
}

// A long text has more marks than there is place for at first, and none is lost.
func TestManyMarks(t *testing.T) {
	text := []byte("." + strings.Repeat("@"+strings.Repeat(".", Block-1), 5000))
	f := New(sought)
	n := 0
	f.Each(text, f.Marks(text, nil), func(int, int) { n++ })
	if n != 5000 {
		t.Errorf("%d places", n)
	}
	if again := f.Marks(text[:Block], make([]Mark, 3, 10)); len(again) != 4 {
		t.Errorf("%d marks after three", len(again))
	}
}

// A Filter of nothing marks what may be encoded.
func TestNoLiterals(t *testing.T) {
	f := New(nil)
	text := []byte(strings.Repeat("x", 100))
	marks := f.Marks(text, nil)
	if len(marks) == 0 || marks[0].Starts != 0 || marks[0].Signs&Letters == 0 {
		t.Errorf("marks %v", marks)
	}
	f.Each(text, marks, func(literal, at int) { t.Errorf("literal %d at %d", literal, at) })
}

func FuzzMarks(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		f.Add(some(r, 200))
	}
	filter := both(sought)
	f.Fuzz(func(t *testing.T, text []byte) { filter.check(t, text) })
}

func BenchmarkMarks(b *testing.B) {
	line := []byte("func (r *reader) next(i int) (c byte, n int, err error) { return r.at(i, depth) }\n")
	text := bytes.Repeat(line, 1<<20/len(line))
	f := New(sought)
	for name, f := range map[string]*Filter{"vector": f, "portable": f.Portable()} {
		var marks []Mark
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				marks = f.Marks(text, marks[:0])
			}
		})
	}
}

// A Filter marks as a start what its tables leave, and nothing else.
func TestTables(t *testing.T) {
	f := New(sought)
	tables := f.Tables()
	text := some(rand.New(rand.NewPCG(5, 6)), 20000)
	starts := map[int]bool{}
	for _, m := range f.Marks(text, nil) {
		for i := range Block {
			starts[int(m.At)+i] = m.Starts>>i&1 != 0
		}
	}
	seen := 0
	for at := range len(text) - margin {
		left := uint8(0xff)
		for j, c := range text[at : at+window] {
			left &= tables[2*j][c&15] & tables[2*j+1][c>>4]
		}
		if starts[at] != (left != 0) {
			t.Fatalf("%q at %d: marked as a start: %v, left by the tables: %#x", text[at:at+window], at, starts[at], left)
		}
		if left != 0 {
			seen++
		}
	}
	if seen < 100 {
		t.Errorf("only %d starts", seen)
	}
}
