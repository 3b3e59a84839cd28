// Package gitlab is what the scanner knows about GitLab CI.
package gitlab

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "gitlab" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("GITLAB_CI") == "true" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{Dir: ci.Or(p.Getenv("CI_PROJECT_DIR"), "."), SARIF: ci.SARIF, Cloned: true, Change: change(p), Origin: origin(p),
		Fork: p.Getenv("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") != p.Getenv("CI_MERGE_REQUEST_PROJECT_ID")}, nil
}

// origin returns where the checkout came from. The job's token reads its own project.
func origin(p proc.Process) ci.Origin {
	server, path, token := p.Getenv("CI_SERVER_URL"), p.Getenv("CI_PROJECT_PATH"), p.Getenv("CI_JOB_TOKEN")
	if server == "" || path == "" {
		return ci.Origin{}
	}
	o := ci.Origin{URL: strings.TrimSuffix(server, "/") + "/" + path + ".git"}
	if token != "" {
		o.Authorization = ci.Basic("gitlab-ci-token", token)
	}
	return o
}

// change names what the pipeline was started for, from GitLab's variables (predefined
// variables, 2026-11).
func change(p proc.Process) ci.Change {
	source, sha := p.Getenv("CI_PIPELINE_SOURCE"), p.Getenv("CI_COMMIT_SHA")
	trunk := p.Getenv("CI_DEFAULT_BRANCH")
	switch {
	case p.Getenv("CI_MERGE_REQUEST_IID") != "":
		return mergeRequest(p, trunk)
	case p.Getenv("CI_EXTERNAL_PULL_REQUEST_IID") != "":
		head := ci.Or(ci.Commit(p.Getenv("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA")), ci.Commit(sha), "HEAD")
		return ci.Request("pull request", trunk, head,
			ci.Ends{Base: ci.Commit(p.Getenv("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA")), Head: head},
			ci.Ends{Base: ci.Remote(p.Getenv("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME")), Head: head},
		)
	case p.Getenv("CI_COMMIT_TAG") != "":
		return ci.Tag("tag", trunk, sha)
	}
	before := ci.Commit(p.Getenv("CI_COMMIT_BEFORE_SHA"))
	switch source {
	case "push", "webide":
		return ci.Push("push", p.Getenv("CI_COMMIT_BRANCH"), trunk, before, sha)
	case "parent_pipeline":
		// A child has the commit before from its parent, and zeros for many reasons.
		if before != "" {
			return ci.Push("push", p.Getenv("CI_COMMIT_BRANCH"), trunk, before, sha)
		}
	}
	return ci.Unchanged(source) // a schedule, or somebody's wish
}

// mergeRequest names the change of a merge request, where the commit before is always
// zeros.
func mergeRequest(p proc.Process, trunk string) ci.Change {
	head := ci.Or(ci.Commit(p.Getenv("CI_COMMIT_SHA")), "HEAD")
	target := ci.Remote(p.Getenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"))
	base := ci.Commit(p.Getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
	source := ci.Commit(p.Getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"))
	if source == "" {
		return ci.Request("merge request", trunk, head, ci.Ends{Base: base, Head: head}, ci.Ends{Base: target, Head: head})
	}
	// A pipeline for merged results or of a merge train tests a merge that GitLab made.
	// The merge base is older than the target that was merged, so it is no base for it.
	return ci.Request("merge request", trunk, head,
		ci.Merged(head, source),
		ci.Ends{Base: ci.Commit(p.Getenv("CI_MERGE_REQUEST_TARGET_BRANCH_SHA")), Head: head},
		ci.Ends{Base: base, Head: source},
		ci.Ends{Base: target, Head: source},
	)
}
