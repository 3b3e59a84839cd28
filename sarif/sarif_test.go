package sarif_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/internal/spec"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

func TestSchema(t *testing.T) {
	file, err := os.Open(spec.File(t, "sarif/oasis/sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("sarif.json")
	for name, rep := range reports() {
		log, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, rep)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGitHubRequires(t *testing.T) {
	for name, rep := range reports() {
		l := parse(t, rep)
		run := l.Runs[0]
		if l.Schema == "" || l.Version != "2.1.0" || run.Tool.Driver.Name != "bbkeys" || run.Tool.Driver.Version != "1.2.3" || run.Tool.Driver.SemanticVersion != "1.2.3" ||
			!strings.HasPrefix(run.Tool.Driver.InformationURI, "https://") || run.Tool.Driver.Organization == "" || run.ColumnKind != "unicodeCodePoints" {
			t.Errorf("%s: head: %+v", name, run.Tool.Driver.Name)
		}
		for i, r := range run.Results {
			checkResult(t, name, r, run.Tool.Driver.Rules)
			if i > 0 && len(r.Suppressions) == 0 && rank(r.Level) > rank(run.Results[i-1].Level) {
				t.Errorf("%s: result %d is worse than the one before", name, i)
			}
		}
	}
}

func rank(level string) int { return slices.Index([]string{"note", "warning", "error"}, level) }

var lineHash = regexp.MustCompile(`^[0-9a-f]{1,16}:[1-9][0-9]*$`)

func checkResult(t *testing.T, name string, r result, rules []descriptor) {
	t.Helper()
	if r.RuleIndex == nil || *r.RuleIndex >= len(rules) || rules[*r.RuleIndex].ID != r.RuleID {
		t.Errorf("%s: rule %s is not at its index", name, r.RuleID)
		return
	}
	if d := rules[*r.RuleIndex]; d.DefaultConfiguration.Level != r.Level {
		t.Errorf("%s: %s is %s and its rule %s", name, r.RuleID, r.Level, d.DefaultConfiguration.Level)
	}
	if r.Message.Text == "" || rank(r.Level) < 0 || len(r.Locations) != 1 {
		t.Errorf("%s: %+v", name, r)
		return
	}
	at := r.Locations[0].PhysicalLocation
	checkURI(t, at.ArtifactLocation.URI)
	if g := at.Region; at.ArtifactLocation.URIBaseID != "%SRCROOT%" || g.StartLine < 1 || g.StartColumn < 1 || g.EndLine != g.StartLine || g.EndColumn <= g.StartColumn {
		t.Errorf("%s: %+v", name, at)
	}
	if !lineHash.MatchString(r.PartialFingerprints["primaryLocationLineHash"]) || len(r.PartialFingerprints["bbkeysCredential/v1"]) != 32 || len(r.PartialFingerprints) != 2 {
		t.Errorf("%s: %v", name, r.PartialFingerprints)
	}
}

// noURI is what no relative path in a URI has.
var noURI = regexp.MustCompile(`[^!-~]|[\\:?#"<>|^{}\[\]` + "`]")

func checkURI(t *testing.T, uri string) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil || uri == "" || u.Scheme != "" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.HasPrefix(uri, "/") ||
		strings.HasPrefix(uri, "./") || strings.HasPrefix(uri, "../") || noURI.MatchString(uri) {
		t.Errorf("%q is no relative path: %v", uri, err)
	}
}

// Every path comes back byte for byte from its URI.
func TestURI(t *testing.T) {
	for _, path := range append(hostile, "ci/deploy.sh") {
		if path == "" {
			continue
		}
		seen := false
		for _, r := range parse(t, place(path)).Runs[0].Results {
			uri := r.Locations[0].PhysicalLocation.ArtifactLocation.URI
			if strings.HasPrefix(r.RuleID, uri) {
				continue // the sample's own, which are at the path of their rule
			}
			seen = true
			if back, err := url.PathUnescape(uri); err != nil || back != path {
				t.Errorf("%q became %q, which is %q: %v", path, uri, back, err)
			}
			checkURI(t, uri)
		}
		if !seen {
			t.Errorf("%q is nowhere", path)
		}
	}
	l := parse(t, place("ci/deploy.sh"))
	if !bytes.Contains(render(t, place("ci/deploy.sh")), []byte(`"uri": "ci/deploy.sh"`)) {
		t.Errorf("a plain path is not plain: %+v", l.Runs[0].Results[0])
	}
}

func TestRules(t *testing.T) {
	want := 2 * len(rule.All())
	for name, rep := range reports() {
		if got := len(parse(t, rep).Runs[0].Tool.Driver.Rules); got != want {
			t.Errorf("%s: %d rules, want %d: an alert closes only if its rule is there", name, got, want)
		}
	}
	seen := map[string]bool{}
	for _, d := range parse(t, place()).Runs[0].Tool.Driver.Rules {
		if seen[d.ID] || seen[d.Name] || d.ID == "" || d.Name == "" || len(d.Name) > 255 || d.ShortDescription.Text == "" || d.FullDescription.Text == "" || len([]rune(d.FullDescription.Text)) > 1024 {
			t.Errorf("%+v", d)
		}
		seen[d.ID], seen[d.Name] = true, true
		for _, need := range []string{"Revoke", "1. ", "https://"} {
			if !strings.Contains(d.Help.Text, need) || !strings.Contains(d.Help.Markdown, need) {
				t.Errorf("%s: the help has no %q", d.ID, need)
			}
		}
		if !slices.Contains(d.Properties.Tags, "security") || !slices.Contains(d.Properties.Tags, "external/cwe/cwe-798") || len(d.Properties.Tags) > 10 {
			t.Errorf("%s: %v", d.ID, d.Properties.Tags)
		}
		var severity float64
		if _, err := fmt.Sscanf(d.Properties.SecuritySeverity, "%g", &severity); err != nil || severity < 0.1 || severity > 10 {
			t.Errorf("%s: severity %q", d.ID, d.Properties.SecuritySeverity)
		}
		alike := strings.HasSuffix(d.ID, "/look-alike")
		if r := rule.ByID(d.ID); r != nil && r.Level == rule.Note {
			alike = true
		}
		if alike != (d.Properties.Precision == "low") || alike != (severity < 4) || alike != (d.DefaultConfiguration.Level == "note") {
			t.Errorf("%s: %s %g %s", d.ID, d.Properties.Precision, severity, d.DefaultConfiguration.Level)
		}
		if _, err := url.ParseRequestURI(d.HelpURI); err != nil {
			t.Errorf("%s: %v", d.ID, err)
		}
	}
}

// Alerts of a full scan stay open when a scan of a change does not see them.
func TestCategories(t *testing.T) {
	seen := map[string]bool{}
	for _, mode := range []string{"checkout", "range", "history", "staged", "none"} {
		id := parse(t, &scan.Report{Scanned: scan.Scanned{Mode: mode}}).Runs[0].AutomationDetails.ID
		if id != "bbkeys/"+mode+"/" || seen[id] {
			t.Errorf("%s: %q", mode, id)
		}
		seen[id] = true
	}
}

func TestInvocation(t *testing.T) {
	for name, rep := range reports() {
		in := parse(t, rep).Runs[0].Invocations[0]
		if in.ExecutionSuccessful != (name != "interrupted") {
			t.Errorf("%s: %+v", name, in)
		}
		if got := len(in.ToolExecutionNotifications); got != len(rep.Gaps)+len(report.Remarks(rep)) {
			t.Errorf("%s: %d notifications of %d gaps and %d remarks", name, got, len(rep.Gaps), len(rep.Remarks))
		}
		for _, n := range in.ToolExecutionNotifications {
			if want := map[bool]string{true: "note", false: "warning"}[strings.HasPrefix(n.Message.Text, "Remark: ")]; n.Level != want || n.Message.Text == "" || len(n.Locations) > 1 {
				t.Errorf("%s: %+v", name, n)
			}
			for _, at := range n.Locations {
				checkURI(t, at.PhysicalLocation.ArtifactLocation.URI)
			}
		}
	}
}

// The message has no credential, no line feed, no link of a stranger, says by what it is a
// finding, and is the same in every run.
func TestMessages(t *testing.T) {
	proof := regexp.MustCompile(`checksum|nothing near its name says Bitbucket`)
	for name, rep := range reports() {
		for _, r := range parse(t, rep).Runs[0].Results {
			if strings.ContainsAny(r.Message.Text, "\n\r\x1b[]{}") || !proof.MatchString(r.Message.Text) {
				t.Errorf("%s: %q", name, r.Message.Text)
			}
			if ok := strings.HasSuffix(r.Message.Text, ` Its id is 123456. The way to it is a.zip > "b\\n.tar".`); ok != (name == "binary") {
				t.Errorf("%s: %q", name, r.Message.Text)
			}
		}
	}
	for _, n := range parse(t, place(hostile...)).Runs[0].Invocations[0].ToolExecutionNotifications {
		bare := regexp.MustCompile(`\\.|\{\{|\}\}`).ReplaceAllString(n.Message.Text, "")
		if strings.ContainsAny(bare, "\n\r\x1b[]{}") {
			t.Errorf("%q", n.Message.Text)
		}
	}
}

func TestNoCredential(t *testing.T) {
	for name, rep := range reports() {
		out := string(render(t, rep))
		for i := range rep.Findings[:min(100, len(rep.Findings))] {
			if rep.Findings[i].Match.Secret.In(out) {
				t.Errorf("%s: finding %d is told", name, i)
			}
		}
	}
	key := rule.All()[0].Mint(rand.New(rand.NewPCG(7, 8)))
	std := base64.StdEncoding.EncodeToString([]byte(key))
	rep := place("keys/"+key, "keys/"+std)
	rep.Findings[0].Inside = []string{key, std}
	rep.Scanned.Note, rep.Scanned.Base = key, std
	var out bytes.Buffer
	file := report.File{Name: "SARIF report", Path: "-", Stdout: &out, Render: sarif.Log{Rules: rule.All()}.Render}
	if err := file.Publish(t.Context(), rep); err != nil || out.Len() == 0 {
		t.Errorf("not written: %v", err)
	}
	if bytes.Contains(out.Bytes(), []byte(key)) || bytes.Contains(out.Bytes(), []byte(std)) {
		t.Error("a credential in a path is told")
	}
}

// Fingerprints do not change with what changes from run to run.
func TestFingerprints(t *testing.T) {
	prints := func(change func(*scan.Finding)) map[string]string {
		rep := place()
		rep.Findings = rep.Findings[1:2]
		change(&rep.Findings[0])
		return parse(t, rep).Runs[0].Results[0].PartialFingerprints
	}
	inFile := func(f *scan.Finding) { f.LineHash = "" }
	first, bare := prints(func(*scan.Finding) {}), prints(inFile)
	if first["primaryLocationLineHash"] != "5e4d5a9cf1294ad9:1" {
		t.Errorf("%v", first)
	}
	for name, change := range map[string]func(*scan.Finding){
		"commit": func(f *scan.Finding) { f.Place.Commit = strings.Repeat("d", 40) },
		"date":   func(f *scan.Finding) { f.Place.AuthorDate = time.Unix(1, 0) },
		"line":   func(f *scan.Finding) { f.From.Line, f.To.Line, f.Match.Lo = 70, 70, 9000 },
	} {
		if got := prints(change); got["primaryLocationLineHash"] != first["primaryLocationLineHash"] || got["bbkeysCredential/v1"] != first["bbkeysCredential/v1"] {
			t.Errorf("%s changes %v to %v", name, first, got)
		}
		if got := prints(func(f *scan.Finding) { change(f); inFile(f) }); got["primaryLocationLineHash"] != bare["primaryLocationLineHash"] {
			t.Errorf("%s changes %v to %v", name, bare, got)
		}
	}
	for name, change := range map[string]func(*scan.Finding){
		"path":   func(f *scan.Finding) { f.Place.Path = "other" },
		"inside": func(f *scan.Finding) { f.Inside = []string{"a.zip"} },
		"key":    func(f *scan.Finding) { f.Match.Secret = secret.New("other") },
	} {
		if got := prints(func(f *scan.Finding) { change(f); inFile(f) }); got["primaryLocationLineHash"] == bare["primaryLocationLineHash"] {
			t.Errorf("another %s has the same %v", name, got)
		}
	}
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]string{"1.2.3": "1.2.3", "v1.2.3-rc.1+x": "1.2.3-rc.1+x", "dev": "", "1.2": "", "01.2.3": "", "": ""} {
		var b bytes.Buffer
		if err := (sarif.Log{Version: version}).Render(&b, &scan.Report{}); err != nil {
			t.Fatal(err)
		}
		var l log
		if err := json.Unmarshal(b.Bytes(), &l); err != nil || l.Runs[0].Tool.Driver.SemanticVersion != want {
			t.Errorf("%q: %q, %v", version, l.Runs[0].Tool.Driver.SemanticVersion, err)
		}
	}
}

// Equal reports give equal logs, so that a file under version control changes only with
// what it says.
func TestRenderIsDeterministic(t *testing.T) {
	log := sarif.Log{Version: "1", Rules: rule.All()}
	var a, b bytes.Buffer
	if err := errors.Join(log.Render(&a, place(hostile...)), log.Render(&b, place(hostile...))); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two logs of one report differ", err)
	}
	if bytes.Contains(a.Bytes(), []byte("endTimeUtc")) {
		t.Error("a time that nobody gave")
	}
}

func TestRenderSaysWhatFails(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("no space on the disk"))
	if err := (sarif.Log{}).Render(failing{ctx}, &scan.Report{}); err == nil || !strings.Contains(err.Error(), "no space on the disk") {
		t.Errorf("got %v", err)
	}
}

type failing struct{ ctx context.Context }

func (f failing) Write([]byte) (int, error) { return 0, context.Cause(f.ctx) }
