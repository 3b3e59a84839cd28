package remote

import (
	"fmt"
	"math/rand/v2"
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

// beside opens the clone in dir together with what was fetched.
func beside(t *testing.T, dir, fetched string) *git.Repo {
	t.Helper()
	repo, err := git.Open(dir, git.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = repo.Close() })
	if err := repo.Add(fetched); err != nil {
		t.Fatal(err)
	}
	return repo
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
	whole := beside(t, dir, r.dir)
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
			if format == "sha256" && len(allow) == 2 {
				continue // what differs between formats and between filters has been tried
			}
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
