package github_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/proc"
)

var revision = regexp.MustCompile(`^([0-9a-f]{7,64}(\^1)?|HEAD|refs/remotes/origin/[^\x00-\x20~^:?*\[\\\x7f]+)$`)

// FuzzEvent reads payloads that nobody makes. Each is a wrong input, or a change in
// revisions that are whole names.
func FuzzEvent(f *testing.F) {
	for _, event := range []string{"push", "create", "pull_request", "pull_request_target", "merge_group", "workflow_run"} {
		f.Add(event, "refs/heads/main", newer, `{"ref": "refs/heads/x", "before": "`+older+`", "after": "`+newer+`", "repository": {"default_branch": "main"}}`)
		f.Add(event, "refs/pull/1/merge", newer, `{"pull_request": {"base": {"sha": "`+older+`"}, "head": {"sha": "`+newer+`"}}, "repository": {}}`)
		f.Add(event, "", "", `{"merge_group": {"base_sha": "`+older+`", "head_sha": "`+newer+`"}, "ref_type": "tag"}`)
		f.Add(event, "", older, `{"workflow_run": {"head_sha": "`+newer+`", "head_branch": "x", "pull_requests": [{"base": {"sha": "`+older+`"}, "head": {"sha": "`+newer+`"}}]}}`)
	}
	path := filepath.Join(f.TempDir(), "event.json")
	f.Fuzz(func(t *testing.T, event, ref, sha, payload string) {
		if err := os.WriteFile(path, []byte(payload), 0o600); err != nil {
			t.Fatal(err)
		}
		job, err := github.Provider{}.Job(proc.Process{Env: []string{
			"GITHUB_EVENT_NAME=" + event, "GITHUB_REF=" + ref, "GITHUB_SHA=" + sha, "GITHUB_EVENT_PATH=" + path,
		}})
		if err != nil {
			if exit.Of(err) != exit.Usage || job.Change.Named() {
				t.Errorf("%+v, %v", job, err)
			}
			return
		}
		revs := append([]string{}, job.Change.Upstream...)
		for _, e := range job.Change.Ends {
			revs = append(revs, e.Base, e.Head)
		}
		if job.Change.Head != "" {
			revs = append(revs, job.Change.Head)
		}
		for _, r := range revs {
			if !revision.MatchString(r) {
				t.Errorf("revision %q", r)
			}
		}
	})
}
