package scan

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// TestOwnHosts: what an organization adds is found wherever a text holds it, plain, encoded
// and across the seams of windows, and nothing of it is found without being added.
func TestOwnHosts(t *testing.T) {
	o := new(rule.Own)
	for _, err := range []error{o.AddHost("git.corp.example"), o.AddName("CORP_GIT_PW", "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	with, without := NewFinder(rule.All()), NewFinder(rule.All())
	with.Own(o)
	rnd := rand.New(rand.NewPCG(5, 6))
	key := rule.ByID("bitbucket-data-center-password").Mint(rnd)
	for _, carrier := range []string{
		"git clone https://deploy:%s@git.corp.example/team/repo.git\n", "export CORP_GIT_PW=%s\n", "machine git.corp.example login me password %s\n",
	} {
		text := fmt.Sprintf(carrier, key)
		wrapped := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("# some words\n", 8) + text))
		for _, blob := range []string{
			text, wrapped, strings.Repeat("x = 1\n", 300_000) + text, strings.Repeat(" ", windowSize-len(text)/2) + text + strings.Repeat(" ", windowSize),
		} {
			hits, err := with.Hits(t.Context(), &Blob{Data: []byte(blob)})
			if err != nil || len(hits) != 1 || hits[0].Secret.Reveal() != key {
				t.Errorf("%s in %d bytes: %d found, %v", carrier, len(blob), len(hits), err)
			}
			if hits, _ := without.Hits(t.Context(), &Blob{Data: []byte(blob)}); len(hits) > 0 {
				t.Errorf("%s: found by the name %s", carrier, hits[0].rule.ID)
			}
		}
	}
}

// TestAccepted: an accepted value is no finding, is counted, and is one again with another
// last character.
func TestAccepted(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 9))
	for _, r := range rule.All() {
		key, other := r.Mint(rnd), r.Mint(rnd)
		f := NewFinder(rule.All())
		f.Accept([][32]byte{sha256.Sum256([]byte(reading(t, r, key)))})
		src := &shelf{blobs: []Blob{{Places: []Place{{Path: "a"}}, Data: []byte(r.Plant(key))}, {Places: []Place{{Path: "b"}, {Path: "c"}}, Data: []byte(r.Plant(other))}}}
		rep := Run(t.Context(), src, Options{Finder: f, Jobs: 1})
		if len(rep.Findings) != 2 || rep.Findings[0].Place.Path != "b" || rep.Scanned.Skipped.Accepted != 1 || !rep.Complete() {
			t.Errorf("%s: %d findings, %d accepted", r.ID, len(rep.Findings), rep.Scanned.Skipped.Accepted)
		}
	}
}

// reading returns what a rule reads a planted key as: of some kinds the form of the file
// around the key is not part of it.
func reading(t *testing.T, r *rule.Rule, key string) string {
	t.Helper()
	for _, h := range NewFinder([]*rule.Rule{r}).Find([]byte(r.Plant(key))) {
		return h.Secret.Reveal()
	}
	t.Fatalf("%s does not find its own key", r.ID)
	return ""
}
