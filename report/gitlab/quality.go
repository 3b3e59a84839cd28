package gitlab

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// A CodeQuality renders reports as gl-code-quality-report.json, the part of Code
// Climate's issues that GitLab reads (docs.gitlab.com, "Code Quality", 2026-11). The
// format has no place for what was not looked at, so that is an issue of its own.
type CodeQuality struct{}

type issue struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// Render writes rep to w.
func (CodeQuality) Render(w io.Writer, rep *scan.Report) error {
	issues := []issue{}
	names := names{}
	worst := rep.Worst()
	for i := range worst {
		if i == maxFindings {
			issues = append(issues, missing(fmt.Sprintf("%d more findings are not listed here; the JSON report has all of them.", len(worst)-i), ""))
			break
		}
		f := &worst[i]
		name := names.next(f)
		is := issue{Description: report.Message(f), Check: ruleID(f), Fingerprint: hex.EncodeToString(name[:16]), Severity: quality(severity(f))}
		is.Location.Path, is.Location.Lines.Begin = file(f.Place.Path), max(1, f.From.Line)
		issues = append(issues, is)
	}
	for i, g := range rep.Gaps {
		if i == maxGaps {
			issues = append(issues, missing(fmt.Sprintf("%d more things were not looked at.", len(rep.Gaps)-i), ""))
			break
		}
		issues = append(issues, missing("Not looked at: "+report.Missed(g)+". See "+g.Code().Link(), g.Place.Path))
	}
	return encode(w, issues)
}

// missing is the issue that something is not in the report.
func missing(what, path string) issue {
	sum := sha256.Sum256([]byte("gap\x00" + path + "\x00" + what))
	is := issue{Description: what, Check: "bbkeys-gap", Fingerprint: hex.EncodeToString(sum[:16]), Severity: "major"}
	is.Location.Path, is.Location.Lines.Begin = file(path), 1
	return is
}

// file is a path as GitLab takes one: it has to have one.
func file(path string) string {
	if path == "" {
		return "."
	}
	return report.Redact(path)
}

// quality says a severity in the words of code quality.
func quality(severity string) string {
	switch severity {
	case "Critical":
		return "blocker"
	case "High":
		return "critical"
	case "Medium":
		return "major"
	case "Low":
		return "minor"
	}
	return "info"
}
