package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/internal/fake"
	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/sarif"
	"github.com/bbkeys/bbkeys/scan"
)

const token = "the token of a test"

// merge is the commit that GitHub runs the workflow for.
var merge = strings.Repeat("c3", 20)

// An uploading is one run with an upload.
type uploading struct {
	env    []string // besides that of a pull request from a branch of the repository
	event  string   // the payload; "" for that of such a pull request
	change ci.Change
	rep    *scan.Report
	render report.Render
	limit  int
}

// small is a report of little to look at.
func small(w io.Writer, _ *scan.Report) error {
	_, err := io.WriteString(w, `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"bbkeys"}},"results":[]}]}`)
	return err
}

const (
	ownRequest  = `{"pull_request":{"base":{"sha":"` + sample.Commit + `"},"head":{"sha":"` + sample.Commit + `","repo":{"full_name":"acme/shop"}}}}`
	forkRequest = `{"pull_request":{"base":{"sha":"` + sample.Commit + `"},"head":{"sha":"` + sample.Commit + `","repo":{"full_name":"stranger/shop"}}}}`
	goneRequest = `{"pull_request":{"base":{"sha":"` + sample.Commit + `"},"head":{"sha":"` + sample.Commit + `","repo":null}}}`
)

// put uploads, and returns what was said, how long it would have waited, and the error.
func (u uploading) put(t *testing.T, g *fake.GitHub) (said string, waited []time.Duration, err error) {
	t.Helper()
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, []byte(ci.Or(u.event, ownRequest)), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=" + g.URL + "/api/v3", "GITHUB_SHA=" + merge,
		"GITHUB_REF=refs/pull/7/merge", "GITHUB_EVENT_PATH=" + event, "INPUT_TOKEN=" + token,
	}
	if u.rep == nil {
		u.rep = sample.Report("a.env")
	}
	if u.render == nil {
		u.render = small
	}
	var out bytes.Buffer
	p := proc.Process{Env: append(env, u.env...), Stdout: proc.Stream{Writer: &out}}
	d := ci.Delivery{Began: time.Date(2026, 11, 23, 16, 30, 0, 5, time.FixedZone("", 3600)), Upload: u.render}
	pub := newUpload(p, ci.Job{Dir: "/github/work space", Change: u.change}, d)
	if u.limit > 0 {
		pub.limit = u.limit
	}
	pub.wait = func(_ context.Context, d time.Duration) error {
		waited = append(waited, d)
		return nil
	}
	err = pub.Publish(t.Context(), u.rep)
	return out.String(), waited, err
}

// upload uploads to a GitHub that has a report for a while, and wants it taken.
func (u uploading) taken(t *testing.T, g *fake.GitHub) fake.Upload {
	t.Helper()
	g.Restart(nil)
	said, _, err := u.put(t, g)
	all := g.Uploads()
	if err != nil || len(all) != 1 || !strings.HasPrefix(said, "bbkeys: the SARIF report is in code scanning, for commit ") {
		t.Fatalf("%d uploads, %q, %v", len(all), said, err)
	}
	return all[0]
}

// TestUpload: each kind of report arrives, as it is in its file, and without a key.
func TestUpload(t *testing.T) {
	g := fake.OnGitHub(t, token)
	for name, rep := range map[string]*scan.Report{
		"nothing": sample.Nothing(), "each kind": sample.Report(), "hostile": sample.Report(sample.Hostile()...), "many": sample.Many(500),
	} {
		log := sarif.Log{Version: "1.2.3", Rules: rule.All()}
		u := uploading{rep: rep, render: log.Render}.taken(t, g)
		if want := sample.Write(t, rep, log.Render); u.SARIF != want {
			t.Errorf("%s: %d bytes, want %d", name, len(u.SARIF), len(want))
		}
		if u.Tool != "bbkeys" || u.Checkout != "file:///github/work%20space" || !u.Started.Equal(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

// TestTarget: alerts belong to the commit that was scanned, and to a ref that has it.
func TestTarget(t *testing.T) {
	g := fake.OnGitHub(t, token)
	ranged := func(head string) *scan.Report {
		return &scan.Report{Scanned: scan.Scanned{Mode: "range", Head: head}}
	}
	const tip = sample.Commit
	for _, c := range []struct {
		ref         string
		rep         *scan.Report
		commit, got string
	}{
		{"refs/pull/7/merge", ranged(merge), merge, "refs/pull/7/merge"},
		{"refs/pull/7/merge", ranged(tip), tip, "refs/pull/7/head"},
		{"refs/pull/7/merge", sample.Nothing(), merge, "refs/pull/7/merge"},
		{"refs/heads/a/merge", ranged(tip), tip, "refs/heads/a/merge"},
		{"refs/heads/main", ranged(merge), merge, "refs/heads/main"},
		{"refs/heads/gh-readonly-queue/main/pr-7-" + tip, sample.Nothing(), merge, "refs/heads/gh-readonly-queue/main/pr-7-" + tip},
		{"refs/tags/v1", sample.Nothing(), merge, "refs/tags/v1"},
	} {
		u := uploading{env: []string{"GITHUB_REF=" + c.ref}, rep: c.rep}.taken(t, g)
		if u.Commit != c.commit || u.Ref != c.got {
			t.Errorf("%s with %s: %s of %s", c.ref, c.rep.Scanned.Head, u.Commit, u.Ref)
		}
	}
}

// TestNotUploaded: what nobody expects to be uploaded is no error, and needs no request.
func TestNotUploaded(t *testing.T) {
	g := fake.OnGitHub(t, token)
	for name, c := range map[string]struct {
		uploading
		said string
	}{
		"a fork":            {uploading{event: forkRequest}, "comes from a fork"},
		"a fork that went":  {uploading{event: goneRequest}, "comes from a fork"},
		"another's rights":  {uploading{change: ci.Change{Elsewhere: true}}, "uses no token"},
		"nothing to scan":   {uploading{rep: &scan.Report{Scanned: scan.Scanned{Mode: "none"}}}, "nothing to scan"},
		"a fork's rights":   {uploading{event: forkRequest, change: ci.Change{Elsewhere: true}}, "uses no token"},
		"a fork, no rights": {uploading{event: forkRequest, env: []string{"INPUT_TOKEN="}}, "comes from a fork"},
	} {
		said, _, err := c.put(t, g)
		if err != nil || !strings.HasPrefix(said, "bbkeys: the SARIF report is not uploaded: ") || !strings.Contains(said, c.said) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
	// No payload, or another event's, is no fork's.
	for _, event := range []string{"{}", "nonsense", `{"ref":"refs/heads/main"}`} {
		uploading{event: event}.taken(t, g)
	}
	g.Restart(nil)
	if n := len(g.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestMissing: what an upload can't be done without is named, and nothing is sent.
func TestMissing(t *testing.T) {
	g := fake.OnGitHub(t, token)
	key := rule.All()[0].Mint(random())
	for name, c := range map[string]struct {
		uploading
		want string
	}{
		"no token":           {uploading{env: []string{"INPUT_TOKEN="}}, "the input token is empty"},
		"no repository":      {uploading{env: []string{"GITHUB_REPOSITORY="}}, "fork"}, // what the payload says is then another's
		"a path":             {uploading{event: "{}", env: []string{"GITHUB_REPOSITORY=acme/../x"}}, "GITHUB_REPOSITORY"},
		"no commit":          {uploading{rep: sample.Nothing(), env: []string{"GITHUB_SHA="}}, "GITHUB_SHA"},
		"a short commit":     {uploading{rep: sample.Nothing(), env: []string{"GITHUB_SHA=" + merge[:12]}}, "GITHUB_SHA"},
		"no ref":             {uploading{env: []string{"GITHUB_REF="}}, "GITHUB_REF"},
		"another ref":        {uploading{env: []string{"GITHUB_REF=refs/notes/x"}}, "GITHUB_REF"},
		"a ref like a key":   {uploading{env: []string{"GITHUB_REF=refs/heads/" + key}}, "named like a key"},
		"no address":         {uploading{env: []string{"GITHUB_API_URL=api.github.com"}}, "GITHUB_API_URL"},
		"a report of a key":  {uploading{render: func(w io.Writer, _ *scan.Report) error { _, err := io.WriteString(w, key); return err }}, "in full"},
		"no report":          {uploading{render: func(io.Writer, *scan.Report) error { return errors.New("no report") }}, "no report"},
		"a huge report":      {uploading{limit: 9}, "GitHub takes 9;"},
		"an address with it": {uploading{env: []string{"GITHUB_API_URL=https://x:hunter2@h/"}}, "GITHUB_API_URL"},
	} {
		said, _, err := c.put(t, g)
		words := said
		if err != nil {
			words = err.Error()
		}
		if !strings.Contains(words, c.want) || (err == nil) != (c.want == "fork") || strings.Contains(words, key) || strings.Contains(words, "hunter2") {
			t.Errorf("%s: %q, %v", name, said, err)
		}
		if err != nil && exit.Of(err) != exit.Undelivered {
			t.Errorf("%s: status %d", name, exit.Of(err))
		}
	}
	if n := len(g.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestFate: what GitHub says of the report after it has it.
func TestFate(t *testing.T) {
	g := fake.OnGitHub(t, token)
	stopped := sample.Nothing()
	stopped.Gaps = []*scan.Gap{{Why: scan.ErrInterrupted}}
	pending, unknown := fake.Fate{Status: "pending"}, fake.Fate{}
	failed := fake.Fate{Status: "failed", Errors: []string{"rejecting SARIF\n::error::x", "and more"}}
	unsuccessful := fake.Fate{Status: "failed", Errors: []string{"unsuccessful execution"}}
	for _, c := range []struct {
		name  string
		rep   *scan.Report
		fate  []fake.Fate
		said  string
		fails string
		waits int
	}{
		{"at once", nil, []fake.Fate{{Status: "complete"}}, "is in code scanning, for commit c3c3c3c3c3 of refs/pull/7/merge", "", 1},
		{"after a while", nil, []fake.Fate{unknown, pending, pending, {Status: "complete"}}, "is in code scanning", "", 4},
		{"never", nil, []fake.Fate{pending}, "still busy with it", "", 10},
		{"not known of", nil, []fake.Fate{unknown}, "still busy with it", "", 10},
		{"news", nil, []fake.Fate{{Status: "resting"}}, "still busy with it", "", 10},
		{"failed", nil, []fake.Fate{pending, failed}, "", `could not process it: "rejecting SARIF\n::error::x; and more"`, 2},
		{"as it says itself", stopped, []fake.Fate{unsuccessful}, "a scan that was told to stop is in code scanning", "", 1},
		{"though it does not", sample.Nothing(), []fake.Fate{unsuccessful}, "", "unsuccessful execution", 1},
	} {
		g.Restart(nil, c.fate...)
		rep := c.rep
		if rep == nil {
			rep = &scan.Report{Scanned: scan.Scanned{Mode: "checkout"}}
		}
		said, waited, err := uploading{rep: rep}.put(t, g)
		if !strings.Contains(said, c.said) || (err == nil) != (c.fails == "") || err != nil && (!strings.Contains(err.Error(), c.fails) || fault.Of(err) != fault.UploadFailed) || len(waited) != c.waits {
			t.Errorf("%s: %q, %v, waited %v", c.name, said, err, waited)
		}
		if slices.Max(waited) > maxCheck {
			t.Errorf("%s: waited %v", c.name, waited)
		}
	}
}

// TestRefused: each way of GitHub to say no comes with what to do about it.
func TestRefused(t *testing.T) {
	g := fake.OnGitHub(t, token)
	for _, c := range []struct {
		status   int
		body     string
		want     []string
		requests int
	}{
		{401, `{"message":"Bad credentials"}`, []string{"status 401: Bad credentials", "security-events: write"}, 1},
		{403, `{"message":"Resource not accessible by integration"}`, []string{"status 403: Resource not accessible by integration", "security-events: write", "Dependabot"}, 1},
		{403, `{"message":"Code Security must be enabled for this repository to use code scanning."}`, []string{"turn code scanning on", "leave upload out"}, 1},
		{404, `{"message":"Not Found"}`, []string{"status 404", "contents: read"}, 1},
		{413, `{"message":"Payload too large"}`, []string{"status 413", "larger than GitHub takes"}, 1},
		{422, `{"message":"commit not found"}`, []string{"status 422: commit not found"}, 1},
		{503, `{"message":"unavailable"}`, []string{"status 503", "run the job again"}, 4},
		{502, ``, []string{"status 502"}, 1},
		{200, `<html>`, []string{"login page"}, 1},
		{202, `{"id":"../../x"}`, []string{"did not say under which id"}, 1},
		{202, `{}`, []string{"did not say under which id"}, 1},
	} {
		g.Restart(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
			return true
		})
		said, _, err := uploading{}.put(t, g)
		if err == nil || said != "" || fault.Of(err) != fault.UploadFailed || strings.Contains(err.Error(), token) || len(g.Requests()) != c.requests {
			t.Errorf("%d: %q, %v after %d requests", c.status, said, err, len(g.Requests()))
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%d: %v has no %q", c.status, err, want)
			}
		}
	}
}

// TestLooksAway: that GitHub can't be asked what came of a report is no failure of it.
func TestLooksAway(t *testing.T) {
	g := fake.OnGitHub(t, token)
	for name, does := range map[string]http.HandlerFunc{
		"denies":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"nonsense": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 2<<20)) },
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		g.Restart(func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > 1 {
				does(w, r)
			}
			return n > 1
		})
		if said, _, err := (uploading{}).put(t, g); err != nil || !strings.Contains(said, "what came of it can't be told") || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: %q, %v", name, said, err)
		}
	}
}

// TestQuiet: no request holds a key of the report.
func TestQuiet(t *testing.T) {
	g := fake.OnGitHub(t, token)
	rep := sample.Report(sample.Hostile()...)
	u := uploading{rep: rep, render: sarif.Log{Rules: rule.All()}.Render}.taken(t, g)
	all := strings.Join(g.Requests(), "\n") + u.SARIF
	for i := range rep.Findings {
		if rep.Findings[i].Match.Secret.In(all) {
			t.Errorf("finding %d is told", i)
		}
	}
	if n := strings.Count(all, token); n != 2 {
		t.Errorf("the token is in %d headers of 2 requests", n)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(u.SARIF), &doc); err != nil {
		t.Error(err)
	}
}

// TestVerdict: the scan's own status stands.
func TestVerdict(t *testing.T) {
	var out bytes.Buffer
	u := upload{missing: errors.New("no way"), out: &out}
	policy := report.Policy{FailOn: rule.Warning}
	for want, rep := range map[exit.Status]*scan.Report{exit.Undelivered: sample.Nothing(), exit.Found: sample.Report()} {
		if err := report.To(t.Context(), rep, policy, u); exit.Of(err) != want || !strings.Contains(fmt.Sprint(err), "no way") {
			t.Errorf("status %d: %v", exit.Of(err), err)
		}
	}
	for asked, want := range map[bool]int{false: 3, true: 4} {
		d := ci.Delivery{}
		if asked {
			d.Upload = sarif.Log{}.Render
		}
		if got := len(Provider{}.Publishers(proc.Process{}, ci.Job{}, d)); got != want {
			t.Errorf("%d publishers where uploading is %v", got, asked)
		}
	}
}

// TestUploadProxy: an upload goes through the proxy of the runner.
func TestUploadProxy(t *testing.T) {
	p := proc.Process{Env: []string{"GITHUB_API_URL=https://git.example.com/api/v3", "https_proxy=http://proxy.example.com:3128"}}
	s := newUpload(p, ci.Job{}, ci.Delivery{}).server
	if got := s.Network.Proxy(s.URL); got != "proxy.example.com:3128" {
		t.Errorf("the proxy is %q", got)
	}
}

func random() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }
