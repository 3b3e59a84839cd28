package report_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

// Rules of the tests' own, so that no catalogue entry changes what is compared here.
var (
	doorKey = &rule.Rule{
		ID: "door-key", Name: "Door key", Level: rule.Error,
		Doc: rule.Doc{
			What: "A key.", Opens: "The door.", Revoke: "https://door.example/keys",
			Steps: []string{"Change the lock.", "Make a new key."},
		},
	}
	oldKey = &rule.Rule{
		ID: "old-key", Name: "Old key", Level: rule.Warning, Dead: "2026-07-28",
		Doc: rule.Doc{What: "A key.", Opens: "Nothing any more.", Steps: []string{"Throw it away."}},
	}
)

func finding(r *rule.Rule, key string, p rule.Proof, path string, line, column int) scan.Finding {
	m := rule.Match{Secret: secret.New(key), Proof: p}
	f := scan.Finding{Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: path}}
	if line > 0 {
		f.From = scan.Position{Line: line, Column: column}
		f.To = scan.Position{Line: line, Column: column + len(key)}
	}
	return f
}

func text(t *testing.T, rep *scan.Report, x report.Text) string {
	t.Helper()
	var b strings.Builder
	x.Writer = &b
	if err := x.Publish(t.Context(), rep); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextOfAChange(t *testing.T) {
	one, two := strings.Repeat("k", 40), strings.Repeat("q", 40)
	rep := &scan.Report{
		Scanned: scan.Scanned{Mode: "range", Base: strings.Repeat("b", 40), Head: commit, Commits: 2, Blobs: 12, Bytes: 1_234_567, Note: "the change of a push."},
		Findings: []scan.Finding{
			finding(doorKey, one, rule.Checksum, "a/deploy.sh", 3, 9),
			finding(oldKey, "old", rule.Checksum, ".git/COMMIT_EDITMSG", 1, 1),
			finding(doorKey, two, rule.Structure, "c.bin", 0, 0),
			finding(doorKey, one, rule.Checksum, "d e.md", 70, 1),
			finding(doorKey, "no", rule.Layout, "e", 1, 1),
		},
		Gaps: []*scan.Gap{
			{Place: scan.Place{Path: "f", Commit: commit}, Why: fault.New(fault.MissingObject, "no such object")},
			{Why: fault.New(fault.MissingObject, "no such commit")},
		},
	}
	rep.Findings[0].Place.Commit = commit
	rep.Findings[0].Place.AuthorDate = time.Date(2026, 11, 2, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	rep.Findings[1].Place.Commit = commit
	rep.Findings[2].Match.ID = "123456"
	rep.Findings[2].Inside = []string{"x.zip", "y\n.tar"}
	rep.Findings[3].Match.Encoding = []string{"base64", "percent"}
	print1, print2, print3, print4 := rep.Findings[0].Fingerprint(), rep.Findings[2].Fingerprint(), rep.Findings[1].Fingerprint(), rep.Findings[4].Fingerprint()
	want := `../x/a/deploy.sh:3:9: error: Door key kkkk…(40): its checksum is right, so it is a real key that may work today. [fingerprint ` + print1 + `, commit 0123456789 of 2026-11-03]
../x/d e.md:70:1: error: The same key again. [fingerprint ` + print1[:8] + `…, written as percent in base64]
../x/c.bin: error: Door key qqqq…(40): its inner structure is right, so it is a real key that may work today. [fingerprint ` + print2 + `, id 123456, inside x.zip, inside "y\n.tar"]
    kind   door-key
    opens  The door.
    revoke https://door.example/keys
    next   1. Change the lock.
           2. Make a new key.

../x/.git/COMMIT_EDITMSG:1:1: warning: Old key …(3): its checksum is right, but keys of this kind have been refused since 2026-07-28. [fingerprint ` + print3 + `, the message of commit 0123456789]
    kind   old-key
    opens  Nothing any more.
    next   1. Throw it away.

../x/e:1:1: note: …(2) looks like a key of the kind Door key, but its checksum or structure is wrong. [fingerprint ` + print4 + `]
    kind   door-key
    opens  Nothing as it stands.
    revoke https://door.example/keys
    next   1. Find out whether it is a real key with a changed or missing character; if so, treat it as leaked.
           2. Else replace it by a text that nobody takes for a key.

not looked at: f in commit 0123456789: no such object (BBK105)
not looked at: no such commit (BBK105)
    BBK105 The repository lacks something that it names: https://github.com/bbkeys/bbkeys/blob/main/docs/errors.md#bbk105

bbkeys: 3 errors, 1 warning, 1 note found in the range bbbbbbbbbb..0123456789 (2 commits, 12 files, 1.2 MB); incomplete, 2 things were not looked at; the change of a push
`
	if got := text(t, rep, report.Text{Prefix: "../x/"}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestTextOfNothing(t *testing.T) {
	for _, tt := range []struct {
		scanned scan.Scanned
		want    string
	}{
		{scan.Scanned{Mode: "checkout", Blobs: 1, Bytes: 1}, "no keys found in the checkout (1 file, 1 byte)"},
		{scan.Scanned{Mode: "checkout", Blobs: 2, Bytes: 999}, "no keys found in the checkout (2 files, 999 bytes)"},
		{scan.Scanned{Mode: "staged", Blobs: 2, Bytes: 1000}, "no keys found in what is staged (2 files, 1.0 kB)"},
		{scan.Scanned{Mode: "history", Commits: 1, Blobs: 2, Bytes: 999_960}, "no keys found in the whole history (1 commit, 2 files, 1.0 MB)"},
		{scan.Scanned{Mode: "range", Head: commit, Commits: 9, Blobs: 2, Bytes: 5e12}, "no keys found in the range up to 0123456789 (9 commits, 2 files, 5.0 TB)"},
		{scan.Scanned{Mode: "none", Note: "the branch was deleted"}, "there was nothing to scan; the branch was deleted"},
	} {
		if got := text(t, &scan.Report{Scanned: tt.scanned}, report.Text{}); got != "bbkeys: "+tt.want+"\n" {
			t.Errorf("got  %swant bbkeys: %s", got, tt.want)
		}
	}
}

func TestTextColour(t *testing.T) {
	rep := sample(t, hostile...)
	plain := text(t, rep, report.Text{})
	colour := text(t, rep, report.Text{Colour: true})
	if strings.Contains(plain, "\x1b") {
		t.Error("escape sequences without colour")
	}
	for _, seq := range []string{"\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[33m", "\x1b[0m"} {
		if !strings.Contains(colour, seq) {
			t.Errorf("no %q", seq)
		}
		colour = strings.ReplaceAll(colour, seq, "")
	}
	if colour != plain {
		t.Error("colour changes more than the colour")
	}
	if got := text(t, nothing(t), report.Text{Colour: true}); !strings.Contains(got, "\x1b[32mno keys found\x1b[0m") {
		t.Errorf("nothing found is not green: %q", got)
	}
}

func TestTextIsSafeAndWhole(t *testing.T) {
	rep := sample(t, hostile...)
	rep.Scanned.Note, rep.Scanned.Base = "a\n::b", "\x1b[2J"
	out := text(t, rep, report.Text{})
	for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		checkLine(t, "text", line)
	}
	for i := range rep.Findings {
		if rep.Findings[i].Match.Secret.In(out) {
			t.Errorf("finding %d is told", i)
		}
	}
	for _, path := range hostile {
		if !strings.Contains(out, report.Clean(path)+":1:1: error:") {
			t.Errorf("the finding in %q is not shown", path)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	rep := &scan.Report{Scanned: scan.Scanned{Mode: "checkout"}}
	for i := range 3000 {
		rep.Findings = append(rep.Findings, finding(doorKey, fmt.Sprint("key", i), rule.Layout, fmt.Sprint("f", i), 1, 1))
		rep.Gaps = append(rep.Gaps, &scan.Gap{Why: fmt.Errorf("gap %d", i)})
	}
	rep.Findings = append(rep.Findings, finding(doorKey, "real", rule.Checksum, "z", 1, 1))
	out := text(t, rep, report.Text{})
	if n := strings.Count(out, ": note:"); n != 999 {
		t.Errorf("%d notes", n)
	}
	if !strings.HasPrefix(out, "z:1:1: error:") {
		t.Error("the worst is not first")
	}
	if !strings.Contains(out, "and 2001 findings more") || !strings.Contains(out, "2980 things more") || !strings.Contains(out, "1 error, 3000 notes found") {
		t.Errorf("the rest is not counted: %s", out[len(out)-400:])
	}
}

func TestTextSaysWhatFails(t *testing.T) {
	err := report.Text{Writer: failing{}}.Publish(t.Context(), nothing(t))
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "text report") {
		t.Errorf("got %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }
