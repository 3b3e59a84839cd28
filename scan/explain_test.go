package scan

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// explained returns what a run explains of a text, each as "LINE:COLUMN KIND why".
func explained(t *testing.T, f *Finder, b Blob) []string {
	t.Helper()
	b.Places = []Place{{Path: "a"}}
	rep := Run(t.Context(), &shelf{blobs: []Blob{b}}, Options{Finder: f, Jobs: 1, Explain: true})
	var all []string
	for _, e := range rep.Explained {
		kind := "-"
		if e.Rule != nil {
			kind = e.Rule.ID
		}
		all = append(all, fmt.Sprintf("%d:%d %s %s", e.From.Line, e.From.Column, kind, e.Why))
	}
	return all
}

func TestExplain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 9))
	key := rule.ByID("bitbucket-access-token").Mint(rnd)
	password := rule.ByID("bitbucket-password").Mint(rnd)
	own := new(rule.Own)
	if err := own.AddHost("git.corp.example"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"nothing at all\n", ""},
		{"key = " + key + "\n", ""}, // a finding
		{"\n  key = " + key[:len(key)/2] + "\n", "2:9 bitbucket-access-token it begins like one"},
		{"x" + key[:len(key)-1] + "!\n", "1:2 bitbucket-access-token "},
		{"BITBUCKET_PASSWORD=\"${SECRET}\"\n", "1:21 - it says where"},
		{"BITBUCKET_PASSWORD=changeme\n", "1:20 - it is what people write"},
		{"BITBUCKET_TOKEN=zq7Kp2vR9xw\n", "1:17 - no token of Bitbucket"},
		{"https://me:${PASSWORD}@bitbucket.org/x\n", "1:12 - it says where"},
		{"https://me:<password>@git.corp.example/x\n", ""},
		{"https://me:hunter2@git.corp.example/x\n", "1:12 - it is what people write"},
		{"ATBBase class ATBBuilder\n", ""},
	} {
		f := NewFinder(rule.All())
		f.Own(own)
		got := explained(t, f, Blob{Data: []byte(c.text)})
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], c.want)) {
			t.Errorf("%q: got %q, want %q", c.text[:min(30, len(c.text))], got, c.want)
		}
	}
	// What the settings accept and what was there before, at its place.
	f := NewFinder(rule.All())
	f.Accept([][32]byte{sha256.Sum256([]byte(password))})
	old := func(context.Context, Place, rule.Match) (bool, error) { return true, nil }
	got := explained(t, f, Blob{Data: []byte("# one\ngit clone https://me:" + password + "@bitbucket.org/x\nkey = " + key + "\n"), Old: old})
	want := []string{"2:22 bitbucket-password the settings accept its value", "3:7 bitbucket-access-token it was there before the change"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, line := range got {
		if strings.Contains(line, password) || strings.Contains(line, key) {
			t.Error("it tells the value")
		}
	}
}

// TestExplainIsBounded: a content has so many, a report has so many, and the others are
// counted; without being asked for there are none.
func TestExplainIsBounded(t *testing.T) {
	s := &shelf{}
	for i := range 12 {
		s.blobs = append(s.blobs, Blob{Places: at(fmt.Sprint("f", i)), Data: []byte(strings.Repeat("BITBUCKET_PASSWORD=changeme\n", 110))})
	}
	rep := Run(t.Context(), s, Options{Rules: rule.All(), Jobs: 2, Explain: true})
	if len(rep.Explained) != maxExplained || rep.Unexplained != 12*maxRejects-maxExplained {
		t.Errorf("%d explained and %d more", len(rep.Explained), rep.Unexplained)
	}
	if rep := Run(t.Context(), s, Options{Rules: rule.All(), Jobs: 2}); rep.Explained != nil || rep.Unexplained != 0 {
		t.Error("it explains what nobody asked for")
	}
}
