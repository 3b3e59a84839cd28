package ci_test

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/secret"
)

// TestTokensStayAtHome: on every CI and for every event, a change that the checkout does not
// hold, which may be a stranger's in a job with the rights of the repository, gets no token;
// and no event makes a token go to a server that the CI did not name.
func TestTokensStayAtHome(t *testing.T) {
	const token = "a-token-of-the-job"
	used := map[string]bool{}
	for _, c := range cases() {
		env := with(c.prepare(t), "INPUT_TOKEN", token, "BBKEYS_TOKEN", token, "CI_JOB_TOKEN", token, "GITHUB_SERVER_URL", "https://github.example", "GITHUB_REPOSITORY", "a/b",
			"CI_SERVER_URL", "https://gitlab.example", "CI_PROJECT_PATH", "a/b", "BITBUCKET_GIT_HTTP_ORIGIN", "http://bitbucket.org/a/b")
		job, err := provider(t, c.ci).Job(process(env))
		if err != nil {
			t.Fatal(err)
		}
		var none secret.Text
		tells := job.Origin.Authorization != none
		if tells && job.Change.Elsewhere {
			t.Errorf("%s, %s: the token is used for a change that is elsewhere", c.ci, c.event)
		}
		if stranger := strings.Contains(c.event, "pull_request_target") || strings.HasPrefix(c.event, "workflow_run for a"); stranger && !(job.Change.Elsewhere && job.Change.Proposed) {
			t.Errorf("%s, %s: it is not taken for a stranger's change", c.ci, c.event)
		}
		if tells && !strings.HasSuffix(strings.TrimSuffix(job.Origin.URL, "/a/b.git"), ".example") {
			t.Errorf("%s, %s: the token goes to %s", c.ci, c.event, job.Origin.URL)
		}
		used[c.ci] = used[c.ci] || tells
	}
	for _, name := range []string{"github", "gitlab"} {
		if !used[name] {
			t.Errorf("%s never uses the token, so that this test shows nothing", name)
		}
	}
}

// TestProposed: what a pull request brings does not decide how it is looked at, and a push
// or a schedule is no pull request.
func TestProposed(t *testing.T) {
	for _, c := range cases() {
		job, err := provider(t, c.ci).Job(process(c.prepare(t)))
		if err != nil {
			t.Fatal(err)
		}
		request := false
		for _, word := range []string{"pull request", "pull_request", "merge request", "merge queue", "merge_group", "workflow_run for a"} {
			request = request || strings.HasPrefix(c.event, word) || strings.HasPrefix(c.event, "external "+word)
		}
		settled := false
		for _, word := range []string{"push", "tag", "branch", "schedule", "cron", "create", "release", "delete", "child", "default branch"} {
			settled = settled || strings.HasPrefix(c.event, word)
		}
		if p := job.Change.Proposed; request && !p || settled && p {
			t.Errorf("%s, %s: proposed is %v", c.ci, c.event, p)
		}
	}
}
