package report_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

// with returns a report of findings of the given levels and gaps.
func with(gaps []*scan.Gap, levels ...rule.Level) *scan.Report {
	rep := &scan.Report{Gaps: gaps}
	for i, l := range levels {
		m := rule.Match{Secret: secret.New(fmt.Sprint("key ", i))}
		rep.Findings = append(rep.Findings, scan.Finding{Rule: rule.All()[0], Level: l, Match: m})
	}
	return rep
}

type publisher func() error

func (p publisher) Publish(context.Context, *scan.Report) error { return p() }

var errDisk = errors.New("no space on the disk")

func TestVerdict(t *testing.T) {
	gap := []*scan.Gap{{Why: errors.New("no such commit")}}
	stop := []*scan.Gap{{Why: fmt.Errorf("reading: %w", scan.ErrInterrupted)}}
	all := []rule.Level{rule.Note, rule.Warning, rule.Error}
	tests := []struct {
		name   string
		rep    *scan.Report
		policy report.Policy
		fails  bool // a publisher
		want   exit.Status
	}{
		{"nothing", with(nil), report.Policy{FailOn: rule.Warning}, false, exit.Clean},
		{"error at error", with(nil, rule.Error), report.Policy{FailOn: rule.Error}, false, exit.Found},
		{"warning at error", with(nil, rule.Warning), report.Policy{FailOn: rule.Error}, false, exit.Clean},
		{"warning at warning", with(nil, rule.Warning), report.Policy{FailOn: rule.Warning}, false, exit.Found},
		{"note at warning", with(nil, rule.Note), report.Policy{FailOn: rule.Warning}, false, exit.Clean},
		{"note at note", with(nil, rule.Note), report.Policy{FailOn: rule.Note}, false, exit.Found},
		{"all at never", with(nil, all...), report.Policy{}, false, exit.Clean},
		{"gap", with(gap), report.Policy{FailOn: rule.Warning}, false, exit.Incomplete},
		{"gap allowed", with(gap), report.Policy{FailOn: rule.Warning, AllowGaps: true}, false, exit.Clean},
		{"gap at never", with(gap, all...), report.Policy{}, false, exit.Incomplete},
		{"found over gap", with(gap, all...), report.Policy{FailOn: rule.Error}, false, exit.Found},
		{"found below, gap", with(gap, rule.Note), report.Policy{FailOn: rule.Error}, false, exit.Incomplete},
		{"interrupted", with(stop), report.Policy{FailOn: rule.Warning}, false, exit.Incomplete},
		{"interrupted is not allowed", with(stop), report.Policy{FailOn: rule.Warning, AllowGaps: true}, false, exit.Incomplete},
		{"found over interrupted", with(stop, rule.Error), report.Policy{FailOn: rule.Error, AllowGaps: true}, false, exit.Found},
		{"undelivered", with(nil), report.Policy{FailOn: rule.Warning}, true, exit.Undelivered},
		{"undelivered, gap allowed", with(gap), report.Policy{AllowGaps: true}, true, exit.Undelivered},
		{"gap over undelivered", with(gap), report.Policy{FailOn: rule.Warning}, true, exit.Incomplete},
		{"found over undelivered", with(nil, rule.Error), report.Policy{FailOn: rule.Error}, true, exit.Found},
		{"found over gap over undelivered", with(gap, rule.Error), report.Policy{FailOn: rule.Error}, true, exit.Found},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			published := 0
			ok := publisher(func() error { published++; return nil })
			bad := publisher(func() error {
				published++
				if tt.fails {
					return fmt.Errorf("writing it: %w", errDisk)
				}
				return nil
			})
			err := report.To(t.Context(), tt.rep, tt.policy, ok, bad, ok)
			if got := exit.Of(err); got != tt.want {
				t.Errorf("status %d, want %d; error: %v", got, tt.want, err)
			}
			if errors.Is(err, errDisk) != tt.fails {
				t.Errorf("the error of the publisher must be told exactly when there is one: %v", err)
			}
			if published != 3 {
				t.Errorf("%d of 3 publishers were asked; one that fails must not stop the others", published)
			}
			if err != nil && exit.Hint(err) == "" {
				t.Errorf("no hint at what to do about %v", err)
			}
		})
	}
}

func TestVerdictSaysHowMany(t *testing.T) {
	again := with(nil, rule.Error, rule.Warning, rule.Note)
	again.Findings = append(again.Findings, again.Findings...)
	once := with(nil, rule.Error)
	once.Findings = append(once.Findings, once.Findings...)
	for _, tt := range []struct {
		rep  *scan.Report
		at   rule.Level
		want string
	}{
		{with(nil, rule.Error), rule.Note, "1 key found"},
		{with(nil, rule.Error, rule.Warning, rule.Note), rule.Warning, "2 keys found"},
		{again, rule.Note, "3 keys found in 6 places"},
		{again, rule.Warning, "2 keys found in 4 places"},
		{again, rule.Error, "1 key found in 2 places"},
		{once, rule.Warning, "1 key found in 2 places"},
	} {
		err := report.To(t.Context(), tt.rep, report.Policy{FailOn: tt.at})
		if err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
