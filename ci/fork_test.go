package ci_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/azure"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/ci/gitlab"
	"github.com/bbkeys/bbkeys/ci/travis"
	"github.com/bbkeys/bbkeys/proc"
)

// TestFork: where a CI tells that a change comes from another repository, that is known.
func TestFork(t *testing.T) {
	event := func(head string) string {
		path := filepath.Join(t.TempDir(), "event.json")
		text := `{"pull_request": {"base": {"sha": "1111111111111111111111111111111111111111"},
			"head": {"sha": "2222222222222222222222222222222222222222", "repo": ` + head + `}}}`
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return "GITHUB_EVENT_PATH=" + path
	}
	hub := []string{"GITHUB_REPOSITORY=o/r", "GITHUB_EVENT_NAME=pull_request"}
	for _, c := range []struct {
		host ci.Provider
		env  []string
		want bool
	}{
		{github.Provider{}, append(hub[:2:2], event(`{"full_name": "o/r"}`)), false},
		{github.Provider{}, append(hub[:2:2], event(`{"full_name": "x/r"}`)), true},
		{github.Provider{}, append(hub[:2:2], event(`null`)), true}, // a fork that was deleted
		{github.Provider{}, []string{"GITHUB_REPOSITORY=o/r", "GITHUB_EVENT_NAME=schedule"}, false},
		{gitlab.Provider{}, []string{"CI_PIPELINE_SOURCE=push"}, false},
		{gitlab.Provider{}, []string{"CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1", "CI_MERGE_REQUEST_PROJECT_ID=1"}, false},
		{gitlab.Provider{}, []string{"CI_MERGE_REQUEST_SOURCE_PROJECT_ID=2", "CI_MERGE_REQUEST_PROJECT_ID=1"}, true},
		{azure.Provider{}, []string{"SYSTEM_PULLREQUEST_ISFORK=False"}, false},
		{azure.Provider{}, []string{"SYSTEM_PULLREQUEST_ISFORK=True"}, true},
		{travis.Provider{}, []string{"TRAVIS_REPO_SLUG=o/r"}, false},
		{travis.Provider{}, []string{"TRAVIS_REPO_SLUG=o/r", "TRAVIS_PULL_REQUEST_SLUG=o/r"}, false},
		{travis.Provider{}, []string{"TRAVIS_REPO_SLUG=o/r", "TRAVIS_PULL_REQUEST_SLUG=x/r"}, true},
	} {
		job, err := c.host.Job(proc.Process{Env: c.env})
		if err != nil || job.Fork != c.want {
			t.Errorf("%s, %q: %v, %v", c.host.Name(), c.env, job.Fork, err)
		}
	}
}
