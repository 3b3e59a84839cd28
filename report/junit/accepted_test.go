package junit_test

import (
	"testing"

	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/report"
)

// What is accepted is a skipped test each, whatever the policy, with who accepted it and why.
func TestAcceptedIsSkipped(t *testing.T) {
	rep := sample.Accepted(sample.Hostile()...)
	s := parse(t, sample.Write(t, rep, suite(strict).Render)).Suites[0]
	if s.Failures != 1 || s.Errors != 0 || s.Skipped != len(rep.Muted) || s.Tests != 1+len(rep.Muted) {
		t.Fatalf("%d failures, %d errors, %d skipped", s.Failures, s.Errors, s.Skipped)
	}
	i := 0
	for _, c := range s.Cases {
		if c.Skipped == nil {
			continue
		}
		if want := report.Muted(&rep.Muted[i]); c.Skipped.Message != want {
			t.Errorf("skipped because %q, want %q", c.Skipped.Message, want)
		}
		i++
	}
}

// A suite with very much that is accepted has one test for the rest.
func TestAcceptedIsBounded(t *testing.T) {
	rep := sample.Accepted(make([]string, 5002)...)
	s := parse(t, sample.Write(t, rep, suite(strict).Render)).Suites[0]
	if s.Tests != 5002 || s.Skipped != 5001 || s.Cases[len(s.Cases)-1].Skipped.Message != "2 more findings are accepted; the JSON report lists all." {
		t.Errorf("%d tests, %d skipped", s.Tests, s.Skipped)
	}
}
