package scan

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// found returns the findings in a text.
func found(t *testing.T, text string) []Finding {
	t.Helper()
	f := NewFinder(rule.All())
	l, err := f.look(t.Context(), &Blob{Places: []Place{{Path: "x"}}, Data: []byte(text)}, false)
	if err != nil {
		t.Fatal(err)
	}
	return l.found
}

// Nothing of a finding depends on a password that could be guessed from it: two that stand
// in one place cannot be told apart.
func TestWeak(t *testing.T) {
	rnd := rand.New(rand.NewPCG(61, 62))
	for _, r := range rule.All() {
		if !r.Weak {
			continue
		}
		a := found(t, "x\n"+r.Plant(r.Mint(rnd)))
		b := found(t, "x\n"+r.Plant(r.Mint(rnd)+"longer"))
		if len(a) != 1 || len(b) != 1 || a[0].Rule != r || b[0].Rule != r {
			t.Fatalf("%s: %d and %d findings", r.ID, len(a), len(b))
		}
		if a[0].Fingerprint() != b[0].Fingerprint() || a[0].LineHash != "" || a[0].To != b[0].To || a[0].To.Column != a[0].From.Column+1 {
			t.Errorf("%s: the finding tells of the password", r.ID)
		}
		if s := a[0].Match.Secret.String(); s != "…" {
			t.Errorf("%s: the redacted form is %q", r.ID, s)
		}
	}
	key := rule.ByID("bitbucket-password").Mint(rnd)
	one := found(t, "https://joe:"+key+"@bitbucket.org/x")
	two := found(t, "https://ann:"+key+"@bitbucket.org/x")
	if len(one) != 1 || len(two) != 1 || one[0].Fingerprint() == two[0].Fingerprint() || one[0].Match.Account != "joe" || one[0].Match.Host != "bitbucket.org" {
		t.Error("the fingerprint does not tell two accounts apart")
	}
}

// What proves itself is one finding, of its own kind, in a carrier too.
func TestCarriedOnce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(63, 64))
	for _, r := range proving() {
		key := r.Mint(rnd)
		for _, text := range []string{"BITBUCKET_PASSWORD=%\n", "https://joe:%@bitbucket.org/x", "machine bitbucket.org login joe password %\n", "bitbucket:\n  token: %\n"} {
			all := found(t, strings.ReplaceAll(text, "%", key))
			if len(all) != 1 || all[0].Rule != r {
				t.Errorf("%s in %q: %d findings", r.ID, text, len(all))
			}
		}
	}
}

// No hash of a line tells of a password that stands in what it is over, beside another
// key or below it.
func TestWeakBesideAnother(t *testing.T) {
	rnd := rand.New(rand.NewPCG(65, 66))
	key, chosen := rule.ByID("bitbucket-app-password").Mint(rnd), rule.ByID("bitbucket-password").Mint(rnd)
	for _, text := range []string{
		"u=https://joe:%@bitbucket.org/x T=" + key, "T=" + key + "\nu=https://joe:%@bitbucket.org/x", "u=https://joe:%@bitbucket.org/x\r\r\n\nT=" + key,
	} {
		one, two := found(t, strings.ReplaceAll(text, "%", chosen)), found(t, strings.ReplaceAll(text, "%", chosen+"x"))
		if len(one) != 2 || len(two) != 2 {
			t.Fatalf("%d and %d findings", len(one), len(two))
		}
		for i := range one {
			if one[i].LineHash != two[i].LineHash {
				t.Errorf("the hash of line %d tells of the password", one[i].From.Line)
			}
		}
	}
	if all := found(t, "T="+key); len(all) != 1 || all[0].LineHash == "" {
		t.Error("there is no hash where nothing can be guessed")
	}
}

// A credential in a name has no line, and a password in one is left alone: the report would
// tell it as part of the path.
func TestInNames(t *testing.T) {
	rnd := rand.New(rand.NewPCG(63, 64))
	f := NewFinder(rule.All())
	for kind, want := range map[string]int{"bitbucket-access-token": 1, "bitbucket-password": 0} {
		text := "\nhttps://ann:" + rule.ByID(kind).Mint(rnd) + "@bitbucket.org/x"
		if n := len(found(t, text)); n != 1 {
			t.Fatalf("%s: %d findings in a file", kind, n)
		}
		l, err := f.look(t.Context(), &Blob{Name: true, Places: at("x"), Data: []byte(text)}, false)
		if err != nil || len(l.found) != want || l.hit != (want > 0) {
			t.Errorf("%s: %d findings in a name, %v", kind, len(l.found), err)
		}
		for _, finding := range l.found {
			if finding.From != (Position{}) || finding.LineHash != "" {
				t.Errorf("%s: a name has the line %d", kind, finding.From.Line)
			}
		}
	}
}
