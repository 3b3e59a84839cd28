package scan

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/internal/pack"
	"github.com/bbkeys/bbkeys/rule"
)

// packed is data in an archive, or compressed.
func packed(t *testing.T, format, name string, data []byte) []byte {
	t.Helper()
	for _, f := range pack.Formats() {
		if f.Name == format {
			return f.Pack(t, name, data)
		}
	}
	t.Fatalf("no format %q", format)
	return nil
}

// A key is found once whatever it is packed in, from memory and from a stream, at the way
// that leads to it, and with no line.
func TestInside(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	formats := pack.Formats()
	rules := proving()
	f := NewFinder(rules)
	for i := range 40 {
		r := rules[i%len(rules)]
		key := r.Mint(rnd)
		// At the beginning, the end, and around the seams of windows.
		before := []int{0, 1, 100, windowSize - len(key)/2, windowSize, windowSize + rule.Reach, windowSize + 2*rule.Reach - 7}[rnd.IntN(7)]
		data := []byte(strings.Repeat(".", max(0, before-1)) + " " + key + " " + strings.Repeat("-", rnd.IntN(2)*100))
		var want, names []string
		tarred := false
		for depth := range 1 + rnd.IntN(5) {
			format, name := formats[rnd.IntN(len(formats))], fmt.Sprint("in", depth)
			data = format.Pack(t, name, data)
			if entry := format.Entry(name); entry == name || !tarred {
				want = append([]string{entry}, want...)
			}
			tarred = format.Name == "tar"
			names = append(names, format.Name)
		}
		blob := Blob{Places: at("x.bin", "1", "2"), Data: data}
		if i%2 == 0 {
			blob.Data, blob.Open = nil, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
		}
		l, err := f.look(t.Context(), &blob, false)
		if err != nil || !l.hit || l.bytes != int64(len(data)) || len(l.found) != 2 {
			t.Fatalf("%s in %v: %d found in %d of %d bytes, %v", r.ID, names, len(l.found), l.bytes, len(data), err)
		}
		for _, got := range l.found {
			if got.Rule != r || fmt.Sprint(got.Inside) != fmt.Sprint(want) || got.From != (Position{}) || got.To != (Position{}) || got.LineHash != "" ||
				got.Match.Secret.Reveal() != key || got.Place.Path != "x.bin" {
				t.Fatalf("%s in %v: %s at %v %v", r.ID, names, got.Rule.ID, got.Inside, got.From)
			}
		}
	}
}

// A key is found in an entry of any name, also of none.
func TestInsideNamed(t *testing.T) {
	key := proving()[0].Mint(rand.New(rand.NewPCG(8, 8)))
	for _, name := range []string{"", "\x00", " ", "..", "a\nb", strings.Repeat("n", 5000), "\xff"} {
		for _, format := range []string{"zip", "stored zip"} {
			data := packed(t, format, name, []byte("k="+key+"\n"))
			for _, data := range [][]byte{data, packed(t, "gzip", "", data), packed(t, "zip", "", data)} {
				if hits, err := NewFinder(proving()).Hits(t.Context(), &Blob{Data: data}); len(hits) != 1 || err != nil {
					t.Errorf("%.10q in a %s: %d hits, %v", name, format, len(hits), err)
				}
			}
		}
	}
}

// What an archive shows outside its entries is found as in any other binary.
func TestArchiveItself(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	e, _ := w.Create("name-" + toyKey)
	_, _ = io.WriteString(e, strings.Repeat("text ", 100))
	_ = w.SetComment(toyKey)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rep := run(t, &shelf{blobs: []Blob{{Places: at("a.zip"), Data: b.Bytes()}}})
	if len(rep.Findings) != 3 || len(rep.Gaps) != 0 { // before the entry, in the directory, behind it
		t.Fatalf("%d findings, %v", len(rep.Findings), rep.Gaps)
	}
	for _, f := range rep.Findings {
		if len(f.Inside) != 0 || f.From.Line != 0 {
			t.Errorf("%v %v", f.Inside, f.From)
		}
	}
}

// Files of one layout hold their keys at the same place, and each is found.
func TestInsideAlike(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	r := proving()[0]
	var files []string
	want := map[string]string{}
	for i := range 5 {
		key := r.Mint(rnd)
		files = append(files, "token="+key+"\n")
		want[fmt.Sprint(i)] = key
	}
	hits, err := NewFinder(proving()).Hits(t.Context(), &Blob{Data: packed(t, "gzip", "", zipped(t, files...))})
	for _, h := range hits {
		if len(h.inside) != 2 || want[h.inside[1]] != h.Secret.Reveal() {
			t.Errorf("at %v, %v", h.inside, want[h.inside[len(h.inside)-1]] == h.Secret.Reveal())
		}
	}
	if err != nil || len(hits) != len(want) {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

// zipped is a zip of texts, which are called by their numbers.
func zipped(t *testing.T, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, text := range texts {
		e, err := w.Create(fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(e, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same key in two entries is found in both, and one that was there before in none.
func TestInsideOld(t *testing.T) {
	two := packed(t, "tar", "two", packed(t, "zip", "in", []byte(toyKey+" "+toyKey)))
	both := packed(t, "zip", "both", two)
	rep := run(t, &shelf{blobs: []Blob{{Places: at("a"), Data: append(bytes.Clone(two[:3*512+2048]), packed(t, "tar", "plain", []byte(toyKey))...)}, {Places: at("b"), Data: both}}})
	ways := map[string]int{}
	for _, f := range rep.Findings {
		ways[f.Place.Path+" "+strings.Join(f.Inside, ">")]++
	}
	if ways["b both>two>in"] != 2 {
		t.Errorf("%v, %v", ways, rep.Gaps)
	}
	asked := 0
	old := Blob{Places: at("b"), Data: both, Old: func(_ context.Context, _ Place, m rule.Match) (bool, error) {
		asked++
		return m.Secret.Reveal() == toyKey, nil
	}}
	if rep := run(t, &shelf{blobs: []Blob{old}}); len(rep.Findings) != 0 || asked != 2 {
		t.Errorf("%d findings, asked %d times", len(rep.Findings), asked)
	}
	if hits, err := toys.Hits(t.Context(), &Blob{Data: both}); len(hits) != 2 || err != nil {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

// What is damaged inside an archive is told of and no gap, what is over a limit is a gap
// of its place, and what can be looked at is.
func TestInsideGaps(t *testing.T) {
	data := packed(t, "gzip", "", []byte(strings.Repeat(toyKey+"\n", 1000)))
	data = data[:len(data)-9]
	outer := packed(t, "stored zip", "broken.gz", data)
	rep := run(t, &shelf{blobs: []Blob{{Places: at("x.zip"), Data: outer}, {Places: at("y.zip"), Data: outer}, {Places: at("z"), Data: []byte("text")}}})
	if len(rep.Gaps) != 0 || !strings.Contains(rep.Scanned.Note, "damaged") || !strings.HasSuffix(rep.Scanned.Note, ": 2") {
		t.Errorf("%v, %q", rep.Gaps, rep.Scanned.Note)
	}
	if len(rep.Findings) == 0 {
		t.Error("what comes before the damage was not looked at")
	}
	limited := NewFinder([]*rule.Rule{toy})
	limits := archive.DefaultLimits()
	limits.Depth = 1
	limited.Limit(limits)
	rep = Run(t.Context(), &shelf{blobs: []Blob{{Places: at("x.zip"), Data: outer}}}, Options{Finder: limited})
	if len(rep.Gaps) != 1 || rep.Gaps[0].Place.Path != "x.zip" || !strings.Contains(rep.Gaps[0].Error(), "broken.gz") || !errors.Is(rep.Gaps[0], archive.ErrLimit) {
		t.Errorf("%v", rep.Gaps)
	}
	// Where places are found out later, the gap waits for them.
	s := &shelf{blobs: []Blob{{Data: packed(t, "stored zip", "broken.gz", packed(t, "gzip", "", []byte("text"))[:20])}}}
	if rep := run(t, s); len(rep.Gaps) != 0 || !s.hits[0] {
		t.Errorf("%v, %v", rep.Gaps, s.hits)
	}
}

func TestInsideStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	data := packed(t, "tar", "in", []byte(strings.Repeat(toyKey+"\n", 400_000)))
	b := Blob{Places: at("x"), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)/2]), readerFunc(func([]byte) (int, error) {
			cancel()
			return 0, nil
		}))), nil
	}}
	hits, err := toys.Hits(ctx, &b)
	if !errors.Is(err, ErrInterrupted) || len(hits) == 0 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
	broken := errors.New("the disk broke")
	n := 0
	b.Open = func() (io.ReadCloser, error) {
		return io.NopCloser(readerFunc(func(p []byte) (int, error) {
			if n == len(data)/2 {
				return 0, broken
			}
			k := copy(p, data[n:len(data)/2])
			n += k
			return k, nil
		})), nil
	}
	if hits, err := toys.Hits(t.Context(), &b); !errors.Is(err, broken) || len(hits) == 0 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

// An entry of nothing but keys fills neither the memory nor the report.
func TestInsideMany(t *testing.T) {
	text := strings.Repeat(toyKey+" ", maxInside+5)
	rep := run(t, &shelf{blobs: []Blob{{Places: at("x"), Data: packed(t, "zip", "in", []byte(text))}}})
	if len(rep.Findings) != maxInside || len(rep.Gaps) != 1 || rep.Gaps[0].Code() != fault.TooMany || !strings.HasPrefix(rep.Gaps[0].Why.Error(), "5 more findings") {
		t.Errorf("%d findings, %v", len(rep.Findings), rep.Gaps)
	}
}
