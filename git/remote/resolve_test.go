package remote

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

func TestResolve(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		h := small(t, format)
		run(t, h.repo, "", "tag", "-a", "-m", "x", "v1", "main~1")
		run(t, h.repo, "", "tag", "-a", "-m", "x", "nested", "v1")
		run(t, h.repo, "", "branch", "main-2", "main~2")
		run(t, h.repo, "", "branch", "both", "main~3")
		run(t, h.repo, "", "tag", "both", "main~4")
		r := h.connect(t, nil)
		for name, rev := range map[string]string{
			"HEAD": "main", "main": "main", "refs/heads/main": "main", "main-2": "main~2", "v1": "main~1",
			"refs/tags/v1": "main~1", "nested": "main~1", "both": "main~3", "refs/tags/both": "main~4",
		} {
			if got, err := r.Resolve(t.Context(), name); err != nil || got.String() != run(t, h.repo, "", "rev-parse", rev) {
				t.Errorf("%s: %v, %v, want %s", name, got, err, rev)
			}
		}
		for _, name := range []string{"mai", "refs/heads/mai", "refs/heads/", "nothing"} {
			_, err := r.Resolve(t.Context(), name)
			failedWith(t, err, ErrUnknown, "", name)
		}
		for _, name := range []string{"", "a\nb"} {
			if _, err := r.Resolve(t.Context(), name); err == nil {
				t.Errorf("%q is taken", name)
			}
		}
	}
}

func TestExpand(t *testing.T) {
	repo := bare(t, "sha1")
	s := newStory(6)
	at := s.commit("main", 1_700_000_000)
	for i := range 200 {
		at = s.commit("main", 1_700_000_001+i, at)
	}
	run(t, repo, s.String(), "fast-import", "--quiet")
	h := serve(t, repo)
	for _, filter := range []bool{true, false} {
		run(t, repo, "", "config", "uploadpack.allowFilter", fmt.Sprint(filter))
		for _, back := range []int{0, 1, 60, 150, 200} {
			want := run(t, repo, "", "rev-parse", fmt.Sprintf("main~%d", back))
			r := h.connect(t, nil)
			got, err := r.Expand(t.Context(), strings.ToUpper(want[:12]), "main")
			if !filter && back > shallowSearch { // the files would come, too
				failedWith(t, err, ErrUnknown, "", "look up")
				continue
			}
			if err != nil || got.String() != want {
				t.Errorf("main~%d: %v, %v", back, got, err)
			}
		}
		r := h.connect(t, nil)
		_, err := r.Expand(t.Context(), strings.Repeat("0", 12), "")
		failedWith(t, err, ErrUnknown, "", "look up")
	}
	r := h.connect(t, nil)
	full := run(t, repo, "", "rev-parse", "main~150")
	if got, err := r.Expand(t.Context(), full, "nowhere"); err != nil || got.String() != full {
		t.Errorf("a full name: %v, %v", got, err)
	}
	for _, digits := range []string{"", "abc", "main~1", "ggggggggg"} {
		if _, err := r.Expand(t.Context(), digits, ""); err == nil || errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", digits, err)
		}
	}
	_, err := r.Expand(t.Context(), strings.Repeat("0", 12), "nowhere")
	failedWith(t, err, ErrUnknown, "", "nowhere")
}

func TestOnly(t *testing.T) {
	a, b := parse(t, "abcdef0"+strings.Repeat("1", 33)), parse(t, "abcdef0"+strings.Repeat("2", 33))
	if _, err := only([]object.Hash{a, b}, "abcdef0"); err == nil || errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "in full") {
		t.Errorf("two fit: %v", err)
	}
	if got, err := only([]object.Hash{b, a, a}, "abcdef01"); err != nil || got != a {
		t.Errorf("one fits, listed twice: %v, %v", got, err)
	}
}
