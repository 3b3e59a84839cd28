package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// explanation returns what is explained of rep.
func explanation(t *testing.T, rep *scan.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := (report.Text{Writer: &b, Prefix: "../"}).Explanation().Publish(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestExplanation: each thing has one line, whatever it is called, and no key is told.
func TestExplanation(t *testing.T) {
	rep := sample(t, hostile...)
	for _, h := range append(hostile, rule.All()[0].Mint(random())) {
		rep.Explained = append(rep.Explained, scan.Explained{Place: scan.Place{Path: h}, From: scan.Position{Line: 2, Column: 3}, Rule: rule.All()[0], Why: "it is none"})
	}
	rep.Unexplained = 1234
	text := explanation(t, rep)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if want := len(rep.Findings) + len(rep.Explained) + 1; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, l := range lines {
		if !strings.HasPrefix(l, "why: ") || strings.ContainsAny(l, "\x1b\r\x00") || strings.Contains(l, "##[") {
			t.Errorf("%q", l)
		}
	}
	for i := range rep.Findings {
		if rep.Findings[i].Match.Secret.In(text) {
			t.Fatal("it tells a key")
		}
	}
	if last := lines[len(lines)-1]; last != "why: and 1,234 more that nothing is said of" {
		t.Errorf("the last line is %q", last)
	}
}

func TestExplanationIsBounded(t *testing.T) {
	rep := &scan.Report{}
	for range 3000 {
		rep.Explained = append(rep.Explained, scan.Explained{Place: scan.Place{Path: "a"}, Why: "it is none"})
		rep.Findings = append(rep.Findings, scan.Finding{Rule: rule.All()[0], Level: rule.Note})
	}
	text := explanation(t, rep)
	if n := strings.Count(text, "\n"); n != 2001 || !strings.HasSuffix(text, "and 4,000 more that nothing is said of\n") {
		t.Errorf("%d lines, the last is %q", n, text[max(0, len(text)-60):])
	}
}
