package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/proc"
)

// A host is a CI product, with the environment of a job there in which names hold
// credentials.
type host struct {
	name string
	vars []string // DIR, BASE, HEAD, BRANCH and OUT stand for those of the plant
	scan []string // what is called for; a range where there is nothing
}

// hosts are all that the program knows.
func hosts() []host {
	return []host{
		{"GitHub, push", []string{"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=DIR", "GITHUB_EVENT_NAME=push", "GITHUB_REF=refs/heads/BRANCH", "GITHUB_SHA=HEAD", "GITHUB_EVENT_PATH=EVENT", "GITHUB_OUTPUT=OUT/output", "GITHUB_STEP_SUMMARY=OUT/summary", "GITHUB_REPOSITORY=acme/shop"}, []string{"--mode=auto"}},
		{"GitHub, history", []string{"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=DIR", "GITHUB_OUTPUT=OUT/output", "GITHUB_STEP_SUMMARY=OUT/summary"}, []string{"--mode=history"}},
		{"Bitbucket", []string{"BITBUCKET_BUILD_NUMBER=7", "BITBUCKET_CLONE_DIR=DIR", "BITBUCKET_COMMIT=HEAD", "BITBUCKET_BRANCH=BRANCH", "BITBUCKET_PR_ID=1", "BITBUCKET_PR_DESTINATION_BRANCH=main", "BITBUCKET_PR_DESTINATION_COMMIT=BASE"}, []string{"--mode=auto"}},
		{"GitLab", []string{"GITLAB_CI=true", "CI_PROJECT_DIR=DIR", "CI_COMMIT_SHA=HEAD", "CI_COMMIT_BEFORE_SHA=BASE", "CI_COMMIT_BRANCH=BRANCH", "CI_DEFAULT_BRANCH=main"}, []string{"--mode=auto"}},
		{"CircleCI", []string{"CIRCLECI=true", "CIRCLE_WORKING_DIRECTORY=DIR", "CIRCLE_BRANCH=BRANCH", "CIRCLE_SHA1=HEAD"}, nil},
		{"Travis CI", []string{"TRAVIS=true", "TRAVIS_BUILD_DIR=DIR", "TRAVIS_COMMIT=HEAD", "TRAVIS_COMMIT_RANGE=BASE...HEAD", "TRAVIS_BRANCH=BRANCH", "TRAVIS_EVENT_TYPE=push"}, []string{"--mode=auto"}},
		{"Azure Pipelines", []string{"TF_BUILD=True", "BUILD_SOURCESDIRECTORY=DIR", "BUILD_SOURCEVERSION=HEAD", "BUILD_SOURCEBRANCH=refs/heads/BRANCH", "BUILD_REASON=IndividualCI"}, nil},
		{"Buildkite", []string{"BUILDKITE=true", "BUILDKITE_BUILD_CHECKOUT_PATH=DIR", "BUILDKITE_COMMIT=HEAD", "BUILDKITE_BRANCH=BRANCH", "BUILDKITE_PIPELINE_DEFAULT_BRANCH=main"}, nil},
		{"TeamCity", []string{"TEAMCITY_VERSION=2026.1", "BUILD_VCS_NUMBER=HEAD"}, nil},
		{"Woodpecker", []string{"CI=woodpecker", "CI_WORKSPACE=DIR", "CI_COMMIT_SHA=HEAD", "CI_COMMIT_BRANCH=BRANCH", "CI_PREV_COMMIT_SHA=BASE"}, nil},
		{"Drone", []string{"DRONE=true", "DRONE_WORKSPACE=DIR", "DRONE_COMMIT_AFTER=HEAD", "DRONE_COMMIT_BEFORE=BASE", "DRONE_COMMIT_BRANCH=BRANCH", "DRONE_BUILD_EVENT=push"}, []string{"--mode=auto"}},
		{"Jenkins", []string{"JENKINS_URL=https://ci.example.org/", "WORKSPACE=DIR", "GIT_COMMIT=HEAD", "BRANCH_NAME=BRANCH", "BUILD_URL=https://ci.example.org/job/BRANCH/7/"}, nil},
		{"none", nil, nil},
	}
}

// env returns the environment with the plant's names.
func (h host) env(p *plant) []string {
	event := filepath.Join(p.t.TempDir(), "event.json")
	text := fmt.Sprintf(`{"ref": "refs/heads/%s", "before": %q, "after": %q, "repository": {"default_branch": "main"}, "head_commit": {"message": %q}}`, p.branch, p.base, p.head, p.word())
	if err := os.WriteFile(event, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	var env []string
	for _, kv := range h.vars {
		name, value, _ := strings.Cut(kv, "=")
		value = strings.NewReplacer("DIR", p.dir, "BASE", p.base, "HEAD", p.head, "BRANCH", p.branch, "EVENT", event).Replace(value)
		env = append(env, name+"="+value)
	}
	return env
}

func (h host) args(p *plant) []string {
	if h.scan != nil {
		return append(h.scan, p.dir)
	}
	return []string{"--mode=range", "--base=" + p.base, "--head=" + p.head, p.dir}
}

// call runs the program as it is called, and returns what it said.
func (p *plant) call(env []string, args ...string) told {
	var stdout, stderr bytes.Buffer
	err := run(p.t.Context(), proc.Process{Args: args, Env: env, Stdout: proc.Stream{Writer: &stdout}, Stderr: proc.Stream{Writer: &stderr}})
	return told{strings.Join(args, " ")[:min(30, len(strings.Join(args, " ")))], map[string]string{"standard output": stdout.String(), "standard error": stderr.String()}, exit.Of(err)}
}

// mistakes calls the program in every way that is wrong, with credentials where something
// else belongs, and returns what it said of that.
func (p *plant) mistakes() []told {
	p.t.Helper()
	var all []told
	try := func(want exit.Status, env []string, args ...string) {
		p.t.Helper()
		o := p.call(env, append(args, "--log-level=debug")...)
		if o.status != want {
			p.t.Errorf("%q: status %d, want %d\n%s", args, o.status, want, o.texts["standard error"])
		}
		all = append(all, o)
	}
	for _, flag := range []string{"--mode", "--fail-on", "--on-gap", "--jobs", "--archive-depth", "--log-format", "--insights", "--insights-url", "--insights-commit"} {
		try(exit.Usage, nil, flag+"="+p.word(), p.dir)
	}
	for _, flag := range []string{"--base", "--head"} {
		try(exit.Usage, nil, "--mode=range", "--base="+p.base, flag+"="+p.word(), p.dir)
	}
	for _, flag := range append([]string{"config", "baseline"}, outside...) {
		want := exit.Usage
		if flag != "config" && flag != "baseline" {
			want = exit.Undelivered
		}
		try(want, nil, "--fail-on=never", "--mode=checkout", "--"+flag+"="+filepath.Join(p.dir, "no-"+p.word(), p.word()), p.dir)
	}
	try(exit.Usage, nil, "--"+p.word()+"=x")
	all = append(all, p.call(nil, "--log-level="+p.word(), p.dir))
	try(exit.Usage, nil, "--trace="+p.word(), "--log-level=trace")
	try(exit.Usage, nil, filepath.Join(p.dir, "none", p.word()))
	try(exit.Usage, nil, p.dir, p.word())
	try(exit.Usage, nil, "rules", p.word())
	try(exit.Usage, []string{"BBKEYS_" + strings.ToUpper(p.word()) + "=x"}, p.dir)
	try(exit.Usage, []string{"BBKEYS_MODE=" + p.word()}, p.dir)
	try(exit.Undelivered, []string{"GITHUB_ACTIONS=true", "GITHUB_OUTPUT=/none/" + p.word(), "GITHUB_STEP_SUMMARY=/none/" + p.word()}, "--mode=checkout", "--fail-on=never", p.dir)
	for _, text := range []string{
		"mute:\n  - path: " + p.word() + "\n    reason: " + p.word() + "\n    owner: [" + p.word() + "]\n", p.word() + ": 1\n", "mode: " + p.word() + "\n", "- " + p.word(), "\t" + p.word(), "mute:\n  - fingerprint: " + p.word() + "\n    expires: " + p.word() + "\n",
	} {
		file := filepath.Join(p.t.TempDir(), "settings.yml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			p.t.Fatal(err)
		}
		try(exit.Usage, nil, "--fail-on=never", "--mode=checkout", "--config="+file, p.dir)
		try(exit.Usage, nil, "--fail-on=never", "--mode=checkout", "--baseline="+file, p.dir)
	}
	for _, command := range []string{"doctor", "baseline", "init"} {
		all = append(all, p.call(nil, command, p.dir), p.call(nil, command, "--mode="+p.word(), p.dir))
	}
	return all
}
