package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/doctor"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/source"
	"github.com/bbkeys/bbkeys/web"
)

// diagnose says what a scan would go by and what would go wrong, without looking at a file,
// fetching or writing anything. It ends as a scan would that finds no key.
func (c command) diagnose(ctx context.Context) error {
	d := &doctor.Diagnosis{CI: c.host.Name()}
	err := c.examine(ctx, d)
	if fault.Of(err) != 0 && exit.Of(err) == exit.Usage {
		d.Problems = append(d.Problems, doctor.Problem{Code: fault.Of(err), Why: line(err)})
	}
	return c.print(d.String(), err)
}

// examine fills d. Its error is what the run ends with.
func (c command) examine(ctx context.Context, d *doctor.Diagnosis) error {
	d.Know("version", "%s", buildVersion())
	if c.host.Name() == "local" {
		d.Know("CI", "none that is known")
	} else {
		d.Know("CI", "%s", fault.Fix{CI: c.host.Name()}.Where())
	}
	if err := c.strays(); err != nil {
		return err
	}
	job, err := c.host.Job(c.Process)
	if err != nil {
		return err
	}
	tellChange(d, job)
	from := job.Origin
	job.Origin = ci.Origin{} // so that nothing is fetched
	at, err := source.Open(c.Arg, job, web.Of(c.Process))
	if err != nil {
		return err
	}
	defer c.remove(at)
	if err := c.prepare(ctx, at, &job); err != nil {
		return err
	}
	if c.Arg == "" {
		d.Know("checkout", "%s", report.Clean(absolute(job.Dir)))
	} else {
		d.Know("checkout", "%s", report.Clean(absolute(c.Arg)))
	}
	tellClone(ctx, d, at)
	tellOrigin(d, from, web.Of(c.Process))
	finder := scan.NewFinder(rule.All())
	plan, err := at.Plan(ctx, c.request(finder))
	if err != nil {
		return err
	}
	tellPlan(d, c.Mode, plan.Scanned())
	c.tellSettings(d, from)
	c.tellReports(d, job)
	return c.foresee(d, plan, from)
}

// foresee adds the gaps that a scan would have, and returns what the run ends with for
// them.
func (c command) foresee(d *doctor.Diagnosis, plan scan.Source, from ci.Origin) error {
	undelivered := d.Sure()
	for _, g := range source.Foreseen(plan) {
		p := doctor.Problem{Code: g.Code(), Why: "not looked at: " + strings.TrimSuffix(report.Missed(g), " ("+g.Code().String()+")")}
		lacks := []fault.Code{fault.ShallowChange, fault.MissingObject, fault.NoBeginning, fault.OtherCommit}
		if from.URL != "" && slices.Contains(lacks, p.Code) {
			p.Unless = "what is missing can be fetched, which a scan tries first"
		}
		d.Problems = append(d.Problems, p)
	}
	switch {
	case d.Sure() > undelivered && c.OnGap != "warn":
		return &exit.Error{Status: exit.Incomplete, Err: errors.New("a scan would be incomplete"), Hint: "bbkeys doctor says what to do"}
	case undelivered > 0:
		return fault.New(d.Problems[0].Code, "a scan could not deliver a report: %s", d.Problems[0].Why)
	}
	return nil
}

// tellChange says what the job was started for.
func tellChange(d *doctor.Diagnosis, job ci.Job) {
	change, event := job.Change, "none that the CI tells"
	if change.Event != "" {
		event = report.Clean(change.Event)
	}
	if change.Proposed {
		event += ", of a change that is not accepted yet: the settings are those of what it goes to"
	}
	if job.Fork {
		event += "; it comes from a fork, whose job has no secrets and a token that may only read"
	}
	if change.Elsewhere {
		event += "; the checkout does not hold the change, and the job's token is not used"
	}
	d.Know("event", "%s", event)
	for i, e := range change.Ends {
		if name := "change"; i > 0 {
			d.Know("", "or else %s", ends(e))
		} else {
			d.Know(name, "%s, as the CI says", ends(e))
		}
	}
	if len(change.Ends) == 0 && change.Head != "" {
		d.Know("change", "what %s has over the default branch", report.Clean(change.Head))
	}
}

// ends returns a pair of ends as people write a range.
func ends(e ci.Ends) string { return report.Clean(e.Base + ".." + e.Head) }

// tellClone says what the repository has.
func tellClone(ctx context.Context, d *doctor.Diagnosis, at *source.Checkout) {
	clone, err := at.Inspect(ctx)
	switch {
	case err != nil:
		d.Know("clone", "no git repository that can be read: %s", line(err))
	case clone.Shallow && clone.Depth > 0:
		d.Know("clone", "shallow, %d commits deep, %s", clone.Depth, clone.Format)
	case clone.Shallow:
		d.Know("clone", "shallow, %s", clone.Format)
	case clone.Partial:
		d.Know("clone", "partial: it left files with the server, %s", clone.Format)
	default:
		d.Know("clone", "whole, %s", clone.Format)
	}
}

// tellOrigin says from where a scan could fetch what the clone lacks, and with what.
func tellOrigin(d *doctor.Diagnosis, from ci.Origin, network web.Network) {
	switch {
	case from.URL == "":
		d.Know("fetching", "nothing: the CI names no server to fetch from")
	case len(from.Proxies) > 0:
		d.Know("fetching", "what the clone lacks of a change, from %s through the proxy of the build", report.Clean(from.String()))
	case from.Signed():
		d.Know("fetching", "what the clone lacks of a change, from %s with the job's token", report.Clean(from.String()))
	default:
		d.Know("fetching", "what the clone lacks of a change, from %s without a token, which a private repository refuses", report.Clean(from.String()))
	}
	if via := network.Proxy(from.URL); via != "" && len(from.Proxies) == 0 {
		d.Know("proxy", "%s", report.Clean(via))
	}
}

// tellPlan says what would be scanned.
func tellPlan(d *doctor.Diagnosis, mode string, s scan.Scanned) {
	what := map[string]string{
		"checkout": "the checkout", "history": "the whole history", "staged": "what is staged", "none": "nothing",
	}[s.Mode]
	if s.Mode == "range" {
		what = fmt.Sprintf("the range %s..%s, commits: %d", s.Base, s.Head, s.Commits)
	}
	d.Know("scan", "%s (mode %s)", what, mode)
	if s.Note != "" {
		d.Know("", "%s", report.Clean(s.Note))
	}
}

// tellSettings says what the scan would go by and what would fail.
func (c command) tellSettings(d *doctor.Diagnosis, from ci.Origin) {
	switch s := c.settled; {
	case s.Path == "" && s.Note == "":
		d.Know("settings", "none")
	case s.Path == "" && from.URL != "":
		d.Know("settings", "none: %s; a scan tries to fetch what is missing first", report.Clean(s.Note))
	case s.Path == "":
		d.Know("settings", "none: %s", report.Clean(s.Note))
	case s.Commit != "":
		d.Know("settings", "%s as it is in commit %s", report.Clean(s.Path), s.Commit)
	default:
		d.Know("settings", "%s", report.Clean(s.Path))
	}
	d.Know("fails on", "keys: %s and worse; what is not looked at: %s", c.FailOn, c.OnGap)
}

// tellReports says where the reports would go, and which of them could not be written.
func (c command) tellReports(d *doctor.Diagnosis, job ci.Job) {
	name, said := "reports", "text to standard output"
	for _, o := range c.outputs(time.Time{}) {
		f := c.under(job, o.file)
		if f.Path == "" {
			continue
		}
		d.Know(name, "%s to %s", o.name, report.Clean(f.Path))
		name = ""
		if f.Path == "-" {
			said = "no text, since a report has standard output, but to a terminal"
			continue
		}
		info, err := os.Stat(filepath.Dir(f.Path))
		if err == nil && !info.IsDir() {
			err = errors.New("it is in no folder")
		}
		if err != nil {
			d.Problems = append(d.Problems, doctor.Problem{Code: fault.FileUnwritable, Why: fmt.Sprintf("writing the %s to %s: %s", o.name, report.Clean(f.Path), line(err))})
		}
	}
	switch c.host.Name() {
	case "github":
		said += "; annotations, the step's outputs and its summary"
		if c.Upload {
			said += "; SARIF to code scanning"
		}
	case "bitbucket":
		if c.InsightsURL == "" {
			said += "; Code Insights: " + c.Insights
		}
	}
	if c.repo != (bitbucket.Repository{}) {
		said += "; Code Insights of Data Center"
	}
	d.Know(name, "%s", said)
}

// absolute returns a path as it is from the root, as far as that can be told.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// line returns an error as one line that is safe to show.
func line(err error) string { return report.Clean(strings.ReplaceAll(err.Error(), "\n", "; ")) }
