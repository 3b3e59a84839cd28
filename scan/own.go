package scan

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"github.com/bbkeys/bbkeys/rule"
)

// Own adds what an organization knows of its own hosts and settings to what f finds. It is
// not to be called once f is in use.
func (f *Finder) Own(o *rule.Own) {
	f.own = o
	f.ownWords = nil
	for _, a := range o.Anchors() {
		f.ownWords = append(f.ownWords, []byte(a))
	}
}

// ours gives the credentials that an organization's own hosts and names bring, and whose
// anchor starts in text[from:to], to add.
func (f *Finder) ours(c *catch, text []byte, from, to int, add func(Hit)) {
	for _, word := range f.ownWords {
		end := min(len(text), to+len(word)-1) // one that starts before to may end after it
		for at := from; at < end; at++ {
			i := bytes.Index(text[at:end], word)
			if i < 0 {
				break
			}
			at += i
			lo, hi := max(0, at-rule.Reach), min(len(text), at+rule.Reach)
			c.fault = cmp.Or(c.fault, guarded(func() {
				f.own.Each(f.carriedRules, text[lo:hi], at-lo, func(r *rule.Rule, m rule.Match) {
					m.Lo, m.Hi = m.Lo+lo, m.Hi+lo
					add(Hit{Match: m, rule: r})
				})
			}))
		}
	}
}

// guarded calls do. What panics there costs what do was for and nothing else.
func guarded(do func()) (fault error) {
	defer func() {
		if r := recover(); r != nil {
			fault = crash(r)
		}
	}()
	do()
	return nil
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

// refuse returns hits without those whose value is an accepted one.
func (f *Finder) refuse(hits []Hit) []Hit {
	if len(f.accepted) == 0 {
		return hits
	}
	return slices.DeleteFunc(hits, f.accepts)
}

// accepts reports whether the value of a hit is an accepted one.
func (f *Finder) accepts(h Hit) bool { return f.accepted[sha256.Sum256([]byte(h.Secret.Reveal()))] }
