package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

func TestRecord(t *testing.T) {
	for _, c := range []struct {
		of   scan.Scanned
		want string
	}{
		{scan.Scanned{}, ""},
		{scan.Scanned{Skipped: scan.Skipped{Sealed: 3}}, ""}, // which the note says
		{scan.Scanned{Skipped: scan.Skipped{Ignored: 1234567, Accepted: 1, Known: 1000}},
			"left out: 1,234,567 ignored by git, 1 of values that the settings accept, 1,000 there before the change"},
		{scan.Scanned{Settings: scan.Settings{Path: ".bbkeys.yml"}}, "settings: .bbkeys.yml as it is on disk"},
		{scan.Scanned{Settings: scan.Settings{Path: "a\nb", Commit: commit}}, `settings: "a\nb" of commit 0123456789`},
		{scan.Scanned{Settings: scan.Settings{Note: "there are none."}}, "settings: none; there are none"},
	} {
		if got := strings.Join(report.Record(c.of), "\n"); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

// TestRecordIsSafe: the settings' name and note come from whoever starts the run and from
// errors; no report takes them for more than text, and none tells a key in them.
func TestRecordIsSafe(t *testing.T) {
	key := rule.ByID("bitbucket-api-token").Mint(random())
	for _, h := range append(hostile, key) {
		rep := nothing(t)
		rep.Scanned.Settings = scan.Settings{Path: h, Commit: commit, Note: h}
		var text, doc bytes.Buffer
		if err := (report.Text{Writer: &text}).Publish(t.Context(), rep); err != nil {
			t.Fatal(err)
		}
		if err := (report.JSON{}).Render(&doc, rep); err != nil {
			t.Fatal(err)
		}
		page := report.Markdown(rep, 1<<20)
		for what, out := range map[string]string{"text": text.String(), "JSON": doc.String(), "Markdown": page} {
			if strings.Contains(out, key) {
				t.Errorf("the %s tells a key", what)
			}
		}
		if strings.Count(text.String(), "\n") != 2 || strings.Contains(text.String(), "\x1b") || strings.Contains(text.String(), "##[") {
			t.Errorf("%q is more than a line of text: %q", h, text.String())
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "](") || strings.Contains(page, "<img") {
			t.Errorf("%q is more than text of a page", h)
		}
		if !json.Valid(doc.Bytes()) {
			t.Errorf("%q breaks the JSON", h)
		}
	}
}

func TestLevelBy(t *testing.T) {
	rep := sample(t)
	for i := range rep.Findings {
		rep.Findings[i].Relevel(rule.Note, ".bbkeys.yml:7:5")
	}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		said := report.Message(f)
		f.Level, f.Said = f.OwnLevel(), ""
		own := report.Message(f)
		if want := strings.TrimSuffix(own, ".") + "; the settings (.bbkeys.yml:7:5) say note."; said != want {
			t.Errorf("got %q, want %q", said, want)
		}
	}
}
