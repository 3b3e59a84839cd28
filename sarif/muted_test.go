package sarif_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
)

// What was accepted is suppressed, with who did so and why; all else is not.
func TestSuppressions(t *testing.T) {
	rep := accepted("a.yml:7:5", "ci/x.sh:3", "base.json", "a:b:0", ":4")
	counting := len(rep.Findings)
	results := parse(t, rep).Runs[0].Results
	if len(results) != counting+len(rep.Muted) {
		t.Fatalf("%d results", len(results))
	}
	for i, r := range results {
		if i < counting {
			if len(r.Suppressions) > 0 {
				t.Errorf("result %d counts and is suppressed", i)
			}
			continue
		}
		m := rep.Muted[i-counting].Mute
		want := struct {
			kind, uri string
			line      int
		}{"external", m.Where, 1}
		switch m.Where {
		case "a.yml:7:5":
			want.kind, want.uri, want.line = "inSource", "a.yml", 7
		case "ci/x.sh:3":
			want.uri, want.line = "ci/x.sh", 3
		case "a:b:0", ":4":
			want.uri = strings.ReplaceAll(m.Where, ":", "%3A")
			if m.Where == "a:b:0" {
				want.kind = "inSource"
			}
		}
		if len(r.Suppressions) != 1 {
			t.Fatalf("%d suppressions of %q", len(r.Suppressions), m.Where)
		}
		s := r.Suppressions[0]
		at := s.Location.PhysicalLocation
		if s.Kind != want.kind || s.Status != "accepted" || at.ArtifactLocation.URI != want.uri || at.Region.StartLine != want.line ||
			!strings.HasSuffix(s.Justification, ": r "+m.Where) || !strings.Contains(s.Justification, m.By) {
			t.Errorf("%+v for %+v", s, m)
		}
	}
}

// A log for GitHub, which does not read suppressions, leaves out what was accepted.
func TestWithoutMuted(t *testing.T) {
	rep := accepted("a.yml:7:5")
	var with, without bytes.Buffer
	for _, c := range []struct {
		out   *bytes.Buffer
		muted bool
	}{{&with, true}, {&without, false}} {
		if err := (sarif.Log{Rules: rule.All(), Muted: c.muted}).Render(c.out, rep); err != nil {
			t.Fatal(err)
		}
	}
	rep.Muted = nil
	var never bytes.Buffer
	if err := (sarif.Log{Rules: rule.All()}).Render(&never, rep); err != nil {
		t.Fatal(err)
	}
	if without.String() != never.String() || with.Len() <= without.Len() {
		t.Error("what is accepted is in a log that is to have none, or missing where it belongs")
	}
}
