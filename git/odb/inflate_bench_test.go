package odb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// lines returns n bytes of lines of words, which compress about as well as code does.
func lines(r *rand.Rand, n int) []byte {
	words := strings.Fields("if err != nil { return fmt.Errorf } for i := range len(text) func string byte index of a to is window request handler")
	var b bytes.Buffer
	for b.Len() < n {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteByte(" \n_."[r.IntN(4)])
	}
	return b.Bytes()[:n]
}

// BenchmarkInflateSizes is over what comes out, for objects of the sizes that are frequent
// and for large ones.
func BenchmarkInflateSizes(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []struct {
		name string
		size int
	}{{"300 B", 300}, {"8 kB", 8 << 10}, {"1 MB", 1 << 20}} {
		stream := deflated(b, lines(r, s.size), zlib.DefaultCompression)
		b.Run(s.name, func(b *testing.B) {
			z, out := newInflater(lookupChunk), make([]byte, 0, s.size+outputSlack)
			in := bytes.NewReader(stream)
			b.SetBytes(int64(s.size))
			b.ReportAllocs()
			for b.Loop() {
				if err := z.in.seek(in, 0, int64(len(stream)), len(stream)); err != nil {
					b.Fatal(err)
				}
				if got, err := z.inflate(out, s.size); err != nil || len(got) != s.size {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}

// BenchmarkDelta is over what comes out of a delta that copies pieces of its base, as those
// of a text with some changed lines do.
func BenchmarkDelta(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []struct {
		name  string
		piece int
	}{{"pieces of 60 B", 60}, {"pieces of 2 kB", 2 << 10}} {
		base := lines(r, 64<<10)
		var body []byte
		made := 0
		for at := 0; at+s.piece < len(base); at += s.piece + 7 {
			// Copy a piece from a 16-bit offset with a 16-bit size, then put four bytes in.
			body = append(body, 0x80|0x01|0x02|0x10|0x20, byte(at), byte(at>>8), byte(s.piece), byte(s.piece>>8), 4, 'a', 'b', 'c', 'd')
			made += s.piece + 4
		}
		delta := slices.Concat(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), uint64(made)), body)
		b.Run(s.name, func(b *testing.B) {
			out := make([]byte, 0, made)
			b.SetBytes(int64(made))
			b.ReportAllocs()
			for b.Loop() {
				if got, err := applyDelta(out, base, delta, int64(made)); err != nil || len(got) != made {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}
