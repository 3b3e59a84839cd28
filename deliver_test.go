package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/internal/fake"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/rule"
)

// A call is one run of the whole program in this process, in a folder with one key.
type call struct {
	dir, key       string
	stdout, stderr bytes.Buffer
}

func newCall(t *testing.T) *call {
	t.Helper()
	c := &call{dir: t.TempDir(), key: rule.All()[0].Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))}
	if err := os.WriteFile(filepath.Join(c.dir, "deploy.env"), []byte("TOKEN="+c.key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

// run runs the program and returns its exit status.
func (c *call) run(t *testing.T, env []string, args ...string) exit.Status {
	t.Helper()
	c.stdout.Reset()
	c.stderr.Reset()
	p := proc.Process{
		Args: append(args, c.dir), Env: env,
		Stdout: proc.Stream{Writer: &c.stdout}, Stderr: proc.Stream{Writer: &c.stderr},
	}
	err := run(t.Context(), p)
	if strings.Contains(c.stdout.String()+c.stderr.String(), c.key) {
		t.Error("the key is told")
	}
	return exit.Of(err)
}

// wholeName is that of a commit.
var wholeName = strings.Repeat("ab", 20)

// TestDataCenter puts a report into a Data Center from where any CI runs the program.
func TestDataCenter(t *testing.T) {
	const token = "a token of this test"
	b, c := fake.DataCenter(t, token), newCall(t)
	to := "--insights-url=" + b.URL + "/bitbucket/projects/PRJ/repos/shop/browse"
	jenkins := []string{"JENKINS_URL=https://ci.example.com/", "BUILD_URL=https://ci.example.com/job/shop/7/", "GIT_COMMIT=" + wholeName, "WORKSPACE=" + c.dir, "BBKEYS_SARIF_FILE=" + filepath.Join(t.TempDir(), "x.sarif")}
	for _, run := range []struct {
		name string
		env  []string
		args []string
		want exit.Status
		at   string // of the report, or "" where there is none
	}{
		{"found", append(jenkins, "BBKEYS_TOKEN="+token), []string{to}, exit.Found, "bbkeys-build"},
		{"mode", append(jenkins, "BBKEYS_TOKEN="+token), []string{to, "--mode=checkout", "--fail-on=never"}, exit.Clean, "bbkeys-checkout"},
		{"another token", append(jenkins, "BBKEYS_TOKEN=x"), []string{to, "--fail-on=never"}, exit.Undelivered, ""},
		{"no token", jenkins, []string{to, "--fail-on=never"}, exit.Undelivered, ""},
		{"found and not delivered", jenkins, []string{to}, exit.Found, ""},
		{"not wanted", jenkins, []string{to, "--fail-on=never", "--insights=false"}, exit.Clean, ""},
		{"here, for a commit", []string{"BBKEYS_TOKEN=" + token}, []string{to, "--insights-commit=" + wholeName}, exit.Found, "bbkeys-checkout"},
		{"here, for no commit", []string{"BBKEYS_TOKEN=" + token}, []string{to, "--fail-on=never"}, exit.Undelivered, ""},
		{"no address", nil, []string{"--insights-url=https://bitbucket.org/acme/shop"}, exit.Usage, ""},
		{"no commit", nil, []string{to, "--insights-commit=HEAD"}, exit.Usage, ""},
		{"nowhere", nil, []string{"--insights=true"}, exit.Usage, ""},
	} {
		b.Restart(nil)
		if got := c.run(t, run.env, run.args...); got != run.want {
			t.Errorf("%s: status %d\n%s%s", run.name, got, &c.stdout, &c.stderr)
		}
		all := b.Reports()
		if _, ok := all["/bitbucket/rest/insights/latest/projects/PRJ/repos/shop/commits/"+wholeName+"/reports/"+run.at]; ok != (run.at != "") || len(all) > 1 {
			t.Errorf("%s: %d reports", run.name, len(all))
		}
		if log := strings.Join(b.Requests(), "\n") + c.stdout.String() + c.stderr.String(); strings.Contains(log, c.key) || run.want == exit.Undelivered && !strings.Contains(log, "BBK506") {
			t.Errorf("%s: %s", run.name, log)
		}
		if strings.Contains(c.stdout.String()+c.stderr.String(), token) {
			t.Errorf("%s: the token is told", run.name)
		}
	}
}

// TestUploadToGitHub uploads the report of a job on a server of GitHub's.
func TestUploadToGitHub(t *testing.T) {
	const token = "a token of this test"
	g, c := fake.OnGitHub(t, token), newCall(t)
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, []byte(`{"pull_request":{"head":{"repo":{"full_name":"stranger/shop"}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	github := []string{
		"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + c.dir, "GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=" + g.URL + "/api/v3",
		"GITHUB_SHA=" + wholeName, "GITHUB_REF=refs/heads/main", "INPUT_SARIF-FILE=" + filepath.Join(t.TempDir(), "x.sarif"), "INPUT_UPLOAD=true",
	}
	for _, run := range []struct {
		name    string
		env     []string
		args    []string
		want    exit.Status
		uploads int
	}{
		{"found", append(github, "INPUT_TOKEN="+token), nil, exit.Found, 1},
		{"accepted", append(github, "INPUT_TOKEN="+token), []string{"--fail-on=never"}, exit.Clean, 1},
		{"not asked for", append(github, "INPUT_TOKEN="+token), []string{"--fail-on=never", "--upload=false"}, exit.Clean, 0},
		{"may not", append(github, "INPUT_TOKEN=x"), []string{"--fail-on=never"}, exit.Undelivered, 0},
		{"a fork", append(github, "INPUT_TOKEN=x", "GITHUB_EVENT_PATH="+event), []string{"--fail-on=never"}, exit.Clean, 0},
		{"not on GitHub", nil, []string{"--upload"}, exit.Usage, 0},
	} {
		g.Restart(nil)
		if got := c.run(t, run.env, run.args...); got != run.want || len(g.Uploads()) != run.uploads {
			t.Errorf("%s: status %d, %d uploads\n%s%s", run.name, got, len(g.Uploads()), &c.stdout, &c.stderr)
		}
		for _, u := range g.Uploads() {
			if strings.Contains(u.SARIF, c.key) || !strings.Contains(u.SARIF, "deploy.env") || u.Commit != wholeName || u.Checkout != "file://"+c.dir {
				t.Errorf("%s: %+v", run.name, u)
			}
		}
		if log := c.stdout.String() + c.stderr.String(); strings.Contains(log, token) || (run.want == exit.Undelivered) != strings.Contains(log, "BBK507") {
			t.Errorf("%s: %s", run.name, log)
		}
	}
}
