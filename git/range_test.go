package git

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// A dag makes commits of random ancestry, dates and content by git fast-import.
type dag struct {
	commits  int
	skew     int // days by which a date may be wrong
	roots    int // one in so many commits has no parent; 0: only the first
	parents  int // at most
	distance int // how many commits back a parent may be
}

func (d dag) build(s *sandbox, seed uint64) {
	s.t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	var in strings.Builder
	for i := 1; i <= d.commits; i++ {
		day := i
		if d.skew > 0 {
			day += rng.IntN(2*d.skew) - d.skew
		}
		date := fmt.Sprintf("%d +0000", 1_600_000_000+86400*day)
		if i == 1 || d.roots > 0 && rng.IntN(d.roots) == 0 {
			in.WriteString("reset refs/heads/all\n\n")
		}
		fmt.Fprintf(&in, "commit refs/heads/all\nmark :%d\nauthor A <a@example.com> %s\ncommitter C <c@example.com> %s\ndata 1\nm\n", i, date, date)
		if i > 1 && (d.roots == 0 || rng.IntN(d.roots) != 0) {
			var seen []int
			for p := range 1 + rng.IntN(d.parents) {
				parent := max(1, i-1-rng.IntN(min(d.distance, i-1)))
				if slices.Contains(seen, parent) {
					continue
				}
				seen = append(seen, parent)
				fmt.Fprintf(&in, "%s :%d\n", []string{"from", "merge"}[min(p, 1)], parent)
			}
		}
		for range 1 + rng.IntN(3) {
			path := fmt.Sprintf("%c/%c", 'a'+rng.IntN(3), 'a'+rng.IntN(4))
			if rng.IntN(3) == 0 {
				path = fmt.Sprintf("%c", 'a'+rng.IntN(5)) // may be a directory elsewhere
			}
			switch rng.IntN(6) {
			case 0:
				fmt.Fprintf(&in, "D %s\n", path)
			case 1:
				fmt.Fprintf(&in, "M 120000 inline %s\ndata 1\n%d\n", path, rng.IntN(9))
			default:
				fmt.Fprintf(&in, "M %s inline %s\ndata 1\n%d\n", []string{"100644", "100755"}[rng.IntN(2)], path, rng.IntN(9))
			}
		}
		fmt.Fprintf(&in, "\nreset refs/heads/c%d\nfrom :%d\n\n", i, i)
	}
	s.feed(in.String(), "fast-import", "--quiet", "--force")
}

// graphs are the ways in which a repository can have a commit-graph file.
var graphs = map[string]func(s *sandbox, d dag){
	"none":  func(*sandbox, dag) {},
	"dates": func(s *sandbox, _ dag) { s.git("commit-graph", "write", "--reachable") },
	"levels": func(s *sandbox, _ dag) {
		s.git("-c", "commitGraph.generationVersion=1", "commit-graph", "write", "--reachable")
	},
	"chain": func(s *sandbox, d dag) {
		for _, upTo := range []int{d.commits / 3, d.commits / 2, d.commits * 3 / 4} {
			s.feed(s.git("rev-parse", fmt.Sprintf("c%d", upTo)), "commit-graph", "write", "--split=no-merge", "--stdin-commits")
		}
	},
}

// TestRange compares ranges in random histories with git rev-list.
func TestRange(t *testing.T) {
	for _, d := range []dag{
		{commits: 100, parents: 2, distance: 10},
		{commits: 100, parents: 2, distance: 10, skew: 100, roots: 30},
		{commits: 100, parents: 5, distance: 40, skew: 5, roots: 10},
	} {
		for kind, write := range graphs {
			t.Run(fmt.Sprintf("%+v %s", d, kind), func(t *testing.T) {
				t.Parallel()
				s := newSandbox(t)
				d.build(s, 1)
				write(s, d)
				r := s.open()
				if has := r.graph() != nil; has != (kind != "none") {
					t.Fatalf("there is a commit-graph file: %v", has)
				}
				parents := map[object.Hash][]object.Hash{}
				commits := make([]object.Hash, d.commits)
				for line := range strings.SplitSeq(s.git("rev-list", "--parents", "--all"), "\n") {
					h := hashes(t, line)
					parents[h[0]] = h[1:]
				}
				for line := range strings.SplitSeq(s.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads/c*"), "\n") {
					var i int
					var digits string
					if _, err := fmt.Sscanf(line, "c%d %s", &i, &digits); err != nil {
						t.Fatal(err)
					}
					commits[i-1] = hash(t, digits)
				}
				checkRanges(t, r, commits, parents)
			})
		}
	}
}

// checkRanges compares random ranges with what the ancestry of all commits says.
func checkRanges(t *testing.T, r *Repo, commits []object.Hash, parents map[object.Hash][]object.Hash) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 80 {
		pick := func(n int) []object.Hash {
			var some []object.Hash
			for range n {
				some = append(some, commits[rng.IntN(len(commits))])
			}
			return some
		}
		include, exclude := pick(1+rng.IntN(2)), pick(rng.IntN(4))
		want := reach(parents, include)
		for h := range reach(parents, exclude) {
			delete(want, h)
		}
		span, err := r.Range(t.Context(), include, exclude)
		if err != nil {
			t.Fatal(err)
		}
		got := map[object.Hash]bool{}
		for _, h := range span.Commits {
			for _, p := range parents[h] {
				if got[p] {
					t.Errorf("%s comes before its child %s", p, h)
				}
			}
			got[h] = true
		}
		if !maps.Equal(got, want) || len(got) != len(span.Commits) || len(span.Cuts) > 0 {
			t.Errorf("%s not %s: %d commits in %d, %d cuts, want %d", join(include), join(exclude), len(got), len(span.Commits), len(span.Cuts), len(want))
		}
	}
}

// reach returns all ancestors, the commits themselves included.
func reach(parents map[object.Hash][]object.Hash, from []object.Hash) map[object.Hash]bool {
	seen := map[object.Hash]bool{}
	for todo := slices.Clone(from); len(todo) > 0; {
		h := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !seen[h] {
			seen[h] = true
			todo = append(todo, parents[h]...)
		}
	}
	return seen
}

// TestChanges compares what each commit of a random history brings with git diff-tree.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, init := range [][]string{nil, {"--object-format=sha256"}} {
		s := newSandbox(t, init...)
		dag{commits: 120, parents: 3, distance: 6, roots: 40}.build(s, 2)
		r := s.open()
		parents := map[string][]string{}
		for line := range strings.SplitSeq(s.git("rev-list", "--parents", "--all"), "\n") {
			f := strings.Fields(line)
			parents[f[0]] = f[1:]
		}
		merges := 0
		want := map[string][]string{} // commit to lines
		files := memo(s)
		for commit, ps := range parents {
			lines, isNew := diffAll(files, commit, ps)
			want[commit] = lines
			if len(ps) > 1 && isNew {
				merges++
			}
		}
		if merges < 10 {
			t.Errorf("only %d merges bring anything: the history shows too little", merges)
		}
		for commit := range parents {
			c, err := r.Commit(hash(t, commit))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for ch, err := range r.Changes(t.Context(), c) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, show(ch.Path, ch.Hash, ch.Old))
			}
			slices.Sort(got)
			slices.Sort(want[commit])
			if !slices.Equal(got, want[commit]) {
				t.Errorf("commit %s:\n got %v\nwant %v", commit, got, want[commit])
			}
		}
	}
}

func show(path string, h object.Hash, old []object.Hash) string {
	line := path + " " + short(h.String())
	for _, o := range old {
		line += " " + short(o.String())
	}
	return line
}

// short leaves out the zeros that stand for no object.
func short(digits string) string {
	if strings.Trim(digits, "0") == "" {
		return "-"
	}
	return digits[:8]
}

// diffAll works out from git ls-tree alone what a commit brings, in the format of show.
func diffAll(files func(string) map[string]string, commit string, parents []string) (lines []string, isNew bool) {
	now := files(commit)
	was := make([]map[string]string, len(parents))
	paths := map[string]bool{}
	for p := range now {
		paths[p] = true
	}
	for i, parent := range parents {
		was[i] = files(parent)
		for p := range was[i] {
			paths[p] = true
		}
	}
	var gone []string
	for p := range paths {
		line, same, held := p+" "+short(now[p]), false, false
		for _, w := range was {
			line += " " + short(w[p])
			same = same || w[p] == now[p]
			held = held || w[p] != ""
		}
		switch {
		case now[p] == "" && held:
			gone = append(gone, line)
		case !same:
			lines, isNew = append(lines, line), true
		}
	}
	if isNew || len(parents) == 1 {
		lines = append(lines, gone...)
	}
	return lines, isNew
}

// memo returns a function for the files of a commit, which are asked for many times.
func memo(s *sandbox) func(commit string) map[string]string {
	known := map[string]map[string]string{}
	return func(commit string) map[string]string {
		s.t.Helper()
		m, ok := known[commit]
		if ok {
			return m
		}
		m = map[string]string{}
		for line := range strings.SplitSeq(s.git("ls-tree", "-r", commit), "\n") {
			if meta, path, ok := strings.Cut(line, "\t"); ok {
				m[path] = strings.Fields(meta)[2]
			}
		}
		known[commit] = m
		return m
	}
}

func TestRangeMissingEnd(t *testing.T) {
	s := newSandbox(t)
	h := s.commit("one")
	none := hash(t, strings.Repeat("12", 20))
	if _, err := s.open().Range(t.Context(), []object.Hash{h}, []object.Hash{none}); !errors.Is(err, ErrMissing) {
		t.Errorf("a base that isn't there: %v", err)
	}
}
