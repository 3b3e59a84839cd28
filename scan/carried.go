package scan

import (
	"bytes"
	"cmp"

	"github.com/bbkeys/bbkeys/rule"
)

// carried gives the credentials that are known by what carries them, and whose carrier
// word starts in text[from:to], to add. Their kinds share the words, so that the text is
// searched once for all of them.
func (f *Finder) carried(c *catch, text []byte, from, to int, add func(Hit)) {
	for _, word := range f.words {
		end := min(len(text), to+len(word)-1) // one that starts before to may end after it
		for at := from; at < end; at++ {
			i := bytes.Index(text[at:end], word)
			if i < 0 {
				break
			}
			at += i
			if !rule.Promises(text, at) {
				continue
			}
			lo, hi := max(0, at-rule.Reach), min(len(text), at+rule.Reach)
			fault := f.each(text[lo:hi], at-lo, func(r *rule.Rule, m rule.Match) {
				m.Lo += lo
				m.Hi += lo
				add(Hit{Match: m, rule: r})
			})
			c.fault = cmp.Or(c.fault, fault)
		}
	}
}

// each asks the kinds that are known by what carries them. One that crashes costs what it
// was asked for and nothing else.
func (f *Finder) each(text []byte, at int, yield func(*rule.Rule, rule.Match)) (fault error) {
	defer func() {
		if r := recover(); r != nil {
			fault = crash(r)
		}
	}()
	rule.Each(f.carriedRules, text, at, yield)
	return nil
}
