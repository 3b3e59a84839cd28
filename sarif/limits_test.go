package sarif

import (
	"errors"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

// What GitHub would refuse the file for is left out, the least first, and counted.
func TestMoreThanGitHubTakes(t *testing.T) {
	r := rule.All()[0]
	rep := &scan.Report{Findings: make([]scan.Finding, 26_000), Gaps: make([]*scan.Gap, 3000)}
	for i := range rep.Findings {
		m := rule.Match{Secret: secret.New("x"), Proof: rule.Layout}
		if i%2 == 1 {
			m.Proof = rule.Checksum
		}
		rep.Findings[i] = scan.Finding{Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: "x"}, LineHash: "1:1"}
	}
	for i := range rep.Gaps {
		rep.Gaps[i] = &scan.Gap{Why: errors.New("no")}
	}
	run := Log{Rules: rule.All()}.run(rep)
	if len(run.Results) != 25_000 {
		t.Errorf("%d results", len(run.Results))
	}
	for i, res := range run.Results {
		if want := map[bool]string{true: "error", false: "note"}[i < 13_000]; *res.Level != want {
			t.Fatalf("result %d is %s, want %s", i, *res.Level, want)
		}
	}
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(notes) != 1002 || !strings.HasPrefix(*notes[0].Message.Text, "1000 more findings") || !strings.Contains(*notes[1001].Message.Text, "2000 more") {
		t.Errorf("%d notifications, first %q", len(notes), *notes[0].Message.Text)
	}
}
