// Package catalog says what is detected, for people.
package catalog

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/guess"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
)

// Text returns what is detected: a line for each kind of credential, or, where id names
// one, all that is known of it. The error for an id that no kind has is an *exit.Error
// of status Usage.
func Text(id string) (string, error) {
	var b strings.Builder
	switch r := rule.ByID(id); {
	case r != nil:
		ruleDoc(&b, r, "#")
	case id != "":
		return "", exit.Usagef(fault.UnknownRule, guess.Question(guess.Of(id, rule.IDs()))+"bbkeys rules lists them", "looking up a rule: there is none with the id %q", report.Clean(id))
	default:
		widest := 0
		for _, id := range rule.IDs() {
			widest = max(widest, len(id))
		}
		for _, r := range rule.All() {
			fmt.Fprintf(&b, "%-*s  %-7s  %s\n", widest, r.ID, r.Level, r.Name)
		}
	}
	return b.String(), nil
}

// Document returns what is detected as one Markdown document.
func Document() string {
	var b strings.Builder
	b.WriteString("# What is detected\n\nMade from the rules by `go test . -update`.\n\n")
	b.WriteString("| id | kind | level | works today |\n| --- | --- | --- | --- |\n")
	for _, r := range rule.All() {
		works := "yes"
		if r.Dead != "" {
			works = "no, since " + r.Dead
		}
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s |\n", r.ID, r.ID, r.Name, r.Level, works)
	}
	b.WriteString("\nWhat has the layout of a kind and fails its proof is a `note`. Placeholders are nothing at all.\n")
	for _, r := range rule.All() {
		b.WriteString("\n")
		ruleDoc(&b, r, "##")
	}
	return b.String()
}

func ruleDoc(b *strings.Builder, r *rule.Rule, heading string) {
	fmt.Fprintf(b, "%s %s\n\n%s. Level %s, since version %s.\n", heading, r.ID, r.Name, r.Level, r.Since)
	if r.Dead != "" {
		fmt.Fprintf(b, "The vendor has refused credentials of this kind since %s.\n", r.Dead)
	}
	fmt.Fprintf(b, "\n- What it is: %s\n- What it opens: %s\n- Form and proof: %s\n- Revoke it at: <%s>\n\nWhat to do:\n\n",
		r.Doc.What, r.Doc.Opens, r.Doc.Format, r.Doc.Revoke)
	for i, s := range r.Doc.Steps {
		fmt.Fprintf(b, "%d. %s\n", i+1, s)
	}
	b.WriteString("\nDocumentation:\n\n")
	for _, l := range r.Doc.Links {
		fmt.Fprintf(b, "- <%s>\n", l)
	}
}
