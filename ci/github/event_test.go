package github_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/proc"
)

var (
	older = strings.Repeat("a1", 20)
	newer = strings.Repeat("b2", 20)
)

func job(t *testing.T, event, payload string, env ...string) (ci.Job, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(path, []byte(payload), 0o600); err != nil {
		t.Fatal(err)
	}
	return github.Provider{}.Job(proc.Process{Env: append([]string{
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" + event, "GITHUB_EVENT_PATH=" + path,
	}, env...)})
}

// TestUnreadableEvent: an event that brings commits and does not say which is a wrong
// input, whatever is wrong with it, and its text is nobody's to see.
func TestUnreadableEvent(t *testing.T) {
	const word = "wordofthepayload"
	for name, payload := range map[string]string{
		"empty": "", "garbled": `{"after": ` + word, "cut short": `{"ref": "` + word, "no object": `["` + word + `"]`, "null": "null", "no commits": "{}",
		"wrong type": `{"created": "` + word + `", "after": "` + newer + `"}`, "wrong type inside": `{"pull_request": {"base": {"sha": 7, "ref": "` + word + `"}}}`,
		"garbage": `{"after": "` + word + `", "pull_request": {"base": {"sha": "` + word + `"}, "head": {"sha": "x"}}, "merge_group": {"base_sha": "x"}, "workflow_run": {"head_sha": "-x"}}`,
		"two":     `{} ` + word,
	} {
		for _, event := range []string{"push", "create", "pull_request", "pull_request_target", "pull_request_review", "merge_group", "workflow_run"} {
			j, err := job(t, event, payload)
			if exit.Of(err) != exit.Usage || exit.Hint(err) == "" {
				t.Errorf("%s, %s: %+v, %v", event, name, j, err)
				continue
			}
			if strings.Contains(err.Error(), word) {
				t.Errorf("%s, %s: the error quotes the payload: %v", event, name, err)
			}
			if j.Change.Named() {
				t.Errorf("%s, %s: an error and a change: %+v", event, name, j.Change)
			}
		}
		if j, err := job(t, "schedule", payload); err != nil || j.Change.Named() {
			t.Errorf("schedule, %s: %+v, %v", name, j, err)
		}
	}
}

func TestMissingEvent(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.json")
	if err := os.WriteFile(big, []byte(`{"after": "`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 65<<20); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"unset": "", "absent": filepath.Join(dir, "none"), "directory": dir, "big": big} {
		_, err := github.Provider{}.Job(proc.Process{Env: []string{"GITHUB_EVENT_NAME=push", "GITHUB_SHA=" + newer, "GITHUB_EVENT_PATH=" + path}})
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "push") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBareEvent has payloads as other runners make them, with less in them than GitHub's.
func TestBareEvent(t *testing.T) {
	sha := "GITHUB_SHA=" + newer
	for name, c := range map[string]struct {
		event, payload string
		env            []string
		want           string // what the change is, by its shape
	}{
		"push of nothing":         {"push", "{}", []string{sha, "GITHUB_REF=refs/heads/topic"}, "upstream"},
		"push to main of nothing": {"push", "{}", []string{sha, "GITHUB_REF=refs/heads/main"}, "checkout"},
		"tag of nothing":          {"push", "{}", []string{sha, "GITHUB_REF=refs/tags/v1"}, "upstream"},
		"deleted by zeros":        {"push", `{"ref": "refs/heads/x", "before": "` + older + `", "after": "` + strings.Repeat("0", 40) + `"}`, []string{sha}, "nothing"},
		"request without a sha":   {"pull_request", `{"pull_request": {"base": {"sha": "` + older + `"}, "head": {"sha": "` + newer + `"}}}`, nil, "ends"},
	} {
		j, err := job(t, c.event, c.payload, c.env...)
		got := "checkout"
		switch {
		case err != nil:
			got = err.Error()
		case j.Change.Nothing != "":
			got = "nothing"
		case len(j.Change.Ends) > 0:
			got = "ends"
		case len(j.Change.Upstream) > 0:
			got = "upstream"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s: %+v", name, got, c.want, j.Change)
		}
	}
}

func TestInputs(t *testing.T) {
	p := proc.Process{Env: []string{
		"INPUT_FAIL-ON= error ", "INPUT_MODE=", "BBKEYS_FAIL_ON=never", "BBKEYS_MODE=range", "BBKEYS_SARIF=x",
		"INPUT_FAIL_ON=x", "INPUT_BSE=main", "INPUT_EMPTY=", "INPUT_ARGS=scan", "INPUT_ENTRYPOINT=/bbkeys",
	}}
	host := github.Provider{}
	for name, want := range map[string]string{"fail-on": "error", "mode": "range", "base": ""} {
		if got := host.Input(p, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	got := strings.Join(host.Unknown(p, []string{"fail-on", "mode", "base"}), " ")
	if got != "INPUT_FAIL_ON INPUT_BSE BBKEYS_SARIF" {
		t.Errorf("unknown are %s", got)
	}
}
