package ci_test

import "github.com/bbkeys/bbkeys/ci"

func circleciCases() []contractCase {
	env := map[string]string{"CI": "true", "CIRCLECI": "true", "HOME": "/checkout", "CIRCLE_WORKING_DIRECTORY": "~", "CIRCLE_SHA1": newer}
	return []contractCase{{
		ci: "circleci", event: "branch", env: with(env, "CIRCLE_BRANCH", "topic"),
		want: ci.Change{Event: "push", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "circleci", event: "branch main or master", env: with(env, "CIRCLE_BRANCH", "main"),
		want: ci.Change{Event: "push"},
	}, {
		ci: "circleci", event: "pull request of a fork", env: with(env, "CIRCLE_BRANCH", "pull/3"),
		want: ci.Change{Proposed: true, Event: "pull request", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "circleci", event: "tag", env: with(env, "CIRCLE_TAG", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}}
}

func jenkinsCases() []contractCase {
	env := map[string]string{"JENKINS_URL": "http://localhost", "WORKSPACE": "/checkout", "GIT_COMMIT": newer}
	return []contractCase{{
		ci: "jenkins", event: "pull request", env: with(env, "CHANGE_ID", "3", "CHANGE_TARGET", "trunk", "BRANCH_NAME", "PR-3", "GIT_PREVIOUS_SUCCESSFUL_COMMIT", target),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "jenkins", event: "pull request, scripted", env: map[string]string{"JENKINS_URL": "x", "WORKSPACE": "/checkout", "CHANGE_ID": "3", "CHANGE_TARGET": "trunk"},
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: originTrunk, Head: "HEAD"}}},
	}, {
		ci: "jenkins", event: "build", env: with(env, "BRANCH_NAME", "topic", "GIT_PREVIOUS_COMMIT", target, "GIT_PREVIOUS_SUCCESSFUL_COMMIT", older),
		want: ci.Change{Event: "build", Ends: []ci.Ends{{Base: older, Head: newer}}, OrCheckout: true},
	}, {
		ci: "jenkins", event: "first build, or none passed yet", env: with(env, "GIT_BRANCH", "origin/topic", "GIT_PREVIOUS_COMMIT", older),
		want: ci.Change{Event: "build", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "jenkins", event: "first build of main or master", env: with(env, "GIT_BRANCH", "origin/main"),
		want: ci.Change{Event: "build"},
	}, {
		ci: "jenkins", event: "tag", env: with(env, "BRANCH_NAME", "v1", "TAG_NAME", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "jenkins", event: "build, scripted", env: map[string]string{"JENKINS_URL": "x", "WORKSPACE": "/checkout"},
		want: ci.Change{Event: "build"},
	}}
}

func travisCases() []contractCase {
	env := map[string]string{"CI": "true", "TRAVIS": "true", "TRAVIS_BUILD_DIR": "/checkout", "TRAVIS_COMMIT": newer, "TRAVIS_PULL_REQUEST": "false", "TRAVIS_PULL_REQUEST_SHA": ""}
	push := with(env, "TRAVIS_EVENT_TYPE", "push", "TRAVIS_BRANCH", "topic")
	return []contractCase{{
		ci: "travis", event: "pull request",
		env: with(env, "TRAVIS_EVENT_TYPE", "pull_request", "TRAVIS_PULL_REQUEST", "3", "TRAVIS_PULL_REQUEST_SHA", newer, "TRAVIS_COMMIT", merged,
			"TRAVIS_BRANCH", "trunk", "TRAVIS_COMMIT_RANGE", older+"..."+newer),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{
			{Base: merged + "^1", Head: merged, Merges: newer}, {Base: older, Head: newer}, {Base: originTrunk, Head: newer},
		}},
	}, {
		ci: "travis", event: "push", env: with(push, "TRAVIS_COMMIT_RANGE", older[:12]+"..."+newer[:12]),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older[:12], Head: newer}}},
	}, {
		ci: "travis", event: "push of a new branch", env: with(push, "TRAVIS_COMMIT_RANGE", ""),
		want: ci.Change{Event: "push", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "travis", event: "tag", env: with(push, "TRAVIS_TAG", "v1", "TRAVIS_BRANCH", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "travis", event: "cron, api", env: with(push, "TRAVIS_EVENT_TYPE", "cron", "TRAVIS_COMMIT_RANGE", older+"..."+newer),
		want: ci.Change{Event: "cron"},
	}}
}

func azureCases() []contractCase {
	env := map[string]string{"TF_BUILD": "True", "BUILD_SOURCESDIRECTORY": "/checkout", "BUILD_SOURCEVERSION": newer, "BUILD_SOURCEBRANCH": "refs/heads/topic"}
	request := with(env, "BUILD_REASON", "PullRequest", "BUILD_SOURCEBRANCH", "refs/pull/3/merge", "BUILD_SOURCEVERSION", merged, "SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/trunk")
	push := with(env, "BUILD_REASON", "IndividualCI")
	return []contractCase{{
		ci: "azure", event: "pull request", env: with(request, "SYSTEM_PULLREQUEST_SOURCECOMMITID", newer),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: merged + "^1", Head: merged, Merges: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "azure", event: "pull request with a target commit", env: with(request, "SYSTEM_PULLREQUEST_SOURCECOMMITID", newer, "SYSTEM_PULLREQUEST_TARGETCOMMITID", older, "SYSTEM_PULLREQUEST_TARGETBRANCH", "trunk"),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: merged + "^1", Head: merged, Merges: newer}, {Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "azure", event: "branch", env: push,
		want: ci.Change{Event: "push", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "azure", event: "branch main or master", env: with(push, "BUILD_REASON", "BatchedCI", "BUILD_SOURCEBRANCH", "refs/heads/master"),
		want: ci.Change{Event: "push"},
	}, {
		ci: "azure", event: "tag", env: with(push, "BUILD_SOURCEBRANCH", "refs/tags/v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}, {
		ci: "azure", event: "schedule, manual and others", env: with(env, "BUILD_REASON", "Schedule"),
		want: ci.Change{Event: "Schedule"},
	}}
}

func buildkiteCases() []contractCase {
	env := map[string]string{
		"CI": "true", "BUILDKITE": "true", "BUILDKITE_BUILD_CHECKOUT_PATH": "/checkout", "BUILDKITE_COMMIT": newer, "BUILDKITE_BRANCH": "topic",
		"BUILDKITE_PIPELINE_DEFAULT_BRANCH": "trunk", "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "", "BUILDKITE_SOURCE": "webhook",
	}
	return []contractCase{{
		ci: "buildkite", event: "pull request", env: with(env, "BUILDKITE_PULL_REQUEST", "3", "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "trunk"),
		want: ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "buildkite", event: "merge queue", env: with(env, "BUILDKITE_MERGE_QUEUE_BASE_BRANCH", "trunk", "BUILDKITE_MERGE_QUEUE_BASE_COMMIT", older),
		want: ci.Change{Proposed: true, Event: "merge queue", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "buildkite", event: "branch", env: env,
		want: ci.Change{Event: "build", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "buildkite", event: "default branch", env: with(env, "BUILDKITE_BRANCH", "trunk"),
		want: ci.Change{Event: "build"},
	}, {
		ci: "buildkite", event: "branch, started by hand", env: with(env, "BUILDKITE_COMMIT", "HEAD", "BUILDKITE_SOURCE", "ui"),
		want: ci.Change{Event: "build", Head: "HEAD", Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "buildkite", event: "tag", env: with(env, "BUILDKITE_TAG", "v1", "BUILDKITE_BRANCH", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "buildkite", event: "schedule", env: with(env, "BUILDKITE_SOURCE", "schedule"),
		want: ci.Change{Event: "schedule"},
	}}
}

func droneCases() []contractCase {
	env := map[string]string{"CI": "true", "DRONE": "true", "DRONE_WORKSPACE": "/checkout", "DRONE_COMMIT_SHA": newer, "DRONE_REPO_BRANCH": "trunk"}
	return []contractCase{{
		ci: "drone", event: "pull request", env: with(env, "DRONE_BUILD_EVENT", "pull_request", "DRONE_TARGET_BRANCH", "trunk", "DRONE_COMMIT_BRANCH", "trunk", "DRONE_COMMIT_BEFORE", older),
		want: ci.Change{Proposed: true, Event: "pull_request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "drone", event: "push", env: with(env, "DRONE_BUILD_EVENT", "push", "DRONE_COMMIT_BRANCH", "topic", "DRONE_COMMIT_BEFORE", older),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "drone", event: "push to the default branch", env: with(env, "DRONE_BUILD_EVENT", "push", "DRONE_COMMIT_BRANCH", "trunk", "DRONE_COMMIT_BEFORE", older),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}}},
	}, {
		ci: "drone", event: "push of a new branch", env: with(env, "DRONE_BUILD_EVENT", "push", "DRONE_COMMIT_BRANCH", "topic", "DRONE_COMMIT_BEFORE", zeros),
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originTrunk, originHead}},
	}, {
		ci: "drone", event: "tag", env: with(env, "DRONE_BUILD_EVENT", "tag", "DRONE_TAG", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "drone", event: "cron, promote and others", env: with(env, "DRONE_BUILD_EVENT", "cron"),
		want: ci.Change{Event: "cron"},
	}}
}

func woodpeckerCases() []contractCase {
	env := map[string]string{"CI": "woodpecker", "CI_WORKSPACE": "/checkout", "CI_COMMIT_SHA": newer, "CI_REPO_DEFAULT_BRANCH": "trunk"}
	push := with(env, "CI_PIPELINE_EVENT", "push", "CI_COMMIT_BRANCH", "topic", "CI_PREV_COMMIT_SHA", older, "CI_PREV_COMMIT_BRANCH", "topic")
	return []contractCase{{
		ci: "woodpecker", event: "pull request", env: with(env, "CI_PIPELINE_EVENT", "pull_request", "CI_COMMIT_TARGET_BRANCH", "trunk", "CI_COMMIT_BRANCH", "trunk", "CI_PREV_COMMIT_SHA", older),
		want: ci.Change{Proposed: true, Event: "pull_request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "woodpecker", event: "push after a push that passed", env: with(push, "CI_PREV_PIPELINE_EVENT", "push", "CI_PREV_PIPELINE_STATUS", "success"),
		want: ci.Change{Event: "push", Ends: []ci.Ends{{Base: older, Head: newer}, {Base: originTrunk, Head: newer}}},
	}, {
		ci: "woodpecker", event: "push after a push to another branch", env: with(push, "CI_PREV_COMMIT_BRANCH", "other", "CI_PREV_PIPELINE_EVENT", "push", "CI_PREV_PIPELINE_STATUS", "success"),
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "woodpecker", event: "push after anything else", env: with(push, "CI_PREV_PIPELINE_EVENT", "push", "CI_PREV_PIPELINE_STATUS", "failure"),
		want: ci.Change{Event: "push", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "woodpecker", event: "push to the default branch after anything else", env: with(push, "CI_COMMIT_BRANCH", "trunk", "CI_PREV_PIPELINE_EVENT", "cron", "CI_PREV_PIPELINE_STATUS", "success"),
		want: ci.Change{Event: "push"},
	}, {
		ci: "woodpecker", event: "tag, release", env: with(env, "CI_PIPELINE_EVENT", "tag", "CI_COMMIT_TAG", "v1"),
		want: ci.Change{Event: "tag", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "woodpecker", event: "cron, manual and others", env: with(env, "CI_PIPELINE_EVENT", "cron", "CI_COMMIT_BRANCH", "trunk"),
		want: ci.Change{Event: "cron"},
	}}
}

func teamcityCases() []contractCase {
	env := map[string]string{"TEAMCITY_VERSION": "2025.11", "BUILD_VCS_NUMBER": newer}
	props := func(kv ...string) map[string]string {
		return with(map[string]string{"vcsroot.branch": "refs/heads/trunk", "teamcity.build.checkoutDir": "/checkout"}, kv...)
	}
	return []contractCase{{
		ci: "teamcity", event: "pull request", env: env,
		properties: props("teamcity.pullRequest.number", "3", "teamcity.pullRequest.target.branch", "trunk", "teamcity.build.branch", "pull/3"),
		want:       ci.Change{Proposed: true, Event: "pull request", Ends: []ci.Ends{{Base: originTrunk, Head: newer}}},
	}, {
		ci: "teamcity", event: "branch", env: env,
		properties: props("teamcity.build.branch", "topic", "teamcity.build.branch.is_default", "false"),
		want:       ci.Change{Event: "build", Head: newer, Upstream: []string{originTrunk, originHead}, Guess: true, OrCheckout: true},
	}, {
		ci: "teamcity", event: "default branch", env: env,
		properties: props("teamcity.build.branch", "<default>", "teamcity.build.branch.is_default", "true"),
		want:       ci.Change{Event: "build"},
	}, {
		ci: "teamcity", event: "build, parameters out of reach", env: env, dir: ".",
		want: ci.Change{Proposed: true, Event: "build", Head: newer, Upstream: guessed(), Guess: true, OrCheckout: true},
	}}
}
