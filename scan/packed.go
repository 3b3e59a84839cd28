package scan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/rule"
)

// An unwrapper looks into what one text holds packed and encoded, such as the gzip in base64
// that Helm keeps its releases as. What is found there has the place of the encoded text.
type unwrapper struct {
	begin  func() *unpacking // of a text that is in no archive, where the first is opened
	of     *unpacking
	inside []string // the way to the text
	seen   map[span]bool
}

// A span is where something is in a blob.
type span struct{ lo, hi int }

// unwrapper returns what opens a text that is in no archive.
func (f *Finder) unwrapper(ctx context.Context) *unwrapper {
	return &unwrapper{begin: func() *unpacking { return f.unpacking(ctx) }}
}

// look opens t, which is at lo to hi in its blob.
func (o *unwrapper) look(t *decode.Text, lo, hi int) {
	if o.seen[span{lo, hi}] { // with the window before
		return
	}
	if o.seen == nil {
		o.seen = map[span]bool{}
	}
	o.seen[span{lo, hi}] = true
	if o.of == nil {
		o.of = o.begin()
	}
	u := o.of
	before := len(u.c.hits)
	u.walk.Packed(o.inside, int64(hi), t.Bytes)
	u.c.hits = append(u.c.hits[:before], moved(u.c.hits[before:], t, lo, hi)...)
}

// moved returns hits inside t, which is at lo to hi, with the place that all of them have
// then, so that each credential is there once.
func moved(hits []Hit, t *decode.Text, lo, hi int) []Hit {
	type key struct {
		rule   *rule.Rule
		digest [sha256.Size]byte
		way    string
	}
	seen := map[key]bool{}
	kept := hits[:0]
	for _, h := range hits {
		k := key{h.rule, h.same(), strings.Join(h.inside, "\x00")}
		if seen[k] {
			continue
		}
		seen[k] = true
		h.Lo, h.Hi, h.part = lo, hi, false
		h.Encoding = append(t.Encodings(), h.Encoding...)
		kept = append(kept, h)
	}
	return kept
}

// end returns what was found and missed in what is packed in a text that is in no archive.
func (o *unwrapper) end() ([]Hit, misses) {
	if o.begin == nil || o.of == nil {
		return nil, nil
	}
	o.of.walk.End()
	return o.of.found(), o.of.missed
}

// around returns hits without what is only seen again of what is inside: of the same text,
// as far as the packed form shows it.
func around(hits, inside []Hit) []Hit {
	if len(inside) == 0 {
		return hits
	}
	in := map[span]map[[sha256.Size]byte]bool{}
	for _, h := range inside {
		at := span{h.Lo, h.Hi}
		if in[at] == nil {
			in[at] = map[[sha256.Size]byte]bool{}
		}
		in[at][h.same()] = true
	}
	places := slices.SortedFunc(maps.Keys(in), func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	return slices.DeleteFunc(hits, func(h Hit) bool {
		i, ok := slices.BinarySearchFunc(places, h.Lo, func(s span, lo int) int { return cmp.Compare(s.lo, lo) })
		if !ok {
			i--
		}
		if i < 0 || h.Hi > places[i].hi {
			return false
		}
		return h.Proof != rule.Checksum || in[places[i]][h.same()]
	})
}
