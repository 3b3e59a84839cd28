package scan

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/bbkeys/bbkeys/internal/spec"
)

// hashesOf returns the hash of every line of text.
func hashesOf(t *testing.T, b *Blob) []string {
	t.Helper()
	lines := 0
	if err := rollLines(b, math.MaxInt, func(line int, _ uint64) { lines = max(lines, line) }); err != nil {
		t.Fatal(err)
	}
	want := map[int]string{}
	for i := range lines {
		want[i+1] = ""
	}
	if err := lineHashes(b, want); err != nil {
		t.Fatal(err)
	}
	all := make([]string, lines)
	for i := range all {
		all[i] = want[i+1]
	}
	return all
}

// opened is text behind Open, a few bytes at a time.
func opened(text string) *Blob {
	return &Blob{Open: func() (io.ReadCloser, error) {
		return io.NopCloser(iotest.HalfReader(strings.NewReader(text))), nil
	}}
}

// What github/codeql-action's own src/fingerprints.ts, at commit f3f1edbedfb4 of 2026-06-13,
// gives under Node 20 for these texts.
func TestLineHashIsGitHubs(t *testing.T) {
	repeated := make([]string, 0, 31)
	for i := range 23 {
		repeated = append(repeated, fmt.Sprintf("3f52a8eab5f3b382:%d", i+1))
	}
	repeated = append(repeated, "3f52a8eab618a2cc:1", "215d8a43696ea405:1", "2e955dc9424614a6:1", "2e0551367f1e60ef:1",
		"52f016c20b1a7f20:1", "4aa0c1055477f79:1", "33ebb400ee519c3a:1", "c129715d7a2bc9a3:1")
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{"\n", []string{"3c5bef55b72b93c9:1", "c129715d7a2bc9a3:1"}},
		{"one\n two\r\n\tthree\rfour\r \nfive", []string{"97933e74d1016af3:1", "220f7c7ec190564f:1", "b97715bc4a72e947:1", "9fea7e838532b389:1", "c2a23c8f38c5cb93:1", "29529aad3575d9d5:1"}},
		{"alpha\r\nbeta\r\n", []string{"8d34e7f117c895:1", "bb0c86a6de0dda35:1", "c129715d7a2bc9a3:1"}},
		{"\ufeffkey: value\n", []string{"30ddff0893ae66f0:1", "c129715d7a2bc9a3:1"}},
		{"schl\u00fcssel = \U0001f511\u65e5\u672c\u8a9e\n\uffff\n\U0001f511\n", []string{"da57446fab482339:1", "481fb4feb01acb58:1", "c2cf83136bff8e83:1", "c129715d7a2bc9a3:1"}},
		{"a\xffb\n\xc3\n\xe2\x82\n\xf0\x9f\x94\nz\xed\xa0\x80\n\xc0\xaf\n\xf5\x80\x80\n\xe0\x80\xaf\xf0\x8f\xbf\xbf\n\xf4\x90\x80\x80",
			[]string{"be6253d491fd8c3b:1", "f7116636bca94e05:1", "aca08461586fcc52:1", "96f8d63c60e93617:1", "c946928cb22fd494:1", "a26989f651a08901:1", "ff06d49ff4bd1c4d:1", "e82cfd5253c39e94:1", "820e17bae189b7bf:1"}},
		{strings.Repeat("x", 250) + "\n" + strings.Repeat("y ", 130) + "\nz\n", []string{"52b56201ffb58620:1", "cadd4b5b9d92c51c:1", "95de0951c928fa27:1", "c129715d7a2bc9a3:1"}},
		{strings.Repeat("password: none\n", 30), repeated},
		{"a\x00b\n\x00\nc", []string{"7f76b3cca0267db9:1", "31314f1e49b3f7c8:1", "188ff2f224477a1e:1"}},
		{"a\u2028b\vc\fd\u00a0e\nf", []string{"3f920b728d52ebe9:1", "b58ed36d58db1d35:1"}},
	} {
		for how, b := range map[string]*Blob{"data": {Data: []byte(tt.text)}, "open": opened(tt.text)} {
			if got := hashesOf(t, b); strings.Join(got, " ") != strings.Join(tt.want, " ") {
				t.Errorf("%s, %.30q:\ngot  %q\nwant %q", how, tt.text, got, tt.want)
			}
		}
	}
}

// The vendor's own example: its input names two files of which each line declares a
// variable to be 0, and its expected output has the hashes.
func TestLineHashOfTheVendorsExample(t *testing.T) {
	declare := func(names ...string) string {
		var b strings.Builder
		for _, n := range names {
			fmt.Fprintf(&b, "var %s = 0;\n", n)
		}
		return b.String()
	}
	files := []string{declare("a", "b", "c", "d"), declare("foo", "bar", "baz", "qux")}

	text, err := os.ReadFile(spec.File(t, "sarif/codeql-action/fingerprinting.expected.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ Index int }
						Region           struct{ StartLine int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range log.Runs[0].Results {
		at := r.Locations[0].PhysicalLocation
		want := map[int]string{at.Region.StartLine: ""}
		if err := lineHashes(&Blob{Data: []byte(files[at.ArtifactLocation.Index])}, want); err != nil {
			t.Fatal(err)
		}
		if got := want[at.Region.StartLine]; got != r.PartialFingerprints["primaryLocationLineHash"] {
			t.Errorf("file %d, line %d: %s, want %v", at.ArtifactLocation.Index, at.Region.StartLine, got, r.PartialFingerprints)
		}
		seen++
	}
	if seen != 2 {
		t.Errorf("%d results in the example", seen)
	}
}

// plainHashes does in the plainest way what rollLines does with one rolling window.
func plainHashes(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.NewReplacer(" ", "", "\t", "").Replace(text)
	units := append(utf16.Encode(plainRunes(text)), hashEnd)
	var all []string
	counts := map[string]int{}
	for start, u := range units {
		if start > 0 && units[start-1] != '\n' {
			continue
		}
		var hash uint64
		for i := range hashSpan {
			u = 0
			if start+i < len(units) {
				u = units[start+i]
			}
			hash = hash*hashFactor + uint64(u)
		}
		h := fmt.Sprintf("%x", hash)
		counts[h]++
		all = append(all, fmt.Sprintf("%s:%d", h, counts[h]))
	}
	return all
}

// plainRunes decodes by the Unicode Standard's table of well-formed sequences (16.0,
// table 3-7), and puts one replacement character for each maximal subpart of what is
// none (section 3.9).
func plainRunes(text string) []rune {
	var out []rune
	for i := 0; i < len(text); {
		c := text[i]
		size, lo, hi, r := 0, byte(0x80), byte(0xbf), rune(0)
		switch {
		case c < 0x80:
			out, i = append(out, rune(c)), i+1
			continue
		case c >= 0xc2 && c <= 0xdf:
			size, r = 2, rune(c&0x1f)
		case c >= 0xe0 && c <= 0xef:
			size, r = 3, rune(c&0xf)
		case c >= 0xf0 && c <= 0xf4:
			size, r = 4, rune(c&7)
		}
		switch c {
		case 0xe0:
			lo = 0xa0
		case 0xed:
			hi = 0x9f
		case 0xf0:
			lo = 0x90
		case 0xf4:
			hi = 0x8f
		}
		n := 1
		for ; n < size && i+n < len(text) && text[i+n] >= lo && text[i+n] <= hi; n++ {
			r, lo, hi = r<<6|rune(text[i+n]&0x3f), 0x80, 0xbf
		}
		if n != size {
			r = 0xfffd
		}
		out, i = append(out, r), i+n
	}
	return out
}

func TestLineHashOfAnyText(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	parts := []string{"\n", "\r", "\r\n", " ", "\t", "a", "b", "same line\n", "ü", "日", "\U0001f511", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x94", "\xed\xa0", "\xf4\x90", "\xe0\x80", "\ufeff", "\uffff", strings.Repeat("long", 40)}
	for range 800 {
		var b strings.Builder
		for range rnd.IntN(60) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		text := b.String()
		want := strings.Join(plainHashes(text), " ")
		if got := strings.Join(hashesOf(t, &Blob{Data: []byte(text)}), " "); got != want {
			t.Fatalf("%q:\ngot  %s\nwant %s", text, got, want)
		}
		if got := strings.Join(hashesOf(t, opened(text)), " "); got != want {
			t.Fatalf("%q, opened:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

// Characters at the seams of pieces are whole.
func TestLineHashAtSeams(t *testing.T) {
	for shift := range 6 {
		text := strings.Repeat("x", 64<<10-4-shift) + "\U0001f511\xf0\x9f\x94日\r\nlast" + strings.Repeat("\xf0\x9f\x94", 3)
		want := strings.Join(plainHashes(text), " ")
		if got := strings.Join(hashesOf(t, opened(text)), " "); got != want {
			t.Errorf("shift %d:\ngot  %s\nwant %s", shift, got, want)
		}
	}
}

// What follows the span of the last wanted line is not read.
func TestLineHashStopsEarly(t *testing.T) {
	head := "one\ntwo\n" + strings.Repeat("x", hashSpan)
	whole := hashesOf(t, &Blob{Data: []byte(head + "\nmore\n")})
	want := map[int]string{2: ""}
	broken := &Blob{Open: func() (io.ReadCloser, error) {
		// Nothing may be asked for once a piece has what is wanted.
		text := head + strings.Repeat("y", 1<<20)
		return io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrUnexpectedEOF))), nil
	}}
	if err := lineHashes(broken, want); err != nil || want[2] != whole[1] {
		t.Errorf("the hash of line 2 is %q (%v), want %q", want[2], err, whole[1])
	}
}
