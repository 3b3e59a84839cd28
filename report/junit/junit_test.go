package junit_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/internal/spec"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/report/junit"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

var begin = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600))

func suite(p report.Policy) junit.Suite {
	return junit.Suite{Version: "1.2.3", Policy: p, Begin: begin, End: begin.Add(1234567 * time.Millisecond)}
}

var strict = report.Policy{FailOn: rule.Note}

func reports() map[string]*scan.Report {
	stopped := sample.Nothing()
	stopped.Gaps = []*scan.Gap{{Why: fmt.Errorf("stopping: %w", scan.ErrInterrupted)}}
	odd := sample.Report("x")
	odd.Scanned.Mode, odd.Scanned.Note, odd.Scanned.Base = "\x00", "a\x0b]]>", "]]>\ufffe"
	return map[string]*scan.Report{
		"zero": {}, "nothing": sample.Nothing(), "some": sample.Report(), "accepted": sample.Accepted(sample.Hostile()...), "hostile": sample.Report(sample.Hostile()...), "stopped": stopped, "odd": odd,
	}
}

// A file is what a reader makes of one.
type file struct {
	Suites []struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
		At       string `xml:"timestamp,attr"`
		Out      string `xml:"system-out"`
		Cases    []test `xml:"testcase"`
	} `xml:"testsuite"`
}

type test struct {
	Class   string  `xml:"classname,attr"`
	Name    string  `xml:"name,attr"`
	Failure *defect `xml:"failure"`
	Error   *defect `xml:"error"`
	Skipped *defect `xml:"skipped"`
}

type defect struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func parse(t *testing.T, text string) file {
	t.Helper()
	var f file
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Suites) != 1 {
		t.Fatalf("%d suites", len(f.Suites))
	}
	return f
}

// The vendors' schemas themselves, where there is a program that knows schemas.
func TestValid(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("skipped without xmllint; TestForm checks the same rules")
	}
	for _, schema := range []string{"junit/jenkins-junit-10.xsd", "junit/windyroad-JUnit.xsd"} {
		path := spec.File(t, schema)
		for name, rep := range reports() {
			cmd := exec.CommandContext(t.Context(), lint, "--noout", "--nonet", "--schema", path, "-")
			cmd.Stdin = strings.NewReader(sample.Write(t, rep, suite(strict).Render))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s, %s: %v\n%.2000s", schema, name, err, out)
			}
		}
	}
}

// form is what both schemas allow: of an element its attributes, all of which at least
// one of them demands or both know, and its children in order.
var form = map[string]struct {
	attrs    []string
	optional []string
	children string // a regular expression of names, each followed by a space
	text     bool
}{
	"testsuites": {children: `testsuite `},
	"testsuite":  {attrs: []string{"name", "package", "id", "hostname", "timestamp", "time", "tests", "failures", "errors"}, optional: []string{"skipped"}, children: `properties (testcase )*system-out system-err `},
	"properties": {children: `(property )*`},
	"property":   {attrs: []string{"name", "value"}},
	"testcase":   {attrs: []string{"classname", "name", "time"}, children: `((skipped|error|failure) )?`},
	"skipped":    {optional: []string{"message"}, text: true},
	"error":      {attrs: []string{"type"}, optional: []string{"message"}, text: true},
	"failure":    {attrs: []string{"type"}, optional: []string{"message"}, text: true},
	"system-out": {text: true},
	"system-err": {text: true},
}

// values are the forms that the schemas have for attributes.
var values = map[string]*regexp.Regexp{
	"timestamp": regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$`),
	"time":      regexp.MustCompile(`^\d+(\.\d{1,3})?$`),
	"tests":     regexp.MustCompile(`^\d+$`), "failures": regexp.MustCompile(`^\d+$`), "errors": regexp.MustCompile(`^\d+$`), "id": regexp.MustCompile(`^0$`),
	"name": regexp.MustCompile(`\S`), "classname": regexp.MustCompile(`\S`), "hostname": regexp.MustCompile(`\S`),
}

func TestForm(t *testing.T) {
	for name, rep := range reports() {
		d := xml.NewDecoder(strings.NewReader(sample.Write(t, rep, suite(strict).Render)))
		var names, children []string // of the elements that are open, from the root
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if n := len(children); n > 0 {
					children[n-1] += token.Name.Local + " "
				}
				names, children = append(names, token.Name.Local), append(children, "")
				attributes(t, token)
			case xml.EndElement:
				n := len(names) - 1
				if f := form[names[n]]; !regexp.MustCompile(`^(` + f.children + `)$`).MatchString(children[n]) {
					t.Fatalf("%s: %s holds %.300s", name, names[n], children[n])
				}
				names, children = names[:n], children[:n]
			case xml.CharData:
				if n := len(names); n > 0 && !form[names[n-1]].text && strings.TrimSpace(string(token)) != "" {
					t.Errorf("%s: %s holds the text %q", name, names[n-1], token)
				}
			case xml.Comment, xml.Directive:
				t.Errorf("%s: %v", name, token)
			}
		}
	}
}

func attributes(t *testing.T, e xml.StartElement) {
	t.Helper()
	f, ok := form[e.Name.Local]
	if !ok {
		t.Fatalf("there is no element %s", e.Name.Local)
	}
	var have []string
	for _, a := range e.Attr {
		have = append(have, a.Name.Local)
		if v := values[a.Name.Local]; v != nil && e.Name.Local != "property" && !v.MatchString(a.Value) {
			t.Errorf("%s of %s is %q", a.Name.Local, e.Name.Local, a.Value)
		}
		if !slices.Contains(f.attrs, a.Name.Local) && !slices.Contains(f.optional, a.Name.Local) {
			t.Errorf("%s has the attribute %s", e.Name.Local, a.Name.Local)
		}
	}
	for _, want := range f.attrs {
		if !slices.Contains(have, want) {
			t.Errorf("%s has no %s", e.Name.Local, want)
		}
	}
}

// Every finding and every gap is one test with a name of its own, whatever it is called,
// and the sums are right.
func TestCases(t *testing.T) {
	for _, tt := range []struct {
		policy                    report.Policy
		failures, errors, skipped func(*scan.Report) int
	}{
		{strict, func(r *scan.Report) int { return r.Count(rule.Note) }, func(r *scan.Report) int { return len(r.Gaps) }, func(*scan.Report) int { return 0 }},
		{report.Policy{FailOn: rule.Error, AllowGaps: true}, func(r *scan.Report) int { return r.Count(rule.Error) }, func(*scan.Report) int { return 0 },
			func(r *scan.Report) int { return len(r.Findings) - r.Count(rule.Error) + len(r.Gaps) }},
		{report.Policy{}, func(*scan.Report) int { return 0 }, func(r *scan.Report) int { return len(r.Gaps) }, func(r *scan.Report) int { return len(r.Findings) }},
	} {
		rep := sample.Report(sample.Hostile()...)
		s := parse(t, sample.Write(t, rep, suite(tt.policy).Render)).Suites[0]
		if s.Failures != tt.failures(rep) || s.Errors != tt.errors(rep) || s.Skipped != tt.skipped(rep) {
			t.Errorf("%+v: %d failures, %d errors, %d skipped", tt.policy, s.Failures, s.Errors, s.Skipped)
		}
		var failures, errs, skipped int
		seen := map[string]bool{}
		for _, c := range s.Cases {
			if name := c.Class + " " + c.Name; seen[name] {
				t.Errorf("two tests are called %q", name)
			} else {
				seen[name] = true
			}
			switch {
			case c.Failure != nil:
				failures++
			case c.Error != nil:
				errs++
			case c.Skipped != nil:
				skipped++
			}
		}
		if len(s.Cases) != len(rep.Findings)+len(rep.Gaps) || s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != errs || s.Skipped != skipped {
			t.Errorf("%+v: %d tests, said to be %d", tt.policy, len(s.Cases), s.Tests)
		}
	}
}

// What a person needs is in the test that fails, and nothing foreign is more than a text.
func TestSaysWhatToDo(t *testing.T) {
	rep := sample.Report(sample.Hostile()...)
	s := parse(t, sample.Write(t, rep, suite(strict).Render)).Suites[0]
	worst := rep.Worst()
	for i := range worst {
		f, c := &worst[i], s.Cases[i]
		if c.Failure == nil || c.Failure.Message != report.Message(f) || c.Failure.Type != f.Level.String() || c.Class != "bbkeys."+f.Rule.ID {
			t.Fatalf("finding %d is %+v", i, c)
		}
		for _, want := range append(report.Next(f), report.Where(f), report.Opens(f), f.Rule.Doc.Revoke, f.Fingerprint(), report.Came(f), report.Clean(f.Place.Path)) {
			if !strings.Contains(c.Failure.Text, want) {
				t.Errorf("finding %d does not say %q", i, want)
			}
		}
		if !strings.HasSuffix(c.Name, " in "+report.Clean(f.Place.Path)) {
			t.Errorf("finding %d is called %q", i, c.Name)
		}
	}
	for i, g := range rep.Gaps {
		if c := s.Cases[len(worst)+i]; c.Error == nil || c.Error.Message != report.Missed(g) {
			t.Errorf("gap %d is %+v", i, c)
		}
	}
	if s.At != "2026-11-23T11:00:00" || s.Time != "1234.567" || !strings.Contains(s.Out, report.Headline(rep)) {
		t.Errorf("at %s for %s: %s", s.At, s.Time, s.Out)
	}
}

// The same key in the same file has the same name wherever its line is.
func TestNamesAreStable(t *testing.T) {
	rep := sample.Report("a", "a", "b (2)")
	before := parse(t, sample.Write(t, rep, suite(strict).Render)).Suites[0]
	for i := range rep.Findings {
		rep.Findings[i].From.Line += 100
		rep.Findings[i].Place.Commit = strings.Repeat("f", 40)
	}
	after := parse(t, sample.Write(t, rep, suite(strict).Render)).Suites[0]
	for i, c := range before.Cases {
		if c.Name != after.Cases[i].Name {
			t.Errorf("%q is now %q", c.Name, after.Cases[i].Name)
		}
	}
}

func TestNothingFoundPasses(t *testing.T) {
	s := parse(t, sample.Write(t, sample.Nothing(), suite(strict).Render)).Suites[0]
	if len(s.Cases) != 1 || s.Failures+s.Errors+s.Skipped != 0 || s.Cases[0] != (test{Class: "bbkeys.scan", Name: "no leaked keys"}) {
		t.Errorf("%+v", s)
	}
}

// A run that was stopped is an error even where gaps are allowed.
func TestStopped(t *testing.T) {
	s := parse(t, sample.Write(t, reports()["stopped"], suite(report.Policy{AllowGaps: true}).Render)).Suites[0]
	if s.Errors != 1 || s.Tests != 1 {
		t.Errorf("%+v", s)
	}
}

// What is over the bound is counted, and fails as the rest does.
func TestBounded(t *testing.T) {
	rep := sample.Many(5100)
	for at, tag := range map[rule.Level]string{rule.Note: "<failure type=\"note\" message=", rule.Error: "<skipped message="} {
		var b strings.Builder // not by way of a file, which looks at every byte again
		if err := suite(report.Policy{FailOn: at}).Render(&b, rep); err != nil {
			t.Fatal(err)
		}
		for want, n := range map[string]int{
			"<testcase ": 6002, tag: 5001, "<error ": 1001, `tests="6002"`: 1, `errors="1001"`: 1,
			tag + `"100 more findings; the JSON report lists all."`: 1, `message="4100 more things were not looked at;`: 1,
		} {
			if got := strings.Count(b.String(), want); got != n {
				t.Errorf("%d times %s, want %d", got, want, n)
			}
		}
	}
}

func TestSaysWhatFails(t *testing.T) {
	if err := suite(strict).Render(sample.Full{}, sample.Nothing()); !errors.Is(err, sample.ErrFull) {
		t.Errorf("got %v", err)
	}
}
