package github

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// maxAnnotations is how many annotations of one level GitHub shows for a step (workflow
// commands, limits, 2026-11).
const maxAnnotations = 10

// gitDir begins the paths that are in a checkout and not in the repository, such as that
// of a commit's message.
const gitDir = ".git/"

// annotations puts the worst findings beside the lines that they are in.
type annotations struct {
	out    io.Writer
	policy report.Policy
}

// Publish implements report.Publisher.
func (a annotations) Publish(_ context.Context, rep *scan.Report) error {
	// One notice is kept for saying what is not annotated.
	left := map[string]int{"error": maxAnnotations, "warning": maxAnnotations, "notice": maxAnnotations - 1}
	var all []githubactions.Command
	if !rep.Complete() {
		c := a.incomplete(rep)
		left[c.Name]--
		all = append(all, c)
	}
	type spot struct {
		path, key string
		from      scan.Position
	}
	seen := map[spot]bool{}
	hidden := 0
	for _, f := range rep.Worst() {
		// A key that many commits hold at one place is one line to look at.
		at := spot{f.Place.Path, f.Fingerprint(), f.From}
		if seen[at] {
			continue
		}
		seen[at] = true
		c := annotation(&f)
		if left[c.Name] == 0 {
			hidden++
			continue
		}
		left[c.Name]--
		all = append(all, c)
	}
	if hidden > 0 {
		all = append(all, githubactions.Command{
			Name: "notice", Properties: githubactions.CommandProperties{"title": "bbkeys"},
			Message: fmt.Sprintf("GitHub shows %d annotations of a level; the step's summary and log have %d more.", maxAnnotations, hidden),
		})
	}
	return say(a.out, all...)
}

// incomplete says that something was not looked at, and what first.
func (a annotations) incomplete(rep *scan.Report) githubactions.Command {
	c := githubactions.Command{
		Name: "error", Properties: githubactions.CommandProperties{"title": "bbkeys: incomplete"},
		Message: "Not looked at: " + report.Missed(rep.Gaps[0]),
	}
	if a.policy.AllowGaps {
		c.Name = "warning"
	}
	if more := len(rep.Gaps) - 1; more > 0 {
		c.Message += fmt.Sprintf(", and %d more", more)
	}
	c.Message += ". See " + rep.Gaps[0].Code().Link()
	return c
}

// annotation says what f is, at its place.
func annotation(f *scan.Finding) githubactions.Command {
	c := githubactions.Command{
		Name: command(f.Level), Message: report.Message(f) + where(f),
		Properties: githubactions.CommandProperties{"title": f.Rule.Name},
	}
	if f.Match.Proof != rule.Layout && f.Rule.Doc.Revoke != "" {
		c.Message += " Revoke it: " + f.Rule.Doc.Revoke
	}
	if strings.HasPrefix(f.Place.Path, gitDir) {
		return c
	}
	c.Properties["file"] = strings.ToValidUTF8(report.Redact(f.Place.Path), "\uFFFD")
	if f.From.Line == 0 {
		return c
	}
	c.Properties["line"] = strconv.Itoa(f.From.Line)
	c.Properties["endLine"] = strconv.Itoa(f.To.Line)
	// GitHub takes columns only within one line, and the last one is part of the place.
	if f.From.Line == f.To.Line {
		c.Properties["col"] = strconv.Itoa(f.From.Column)
		c.Properties["endColumn"] = strconv.Itoa(max(f.From.Column, f.To.Column-1))
	}
	return c
}

// command is the workflow command for a level.
func command(l rule.Level) string {
	switch l {
	case rule.Error:
		return "error"
	case rule.Warning:
		return "warning"
	}
	return "notice"
}

// where says what of f's place an annotation can't point at.
func where(f *scan.Finding) string {
	var parts []string
	for _, in := range f.Inside {
		parts = append(parts, "inside "+report.Clean(in))
	}
	inGit := strings.HasPrefix(f.Place.Path, gitDir)
	switch commit := f.Place.Commit; {
	case commit != "" && inGit:
		parts = append(parts, "in the message of commit "+report.Clean(commit))
	case commit != "":
		parts = append(parts, "in commit "+report.Clean(commit))
	case inGit:
		parts = append(parts, "in "+report.Clean(f.Place.Path))
	}
	if len(parts) == 0 {
		return ""
	}
	return " It is " + strings.Join(parts, ", ") + "."
}
