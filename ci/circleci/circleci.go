// Package circleci is what the scanner knows about CircleCI.
package circleci

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "circleci" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("CIRCLECI") == "true" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: directory(p), SARIF: ci.SARIF, Cloned: true, Change: change(p),
		Commit: ci.Commit(p.Getenv("CIRCLE_SHA1")), Page: p.Getenv("CIRCLE_BUILD_URL"),
	}, nil
}

// directory is the checkout, which CircleCI often names with a tilde that only shells
// know.
func directory(p proc.Process) string {
	dir := p.Getenv("CIRCLE_WORKING_DIRECTORY")
	if home := p.Getenv("HOME"); home != "" && (dir == "~" || strings.HasPrefix(dir, "~/")) {
		dir = home + dir[1:]
	}
	return ci.Or(dir, ".")
}

// change names what the pipeline was started for, from CircleCI's variables (built-in
// environment variables, 2026-11). None of them is a base: where a configuration wants
// the last pipeline's commit, it hands over pipeline.git.base_revision as BBKEYS_BASE.
func change(p proc.Process) ci.Change {
	sha, branch := p.Getenv("CIRCLE_SHA1"), p.Getenv("CIRCLE_BRANCH")
	switch {
	case p.Getenv("CIRCLE_TAG") != "":
		return ci.Tag("tag", "", sha)
	case strings.HasPrefix(branch, "pull/"):
		c := ci.Branch("pull request", branch, "", sha)
		c.Proposed = true
		return c
	}
	return ci.Branch("push", branch, "", sha)
}
