// Package sarif says a report in SARIF 2.1.0, made so that GitHub's code scanning takes
// it: it refuses a whole file for one result that it does not like. It is the only
// package that knows github.com/owenrumney/go-sarif.
package sarif

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A Log renders reports as SARIF logs with one run.
type Log struct {
	Version string       // of the program
	Rules   []*rule.Rule // all that the run looked for, found or not, so that alerts can close
	// Muted says that what was accepted is in the log too, suppressed. GitHub does not read
	// suppressions and would show an alert for each.
	Muted bool
}

// What GitHub takes (docs.github.com, "SARIF support for code scanning", 2026-11).
const (
	maxResults     = 25_000 // more are refused
	maxDescription = 1024   // characters of a rule's fullDescription
	maxNotes       = 1000   // notifications; GitHub names no limit, a hostile repository must have one
)

// home is the page about the program.
const home = "https://github.com/bbkeys/bbkeys"

// Render writes rep to w.
func (l Log) Render(w io.Writer, rep *scan.Report) error {
	doc, err := sarif.New(sarif.Version210)
	if err != nil {
		return fmt.Errorf("beginning a SARIF log: %w", err)
	}
	doc.AddRun(l.run(rep))
	if err := doc.PrettyWrite(w); err != nil {
		return fmt.Errorf("encoding the SARIF log: %w", err)
	}
	_, err = io.WriteString(w, "\n")
	return err
}

func (l Log) run(rep *scan.Report) *sarif.Run {
	rules, index := descriptors(l.Rules)
	run := sarif.NewRunWithInformationURI("bbkeys", home)
	run.Tool.Driver.
		WithVersion(l.Version).
		WithOrganization("bbkeys").
		WithRules(rules)
	if v := strings.TrimPrefix(l.Version, "v"); semantic.MatchString(v) {
		run.Tool.Driver.WithSemanticVersion(v)
	}
	run.Tool.Driver.Notifications = faults(rep)
	run.ColumnKind = "unicodeCodePoints"
	// Alerts are open until a run of the same category does not have them any more. A
	// scan of a change does not look at the rest, so it must not close alerts of a scan
	// that does.
	run.AutomationDetails = sarif.NewRunAutomationDetails().WithID("bbkeys/" + mode(rep) + "/")
	run.Properties = sarif.Properties{"scanned": scanned(rep)}

	worst := rep.Worst()
	over := max(0, len(worst)-maxResults)
	for i := range worst[:len(worst)-over] {
		f := &worst[i]
		run.Results = append(run.Results, result(f).WithRuleIndex(index[ruleID(f)]))
	}
	if l.Muted {
		for i := range rep.Muted[:min(len(rep.Muted), maxResults-len(run.Results))] {
			f := &rep.Muted[i]
			r := result(f).WithRuleIndex(index[ruleID(f)])
			r.Suppressions = []*sarif.Suppression{suppression(f)}
			run.Results = append(run.Results, r)
		}
	}
	run.Invocations = []*sarif.Invocation{l.invocation(rep, over)}
	return run
}

// semantic is the form of a version of semver.org 2.0.0, which semanticVersion must have.
var semantic = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)

func mode(rep *scan.Report) string {
	if m := rep.Scanned.Mode; m != "" {
		return m
	}
	return "none"
}

func scanned(rep *scan.Report) map[string]any {
	s := rep.Scanned
	return map[string]any{
		"mode": mode(rep), "base": plain(s.Base), "head": plain(s.Head), "commits": s.Commits,
		"blobs": s.Blobs, "bytes": s.Bytes, "complete": rep.Complete(), "note": plain(s.Note), "record": records(s),
	}
}

// records says what was left out, and whose settings were in force.
func records(s scan.Scanned) []string {
	all := []string{}
	for _, r := range report.Record(s) {
		all = append(all, plain(r))
	}
	return all
}

func (l Log) invocation(rep *scan.Report, over int) *sarif.Invocation {
	in := sarif.NewInvocation().WithExecutionSuccess(!rep.Interrupted())
	if over > 0 {
		in.AddTToolExecutionNotification(notification(fmt.Sprintf(
			"%d more findings are not in this file, which holds the %d worst; the JSON report has all of them.", over, maxResults)))
	}
	for _, r := range report.Remarks(rep) {
		in.AddTToolExecutionNotification(notification("Remark: " + literal(r) + ".").WithLevel("note"))
	}
	for i, g := range rep.Gaps {
		if i == maxNotes {
			in.AddTToolExecutionNotification(notification(fmt.Sprintf("Not looked at: %d more things.", len(rep.Gaps)-i)))
			break
		}
		n := notification("Not looked at: " + message(g.Why.Error()) + ".").
			WithDescriptor(sarif.NewReportingDescriptorReference().WithId(g.Code().String()))
		if g.Place.Path != "" {
			n.AddLocation(sarif.NewLocationWithPhysicalLocation(physical(g.Place.Path)))
		}
		if g.Place.Commit != "" {
			n.Properties = sarif.Properties{"commit": plain(g.Place.Commit)}
		}
		in.AddTToolExecutionNotification(n)
	}
	return in
}

// faults describes the gaps of rep, each code once.
func faults(rep *scan.Report) []*sarif.ReportingDescriptor {
	var all []*sarif.ReportingDescriptor
	for _, e := range rep.Faults() {
		d := &sarif.ReportingDescriptor{ID: e.Code.String()}
		all = append(all, d.WithShortDescription(sarif.NewMultiformatMessageString(e.Title+".")).WithHelpURI(e.Code.Link()))
	}
	return all
}

func notification(text string) *sarif.Notification {
	return sarif.NewNotification().WithLevel("warning").WithTextMessage(text)
}
