package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/logs"
	"github.com/bbkeys/bbkeys/mute"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/report/gitlab"
	"github.com/bbkeys/bbkeys/report/html"
	"github.com/bbkeys/bbkeys/report/junit"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/settings"
	"github.com/bbkeys/bbkeys/source"
	"github.com/bbkeys/bbkeys/web"
	"github.com/rs/zerolog"
)

// A command is one call of the program on its host.
type command struct {
	proc.Process
	host ci.Provider
	config.Config
	log zerolog.Logger

	settings *settings.Settings   // never nil once they are read
	settled  scan.Settings        // what the report says of them
	base     *mute.Baseline       // what is accepted; nil for none
	remarks  []scan.Remark        // on how it was read
	repo     bitbucket.Repository // in Data Center, where the report goes; the zero value for nowhere
}

// scan plans, scans and publishes.
func (c command) scan(ctx context.Context) error {
	r, err := c.look(ctx)
	if err != nil {
		return err
	}
	// What was found is told even when the run was told to stop.
	return report.To(context.WithoutCancel(ctx), r.rep, c.policy(), c.publishers(r.job, r.began)...)
}

// An outcome is what came of a scan before it is told.
type outcome struct {
	job   ci.Job
	began time.Time
	rep   *scan.Report
}

// look plans and scans.
func (c *command) look(ctx context.Context) (r outcome, err error) {
	if err := c.strays(); err != nil {
		return r, err
	}
	r.began = time.Now()
	if r.job, err = c.host.Job(c.Process); err != nil {
		return r, err
	}
	at, err := source.Open(c.Arg, r.job, web.Of(c.Process))
	if err != nil {
		return r, err
	}
	defer c.remove(at)
	if err := c.prepare(ctx, at, &r.job); err != nil {
		return r, err
	}
	finder := scan.NewFinder(rule.All())
	finder.Limit(c.limits())
	c.settings.Finder(finder)
	src, err := at.Plan(ctx, c.request(finder))
	if err != nil {
		return r, err
	}
	c.log.Debug().Str("host", c.host.Name()).Str("mode", c.Mode).Msg("scan begins")
	var meter scan.Progress
	stop := logs.Watch(c.Process, func() string {
		return fmt.Sprintf("bbkeys: %d files, %.0f MB", meter.Blobs.Load(), float64(meter.Bytes.Load())/1e6)
	})
	r.rep = scan.Run(ctx, src, scan.Options{Finder: finder, Jobs: c.Jobs, Meter: &meter, Explain: c.Explain})
	stop()
	r.rep.Scanned.Settings = c.settled
	r.rep.Remarks = append(r.rep.Remarks, c.remarks...)
	set := mute.Set{Entries: c.settings.Mute, Baseline: c.base, Now: r.began, Change: r.job.Change.Proposed}
	if c.Command == "baseline" {
		set.Baseline = nil // which is being made
	}
	set.Apply(r.rep)
	c.settings.Relevel(r.rep)
	return r, nil
}

// prepare reads the settings and the baseline and decides where the reports of a job go.
func (c *command) prepare(ctx context.Context, at *source.Checkout, job *ci.Job) (err error) {
	version := at.Version(ctx, c.request(nil))
	if err := c.settle(ctx, version); err != nil {
		return err
	}
	if err := c.Contradiction(); err != nil {
		return err
	}
	if c.base, c.remarks, err = c.accepted(ctx, version); err != nil {
		return err
	}
	if c.Command == "baseline" {
		return c.whole()
	}
	if !c.SARIF.Set && job.SARIF != "" {
		c.SARIF.Path = job.SARIF
	}
	if err := c.bind(job); err != nil {
		return err
	}
	if c.twice(*job) {
		return exit.Usagef(fault.SameFile, "give each report a file of its own", "reading the inputs: two reports are to go to the same file")
	}
	return nil
}

// request is what the user asked for of the source.
func (c command) request(finder *scan.Finder) source.Request {
	return source.Request{Mode: c.Mode, Base: c.Base, Head: c.Head, Unreachable: c.Unreachable, Finder: finder}
}

// remove closes what may have been fetched to a temporary folder. That it can't be removed
// is told and no more.
func (c command) remove(used io.Closer) {
	if err := used.Close(); err != nil {
		logs.Warn(c.log, fault.New(fault.LeftBehind, "removing what was fetched for the scan: %w", err), report.Clean)
	}
}

// limits are what looking into an archive may cost.
func (c command) limits() archive.Limits {
	return archive.Limits{Depth: c.ArchiveDepth, Entries: c.ArchiveEntries, Bytes: int64(c.ArchiveSize) << 20, Ratio: int64(c.ArchiveRatio)}
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

// An output is a report that may go to a file.
type output struct {
	name   string // in errors
	file   config.File
	render report.Render
}

// outputs returns every format of a report, asked for or not.
func (c command) outputs(began time.Time) []output {
	v, ended := buildVersion(), time.Now()
	return []output{
		{"SARIF report", c.SARIF, sarif.Log{Version: v, Rules: rule.All(), Muted: c.host.Name() != "github"}.Render},
		{"JSON report", c.JSON, report.JSON{Version: v}.Render},
		{"JUnit report", c.JUnit, junit.Suite{Version: v, Policy: c.policy(), Begin: began, End: ended}.Render},
		{"GitLab report", c.GitLab, gitlab.SecretDetection{Version: v, Rules: rule.All(), Begin: began, End: ended}.Render},
		{"GitLab code quality report", c.Quality, gitlab.CodeQuality{}.Render},
		{"HTML report", c.HTML, html.Page{Version: v, Made: ended}.Render},
	}
}

// twice reports whether one file is named for two reports.
func (c command) twice(job ci.Job) bool {
	seen := map[string]bool{}
	for _, o := range c.outputs(time.Time{}) {
		path := c.under(job, o.file).Path
		if path == "" {
			continue
		}
		if path = sameName(path); seen[path] {
			return true
		}
		seen[path] = true
	}
	return false
}

// sameName returns one name for all names of the file that a report goes to, of which its
// folder may have several.
func sameName(path string) string {
	abs, err := filepath.Abs(path)
	if path == "-" || err != nil {
		return path
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// publishers returns where the report goes: files first, so that they are there when the
// CI is told of them, and what ends the log last.
func (c command) publishers(job ci.Job, began time.Time) []report.Publisher {
	var pubs []report.Publisher
	text := c.Stdout
	for _, o := range c.outputs(began) {
		f := c.under(job, o.file)
		if f.Path == "-" {
			text = c.Stderr
		}
		if f.Path != "" {
			pubs = append(pubs, report.File{Name: o.name, Path: f.Path, Dir: c.root(job, f), Stdout: c.Stdout, Render: o.render})
		}
	}
	if c.Explain {
		pubs = append(pubs, report.Text{Writer: c.Stderr, Prefix: c.prefix()}.Explanation())
	}
	if text == c.Stdout || text.Terminal {
		said := report.Text{Writer: text, Colour: text.Terminal && c.Getenv("NO_COLOR") == "", Prefix: c.prefix()}
		pubs = append(pubs, ci.Quoted(c.host, c.Process, said))
	}
	shown := c.Process
	shown.Stdout = text // what a CI is told must not spoil a report
	d := ci.Delivery{SARIF: c.SARIF.Path, Policy: c.policy(), Prefix: c.prefix(), Mode: c.Mode, Began: began, Insights: c.Insights}
	if c.Upload {
		d.Upload = sarif.Log{Version: buildVersion(), Rules: rule.All()}.Render
	}
	if c.repo != (bitbucket.Repository{}) {
		d.Insights = "false" // of Cloud
		pubs = append(pubs, c.repo.Publisher(shown, job, d, c.host.Input(c.Process, "token")))
	}
	return append(pubs, c.host.Publishers(shown, job, d)...)
}

// under puts a file that no flag named below the checkout, where a CI looks for it.
func (c command) under(job ci.Job, f config.File) config.File {
	if f.Path != "" && f.Path != "-" && !f.Flag && !filepath.IsAbs(f.Path) {
		f.Path = filepath.Join(c.root(job, f), f.Path)
	}
	return f
}

// root returns the folder that a report belongs to which no flag named: the checkout that
// is scanned where that named it, which it must not lead out of, and else that of the CI.
func (c command) root(job ci.Job, f config.File) string {
	if !f.Checkout || c.Arg == "" {
		return job.Dir
	}
	if info, err := os.Stat(c.Arg); err == nil && !info.IsDir() {
		return filepath.Dir(c.Arg)
	}
	return c.Arg
}

// prefix returns what leads from the working directory to the checkout, for paths that a
// person opens.
func (c command) prefix() string {
	dir := filepath.Clean(c.Arg) // "." where there is none
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if dir == "." {
		return ""
	}
	return strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/"
}

// buildVersion is the version of the release, or of the module that was built, in the same
// form.
func buildVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "unknown"
}
