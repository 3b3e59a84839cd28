package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/internal/realgit"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/rule"
)

// A world is a repository on a server with the shapes that CIs start jobs for: a topic
// branch with a key that was added and removed again and one that was kept, a main branch
// that has keys of its own and went on since, and the merge of both that a CI makes.
type world struct {
	t      *testing.T
	origin string // the repository on the server
	server string // its address

	before, topic, older, main, merge string // commits
}

func newWorld(t *testing.T) *world { return makeWorld(t, func(string, string) {}) }

// makeWorld calls settle with the folder before it commits there what the change begins
// with, what it brings, and what its target has since, for what each is to hold besides.
func makeWorld(t *testing.T, settle func(work, when string)) *world {
	w := &world{t: t, origin: filepath.Join(t.TempDir(), "repo.git")}
	work := t.TempDir()
	w.git(work, "init", "-q", "-b", "main", ".")
	settle(work, "before")
	w.commit(work, "old.env", true)
	w.git(work, "branch", "side")
	w.git(work, "checkout", "-q", "-b", "topic")
	w.before = w.git(work, "rev-parse", "HEAD")
	w.commit(work, "tmp.sh", true)
	w.git(work, "rm", "-q", "tmp.sh")
	w.git(work, "commit", "-q", "-m", "remove it")
	w.older = w.git(work, "rev-parse", "HEAD")
	settle(work, "topic")
	w.commit(work, "kept.env", true)
	w.topic = w.git(work, "rev-parse", "HEAD")
	w.git(work, "checkout", "-q", "main")
	for i := range 5 {
		w.commit(work, fmt.Sprintf("words%d", i), false)
	}
	settle(work, "main")
	w.commit(work, "main.env", true)
	w.main = w.git(work, "rev-parse", "HEAD")
	w.git(work, "checkout", "-q", "--detach")
	w.git(work, "merge", "-q", "--no-ff", "-X", "theirs", "-m", "test merge", "topic")
	w.merge = w.git(work, "rev-parse", "HEAD")
	w.git(work, "update-ref", "refs/pull/1/merge", w.merge)
	w.git(work, "checkout", "-q", "main")
	w.git(work, "clone", "-q", "--mirror", work, w.origin)
	w.git(w.origin, "config", "uploadpack.allowFilter", "true")
	w.git(w.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
	w.server = httptest.NewServer(w.backend()).URL
	return w
}

// backend is git's own server.
func (w *world) backend() http.Handler { return realgit.Server(w.t, filepath.Dir(w.origin), "") }

func (w *world) git(dir string, args ...string) string {
	w.t.Helper()
	return strings.TrimSpace(realgit.Run(w.t, dir, "", args...))
}

// newSettledWorld makes a world whose settings are texts, by when makeWorld calls settle.
func newSettledWorld(t *testing.T, texts map[string]string) *world {
	return makeWorld(t, func(work, when string) {
		if err := os.WriteFile(filepath.Join(work, ".bbkeys.yml"), []byte(texts[when]), 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

// commit adds a file, with a new key in it or with words.
func (w *world) commit(dir, name string, key bool) {
	w.t.Helper()
	text := "nothing in " + name
	if key {
		text = "token = " + rule.ByID("bitbucket-access-token").Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o644); err != nil {
		w.t.Fatal(err)
	}
	w.git(dir, "add", "-A")
	w.git(dir, "commit", "-q", "-m", "add "+name)
}

// clone makes a checkout of a commit. A depth of 0 is the whole history.
func (w *world) clone(ref, commit string, depth int) string {
	w.t.Helper()
	dir := w.t.TempDir()
	w.git(dir, "init", "-q", ".")
	w.git(dir, "remote", "add", "origin", "file://"+w.origin)
	fetch := []string{"fetch", "-q", "--no-tags"}
	if depth > 0 {
		fetch = append(fetch, fmt.Sprintf("--depth=%d", depth))
	} else {
		w.git(dir, "fetch", "-q", "--no-tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
	}
	w.git(dir, append(fetch, "origin", "+"+commit+":"+ref)...)
	w.git(dir, "checkout", "-q", "--detach", commit)
	return dir
}

// A result is what a run came to.
type result struct {
	status  exit.Status
	mode    string
	whole   bool     // everything was looked at
	found   []string // the files with keys
	commits int

	settings, note string // whose settings were in force: a commit's, or a path on disk
}

// scan runs the program as a CI does.
func (w *world) scan(env map[string]string) result {
	w.t.Helper()
	out := filepath.Join(w.t.TempDir(), "out.json")
	var stdout, stderr bytes.Buffer
	p := proc.Process{Args: []string{"--json", out, "--sarif", ""}, Stdout: proc.Stream{Writer: &stdout}, Stderr: proc.Stream{Writer: &stderr}}
	if dir := env["PWD"]; dir != "" {
		p.Args = append(p.Args, dir)
	}
	for k, v := range env {
		p.Env = append(p.Env, k+"="+v)
	}
	err := run(w.t.Context(), p)
	r := result{status: exit.Of(err)}
	data, e := os.ReadFile(out)
	if e != nil {
		w.t.Fatalf("no report: %v, %v\n%s", err, e, stderr.String())
	}
	var rep struct {
		Scanned struct {
			Mode     string
			Complete bool
			Commits  int
			Settings struct{ Path, Commit, Note string }
		}
		Findings []struct{ Path string }
	}
	if err := json.Unmarshal(data, &rep); err != nil {
		w.t.Fatal(err)
	}
	r.mode, r.whole, r.commits = rep.Scanned.Mode, rep.Scanned.Complete, rep.Scanned.Commits
	if set := rep.Scanned.Settings; set.Path+set.Note != "" {
		r.settings, r.note = ci.Or(set.Commit, set.Path), set.Note
	}
	for _, f := range rep.Findings {
		r.found = append(r.found, f.Path)
	}
	w.t.Logf("%.2000s", stdout.String())
	return r
}

// event writes a GitHub event.
func (w *world) event(payload map[string]any) string {
	w.t.Helper()
	payload["repository"] = map[string]any{"full_name": "a/b", "default_branch": "main"}
	data, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	path := filepath.Join(w.t.TempDir(), "event.json")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// A job is one thing that a CI runs for, in the world.
type job struct {
	name   string
	ref    string // where the clone keeps the commit
	commit string
	env    func(dir string) map[string]string
	origin map[string]string // what lets the job fetch; nil where nothing does
	want   result            // in a whole clone, and in a shallow one that can be completed
	bare   result            // in a clone of depth 1 where nothing can be fetched
}

// TestChanges holds the program to the same findings on every CI: what the change brings,
// merges and removed keys included, nothing that was there before, and a gap where a part
// of it can't be had.
func TestChanges(t *testing.T) {
	w := newWorld(t)
	for _, j := range w.jobs() {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			w := *w
			w.t = t
			try := func(how string, depth int, env map[string]string, want result) {
				t.Helper()
				dir := w.clone(j.ref, j.commit, depth)
				before := w.digest(dir)
				all := j.env(dir)
				for k, v := range env {
					all[k] = v
				}
				got := w.scan(all)
				slices.Sort(got.found)
				got.settings, got.note = "", "" // of which there are none here
				if want.commits == 0 {
					got.commits = 0
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s:\ngot  %+v\nwant %+v", how, got, want)
				}
				if w.digest(dir) != before {
					t.Errorf("%s: the checkout was changed", how)
				}
			}
			try("whole", 0, nil, j.want)
			if j.origin != nil {
				try("shallow, completed", 1, j.origin, j.want)
			}
			try("shallow", 1, nil, j.bare)
		})
	}
}

// digest names the content of the repository of a checkout.
func (w *world) digest(dir string) string {
	w.t.Helper()
	out, err := exec.Command("sh", "-c", "cd \"$1\" && find . -type f | sort | xargs sha256sum | sha256sum", "sh", dir).Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return string(out)
}

// What comes of scanning the topic branch.
var (
	brought  = []string{"kept.env", "tmp.sh"}
	whole    = result{status: exit.Found, mode: "range", whole: true, found: brought}
	checkout = result{status: exit.Found, mode: "checkout", whole: true, found: []string{"kept.env", "old.env"}}
	gap      = result{status: exit.Found, mode: "checkout", found: []string{"kept.env", "old.env"}}
	gapMerge = result{status: exit.Found, mode: "checkout", found: []string{"kept.env", "main.env", "old.env"}}
)

// job returns one of jobs.
func (w *world) job(name string) job {
	w.t.Helper()
	all := w.jobs()
	i := slices.IndexFunc(all, func(j job) bool { return j.name == name })
	if i < 0 {
		w.t.Fatalf("there is no job %s", name)
	}
	return all[i]
}

func (w *world) jobs() []job {
	name := strings.TrimSuffix(filepath.Base(w.origin), ".git")
	github := map[string]string{"GITHUB_SERVER_URL": w.server, "GITHUB_REPOSITORY": name, "INPUT_TOKEN": "not-asked-for"}
	gitlab := map[string]string{"CI_SERVER_URL": w.server, "CI_PROJECT_PATH": name, "CI_JOB_TOKEN": "not-asked-for"}
	onGitHub := func(event, ref, sha string, payload map[string]any) func(string) map[string]string {
		return func(dir string) map[string]string {
			return map[string]string{
				"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": dir, "GITHUB_EVENT_NAME": event, "GITHUB_REF": ref, "GITHUB_SHA": sha,
				"GITHUB_EVENT_PATH": w.event(payload),
			}
		}
	}
	with := func(dirName string, kv ...string) func(string) map[string]string {
		return func(dir string) map[string]string {
			env := map[string]string{dirName: dir}
			for i := 0; i < len(kv); i += 2 {
				env[kv[i]] = kv[i+1]
			}
			return env
		}
	}
	zeros := strings.Repeat("0", 40)
	gone := strings.Repeat("1a", 20)
	topicRef, mergeRef := "refs/remotes/origin/topic", "refs/remotes/pull/1/merge"
	last := result{status: exit.Found, mode: "range", whole: true, found: []string{"kept.env"}, commits: 1}
	return []job{
		{
			name: "github push", ref: topicRef, commit: w.topic, origin: github, want: whole, bare: gap,
			env: onGitHub("push", "refs/heads/topic", w.topic, map[string]any{"ref": "refs/heads/topic", "before": w.before, "after": w.topic}),
		}, {
			name: "github push of one commit", ref: topicRef, commit: w.topic, origin: github, want: last, bare: gap,
			env: onGitHub("push", "refs/heads/topic", w.topic, map[string]any{"ref": "refs/heads/topic", "before": w.older, "after": w.topic}),
		}, {
			name: "github push of a new branch", ref: topicRef, commit: w.topic, origin: github, want: whole, bare: gap,
			env: onGitHub("push", "refs/heads/topic", w.topic, map[string]any{"ref": "refs/heads/topic", "before": zeros, "after": w.topic, "created": true}),
		}, {
			name: "github forced push", ref: topicRef, commit: w.topic, origin: github, want: whole, bare: gap,
			env: onGitHub("push", "refs/heads/topic", w.topic, map[string]any{"ref": "refs/heads/topic", "before": gone, "after": w.topic, "forced": true}),
		}, {
			name: "github pull request", ref: mergeRef, commit: w.merge, origin: github, want: whole, bare: gapMerge,
			env: onGitHub("pull_request", "refs/pull/1/merge", w.merge, map[string]any{
				"number":       1,
				"pull_request": map[string]any{"base": map[string]any{"sha": w.main, "ref": "main"}, "head": map[string]any{"sha": w.topic, "ref": "topic"}},
			}),
		}, {
			name: "github pull_request_target", ref: "refs/remotes/origin/main", commit: w.main,
			origin: map[string]string{"GITHUB_SERVER_URL": w.server, "GITHUB_REPOSITORY": name},
			want:   whole, bare: result{status: exit.Incomplete, mode: "none"},
			env: onGitHub("pull_request_target", "refs/heads/main", w.main, map[string]any{
				"number":       1,
				"pull_request": map[string]any{"base": map[string]any{"sha": w.main, "ref": "main"}, "head": map[string]any{"sha": w.topic, "ref": "topic"}},
			}),
		}, {
			name: "github merge group", ref: topicRef, commit: w.topic, origin: github, want: whole, bare: gap,
			env: onGitHub("merge_group", "refs/heads/gh-readonly-queue/main/pr-1", w.topic, map[string]any{
				"merge_group": map[string]any{"base_sha": w.main, "head_sha": w.topic},
			}),
		}, {
			name: "gitlab merge request", ref: topicRef, commit: w.topic, origin: gitlab, want: whole, bare: gap,
			env: with("CI_PROJECT_DIR", "GITLAB_CI", "true", "CI_PIPELINE_SOURCE", "merge_request_event", "CI_MERGE_REQUEST_IID", "1",
				"CI_MERGE_REQUEST_DIFF_BASE_SHA", w.before, "CI_COMMIT_SHA", w.topic, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main", "CI_DEFAULT_BRANCH", "main"),
		}, {
			name: "gitlab push", ref: topicRef, commit: w.topic, origin: gitlab, want: whole, bare: gap,
			env: with("CI_PROJECT_DIR", "GITLAB_CI", "true", "CI_PIPELINE_SOURCE", "push", "CI_COMMIT_BRANCH", "topic",
				"CI_COMMIT_BEFORE_SHA", w.before, "CI_COMMIT_SHA", w.topic, "CI_DEFAULT_BRANCH", "main"),
		}, {
			name: "bitbucket pull request", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("BITBUCKET_CLONE_DIR", "BITBUCKET_BUILD_NUMBER", "1", "BITBUCKET_PR_ID", "1", "BITBUCKET_BRANCH", "topic",
				"BITBUCKET_PR_DESTINATION_BRANCH", "main", "BITBUCKET_PR_DESTINATION_COMMIT", w.main[:12], "BITBUCKET_COMMIT", w.topic),
		}, {
			name: "bitbucket branch", ref: topicRef, commit: w.topic, want: whole, bare: checkout,
			env: with("BITBUCKET_CLONE_DIR", "BITBUCKET_BUILD_NUMBER", "1", "BITBUCKET_BRANCH", "topic", "BITBUCKET_COMMIT", w.topic),
		}, {
			name: "travis", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("TRAVIS_BUILD_DIR", "TRAVIS", "true", "TRAVIS_EVENT_TYPE", "push", "TRAVIS_PULL_REQUEST", "false", "TRAVIS_BRANCH", "topic",
				"TRAVIS_COMMIT_RANGE", w.before+"..."+w.topic, "TRAVIS_COMMIT", w.topic),
		}, {
			name: "jenkins pull request", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("WORKSPACE", "JENKINS_URL", "http://ci.example/", "CHANGE_ID", "1", "CHANGE_TARGET", "main", "GIT_COMMIT", w.topic),
		}, {
			name: "azure pull request", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("BUILD_SOURCESDIRECTORY", "TF_BUILD", "True", "BUILD_REASON", "PullRequest", "SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main",
				"SYSTEM_PULLREQUEST_SOURCECOMMITID", w.topic, "BUILD_SOURCEVERSION", w.topic),
		}, {
			name: "buildkite pull request", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("BUILDKITE_BUILD_CHECKOUT_PATH", "BUILDKITE", "true", "BUILDKITE_PULL_REQUEST", "1", "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main",
				"BUILDKITE_COMMIT", w.topic, "BUILDKITE_BRANCH", "topic"),
		}, {
			name: "drone push", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("DRONE_WORKSPACE", "DRONE", "true", "DRONE_BUILD_EVENT", "push", "DRONE_COMMIT_BEFORE", w.before, "DRONE_COMMIT_AFTER", w.topic,
				"DRONE_COMMIT_SHA", w.topic, "DRONE_COMMIT_BRANCH", "topic", "DRONE_REPO_BRANCH", "main"),
		}, {
			// Woodpecker's previous commit may be another branch's, so it is a guess.
			name: "woodpecker push", ref: topicRef, commit: w.topic, want: whole, bare: checkout,
			env: with("CI_WORKSPACE", "CI", "woodpecker", "CI_PIPELINE_EVENT", "push", "CI_PREV_COMMIT_SHA", w.before, "CI_COMMIT_SHA", w.topic,
				"CI_COMMIT_BRANCH", "topic", "CI_REPO_DEFAULT_BRANCH", "main"),
		}, {
			name: "anywhere, with a base", ref: topicRef, commit: w.topic, want: whole, bare: gap,
			env: with("PWD", "BBKEYS_BASE", w.before),
		},
	}
}

// TestBitbucketProxy completes a shallow clone as a pipeline can: through the proxy of the
// build, which alone knows the way to the server and signs for the job.
func TestBitbucketProxy(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:29418") // the port is Bitbucket's
	if err != nil {
		t.Skipf("the port of Bitbucket's proxy is taken: %v", err)
	}
	w := newWorld(t)
	backend := w.backend()
	proxied := 0
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "bitbucket.org" {
			http.Error(rw, "not here", http.StatusForbidden)
			return
		}
		proxied++
		r.URL.Path = strings.Replace(r.URL.Path, "/ws/repo", "/repo.git", 1)
		backend.ServeHTTP(rw, r)
	}))
	proxy.Listener.Close() //nolint:errcheck // it was never used
	proxy.Listener = l
	proxy.Start()
	defer proxy.Close()
	for _, j := range w.jobs() {
		if !strings.HasPrefix(j.name, "bitbucket") {
			continue
		}
		env := j.env(w.clone(j.ref, j.commit, 1))
		env["BITBUCKET_GIT_HTTP_ORIGIN"] = "http://bitbucket.org/ws/repo"
		got := w.scan(env)
		slices.Sort(got.found)
		got.commits, got.settings, got.note = 0, "", ""
		if fmt.Sprint(got) != fmt.Sprint(j.want) || proxied == 0 {
			t.Errorf("%s: %d requests\ngot  %+v\nwant %+v", j.name, proxied, got, j.want)
		}
	}
}
