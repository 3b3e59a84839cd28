package scan

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/internal/pack"
	"github.com/bbkeys/bbkeys/rule"
)

// forBytes are the ways to write that can write any bytes.
func forBytes() (all []encode.Encoder) {
	for _, e := range encode.Encoders() {
		if e.Name == "base64" || e.Name == "hex" || e.Name == "decimal" {
			all = append(all, e)
		}
	}
	for _, e := range encode.Encoders() {
		if e.Name == "hex-escape" {
			e.Name = "hex"
			all = append(all, e)
		}
	}
	return all
}

// onePacked wants the key once, at the place of what it is packed and encoded as.
func onePacked(t *testing.T, hits []Hit, err error, m encode.Text, key string, names, inside []string) {
	t.Helper()
	lo, hi := m.Place()
	if err == nil && len(hits) == 1 && hits[0].Secret.Reveal() == key && hits[0].Lo == lo && hits[0].Hi == hi && slices.Equal(hits[0].Encoding, names) && slices.Equal(hits[0].inside, inside) {
		return
	}
	t.Errorf("%d hits for %v in %v at %d to %d, %v", len(hits), inside, names, lo, hi, err)
	for _, h := range hits {
		t.Logf("  %s at %d to %d in %v, %v", h.rule.ID, h.Lo, h.Hi, h.Encoding, h.inside)
	}
}

// chance is n numbers, which don't pack well, so that what they are packed and encoded as
// has long runs of letters and digits.
func chance(rnd *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		fmt.Fprintln(&b, rnd.Uint64())
	}
	return b.String()
}

// What is packed in whatever form and written as text in whatever way is looked into, in a
// file, in another encoding, and in an archive.
func TestPacked(t *testing.T) {
	rnd := rand.New(rand.NewPCG(71, 72))
	f := NewFinder(proving())
	for i, format := range pack.Formats() {
		for _, e := range forBytes() {
			if e.Name != "base64" && format.Name != "gzip" && format.Name != "zip" {
				continue
			}
			if format.Name == "tar" || format.Name == "ar" {
				continue // they are text, which is read as such
			}
			r := proving()[i%len(proving())]
			key := r.Mint(rnd)
			data := format.Pack(t, "in", []byte("name = a\ntoken = "+key+"\n"+chance(rnd, 40+rnd.IntN(200))))
			m := e.Encode(encode.Around("", string(data), "")).Within("{\"release\": \"", "\"}\n")
			inside := []string{format.Entry("in")}
			hits, err := f.Hits(t.Context(), &Blob{Data: m.Bytes})
			onePacked(t, hits, err, m, key, []string{e.Name}, inside)

			twice := encode.Encoders()[0].Encode(m).Within("data: ", "\n")
			hits, err = f.Hits(t.Context(), &Blob{Data: twice.Bytes})
			if len(hits) != 1 || err != nil || !slices.Equal(hits[0].Encoding, []string{"base64", e.Name}) {
				t.Errorf("%s in %s in base64: %d hits, %v", format.Name, e.Sample, len(hits), err)
			}
			hits, err = f.Hits(t.Context(), &Blob{Data: packed(t, "zip", "x.json", m.Bytes)})
			onePacked(t, hits, err, m, key, []string{e.Name}, append([]string{"x.json"}, inside...))
			if t.Failed() {
				t.Fatalf("%s of %d bytes in %s", format.Name, len(data), e.Sample)
			}
		}
	}
}

// Of several in one text each is looked into, whatever is between them.
func TestPackedRow(t *testing.T) {
	rnd := rand.New(rand.NewPCG(73, 74))
	f, r := NewFinder(proving()), proving()[0]
	for _, between := range []string{"\n", "',\n '", "\"}\n{\"t\": \"", "=\n"} {
		var rows, keys []string
		for i := range 20 {
			key := r.Mint(rnd)
			keys = append(keys, key)
			rows = append(rows, base64.RawStdEncoding.EncodeToString(packed(t, []string{"gzip", "zip", "stored zip"}[i%3], "", []byte("k="+key+"\nagain="+key))))
		}
		hits, err := f.Hits(t.Context(), &Blob{Data: []byte("x = '" + strings.Join(rows, between) + "'")})
		var got []string
		for _, h := range hits {
			got = append(got, h.Secret.Reveal())
		}
		if err != nil || !slices.Equal(got, keys) {
			missing := slices.IndexFunc(keys, func(key string) bool { return !slices.Contains(got, key) })
			t.Errorf("between %q: %d of %d, not number %d, %v", between, len(got), len(keys), missing, err)
		}
	}
}

// What is packed is looked into wherever the windows of a stream end, up to what one window
// holds, and the same is found in memory.
func TestPackedSeams(t *testing.T) {
	rnd := rand.New(rand.NewPCG(75, 76))
	f, r := NewFinder(proving()), proving()[0]
	for _, size := range []int{300, 30_000, 500_000} {
		key := r.Mint(rnd)
		data := packed(t, "stored gzip", "", []byte(strings.Repeat("\x80", size)+"\n"+key+"\n"))
		for _, before := range []int{windowSize - 100, windowSize - 20_000, windowSize, windowSize + 10_000, windowSize + 2*rule.Reach - 20} {
			m := encode.Around("", base64.StdEncoding.EncodeToString(data), "").Within(strings.Repeat("text\n", before/5), "\"\n"+strings.Repeat("more text\n", 300_000))
			bare := encode.Around(strings.Repeat("text\n", before/5), strings.TrimRight(base64.StdEncoding.EncodeToString(data), "="), "")
			for _, b := range []Blob{{Data: m.Bytes}, {Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.Bytes)), nil }}} {
				hits, err := f.Hits(t.Context(), &b)
				onePacked(t, hits, err, bare, key, []string{"base64"}, []string{"gzip"})
			}
		}
	}
}

// All that a text holds packed is within one limit, and what is over it is a gap. What is
// damaged is told of and none.
func TestPackedLimits(t *testing.T) {
	bomb := base64.StdEncoding.EncodeToString(packed(t, "gzip", "", make([]byte, 700_000)))
	f := NewFinder(proving())
	f.Limit(archive.Limits{Depth: 5, Entries: 100, Bytes: 1 << 20, Ratio: 1000})
	for n, want := range map[int]int{1: 0, 2: 1, 20: 1} {
		rep := Run(t.Context(), &shelf{blobs: []Blob{{Places: at("a"), Data: []byte(strings.Repeat("x: "+bomb+"\n---\n", n))}}}, Options{Finder: f})
		if len(rep.Gaps) != want || want > 0 && !errors.Is(rep.Gaps[0], archive.ErrLimit) {
			t.Errorf("%d: %v", n, rep.Gaps)
		}
	}
	broken := base64.StdEncoding.EncodeToString(packed(t, "gzip", "", []byte(chance(rand.New(rand.NewPCG(79, 80)), 2000))))
	rep := Run(t.Context(), &shelf{blobs: []Blob{{Places: at("a"), Data: []byte("x: " + broken[:len(broken)/2] + "\n")}}}, Options{Finder: f})
	if len(rep.Gaps) != 0 || rep.Scanned.Skipped.Sealed != 1 {
		t.Errorf("%v, %d", rep.Gaps, rep.Scanned.Skipped.Sealed)
	}
	f.Limit(archive.Limits{})
	rep = Run(t.Context(), &shelf{blobs: []Blob{{Places: at("a"), Data: []byte("x: " + bomb + "\n")}}}, Options{Finder: f})
	if len(rep.Gaps) != 0 || rep.Scanned.Skipped.Sealed != 0 {
		t.Errorf("with depth 0: %v", rep.Gaps)
	}
}

// Archives and encodings within one another end at the depth, told once.
func TestPackedDepth(t *testing.T) {
	rnd := rand.New(rand.NewPCG(77, 78))
	f, key := NewFinder(proving()), proving()[0].Mint(rnd)
	text := key
	for depth := 1; depth <= 8; depth++ {
		text = base64.StdEncoding.EncodeToString(packed(t, "gzip", "", []byte(text)))
		rep := Run(t.Context(), &shelf{blobs: []Blob{{Places: at("a"), Data: []byte(text)}}}, Options{Finder: f})
		found, gaps := 1, 0
		if depth > archive.DefaultLimits().Depth {
			found, gaps = 0, 1
		}
		if len(rep.Findings) != found || len(rep.Gaps) != gaps {
			t.Errorf("depth %d: %d findings, %v", depth, len(rep.Findings), rep.Gaps)
		}
	}
}
