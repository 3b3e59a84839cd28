package report

import (
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A Kind is findings that share their advice: Opens, Next and the page where they are
// revoked are the same for all of them.
type Kind struct {
	First *scan.Finding
	Keys  [][]*scan.Finding // by credential, each in order of place
}

// Kinds groups the findings of rep, the worst first.
func Kinds(rep *scan.Report) []*Kind {
	type group struct {
		rule  *rule.Rule
		level rule.Level
		proof bool
	}
	type key struct {
		group
		fingerprint string
	}
	var all []*Kind
	groups := map[group]*Kind{}
	keys := map[key]int{} // place in its kind's Keys
	for _, f := range rep.Worst() {
		g := group{f.Rule, f.Level, f.Match.Proof > rule.Layout}
		k := groups[g]
		if k == nil {
			k = &Kind{First: &f}
			groups[g], all = k, append(all, k)
		}
		name := key{g, f.Fingerprint()}
		i, ok := keys[name]
		if !ok {
			i = len(k.Keys)
			keys[name], k.Keys = i, append(k.Keys, nil)
		}
		k.Keys[i] = append(k.Keys[i], &f)
	}
	return all
}

// Places returns how many findings there are of the kind.
func (k *Kind) Places() int {
	n := 0
	for _, places := range k.Keys {
		n += len(places)
	}
	return n
}
