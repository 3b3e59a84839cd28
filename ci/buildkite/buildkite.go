// Package buildkite is what the scanner knows about Buildkite.
package buildkite

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "buildkite" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("BUILDKITE") == "true" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: ci.Or(p.Getenv("BUILDKITE_BUILD_CHECKOUT_PATH"), "."), SARIF: ci.SARIF, Change: change(p),
		Commit: ci.Commit(p.Getenv("BUILDKITE_COMMIT")), Page: p.Getenv("BUILDKITE_BUILD_URL"),
	}, nil
}

// change names what the build was started for, from Buildkite's variables (environment
// variables, 2026-11). Its agents are the user's own and keep their checkouts.
func change(p proc.Process) ci.Change {
	// The commit of a build that somebody starts can be the word HEAD.
	head := ci.Or(ci.Commit(p.Getenv("BUILDKITE_COMMIT")), "HEAD")
	branch, trunk := p.Getenv("BUILDKITE_BRANCH"), p.Getenv("BUILDKITE_PIPELINE_DEFAULT_BRANCH")
	// The number of the pull request is the word false where there is none.
	request, queue := p.Getenv("BUILDKITE_PULL_REQUEST"), p.Getenv("BUILDKITE_MERGE_QUEUE_BASE_BRANCH")
	switch {
	case queue != "":
		return ci.Request("merge queue", trunk, head,
			ci.Ends{Base: ci.Commit(p.Getenv("BUILDKITE_MERGE_QUEUE_BASE_COMMIT")), Head: head},
			ci.Ends{Base: ci.Remote(queue), Head: head},
		)
	case request != "" && request != "false":
		return ci.Request("pull request", trunk, head, ci.Ends{Base: ci.Remote(p.Getenv("BUILDKITE_PULL_REQUEST_BASE_BRANCH")), Head: head})
	case p.Getenv("BUILDKITE_TAG") != "":
		return ci.Tag("tag", trunk, head)
	case p.Getenv("BUILDKITE_SOURCE") == "schedule":
		return ci.Change{Event: "schedule"}
	}
	// Buildkite does not tell what a push replaces.
	return ci.Branch("build", branch, trunk, head)
}
