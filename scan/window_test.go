package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/secret"
)

// streamed searches text through a window that gets step new bytes at a time.
func streamed(t *testing.T, f *Finder, text string, step int, wrap func(io.Reader) io.Reader) []Hit {
	t.Helper()
	w := &window{buf: make([]byte, step+2*rule.Reach)}
	hits, n, _, err := f.stream(t.Context(), wrap(strings.NewReader(text)), w)
	if err != nil || n != int64(len(text)) {
		t.Fatalf("%d of %d bytes, %v", n, len(text), err)
	}
	return hits
}

func same(a, b []Hit) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i], b[i]
		if x.Lo != y.Lo || x.Hi != y.Hi || x.Proof != y.Proof || x.rule != y.rule || x.Secret.Reveal() != y.Secret.Reveal() || fmt.Sprint(x.Encoding) != fmt.Sprint(y.Encoding) {
			return false
		}
	}
	return true
}

func asIs(r io.Reader) io.Reader { return r }

// A key at every offset around the first two seams is found once, whole, and at its place.
func TestSeams(t *testing.T) {
	const step = 100
	full := step + 2*rule.Reach
	for _, seam := range []int{full - rule.Reach, full, full + step - rule.Reach, full + step} {
		for at := seam - len(toyKey) - 2; at <= seam+2; at++ {
			text := strings.Repeat("x", at) + toyKey + strings.Repeat("y", full)
			hits := streamed(t, toys, text, step, asIs)
			if len(hits) != 1 || hits[0].Lo != at || hits[0].Hi != at+len(toyKey) || hits[0].Secret.Reveal() != toyKey {
				t.Fatalf("key at %d: %d hits", at, len(hits))
			}
			// And where nothing follows it.
			if hits = streamed(t, toys, text[:at+len(toyKey)], step, asIs); len(hits) != 1 || hits[0].Lo != at {
				t.Fatalf("key at %d at the end: %d hits", at, len(hits))
			}
		}
	}
}

// The window that the program uses, around its own seams.
func TestSeamsOfTheRealWindow(t *testing.T) {
	for _, seam := range []int{windowSize, windowSize + rule.Reach, windowSize + 2*rule.Reach, 2*windowSize + rule.Reach} {
		text := strings.Repeat("x", seam-len(toyKey)/2) + toyKey + strings.Repeat("y", rule.Reach)
		hits := streamed(t, toys, text, windowSize, asIs)
		if len(hits) != 1 || hits[0].Lo != seam-len(toyKey)/2 {
			t.Errorf("key over %d: %d hits", seam, len(hits))
		}
	}
}

// A rule sees as much on either side of an anchor in a window as in the whole text, and
// never more than its reach.
func TestReach(t *testing.T) {
	type sight struct{ before, after int }
	seen := map[int]sight{}
	base := 0
	spy := &rule.Rule{ID: "spy", Anchors: []string{"@"}, Match: func(text []byte, at int) (rule.Match, bool) {
		seen[base] = sight{at, len(text) - at}
		base++
		return rule.Match{}, false
	}}
	rnd := rand.New(rand.NewPCG(13, 14))
	for range 20 {
		text := []byte(strings.Repeat("x", 3*rule.Reach+rnd.IntN(5*rule.Reach)))
		for range 1 + rnd.IntN(20) {
			text[rnd.IntN(len(text))] = '@'
		}
		f := NewFinder([]*rule.Rule{spy})
		seen, base = map[int]sight{}, 0
		f.Find(text)
		whole := seen
		seen, base = map[int]sight{}, 0
		streamed(t, f, string(text), 1+rnd.IntN(3000), asIs)
		if fmt.Sprint(whole) != fmt.Sprint(seen) {
			t.Fatalf("whole %v, in windows %v", whole, seen)
		}
		for _, s := range whole {
			if s.before > rule.Reach || s.after > rule.Reach {
				t.Fatalf("sees %v", s)
			}
		}
	}
}

// Every real kind, whole and spoilt, crowded together, gives the same however it is read.
func TestStreamIsFind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(15, 16))
	f := NewFinder(rule.All())
	readers := []func(io.Reader) io.Reader{asIs, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader}
	total := 0
	for range 10 {
		var b strings.Builder
		for range 200 {
			r := rule.All()[rnd.IntN(len(rule.All()))]
			key := r.Plant(r.Mint(rnd))
			switch rnd.IntN(6) {
			case 0:
				key = key[:rnd.IntN(len(key))]
			case 1:
				key = strings.ReplaceAll(key, "=", "%3D")
			case 2:
				i := rnd.IntN(len(key))
				key = key[:i] + "A" + key[i+1:]
			}
			b.WriteString(key)
			b.WriteString([]string{"", " ", "\n", "\x00", "x", "=", strings.Repeat(".", rnd.IntN(300))}[rnd.IntN(7)])
		}
		text := b.String()
		want := f.Find([]byte(text))
		total += len(want)
		for _, wrap := range readers {
			step := 1 + rnd.IntN(9000)
			if got := streamed(t, f, text, step, wrap); !same(got, want) {
				t.Fatalf("%d hits through a window of %d, %d in the whole text", len(got), step, len(want))
			}
		}
	}
	if total < 500 {
		t.Errorf("%d hits are too few to compare", total)
	}
}

func TestStreamKeepsWhatItFoundBeforeAnError(t *testing.T) {
	errBad := errors.New("bad block")
	for _, e := range []error{errBad, io.ErrUnexpectedEOF} {
		for _, size := range []int{0, 100, 3 * rule.Reach, 2 * windowSize} {
			text := strings.Repeat("x", size) + toyKey
			r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(e))
			hits, n, _, err := toys.stream(t.Context(), r, new(window))
			if !errors.Is(err, e) || len(hits) != 1 || hits[0].Lo != size || n != int64(len(text)) {
				t.Errorf("%v after %d: %d hits in %d bytes, %v", e, size, len(hits), n, err)
			}
		}
	}
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestStreamOfNothing(t *testing.T) {
	if hits, n, binary, err := toys.stream(t.Context(), strings.NewReader(""), new(window)); len(hits) != 0 || n != 0 || binary || err != nil {
		t.Errorf("%d hits in %d bytes, %v", len(hits), n, err)
	}
	if _, _, _, err := toys.stream(t.Context(), idle{}, new(window)); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing for ever: %v", err)
	}
}

// A used window holds another blob's content, of which nothing may be found.
func TestWindowIsReused(t *testing.T) {
	w := new(window)
	for i, text := range []string{toyKey + " " + toyKey, "KEY", "", strings.Repeat("y", 30)} {
		hits, _, _, err := toys.stream(t.Context(), strings.NewReader(text), w)
		if want := strings.Count(text, toyKey); err != nil || len(hits) != want {
			t.Errorf("text %d: %d hits, want %d, %v", i, len(hits), want, err)
		}
	}
}

func TestStreamStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	endless := readerFunc(func(buf []byte) (int, error) {
		cancel()
		n := copy(buf, toyKey)
		clear(buf[n:])
		return len(buf), nil
	})
	hits, n, _, err := toys.stream(ctx, endless, new(window))
	if !errors.Is(err, ErrInterrupted) || len(hits) == 0 || n == 0 {
		t.Errorf("%d hits in %d bytes, %v", len(hits), n, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(buf []byte) (int, error) { return f(buf) }

func hit(lo, hi int, p rule.Proof) Hit {
	return Hit{Match: rule.Match{Lo: lo, Hi: hi, Proof: p, Secret: secret.New(fmt.Sprint(lo, hi, p))}, rule: toy}
}

// partly is a hit in what was read from a part.
func partly(h Hit) Hit {
	h.part = true
	return h
}

func TestSettle(t *testing.T) {
	const layout, checksum = rule.Layout, rule.Checksum
	for _, tt := range []struct {
		name     string
		in, want []Hit
	}{
		{"none", nil, nil},
		{"order", []Hit{hit(20, 30, checksum), hit(0, 10, layout)}, []Hit{hit(0, 10, layout), hit(20, 30, checksum)}},
		{"two side by side", []Hit{hit(0, 10, checksum), hit(10, 20, checksum)}, []Hit{hit(0, 10, checksum), hit(10, 20, checksum)}},
		{"twice the same", []Hit{hit(0, 10, checksum), hit(0, 10, checksum)}, []Hit{hit(0, 10, checksum)}},
		{"the better proof of one", []Hit{hit(0, 10, layout), hit(0, 10, checksum)}, []Hit{hit(0, 10, checksum)}},
		{"within", []Hit{hit(0, 30, checksum), hit(5, 10, checksum)}, []Hit{hit(0, 30, checksum)}},
		{"two within", []Hit{hit(0, 30, checksum), hit(5, 10, layout), hit(12, 30, checksum)}, []Hit{hit(0, 30, checksum)}},
		{"same start", []Hit{hit(0, 10, checksum), hit(0, 30, checksum)}, []Hit{hit(0, 30, checksum)}},
		{"a better one within", []Hit{hit(0, 30, layout), hit(5, 10, checksum)}, []Hit{hit(0, 30, layout), hit(5, 10, checksum)}},
		{"more than the whole says", []Hit{partly(hit(0, 30, layout)), hit(0, 20, layout)}, []Hit{hit(0, 20, layout)}},
		{"beside the whole", []Hit{partly(hit(10, 30, layout)), hit(0, 20, layout)}, []Hit{hit(0, 20, layout)}},
		{"better than the whole", []Hit{partly(hit(0, 30, checksum)), hit(0, 20, layout)}, []Hit{hit(0, 20, layout), partly(hit(0, 30, checksum))}},
		{"a part alone", []Hit{partly(hit(0, 30, layout)), hit(40, 50, layout)}, []Hit{partly(hit(0, 30, layout)), hit(40, 50, layout)}},
		{"overlap", []Hit{hit(0, 20, checksum), hit(10, 30, checksum)}, []Hit{hit(0, 20, checksum), hit(10, 30, checksum)}},
	} {
		if got := settle(tt.in); !same(got, tt.want) {
			t.Errorf("%s: %d hits", tt.name, len(got))
		}
	}
}
