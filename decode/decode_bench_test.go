package decode

import (
	"math/rand/v2"
	"testing"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/prefilter"
)

// BenchmarkEach is over half a megabyte or so in each encoding, and over what is encoded in
// none. Marking is left out: the prefilter has a benchmark of its own.
func BenchmarkEach(b *testing.B) {
	plain := encode.Around("", word(rand.New(rand.NewPCG(1, 2)), 256<<10), "")
	all := append([]encode.Encoder{{Name: "plain", Sample: "letters and digits", Encode: func(t encode.Text) encode.Text { return t }}}, encode.Encoders()...)
	filter := prefilter.New(nil)
	for _, e := range all {
		text := e.Encode(plain).Bytes
		b.Run(e.Name+"/"+e.Sample, func(b *testing.B) {
			d, marks := New(filter), filter.Marks(text, nil)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				d.Each(text, marks, func(*Text) {})
			}
		})
	}
}
