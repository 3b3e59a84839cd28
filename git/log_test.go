package git

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// TestLogGaps wants what is wrong with a ref told from what is wrong with an object, by the log and by the tags alike.
func TestLogGaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(s *sandbox, middle object.Hash)
		bad    bool // the ref is
		tagged bool // the tags tell it too
	}{
		"no hash":       {func(s *sandbox, _ object.Hash) { s.write(".git/refs/heads/x", "nothing\n") }, true, true},
		"circle":        {func(s *sandbox, _ object.Hash) { s.write(".git/refs/heads/x", "ref: refs/heads/x\n") }, true, true},
		"packed":        {func(s *sandbox, _ object.Hash) { s.write(".git/packed-refs", "nothing refs/heads/x\n") }, true, true},
		"leads nowhere": {func(s *sandbox, _ object.Hash) { s.write(".git/refs/heads/x", strings.Repeat("12", 20)+"\n") }, true, true},
		"tag of nothing": {func(s *sandbox, _ object.Hash) {
			tag := s.feed("object "+strings.Repeat("12", 20)+"\ntype commit\ntag x\ntagger A <a@example.com> 1 +0000\n\nx\n", "hash-object", "-t", "tag", "-w", "--stdin", "--literally")
			s.write(".git/refs/tags/x", tag+"\n")
		}, true, true},
		"no tag": {func(s *sandbox, _ object.Hash) {
			s.write(".git/refs/tags/x", s.feed("nothing", "hash-object", "-t", "tag", "-w", "--stdin", "--literally")+"\n")
		}, true, true},
		"damaged end":    {func(s *sandbox, _ object.Hash) { s.spoil(s.hash("HEAD")) }, false, true},
		"damaged commit": {func(s *sandbox, middle object.Hash) { s.spoil(middle) }, false, false},
		"missing commit": {func(s *sandbox, middle object.Hash) { s.lose(middle) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSandbox(t)
			s.commit("one")
			middle := s.commit("two")
			s.commit("three")
			c.spoil(s, middle)
			r := s.open()
			l, err := r.Log(t.Context(), 1, nil, func(*object.Commit) {})
			if err != nil || len(l.Gaps()) == 0 {
				t.Fatalf("%v, gaps %v", err, l.Gaps())
			}
			told := map[string]bool{}
			for _, err := range l.Gaps() {
				if errors.Is(err, ErrBadRef) != c.bad {
					t.Errorf("the log tells %v", err)
				}
				told[err.Error()] = true
			}
			tags := 0
			for _, err := range r.Tags(t.Context(), "", nil) {
				if err == nil {
					continue
				}
				if tags++; errors.Is(err, ErrBadRef) != c.bad || !told[err.Error()] {
					t.Errorf("the tags tell %v", err)
				}
			}
			if (tags > 0) != c.tagged {
				t.Errorf("the tags tell %d things", tags)
			}
		})
	}
}

// loose is the file of a loose object.
func (s *sandbox) loose(h object.Hash) string {
	return s.path(".git/objects/" + h.String()[:2] + "/" + h.String()[2:])
}

// lose removes a loose object.
func (s *sandbox) lose(h object.Hash) {
	s.t.Helper()
	if err := os.Remove(s.loose(h)); err != nil {
		s.t.Fatal(err)
	}
}

// spoil puts something else in the place of a loose object.
func (s *sandbox) spoil(h object.Hash) {
	s.t.Helper()
	s.lose(h)
	if err := os.WriteFile(s.loose(h), []byte("nothing"), 0o644); err != nil {
		s.t.Fatal(err)
	}
}
