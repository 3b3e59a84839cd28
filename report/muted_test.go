package report_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// accepted is a report whose findings are all accepted but one, at each path one, with the
// path for all texts of its mute, and a remark on each.
func accepted(t *testing.T, paths ...string) *scan.Report {
	t.Helper()
	rep := sample(t, paths...)
	all := rep.Findings
	rep.Findings, rep.Gaps = all[:1], nil
	for i := range all[1:] {
		f := all[1+i]
		f.Mute = &scan.Mute{By: "entry", Where: f.Place.Path, Reason: "since " + f.Place.Path, Owner: f.Place.Path, Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
		rep.Muted = append(rep.Muted, f)
		rep.Remarks = append(rep.Remarks, scan.Remark{Where: f.Place.Path, Text: "something is wrong"})
	}
	return rep
}

func TestMuted(t *testing.T) {
	for _, c := range []struct {
		mute scan.Mute
		want string
	}{
		{scan.Mute{By: "mark", Where: "a:3", Reason: "made up."}, "accepted by the mark at a:3: made up"},
		{scan.Mute{By: "entry", Where: "a\nb:3", Reason: "::error::x", Owner: "\x1b[2J", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
			`accepted by the entry at "a\nb:3", until 2026-12-31, owner "\x1b[2J": "::error::x"`},
		{scan.Mute{By: "baseline", Reason: "r"}, "accepted by the baseline: r"},
	} {
		if got := report.Muted(&scan.Finding{Mute: &c.mute}); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := report.Muted(&scan.Finding{}); got != "" {
		t.Errorf("%q of what counts", got)
	}
}

// What is accepted fails nothing, is counted, and is no finding of any publisher that
// knows nothing of accepting.
func TestMutedVerdict(t *testing.T) {
	rep := accepted(t)
	strict := report.Policy{FailOn: rule.Note}
	if exit.Of(strict.Verdict(rep)) != exit.Found {
		t.Error("what counts passes")
	}
	rep.Findings = nil
	if err := strict.Verdict(rep); err != nil {
		t.Errorf("what is accepted fails: %v", err)
	}
	if rep.Count(rule.Note) != 0 || len(rep.Worst()) != 0 || len(report.Kinds(rep)) != 0 {
		t.Error("what is accepted counts")
	}
	if h := report.Headline(rep); !strings.HasPrefix(h, "bbkeys found no keys (") || !strings.HasSuffix(h, " accepted)") {
		t.Error(h)
	}
}

// A person reads how many are accepted, and what is wrong with how, in lines of our own.
func TestMutedText(t *testing.T) {
	rep := accepted(t, hostile...)
	out := text(t, rep, report.Text{})
	for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		checkLine(t, "text", line)
	}
	if !strings.Contains(out, report.Counts(rep)+" found in ") || strings.Count(out, "\nremark: ") != 21 || !strings.Contains(out, "more remarks") {
		t.Error(out)
	}
}

func TestMutedMarkdown(t *testing.T) {
	rep := accepted(t, hostile...)
	slices.SortFunc(rep.Muted, func(a, b scan.Finding) int { return len(b.Match.Secret.String()) - len(a.Match.Secret.String()) })
	out := report.Markdown(rep, mebibyte)
	if strings.Count(out, "<li>Remark: ") != 21 || !strings.Contains(out, " accepted, which do not count</summary>") {
		t.Error(out)
	}
	rest := revokedAt.ReplaceAllString(strings.NewReplacer("Remark:", "", report.Headline(rep), "").Replace(out), "></a>")
	rest = entities.ReplaceAllString(ownMarks.ReplaceAllString(ownTags.ReplaceAllString(rest, ""), ""), "")
	for line := range strings.Lines(rest) {
		if strings.ContainsAny(line, special) {
			t.Errorf("a special character is left in %q", line)
		}
	}
	if f := rep.Muted[0]; !strings.Contains(html.UnescapeString(out), f.Rule.Name+", accepted by the entry at ") {
		t.Error("nobody says why")
	}
	for limit := 0; limit < len(out)+1000; limit += 1 + limit/10 {
		if n := len(report.Markdown(rep, limit)); n > limit {
			t.Fatalf("%d bytes where %d are allowed", n, limit)
		}
	}
}

// The JSON report lists what is accepted among the findings, in order of place, with who
// did so.
func TestMutedJSON(t *testing.T) {
	rep := accepted(t, hostile...)
	rep.Muted[0].Mute.Owner, rep.Muted[0].Mute.Expires = "", time.Time{}
	out := renderJSON(t, rep)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err == nil {
		err = strict(t).Validate(doc)
	}
	if err != nil {
		t.Error(err)
	}
	var got struct {
		Findings []struct {
			Path       string
			Suppressed *struct {
				Kind, Reason, By string
				Owner, Expires   *string
			}
		}
		Remarks []struct{ Where, Text string }
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Findings) != 1+len(rep.Muted) || len(got.Remarks) != len(rep.Remarks) {
		t.Fatalf("%d findings, %d remarks", len(got.Findings), len(got.Remarks))
	}
	counts, unnamed := 0, 0
	for i, f := range rep.All() {
		s := got.Findings[i].Suppressed
		if (s == nil) != (f.Mute == nil) {
			t.Fatalf("finding %d: %+v", i, s)
		}
		if s == nil {
			counts++
			continue
		}
		if path := string([]rune(f.Place.Path)); s.Kind != "entry" || s.By != path || s.Reason != "since "+path {
			t.Errorf("finding %d: %+v", i, s)
		}
		if s.Owner == nil && s.Expires == nil {
			unnamed++
		} else if *s.Owner != s.By || *s.Expires != "2026-12-31" {
			t.Errorf("finding %d: %+v", i, s)
		}
	}
	if counts != 1 || unnamed != 1 {
		t.Errorf("%d count, %d have no owner", counts, unnamed)
	}
}

// No report leaves the process that tells what is accepted.
func TestMutedIsGuarded(t *testing.T) {
	rep := accepted(t)
	for i := range rep.Muted {
		f := &rep.Muted[i]
		if f.Rule.Weak {
			continue
		}
		var out strings.Builder
		file := report.File{Name: "report", Path: "-", Stdout: &out, Render: func(w io.Writer, _ *scan.Report) error {
			_, err := io.WriteString(w, "<"+f.Match.Secret.Reveal()+">")
			return err
		}}
		if err := file.Publish(t.Context(), rep); err == nil || out.Len() > 0 {
			t.Errorf("a key of the kind %s is told", f.Rule.ID)
		}
	}
}
