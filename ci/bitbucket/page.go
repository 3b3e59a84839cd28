package bitbucket

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// A page is what Bitbucket shows of a scan on a commit, before Cloud or Data Center has it
// in its own words.
type page struct {
	title, details string
	passed         bool
	link           string // the page of the build, or ""
	facts          []fact
	remarks        []remark // the worst first
}

// A fact is one line of a page that people read at a glance, as both products take it.
type fact struct {
	Title string   `json:"title"`
	Type  factKind `json:"type"`
	Value any      `json:"value"`
}

// A factKind is how a fact is shown, in the words that Cloud and Data Center share.
type factKind string

const (
	isNumber   factKind = "NUMBER"
	isText     factKind = "TEXT"
	isBoolean  factKind = "BOOLEAN"
	isDuration factKind = "DURATION" // milliseconds
	isLink     factKind = "LINK"     // of type link
)

// A link is the value of a fact that leads somewhere, as Cloud takes it.
type link struct {
	Text string `json:"text"`
	Href string `json:"href"`
}

// A remark is said at one place of the code.
type remark struct {
	id       string // stable from run to run, unique within a page
	path     string // "" where no file of the commit can be pointed at
	line     int    // 0 for none
	summary  string
	details  string
	severity severity
	link     string // where the key is revoked
	fails    bool
}

// A severity is one in Cloud's words.
type severity string

const (
	critical severity = "CRITICAL"
	high     severity = "HIGH"
	medium   severity = "MEDIUM"
	low      severity = "LOW"
)

const (
	// maxRemarks is how many annotations a report can have, in Cloud and by default in Data
	// Center (both API descriptions, 2026-08).
	maxRemarks = 1000
	// maxSummary and maxDetails are what Cloud takes, in characters (its own error messages,
	// "The summary field cannot contain more than 450 characters.", 2022, and "The details
	// field cannot contain more than 2000 characters.", 2020). Texts are held to so many
	// bytes, which is never more.
	maxSummary = 450
	maxDetails = 2000
	// maxPath is longer than paths are, and short enough for any service.
	maxPath = 1000
)

// A scanned says what about a run is not in its report.
type scanned struct {
	kind   string // "pull-request", "checkout"
	link   string // the page of the build, or ""
	took   time.Duration
	policy report.Policy
}

// newPage returns the page of a report.
func newPage(rep *scan.Report, s scanned) page {
	remarks, hidden := remarksOf(rep, s.policy)
	p := page{
		title:   "Leaked keys: " + strings.ReplaceAll(s.kind, "-", " "),
		passed:  s.policy.Verdict(rep) == nil,
		link:    s.link,
		remarks: remarks,
	}
	said := []string{report.Headline(rep) + ".", "Looked at " + report.Scanned(rep.Scanned) + "."}
	if n := len(rep.Gaps); n > 0 {
		said = append(said, fmt.Sprintf("Incomplete, not looked at: %d, first %s.", n, harmless(cut(report.Missed(rep.Gaps[0]), maxSummary))))
	}
	if n := len(rep.Muted); n > 0 {
		said = append(said, fmt.Sprintf("Accepted, and not counted: %d.", n))
	}
	if rep.Scanned.Note != "" {
		said = append(said, "Note: "+harmless(cut(report.Clean(rep.Scanned.Note), maxSummary))+".")
	}
	if len(rep.Findings) > 0 {
		said = append(said, "Revoke each key where its annotation says, then take it out of the code: a later commit does not take it out of the history.")
	}
	if hidden > 0 {
		said = append(said, fmt.Sprintf("The %d worst places are annotated; the log and the other reports of the build have %d more.", len(remarks), hidden))
	}
	p.details = cut(strings.Join(said, " "), maxDetails)
	errors, warnings := rep.Count(rule.Error), rep.Count(rule.Warning)
	p.facts = []fact{
		{"Errors", isNumber, errors},
		{"Warnings", isNumber, warnings - errors},
		{"Notes", isNumber, rep.Count(rule.Note) - warnings},
		{"Scanned", isText, report.Scanned(rep.Scanned)},
		{"Complete", isBoolean, rep.Complete()},
		{"Duration", isDuration, s.took.Milliseconds()},
	}
	return p
}

// remarksOf returns what is said of each finding, and how many findings there was no room
// for. A key that many commits hold at one place is one line to look at.
func remarksOf(rep *scan.Report, policy report.Policy) (remarks []remark, hidden int) {
	type spot struct {
		path, inside, key string
		from              scan.Position
	}
	seen, count := map[spot]bool{}, map[spot]int{}
	for _, f := range rep.Worst() {
		at := spot{f.Place.Path, strings.Join(f.Inside, "\x00"), f.Fingerprint(), f.From}
		if seen[at] {
			continue
		}
		seen[at] = true
		if len(remarks) == maxRemarks {
			hidden++
			continue
		}
		// Lines move; which key it is, in which file, and how often already, does not.
		at.from = scan.Position{}
		count[at]++
		r := newRemark(&f, policy)
		r.id = name(at.key, at.path, at.inside, strconv.Itoa(count[at]))
		remarks = append(remarks, r)
	}
	return remarks, hidden
}

// name returns an identifier for some texts.
func name(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "bbkeys-" + hex.EncodeToString(h.Sum(nil)[:16])
}

func newRemark(f *scan.Finding, policy report.Policy) remark {
	r := remark{severity: severityOf(f), link: f.Rule.Doc.Revoke, fails: policy.Fails(f)}
	where := ""
	if isFile(f.Place.Path) {
		r.path, r.line = f.Place.Path, f.From.Line
		if len(f.Inside) > 0 {
			where = " It is inside an archive: " + harmless(report.Where(f)) + "."
		}
	} else {
		where = " It is in " + harmless(report.Where(f)) + "."
	}
	if came := report.Came(f); came != "" {
		where = " It came with " + came + "." + where
	}
	r.summary = cut(report.Message(f)+where, maxSummary)
	details := "What it opens: " + report.Opens(f)
	for i, step := range report.Next(f) {
		details += fmt.Sprintf(" %d. %s", i+1, step)
	}
	if f.Match.Proof != rule.Layout && r.link != "" {
		details += " Revoked at " + r.link
	}
	r.details = cut(details, maxDetails)
	return r
}

// severityOf ranks f as code scanners do, by what a key of its kind can do.
func severityOf(f *scan.Finding) severity {
	switch s := f.Rule.Severity; {
	case f.Match.Proof == rule.Layout:
		return low
	case s > 9:
		return critical
	case s >= 7:
		return high
	case s >= 4:
		return medium
	}
	return low
}

// isFile reports whether path can be pointed at: it is that of a file of the commit, and
// plain enough for Bitbucket to take it. One annotation with a path that it refuses would
// take the others of its request with it, and the names of files are anybody's choice.
func isFile(path string) bool {
	if len(path) > maxPath || !fs.ValidPath(path) || strings.HasPrefix(path, ".git/") || report.Redact(path) != path {
		return false
	}
	return !strings.ContainsFunc(path, func(r rune) bool { return !strconv.IsPrint(r) })
}

// harmless returns a text that report made one clean line without what makes links,
// mentions, images or markup where it may be shown as Markdown or HTML.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>[]*`|&@!~\\{}$^", r) {
			return '?'
		}
		return r
	}, strings.NewReplacer("://", ":??", "www.", "www?").Replace(s))
}

// cut returns at most limit bytes of s, with a mark where that is not all.
func cut(s string, limit int) string {
	const more = "…"
	if len(s) <= limit {
		return s
	}
	return words.Cut(s, limit-len(more)) + more
}
