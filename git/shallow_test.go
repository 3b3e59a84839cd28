package git

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// clone clones the sandbox by git's own transport, so that depth and filter are heeded.
func (s *sandbox) clone(args ...string) *sandbox {
	s.t.Helper()
	to := &sandbox{s.t, filepath.Join(s.t.TempDir(), "clone")}
	s.git("config", "uploadpack.allowFilter", "true")
	s.git("config", "uploadpack.allowAnySHA1InWant", "true")
	s.git(append(append([]string{"clone", "-q"}, args...), "file://"+s.dir, to.dir)...)
	return to
}

// TestShallow compares clones of some depths with git rev-list, and the ends with the shallow file.
func TestShallow(t *testing.T) {
	origin := newSandbox(t)
	dag{commits: 120, parents: 3, distance: 5}.build(origin, 9)
	origin.git("symbolic-ref", "HEAD", "refs/heads/c120")
	for _, depth := range []int{1, 2, 50} {
		s := origin.clone("--no-single-branch", fmt.Sprintf("--depth=%d", depth), "-b", "c120")
		r := s.open()
		for _, args := range [][]string{{"HEAD"}, {"HEAD", "^origin/c118"}, {"origin/c100", "^origin/c95"}, {"origin/c119", "^HEAD"}} {
			include, exclude := hashes(t, s.git("rev-parse", args[0])), []object.Hash(nil)
			if len(args) > 1 {
				exclude = hashes(t, s.git("rev-parse", args[1][1:]))
			}
			span, err := r.Range(t.Context(), include, exclude)
			if err != nil {
				t.Fatal(err)
			}
			set := func(list []object.Hash) map[object.Hash]bool {
				m := map[object.Hash]bool{}
				for _, h := range list {
					m[h] = true
				}
				return m
			}
			// With all branches' ends cloned, parents behind one's end can be another's commits: we look at
			// these, and git doesn't. Whatever git names must be there all the same.
			got, want := set(span.Commits), set(hashes(t, s.git(append([]string{"rev-list"}, args...)...)))
			for h := range want {
				if !got[h] && !reachable(t, r, h, exclude) {
					t.Errorf("depth %d, %v: it lacks %s", depth, args, h)
				}
			}
			for _, cut := range span.Cuts {
				if !r.IsShallow(cut.Commit) || !errors.Is(cut.Err, ErrMissing) {
					t.Errorf("depth %d, %v: %s is no end: %v", depth, args, cut.Commit, cut.Err)
				}
			}
			for h := range got {
				c, err := r.Commit(h)
				if err != nil {
					t.Fatal(err)
				}
				missing := slices.ContainsFunc(c.Parents, func(p object.Hash) bool { return !r.Objects().Has(p) })
				if is := slices.ContainsFunc(span.Cuts, func(cut Cut) bool { return cut.Commit == h }); is != missing {
					t.Errorf("depth %d, %v: %s lacks a parent: %v, is a cut: %v", depth, args, h, missing, is)
				}
			}
		}
	}
}

// reachable reports whether the real parents, where they are here, lead from one of the commits to h.
func reachable(t *testing.T, r *Repo, h object.Hash, from []object.Hash) bool {
	t.Helper()
	span, err := r.Range(t.Context(), from, nil)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Contains(span.Commits, h)
}

// TestShallowSingle is what most CIs make: one branch, one commit, and then the base fetched by itself.
func TestShallowSingle(t *testing.T) {
	origin := newSandbox(t)
	origin.write("a", "1")
	base := origin.commit("one")
	origin.write("b", "2")
	head := origin.commit("two")
	s := origin.clone("--depth=1")
	r := s.open()
	span, err := r.Range(t.Context(), []object.Hash{head}, nil)
	if err != nil || len(span.Commits) != 1 || len(span.Cuts) != 1 {
		t.Fatalf("%v, %v", span, err)
	}
	if paths, gaps := changes(t, r, head); len(gaps) > 0 || !slices.Equal(paths, []string{"a", "b"}) {
		t.Errorf("without its parent the commit brings %q, gaps %v", paths, gaps)
	}
	if _, err := r.Resolve("HEAD~1"); !errors.Is(err, ErrMissing) {
		t.Errorf("behind the end: %v", err)
	}
	if found, gaps, err := trace(t, r, hashes(t, s.git("rev-parse", "HEAD:a")), nil); err != nil || len(gaps) > 0 || len(found) != 1 {
		t.Errorf("%v, gaps %v, %v", found, gaps, err)
	}
	s.git("fetch", "-q", "--depth=1", "origin", base.String())
	r = s.open()
	span, err = r.Range(t.Context(), []object.Hash{head}, []object.Hash{base})
	if err != nil || len(span.Commits) != 1 || len(span.Cuts) != 0 {
		t.Errorf("with its base: %v, %v", span, err)
	}
	if paths, gaps := changes(t, r, head); len(gaps) > 0 || !slices.Equal(paths, []string{"b"}) {
		t.Errorf("with its parent the commit brings %q, gaps %v", paths, gaps)
	}
}

func TestPartial(t *testing.T) {
	origin := newSandbox(t)
	origin.write("d/a", "1")
	origin.commit("one")
	origin.write("d/a", "2")
	head := origin.commit("two")
	if some, all, err := origin.open().Promised(t.Context(), 2, nil); len(some) > 0 || all > 0 || err != nil {
		t.Errorf("a full repository: %v, %d, %v", some, all, err)
	}
	for filter, wantErr := range map[string]error{"blob:none": nil, "tree:0": odb.ErrPromised} {
		s := origin.clone("--no-checkout", "--filter="+filter)
		r := s.open()
		var trees, want []object.Hash
		for _, h := range hashes(t, s.git("rev-list", "--all")) {
			c, err := r.Commit(h)
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, c.Tree)
		}
		for line := range strings.Lines(s.git("rev-list", "--objects", "--all", "--missing=print")) {
			if digits, missing := strings.CutPrefix(strings.TrimSpace(line), "?"); missing {
				want = append(want, hash(t, digits))
			}
		}
		slices.SortFunc(want, object.Hash.Compare)
		some, all, err := r.Promised(t.Context(), 2, trees)
		if err != nil || all != len(want) || len(want) != 2 || !slices.Equal(some, want) {
			t.Errorf("%s: %v, %d, %v; git says %v", filter, some, all, err, want)
		}
		c, err := r.Commit(head)
		if err != nil {
			t.Fatal(err)
		}
		for ch, err := range r.Changes(t.Context(), c) {
			if !errors.Is(err, wantErr) {
				t.Errorf("%s: %v", filter, err)
			}
			if err != nil {
				continue
			}
			if _, _, err := r.Objects().Read(ch.Hash); !errors.Is(err, odb.ErrPromised) {
				t.Errorf("%s: a blob that was left out: %v", filter, err)
			}
		}
	}
}

// TestPromisedMany names the first of very many missing objects, each once.
func TestPromisedMany(t *testing.T) {
	p := &promises{repo: newSandbox(t).open(), seen: map[uint64]struct{}{}}
	var all []object.Hash
	for i := range 15 * maxPromised {
		all = append(all, object.SHA1.Name(object.KindBlob, fmt.Append(nil, i)))
	}
	for range 2 {
		for part := range slices.Chunk(all, 7) {
			p.look(part)
		}
	}
	p.trim()
	slices.SortFunc(all, object.Hash.Compare)
	if p.all != len(all) || !slices.Equal(p.some, all[:maxPromised]) {
		t.Errorf("%d of %d missing, named %d", p.all, len(all), len(p.some))
	}
}

func TestAlternates(t *testing.T) {
	origin := newSandbox(t)
	origin.write("a", "1")
	head := origin.commit("one")
	dir := t.TempDir()
	origin.git("clone", "-q", "--shared", ".", filepath.Join(dir, "clone"))
	r := openRepo(t, filepath.Join(dir, "clone"), Options{})
	if _, err := r.Commit(head); !errors.Is(err, ErrMissing) || len(r.Objects().Notes()) == 0 {
		t.Errorf("from objects outside: %v, notes %v", err, r.Objects().Notes())
	}
	r = openRepo(t, filepath.Join(dir, "clone"), Options{Within: "/"})
	if _, err := r.Commit(head); err != nil || len(r.Objects().Notes()) > 0 {
		t.Errorf("where that's allowed: %v, notes %v", err, r.Objects().Notes())
	}
}

// TestRangeDates makes the walk stop right though all is dated the same, or backwards.
func TestRangeDates(t *testing.T) {
	for _, step := range []int{0, -86400} {
		s := newSandbox(t)
		var in strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&in, "commit refs/heads/main\nmark :%d\ncommitter C <c@example.com> %d +0000\ndata 0\n\n", i+1, 1_700_000_000+i*step)
		}
		in.WriteString("commit refs/heads/side\ncommitter C <c@example.com> 1700000000 +0000\ndata 0\nfrom :250\n\n")
		s.feed(in.String(), "fast-import", "--quiet")
		r := s.open()
		for _, args := range [][]string{{"main", "main~20"}, {"side", "main"}, {"main", "side"}, {"main~200", "main"}} {
			span, err := r.Range(t.Context(), []object.Hash{s.hash(args[0])}, []object.Hash{s.hash(args[1])})
			if err != nil {
				t.Fatal(err)
			}
			got, want := map[object.Hash]bool{}, map[object.Hash]bool{}
			for _, h := range span.Commits {
				got[h] = true
			}
			for _, h := range hashes(t, s.git("rev-list", args[0], "^"+args[1])) {
				want[h] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("dates going by %d, %v: %d commits, want %d", step, args, len(got), len(want))
			}
		}
	}
}
