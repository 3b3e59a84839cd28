package mute

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// today is when the tests are.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// files is a source of texts by path.
type files struct {
	mode  string
	texts map[string]string
}

func (f files) Each(_ context.Context, _ int, look func(scan.Blob) bool, _ func(*scan.Gap)) {
	for path, text := range f.texts {
		look(scan.Blob{Places: []scan.Place{{Path: path}}, Data: []byte(text)})
	}
}

func (f files) Scanned() scan.Scanned { return scan.Scanned{Mode: f.mode} }

// scanned returns the report of texts, given as path and text in turn.
func scanned(t testing.TB, mode string, pairs ...string) *scan.Report {
	t.Helper()
	texts := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		texts[pairs[i]] = pairs[i+1]
	}
	return scan.Run(t.Context(), files{mode, texts}, scan.Options{Rules: rule.All()})
}

// keyOf returns a new credential of a kind, a different one for each number.
func keyOf(id string, n uint64) string { return rule.ByID(id).Mint(rand.New(rand.NewPCG(80, n))) }

// said returns the remarks of a report, one to a line.
func said(rep *scan.Report) string {
	var b strings.Builder
	for _, r := range rep.Remarks {
		b.WriteString(r.Where + ": " + r.Text + "\n")
	}
	return b.String()
}

// only returns the only finding of a text.
func only(t testing.TB, text string) *scan.Finding {
	t.Helper()
	rep := scanned(t, "checkout", "x", text)
	if len(rep.Findings) != 1 {
		t.Fatalf("%d findings", len(rep.Findings))
	}
	return &rep.Findings[0]
}
