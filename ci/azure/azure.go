// Package azure is what the scanner knows about Azure Pipelines.
package azure

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "azure" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("TF_BUILD") == "True" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{Dir: ci.Or(p.Getenv("BUILD_SOURCESDIRECTORY"), "."), SARIF: ci.SARIF, Cloned: true, Change: change(p), Fork: p.Getenv("SYSTEM_PULLREQUEST_ISFORK") == "True"}, nil
}

// change names what the build was started for, from the variables of Azure Pipelines
// (predefined variables, 2026-11).
func change(p proc.Process) ci.Change {
	version, ref := ci.Commit(p.Getenv("BUILD_SOURCEVERSION")), p.Getenv("BUILD_SOURCEBRANCH")
	switch reason := p.Getenv("BUILD_REASON"); reason {
	case "PullRequest":
		return pullRequest(p, version)
	case "IndividualCI", "BatchedCI":
		if strings.HasPrefix(ref, "refs/tags/") {
			return ci.Tag("tag", "", version)
		}
		// Azure does not tell what a push replaces.
		return ci.Branch("push", ref, "", version)
	default:
		return ci.Unchanged(reason) // a schedule, or somebody's wish
	}
}

// pullRequest names the change of a pull request, whose version is a merge that was made
// to be tested. The target is called refs/heads/main or main, by where the repository is.
func pullRequest(p proc.Process, version string) ci.Change {
	source := ci.Commit(p.Getenv("SYSTEM_PULLREQUEST_SOURCECOMMITID"))
	head := ci.Or(source, version, "HEAD")
	return ci.Request("pull request", "", head,
		ci.Merged(version, source),
		ci.Ends{Base: ci.Commit(p.Getenv("SYSTEM_PULLREQUEST_TARGETCOMMITID")), Head: head},
		ci.Ends{Base: ci.Remote(p.Getenv("SYSTEM_PULLREQUEST_TARGETBRANCH")), Head: head},
	)
}
