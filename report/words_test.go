package report_test

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

func TestMessage(t *testing.T) {
	unsure := &rule.Rule{ID: "some-key", Name: "Some key", Level: rule.Warning}
	carried := &rule.Rule{ID: "carried-key", Name: "Carried key", Level: rule.Error, Context: "k=%s"}
	for _, tt := range []struct {
		rule  *rule.Rule
		proof rule.Proof
		want  string
	}{
		{doorKey, rule.Checksum, "Door key kkkk…(40): its checksum is right, so it is a real key that may work today."},
		{doorKey, rule.Structure, "Door key kkkk…(40): its inner structure is right, so it is a real key that may work today."},
		{doorKey, rule.Layout, "kkkk…(40) looks like a key of the kind Door key, but its checksum or structure is wrong."},
		{oldKey, rule.Checksum, "Old key kkkk…(40): its checksum is right, but keys of this kind have been refused since 2026-07-28."},
		{oldKey, rule.Layout, "kkkk…(40) looks like a key of the kind Old key, but its checksum or structure is wrong."},
		{carried, rule.Layout, "kkkk…(40) may be of the kind Carried key, but nothing near its name says Bitbucket."},
		{unsure, rule.Checksum, "Some key kkkk…(40): its checksum is right, but it does not tell whether it opens Bitbucket."},
	} {
		f := finding(tt.rule, strings.Repeat("k", 40), tt.proof, "x", 1, 1)
		if got := report.Message(&f); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Whatever a rule says of itself fits the sentences that are made of it.
func TestMessageOfEveryRule(t *testing.T) {
	rnd := random()
	for _, r := range rule.All() {
		for _, proof := range []rule.Proof{rule.Layout, rule.Context, rule.Structure, rule.Checksum} {
			f := finding(r, r.Mint(rnd), proof, "x", 1, 1)
			got := report.Message(&f)
			// DefectDojo makes a title of the first 150 characters.
			if len([]rune(got)) > 150 || !strings.HasSuffix(got, ".") || strings.Count(got, ". ") > 0 || !strings.Contains(got, r.Name) || f.Match.Secret.In(got) {
				t.Errorf("%s: %s", r.ID, got)
			}
			if report.Opens(&f) == "" || len(report.Next(&f)) == 0 {
				t.Errorf("%s: nothing to do about it", r.ID)
			}
			checkLine(t, r.ID, got)
		}
	}
}

func TestMissed(t *testing.T) {
	why := fault.New(fault.MissingObject, "no\nsuch object")
	for _, tt := range []struct {
		place scan.Place
		want  string
	}{
		{scan.Place{}, `"no\nsuch object" (BBK105)`},
		{scan.Place{Path: "a\nb"}, `"a\nb": "no\nsuch object" (BBK105)`},
		{scan.Place{Commit: commit}, `commit 0123456789: "no\nsuch object" (BBK105)`},
		{scan.Place{Path: "a", Commit: commit}, `a in commit 0123456789: "no\nsuch object" (BBK105)`},
	} {
		if got := report.Missed(&scan.Gap{Place: tt.place, Why: why}); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
