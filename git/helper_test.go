package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

// A sandbox is a repository made by git itself, which the results are compared with.
type sandbox struct {
	t   *testing.T
	dir string
}

func newSandbox(t *testing.T, initArgs ...string) *sandbox {
	t.Helper()
	s := &sandbox{t, t.TempDir()}
	s.git(append([]string{"init", "-q", "-b", "main"}, initArgs...)...)
	return s
}

// try runs git and returns its trimmed standard output.
func (s *sandbox) try(stdin string, args ...string) (string, error) {
	s.t.Helper()
	out, err := realgit.Try(s.dir, stdin, nil, args...)
	return strings.TrimRight(out, "\n"), err
}

func (s *sandbox) git(args ...string) string { s.t.Helper(); return s.feed("", args...) }

func (s *sandbox) feed(stdin string, args ...string) string {
	s.t.Helper()
	out, err := s.try(stdin, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *sandbox) path(name string) string { return filepath.Join(s.dir, name) }

func (s *sandbox) write(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// commit commits all of the working tree and returns the commit.
func (s *sandbox) commit(message string) object.Hash {
	s.t.Helper()
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", message)
	return s.hash("HEAD")
}

func (s *sandbox) hash(rev string) object.Hash {
	s.t.Helper()
	return hash(s.t, s.git("rev-parse", rev))
}

// open opens the repository with what is under test.
func (s *sandbox) open() *Repo { s.t.Helper(); return openRepo(s.t, s.dir, Options{}) }

func openRepo(t *testing.T, dir string, o Options) *Repo {
	t.Helper()
	r, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func hash(t *testing.T, digits string) object.Hash {
	t.Helper()
	h, err := object.ParseHash(digits)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func hashes(t *testing.T, lines string) []object.Hash {
	t.Helper()
	var all []object.Hash
	for digits := range strings.FieldsSeq(lines) {
		all = append(all, hash(t, digits))
	}
	return all
}

// trace is Log and Trace in one, with the gaps of both.
func trace(t *testing.T, r *Repo, blobs, also []object.Hash) (map[object.Hash]*Origin, []error, error) {
	t.Helper()
	l, err := r.Log(t.Context(), 2, also, func(*object.Commit) {})
	if err != nil {
		return nil, nil, err
	}
	found, gaps, err := l.Trace(t.Context(), 2, blobs)
	return found, append(l.Gaps(), gaps...), err
}
