package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// upload hands the SARIF report to code scanning.
type upload struct {
	server   api.Server
	path     string // of uploads
	sha, ref string // what the workflow runs for
	dir      string // the checkout
	began    time.Time
	render   report.Render
	out      io.Writer // for a line about what was done
	skip     string    // why nothing is uploaded, and nobody expects it, or ""
	missing  error     // what it can't be done without, or nil
	limit    int       // bytes of the report, compressed
	wait     func(context.Context, time.Duration) error
}

const (
	// maxUpload is how large GitHub lets a report be, compressed (docs.github.com, "SARIF
	// support for code scanning", 2026-11).
	maxUpload = 10 << 20
	// uploadTime is for one attempt, which may have as much to send, and uploadLimit for all.
	uploadTime  = 2 * time.Minute
	uploadLimit = 5 * time.Minute
	// checks is how often GitHub is asked what became of a report, with pauses that double
	// up to maxCheck: for about a minute and a half.
	checks   = 10
	maxCheck = 15 * time.Second
)

var (
	fullName  = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)
	uploadRef = regexp.MustCompile(`^refs/(heads|tags|pull)/.`) // refs that code scanning has alerts of
	uploadID  = regexp.MustCompile(`^[A-Za-z0-9-]{1,100}$`)
	wholeName = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// newUpload returns the publisher that hands the report to the repository of a job.
func newUpload(p proc.Process, j ci.Job, d ci.Delivery) upload {
	name, token := p.Getenv("GITHUB_REPOSITORY"), Provider{}.Input(p, "token")
	u := upload{
		server: api.Server{
			URL: ci.Or(p.Getenv("GITHUB_API_URL"), "https://api.github.com"), Network: web.Of(p), Timeout: uploadTime,
			Header: map[string]string{"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
		},
		path: "/repos/" + name + "/code-scanning/sarifs",
		sha:  ci.Commit(p.Getenv("GITHUB_SHA")), ref: p.Getenv("GITHUB_REF"),
		dir: j.Dir, began: d.Began, render: d.Upload, out: p.Stdout, limit: maxUpload,
	}
	switch {
	case j.Change.Elsewhere:
		u.skip = "the job runs with the rights of the repository for a change that is somebody else's, and uses no token for it"
	case fork(p, name):
		u.skip = "the pull request comes from a fork, whose job has a token that may only read; the annotations and the summary of the run have the keys"
	case !fullName.MatchString(name):
		u.missing = errors.New("GITHUB_REPOSITORY does not say which repository it is for")
	case token == "":
		u.missing = errors.New("the input token is empty; hand on github.token, which an action does by itself")
	default:
		u.server.Authorization = secret.New("Bearer " + token)
	}
	return u
}

// fork reports whether the workflow runs for a pull request from another repository.
func fork(p proc.Process, name string) bool {
	e, err := readEvent(p.Getenv("GITHUB_EVENT_PATH"))
	return err == nil && e.PullRequest != nil && e.PullRequest.Head.Repo.Name != name
}

// Publish implements report.Publisher. It says in a line what it has done.
func (u upload) Publish(ctx context.Context, rep *scan.Report) error {
	if u.skip == "" && rep.Scanned.Mode == "none" {
		u.skip = "there was nothing to scan" // an empty report would close alerts
	}
	if u.skip != "" {
		return u.say("the SARIF report is not uploaded: %s", u.skip)
	}
	if err := u.publish(ctx, rep); err != nil {
		return fault.Or(fault.UploadFailed, fmt.Errorf("uploading the SARIF report to code scanning: %w%s", err, hint(err)))
	}
	return nil
}

func (u upload) publish(ctx context.Context, rep *scan.Report) error {
	if u.missing != nil {
		return u.missing
	}
	commit, ref := u.target(rep)
	switch {
	case !wholeName.MatchString(commit):
		return errors.New("it is not known in full which commit it is for; GITHUB_SHA says it")
	case !uploadRef.MatchString(ref):
		return errors.New("GITHUB_REF names no branch, tag or pull request that it is for")
	case report.Redact(ref) != ref:
		return errors.New("the branch or tag is named like a key, and would tell it")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, uploadLimit, fmt.Errorf("it was not done within %v", uploadLimit))
	defer cancel()
	body, err := u.body(ctx, rep, commit, ref)
	if err != nil {
		return err
	}
	u.server.Wait = u.wait
	client, err := api.New(u.server)
	if err != nil {
		return fmt.Errorf("GITHUB_API_URL: %w", err)
	}
	defer client.Close()
	var taken struct {
		ID string `json:"id"`
	}
	if err := client.Do(ctx, api.Request{Method: "POST", Path: u.path, Body: body, Into: &taken}); err != nil {
		return err
	}
	if !uploadID.MatchString(taken.ID) {
		return errors.New("GitHub took it, and did not say under which id")
	}
	return u.follow(ctx, client, taken.ID, rep, fmt.Sprintf("commit %.10s of %s", commit, report.Clean(ref)))
}

// target returns the commit and the ref that the report is about. On a pull request that
// is the merge that GitHub tests, unless the checkout was of the branch's own tip.
func (u upload) target(rep *scan.Report) (commit, ref string) {
	head := ci.Commit(rep.Scanned.Head)
	if head == "" || head == u.sha {
		return u.sha, u.ref
	}
	if pull, ok := strings.CutSuffix(u.ref, "/merge"); ok && strings.HasPrefix(pull, "refs/pull/") {
		return head, pull + "/head"
	}
	return head, u.ref
}

// An uploadBody is the body of an upload (REST API of GitHub, 2022-11-28, "Upload an
// analysis as SARIF data").
type uploadBody struct {
	Commit   string `json:"commit_sha"`
	Ref      string `json:"ref"`
	SARIF    string `json:"sarif"` // compressed by gzip, in base64
	Checkout string `json:"checkout_uri,omitempty"`
	Started  string `json:"started_at,omitempty"`
	Tool     string `json:"tool_name"`
}

// body returns the body of the upload of rep, after the last look that every report gets
// before it leaves.
func (u upload) body(ctx context.Context, rep *scan.Report, commit, ref string) ([]byte, error) {
	var plain, packed bytes.Buffer
	looked := report.File{Name: "SARIF report", Path: "-", Stdout: &plain, Render: u.render}
	if err := looked.Publish(ctx, rep); err != nil {
		return nil, err
	}
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(plain.Bytes()); err != nil {
		return nil, fmt.Errorf("compressing it: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing it: %w", err)
	}
	if packed.Len() > u.limit {
		return nil, fmt.Errorf("it has %d bytes when compressed, and GitHub takes %d; the files of the run hold it", packed.Len(), u.limit)
	}
	b := uploadBody{Commit: commit, Ref: ref, SARIF: base64.StdEncoding.EncodeToString(packed.Bytes()), Tool: "bbkeys"}
	if strings.HasPrefix(u.dir, "/") && report.Redact(u.dir) == u.dir {
		b.Checkout = (&url.URL{Scheme: "file", Path: u.dir}).String()
	}
	if !u.began.IsZero() {
		b.Started = u.began.UTC().Format(time.RFC3339)
	}
	body, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding the upload: %w", err)
	}
	return body, nil
}

// follow asks what became of an upload until that is known, for a while.
func (u upload) follow(ctx context.Context, client *api.Client, id string, rep *scan.Report, what string) error {
	wait, pause := u.wait, time.Second
	if wait == nil {
		wait = web.Wait
	}
	for range checks {
		if err := wait(ctx, pause); err != nil {
			break
		}
		pause = min(2*pause, maxCheck)
		var state struct {
			Status string   `json:"processing_status"`
			Errors []string `json:"errors"`
		}
		err := client.Do(ctx, api.Request{Method: "GET", Path: u.path + "/" + id, Into: &state})
		refused := new(api.Refusal)
		switch {
		case errors.As(err, &refused) && refused.Missing(): // not yet
		case err != nil:
			return u.say("the SARIF report is with code scanning, for %s; what came of it can't be told: %s", what, report.Clean(err.Error()))
		case state.Status == "complete":
			return u.say("the SARIF report is in code scanning, for %s", what)
		case state.Status == "failed" && rep.Interrupted() && strings.Contains(strings.Join(state.Errors, " "), "unsuccessful execution"):
			// GitHub shows a run that says of itself that it did not come to its end.
			return u.say("the SARIF report of a scan that was told to stop is in code scanning, for %s", what)
		case state.Status == "failed":
			return fmt.Errorf("GitHub could not process it: %s", report.Clean(strings.Join(state.Errors, "; ")))
		}
	}
	return u.say("the SARIF report is with code scanning, for %s, which is still busy with it", what)
}

// hint says what to do about an error, as far as that is known.
func hint(err error) string {
	refused := new(api.Refusal)
	if !errors.As(err, &refused) {
		return ""
	}
	const (
		tooLarge    = 413
		unavailable = 503
	)
	switch {
	case refused.Denied() && strings.Contains(refused.Said, "enabled"):
		return "; turn code scanning on, which in a private repository is a part of GitHub Code Security, or leave upload out"
	case refused.Denied(), refused.Missing():
		return `; give the job "permissions: {contents: read, security-events: write}", also where Dependabot starts it, whose token may only read otherwise`
	case refused.Status == tooLarge:
		return "; the report is larger than GitHub takes, and the files of the run hold it"
	case refused.Status == unavailable:
		return "; GitHub can't take it now, so run the job again"
	}
	return ""
}

func (u upload) say(format string, args ...any) error {
	if _, err := fmt.Fprintf(u.out, "bbkeys: "+format+"\n", args...); err != nil {
		return fault.New(fault.OutputUnwritable, "writing what became of the upload: %w", err)
	}
	return nil
}
