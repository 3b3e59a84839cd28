// Package gitlab says a report in the two formats that GitLab takes as artifacts: its
// secret detection report, which the vulnerability report of the Ultimate tier reads, and
// its code quality report, which merge requests of every tier show.
package gitlab

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A SecretDetection renders reports as gl-secret-detection-report.json.
type SecretDetection struct {
	Version string       // of the program
	Rules   []*rule.Rule // all that the run looked for
	// Begin and End are when the run began and ended. The format demands them; of zero
	// times, equal reports give equal files.
	Begin, End time.Time
}

// The version of GitLab's schema that the file keeps to: GitLab refuses a file of a
// version that it does not know (security-report-schemas, dist, 2026-11).
const (
	schemaVersion = "15.2.4"
	schemaPage    = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + schemaVersion + "/dist/secret-detection-report-format.json"
)

// home is the page about the program.
const home = "https://github.com/bbkeys/bbkeys"

// How much one file holds. GitLab names no limit but that of an artifact's size, which is
// 100 MB unless it is changed; the JSON report holds all.
const (
	maxFindings = 5000
	maxGaps     = 1000
)

// noCommit stands for the commit of what is in none, as the format demands one.
const noCommit = "0000000"

type document struct {
	Version         string          `json:"version"`
	Schema          string          `json:"schema"`
	Scan            run             `json:"scan"`
	Vulnerabilities []vulnerability `json:"vulnerabilities"`
}

type run struct {
	Analyzer    tool         `json:"analyzer"`
	Scanner     tool         `json:"scanner"`
	Type        string       `json:"type"`
	Start       string       `json:"start_time"`
	End         string       `json:"end_time"`
	Status      string       `json:"status"`
	Messages    []message    `json:"messages"`
	Partial     *partial     `json:"partial_scan,omitempty"`
	Identifiers []identifier `json:"primary_identifiers,omitempty"`
}

type tool struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	URL     string `json:"url"`
	Version string `json:"version"`
	Vendor  vendor `json:"vendor"`
}

type vendor struct {
	Name string `json:"name"`
}

type message struct {
	Level string `json:"level"`
	Value string `json:"value"`
}

type partial struct {
	Mode string `json:"mode"`
}

// Render writes rep to w.
func (s SecretDetection) Render(w io.Writer, rep *scan.Report) error {
	worst := rep.Worst()
	over := max(0, len(worst)-maxFindings)
	doc := document{
		Version: schemaVersion, Schema: schemaPage,
		Scan:            s.run(rep, over),
		Vulnerabilities: make([]vulnerability, len(worst)-over),
	}
	names := names{}
	for i := range doc.Vulnerabilities {
		f := &worst[i]
		doc.Vulnerabilities[i] = vulnerabilityOf(f, uuid(names.next(f)), rep.Scanned.Head)
	}
	return encode(w, doc)
}

func (s SecretDetection) run(rep *scan.Report, over int) run {
	bbkeys := tool{ID: "bbkeys", Name: "bbkeys", URL: home, Version: s.Version, Vendor: vendor{"bbkeys"}}
	if bbkeys.Version == "" {
		bbkeys.Version = "unknown" // an empty one is refused
	}
	r := run{
		Analyzer: bbkeys, Scanner: bbkeys, Type: "secret_detection",
		Start: clock(s.Begin), End: clock(s.End),
		Status:   "success",
		Messages: messages(rep, over),
	}
	if !rep.Complete() {
		r.Status = "failure"
	}
	// What a scan of a change does not find is not gone.
	if m := rep.Scanned.Mode; m == "range" || m == "staged" {
		r.Partial = &partial{"differential"}
	}
	for _, of := range s.Rules {
		for _, p := range []rule.Proof{rule.Checksum, rule.Layout} {
			r.Identifiers = append(r.Identifiers, ruleIdentifier(&scan.Finding{Rule: of, Match: rule.Match{Proof: p}}))
		}
	}
	return r
}

// messages says what was looked at and what was not.
func messages(rep *scan.Report, over int) []message {
	all := []message{{"info", fmt.Sprintf("%s. Looked at %s.", report.Headline(rep), report.Scanned(rep.Scanned))}}
	if n := rep.Scanned.Note; n != "" {
		all = append(all, message{"info", report.Clean(n)})
	}
	for _, r := range report.Record(rep.Scanned) {
		all = append(all, message{"info", r})
	}
	for _, r := range report.Remarks(rep) {
		all = append(all, message{"warn", "Remark: " + r + "."})
	}
	if over > 0 {
		all = append(all, message{"warn", fmt.Sprintf("%d more findings are not in this file, which holds the %d worst; the JSON report has all of them.", over, maxFindings)})
	}
	if rep.Interrupted() {
		all = append(all, message{"fatal", "The scan was stopped before it was done."})
	}
	for _, e := range rep.Faults() {
		all = append(all, message{"info", fmt.Sprintf("%s: %s. See %s", e.Code, e.Title, e.Code.Link())})
	}
	for i, g := range rep.Gaps {
		if i == maxGaps {
			return append(all, message{"warn", fmt.Sprintf("Not looked at: %d more things.", len(rep.Gaps)-i)})
		}
		all = append(all, message{"warn", "Not looked at: " + report.Missed(g)})
	}
	return all
}

// clock is a time as the schema spells it: UTC, without a zone.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	return nil
}

// severity is what GitLab ranks by, in its words.
func severity(f *scan.Finding) string {
	switch s := f.Rule.Severity; {
	case f.Level == rule.Note:
		return "Info"
	case s > 9:
		return "Critical"
	case s >= 7:
		return "High"
	case s >= 4:
		return "Medium"
	}
	return "Low"
}

// ruleID tells what only looks like a key from a key: GitLab keeps what it knows of a
// finding by this.
func ruleID(f *scan.Finding) string {
	if f.Match.Proof == rule.Layout {
		return f.Rule.ID + "/look-alike"
	}
	return f.Rule.ID
}

// solution says what to do, as numbered sentences.
func solution(f *scan.Finding) string {
	var b strings.Builder
	for i, step := range report.Next(f) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step)
	}
	if u := f.Rule.Doc.Revoke; u != "" {
		fmt.Fprintf(&b, "\nIt is revoked at %s\n", u)
	}
	return b.String()
}
