package git

import (
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// TestTrace compares where the blobs of a random history come from with what git ls-tree says of all commits.
func TestTrace(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	dag{commits: 100, parents: 3, distance: 6, roots: 30, skew: 3}.build(s, 5)
	s.git("symbolic-ref", "HEAD", "refs/heads/c90")
	files := memo(s)
	type origin struct{ commits, paths, head map[string]bool }
	want := map[string]origin{}
	get := func(blob string) origin {
		if _, ok := want[blob]; !ok {
			want[blob] = origin{map[string]bool{}, map[string]bool{}, map[string]bool{}}
		}
		return want[blob]
	}
	parents := map[object.Hash][]object.Hash{}
	for line := range strings.SplitSeq(s.git("rev-list", "--parents", "--all"), "\n") {
		commit := strings.Fields(line)
		parents[hash(t, commit[0])] = hashes(t, strings.Join(commit[1:], " "))
		for path, blob := range files(commit[0]) {
			get(blob).paths[path] = true
			if !slices.ContainsFunc(commit[1:], func(p string) bool { return files(p)[path] == blob }) {
				get(blob).commits[commit[0]] = true
			}
		}
	}
	for path, blob := range files("HEAD") {
		get(blob).head[path] = true
	}
	r := s.open()
	var some []object.Hash
	for blob := range want {
		if h := hash(t, blob); len(some) < len(want)/2 {
			some = append(some, h)
		}
	}
	found, gaps, err := trace(t, r, append(some, hash(t, strings.Repeat("12", 20))), nil)
	if err != nil || len(gaps) > 0 || len(found) != len(some) || len(some) < 4 {
		t.Fatalf("%d of %d blobs, %v, gaps %v", len(found), len(some), err, gaps)
	}
	set := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, e := range list {
			m[e] = true
		}
		return m
	}
	for _, blob := range some {
		o, w := found[blob], want[blob.String()]
		var commits []string
		for i, c := range o.Commits {
			commits = append(commits, c.String())
			for h := range reach(parents, parents[c]) {
				if slices.Contains(o.Commits[i+1:], h) {
					t.Errorf("blob %s: %s comes before its ancestor %s", blob, c, h)
				}
			}
		}
		if !maps.Equal(set(commits), w.commits) || !maps.Equal(set(o.Paths), w.paths) || !maps.Equal(set(o.AtHead), w.head) {
			t.Errorf("blob %s: %v\nwant %v", blob, o, w)
		}
	}
}

// TestCensus wants the same marks of trees that were counted, of those that are read when they're asked for, and of a mix.
func TestCensus(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	dag{commits: 60, parents: 2, distance: 6}.build(s, 9)
	r := s.open()
	files := memo(s)
	want := map[object.Hash]bool{}
	var trees []object.Hash
	for commit := range strings.SplitSeq(s.git("rev-list", "--all"), "\n") {
		for path, blob := range files(commit) {
			if strings.HasPrefix(path, "a/") {
				want[hash(t, blob)] = true
				break
			}
		}
		trees = append(trees, s.hash(commit+"^{tree}"))
	}
	all := newCensus(want, r)
	if err := all.count(t.Context(), r.objects, 3); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{0, 10, 40} {
		c := newCensus(want, r)
		c.seed, c.limit = all.seed, limit
		if err := c.count(t.Context(), r.objects, 3); err != nil {
			t.Fatal(err)
		}
		counted, asked := &tracer{repo: r, census: all}, &tracer{repo: r, census: c}
		marks := map[uint64]bool{}
		for _, tree := range trees {
			mark := counted.mark(t.Context(), tree)
			if got := asked.mark(t.Context(), tree); got != mark {
				t.Errorf("limit %d, tree %s: mark %x, want %x", limit, tree, got, mark)
			}
			marks[mark] = true
		}
		if len(marks) < 5 || len(counted.gaps)+len(asked.gaps) > 0 {
			t.Errorf("limit %d: %d marks, gaps %v %v", limit, len(marks), counted.gaps, asked.gaps)
		}
	}
}

func TestTraceGaps(t *testing.T) {
	s := newSandbox(t)
	s.write("d/a", "one")
	s.write("e", "e")
	s.commit("one")
	s.write("d/a", "two")
	s.commit("two")
	tree := s.git("rev-parse", "HEAD~1:d")
	if err := os.Remove(s.path(".git/objects/" + tree[:2] + "/" + tree[2:])); err != nil {
		t.Fatal(err)
	}
	want := hash(t, s.git("rev-parse", "HEAD:d/a"))
	found, gaps, err := trace(t, s.open(), []object.Hash{want}, nil)
	if err != nil || len(gaps) != 1 || found[want] == nil || !slices.Equal(found[want].AtHead, []string{"d/a"}) {
		t.Errorf("%v, %v, gaps %v", found, err, gaps)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	one := s.commit("one")
	s.git("tag", "-a", "-m", "first", "v1")
	s.git("tag", "-a", "-m", "of a tag", "v1-again", "v1")
	s.git("tag", "light")
	s.git("pack-refs", "--all")
	s.commit("two")
	s.git("tag", "-a", "-m", "second", "v2")
	r := s.open()
	names := func(in func(object.Hash) bool) []string {
		var all []string
		for tag, err := range r.Tags(t.Context(), "refs/", in) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, tag.Name+": "+string(tag.Message))
		}
		slices.Sort(all)
		return all
	}
	if got, want := names(nil), []string{"v1-again: of a tag\n", "v1: first\n", "v2: second\n"}; !slices.Equal(got, want) {
		t.Errorf("all: %q", got)
	}
	if got, want := names(func(h object.Hash) bool { return h == one }), []string{"v1-again: of a tag\n", "v1: first\n"}; !slices.Equal(got, want) {
		t.Errorf("of one: %q", got)
	}
	if got, want := names(func(h object.Hash) bool { return h != one }), []string{"v2: second\n"}; !slices.Equal(got, want) {
		t.Errorf("of two: %q", got)
	}
}

// TestLog compares the commits of a random history, some of which are packed, with what git rev-list says, and wants
// each commit of the repository read once.
func TestLog(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	dag{commits: 80, parents: 3, distance: 6, roots: 30, skew: 3}.build(s, 6)
	s.git("repack", "-q", "-d")
	dag{commits: 20, parents: 2, distance: 4, roots: 30}.build(s, 7)
	all := strings.Fields(s.git("rev-list", "--all"))
	s.git("replace", "--graft", all[3]) // which brings one more commit and takes none away
	original := strings.Fields(s.git("--no-replace-objects", "rev-list", "--all"))
	var mu sync.Mutex
	read := map[string]int{}
	l, err := s.open().Log(t.Context(), 2, nil, func(c *object.Commit) {
		mu.Lock()
		defer mu.Unlock()
		read[c.Hash.String()]++
	})
	if err != nil || len(l.Gaps()) > 0 {
		t.Fatal(err, l.Gaps())
	}
	listed := map[string]bool{}
	for i, h := range l.Commits() {
		listed[h.String()] = true
		if tree := s.git("--no-replace-objects", "rev-parse", h.String()+"^{tree}"); l.Trees()[i].String() != tree {
			t.Errorf("commit %s has the tree %s", h, tree)
		}
	}
	for _, h := range original {
		if !listed[h] || read[h] != 1 {
			t.Errorf("commit %s: listed %v, read %d times", h, listed[h], read[h])
		}
	}
}
