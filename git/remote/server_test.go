package remote

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

// run runs git in a directory.
func run(t testing.TB, dir, stdin string, args ...string) string {
	t.Helper()
	return strings.TrimSpace(realgit.Run(t, dir, stdin, args...))
}

// host is git's own server on loopback, with a repository.
type host struct {
	*httptest.Server
	repo     string // a bare repository
	requests atomic.Int64
	// before, if not nil, may answer a request itself.
	before func(w http.ResponseWriter, r *http.Request) bool
}

// serve serves the repository in the directory repo as /r.git.
func serve(t testing.TB, repo string) *host {
	t.Helper()
	backend := realgit.Server(t, repo, "/r.git")
	h := &host{repo: repo}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.requests.Add(1)
		if h.before != nil && h.before(w, r) {
			return
		}
		backend.ServeHTTP(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) url() string { return h.URL + "/r.git" }

// connect connects to the host, to fetch to a fresh directory.
func (h *host) connect(t testing.TB, change func(*Server)) *Remote {
	t.Helper()
	s := Server{URL: h.url()}
	if change != nil {
		change(&s)
	}
	r, err := Connect(t.Context(), s, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// bare makes an empty repository.
func bare(t testing.TB, format string, allow ...string) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "", "init", "-q", "--bare", "--object-format="+format, "-b", "main", ".")
	for _, key := range allow {
		run(t, dir, "", "config", key, "true")
	}
	return dir
}

// A story is a random history that git fast-import is fed with.
type story struct {
	strings.Builder
	r     *rand.Rand
	mark  int
	files [][]string // the files of each commit by mark: path=text
}

func newStory(seed uint64) *story {
	return &story{r: rand.New(rand.NewPCG(seed, 7)), files: [][]string{nil}}
}

// commit writes a commit that changes some files over its first parent's.
func (s *story) commit(branch string, when int, parents ...int) int {
	s.mark++
	fmt.Fprintf(s, "commit refs/heads/%s\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 2\nc\n", branch, s.mark, when)
	var files []string
	for i, p := range parents {
		verb := "merge"
		if i == 0 {
			verb, files = "from", append(files, s.files[p]...)
		}
		fmt.Fprintf(s, "%s :%d\n", verb, p)
	}
	for range s.r.IntN(4) + 1 {
		switch {
		case len(files) > 20 && s.r.IntN(3) == 0: // remove
			i := s.r.IntN(len(files))
			fmt.Fprintf(s, "D %s\n", files[i])
			files = append(files[:i:i], files[i+1:]...)
		case len(files) > 5 && s.r.IntN(3) == 0: // rename
			i := s.r.IntN(len(files))
			to := s.path()
			fmt.Fprintf(s, "R %s %s\n", files[i], to)
			files = without(append(files[:i:i], files[i+1:]...), to)
			files = append(files, to)
		case len(files) > 5 && s.r.IntN(2) == 0: // modify
			s.modify(files[s.r.IntN(len(files))])
		default:
			path := s.path()
			s.modify(path)
			files = append(without(files, path), path)
		}
	}
	// Merges in fast-import take the first parent's tree; bring in some of the others'.
	if len(parents) > 1 {
		for _, p := range parents[1:] {
			for _, f := range s.files[p] {
				if s.r.IntN(2) == 0 {
					s.modify(f)
					files = append(without(files, f), f)
				}
			}
		}
	}
	s.files = append(s.files, files)
	return s.mark
}

func without(files []string, path string) []string {
	var kept []string
	for _, f := range files {
		if f != path {
			kept = append(kept, f)
		}
	}
	return kept
}

func (s *story) path() string {
	return fmt.Sprintf("d%d/e%d/f%d", s.r.IntN(4), s.r.IntN(4), s.r.IntN(6))
}

func (s *story) modify(path string) {
	text := fmt.Sprintf("%s\n%d\n%s", path, s.r.IntN(6), strings.Repeat("filler\n", s.r.IntN(50)))
	fmt.Fprintf(s, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
}

// dag writes a history of n commits with branches, merges and octopuses, and returns
// how many there are.
func (s *story) dag(n int) {
	for i := 1; i <= n; i++ {
		var parents []int
		if i > 1 && s.r.IntN(40) > 0 {
			for range 1 + max(0, s.r.IntN(8)-5) {
				p := max(1, i-1-s.r.IntN(6))
				if !contains(parents, p) {
					parents = append(parents, p)
				}
			}
		}
		skew := 0
		if s.r.IntN(10) == 0 {
			skew = s.r.IntN(20_000) - 10_000
		}
		// Each commit has a branch of its own, so that none is lost.
		s.commit(fmt.Sprintf("c%d", i), 1_700_000_000+i*60+skew, parents...)
	}
}

func contains(list []int, n int) bool {
	for _, i := range list {
		if i == n {
			return true
		}
	}
	return false
}

// digest sums up everything in a directory.
func digest(t testing.TB, dir string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %v %v\n", path, info.Mode(), info.ModTime())
		if d.Type().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			_, _ = sum.Write(text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// open opens the objects of a repository, bare or not.
func open(t testing.TB, dir string, f object.Format) *odb.DB {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
		dir = filepath.Join(dir, ".git")
	}
	db, err := odb.Open(filepath.Join(dir, "objects"), odb.Options{Format: f})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// parse reads an object name.
func parse(t testing.TB, digits string) object.Hash {
	t.Helper()
	h, err := object.ParseHash(digits)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
