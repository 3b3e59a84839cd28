package sarif

import (
	"fmt"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// GitHub knows severity and precision of a rule and not of a result, so what only looks
// like a key has rules of its own.
const lookAlike = "/look-alike"

func ruleID(f *scan.Finding) string {
	if f.Match.Proof == rule.Layout {
		return f.Rule.ID + lookAlike
	}
	return f.Rule.ID
}

// descriptors returns SARIF's rules for rules, and where in it each identifier is.
func descriptors(rules []*rule.Rule) ([]*sarif.ReportingDescriptor, map[string]int) {
	all := make([]*sarif.ReportingDescriptor, 0, 2*len(rules))
	index := make(map[string]int, 2*len(rules))
	for _, r := range rules {
		for _, proof := range []rule.Proof{rule.Checksum, rule.Layout} {
			d := descriptor(&scan.Finding{Rule: r, Match: rule.Match{Proof: proof}})
			index[d.ID] = len(all)
			all = append(all, d)
		}
	}
	return all, index
}

// descriptor says what all findings like f have in common.
func descriptor(f *scan.Finding) *sarif.ReportingDescriptor {
	r := f.Rule
	title := r.Name + " in the repository"
	level, severity, precision := r.Level.String(), r.Severity, "very-high"
	switch {
	case r.Level == rule.Note:
		precision = "low"
	case r.Context != "":
		precision = "high" // it has no proof in itself
	}
	if f.Match.Proof == rule.Layout {
		title = "Text that looks like a key of the kind " + r.Name
		// Low in GitHub's scale, which begins at 0.1.
		level, severity, precision = rule.Note.String(), 1, "low"
	}
	id := ruleID(f)
	d := sarif.NewRule(id).
		WithName(pascal(id)).
		WithDescription(title).
		WithFullDescription(sarif.NewMultiformatMessageString(cut(what(f), maxDescription))).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level))
	d.Help = sarif.NewMultiformatMessageString(helpText(f)).WithMarkdown(helpMarkdown(f, title))
	if r.Doc.Revoke != "" {
		d.WithHelpURI(r.Doc.Revoke)
	}
	d.Properties = sarif.Properties{
		"tags":              []string{"security", "secret", "bitbucket", "external/cwe/cwe-798"},
		"precision":         precision,
		"problem.severity":  problem(level),
		"security-severity": fmt.Sprintf("%.1f", severity),
	}
	return d
}

// what says what the findings are and what they open, in sentences.
func what(f *scan.Finding) string {
	if f.Match.Proof == rule.Layout {
		return "It has the prefix, length and alphabet of the kind " + f.Rule.Name + ", but its checksum or structure is wrong. What it opens: " + report.Opens(f)
	}
	return f.Rule.Doc.What + " What it opens: " + report.Opens(f)
}

// problem is how GitHub's own queries spell a level.
func problem(level string) string {
	if level == rule.Note.String() {
		return "recommendation"
	}
	return level
}

func helpText(f *scan.Finding) string {
	doc := f.Rule.Doc
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nWhat to do:\n", what(f))
	for i, step := range report.Next(f) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step)
	}
	if doc.Revoke != "" {
		fmt.Fprintf(&b, "\nRevoke it at %s\n", doc.Revoke)
	}
	if doc.Format != "" {
		fmt.Fprintf(&b, "\nForm: %s\n", doc.Format)
	}
	return b.String()
}

func helpMarkdown(f *scan.Finding, title string) string {
	doc := f.Rule.Doc
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n## Revoke and replace it\n\n", title, what(f))
	for i, step := range report.Next(f) {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step)
	}
	if doc.Revoke != "" {
		fmt.Fprintf(&b, "\nIt is revoked at <%s>. Taking it out of the code is not enough: whoever has seen the repository has the key.\n", doc.Revoke)
	}
	if doc.Format != "" {
		fmt.Fprintf(&b, "\n## How it was recognised\n\n%s\n", doc.Format)
	}
	if len(doc.Links) > 0 {
		b.WriteString("\n## More\n\n")
		for _, l := range doc.Links {
			fmt.Fprintf(&b, "- <%s>\n", l)
		}
	}
	return b.String()
}

// pascal spells an identifier as SARIF wants names: BitbucketAccessToken.
func pascal(id string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(id, func(r rune) bool { return r == '-' || r == '/' }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// cut returns at most limit characters of s, whole words where it must leave some out.
func cut(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	head := string(runes[:limit-1])
	if i := strings.LastIndexByte(head, ' '); i > 0 {
		head = head[:i]
	}
	return head + "…"
}
