package scan

import (
	"cmp"
	"errors"

	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
)

// encoded gives the credentials that are encoded as a whole, and whose encoded form
// starts in text[from:to], to add, and what is packed and encoded to open; the text's marks
// are these. Only what is proven counts: what decoding makes of a text that was never
// encoded must not become a finding.
//
// An encoded form that is at most rule.Reach long is found wherever it lies in a stream.
// A longer one, which five encodings can make of a token, is found if it lies within one
// window and its overlap.
func (f *Finder) encoded(c *catch, p *probe, text []byte, marks []prefilter.Mark, from, to int, add func(Hit), open func(*decode.Text)) {
	whole := p.decoder.Each(text, marks, func(t *decode.Text) {
		if t.Packed {
			open(t)
			return
		}
		f.plain(c, p, t.Bytes, t.Marks, 0, len(t.Bytes), func(h Hit) {
			h = decoded(h, t)
			if h.Proof > rule.Layout && h.Lo >= from && h.Lo < to {
				add(h)
			}
		})
	})
	if !whole {
		c.fault = cmp.Or(c.fault, errWork)
	}
}

// errWork is why what is encoded in a text was not looked at to the last.
var errWork = errors.New("it holds text in more encodings at once than are undone")

// joined gives the credential that the anchor at text[at] begins, and that goes on in the
// next lines or string literals, to add.
func (f *Finder) joined(c *catch, d *decode.Decoder, a anchor, text []byte, at int, add func(Hit)) {
	d.Joined(text, at, func(t *decode.Text, at int) {
		m, ok, fault := a.match(t.Bytes, at)
		c.fault = cmp.Or(c.fault, fault)
		if ok && m.Proof > rule.Layout {
			add(decoded(Hit{Match: m, rule: a.rule}, t))
		}
	})
}

// decoded returns a hit in t.Bytes as one in the text that t is encoded in.
func decoded(h Hit, t *decode.Text) Hit {
	h.Lo, h.Hi = t.Place(h.Lo, h.Hi)
	h.Encoding = append(t.Encodings(), h.Encoding...)
	h.part = t.Part
	return h
}
