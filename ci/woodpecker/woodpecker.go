// Package woodpecker is what the scanner knows about Woodpecker CI.
package woodpecker

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "woodpecker" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("CI") == "woodpecker" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: ci.Or(p.Getenv("CI_WORKSPACE"), "."), SARIF: ci.SARIF, Cloned: true, Change: change(p),
		Commit: ci.Commit(p.Getenv("CI_COMMIT_SHA")), Page: p.Getenv("CI_PIPELINE_URL"),
	}, nil
}

// change names what the pipeline was started for, from Woodpecker's variables
// (environment variables, 2026-11).
func change(p proc.Process) ci.Change {
	sha, trunk := p.Getenv("CI_COMMIT_SHA"), p.Getenv("CI_REPO_DEFAULT_BRANCH")
	switch event := p.Getenv("CI_PIPELINE_EVENT"); event {
	case "pull_request", "pull_request_closed", "pull_request_metadata":
		// The branch of the commit is the target here, and the pushed branch elsewhere.
		target := ci.Or(p.Getenv("CI_COMMIT_TARGET_BRANCH"), p.Getenv("CI_COMMIT_BRANCH"))
		head := ci.Or(ci.Commit(sha), "HEAD")
		return ci.Request(event, trunk, head, ci.Ends{Base: ci.Remote(target), Head: head})
	case "push":
		return push(p, trunk, sha)
	case "tag", "release":
		return ci.Tag(event, trunk, sha)
	default:
		return ci.Unchanged(event) // a timer, a deployment, somebody's wish
	}
}

// push names the change of a push. Woodpecker tells the commit of the last pipeline and
// not the one that was pushed over. It is a base only if that pipeline was for a push to
// the same branch and passed: what a failed one looked at is still to be mended.
func push(p proc.Process, trunk, sha string) ci.Change {
	branch, last := p.Getenv("CI_COMMIT_BRANCH"), ci.Commit(p.Getenv("CI_PREV_COMMIT_SHA"))
	same := p.Getenv("CI_PREV_PIPELINE_EVENT") == "push" && p.Getenv("CI_PREV_COMMIT_BRANCH") == branch
	if last != "" && same && p.Getenv("CI_PREV_PIPELINE_STATUS") == "success" {
		return ci.Push("push", branch, trunk, last, sha)
	}
	return ci.Branch("push", branch, trunk, sha)
}
