package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
)

// manySettings are other ones before the change, of the change and of its target since,
// and those of the change let everything pass.
func manySettings() map[string]string {
	return map[string]string{"before": "archive-depth: 1\n", "topic": "fail-on: never\n", "main": "archive-depth: 2\n"}
}

// TestSettingsOfChanges holds the program to the settings that count, on every CI: not those
// of the change, which would pass it.
func TestSettingsOfChanges(t *testing.T) {
	w := newSettledWorld(t, manySettings())
	commits := map[string]string{w.before: "before", w.older: "older", w.main: "main", w.topic: "topic", w.merge: "merge", ".bbkeys.yml": "disk", "": "none"}
	// In a whole clone, and in one of depth 1 where nothing can be fetched; where something
	// can, they are those of the whole clone.
	want := map[string]string{
		"github push": "before none", "github push of one commit": "older none", "github push of a new branch": "main none", "github forced push": "main none",
		"github pull request": "main none", "github pull_request_target": "main main", "github merge group": "main none",
		"gitlab merge request": "before none", "gitlab push": "before none", "bitbucket pull request": "main none", "travis": "before none",
		"jenkins pull request": "main none", "azure pull request": "main none", "buildkite pull request": "main none", "drone push": "before none",
		"bitbucket branch": "main disk", "woodpecker push": "main disk", // the CI names no commit before
		"anywhere, with a base": "disk disk", // somebody's own machine
	}
	for _, j := range w.jobs() {
		t.Run(j.name, func(t *testing.T) {
			t.Parallel()
			w := *w
			w.t = t
			whole, bare, ok := strings.Cut(want[j.name], " ")
			if !ok {
				t.Fatal("the table does not have it")
			}
			try := func(depth int, origin map[string]string, want string) {
				t.Helper()
				env := j.env(w.clone(j.ref, j.commit, depth))
				maps.Copy(env, origin)
				got := w.scan(env)
				if name := commits[got.settings]; name != want {
					t.Errorf("depth %d: they are those of %s, want %s", depth, name, want)
				}
				if passed := got.status != exit.Found; passed != (want == "disk") && got.mode != "none" {
					t.Errorf("depth %d: status %d under the settings of %s", depth, got.status, want)
				}
				if (want == "none") != strings.Contains(got.note, "so there is none") {
					t.Errorf("depth %d: it says %q", depth, got.note)
				}
			}
			try(0, nil, whole)
			try(1, nil, bare)
			if j.origin != nil {
				try(1, j.origin, whole)
			}
		})
	}
}

// TestSettingsThatFail: whenever the server fails in the middle of it, the settings of the
// change are not taken for those that count, and the run is no wrong usage.
func TestSettingsThatFail(t *testing.T) {
	w := newSettledWorld(t, manySettings())
	backend, outcomes := w.backend(), map[string]int{}
	for fails := range 6 {
		requests := 0
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if requests++; requests > fails {
				http.Error(rw, "no", http.StatusForbidden)
				return
			}
			backend.ServeHTTP(rw, r)
		}))
		w.server = server.URL
		j := w.job("github pull request")
		env := j.env(w.clone(j.ref, j.commit, 1))
		maps.Copy(env, j.origin)
		got := w.scan(env)
		if got.status != exit.Found || got.settings != "" && got.settings != w.main {
			t.Errorf("%d requests: status %d under the settings of %q", fails, got.status, got.settings)
		}
		outcomes[fmt.Sprint(got.settings == "")]++
		server.Close()
	}
	if len(outcomes) != 2 {
		t.Errorf("the settings are had always or never: %v", outcomes)
	}
}
