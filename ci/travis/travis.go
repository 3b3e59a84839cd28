// Package travis is what the scanner knows about Travis CI.
package travis

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "travis" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("TRAVIS") == "true" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{Dir: ci.Or(p.Getenv("TRAVIS_BUILD_DIR"), "."), SARIF: ci.SARIF, Cloned: true, Change: change(p),
		Fork: ci.Or(p.Getenv("TRAVIS_PULL_REQUEST_SLUG"), p.Getenv("TRAVIS_REPO_SLUG")) != p.Getenv("TRAVIS_REPO_SLUG")}, nil
}

// change names what the build was started for, from Travis CI's variables (default
// environment variables, 2026-11).
func change(p proc.Process) ci.Change {
	commit, branch := ci.Commit(p.Getenv("TRAVIS_COMMIT")), p.Getenv("TRAVIS_BRANCH")
	// Three dots, although what is meant is what the right side has over the left one. A
	// new branch has none, and after a forced push the left side is gone.
	before, _, _ := strings.Cut(p.Getenv("TRAVIS_COMMIT_RANGE"), "...")
	before = ci.Commit(before)
	switch event := p.Getenv("TRAVIS_EVENT_TYPE"); {
	case event == "cron" || event == "api":
		return ci.Change{Event: event}
	case event == "pull_request":
		return pullRequest(p, before, commit)
	case p.Getenv("TRAVIS_TAG") != "":
		return ci.Tag("tag", "", commit)
	case before == "":
		return ci.Branch("push", branch, "", commit)
	}
	return ci.Push("push", branch, "", before, commit)
}

// pullRequest names the change of a pull request, which Travis CI tests as a merge that
// its host made. TRAVIS_BRANCH is its target.
func pullRequest(p proc.Process, before, commit string) ci.Change {
	source := ci.Commit(p.Getenv("TRAVIS_PULL_REQUEST_SHA"))
	head := ci.Or(source, commit, "HEAD")
	return ci.Request("pull request", "", head,
		ci.Merged(commit, source),
		ci.Ends{Base: before, Head: head},
		ci.Ends{Base: ci.Remote(p.Getenv("TRAVIS_BRANCH")), Head: head},
	)
}
