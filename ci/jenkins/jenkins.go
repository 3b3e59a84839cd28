// Package jenkins is what the scanner knows about Jenkins.
package jenkins

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "jenkins" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("JENKINS_URL") != "" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: ci.Or(p.Getenv("WORKSPACE"), "."), SARIF: ci.SARIF, Change: change(p),
		Commit: ci.Commit(p.Getenv("GIT_COMMIT")), Page: p.Getenv("BUILD_URL"),
	}, nil
}

// change names what the build was started for, from the variables of Jenkins, its branch
// API and its git plugin (2026-11). A workspace may serve many builds, and scripted
// pipelines have none of the git plugin's variables.
func change(p proc.Process) ci.Change {
	head := ci.Or(ci.Commit(p.Getenv("GIT_COMMIT")), "HEAD")
	switch {
	case p.Getenv("CHANGE_ID") != "":
		// The commit may be a merge with the target that Jenkins made.
		return ci.Request("pull request", "", head, ci.Ends{Base: ci.Remote(p.Getenv("CHANGE_TARGET")), Head: head})
	case p.Getenv("TAG_NAME") != "":
		return ci.Tag("tag", "", head)
	}
	// The commit of the last build that passed: what failed builds looked at is still to
	// be mended, so GIT_PREVIOUS_COMMIT would hide it. A build again of the same commit
	// looks at the checkout.
	if last := ci.Commit(p.Getenv("GIT_PREVIOUS_SUCCESSFUL_COMMIT")); last != "" {
		return ci.Change{Event: "build", Ends: []ci.Ends{{Base: last, Head: head}}, OrCheckout: true}
	}
	branch := ci.Or(p.Getenv("BRANCH_NAME"), p.Getenv("GIT_LOCAL_BRANCH"), strings.TrimPrefix(p.Getenv("GIT_BRANCH"), "origin/"))
	return ci.Branch("build", branch, "", head)
}
