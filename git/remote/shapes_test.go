package remote

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
)

// TestCompletePartial starts at clones that lack more than history, down to one that has nothing.
func TestCompletePartial(t *testing.T) {
	repo := bare(t, "sha1")
	s := newStory(21)
	s.dag(40)
	run(t, repo, s.String(), "fast-import", "--quiet")
	h := serve(t, repo)
	full, err := git.Open(repo, git.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = full.Close() }()
	for _, filter := range []string{"blob:none", "tree:0", "nothing"} {
		run(t, repo, "", "config", "uploadpack.allowFilter", "true")
		var dir string
		if filter == "nothing" {
			dir = bare(t, "sha1")
		} else {
			dir = clone(t, h, "c40", "--depth=1", "--no-checkout", "--filter="+filter)
		}
		for _, allow := range []string{"true", "false"} {
			run(t, repo, "", "config", "uploadpack.allowFilter", allow)
			local := open(t, dir, object.SHA1)
			r := h.connect(t, nil)
			c := Change{Local: local, Head: parse(t, run(t, repo, "", "rev-parse", "c40")), Base: parse(t, run(t, repo, "", "rev-parse", "c31"))}
			done, err := r.Complete(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, filter %s: %d commits, %+v", filter, allow, len(done.Commits), r.Stats())
			if len(done.Commits) < 3 {
				t.Fatal("the change is too small to tell")
			}
			check(t, h, full, dir, r, c, done)
		}
	}
}

// TestCompleteUnrelated has a base that has no commit in common with the head: all of the
// head's history is the change.
func TestCompleteUnrelated(t *testing.T) {
	repo := bare(t, "sha1", "uploadpack.allowFilter")
	s := newStory(22)
	a, b := s.commit("a", 1_700_000_000), s.commit("b", 1_700_000_000)
	for i := range 10 {
		a, b = s.commit("a", 1_700_000_001+i, a), s.commit("b", 1_700_000_001+i, b)
	}
	run(t, repo, s.String(), "fast-import", "--quiet")
	h := serve(t, repo)
	local := open(t, clone(t, h, "a", "--depth=2"), object.SHA1)
	r := h.connect(t, nil)
	done, err := r.Complete(t.Context(), Change{Local: local, Head: parse(t, run(t, repo, "", "rev-parse", "a")), Base: parse(t, run(t, repo, "", "rev-parse", "b"))})
	if err != nil || done.Missed != nil || len(done.Commits) != 11 || len(done.Boundary) != 0 {
		t.Fatal(err, done)
	}
}

// TestCompleteGenerous has a server that sends what it was told is here already.
func TestCompleteGenerous(t *testing.T) {
	h := small(t, "sha1")
	full, err := git.Open(h.repo, git.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = full.Close() }()
	h.before = func(_ http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		if at := bytes.Index(body, []byte("0032have ")); at >= 0 {
			body = slices.Delete(body, at, at+0x32)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return false
	}
	dir := bare(t, "sha1")
	c := h.change(t)
	r := h.connect(t, nil)
	done, err := r.Complete(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if !r.db.Has(parse(t, run(t, h.repo, "", "rev-parse", "main~5"))) {
		t.Fatal("the server was not generous")
	}
	if len(done.Commits) != 3 || len(done.Boundary) != 1 || done.Boundary[0] != c.Base {
		t.Fatalf("%+v", done)
	}
	r.filters = nothing // more blobs than are needed are expected
	check(t, h, full, dir, r, c, done)
}

// TestCompleteMergeRemoves has a merge that takes a directory from one parent, and so
// drops a file that only the other had; since it brings a file of its own, one may come
// from the other.
func TestCompleteMergeRemoves(t *testing.T) {
	repo := bare(t, "sha1", "uploadpack.allowFilter")
	s := newStory(1)
	commit := func(branch, rest string) {
		fmt.Fprintf(s, "commit refs/heads/%s\nmark :%d\ncommitter A <a@example.com> 1700000000 +0000\ndata 2\nc\n%s", branch, s.mark+1, rest)
		s.mark++
	}
	commit("main", "M 100644 inline d/a\ndata 1\na\n")
	commit("branch", "from :1\nM 100644 inline x\ndata 1\nx\n")
	commit("main", "from :1\nM 100644 inline d/dropped\ndata 7\ndropped\n")
	commit("branch", "from :2\nmerge :3\nM 100644 inline new\ndata 3\nnew\n")
	run(t, repo, s.String(), "fast-import", "--quiet")
	h := serve(t, repo)
	full, err := git.Open(repo, git.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = full.Close() }()
	dir := clone(t, h, "branch", "--depth=1")
	c := Change{Local: open(t, dir, object.SHA1), Head: parse(t, run(t, repo, "", "rev-parse", "branch")), Base: parse(t, run(t, repo, "", "rev-parse", "main"))}
	r := h.connect(t, nil)
	done, err := r.Complete(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	check(t, h, full, dir, r, c, done)
	if dropped := parse(t, run(t, repo, "", "rev-parse", "main:d/dropped")); !r.db.Has(dropped) {
		t.Fatal("the file that the merge dropped is missing")
	}
}

// TestCraftedTrees: a tree of the clone that calls a commit a file or a directory, or a
// file a directory, does not make us fetch a history.
func TestCraftedTrees(t *testing.T) {
	for _, filter := range []string{"true", "false"} {
		h, dir := small(t, "sha1"), bare(t, "sha1")
		run(t, h.repo, "", "config", "uploadpack.allowFilter", filter)
		rev := func(name string) object.Hash { return parse(t, run(t, h.repo, "", "rev-parse", name)) }
		blob := parse(t, run(t, h.repo, "x", "hash-object", "-w", "--stdin"))
		entry := func(mode, name string, h object.Hash) string { return mode + " " + name + "\x00" + string(h.Bytes()) }
		write := func(kind, text string) string {
			return run(t, dir, text, "hash-object", "-t", kind, "--literally", "-w", "--stdin")
		}
		tree := write("tree", entry("100644", "a", rev("main"))+entry("40000", "b", blob)+entry("40000", "c", rev("main~1"))+
			entry("100644", "d/../../e", blob)+entry("160000", "f", rev("main~2")))
		head := write("commit", fmt.Sprintf("tree %s\nparent %v\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n", tree, rev("main~4")))
		r := h.connect(t, nil)
		done, err := r.Complete(t.Context(), Change{Local: open(t, dir, object.SHA1), Head: parse(t, head), Base: rev("main~4")})
		if err != nil || done.Missed != nil || len(done.Commits) != 1 {
			t.Fatal(err, done)
		}
		if !r.db.Has(blob) {
			t.Error("the file was not fetched")
		}
		for _, name := range []string{"main~2", "main~3", "main~5"} {
			if r.db.Has(rev(name)) {
				t.Errorf("filter %s: %s was fetched", filter, name)
			}
		}
	}
}

// TestCompleteTooMuch: what is over the limit is an error for commits, and says what is
// missing for files.
func TestCompleteTooMuch(t *testing.T) {
	repo := bare(t, "sha1", "uploadpack.allowFilter")
	noise := make([]byte, 200_000)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(noise)
	commit := "commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 2\nc\n"
	text := fmt.Sprintf("%sM 100644 inline a\ndata 1\na\n%sM 100644 inline big\ndata %d\n%s\n", commit, commit, len(noise), noise)
	run(t, repo, text, "fast-import", "--quiet")
	h := serve(t, repo)
	c := Change{Local: open(t, bare(t, "sha1"), object.SHA1), Head: parse(t, run(t, repo, "", "rev-parse", "main")), Base: parse(t, run(t, repo, "", "rev-parse", "main~1"))}
	r := h.connect(t, func(s *Server) { s.Limits.Bytes = 20_000 })
	done, err := r.Complete(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	failedWith(t, done.Missed, ErrLimit, "", "1 of 1 files", "fetch-depth: 0")
	// One file alone comes whole, however large objects that deltas are made of may be.
	r = h.connect(t, func(s *Server) { s.Limits.Object = 1000 })
	if done, err = r.Complete(t.Context(), c); err != nil || done.Missed != nil {
		t.Fatal(err, done)
	}
	r = h.connect(t, func(s *Server) { s.Limits.Bytes = 500 })
	_, err = r.Complete(t.Context(), c)
	failedWith(t, err, ErrLimit, "", "500 bytes")
}

// longStory is a history of n commits over a tree of 1,000 files.
func longStory(n int) *story {
	s := newStory(11)
	r := s.r
	text := func(f, v int) string {
		return fmt.Sprintf("file %d version %d\n", f, v) + strings.Repeat(fmt.Sprintf("some line of file %d\n", f), 60) + fmt.Sprint(r.Uint64())
	}
	for i := range n {
		s.mark++
		fmt.Fprintf(s, "commit refs/heads/main\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 2\nc\n", s.mark, 1_700_000_000+i*60)
		files := []int{r.IntN(1000), r.IntN(1000), r.IntN(1000)}
		if i == 0 {
			files = files[:0]
			for f := range 1000 {
				files = append(files, f)
			}
		}
		for _, f := range files {
			c := text(f, i)
			fmt.Fprintf(s, "M 100644 inline src/pkg%d/sub%d/f%d\ndata %d\n%s\n", f%10, f/10%10, f, len(c), c)
		}
	}
	return s
}

// TestCompleteIsExact fetches a change of 20 commits near the end of a long history: what
// comes depends on the change, and not on the history.
func TestCompleteIsExact(t *testing.T) {
	repo := bare(t, "sha1", "uploadpack.allowFilter")
	run(t, repo, longStory(800).String(), "fast-import", "--quiet")
	packs, _ := filepath.Glob(repo + "/objects/pack/*.pack")
	h := serve(t, repo)
	dir := clone(t, h, "main", "--depth=1")
	c := Change{Local: open(t, dir, object.SHA1), Head: parse(t, run(t, repo, "", "rev-parse", "main")), Base: parse(t, run(t, repo, "", "rev-parse", "main~20"))}
	for _, filter := range []string{"true", "false"} {
		run(t, repo, "", "config", "uploadpack.allowFilter", filter)
		r := h.connect(t, nil)
		done, err := r.Complete(t.Context(), c)
		if err != nil || done.Missed != nil || len(done.Commits) != 20 || len(done.Boundary) != 1 {
			t.Fatal(err, done)
		}
		st := r.Stats()
		t.Logf("filter %s: %+v; the history has %d bytes", filter, st, size(t, packs[0]))
		// 21 commits, each with at most its root, src, three of pkg* and three of pkg*/sub*; and
		// three files in 21 versions.
		// Twice as many, since the pack is completed by what its deltas are of.
		most := 2 * 21 * (1 + 8 + 3)
		if st.Objects > most {
			t.Errorf("%d objects, want at most %d", st.Objects, most)
		}
		if st.Bytes*8 > size(t, packs[0]) {
			t.Errorf("%d bytes of a history of %d", st.Bytes, size(t, packs[0]))
		}
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
