package archive

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// A bin is a visitor that looks at nothing.
type bin struct{}

func (bin) Open([]string) io.WriteCloser { return nopCloser{io.Discard} }
func (bin) Miss([]string, error)         {}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// BenchmarkWalk is over what comes out, in each format.
func BenchmarkWalk(b *testing.B) {
	text := noise(1, 4<<20)
	packed := map[string][]byte{}
	for name, pack := range containers() {
		packed[name] = pack(b, file{"a", text})
	}
	for name, pack := range compressors() {
		packed[name] = pack(b, text)
	}
	for name, data := range packed {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			w := New(DefaultLimits())
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := w.Walk(b.Context(), bytes.NewReader(data), bin{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkIs is what each file that is no archive pays.
func BenchmarkIs(b *testing.B) {
	head := []byte(strings.Repeat("package archive\n", 32))
	for b.Loop() {
		if Is(head) {
			b.Fatal("text is no archive")
		}
	}
}
