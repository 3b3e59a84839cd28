// Package drone is what the scanner knows about Drone.
package drone

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "drone" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("DRONE") == "true" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: ci.Or(p.Getenv("DRONE_WORKSPACE"), "."), SARIF: ci.SARIF, Cloned: true, Change: change(p),
		Commit: ci.Commit(p.Getenv("DRONE_COMMIT_SHA")), Page: p.Getenv("DRONE_BUILD_LINK"),
	}, nil
}

// change names what the build was started for, from Drone's variables (environment
// reference, 2026-11).
func change(p proc.Process) ci.Change {
	sha := ci.Or(ci.Commit(p.Getenv("DRONE_COMMIT_SHA")), p.Getenv("DRONE_COMMIT_AFTER"))
	trunk := p.Getenv("DRONE_REPO_BRANCH")
	switch event := p.Getenv("DRONE_BUILD_EVENT"); event {
	case "pull_request":
		// The branch of the commit is the target here, and the pushed branch elsewhere.
		target := ci.Or(p.Getenv("DRONE_TARGET_BRANCH"), p.Getenv("DRONE_COMMIT_BRANCH"))
		head := ci.Or(ci.Commit(sha), "HEAD")
		return ci.Request(event, trunk, head, ci.Ends{Base: ci.Remote(target), Head: head})
	case "push":
		return ci.Push(event, p.Getenv("DRONE_COMMIT_BRANCH"), trunk, p.Getenv("DRONE_COMMIT_BEFORE"), sha)
	case "tag":
		return ci.Tag(event, trunk, sha)
	default:
		return ci.Unchanged(event) // a timer, a promotion, a rollback
	}
}
