package ci_test

import (
	"strings"

	"github.com/bbkeys/bbkeys/ci"
)

// Names of commits. Each case's payload or environment says which is which.
var (
	zeros  = strings.Repeat("0", 40)
	older  = strings.Repeat("a1", 20) // where the change begins
	newer  = strings.Repeat("b2", 20) // where it ends
	merged = strings.Repeat("c3", 20) // a merge of newer into a target, made to be tested
	target = strings.Repeat("d4", 20) // that target
)

// Refs of a clone.
const (
	originHead   = "refs/remotes/origin/HEAD"
	originMain   = "refs/remotes/origin/main"
	originMaster = "refs/remotes/origin/master"
	originTrunk  = "refs/remotes/origin/trunk"
)

// A contractCase is one thing that happens on one CI, and how the CI's room names it.
type contractCase struct {
	ci, event string            // as the documentation calls them
	env       map[string]string // what the CI sets
	payload   string            // a recorded webhook of GitHub's, for GITHUB_EVENT_PATH
	set       map[string]any    // what is changed in it, by path: "pull_request.base.sha"
	want      ci.Change

	properties map[string]string // TeamCity's, in the file that its environment leads to
	dir        string            // the checkout, unless it is /checkout
}

// guessed are the refs that stand in for a default branch of unknown name.
func guessed() []string { return []string{originHead, originMain, originMaster} }

// cases returns what the contract suite runs and docs/ranges.md shows.
func cases() []contractCase {
	var all []contractCase
	for _, of := range [][]contractCase{
		githubPushes(), githubRequests(), githubOthers(), bitbucketCases(), gitlabCases(), circleciCases(), jenkinsCases(),
		travisCases(), azureCases(), buildkiteCases(), teamcityCases(), droneCases(), woodpeckerCases(),
	} {
		all = append(all, of...)
	}
	return all
}

// with returns the environment of a CI with more set.
func with(base map[string]string, kv ...string) map[string]string {
	env := make(map[string]string, len(base)+len(kv)/2)
	for k, v := range base {
		env[k] = v
	}
	for i := 0; i < len(kv); i += 2 {
		env[kv[i]] = kv[i+1]
	}
	return env
}

func githubEnv(event, ref, sha string) map[string]string {
	return map[string]string{
		"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/checkout",
		"GITHUB_EVENT_NAME": event, "GITHUB_REF": ref, "GITHUB_SHA": sha,
	}
}

func githubPushes() []contractCase {
	env := githubEnv("push", "refs/heads/topic", newer)
	pushed := map[string]any{"ref": "refs/heads/topic", "before": older, "after": newer, "created": false}
	forced := map[string]any{"ref": "refs/heads/topic", "before": older, "after": newer, "created": false, "forced": true}
	return []contractCase{{
		ci: "github", event: "push", env: env, payload: "push.4.json", set: pushed,
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originMaster, Head: newer}}},
	}, {
		ci: "github", event: "push, forced", env: env, payload: "push.4.json", set: forced,
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originMaster, Head: newer}}},
	}, {
		ci: "github", event: "push to the default branch", env: githubEnv("push", "refs/heads/master", newer), payload: "push.4.json",
		set:  map[string]any{"before": older, "after": newer, "created": false},
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}}},
	}, {
		ci: "github", event: "push of a new branch", env: env, payload: "push.4.json",
		set:  map[string]any{"ref": "refs/heads/topic", "after": newer},
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originMaster, originHead}},
	}, {
		ci: "github", event: "push of a new default branch", env: githubEnv("push", "refs/heads/master", newer), payload: "push.4.json",
		set:  map[string]any{"after": newer},
		want: ci.Change{Event: "push", Head: newer},
	}, {
		ci: "github", event: "push that deletes", env: env, payload: "push.1.json",
		want: ci.Change{Event: "push", Nothing: "a branch or tag was deleted, which brings no commit"},
	}, {
		ci: "github", event: "push of a tag", env: githubEnv("push", "refs/tags/simple-tag", newer), payload: "push.0.json",
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originMaster, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "github", event: "create, a branch", env: githubEnv("create", "refs/heads/topic", newer), payload: "create.0.json",
		set:  map[string]any{"ref": "topic", "ref_type": "branch"},
		want: ci.Change{Event: "create", Head: newer, Upstream: []string{originMaster, originHead}},
	}, {
		ci: "github", event: "create, a tag", env: githubEnv("create", "refs/tags/simple-tag", newer), payload: "create.0.json",
		want: ci.Change{Event: "create", Head: newer, Upstream: []string{originMaster, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "github", event: "delete", env: githubEnv("delete", "refs/heads/master", target), payload: "delete.0.json",
		want: ci.Change{Event: "delete", Nothing: "a branch or tag was deleted, which brings no commit"},
	}}
}

func githubRequests() []contractCase {
	ends := map[string]any{"pull_request.base.sha": older, "pull_request.head.sha": newer}
	tested := []ci.Ends{
		{Base: merged + "^1", Head: merged, Merges: newer},
		{Base: older, Head: merged},
		{Base: older, Head: newer},
	}
	return []contractCase{{
		ci: "github", event: "pull_request", env: githubEnv("pull_request", "refs/pull/2/merge", merged), payload: "pull_request.opened.0.json",
		set: ends, want: ci.Change{Proposed: true, Event: "pull_request", Ends: tested},
	}, {
		ci: "github", event: "pull_request, synchronize", env: githubEnv("pull_request", "refs/pull/2/merge", merged), payload: "pull_request.synchronize.22.json",
		set: ends, want: ci.Change{Proposed: true, Event: "pull_request", Ends: tested},
	}, {
		ci: "github", event: "pull_request, closed", env: githubEnv("pull_request", "refs/pull/2/merge", merged), payload: "pull_request.closed.3.json",
		set: ends, want: ci.Change{Proposed: true, Event: "pull_request", Ends: tested},
	}, {
		ci: "github", event: "pull_request, merged", env: githubEnv("pull_request", "refs/heads/master", target), payload: "pull_request.closed.3.json",
		set:  ends,
		want: ci.Change{Proposed: true, Event: "pull_request", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: older, Head: target}}},
	}, {
		ci: "github", event: "pull_request_review", env: githubEnv("pull_request_review", "refs/pull/2/merge", merged), payload: "pull_request.opened.0.json",
		set: ends, want: ci.Change{Proposed: true, Event: "pull_request_review", Ends: tested},
	}, {
		ci: "github", event: "pull_request_target", env: githubEnv("pull_request_target", "refs/heads/master", target), payload: "pull_request.opened.0.json",
		set:  ends,
		want: ci.Change{Proposed: true, Event: "pull_request_target", Ends: []ci.Ends{{Base: older, Head: newer}}, Elsewhere: true},
	}, {
		ci: "github", event: "merge_group", env: githubEnv("merge_group", "refs/heads/gh-readonly-queue/main/pr-104-x", newer), payload: "merge_group.checks_requested.0.json",
		set:  map[string]any{"merge_group.base_sha": older, "merge_group.head_sha": newer},
		want: ci.Change{Proposed: true, Event: "merge_group", Ends: []ci.Ends{{Base: older, Head: newer}}},
	}}
}

func githubOthers() []contractCase {
	env := githubEnv("workflow_run", "refs/heads/master", target)
	run := map[string]any{"workflow_run.head_sha": newer, "workflow_run.head_branch": "topic"}
	return []contractCase{{
		ci: "github", event: "workflow_run for a branch", env: env, payload: "workflow_run.completed.1.json", set: run,
		want: ci.Change{Proposed: true, Event: "workflow_run", Head: newer, Upstream: []string{originMaster, originHead}, OrCheckout: true, Elsewhere: true},
	}, {
		ci: "github", event: "workflow_run for a pull request", env: env, payload: "workflow_run.completed.2.json",
		set:  with2(run, "workflow_run.pull_requests.0.head.sha", newer, "workflow_run.pull_requests.0.base.sha", older),
		want: ci.Change{Proposed: true, Event: "workflow_run", Ends: []ci.Ends{{Base: older, Head: newer}}, Elsewhere: true},
	}, {
		ci: "github", event: "workflow_run for a pull request that went on", env: env, payload: "workflow_run.completed.2.json", set: run,
		want: ci.Change{Proposed: true, Event: "workflow_run", Head: newer, Upstream: []string{originMaster, originHead}, OrCheckout: true, Elsewhere: true},
	}, {
		ci: "github", event: "workflow_run for the default branch", env: env, payload: "workflow_run.completed.1.json",
		set:  map[string]any{"workflow_run.head_sha": target},
		want: ci.Change{Event: "workflow_run"},
	}, {
		ci: "github", event: "workflow_run for the default branch, which went on", env: env, payload: "workflow_run.completed.1.json",
		set:  map[string]any{"workflow_run.head_sha": newer},
		want: ci.Change{Proposed: true, Event: "workflow_run", Head: newer, Elsewhere: true},
	}, {
		ci: "github", event: "workflow_dispatch", env: githubEnv("workflow_dispatch", "refs/heads/main", newer), payload: "workflow_dispatch.0.json",
		want: ci.Change{Event: "workflow_dispatch"},
	}, {
		ci: "github", event: "repository_dispatch", env: githubEnv("repository_dispatch", "refs/heads/main", newer),
		want: ci.Change{Event: "repository_dispatch"},
	}, {
		ci: "github", event: "release", env: githubEnv("release", "refs/tags/0.0.1", newer), payload: "release.published.0.json",
		want: ci.Change{Event: "release"},
	}, {
		ci: "github", event: "schedule", env: githubEnv("schedule", "refs/heads/main", newer),
		want: ci.Change{Event: "schedule"},
	}}
}

// with2 is with for payloads.
func with2(base map[string]any, kv ...string) map[string]any {
	set := make(map[string]any, len(base)+len(kv)/2)
	for k, v := range base {
		set[k] = v
	}
	for i := 0; i < len(kv); i += 2 {
		set[kv[i]] = kv[i+1]
	}
	return set
}

func bitbucketCases() []contractCase {
	env := map[string]string{"CI": "true", "BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_CLONE_DIR": "/checkout", "BITBUCKET_COMMIT": newer}
	request := with(env, "BITBUCKET_BRANCH", "topic", "BITBUCKET_PR_ID", "3", "BITBUCKET_PR_DESTINATION_BRANCH", "trunk")
	return []contractCase{{
		ci: "bitbucket", event: "pull request", env: with(request, "BITBUCKET_PR_DESTINATION_COMMIT", older[:12]),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: older[:12], Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "bitbucket", event: "pull request without a destination commit", env: request,
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "bitbucket", event: "branch", env: with(env, "BITBUCKET_BRANCH", "topic"),
		want: ci.Change{Event: "push", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "bitbucket", event: "branch main or master", env: with(env, "BITBUCKET_BRANCH", "main"),
		want: ci.Change{Event: "push"},
	}, {
		ci: "bitbucket", event: "tag", env: with(env, "BITBUCKET_TAG", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "bitbucket", event: "custom, without a branch", env: env,
		want: ci.Change{Event: "pipeline"},
	}}
}

func gitlabCases() []contractCase {
	env := map[string]string{"CI": "true", "GITLAB_CI": "true", "CI_PROJECT_DIR": "/checkout", "CI_COMMIT_SHA": newer, "CI_DEFAULT_BRANCH": "trunk", "CI_COMMIT_BEFORE_SHA": zeros}
	request := with(env, "CI_PIPELINE_SOURCE", "merge_request_event", "CI_MERGE_REQUEST_IID", "3", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "trunk", "CI_MERGE_REQUEST_DIFF_BASE_SHA", older)
	push := with(env, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_BRANCH", "topic")
	return []contractCase{{
		ci: "gitlab", event: "merge request", env: request,
		want: ci.Change{Proposed: true, Event: "merge request", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "gitlab", event: "merge request, merged results or train",
		env: with(request, "CI_COMMIT_SHA", merged, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", newer, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA", target),
		want: ci.Change{Proposed: true, Event: "merge request", Ends: []ci.Ends{
			{Base: merged + "^1", Head: merged, Merges: newer}, {Base: target, Head: merged}, {Base: older, Head: newer}, {Base: originTrunk, Head: newer},
		}},
	}, {
		ci: "gitlab", event: "external pull request",
		env: with(env, "CI_PIPELINE_SOURCE", "external_pull_request_event", "CI_EXTERNAL_PULL_REQUEST_IID", "3", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA", newer,
			"CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA", older, "CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME", "trunk"),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "gitlab", event: "push", env: with(push, "CI_COMMIT_BEFORE_SHA", older),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "gitlab", event: "push to the default branch", env: with(push, "CI_COMMIT_BEFORE_SHA", older, "CI_COMMIT_BRANCH", "trunk"),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}}},
	}, {
		ci: "gitlab", event: "push of a new branch", env: push,
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originTrunk, originHead}},
	}, {
		ci: "gitlab", event: "child of a push", env: with(push, "CI_PIPELINE_SOURCE", "parent_pipeline", "CI_COMMIT_BEFORE_SHA", older),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "gitlab", event: "tag", env: with(env, "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_TAG", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "gitlab", event: "schedule, web, api and others", env: with(env, "CI_PIPELINE_SOURCE", "schedule", "CI_COMMIT_BRANCH", "trunk"),
		want: ci.Change{Event: "schedule"},
	}}
}
