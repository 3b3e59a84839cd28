package scan

import (
	"crypto/sha256"

	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
)

// Own adds what an organization knows of its own hosts and settings to what f finds. It is
// not to be called once f is in use.
func (f *Finder) Own(o *rule.Own) {
	f.own = o
	for _, a := range o.Anchors() {
		f.seek(prefilter.Literal{Text: a, Fold: true}, anchor{own: true})
	}
	f.filter = prefilter.New(f.literals)
}

// tiesIn returns the ties that are in a text, those to an organization's own servers too.
func (f *Finder) tiesIn(text []byte) rule.Ties {
	ties := rule.TiesIn(text)
	if f.own != nil {
		ties |= f.own.Ties(text)
	}
	return ties
}

// Accept names values that are no findings wherever they stand, by their SHA-256: known
// dummies. It is not to be called once f is in use.
func (f *Finder) Accept(values [][sha256.Size]byte) {
	f.accepted = make(map[[sha256.Size]byte]bool, len(values))
	for _, v := range values {
		f.accepted[v] = true
	}
}

// refuse returns hits without those whose value is an accepted one, and those.
func (f *Finder) refuse(hits []Hit) (kept, refused []Hit) {
	if len(f.accepted) == 0 {
		return hits, nil
	}
	for _, h := range hits {
		if f.accepts(h) {
			refused = append(refused, h)
		} else {
			kept = append(kept, h)
		}
	}
	return kept, refused
}

// accepts reports whether the value of a hit is an accepted one.
func (f *Finder) accepts(h Hit) bool { return f.accepted[sha256.Sum256([]byte(h.Secret.Reveal()))] }
