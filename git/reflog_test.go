package git

import (
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

func TestReflog(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	one := s.commit("one")
	s.write("a", "lost")
	lost := s.commit("two")
	blob := hash(t, s.git("rev-parse", "HEAD:a"))
	s.git("reset", "-q", "--hard", one.String())
	s.git("worktree", "add", "-q", "--detach", "w")
	s.git("-C", "w", "commit", "-q", "--allow-empty", "-m", "elsewhere")
	elsewhere := hash(t, s.git("-C", "w", "rev-parse", "HEAD"))
	s.git("-C", "w", "checkout", "-q", one.String())
	r := s.open()
	commits, gaps := r.Reflog()
	want := []object.Hash{one, lost, elsewhere}
	slices.SortFunc(want, object.Hash.Compare)
	if !slices.Equal(commits, want) || len(gaps) > 0 {
		t.Errorf("%v, gaps %v; want %v", commits, gaps, want)
	}
	if found, _, err := trace(t, r, []object.Hash{blob}, nil); err != nil || len(found) != 0 {
		t.Errorf("by the refs alone: %v, %v", found, err)
	}
	if found, _, err := trace(t, r, []object.Hash{blob}, commits); err != nil || found[blob] == nil || found[blob].Commits[0] != lost {
		t.Errorf("by the reflog: %v, %v", found, err)
	}
	s.write(".git/logs/HEAD", "garbage\n")
	if _, gaps := s.open().Reflog(); len(gaps) != 1 {
		t.Errorf("garbage: gaps %v", gaps)
	}
}
