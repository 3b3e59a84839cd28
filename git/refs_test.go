package git

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	for _, pack := range []bool{false, true} {
		s := newSandbox(t)
		s.write("a", "1")
		s.commit("one")
		s.git("tag", "-a", "-m", "t", "v1")
		s.git("tag", "-a", "-m", "tt", "nested", "v1")
		s.git("tag", "light")
		s.git("checkout", "-q", "-b", "topic/x")
		s.write("b", "2")
		s.commit("two")
		s.git("checkout", "-q", "main")
		s.write("c", "3")
		s.commit("three")
		s.git("merge", "-q", "--no-edit", "topic/x")
		s.git("branch", "v1", "topic/x") // as the tag: the tag is before it
		s.git("branch", "heads/main", "HEAD~1")
		s.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
		s.git("update-ref", "refs/remotes/origin/only", "HEAD^2")
		s.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
		s.git("symbolic-ref", "refs/heads/alias", "refs/heads/topic/x")
		s.git("symbolic-ref", "refs/heads/dangling", "refs/heads/none")
		s.git("update-ref", "refs/heads/"+s.git("rev-parse", "HEAD")[:7], "HEAD~1") // a branch that looks like a hash
		s.git("update-ref", "refs/pull/7/merge", "HEAD")
		s.git("tag", "-a", "-m", "of a tree", "treetag", "HEAD^{tree}")
		s.git("update-ref", "refs/tags/cut", s.git("rev-parse", "v1"))
		if pack {
			s.git("pack-refs", "--all")
			s.git("update-ref", "refs/heads/topic/x", "HEAD") // the loose one is before the packed one
			s.git("gc", "-q")
		}
		r := s.open()
		head := s.git("rev-parse", "HEAD")
		for _, rev := range []string{
			"HEAD", "@", "main", "heads/main", "refs/heads/main", "refs/heads/heads/main", "topic/x", "v1", "tags/v1", "nested", "light", "v1^{}", "nested^{commit}", "v1^0", "cut",
			"origin", "origin/main", "origin/HEAD", "remotes/origin/only", "origin/only", "alias", "dangling", "pull/7/merge", "HEAD~1", "HEAD~2", "HEAD^", "HEAD^1", "HEAD^2", "HEAD^2~1", "HEAD^^", "HEAD~~", "@~1^0~0",
			"HEAD^3", "HEAD~9", head, head[:7], head[:12], strings.ToUpper(head[:10]), head[:3], "v1-1-g" + head[:9], "none", "treetag", "HEAD^{tree}", s.git("rev-parse", "HEAD^{tree}"), s.git("rev-parse", "HEAD:a"), s.git("rev-parse", "nested"), s.git("rev-parse", "nested")[:9],
			strings.Repeat("12", 20), strings.Repeat("0", 40), "refs", "heads", "config", "objects", "../HEAD", "refs/../HEAD", "HEAD~x", "HEAD^-", "HEAD~99999999999999999999", "", "~1", "^", "-h", "main.lock",
		} {
			want, gitErr := s.try("", "rev-parse", "--verify", "-q", "--end-of-options", rev+"^{commit}")
			got, err := r.Resolve(rev)
			switch {
			case rev == "":
				if err == nil {
					t.Error("the empty revision is resolved")
				}
			case gitErr != nil:
				if err == nil {
					t.Errorf("%q is %s, and git can't tell", rev, got)
				}
			case err != nil || got.String() != want:
				t.Errorf("%q is %s, %v; git has %s", rev, got, err, want)
			}
		}
		// As a hash alone, the one that a branch goes by is the commit's.
		for rev, want := range map[string]string{head[:7]: "HEAD", head: "HEAD", head[:7] + "^1": "HEAD^1", s.git("rev-parse", "nested")[:9]: "v1"} {
			if got, err := r.ResolveHash(rev); err != nil || got != s.hash(want+"^{commit}") {
				t.Errorf("the hash %q is %s, %v; want %s", rev, got, err, want)
			}
		}
		for _, rev := range []string{"HEAD", "main", "v1", "@", "1234567", "HEAD^1", ""} {
			if got, err := r.ResolveHash(rev); err == nil {
				t.Errorf("the hash %q is %s", rev, got)
			}
		}
	}
}

func TestResolveErrors(t *testing.T) {
	s := newSandbox(t)
	r := s.open()
	if _, err := r.Resolve("HEAD"); !errors.Is(err, ErrUnborn) || !errors.Is(err, ErrUnknownRevision) {
		t.Errorf("HEAD before the first commit: %v", err)
	}
	s.write("a", "1")
	s.commit("one")
	var in strings.Builder
	for i := range 1500 { // enough that four digits don't tell them apart
		fmt.Fprintf(&in, "commit refs/heads/many\ncommitter C <c@example.com> %d +0000\ndata 0\n\n", 1_500_000_000+i)
	}
	s.feed(in.String(), "fast-import", "--quiet")
	s.write(".git/refs/heads/gone", strings.Repeat("12", 20)+"\n")
	s.write(".git/refs/heads/garbage", "no hash\n")
	s.write(".git/refs/heads/circle", "ref: refs/heads/circle2\n")
	s.write(".git/refs/heads/circle2", "ref: refs/heads/circle\n")
	s.write(".git/refs/heads/climbs", "ref: refs/../../../../etc/passwd\n")
	s.write("secret", strings.Repeat("ab", 20)+"\n")
	if err := os.Symlink(s.path("secret"), s.path(".git/refs/heads/away")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("refs/heads/main", s.path(".git/refs/heads/link")); err != nil {
		t.Fatal(err)
	}
	r = s.open()
	seen := map[string]bool{}
	twice := ""
	for line := range strings.SplitSeq(s.git("rev-list", "main", "many"), "\n") {
		if seen[line[:4]] {
			twice = line[:4]
		}
		seen[line[:4]] = true
	}
	if twice == "" {
		t.Fatal("no two commits begin the same way")
	}
	for rev, want := range map[string]error{
		"none":                   ErrUnknownRevision,
		"main@{1}":               ErrUnknownRevision,
		"main:a":                 ErrUnknownRevision,
		"HEAD^5":                 ErrUnknownRevision,
		"gone":                   ErrMissing,
		strings.Repeat("34", 20): ErrMissing,
		s.git("rev-parse", ":a"): ErrNotCommit,
		"HEAD^{tree}":            ErrNotCommit,
		twice:                    ErrAmbiguous,
	} {
		if _, err := r.Resolve(rev); !errors.Is(err, want) {
			t.Errorf("%s: %v", rev, err)
		}
	}
	for _, rev := range []string{"garbage", "circle", "climbs", "away"} {
		if h, err := r.Resolve(rev); err == nil {
			t.Errorf("%s: %s", rev, h)
		}
	}
	if h, err := r.Resolve("link"); err != nil || h != s.hash("main") {
		t.Errorf("a ref that is a symbolic link: %s, %v", h, err)
	}
	broken := 0
	for _, err := range r.Refs() {
		if err != nil {
			broken++
		}
	}
	if broken != 5 {
		t.Errorf("%d broken refs", broken)
	}
}

// TestRefs compares all refs of a repository with many of them, packed and loose, with git's list.
func TestRefs(t *testing.T) {
	s := newSandbox(t)
	h := s.commit("one")
	s.git("tag", "-a", "-m", "t", "v1")
	var in strings.Builder
	for i := range 800 {
		fmt.Fprintf(&in, "create refs/heads/n%d/x %s\n", i, h)
	}
	s.feed(in.String(), "update-ref", "--stdin")
	s.git("pack-refs", "--all")
	s.git("tag", "v2")
	s.git("update-ref", "refs/heads/n7/x", s.commit("two").String())
	var want strings.Builder
	fmt.Fprintf(&want, "HEAD %s\n", s.hash("HEAD"))
	want.WriteString(s.git("for-each-ref", "--format=%(refname) %(objectname)") + "\n")
	var got strings.Builder
	for ref, err := range s.open().Refs() {
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(&got, "%s %s\n", ref.Name, ref.Hash)
		if ref.Name == "refs/tags/v1" && ref.Peeled != h {
			t.Errorf("the packed tag is peeled to %s", ref.Peeled)
		}
	}
	if got.String() != want.String() {
		t.Errorf("got %.300s… want %.300s…", got.String(), want.String())
	}
}
