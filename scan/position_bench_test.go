package scan

import (
	"bytes"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// BenchmarkLocate is what a blob of a megabyte that holds a credential costs once more: its
// lines and columns (positions), the hash of its line (hashes), and both with the marks
// beside it (all).
func BenchmarkLocate(b *testing.B) {
	text := goSource(b, "cmd/go/internal/*/*.go", 1<<20)
	blob := &Blob{Data: text}
	at := len(text) * 9 / 10
	line := 1 + bytes.Count(text[:at], []byte{'\n'})
	hits := []Hit{{rule: rule.All()[0], Match: rule.Match{Lo: at, Hi: at + 40}}}
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"positions", func() error { _, err := positions(blob, []int{at, at + 40}); return err }},
		{"hashes", func() error { return lineHashes(blob, map[int]string{line: ""}) }},
		{"all", func() error { _, err := locate(blob, hits); return err }},
	} {
		b.Run(part.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := part.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRule is a search for one kind alone, in text that holds none.
func BenchmarkRule(b *testing.B) {
	text := goSource(b, "cmd/go/internal/*/*.go", 1<<20)
	for _, r := range rule.All() {
		b.Run(r.ID, func(b *testing.B) {
			f := NewFinder([]*rule.Rule{r})
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				f.Find(text)
			}
		})
	}
}
