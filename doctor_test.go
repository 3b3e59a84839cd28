package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
)

// TestDoctorAsksNobody: where a scan would go to a server, the doctor does not; neither
// does it write anything or tell what it was handed.
func TestDoctorAsksNobody(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer server.Close()
	t.Setenv("TMPDIR", t.TempDir())
	c := newCall(t)
	shallow(t, c.dir)
	env := []string{
		"GITLAB_CI=true", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA=" + strings.Repeat("12", 20), "CI_COMMIT_SHA=" + wholeName, "CI_COMMIT_BRANCH=main",
		"CI_DEFAULT_BRANCH=main", "CI_SERVER_URL=" + server.URL, "CI_PROJECT_PATH=team/app", "CI_JOB_TOKEN=word-of-the-job", "CI_PROJECT_DIR=" + c.dir,
	}
	before := files(t, c.dir)
	if got := c.run(t, env, "doctor"); got != exit.Clean {
		t.Errorf("status %d: %s", got, &c.stderr)
	}
	for _, want := range []string{"with the job's token", "This does not happen if what is missing can be fetched"} {
		if !strings.Contains(c.stdout.String(), want) {
			t.Errorf("it does not say %q: %s", want, &c.stdout)
		}
	}
	if strings.Contains(c.stdout.String()+c.stderr.String(), "word-of-the-job") {
		t.Error("the token is told")
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the server was asked %d times", n)
	}
	if after := files(t, c.dir); !slices.Equal(before, after) {
		t.Errorf("there was %q and is %q", before, after)
	}
	if left := files(t, os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("%q was left behind", left)
	}
	// A scan of the same asks.
	if got := c.run(t, append(env, "BBKEYS_SARIF_FILE=-"), "scan"); got != exit.Found || asked.Load() == 0 {
		t.Errorf("a scan ends with %d and asks %d times", got, asked.Load())
	}
}

// TestDoctorHidesPasswords: neither the address of the server nor that of the proxy is told
// with the password in it.
func TestDoctorHidesPasswords(t *testing.T) {
	c := newCall(t)
	shallow(t, c.dir)
	for address, want := range map[string]string{
		"http://me:word-of-the-job@bitbucket.example.com/ws/repo":      "from http://bitbucket.example.com/ws/repo through",
		"http://me:word-of-the-job@bitbucket.example.com:port/ws/repo": "an address that is none",
	} {
		c.stdout.Reset()
		c.run(t, []string{"BITBUCKET_BUILD_NUMBER=1", "BITBUCKET_BRANCH=main", "BITBUCKET_CLONE_DIR=" + c.dir, "BITBUCKET_GIT_HTTP_ORIGIN=" + address}, "doctor")
		if said := c.stdout.String() + c.stderr.String(); !strings.Contains(said, want) || strings.Contains(said, "word-of-the-job") {
			t.Errorf("it says %s", said)
		}
	}
	for proxy, want := range map[string]string{
		"http://me:word-of-the-job@proxy.example.com:3128": "  proxy.example.com:3128\n",
		"me:word-of-the-job@proxy.example.com:port":        "the address in the variable HTTPS_PROXY is none of a proxy",
	} {
		c.stdout.Reset()
		c.run(t, []string{"GITLAB_CI=true", "CI_SERVER_URL=https://gitlab.example.com/", "CI_PROJECT_PATH=team/app", "CI_PROJECT_DIR=" + c.dir, "HTTPS_PROXY=" + proxy}, "doctor")
		if said := c.stdout.String() + c.stderr.String(); !strings.Contains(said, want) || !strings.Contains(said, "https://gitlab.example.com/team/app.git") || strings.Contains(said, "word-of-the-job") {
			t.Errorf("it says %s", said)
		}
	}
}

// shallow makes a repository that has no commit and says that its history ends at one.
func shallow(t *testing.T, dir string) {
	t.Helper()
	for name, text := range map[string]string{
		"HEAD": "ref: refs/heads/main\n", "config": "[core]\n\trepositoryformatversion = 0\n", "shallow": wholeName + "\n",
		"objects/x": "", "refs/heads/main": wholeName + "\n",
	} {
		path := filepath.Join(dir, ".git", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// files returns what is below a folder, with when each file was last written.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		all = append(all, fmt.Sprint(path, info.Size(), info.ModTime()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
