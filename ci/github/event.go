package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
)

// An event is what the scanner reads of an event's payload. Lists of commits are not
// part of it: GitHub cuts them short (at 2,048 in a push, 2026-11).
type event struct {
	Ref     string `json:"ref"`
	RefType string `json:"ref_type"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Created bool   `json:"created"`
	Deleted bool   `json:"deleted"`

	PullRequest *pullRequest `json:"pull_request"`
	MergeGroup  struct {
		Base string `json:"base_sha"`
		Head string `json:"head_sha"`
	} `json:"merge_group"`
	WorkflowRun struct {
		Event        string        `json:"event"`
		Head         string        `json:"head_sha"`
		Branch       string        `json:"head_branch"`
		PullRequests []pullRequest `json:"pull_requests"`
		Repository   repository    `json:"head_repository"`
	} `json:"workflow_run"`
	Repository repository `json:"repository"`
}

type repository struct {
	Name  string `json:"full_name"`
	Trunk string `json:"default_branch"`
}

type pullRequest struct {
	Base tip `json:"base"`
	Head tip `json:"head"`
}

type tip struct {
	SHA  string     `json:"sha"`
	Ref  string     `json:"ref"`
	Repo repository `json:"repo"` // empty where it was deleted
}

// readChange names what the workflow was started for.
func readChange(p proc.Process) (ci.Change, error) {
	name := p.Getenv("GITHUB_EVENT_NAME")
	read, ok := changes()[name]
	if !ok {
		return ci.Unchanged(name), nil // nothing was changed, such as by a schedule
	}
	run := run{name: name, sha: ci.Commit(p.Getenv("GITHUB_SHA")), ref: p.Getenv("GITHUB_REF")}
	var err error
	if run.event, err = readEvent(p.Getenv("GITHUB_EVENT_PATH")); err == nil {
		var c ci.Change
		if c, err = read(run); err == nil {
			return c, nil
		}
	}
	return ci.Change{Event: name}, exit.Usagef(fault.BadEvent,
		"hand the container the file that GITHUB_EVENT_PATH names, as GitHub does for an action; without GITHUB_EVENT_NAME the checkout is scanned",
		"reading what the %s event changed: %w", name, err)
}

// maxEvent is more than the 25 MB that GitHub lets a payload have (webhook events and
// payloads, 2026-11).
const maxEvent = 64 << 20

func readEvent(path string) (event, error) {
	var e event
	if path == "" {
		return e, errors.New("GITHUB_EVENT_PATH is not set")
	}
	f, err := os.Open(path)
	if err != nil {
		return e, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	switch {
	case err != nil:
		return e, err
	case !info.Mode().IsRegular():
		return e, fmt.Errorf("%q is no file", path)
	case info.Size() > maxEvent:
		return e, fmt.Errorf("%q has more than %d bytes", path, maxEvent)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxEvent))
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("%q is no event: %w", path, jsonError(err))
	}
	return e, nil
}

// jsonError is err without the text that it quotes: an error is shown, and a payload is
// anybody's.
func jsonError(err error) error {
	if e := new(json.SyntaxError); errors.As(err, &e) {
		return fmt.Errorf("it is no JSON at byte %d", e.Offset)
	}
	if e := new(json.UnmarshalTypeError); errors.As(err, &e) {
		return fmt.Errorf("its %q is no %s", ci.Or(e.Field, "value"), e.Type.Kind())
	}
	return err
}

// A run is an event and the commit that GitHub starts the workflow at.
type run struct {
	event
	name, sha, ref string
}

// changes are the events that bring commits, and how each names them (events that trigger
// workflows, 2026-11). A workflow that is called has the event of its caller.
func changes() map[string]func(run) (ci.Change, error) {
	return map[string]func(run) (ci.Change, error){
		"push":                        push,
		"create":                      create,
		"delete":                      deleted,
		"pull_request":                pullRequested,
		"pull_request_review":         pullRequested,
		"pull_request_review_comment": pullRequested,
		"pull_request_target":         pullRequestTarget,
		"merge_group":                 mergeGroup,
		"workflow_run":                workflowRun,
	}
}

var errNoCommit = errors.New("it names no commit")

func push(r run) (ci.Change, error) {
	trunk := r.Repository.Trunk
	ref, before, after := ci.Or(r.Ref, r.ref), r.Before, ci.Or(ci.Commit(r.After), r.sha)
	switch {
	case r.Deleted || r.After != "" && strings.Trim(r.After, "0") == "":
		return deleted(r)
	case strings.HasPrefix(ref, "refs/tags/"):
		// What was pushed may be the tag itself and not a commit.
		return ci.Tag(r.name, trunk, ci.Or(r.sha, after)), nil
	case after == "":
		return ci.Change{}, errNoCommit
	case r.Created:
		before = ""
	}
	return ci.Push(r.name, ref, trunk, before, after), nil
}

func create(r run) (ci.Change, error) {
	switch {
	case r.sha == "":
		return ci.Change{}, errNoCommit
	case r.RefType == "tag":
		return ci.Tag(r.name, r.Repository.Trunk, r.sha), nil
	}
	return ci.Push(r.name, r.Ref, r.Repository.Trunk, "", r.sha), nil
}

func deleted(r run) (ci.Change, error) {
	return ci.Change{Event: r.name, Nothing: "a branch or tag was deleted, which brings no commit"}, nil
}

// ends returns the ends that the payload has for a pull request. The base is the tip of
// the target branch and not the merge base, which makes no difference to what the head
// reaches and the base does not.
func (r run) ends() (base, head string, err error) {
	if r.PullRequest == nil {
		return "", "", errors.New("it has no pull_request")
	}
	base, head = ci.Commit(r.PullRequest.Base.SHA), ci.Commit(r.PullRequest.Head.SHA)
	if base == "" || head == "" {
		return "", "", errNoCommit
	}
	return base, head, nil
}

func pullRequested(r run) (ci.Change, error) {
	base, head, err := r.ends()
	if err != nil {
		return ci.Change{}, err
	}
	tested, own := ci.Ends{Base: base, Head: r.sha}, ci.Ends{Base: base, Head: head}
	if strings.HasPrefix(r.ref, "refs/pull/") {
		// GitHub tests a merge that it makes: its first parent is the target branch as it
		// is now, and the merge is part of the change. A checkout of the pull request's
		// own head has no such merge.
		return ci.Request(r.name, "", head, ci.Merged(r.sha, head), tested, own), nil
	}
	// After a pull request was merged the workflow runs on the target branch, which has
	// its commits under their names or, if it was squashed or rebased, under others.
	return ci.Request(r.name, "", head, own, tested), nil
}

// pullRequestTarget is about a pull request, and runs on the branch that it goes to.
func pullRequestTarget(r run) (ci.Change, error) {
	base, head, err := r.ends()
	if err != nil {
		return ci.Change{}, err
	}
	return ci.Change{Event: r.name, Ends: []ci.Ends{{Base: base, Head: head}}, Elsewhere: true, Proposed: true}, nil
}

func mergeGroup(r run) (ci.Change, error) {
	base, head := ci.Commit(r.MergeGroup.Base), ci.Or(ci.Commit(r.MergeGroup.Head), r.sha)
	if base == "" || head == "" {
		return ci.Change{}, errNoCommit
	}
	return ci.Change{Event: r.name, Ends: []ci.Ends{{Base: base, Head: head}}, Proposed: true}, nil
}

// workflowRun is about the commit that another workflow ran for, and runs on the default
// branch.
func workflowRun(r run) (ci.Change, error) {
	w, trunk := r.WorkflowRun, r.Repository.Trunk
	head := ci.Commit(w.Head)
	if head == "" {
		return ci.Change{}, errNoCommit
	}
	// GitHub lists the pull requests of the repository's own branches, and lists them as
	// they are now: one that went on since has another head.
	for _, pr := range w.PullRequests {
		if base := ci.Commit(pr.Base.SHA); base != "" && pr.Head.SHA == head {
			return ci.Change{Event: r.name, Ends: []ci.Ends{{Base: base, Head: head}}, Elsewhere: head != r.sha, Proposed: true}, nil
		}
	}
	c := ci.Change{Event: r.name, Head: head, Elsewhere: head != r.sha, Proposed: true}
	switch own := w.Branch == trunk && w.Repository.Name == r.Repository.Name; {
	case own && !c.Elsewhere:
		return ci.Change{Event: r.name}, nil // the default branch as it is checked out
	case own:
		return c, nil // it would have nothing over itself
	}
	// What was merged meanwhile is in the checkout.
	c.Upstream, c.OrCheckout = ci.Upstream(trunk), true
	return c, nil
}
