package gitlab_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/internal/spec"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/report/gitlab"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

var begin = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600))

func secrets() gitlab.SecretDetection {
	return gitlab.SecretDetection{Version: "1.2.3", Rules: rule.All(), Begin: begin, End: begin.Add(90 * time.Second)}
}

func reports() map[string]*scan.Report {
	stopped := sample.Nothing()
	stopped.Gaps = []*scan.Gap{{Why: fmt.Errorf("stopping: %w", scan.ErrInterrupted)}}
	odd := sample.Report("x")
	odd.Findings[0].Place.AuthorDate = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Findings[1].Place = scan.Place{}
	return map[string]*scan.Report{
		"zero": {}, "nothing": sample.Nothing(), "some": sample.Report(), "accepted": sample.Accepted(sample.Hostile()...), "hostile": sample.Report(sample.Hostile()...), "stopped": stopped, "odd": odd, "many": sample.Many(50),
	}
}

// A file is what a reader makes of one.
type file struct {
	Version string
	Scan    struct {
		Start       string `json:"start_time"`
		End         string `json:"end_time"`
		Status      string
		Messages    []struct{ Level, Value string }
		Partial     *struct{ Mode string } `json:"partial_scan"`
		Identifiers []identifier           `json:"primary_identifiers"`
	}
	Vulnerabilities []vulnerability
}

type identifier struct{ Type, Name, Value, URL string }

type vulnerability struct {
	ID, Name, Description, Severity, Solution string
	Identifiers                               []identifier
	Links                                     []struct{ Name, URL string }
	Flags                                     []struct{ Type string }
	Details                                   map[string]struct{ Name, Type, Value string }
	Location                                  struct {
		File   string
		Start  int `json:"start_line"`
		End    int `json:"end_line"`
		Commit struct{ SHA, Date string }
	}
}

func parse(t *testing.T, rep *scan.Report) file {
	t.Helper()
	var f file
	if err := json.Unmarshal([]byte(sample.Write(t, rep, secrets().Render)), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestValid(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(spec.File(t, "gitlab/secret-detection-report-format.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, rep := range reports() {
		for _, s := range []gitlab.SecretDetection{secrets(), {}} {
			out := sample.Write(t, rep, s.Render)
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err != nil || !utf8.ValidString(out) {
				t.Fatalf("%s: %v", name, err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// The version is that of the schema that TestValid checks against.
func TestVersion(t *testing.T) {
	text, err := os.ReadFile(spec.File(t, "gitlab/secret-detection-report-format.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct{ Self struct{ Version string } }
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if got := parse(t, sample.Nothing()).Version; got != schema.Self.Version {
		t.Errorf("version %s, and the schema is %s", got, schema.Self.Version)
	}
}

func TestScan(t *testing.T) {
	for _, tt := range []struct {
		rep             *scan.Report
		status, partial string
		levels          string
	}{
		{sample.Nothing(), "success", "", "info"},
		{sample.Report(), "success", "differential", "info info info info"},
		{sample.Report("a", "b"), "failure", "differential", "info info info info info warn warn"},
		{reports()["stopped"], "failure", "", "info fatal info warn"},
	} {
		s := parse(t, tt.rep).Scan
		var levels []string
		for _, m := range s.Messages {
			levels = append(levels, m.Level)
		}
		mode := ""
		if s.Partial != nil {
			mode = s.Partial.Mode
		}
		if s.Status != tt.status || mode != tt.partial || strings.Join(levels, " ") != tt.levels {
			t.Errorf("%+v, want %+v", s, tt)
		}
		if s.Start != "2026-11-23T11:00:00" || s.End != "2026-11-23T11:01:30" || len(s.Identifiers) != 2*len(rule.All()) {
			t.Errorf("%+v", s)
		}
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// readable returns a path as JSON can say it.
func readable(path string) string {
	return string([]rune(path)) // each byte that is no UTF-8 becomes U+FFFD
}

func TestVulnerabilities(t *testing.T) {
	rep := sample.Report(sample.Hostile()...)
	got := parse(t, rep)
	worst := rep.Worst()
	if len(got.Vulnerabilities) != len(worst) {
		t.Fatalf("%d of %d", len(got.Vulnerabilities), len(worst))
	}
	known := map[identifier]bool{}
	for _, id := range got.Scan.Identifiers {
		known[id] = true
	}
	seen := map[string]bool{}
	for i, v := range got.Vulnerabilities {
		f := &worst[i]
		if !uuid.MatchString(v.ID) || seen[v.ID] {
			t.Errorf("%d: the id is %s", i, v.ID)
		}
		seen[v.ID] = true
		if !known[v.Identifiers[0]] || v.Identifiers[1].Value != "798" {
			t.Errorf("%d: the primary identifier %+v is not announced", i, v.Identifiers[0])
		}
		if v.Location.File != readable(f.Place.Path) || v.Location.Start != max(1, f.From.Line) || v.Location.End < v.Location.Start {
			t.Errorf("%d: at %+v", i, v.Location)
		}
		if f.Place.Commit != "" && (v.Location.Commit.SHA != f.Place.Commit || v.Location.Commit.Date != f.Place.AuthorDate.UTC().Format(time.RFC3339)) {
			t.Errorf("%d: commit %+v", i, v.Location.Commit)
		}
		if f.Place.Commit == "" && v.Location.Commit.SHA != rep.Scanned.Head {
			t.Errorf("%d: commit %+v", i, v.Location.Commit)
		}
		for _, step := range report.Next(f) {
			if !strings.Contains(v.Solution, step) {
				t.Errorf("%d: the solution lacks %q", i, step)
			}
		}
		if u := f.Rule.Doc.Revoke; u != "" && v.Links[0].URL != u || v.Description != report.Message(f)+" What it opens: "+report.Opens(f) || len(v.Flags) > 0 != (f.Match.Proof == rule.Layout) {
			t.Errorf("%d: %+v", i, v)
		}
		if d := v.Details["fingerprint"]; d.Value != f.Fingerprint() || v.Details["where"].Value != report.Where(f) || v.Details["key"].Value != f.Match.Secret.String() {
			t.Errorf("%d: %+v", i, v.Details)
		}
		for _, d := range v.Details { // any other is markup to GitLab
			if d.Type != "text" || d.Value == "" || d.Name == "" {
				t.Errorf("%d: detail %+v", i, d)
			}
		}
	}
}

func TestSeverity(t *testing.T) {
	want := map[string]string{
		"bitbucket-access-token": "Critical", "bitbucket-data-center-token": "High", "bitbucket-app-password": "Medium",
		"bitbucket-access-token/look-alike": "Info",
	}
	rep := sample.Report()
	quality := issues(t, rep)
	seen := 0
	for i, v := range parse(t, rep).Vulnerabilities {
		id := v.Identifiers[0].Value
		if w := want[id]; w != "" {
			seen++
			if v.Severity != w {
				t.Errorf("%s is %s, want %s", id, v.Severity, w)
			}
		}
		words := map[string]string{"Critical": "blocker", "High": "critical", "Medium": "major", "Low": "minor", "Info": "info"}
		if quality[i].Severity != words[v.Severity] || quality[i].Check != id {
			t.Errorf("%s is %s, and %s in code quality", id, v.Severity, quality[i].Severity)
		}
	}
	if seen < len(want) {
		t.Errorf("%d of %d kinds are there", seen, len(want))
	}
}

// What names a finding does not change when lines move or the commit is another, and does
// when the key or the file is.
func TestNamesAreStable(t *testing.T) {
	rep := sample.Report("a", "a", "b")
	before, quality := parse(t, rep).Vulnerabilities, issues(t, rep)
	for i := range rep.Findings {
		rep.Findings[i].From.Line += 100
		rep.Findings[i].Place.Commit = strings.Repeat("f", 40)
	}
	for i, v := range parse(t, rep).Vulnerabilities {
		if v.ID != before[i].ID {
			t.Errorf("%d has another id", i)
		}
	}
	after := issues(t, rep)
	for i := range rep.Findings {
		if after[i].Fingerprint != quality[i].Fingerprint {
			t.Errorf("%d has another fingerprint", i)
		}
	}
	for i := range rep.Findings {
		rep.Findings[i].Place.Path += "x"
	}
	for i, v := range parse(t, rep).Vulnerabilities {
		if v.ID == before[i].ID {
			t.Errorf("%d has the same id in another file", i)
		}
	}
}

// An issue is what GitLab demands of one of code quality.
type issue struct {
	Description string
	Check       string `json:"check_name"`
	Fingerprint string
	Severity    string
	Location    struct {
		Path  string
		Lines struct{ Begin int }
	}
}

func issues(t *testing.T, rep *scan.Report) []issue {
	t.Helper()
	out := sample.Write(t, rep, gitlab.CodeQuality{}.Render)
	var all []issue
	if err := json.Unmarshal([]byte(out), &all); err != nil || all == nil {
		t.Fatalf("no list: %v", err)
	}
	return all
}

func TestCodeQuality(t *testing.T) {
	for name, rep := range reports() {
		all := issues(t, rep)
		if len(all) != len(rep.Findings)+len(rep.Gaps) {
			t.Errorf("%s: %d issues", name, len(all))
		}
		seen := map[string]bool{}
		for i, is := range all {
			if len(is.Fingerprint) != 32 || seen[is.Fingerprint] {
				t.Errorf("%s: %d has the fingerprint %s", name, i, is.Fingerprint)
			}
			seen[is.Fingerprint] = true
			if is.Description == "" || is.Check == "" || is.Severity == "" || is.Location.Path == "" || is.Location.Lines.Begin < 1 {
				t.Errorf("%s: %d is %+v", name, i, is)
			}
			if gap := i >= len(rep.Findings); gap != (is.Check == "bbkeys-gap") {
				t.Errorf("%s: %d is a %s", name, i, is.Check)
			}
		}
	}
}

// What is over the bounds is counted.
func TestBounded(t *testing.T) {
	rep := sample.Many(5100)
	for _, tt := range []struct {
		render report.Render
		counts map[string]int
	}{
		{secrets().Render, map[string]int{
			`"bbkeys_rule_id"`: 5000 + 2*len(rule.All()), `"level": "warn"`: 1002, "100 more findings": 1, "Not looked at: 4100 more things.": 1,
		}},
		{gitlab.CodeQuality{}.Render, map[string]int{`"check_name"`: 6002, `"bbkeys-gap"`: 1002, "100 more findings": 1, "4100 more things": 1}},
	} {
		var b strings.Builder // not by way of a file, which looks at every byte again
		if err := tt.render(&b, rep); err != nil {
			t.Fatal(err)
		}
		for want, n := range tt.counts {
			if got := strings.Count(b.String(), want); got != n {
				t.Errorf("%d times %s, want %d", got, want, n)
			}
		}
	}
}

func TestSaysWhatFails(t *testing.T) {
	for _, render := range []report.Render{secrets().Render, gitlab.CodeQuality{}.Render} {
		if err := render(sample.Full{}, sample.Nothing()); !errors.Is(err, sample.ErrFull) {
			t.Errorf("got %v", err)
		}
	}
}
