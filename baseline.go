package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/mute"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/source"
)

// accepted reads the baseline in the version that counts. There may be none, and then a
// remark on why, where one may be meant.
func (c command) accepted(ctx context.Context, version *source.Version) (*mute.Baseline, []scan.Remark, error) {
	named := source.Named{Path: c.Baseline.Path, Flag: c.Baseline.Flag, Max: mute.MaxBaseline, Sought: c.Command == "baseline"}
	switch {
	case named.Path == noSettings, named.Path == "-", named.Path == "" && c.Baseline.Flag:
		return nil, nil, nil
	case named.Path == "":
		named.Path, named.Sought = mute.BaselineFile, true
	}
	file, err := version.Read(ctx, named)
	if err != nil {
		return nil, nil, err
	}
	if file.Data == nil {
		if file.Note == "" {
			return nil, nil, nil
		}
		return nil, []scan.Remark{{Text: file.Note}}, nil
	}
	base, err := mute.ReadBaseline(file.Path, file.Data)
	if err != nil {
		of := ""
		if file.Commit != "" {
			of = " of commit " + file.Commit[:10]
		}
		return nil, nil, exit.Usagef(fault.BadBaseline, "mend the line, or delete the file and write it anew with bbkeys baseline", "reading the baseline%s: %w", of, err)
	}
	return base, nil, nil
}

// whole makes c a scan that a baseline can be made of: of all that there is, and into no
// report.
func (c *command) whole() error {
	switch c.Mode {
	case "auto":
		c.Mode = "checkout"
	case "range", "staged":
		return exit.Usagef(fault.PartialBaseline, "leave out --mode, or name checkout or history", "making a baseline: a scan of mode %s does not look at all that there is", c.Mode)
	}
	for _, o := range c.outputs(time.Time{}) {
		if o.file.Flag && o.file.Path != "" {
			return exit.Usagef(fault.BadFlag, "leave it out; bbkeys scan writes reports", "reading the command line: bbkeys baseline writes no %s", o.name)
		}
	}
	return nil
}

// baseline scans and accepts what it finds.
func (c command) baseline(ctx context.Context) error {
	r, err := c.look(ctx)
	if err != nil {
		return err
	}
	policy := report.Policy{AllowGaps: c.OnGap == "warn"}
	if r.rep.Interrupted() {
		return policy.Verdict(r.rep) // half of a scan does not replace a baseline
	}
	snapshot := mute.Snapshot{Old: c.base, Now: r.began, Redact: report.Redact}
	file := c.baselineFile(r.job)
	said := accepting{c.Stdout, snapshot, file.Path}
	if file.Path == "-" {
		said.out = c.Stderr
	}
	return report.To(context.WithoutCancel(ctx), r.rep, policy,
		report.File{Name: "baseline", Path: file.Path, Dir: c.root(r.job, file), Stdout: c.Stdout, Render: snapshot.Render}, said)
}

// baselineFile is where the baseline is written: where it is read.
func (c command) baselineFile(job ci.Job) config.File {
	f := c.Baseline
	if f.Path == "" || f.Path == noSettings {
		f = config.File{Path: mute.BaselineFile}
	}
	f.Checkout = !f.Flag
	return c.under(job, f)
}

// An accepting says what a new baseline accepts.
type accepting struct {
	out      io.Writer
	snapshot mute.Snapshot
	path     string
}

// Publish implements report.Publisher.
func (a accepting) Publish(_ context.Context, rep *scan.Report) error {
	all, added, dropped := a.snapshot.Changes(rep)
	var b strings.Builder
	for _, r := range report.Remarks(rep) {
		fmt.Fprintf(&b, "remark: %s\n", r)
	}
	fmt.Fprintf(&b, "bbkeys: keys accepted in %s: %d, of which new: %d; no longer there: %d. Revoke what still works, and commit the file\n",
		report.Clean(a.path), all, added, dropped)
	if _, err := io.WriteString(a.out, b.String()); err != nil {
		return fault.New(fault.OutputUnwritable, "saying what is accepted: %w", err)
	}
	return nil
}
