package ci_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
)

const rangesHead = `<!-- Made from the contract suite: go test ./ci -run TestRangesDoc -update -->

# What is scanned, by CI and event

In mode auto, what a job was started for decides what is scanned. The range is every commit that the
head reaches and the base does not, with what merges add and with commit messages. Where the base is a
list of branches, the first one that the clone has counts; ` + "`origin/trunk` and `origin/master`" + ` stand for the
default branch of the repository or the target of the change, whatever it is called.

* *checkout*: every file of the working tree that is tracked or not ignored, because the event names no change.
* *all history*: where the clone has none of the branches, everything that the head reaches.
* *gap*: where the clone has none of these ends, the checkout is scanned instead and the run is incomplete (status 3, or what ` + "`on-gap`" + ` says).
* *no checkout*: the same, but the workspace is not the change, so that it does not stand in.
* "If a merge of X" holds only where the tested commit is a merge whose second parent is X: a merge that the CI made to test the change.
* Where a CI names no base for a branch, the default branch stands in. If that leaves no commit, the checkout is scanned.
* So it is where a pull request is measured by a branch, and that has all its commits by the time a build runs again.

Every CI takes ` + "`BBKEYS_BASE` and `BBKEYS_HEAD`" + `, which win over all of this.
`

// TestRangesDoc keeps docs/ranges.md as the rooms have it.
func TestRangesDoc(t *testing.T) {
	var b strings.Builder
	b.WriteString(rangesHead)
	last := ""
	for _, c := range cases() {
		if c.ci != last {
			fmt.Fprintf(&b, "\n## %s\n\n| Event | Base | Head | Otherwise |\n| --- | --- | --- | --- |\n", title(t, c.ci))
			last = c.ci
		}
		job, err := provider(t, c.ci).Job(process(c.prepare(t)))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", c.event, strings.Join(c.row(job.Change), " | "))
	}
	path := filepath.Join("..", "docs", "ranges.md")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, b.String())
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("docs/ranges.md is not what the rooms do: go test ./ci -run TestRangesDoc -update")
	}
}

func title(t *testing.T, name string) string {
	t.Helper()
	titles := map[string]string{
		"github": "GitHub Actions", "bitbucket": "Bitbucket Pipelines", "gitlab": "GitLab CI", "circleci": "CircleCI", "jenkins": "Jenkins", "travis": "Travis CI",
		"azure": "Azure Pipelines", "buildkite": "Buildkite", "teamcity": "TeamCity", "drone": "Drone", "woodpecker": "Woodpecker CI",
	}
	if titles[name] == "" {
		t.Fatalf("%s has no title", name)
	}
	return titles[name]
}

// row says a change in three cells: base, head, and what else.
func (c contractCase) row(change ci.Change) []string {
	says := c.spoken()
	missing := "gap"
	if change.Elsewhere {
		missing = "gap, no checkout"
	}
	var other []string
	switch {
	case change.Nothing != "":
		return []string{"", "", "nothing: " + change.Nothing}
	case !change.Named():
		return []string{"", "", "checkout"}
	case len(change.Ends) > 0:
		for _, e := range change.Ends[1:] {
			other = append(other, says(e.Base)+" to "+says(e.Head))
		}
		if change.OrCheckout {
			missing += "; checkout if there is no commit in between"
		}
		first := change.Ends[0]
		head := says(first.Head)
		if first.Merges != "" {
			head += ", if a merge of " + says(first.Merges)
		}
		return []string{says(first.Base), head, strings.Join(append(other, missing), ", then ")}
	}
	var refs []string
	for _, ref := range change.Upstream {
		refs = append(refs, says(ref))
	}
	if len(refs) > 0 {
		other = append(other, "all history")
	}
	switch {
	case change.Guess:
		other = append(other, "in a shallow clone the checkout")
	case len(refs) > 0:
		other = append(other, "in a shallow clone a "+missing)
	default:
		refs, other = []string{"none: all history"}, []string{missing}
	}
	return []string{strings.Join(refs, " or "), says(change.Head), strings.Join(other, ", ")}
}

// spoken returns what says a revision in the words of the CI: the variable or the field
// of the payload that it came from.
func (c contractCase) spoken() func(rev string) string {
	words := map[string]string{}
	for _, k := range slices.Sorted(maps.Keys(c.env)) {
		v := c.env[k]
		if left, _, ok := strings.Cut(v, "..."); ok {
			words[left] = "the left side of `" + k + "`"
		} else if ci.Commit(v) != "" && words[v] == "" {
			words[v] = "`" + k + "`"
		}
	}
	for _, k := range slices.Sorted(maps.Keys(c.set)) {
		v, ok := c.set[k].(string)
		if ok && ci.Commit(v) != "" {
			words[v] = "`" + k + "`"
		}
	}
	return func(rev string) string {
		name, parent := strings.CutSuffix(rev, "^1")
		said := words[name]
		if said == "" {
			said = "`" + strings.TrimPrefix(name, "refs/remotes/") + "`"
		}
		if parent {
			said = "first parent of " + said
		}
		return said
	}
}
