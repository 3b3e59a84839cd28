package git

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestIndexAt: the index of a commit that is being made is read where git keeps it, and
// nowhere else.
func TestIndexAt(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "a")
	s.commit("one")
	s.write("b", "b")
	next := s.path(".git/next-index-1.lock")
	text, err := os.ReadFile(s.path(".git/index"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(next, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.git("add", "b")
	r := openRepo(t, s.dir, Options{})
	for path, has := range map[string]bool{next: false, s.path(".git/index"): true} {
		if x, err := r.IndexAt(path); err != nil || !x.Tracked().Has("a") || x.Tracked().Has("b") != has {
			t.Errorf("%s: %v", path, err)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "index")
	if err := os.WriteFile(elsewhere, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.IndexAt(elsewhere); !errors.Is(err, ErrOutside) {
		t.Errorf("an index of nobody: %v", err)
	}
	if _, err := r.IndexAt(filepath.Join(elsewhere, "no", "index")); err == nil {
		t.Error("an index that is not there is no error")
	}
}
