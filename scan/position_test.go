package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/secret"
)

// toy is a kind of credential that tests can write down: KEY and 8 digits, of which the
// last says how well it is proven.
var toy = &rule.Rule{
	ID: "toy", Name: "Toy", Level: rule.Error, Anchors: []string{"KEY"},
	Match: func(text []byte, at int) (rule.Match, bool) {
		const size = len("KEY") + 8
		if at+size > len(text) {
			return rule.Match{}, false
		}
		for _, c := range text[at+len("KEY") : at+size] {
			if c < '0' || c > '9' {
				return rule.Match{}, false
			}
		}
		proof := rule.Proof(min(text[at+size-1]-'0', 2) + 1)
		return rule.Match{Lo: at, Hi: at + size, Secret: secret.New(string(text[at : at+size])), Proof: proof}, true
	},
}

const toyKey = "KEY12345672"

var toys = NewFinder([]*rule.Rule{toy})

// plainPosition counts from the start of the text.
func plainPosition(text string, offset int) Position {
	before := strings.TrimPrefix(text[:offset], "\ufeff")
	start := strings.LastIndexByte(before, '\n') + 1
	return Position{1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])}
}

// finding looks at a text that holds one key and returns what is found, once from memory
// and once from a reader.
func findings(t *testing.T, text string) []Finding {
	t.Helper()
	var all []Finding
	for _, b := range []*Blob{{Data: []byte(text)}, opened(text)} {
		b.Places = []Place{{Path: "x"}}
		l, err := toys.try(t.Context(), b, false)
		if err != nil || l.bytes != int64(len(text)) || len(l.found) != 1 {
			t.Fatalf("%.40q: %d findings in %d of %d bytes, %v", text, len(l.found), l.bytes, len(text), err)
		}
		all = append(all, l.found[0])
	}
	return all
}

func TestPosition(t *testing.T) {
	long := strings.Repeat("x", 2<<20)
	for _, tt := range []struct {
		name, before, after string
		line, column        int
	}{
		{"start", "", "", 1, 1},
		{"no final newline", "a\nb = ", "", 2, 5},
		{"line feed", "a\n\nb = ", "\n", 3, 5},
		{"carriage return and line feed", "a\r\n\r\nb = ", "\r\n", 3, 5},
		{"lone carriage return", "a\rb = ", "\r", 1, 7},
		{"byte order mark", "\ufeffb = ", "\n", 1, 5},
		{"byte order mark and lines", "\ufeffa\nb = ", "\n", 2, 5},
		{"nothing but a mark before", "\ufeff", "", 1, 1},
		{"mark within", "a\ufeff", "", 1, 3},
		{"tab", "\t\t", "", 1, 3},
		{"letters of two and three bytes", "schlüssel 日本 ", "", 1, 14},
		{"beyond the basic plane", "\U0001f511\U0001f511=", "", 1, 4},
		{"combining", "e\u0301=", "", 1, 4},
		{"no UTF-8", "\xff\xfe\xc3=", "", 1, 5},
		{"half characters", "\xf0\x9f\x94=\xe2\x82=", "", 1, 8},
		{"Latin-1", "schl\xfcssel=", "\n", 1, 11},
		{"other line ends are none", "a\u2028b\u0085c\vd\f", "", 1, 9},
		{"2 MB line", long, "", 1, 2<<20 + 1},
		{"after a long line", long[:200<<10] + "\nb = ", "", 2, 5},
		{"many lines", strings.Repeat("\n", 200<<10), "", 200<<10 + 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, f := range findings(t, tt.before+toyKey+tt.after) {
				if want := (Position{tt.line, tt.column}); f.From != want {
					t.Errorf("from %v, want %v", f.From, want)
				}
				if want := (Position{tt.line, tt.column + len(toyKey)}); f.To != want {
					t.Errorf("to %v, want %v", f.To, want)
				}
				if len(tt.before) < 1000 && f.LineHash != plainHashes(tt.before + toyKey + tt.after)[tt.line-1] {
					t.Errorf("line hash %s", f.LineHash)
				}
				if f.Match.Lo != len(tt.before) || f.Match.Hi != len(tt.before)+len(toyKey) || f.LineHash == "" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// A key at any place near the seam of two pieces, with characters that the seam divides.
func TestPositionAtSeams(t *testing.T) {
	const piece = 64 << 10
	for _, filler := range []string{"x", "ü", "日", "\U0001f511", "\xf0\x9f", "日\n"} {
		for shift := -2; shift < len(toyKey)+6; shift++ {
			before := "\ufeff"
			for len(before)+len(filler) <= piece-shift {
				before += strings.Repeat(filler, max(1, (piece-shift-len(before))/len(filler)))
			}
			before += strings.Repeat(".", max(0, piece-shift-len(before)))
			text := before + toyKey + filler + filler
			lo, hi := len(before), len(before)+len(toyKey)
			got, err := positions(opened(text), []int{lo, hi})
			if from, to := plainPosition(text, lo), plainPosition(text, hi); err != nil || got[lo] != from || got[hi] != to {
				t.Errorf("%q, %d before the seam: %v, want %v to %v, %v", filler, shift, got, from, to, err)
			}
		}
	}
}

func TestPositionsOfAnyText(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	parts := []string{"\n", "\r", "\r\n", "x", "ü", "日", "\U0001f511", "\xff", "\xc3", "\xf0\x9f\x94", "\ufeff", toyKey + ";", strings.Repeat("long", 5000)}
	for range 60 {
		var b strings.Builder
		for range 1 + rnd.IntN(30) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		text := b.String()
		for how, b := range map[string]*Blob{"data": {Data: []byte(text)}, "open": opened(text)} {
			b.Places = []Place{{}}
			l, err := toys.look(t.Context(), b, false)
			if err != nil || len(l.found) != strings.Count(text, toyKey) {
				t.Fatalf("%s: %d findings of %d, %v", how, len(l.found), strings.Count(text, toyKey), err)
			}
			for _, f := range l.found {
				from, to := plainPosition(text, f.Match.Lo), plainPosition(text, f.Match.Hi)
				if f.From != from || f.To != to {
					t.Fatalf("%s: %v to %v, want %v to %v", how, f.From, f.To, from, to)
				}
			}
		}
	}
}

// What is no text has no lines, and is searched all the same.
func TestBinaryHasNoPosition(t *testing.T) {
	for _, f := range findings(t, "\x7fELF\x00\n\n"+toyKey) {
		if f.From != (Position{}) || f.To != (Position{}) || f.LineHash != "" || f.Match.Lo != 7 {
			t.Errorf("%+v", f)
		}
	}
	// git looks for a NUL in the first 8000 bytes, and nowhere else.
	for at, binary := range map[int]bool{7999: true, 8000: false} {
		for _, f := range findings(t, strings.Repeat("\n", at)+"\x00"+toyKey) {
			if (f.From == Position{}) != binary {
				t.Errorf("NUL at %d: %v", at, f.From)
			}
		}
	}
}

// A reader that breaks off loses no finding before it, and no place of one.
func TestPositionBeforeAnError(t *testing.T) {
	errBad := errors.New("bad block")
	for _, size := range []int{0, 10, 64 << 10, 200 << 10} {
		text := "a\nb = " + toyKey + "\n" + strings.Repeat("x", size)
		b := &Blob{Places: []Place{{Path: "x"}}, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(errBad))), nil
		}}
		l, err := toys.try(t.Context(), b, false)
		if !errors.Is(err, errBad) || len(l.found) != 1 || l.bytes != int64(len(text)) {
			t.Fatalf("%d findings in %d bytes, %v", len(l.found), l.bytes, err)
		}
		if f := l.found[0]; f.From != (Position{2, 5}) || f.To != (Position{2, 5 + len(toyKey)}) {
			t.Errorf("%d after it: %v to %v", size, f.From, f.To)
		}
	}
}

// What changes between the two readings is said, and the finding stays.
func TestPositionOfWhatChanges(t *testing.T) {
	errGone := errors.New("gone")
	for name, second := range map[string]func() (io.ReadCloser, error){
		"shorter": func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("short")), nil },
		"gone":    func() (io.ReadCloser, error) { return nil, errGone },
	} {
		opens := 0
		l, err := toys.try(t.Context(), &Blob{Places: []Place{{Path: "x"}}, Open: func() (io.ReadCloser, error) {
			if opens++; opens == 1 {
				return io.NopCloser(strings.NewReader("some text " + toyKey)), nil
			}
			return second()
		}}, false)
		if err == nil || len(l.found) != 1 {
			t.Errorf("%s: %d findings, %v", name, len(l.found), err)
		}
	}
}

func FuzzPosition(f *testing.F) {
	f.Add([]byte("\ufeffa\r\nü\xff"+toyKey), 3)
	f.Add([]byte("\xf0\x9f"+toyKey+"\n"+toyKey), 1)
	f.Fuzz(func(t *testing.T, text []byte, chunk int) {
		read := &Blob{Places: []Place{{}}, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(&chunks{text: text, size: 1 + max(chunk, -chunk, 0)%9000}), nil
		}}
		whole := &Blob{Places: []Place{{}}, Data: text}
		a, errA := toys.look(t.Context(), whole, false)
		b, errB := toys.look(t.Context(), read, false)
		if errA != nil || errB != nil || outline(a) != outline(b) {
			t.Fatalf("%v, %v, %s and %s differ", errA, errB, outline(a), outline(b))
		}
		for _, f := range a.found {
			if bytes.IndexByte(text[:min(len(text), 8000)], 0) < 0 && f.From != plainPosition(string(text), f.Match.Lo) {
				t.Fatalf("%v", f.From)
			}
		}
	})
}

// outline is all of a look that can be compared.
func outline(l look) string {
	var b strings.Builder
	fmt.Fprint(&b, l.hit, l.bytes)
	for _, f := range l.found {
		fmt.Fprintln(&b, f.Rule.ID, f.Match.Lo, f.Match.Hi, f.Match.Proof, f.Match.Secret.Reveal(), f.Level, f.From, f.To, f.LineHash)
	}
	return b.String()
}

// chunks gives text in parts of a size.
type chunks struct {
	text []byte
	size int
}

func (c *chunks) Read(buf []byte) (int, error) {
	if len(c.text) == 0 {
		return 0, io.EOF
	}
	n := copy(buf[:min(len(buf), c.size)], c.text)
	c.text = c.text[n:]
	return n, nil
}
