package remote

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
)

// clone makes a shallow clone of one branch, as actions/checkout does.
func clone(t testing.TB, h *host, branch string, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "clone")
	run(t, h.repo, "", append(append([]string{"clone", "-q", "--no-tags", "--single-branch", "-b", branch}, args...), "file://"+h.repo, dir)...)
	return dir
}

// check compares a change, completed for the clone in dir, with what git and the server's own
// repository say of it.
func check(t *testing.T, h *host, full *git.Repo, dir string, r *Remote, c Change, done *Completed) {
	t.Helper()
	if done.Missed != nil {
		t.Fatal(done.Missed)
	}
	want := strings.Fields(run(t, h.repo, "", "rev-list", c.Head.String(), "^"+c.Base.String()))
	at := map[object.Hash]int{}
	for i, h := range done.Commits {
		at[h] = i
	}
	if got := names(done.Commits); !slices.Equal(got, sorted(want)) {
		t.Fatalf("commits %v, want %v", got, want)
	}
	whole, err := git.Open(dir, git.Options{Also: []string{r.dir}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = whole.Close() }()
	span, err := whole.Range(t.Context(), []object.Hash{c.Head}, done.Boundary)
	if err != nil || len(span.Cuts) > 0 {
		t.Fatal(err, span)
	}
	if got := names(span.Commits); !slices.Equal(got, sorted(want)) {
		t.Fatalf("a walk to the boundary finds %v, want %v", got, want)
	}
	needed := map[object.Hash]bool{}
	for i, h := range done.Commits {
		commit, err := whole.Commit(h)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range commit.Parents {
			j, in := at[p]
			if in && j <= i {
				t.Fatalf("commit %v comes before its child", p)
			}
			if in == slices.Contains(done.Boundary, p) {
				t.Fatalf("parent %v is in the change or at its boundary, not both", p)
			}
		}
		if got, want := changes(t, whole, commit), changes(t, full, commit); !slices.EqualFunc(got, want, same) {
			t.Fatalf("changes of %v: %v, want %v", h, got, want)
		}
		for _, change := range changes(t, full, commit) {
			for _, blob := range append(change.Old, change.Hash) {
				if blob.IsZero() {
					continue
				}
				needed[blob] = true
				if _, _, err := whole.Objects().Read(blob); err != nil {
					t.Fatalf("%s in %v: %v", change.Path, h, err)
				}
			}
		}
	}
	if r.filters == nothing {
		return
	}
	for _, blob := range stored(t, r) {
		if !needed[blob] {
			t.Fatalf("blob %v was fetched and nobody needs it", blob)
		}
	}
}

// changes lists the changes of a commit.
func changes(t *testing.T, r *git.Repo, c *object.Commit) (list []git.Change) {
	t.Helper()
	for change, err := range r.Changes(t.Context(), c) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, change)
	}
	return list
}

func same(a, b git.Change) bool { return a.File == b.File && slices.Equal(a.Old, b.Old) }

// names are the names of objects in order.
func names(list []object.Hash) []string {
	out := make([]string, 0, len(list))
	for _, h := range list {
		out = append(out, h.String())
	}
	return sorted(out)
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// stored lists the blobs that were fetched.
func stored(t *testing.T, r *Remote) (blobs []object.Hash) {
	t.Helper()
	files, err := filepath.Glob(r.dir + "/pack/*.idx")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for line := range strings.Lines(run(t, r.dir, "", "verify-pack", "-v", "--object-format="+r.Format().String(), f)) {
			if fields := strings.Fields(line); len(fields) > 4 && fields[1] == "blob" {
				blobs = append(blobs, parse(t, fields[0]))
			}
		}
	}
	return blobs
}

// TestComplete asks for changes between any two commits of random histories, from
// clones of several depths and servers of several abilities.
func TestComplete(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		for _, allow := range [][]string{{"uploadpack.allowFilter"}, {}, {"uploadpack.allowAnySHA1InWant", "uploadpackfilter.tree.allow"}} {
			t.Run(fmt.Sprint(format, allow), func(t *testing.T) {
				t.Parallel()
				seed := uint64(len(format) + len(allow))
				repo := bare(t, format, allow...)
				if len(allow) == 2 { // a server with one filter only
					run(t, repo, "", "config", "uploadpack.allowFilter", "true")
					run(t, repo, "", "config", "uploadpackfilter.tree.allow", "false")
				}
				s := newStory(seed)
				s.dag(60)
				run(t, repo, s.String(), "fast-import", "--quiet")
				h := serve(t, repo)
				full, err := git.Open(repo, git.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = full.Close() }()
				pick := rand.New(rand.NewPCG(seed, 9))
				for _, depth := range []int{1, 20} {
					for range 2 {
						head, base := 1+pick.IntN(60), 1+pick.IntN(60)
						dir := clone(t, h, fmt.Sprintf("c%d", head), fmt.Sprintf("--depth=%d", depth))
						before := digest(t, dir)
						local := open(t, dir, full.Format())
						r := h.connect(t, nil)
						c := Change{Local: local, Head: parse(t, run(t, dir, "", "rev-parse", "HEAD")), Base: parse(t, run(t, repo, "", "rev-parse", fmt.Sprintf("c%d", base)))}
						done, err := r.Complete(t.Context(), c)
						if err != nil {
							t.Fatalf("c%d..c%d: %v", base, head, err)
						}
						check(t, h, full, dir, r, c, done)
						if digest(t, dir) != before {
							t.Fatal("the clone was changed")
						}
						t.Logf("depth %d, c%d..c%d: %d commits, %+v", depth, base, head, len(done.Commits), r.Stats())
					}
				}
			})
		}
	}
}

// TestCompleteOwnMerge is a CI that merges the destination into the branch by itself, so
// that the server knows nothing of HEAD.
func TestCompleteOwnMerge(t *testing.T) {
	for _, filter := range []string{"true", "false"} {
		repo := bare(t, "sha1")
		run(t, repo, "", "config", "uploadpack.allowFilter", filter)
		s := newStory(3)
		root := s.commit("main", 1_700_000_000)
		main, branch := root, root
		for i := range 12 {
			main = s.commit("main", 1_700_000_100+i, main)
			branch = s.commit("branch", 1_700_000_100+i, branch)
		}
		run(t, repo, s.String(), "fast-import", "--quiet")
		h := serve(t, repo)
		dir := clone(t, h, "branch", "--depth=3")
		run(t, dir, "", "fetch", "-q", "--depth=3", "origin", "main")
		run(t, dir, "", "merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "merge", "FETCH_HEAD")
		local := open(t, dir, object.SHA1)
		base := parse(t, run(t, repo, "", "rev-parse", "main"))
		r := h.connect(t, nil)
		done, err := r.Complete(t.Context(), Change{Local: local, Head: parse(t, run(t, dir, "", "rev-parse", "HEAD")), Base: base})
		if err != nil || done.Missed != nil {
			t.Fatal(err, done)
		}
		want := append(strings.Fields(run(t, dir, "", "rev-parse", "HEAD")), strings.Fields(run(t, repo, "", "rev-list", "branch", "^main"))...)
		if got := strings.Fields(strings.Trim(fmt.Sprint(done.Commits), "[]")); !slices.Equal(got, want) {
			t.Fatalf("commits %v, want %v", got, want)
		}
		if len(done.Boundary) != 2 || !slices.Contains(done.Boundary, base) {
			t.Fatalf("boundary %v", done.Boundary)
		}
	}
}

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
