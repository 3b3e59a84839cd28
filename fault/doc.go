package fault

import (
	"fmt"
	"strings"
)

// ciNames are the CIs as people call them, in the order of the documentation.
func ciNames() [][2]string {
	return [][2]string{
		{"github", "GitHub Actions"}, {"bitbucket", "Bitbucket Pipelines"}, {"gitlab", "GitLab CI"}, {"jenkins", "Jenkins"},
		{"circleci", "CircleCI"}, {"azure", "Azure Pipelines"}, {"travis", "Travis CI"}, {"buildkite", "Buildkite"},
		{"teamcity", "TeamCity"}, {"drone", "Drone"}, {"woodpecker", "Woodpecker"}, {Shell, "A command line"},
	}
}

// Where returns the name that people know the place of the fix by.
func (f Fix) Where() string {
	for _, n := range ciNames() {
		if n[0] == f.CI {
			return n[1]
		}
	}
	return f.CI
}

// Markdown returns the entry as a section of a document below a heading such as "##".
func (e Entry) Markdown(heading string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n\n**%s.**\n\n%s\n\n%s\n", heading, e.Code, e.Title, e.Why, e.Remedy)
	for _, n := range ciNames() {
		for _, f := range e.Fixes {
			if f.CI == n[0] {
				fmt.Fprintf(&b, "\n%s:\n\n```%s\n%s```\n", f.Where(), f.Lang, f.Text)
			}
		}
	}
	return b.String()
}

// Page returns the whole table as one Markdown document.
func Page() string {
	var b strings.Builder
	b.WriteString("# Errors\n\nMade from the table of faults by `go test . -update`. A code never changes what it means. `bbkeys errors CODE` shows the same.\n")
	subjects := append(groups(), group{from: 1 << 30})
	for i, g := range subjects[:len(subjects)-1] {
		fmt.Fprintf(&b, "\n**%s**: %s.\n\n| code | what is wrong |\n| --- | --- |\n", g.title, g.status)
		for _, e := range Table() {
			if g.from <= e.Code && e.Code < subjects[i+1].from {
				fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", e.Code, strings.ToLower(e.Code.String()), e.Title)
			}
		}
	}
	for _, e := range Table() {
		b.WriteString("\n" + e.Markdown("##"))
	}
	return b.String()
}
