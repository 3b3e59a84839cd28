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

// both is what can be read of the clone and of what was fetched.
type both struct{ a, b Objects }

func (d both) Has(h object.Hash) bool { return d.a.Has(h) || d.b != nil && d.b.Has(h) }

func (d both) Read(h object.Hash) (object.Kind, []byte, error) {
	if d.a.Has(h) || d.b == nil {
		return d.a.Read(h)
	}
	return d.b.Read(h)
}

// fetched opens what a Remote fetched; nil if that is nothing.
func fetched(r *Remote) Objects {
	if r.db == nil {
		return nil
	}
	return r.db
}

// check compares a completed change with what git and the server's own repository say.
func check(t *testing.T, h *host, full *git.Repo, local Objects, r *Remote, c Change, done *Completed) {
	t.Helper()
	if done.Missed != nil {
		t.Fatal(done.Missed)
	}
	want := strings.Fields(run(t, h.repo, "", "rev-list", c.Head.String(), "^"+c.Base.String()))
	got := make([]string, 0, len(done.Commits))
	at := map[object.Hash]int{}
	for i, h := range done.Commits {
		got, at[h] = append(got, h.String()), i
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("commits %v, want %v", got, want)
	}
	all := both{local, fetched(r)}
	needed := map[object.Hash]bool{}
	for i, h := range done.Commits {
		commit, err := readCommit(all, h)
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
			if !all.Has(p) {
				t.Fatalf("parent %v is missing", p)
			}
		}
		for change, err := range full.Changes(t.Context(), commit) {
			if err != nil {
				t.Fatal(err)
			}
			for _, blob := range append(change.Old, change.Hash) {
				if blob.IsZero() {
					continue
				}
				needed[blob] = true
				if _, _, err := all.Read(blob); err != nil {
					t.Fatalf("%s in %v: %v", change.Path, h, err)
				}
			}
		}
	}
	if r.db == nil || r.filters != byDepth {
		return
	}
	for blob, err := range stored(t, r) {
		if err != nil {
			t.Fatal(err)
		}
		if !needed[blob] {
			t.Fatalf("blob %v was fetched and nobody needs it", blob)
		}
	}
}

// stored lists the blobs that were fetched.
func stored(t *testing.T, r *Remote) map[object.Hash]error {
	t.Helper()
	blobs := map[object.Hash]error{}
	files, err := filepath.Glob(r.dir + "/pack/*.idx")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for line := range strings.Lines(run(t, r.dir, "", "verify-pack", "-v", "--object-format="+r.Format().String(), f)) {
			if fields := strings.Fields(line); len(fields) > 4 && fields[1] == "blob" {
				blobs[parse(t, fields[0])] = nil
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
				s.dag(120)
				run(t, repo, s.String(), "fast-import", "--quiet")
				h := serve(t, repo)
				full, err := git.Open(repo, git.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = full.Close() }()
				pick := rand.New(rand.NewPCG(seed, 9))
				for _, depth := range []int{1, 2, 20} {
					for range 4 {
						head, base := 1+pick.IntN(120), 1+pick.IntN(120)
						dir := clone(t, h, fmt.Sprintf("c%d", head), fmt.Sprintf("--depth=%d", depth))
						before := digest(t, dir)
						local := open(t, dir, full.Format())
						r := h.connect(t, nil)
						c := Change{Local: local, Head: parse(t, run(t, dir, "", "rev-parse", "HEAD")), Base: parse(t, run(t, repo, "", "rev-parse", fmt.Sprintf("c%d", base)))}
						done, err := r.Complete(t.Context(), c)
						if err != nil {
							t.Fatalf("c%d..c%d: %v", base, head, err)
						}
						check(t, h, full, local, r, c, done)
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
