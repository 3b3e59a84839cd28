package scan

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/rule"
)

// goSource returns about n bytes of Go's own source.
func goSource(tb testing.TB, pattern string, n int) []byte {
	tb.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		tb.Skip("Go is not here: ", err)
	}
	files, err := filepath.Glob(filepath.Join(string(bytes.TrimSpace(root)), "src", filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		tb.Skip("Go's own source is not here")
	}
	var b bytes.Buffer
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		if b.Write(text); b.Len() >= n {
			break
		}
	}
	return b.Bytes()
}

// minified returns n bytes that look like minified JavaScript.
func minified(rnd *rand.Rand, n int) []byte {
	words := []string{"function(", "return ", "this.", "var ", "e", "t", "n", "r", "{", "}", "(", ")", ",", ";", "=", "!0", "null", ".prototype.", "addEventListener", "\"click\"", "&&", "||", "===", "length", "setAttribute("}
	var b bytes.Buffer
	for b.Len() < n {
		b.WriteString(words[rnd.IntN(len(words))])
	}
	return b.Bytes()
}

// BenchmarkFind measures a whole search (find), and what of it is for the prefilter (marks),
// for plain text (plain) and for encoded text (decode).
func BenchmarkFind(b *testing.B) {
	const size = 1 << 20
	rnd := rand.New(rand.NewPCG(51, 52))
	random := make([]byte, size)
	for i := range random {
		random[i] = byte(rnd.Uint32())
	}
	source := goSource(b, "cmd/go/internal/*/*.go", size)
	inLines := encode.Split(76, "\n")(encode.Around(base64.StdEncoding.EncodeToString(source[:size/2]), "", ""))
	texts := []struct {
		name string
		text []byte
	}{
		{"source", source},
		{"tables", goSource(b, "cmd/compile/internal/ssa/*.go", size)},
		{"minified", minified(rnd, size)},
		{"base64 of random", []byte(base64.StdEncoding.EncodeToString(random))},
		{"base64 of source", []byte(base64.StdEncoding.EncodeToString(source))},
		{"base64 in lines", inLines.Bytes},
		{"hex of random", []byte(hex.EncodeToString(random))},
		{"hex dump", []byte(hex.Dump(source[:size/4]))},
		{"utf-16", encode.Units(2, false)(encode.Around(string(source[:size/2]), "", "")).Bytes},
		{"random", random},
	}
	f := NewFinder(rule.All())
	d := decode.New(f.filter)
	for _, t := range texts {
		b.Run(t.name+"/find", func(b *testing.B) {
			b.SetBytes(int64(len(t.text)))
			b.ReportAllocs()
			for b.Loop() {
				f.Find(t.text)
			}
		})
		marks := f.filter.Marks(t.text, nil)
		b.Run(t.name+"/marks", func(b *testing.B) {
			b.SetBytes(int64(len(t.text)))
			b.ReportAllocs()
			for b.Loop() {
				marks = f.filter.Marks(t.text, marks[:0])
			}
		})
		b.Run(t.name+"/plain", func(b *testing.B) {
			b.SetBytes(int64(len(t.text)))
			b.ReportAllocs()
			for b.Loop() {
				f.plain(new(catch), &probe{decoder: d}, t.text, marks, 0, len(t.text), func(Hit) {})
			}
		})
		b.Run(t.name+"/decode", func(b *testing.B) {
			b.SetBytes(int64(len(t.text)))
			b.ReportAllocs()
			for b.Loop() {
				d.Each(t.text, marks, func(*decode.Text) {})
			}
		})
	}
}
