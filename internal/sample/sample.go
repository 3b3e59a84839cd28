// Package sample makes reports for the tests of what shows them: a key of every kind,
// minted as it is called, and all the texts that a hostile repository might choose.
package sample

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

// Commit is the name of the commit that the findings of a Report came with.
const Commit = "0123456789abcdef0123456789abcdef01234567"

// Hostile returns texts that a repository can make paths, branches and errors of, each
// meaning something to one of those that read a report.
func Hostile() []string {
	return []string{
		"a\nb", "a\r\nb", "::error file=x::pwned", "x##[command]y", "##vso[task.complete]", "##teamcity[buildStop]", "\x00\x01\x0b\x0c\x1f\x7f",
		"\x1b[2Jcleared", "\x1b]8;;http://evil.example\x07link", "a\u202egnp.exe", "zero\u200bwidth", "line\u2028break", "bad\xff\xfeutf8", "\ufffe\uffff",
		"`code`", "a|b", "<script>alert(1)</script>", "<!-- x", "-->", "]]>", "<![CDATA[", "</script>", "</style>", "</title>", "</textarea>", "<svg/onload=alert(1)>",
		"<?xml version=\"1.0\"?>", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "&e;", "&lt;", "&#60;", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "javascript:alert(1)",
		"![i](http://evil.example/x.png)", "[l](http://evil.example)", "@everyone", "http://evil.example", "*a*_b_", "\\", "\\u003cscript>", `"quoted"`, "{{.}}", "{0}", "${x}",
		"=cmd()", "space at end ", "a\tb", "C:/x", "100%", "a?b#c", "../../etc/passwd", "/etc/passwd", "//host/x", "日本語/ü.txt", strings.Repeat("long/", 3000),
	}
}

// Report returns the report of a range: a key of every kind, proven and not, the first
// of them twice in one file, one inside an archive, and a key and a gap at each path.
func Report(paths ...string) *scan.Report {
	rnd := rand.New(rand.NewPCG(7, 8))
	rep := &scan.Report{Scanned: scan.Scanned{
		Mode: "range", Base: strings.Repeat("b", 40), Head: Commit, Commits: 3, Blobs: 12, Bytes: 34567, Note: "the change of a push",
		Skipped:  scan.Skipped{Ignored: 1234567, Absent: 4, Sealed: 1, Pointers: 5, Accepted: 2, Known: 3},
		Settings: scan.Settings{Path: ".bbkeys.yml", Commit: strings.Repeat("b", 40)},
	}}
	for _, p := range paths {
		rep.Scanned.Settings.Path += p[:min(len(p), 40)] // as much as can be shown of each
		rep.Scanned.Settings.Note += p[:min(len(p), 40)]
	}
	date := time.Date(2026, 11, 2, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	add := func(r *rule.Rule, m rule.Match, path string, line int) *scan.Finding {
		rep.Findings = append(rep.Findings, scan.Finding{
			Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: path, Commit: Commit, AuthorDate: date},
			From: scan.Position{Line: line, Column: 9}, To: scan.Position{Line: line, Column: 60},
		})
		date = date.AddDate(0, -1, -3)
		return &rep.Findings[len(rep.Findings)-1]
	}
	var first rule.Match
	for i, r := range rule.All() {
		m := rule.Match{Secret: secret.New(r.Mint(rnd)), Proof: rule.Checksum}
		if i == 0 {
			first = m
			add(r, m, "kind/0.env", 2)
		}
		add(r, m, fmt.Sprintf("kind/%d.env", i), 3)
		add(r, rule.Match{Secret: secret.New(r.Mint(rnd)), Proof: rule.Layout}, "look.alike", i+1)
	}
	packed := add(rule.All()[1], rule.Match{
		Secret: secret.New(rule.All()[1].Mint(rnd)), Proof: rule.Structure, ID: "123456789", Encoding: []string{"base64"},
	}, "conf/a.zip", 0)
	packed.From, packed.To, packed.Inside = scan.Position{}, scan.Position{}, []string{"b.tar", "c.env"}
	packed.Place.Commit, packed.Place.AuthorDate = "", time.Time{}
	for _, p := range paths {
		add(rule.All()[0], first, p, 1)
		rep.Gaps = append(rep.Gaps, &scan.Gap{Place: scan.Place{Path: p, Commit: Commit}, Why: errors.New("cannot read " + p)})
	}
	return rep
}

// Accepted returns the report of a range with one finding that counts and, at each path,
// one that does not, whose mute has the path for all its texts, and a remark on it.
func Accepted(paths ...string) *scan.Report {
	rep := Report()
	rep.Findings = rep.Findings[:1]
	for i, p := range paths {
		f := rep.Findings[0]
		f.Place.Path = p
		f.Mute = &scan.Mute{By: []string{"mark", "entry", "baseline"}[i%3], Where: p, Reason: p, Owner: p, Expires: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)}
		rep.Muted = append(rep.Muted, f)
		rep.Remarks = append(rep.Remarks, scan.Remark{Where: p, Text: "something is wrong"})
	}
	return rep
}

// Many returns the report of a checkout with n keys and n gaps.
func Many(n int) *scan.Report {
	r := rule.All()[0]
	rep := &scan.Report{Scanned: scan.Scanned{Mode: "checkout", Blobs: n}}
	for i := range n {
		m := rule.Match{Secret: secret.New(fmt.Sprintf("\x01 %d", i)), Proof: rule.Layout}
		rep.Findings = append(rep.Findings, scan.Finding{
			Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: fmt.Sprintf("src/%d.go", i/10)}, From: scan.Position{Line: i%10 + 1, Column: 1},
		})
		rep.Gaps = append(rep.Gaps, &scan.Gap{Why: fmt.Errorf("gap %d", i)})
	}
	return rep
}

// Nothing returns the report of a checkout with nothing in it to find.
func Nothing() *scan.Report {
	return &scan.Report{Scanned: scan.Scanned{Mode: "checkout", Blobs: 1, Bytes: 12}}
}

// Write returns what render writes of rep, by the way that reports take to their files,
// and fails the test where that is refused or tells a key.
func Write(t testing.TB, rep *scan.Report, render report.Render) string {
	t.Helper()
	var b strings.Builder
	f := report.File{Name: "report", Path: "-", Stdout: &b, Render: render}
	if err := f.Publish(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
	for i, f := range rep.All() {
		if i < 100 && f.Match.Secret.In(b.String()) {
			t.Fatalf("finding %d is told", i)
		}
	}
	return b.String()
}

// Full is a place that has no room.
type Full struct{}

// ErrFull is what writing to a Full place says.
var ErrFull = errors.New("no space left")

// Write implements io.Writer.
func (Full) Write([]byte) (int, error) { return 0, ErrFull }

var _ io.Writer = Full{}
