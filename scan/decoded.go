package scan

import (
	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/rule"
)

// encoded gives the credentials that are encoded as a whole, and whose encoded form
// starts in text[from:to], to add. Only what is proven counts: what decoding makes of a
// text that was never encoded must not become a finding.
//
// An encoded form that is at most rule.Reach long is found wherever it lies in a stream.
// A longer one, which five encodings can make of a token, is found if it lies within one
// window and its overlap.
func (f *Finder) encoded(c *catch, text []byte, from, to int, add func(Hit)) {
	d := f.decoders.Get().(*decode.Decoder) //nolint:errcheck // the pool holds nothing else
	defer f.decoders.Put(d)
	for lo := from; lo < to; lo += windowSize {
		hi := min(to, lo+windowSize)
		base := max(0, lo-rule.Reach)
		d.Each(text[base:min(len(text), hi+rule.Reach)], func(t *decode.Text) {
			f.plain(c, t.Bytes, 0, len(t.Bytes), func(h Hit) {
				h.Lo, h.Hi = t.Place(h.Lo, h.Hi)
				h.Lo, h.Hi = h.Lo+base, h.Hi+base
				if h.Proof > rule.Layout && h.Lo >= lo && h.Lo < hi {
					h.Encoding = append(t.Encodings(), h.Encoding...)
					add(h)
				}
			})
		})
	}
}
