// Package junit says a report as JUnit XML, in the form that Jenkins, CircleCI, Azure
// DevOps, GitLab and TeamCity all read: a test case for each finding and each gap. It
// keeps to the two schemas that describe the format, that of Jenkins' xUnit plugin
// (junit-10) and that of Apache Ant (Windy Road, 2011).
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// A Suite renders reports as one test suite.
type Suite struct {
	Version string // of the program
	// Policy says what fails the run. What does not is a skipped test, so that nothing
	// that reads the file fails a build that passes.
	Policy report.Policy
	// Begin and End are when the run began and ended. The format demands them; of zero
	// times, equal reports give equal files.
	Begin, End time.Time
}

// How much one file holds. CIs keep each test case in memory; the JSON report holds all.
const (
	maxFindings = 5000
	maxGaps     = 1000
)

// class begins the name of every test's class. Jenkins takes what is before the last dot
// for a package, and groups by it.
const class = "bbkeys."

// The elements of the format, with the attributes that both schemas know.
type (
	suites struct {
		XMLName xml.Name `xml:"testsuites"`
		Suite   suite    `xml:"testsuite"`
	}
	suite struct {
		Name       string     `xml:"name,attr"`
		Package    string     `xml:"package,attr"`
		ID         int        `xml:"id,attr"`
		Hostname   string     `xml:"hostname,attr"`
		Timestamp  string     `xml:"timestamp,attr"`
		Time       string     `xml:"time,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []testcase `xml:"testcase"`
		Out        string     `xml:"system-out"`
		Err        string     `xml:"system-err"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	testcase struct {
		Class   string  `xml:"classname,attr"`
		Name    string  `xml:"name,attr"`
		Time    string  `xml:"time,attr"`
		Failure *defect `xml:"failure"`
		Error   *defect `xml:"error"`
		Skipped *defect `xml:"skipped"`
	}
	// A defect is why a test did not pass.
	defect struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// Render writes rep to w.
func (s Suite) Render(w io.Writer, rep *scan.Report) error {
	all := suite{
		Name: "bbkeys", Package: "bbkeys", Hostname: "localhost",
		Timestamp:  s.Begin.UTC().Format("2006-01-02T15:04:05"), // Ant's form has no zone
		Time:       fmt.Sprintf("%.3f", max(0, s.End.Sub(s.Begin).Seconds())),
		Properties: s.properties(rep),
		Cases:      s.cases(rep),
		Out:        out(rep),
	}
	all.Tests = len(all.Cases)
	for _, c := range all.Cases {
		switch {
		case c.Failure != nil:
			all.Failures++
		case c.Error != nil:
			all.Errors++
		case c.Skipped != nil:
			all.Skipped++
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(suites{Suite: all}); err != nil {
		return fmt.Errorf("encoding the JUnit report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// out says what came of the run.
func out(rep *scan.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Looked at %s.\n", report.Headline(rep), report.Scanned(rep.Scanned))
	for _, r := range report.Record(rep.Scanned) {
		fmt.Fprintf(&b, "%s.\n", r)
	}
	for _, r := range report.Remarks(rep) {
		fmt.Fprintf(&b, "Remark: %s.\n", r)
	}
	return b.String()
}

func (s Suite) properties(rep *scan.Report) []property {
	of := rep.Scanned
	return []property{
		{"bbkeys.version", s.Version},
		{"bbkeys.scanned", report.Scanned(of)},
		{"bbkeys.mode", of.Mode},
		{"bbkeys.base", report.Redact(of.Base)},
		{"bbkeys.head", report.Redact(of.Head)},
		{"bbkeys.complete", strconv.FormatBool(rep.Complete())},
	}
}

// cases returns the tests: the findings, the worst first, then the gaps, or else one
// test that passes, since a suite without any is an error to some readers.
func (s Suite) cases(rep *scan.Report) []testcase {
	var all []testcase
	names := names{}
	worst := rep.Worst()
	for i := range worst {
		if i == maxFindings {
			all = append(all, s.rest(worst[i:]))
			break
		}
		all = append(all, s.finding(&worst[i], names))
	}
	for i := range rep.Muted {
		if i == maxFindings {
			all = append(all, testcase{Class: class + "scan", Name: "the rest of what is accepted", Time: "0",
				Skipped: &defect{Message: fmt.Sprintf("%d more findings are accepted; the JSON report lists all.", len(rep.Muted)-i)}})
			break
		}
		all = append(all, accepted(&rep.Muted[i], names))
	}
	allowed := s.Policy.AllowGaps && !rep.Interrupted()
	for i, g := range rep.Gaps {
		if i == maxGaps {
			all = append(all, gap("the rest", fmt.Sprintf("%d more things were not looked at; the JSON report lists all.", len(rep.Gaps)-i), allowed))
			break
		}
		all = append(all, gap(names.next("not looked at", ": "+subject(g)), report.Missed(g), allowed).about(g.Code()))
	}
	if len(all) == 0 {
		all = append(all, testcase{Class: class + "scan", Name: "no leaked keys", Time: "0"})
	}
	return all
}

// caseOf returns the test that a finding is, without an outcome. Its name stays as long as
// the same key is in the same file, however the lines move.
func caseOf(f *scan.Finding, names names) testcase {
	return testcase{
		Class: class + f.Rule.ID,
		Name:  names.next(f.Fingerprint()[:8], " in "+report.Clean(f.Place.Path)),
		Time:  "0",
	}
}

// accepted returns the test that a finding is which does not count.
func accepted(f *scan.Finding, names names) testcase {
	c := caseOf(f, names)
	c.Skipped = &defect{Message: report.Muted(f), Text: text(f)}
	return c
}

// finding returns the test that a finding is which counts.
func (s Suite) finding(f *scan.Finding, names names) testcase {
	c := caseOf(f, names)
	d := &defect{Type: f.Level.String(), Message: report.Message(f), Text: text(f)}
	if s.Policy.Fails(f) {
		c.Failure = d
	} else {
		d.Type, c.Skipped = "", d // Ant's skipped tests have no type
	}
	return c
}

// rest returns the test that stands for the findings that are not in the file.
func (s Suite) rest(over []scan.Finding) testcase {
	d := &defect{Type: over[0].Level.String(), Message: fmt.Sprintf("%d more findings; the JSON report lists all.", len(over))}
	c := testcase{Class: class + "scan", Name: "the rest", Time: "0"}
	if s.Policy.Fails(&over[0]) {
		c.Failure = d
	} else {
		d.Type, c.Skipped = "", d
	}
	return c
}

// gap returns the test that something is which was not looked at.
func gap(name, why string, allowed bool) testcase {
	c := testcase{Class: class + "gap", Name: name, Time: "0"}
	if allowed {
		c.Skipped = &defect{Message: why}
	} else {
		c.Error = &defect{Type: "incomplete", Message: why}
	}
	return c
}

// about adds where a gap is explained.
func (c testcase) about(code fault.Code) testcase {
	if c.Error != nil {
		c.Error.Text = "Why, and what to do: " + code.Link()
	}
	return c
}

// text is what a person needs to end the leak.
func text(f *scan.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", report.Where(f), report.Message(f))
	if came := report.Came(f); came != "" {
		fmt.Fprintf(&b, "It came with %s.\n", came)
	}
	if f.Match.ID != "" {
		fmt.Fprintf(&b, "Its id is %s.\n", report.Clean(f.Match.ID))
	}
	fmt.Fprintf(&b, "Opens: %s\n", report.Opens(f))
	if f.Rule.Doc.Revoke != "" {
		fmt.Fprintf(&b, "Revoke: %s\n", f.Rule.Doc.Revoke)
	}
	for i, step := range report.Next(f) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step)
	}
	fmt.Fprintf(&b, "Fingerprint: %s\n", f.Fingerprint())
	return b.String()
}

// subject names what a gap is about.
func subject(g *scan.Gap) string {
	switch p := g.Place; {
	case p.Path != "":
		return report.Clean(p.Path)
	case p.Commit != "":
		return "commit " + report.Clean(p.Commit)
	}
	return "the scan"
}

// names counts how often each name was given, so that no two tests have the same.
type names map[string]int

// next returns head and tail, with a number between them from the second time on.
func (n names) next(head, tail string) string {
	name := head + tail
	n[name]++
	if i := n[name]; i > 1 {
		return fmt.Sprintf("%s (%d)%s", head, i, tail)
	}
	return name
}
