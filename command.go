package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/logs"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/source"
	"github.com/rs/zerolog"
)

// A command is one call of the program on its host.
type command struct {
	proc.Process
	host ci.Provider
	config.Config
	log zerolog.Logger
}

// scan plans, scans and publishes.
func (c command) scan(ctx context.Context) error {
	if strays := c.host.Unknown(c.Process, config.Names()); len(strays) > 0 {
		return exit.Usagef("the inputs are "+strings.Join(config.Names(), ", "), "reading the inputs: there is no input %s", strings.Join(strays, ", "))
	}
	if c.SARIF.Path == "-" && c.JSON.Path == "-" {
		return exit.Usagef("give one of them a file", "reading the inputs: both reports are to go to standard output")
	}
	job, err := c.host.Job(c.Process)
	if err != nil {
		return err
	}
	rules := rule.All()
	src, err := source.Plan(ctx, source.Request{Path: c.Arg, Mode: c.Mode, Base: c.Base, Head: c.Head, Unreachable: c.Unreachable, Rules: rules}, job)
	if err != nil {
		return err
	}
	c.log.Debug().Str("host", c.host.Name()).Str("mode", c.Mode).Msg("scan begins")
	var meter scan.Progress
	stop := logs.Watch(c.Process, func() string {
		return fmt.Sprintf("bbkeys: %d files, %.0f MB", meter.Blobs.Load(), float64(meter.Bytes.Load())/1e6)
	})
	rep := scan.Run(ctx, src, scan.Options{Rules: rules, Jobs: c.Jobs, Meter: &meter})
	stop()
	if used, ok := src.(io.Closer); ok {
		if err := used.Close(); err != nil {
			c.log.Warn().Err(err).Msg("what was fetched for the scan could not be removed")
		}
	}
	// What was found is told even when the run was told to stop.
	return report.To(context.WithoutCancel(ctx), rep, c.policy(), c.publishers(job)...)
}

func (c command) policy() report.Policy {
	p := report.Policy{AllowGaps: c.OnGap == "warn"}
	for _, l := range []rule.Level{rule.Note, rule.Warning, rule.Error} {
		if l.String() == c.FailOn {
			p.FailOn = l
		}
	}
	return p
}

// publishers returns where the report goes: files first, so that they are there when the
// CI is told of them, and what ends the log last.
func (c command) publishers(job ci.Job) []report.Publisher {
	var pubs []report.Publisher
	text := c.Stdout
	file := func(f config.File, name string, render report.Render) {
		if f.Path == "-" {
			text = c.Stderr
		}
		if f.Path != "" {
			pubs = append(pubs, report.File{Name: name, Path: f.Path, Dir: job.Dir, Stdout: c.Stdout, Render: render})
		}
	}
	sarifFile := c.SARIF
	if !sarifFile.Set && job.SARIF != "" {
		sarifFile.Path = job.SARIF
	}
	file(c.under(job, sarifFile), "SARIF report", sarif.Log{Version: buildVersion(), Rules: rule.All()}.Render)
	file(c.under(job, c.JSON), "JSON report", report.JSON{Version: buildVersion()}.Render)
	if text == c.Stdout || text.Terminal {
		said := report.Text{Writer: text, Colour: text.Terminal && c.Getenv("NO_COLOR") == "", Prefix: c.prefix()}
		pubs = append(pubs, ci.Quoted(c.host, c.Process, said))
	}
	shown := c.Process
	shown.Stdout = text // what a CI is told must not spoil a report
	return append(pubs, c.host.Publishers(shown, job, ci.Delivery{SARIF: sarifFile.Path, Policy: c.policy(), Prefix: c.prefix()})...)
}

// under puts a file that no flag named below the checkout, where a CI looks for it.
func (c command) under(job ci.Job, f config.File) config.File {
	if f.Path != "" && f.Path != "-" && !f.Flag && !filepath.IsAbs(f.Path) {
		f.Path = filepath.Join(job.Dir, f.Path)
	}
	return f
}

// prefix returns what leads from the working directory to the checkout, for paths that a
// person opens.
func (c command) prefix() string {
	if c.Arg == "" || filepath.Clean(c.Arg) == "." {
		return ""
	}
	return filepath.ToSlash(filepath.Clean(c.Arg)) + "/"
}

// buildVersion is the version of the release, or of the module that was built.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
