package report_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// everything shows every text of a report as it is.
type everything struct{ out strings.Builder }

func (e *everything) Publish(_ context.Context, rep *scan.Report) error {
	for _, f := range rep.All() {
		fmt.Fprintln(&e.out, f.Place.Path, f.Inside, f.Match.Account, f.Match.Host, f.Match.Key, f.Match.ID, f.Said)
		if f.Mark != nil {
			fmt.Fprintln(&e.out, f.Mark.Reason)
		}
		if f.Mute != nil {
			fmt.Fprintln(&e.out, f.Mute.Where, f.Mute.Reason, f.Mute.Owner)
		}
	}
	for _, g := range rep.Gaps {
		fmt.Fprintln(&e.out, g)
	}
	for _, r := range rep.Remarks {
		fmt.Fprintln(&e.out, r)
	}
	fmt.Fprintln(&e.out, rep.Scanned)
	return nil
}

// A credential that counts by its carrier alone is not told where a name, an error or a
// reason repeats it, in any spelling that guard would see.
func TestMask(t *testing.T) {
	rnd := random()
	for _, r := range rule.All() {
		if r.Weak {
			continue
		}
		key := r.Mint(rnd)
		if r.LevelAt != nil {
			continue // it has lines, which no name has
		}
		for _, spelled := range []string{key, url.QueryEscape(key), base64.StdEncoding.EncodeToString([]byte(key)), base64.RawURLEncoding.EncodeToString([]byte("x" + key + "y"))} {
			text := "a/" + spelled + "/b." + spelled
			rep := &scan.Report{Findings: []scan.Finding{finding(r, key, rule.Checksum, text, 1, 1)}}
			f := &rep.Findings[0]
			f.Inside, f.Match.Account, f.Match.Host, f.Match.Key, f.Said = []string{text, "in"}, text, text, text, text
			f.Mark, f.Mute = &scan.Mark{Reason: text}, &scan.Mute{Where: text, Reason: text, Owner: text}
			rep.Muted = append(rep.Muted, *f)
			rep.Gaps = []*scan.Gap{{Place: scan.Place{Path: text}, Why: fmt.Errorf("%s: %w", text, scan.ErrInterrupted)}}
			rep.Remarks = []scan.Remark{{Where: text, Text: text}}
			rep.Scanned.Note, rep.Scanned.Settings = text, scan.Settings{Path: text, Note: text}
			before := fmt.Sprintf("%+v", rep)
			var all everything
			err := report.To(t.Context(), rep, report.Policy{}, &all)
			if strings.Contains(all.out.String(), spelled) || strings.Contains(err.Error(), spelled) {
				t.Errorf("%s: told", r.ID)
			}
			if !errors.Is(err, scan.ErrInterrupted) {
				t.Errorf("%s: the cause is lost: %v", r.ID, err)
			}
			if fmt.Sprintf("%+v", rep) != before {
				t.Errorf("%s: the report itself is changed", r.ID)
			}
		}
	}
}

// What people choose may be a word, which stays wherever else it is.
func TestMaskLeavesWords(t *testing.T) {
	r := rule.ByID("bitbucket-password")
	rep := &scan.Report{Findings: []scan.Finding{finding(r, "production", rule.Context, "deploy/production/key.env", 1, 1)}}
	var all everything
	if err := report.To(t.Context(), rep, report.Policy{}, &all); err != nil || !strings.Contains(all.out.String(), "deploy/production/key.env") {
		t.Errorf("%v, %s", err, &all.out)
	}
}

// A name that is no credential, and reads as one among the words of the report, stops no
// report and is not told.
func TestNamesAmongWords(t *testing.T) {
	r := rule.ByID("bitbucket-data-center-token-unprefixed")
	key := r.Mint(random())
	rep := &scan.Report{Findings: []scan.Finding{finding(rule.All()[0], rule.All()[0].Mint(random()), rule.Checksum, key+".txt", 1, 1)}}
	var out bytes.Buffer
	f := report.File{Name: "test report", Path: "-", Stdout: &out, Render: func(w io.Writer, rep *scan.Report) error {
		_, err := fmt.Fprintf(w, "bitbucket: %s\n", rep.Findings[0].Place.Path)
		return err
	}}
	if err := report.To(t.Context(), rep, report.Policy{}, f); err != nil || out.Len() == 0 || strings.Contains(out.String(), key) {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
