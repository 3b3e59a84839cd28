// Package report says what came of a run: the verdict, and the words, once, for every
// place where they are shown.
package report

import (
	"context"
	"errors"
	"fmt"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// A Publisher shows a report in one place.
type Publisher interface {
	// Publish shows rep. Its error says what was being written and where.
	Publish(ctx context.Context, rep *scan.Report) error
}

// A Policy says what fails a run.
type Policy struct {
	FailOn    rule.Level // the lowest level of a finding that fails; 0 for none
	AllowGaps bool       // what was not looked at is told, and does not fail
}

// To publishes rep to every publisher, without its credentials in any of its texts and
// however many of them fail, and returns the error
// that the process must end with: nil where the run passes.
func To(ctx context.Context, rep *scan.Report, p Policy, pubs ...Publisher) error {
	rep = masked(rep)
	verdict := p.Verdict(rep)
	var failed []error
	for _, pub := range pubs {
		if err := pub.Publish(ctx, rep); err != nil {
			failed = append(failed, err)
		}
	}
	undelivered := errors.Join(failed...)
	switch {
	case undelivered == nil:
		return verdict
	case verdict == nil:
		return &exit.Error{Status: exit.Undelivered, Err: undelivered,
			Hint: "the scan itself is done and found nothing that fails; mend what the error names, or name another place"}
	}
	return errors.Join(verdict, undelivered)
}

// Verdict returns nil if rep passes under p, and else an *exit.Error that says why not.
func (p Policy) Verdict(rep *scan.Report) error {
	if p.FailOn > 0 {
		if rep.Count(p.FailOn) > 0 {
			return &exit.Error{Status: exit.Found, Err: errors.New(found(rep, p.FailOn)),
				Hint: "revoke each key where the report says, then take it out of the code"}
		}
	}
	if p.AllowGaps && !rep.Interrupted() || rep.Complete() {
		return nil
	}
	return &exit.Error{Status: exit.Incomplete,
		Err:  fmt.Errorf("%s not looked at, first: %w", things(len(rep.Gaps)), rep.Gaps[0]),
		Hint: "make it readable, or accept it with on-gap: warn"}
}

func things(n int) string {
	if n == 1 {
		return "1 thing was"
	}
	return fmt.Sprintf("%d things were", n)
}

// Fails reports whether f by itself fails a run under p.
func (p Policy) Fails(f *scan.Finding) bool { return p.FailOn > 0 && f.Level >= p.FailOn }

// found says how many keys there are at or above a level, and in how many places: one
// leaked key is one to revoke, wherever it stands.
func found(rep *scan.Report, at rule.Level) string {
	keys, places := map[string]bool{}, 0
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Level >= at {
			keys[f.Fingerprint()] = true
			places++
		}
	}
	if len(keys) == places {
		return words.Count(places, "key") + " found"
	}
	return fmt.Sprintf("%s found in %s", words.Count(len(keys), "key"), words.Count(places, "place"))
}
