package sarif_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

var hostile = []string{
	"a\nb", "a\r\nb", "::error::x", "x##[y", "\x1b[2J", "a\u202eb", "bad\xff\xfeutf8", "a|b", "<script>", "[l](http://evil.example)", "{0}", "C:/x", "a:b/c", "http://h/x",
	"100%", "%2e%2e/x", "a?b#c", "a b", "../../etc/passwd", "/etc/passwd", "./x", "//host/x", "a//b", "日本語/ü.txt", "@types/x+y,z=1.ts", `back\slash`, "", strings.Repeat("long/", 1000),
}

// place returns a report with a finding and a gap at each path, and findings of every
// rule, proven and not.
func place(paths ...string) *scan.Report {
	rnd := rand.New(rand.NewPCG(5, 6))
	rep := &scan.Report{Scanned: scan.Scanned{Mode: "range", Base: strings.Repeat("b", 40), Head: strings.Repeat("c", 40), Commits: 2, Blobs: 3, Bytes: 4}}
	add := func(r *rule.Rule, p rule.Proof, path string) {
		m := rule.Match{Secret: secret.New(r.Mint(rnd)), Proof: p}
		rep.Findings = append(rep.Findings, scan.Finding{
			Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: path, Commit: strings.Repeat("c", 40)},
			From: scan.Position{Line: 3, Column: 9}, To: scan.Position{Line: 3, Column: 201}, LineHash: "5e4d5a9cf1294ad9:1",
		})
	}
	for _, r := range rule.All() {
		add(r, rule.Layout, r.ID)
		add(r, rule.Checksum, r.ID)
	}
	for _, p := range paths {
		add(rule.All()[0], rule.Checksum, p)
		rep.Gaps = append(rep.Gaps, &scan.Gap{Place: scan.Place{Path: p, Commit: strings.Repeat("c", 40)}, Why: errors.New("cannot read " + p)})
	}
	return rep
}

func reports() map[string]*scan.Report {
	binary := place()
	for i := range binary.Findings {
		f := &binary.Findings[i]
		f.From, f.To, f.LineHash, f.Inside, f.Match.Encoding = scan.Position{}, scan.Position{}, "", []string{"a.zip", "b\n.tar"}, []string{"base64"}
		f.Match.ID = "123456"
	}
	lines := place()
	lines.Findings[0].To = scan.Position{Line: 9, Column: 2}
	interrupted := place("x")
	interrupted.Gaps = append(interrupted.Gaps, &scan.Gap{Why: fmt.Errorf("stopping: %w", scan.ErrInterrupted)})
	return map[string]*scan.Report{
		"zero": {}, "empty": {Scanned: scan.Scanned{Mode: "checkout"}}, "some": place(), "hostile": place(hostile...),
		"binary": binary, "lines": lines, "interrupted": interrupted, "accepted": accepted(hostile...),
	}
}

// accepted returns a report with a finding that does not count at each path, whose mute
// has the path for its texts.
func accepted(paths ...string) *scan.Report {
	rep := place()
	for i, p := range paths {
		f := rep.Findings[i%len(rep.Findings)]
		f.Mute = &scan.Mute{By: []string{"mark", "entry", "baseline"}[i%3], Where: p, Reason: "r " + p, Owner: p}
		rep.Muted = append(rep.Muted, f)
		rep.Remarks = append(rep.Remarks, scan.Remark{Where: p, Text: "something is wrong"})
	}
	return rep
}

func render(t *testing.T, rep *scan.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	log := sarif.Log{Version: "1.2.3", Rules: rule.All(), Muted: true}
	if err := log.Render(&b, rep); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A log is what GitHub reads of one.
type log struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, Version, SemanticVersion, InformationURI, Organization string
				Rules                                                        []descriptor
			}
		}
		AutomationDetails struct{ ID string }
		ColumnKind        string
		Results           []result
		Invocations       []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level     string
				Message   struct{ Text string }
				Locations []location
			}
		}
	}
}

type descriptor struct {
	ID, Name, HelpURI                 string
	ShortDescription, FullDescription struct{ Text string }
	Help                              struct{ Text, Markdown string }
	DefaultConfiguration              struct{ Level string }
	Properties                        struct {
		Tags             []string
		Precision        string
		SecuritySeverity string `json:"security-severity"`
	}
}

type location struct {
	PhysicalLocation struct {
		ArtifactLocation struct{ URI, URIBaseID string }
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
}

type result struct {
	RuleID              string
	RuleIndex           *int
	Level               string
	Message             struct{ Text string }
	Locations           []location
	PartialFingerprints map[string]string
	Properties          map[string]any
	Suppressions        []struct {
		Kind, Status, Justification string
		Location                    location
	}
}

func parse(t *testing.T, rep *scan.Report) log {
	t.Helper()
	out := render(t, rep)
	if !utf8.Valid(out) || !bytes.Contains(out, []byte(`"results": [`)) {
		t.Error("no UTF-8, or no list of results")
	}
	var l log
	if err := json.Unmarshal(out, &l); err != nil {
		t.Fatal(err)
	}
	if len(l.Runs) != 1 || len(l.Runs[0].Invocations) != 1 {
		t.Fatalf("%d runs", len(l.Runs)) // GitHub refuses two of one tool and category
	}
	return l
}
