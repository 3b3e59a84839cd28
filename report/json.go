package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/bbkeys/bbkeys/scan"
)

// A JSON renders a report as the machine interface that docs/json.md describes.
type JSON struct {
	Version string // of the program
}

// jsonVersion counts the changes of the format that a reader must know of. What is only
// added does not change it.
const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Tool     jsonTool      `json:"tool"`
	Scanned  jsonScanned   `json:"scanned"`
	Findings []jsonFinding `json:"findings"`
	Gaps     []jsonGap     `json:"gaps"`
	Remarks  []jsonRemark  `json:"remarks"`

	Explained []jsonExplained `json:"explained"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonScanned struct {
	Mode     string  `json:"mode"`
	Base     *string `json:"base"`
	Head     *string `json:"head"`
	Commits  int     `json:"commits"`
	Blobs    int     `json:"blobs"`
	Bytes    int64   `json:"bytes"`
	Complete bool    `json:"complete"`
	Note     *string `json:"note"`

	Skipped  jsonSkipped  `json:"skipped"`
	Settings jsonSettings `json:"settings"`
}

// A jsonSkipped counts what was left out as it should be.
type jsonSkipped struct {
	Ignored  int `json:"ignored"`
	Absent   int `json:"absent"`
	Sealed   int `json:"sealed"`
	Pointers int `json:"pointers"`
	Accepted int `json:"accepted"`
	Known    int `json:"known"`
	Muted    int `json:"muted"`
}

// A jsonSettings says whose settings were in force.
type jsonSettings struct {
	Path   *string `json:"path"`
	Commit *string `json:"commit"`
	Note   *string `json:"note"`
}

type jsonFinding struct {
	Rule        string    `json:"rule"`
	Level       string    `json:"level"`
	LevelBy     *string   `json:"level_by"`
	Path        string    `json:"path"`
	Line        int       `json:"line"`
	Column      int       `json:"column"`
	EndLine     int       `json:"end_line"`
	EndColumn   int       `json:"end_column"`
	Commit      *string   `json:"commit"`
	AuthorDate  *string   `json:"author_date"`
	Gone        bool      `json:"gone"`
	Redacted    string    `json:"redacted"`
	Fingerprint string    `json:"fingerprint"`
	ID          *string   `json:"id"`
	Account     *string   `json:"account"`
	Host        *string   `json:"host"`
	Encoding    []string  `json:"encoding"`
	Inside      []string  `json:"inside"`
	Proof       string    `json:"proof"`
	Suppressed  *jsonMute `json:"suppressed"`
	Live        string    `json:"live"`
}

// A jsonMute says who accepted a finding, which then does not count.
type jsonMute struct {
	Kind    string  `json:"kind"`
	Reason  string  `json:"reason"`
	Owner   *string `json:"owner"`
	Expires *string `json:"expires"`
	By      *string `json:"by"`
}

type jsonRemark struct {
	Where *string `json:"where"`
	Text  string  `json:"text"`
}

// A jsonExplained says why something that looked like a key is no finding.
type jsonExplained struct {
	Rule   *string  `json:"rule"`
	Path   string   `json:"path"`
	Line   int      `json:"line"`
	Column int      `json:"column"`
	Commit *string  `json:"commit"`
	Inside []string `json:"inside"`
	Why    string   `json:"why"`
}

type jsonGap struct {
	Path   *string `json:"path"`
	Commit *string `json:"commit"`
	Code   string  `json:"code"`
	Why    string  `json:"why"`
}

// Render writes rep to w.
func (j JSON) Render(w io.Writer, rep *scan.Report) error {
	s := rep.Scanned
	out := jsonReport{
		Version: jsonVersion,
		Tool:    jsonTool{"bbkeys", j.Version},
		Scanned: jsonScanned{
			Mode: s.Mode, Base: known(s.Base), Head: known(s.Head),
			Commits: s.Commits, Blobs: s.Blobs, Bytes: s.Bytes,
			Complete: rep.Complete(), Note: known(s.Note),
			Skipped:  jsonSkipped{s.Skipped.Ignored, s.Skipped.Absent, s.Skipped.Sealed, s.Skipped.Pointers, s.Skipped.Accepted, s.Skipped.Known, len(rep.Muted)},
			Settings: jsonSettings{known(s.Settings.Path), known(s.Settings.Commit), known(s.Settings.Note)},
		},
		Findings: []jsonFinding{},
		Gaps:     make([]jsonGap, len(rep.Gaps)),
		Remarks:  []jsonRemark{},
	}
	all := rep.All()
	for i := range all {
		out.Findings = append(out.Findings, jsonOf(&all[i]))
	}
	for _, r := range rep.Remarks {
		out.Remarks = append(out.Remarks, jsonRemark{known(r.Where), Redact(r.Text)})
	}
	for i, g := range rep.Gaps {
		out.Gaps[i] = jsonGap{known(g.Place.Path), known(g.Place.Commit), g.Code().String(), Redact(g.Why.Error())}
	}
	out.Explained = explainedOf(rep)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	return nil
}

// explainedOf returns nil, which JSON spells null, where nobody asked for it.
func explainedOf(rep *scan.Report) []jsonExplained {
	if rep.Explained == nil {
		return nil
	}
	all := []jsonExplained{}
	for _, x := range rep.Explained {
		rule := ""
		if x.Rule != nil {
			rule = x.Rule.ID
		}
		all = append(all, jsonExplained{known(rule), Redact(x.Place.Path), x.From.Line, x.From.Column, known(x.Place.Commit), redactAll(x.Inside), x.Why})
	}
	return all
}

func jsonOf(f *scan.Finding) jsonFinding {
	return jsonFinding{
		Rule: f.Rule.ID, Level: f.Level.String(), LevelBy: known(f.Said), Path: Redact(f.Place.Path),
		Line: f.From.Line, Column: f.From.Column, EndLine: f.To.Line, EndColumn: f.To.Column,
		Commit: known(f.Place.Commit), AuthorDate: known(stamp(f.Place.AuthorDate)), Gone: f.Place.Gone,
		Redacted: f.Match.Secret.String(), Fingerprint: f.Fingerprint(), ID: known(f.Match.ID),
		Account: known(f.Match.Account), Host: known(f.Match.Host),
		Encoding: redactAll(f.Match.Encoding), Inside: redactAll(f.Inside),
		Proof: f.Match.Proof.String(), Suppressed: muteOf(f.Mute), Live: "unknown",
	}
}

func muteOf(m *scan.Mute) *jsonMute {
	if m == nil {
		return nil
	}
	return &jsonMute{Kind: m.By, Reason: Redact(m.Reason), Owner: known(m.Owner), Expires: known(lastDay(m)), By: known(m.Where)}
}

// known returns nil for a text that there is none of.
func known(s string) *string {
	if s == "" {
		return nil
	}
	s = Redact(s)
	return &s
}

// stamp returns a time as RFC 3339 has it, in UTC, or "" where there is none.
func stamp(t time.Time) string {
	if !sane(t) {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// redactAll never returns nil, which JSON spells null.
func redactAll(all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = Redact(s)
	}
	return out
}
