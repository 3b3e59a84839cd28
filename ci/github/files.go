package github

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A file is one by which a step tells the runner something. The runner makes it before
// the step, so it keeps its owner.
type file struct {
	path, what string
	code       fault.Code // of not being able to write it
}

// there reports whether the runner takes what the file is for.
func (f file) there() bool { return f.path != "" }

// size is how much of it earlier commands of the step have written.
func (f file) size() int64 {
	if info, err := os.Stat(f.path); err == nil {
		return info.Size()
	}
	return 0
}

func (f file) add(text string) error {
	w, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fault.New(f.code, "writing the %s: %w", f.what, err)
	}
	_, err = w.WriteString(text)
	if err = errors.Join(err, w.Close()); err != nil {
		return fault.New(f.code, "writing the %s: %w", f.what, err)
	}
	return nil
}

// outputs sets the outputs of the step. What is in them is of our own making, and one
// line each: a line of somebody else's would be an output of its own.
type outputs struct {
	file
	dir string // the checkout
	d   ci.Delivery
}

// Publish implements report.Publisher.
func (o outputs) Publish(_ context.Context, rep *scan.Report) error {
	if !o.there() {
		return nil
	}
	sarif := o.sarif()
	if strings.ContainsAny(sarif, "\r\n") {
		return fault.New(fault.OutputsUnwritable, "writing the outputs: the name of the SARIF file has more than one line")
	}
	// Where nothing fails a step, its outputs are what its workflow goes by.
	atLeast := rule.Warning
	if o.d.Policy.FailOn > 0 {
		atLeast = o.d.Policy.FailOn
	}
	var b strings.Builder
	for _, out := range []struct{ name, value string }{
		{"found", strconv.FormatBool(rep.Count(atLeast) > 0)},
		{"count", strconv.Itoa(len(rep.Findings))},
		{"error-count", strconv.Itoa(rep.Count(rule.Error))},
		{"sarif-file", sarif},
		{"complete", strconv.FormatBool(rep.Complete())},
		{"scanned", scanned(rep.Scanned)},
	} {
		fmt.Fprintf(&b, "%s=%s\n", out.name, out.value)
	}
	return o.add(b.String())
}

// sarif is the SARIF file as a later step finds it: a container has the workspace at a
// place of its own.
func (o outputs) sarif() string {
	if o.d.SARIF == "-" {
		return ""
	}
	if inside, ok := strings.CutPrefix(o.d.SARIF, strings.TrimSuffix(o.dir, "/")+"/"); ok {
		return inside
	}
	return o.d.SARIF
}

// scanned says in one word, or two with the ends of a range, what was looked at.
func scanned(s scan.Scanned) string {
	if s.Mode == "range" {
		return fmt.Sprintf("range %s..%s", ci.Commit(s.Base), ci.Commit(s.Head))
	}
	return s.Mode
}

// maxSummary is how many bytes of summary GitHub takes from a step; it takes nothing of
// what is longer (actions/runner, 2026-11).
const maxSummary = 1 << 20

// summary shows the report on the page of the run.
type summary struct{ file }

// Publish implements report.Publisher.
func (s summary) Publish(_ context.Context, rep *scan.Report) error {
	if !s.there() {
		return nil
	}
	room := maxSummary - s.size()
	if room <= 0 {
		return fault.New(fault.SummaryUnwritable, "writing the step summary: the step has filled it already")
	}
	return s.add(report.Markdown(rep, int(room)))
}
