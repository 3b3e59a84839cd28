package odb

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	fast "github.com/klauspost/compress/flate"
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

// An inflating decompresses a zlib stream of which it knows how much comes out.
type inflating struct {
	name string
	new  func(stream []byte, size int) func() (int, error)
}

// inflatings are this package's own and what else there is; none checks a sum.
func inflatings() []inflating {
	return []inflating{
		{"ours", func(stream []byte, size int) func() (int, error) {
			z, out, in := newInflater(lookupChunk), make([]byte, 0, size+outputSlack), bytes.NewReader(stream)
			return func() (int, error) {
				if err := z.in.seek(in, 0, int64(len(stream)), len(stream)); err != nil {
					return 0, err
				}
				got, err := z.inflate(out, size)
				return len(got), err
			}
		}},
		{"compress-flate", func(stream []byte, size int) func() (int, error) {
			return reading(flate.NewReader(nil), stream, size)
		}},
		{"klauspost-flate", func(stream []byte, size int) func() (int, error) {
			return reading(fast.NewReader(nil), stream, size)
		}},
	}
}

// reading reads a stream with a decompressor that is used again, as both libraries let it be.
func reading(z io.Reader, stream []byte, size int) func() (int, error) {
	const head = 2 // zlib's
	in, out := bytes.NewReader(nil), make([]byte, size)
	return func() (int, error) {
		in.Reset(stream[head:])
		if err := z.(flate.Resetter).Reset(in, nil); err != nil {
			return 0, err
		}
		return io.ReadFull(z, out)
	}
}

// BenchmarkInflate is over what comes out, for objects of the sizes that are frequent and
// for large ones.
func BenchmarkInflate(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []struct {
		name string
		size int
	}{{"300B", 300}, {"2kB", 2 << 10}, {"8kB", 8 << 10}, {"64kB", 64 << 10}, {"1MB", 1 << 20}} {
		stream := deflated(b, lines(r, s.size), zlib.DefaultCompression)
		for _, with := range inflatings() {
			b.Run(s.name+"/"+with.name, func(b *testing.B) {
				inflate := with.new(stream, s.size)
				b.SetBytes(int64(s.size))
				b.ReportAllocs()
				for b.Loop() {
					if n, err := inflate(); err != nil || n != s.size {
						b.Fatal(n, err)
					}
				}
			})
		}
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
