package scan

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// goSource returns about n bytes of Go's own source.
func goSource(tb testing.TB, n int) []byte {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(runtime.GOROOT(), "src", "*", "*.go"))
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

func BenchmarkFind(b *testing.B) {
	f := NewFinder(rule.All())
	text := goSource(b, 1<<20)
	b.Run("source", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			f.Find(text)
		}
	})
}
