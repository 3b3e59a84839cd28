package index

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

type sandbox struct {
	t      *testing.T
	dir    string
	format object.Format
}

func newSandbox(t *testing.T, f object.Format) *sandbox {
	t.Helper()
	s := &sandbox{t, t.TempDir(), f}
	s.git("init", "-q", "--object-format="+f.String())
	for _, path := range []string{"a", "b/c", "b/d/e", "b.txt", "b/d.x", "sub/dir/" + strings.Repeat("long", 50), "z é\n", "run"} {
		s.write(path, path)
	}
	if err := os.Chmod(filepath.Join(s.dir, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a", filepath.Join(s.dir, "link")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sandbox) write(path, text string) {
	s.t.Helper()
	path = filepath.Join(s.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sandbox) git(args ...string) string {
	s.t.Helper()
	return realgit.Run(s.t, s.dir, "", args...)
}

func (s *sandbox) read() *Index {
	s.t.Helper()
	return readAs(s, Parse)
}

func (s *sandbox) tracked() *Tracked {
	s.t.Helper()
	return readAs(s, ParseTracked)
}

func readAs[T any](s *sandbox, parse func([]byte, object.Format, func(object.Hash) ([]byte, error)) (*T, error)) *T {
	s.t.Helper()
	x, err := parse(s.file("index"), s.format, func(h object.Hash) ([]byte, error) { return s.file("sharedindex." + h.String()), nil })
	if err != nil {
		s.t.Fatal(err)
	}
	return x
}

func (s *sandbox) file(name string) []byte {
	s.t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, ".git", name))
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

// compare compares the index with what git says of it.
func (s *sandbox) compare(args ...string) *Index {
	s.t.Helper()
	x := s.read()
	var got, want []string
	for _, e := range x.Entries {
		tag := "H"
		switch {
		case e.SkipWorktree:
			tag = "S"
		case e.Stage > 0:
			tag = "M"
		}
		got = append(got, fmt.Sprintf("%s %06o %s %d\t%s", tag, e.Mode, e.Hash, e.Stage, e.Path))
	}
	for line := range strings.SplitSeq(s.git(append([]string{"ls-files", "-s", "-t", "-z"}, args...)...), "\x00") {
		if line != "" {
			want = append(want, line)
		}
	}
	if !slices.Equal(got, want) || len(want) == 0 {
		s.t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	tracked := s.tracked()
	for _, e := range x.Entries {
		if !tracked.Has(e.Path) || e.Mode != modeDir && tracked.Has(e.Path+"x") {
			s.t.Errorf("Has is wrong about %q", e.Path)
		}
		for dir := filepath.Dir(e.Path); dir != "."; dir = filepath.Dir(dir) {
			if !tracked.HasUnder(dir) || tracked.Has(dir) && e.Mode != modeDir {
				s.t.Errorf("HasUnder is wrong about %q", dir)
			}
		}
	}
	return x
}

var formats = []object.Format{object.SHA1, object.SHA256}

func TestVersions(t *testing.T) {
	for _, f := range formats {
		for _, version := range []string{"2", "4"} {
			s := newSandbox(t, f)
			s.git("config", "index.version", version)
			s.git("add", "-A")
			s.compare()
			tracked := s.tracked()
			for _, dir := range []string{"", "b", "b/d", "sub"} {
				if !tracked.HasUnder(dir) {
					t.Errorf("nothing under %q", dir)
				}
			}
			for _, dir := range []string{"a", "c", "b.tx", "b/d/e", "su"} {
				if tracked.HasUnder(dir) {
					t.Errorf("something under %q", dir)
				}
			}
			s.git("commit", "-q", "-m", "one")
			s.write("new", "new")
			s.git("add", "-N", "new") // makes it version 3 at least
			x := s.compare()
			i := slices.IndexFunc(x.Entries, func(e Entry) bool { return e.Path == "new" })
			if !x.Entries[i].IntentToAdd {
				t.Error("a path to be added isn't known as such")
			}
			s.git("update-index", "--skip-worktree", "a")
			s.compare()
		}
	}
}

func TestConflict(t *testing.T) {
	s := newSandbox(t, object.SHA1)
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "one")
	s.git("checkout", "-q", "-b", "side")
	s.write("a", "side")
	s.git("commit", "-q", "-a", "-m", "two")
	s.git("checkout", "-q", "-")
	s.write("a", "main")
	s.git("commit", "-q", "-a", "-m", "three")
	if _, err := realgit.Try(s.dir, "", nil, "merge", "side"); err == nil {
		t.Fatal("there is no conflict")
	}
	if x := s.compare(); len(x.Entries) != 11 {
		t.Errorf("%d entries", len(x.Entries))
	}
}

func TestSplit(t *testing.T) {
	for _, f := range formats {
		s := newSandbox(t, f)
		s.git("add", "-A")
		s.git("commit", "-q", "-m", "one")
		s.git("config", "splitIndex.maxPercentChange", "100")
		s.git("update-index", "--split-index")
		s.compare()
		s.write("b/c", "changed")
		s.write("b/a", "added")
		s.git("add", "-A")
		s.git("rm", "-q", "-f", "run", "b/d/e")
		s.compare()
		if _, err := Parse(s.file("index"), f, nil); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("a split index without its other part: %v", err)
		}
		if _, err := Parse(s.file("index"), f, func(object.Hash) ([]byte, error) { return nil, os.ErrNotExist }); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a split index whose other part is gone: %v", err)
		}
	}
}

func TestSparse(t *testing.T) {
	s := newSandbox(t, object.SHA1)
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "one")
	s.git("sparse-checkout", "set", "--cone", "--sparse-index", "b")
	s.compare("--sparse")
	x := s.tracked()
	if len(x.sparse) != 1 || x.sparse[0] != "sub/" {
		t.Fatalf("sparse directories %q", x.sparse)
	}
	for path, want := range map[string]bool{"sub/dir/any": true, "sub/any": true, "sub": false, "subs/any": false, "b/none": false} {
		if x.Has(path) != want {
			t.Errorf("Has(%q) is %v", path, !want)
		}
	}
	if !x.HasUnder("sub") || !x.HasUnder("sub/dir") || x.HasUnder("none") {
		t.Error("HasUnder is wrong about sparse directories")
	}
	if absent, want := x.Absent(), []string{"sub/"}; !slices.Equal(absent, want) {
		t.Errorf("absent %q, want %q", absent, want)
	}
}

func TestDamaged(t *testing.T) {
	s := newSandbox(t, object.SHA1)
	s.git("add", "-A")
	whole := s.file("index")
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 0x10
		if _, err := Parse(bad, object.SHA1, nil); err == nil {
			t.Fatalf("a bit of byte %d is wrong, and no error", i)
		}
		if _, err := Parse(whole[:i], object.SHA1, nil); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut off at byte %d: %v", i, err)
		}
	}
	bad := slices.Concat(whole[:len(whole)-20], []byte("abcd\x00\x00\x00\x00"), make([]byte, 20))
	if _, err := Parse(bad, object.SHA1, nil); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("an unknown extension that is needed: %v", err)
	}
	if _, err := Parse(slices.Concat(whole[:len(whole)-20], make([]byte, 20)), object.SHA1, nil); err != nil {
		t.Errorf("without a checksum: %v", err)
	}
}

// TestUnfolding gives an index of version 4 whose paths would fill the memory.
func TestUnfolding(t *testing.T) {
	data := []byte("DIRC\x00\x00\x00\x04\x00\x00\x27\x10") // 10,000 entries
	for i := range 10_000 {
		data = append(data, make([]byte, statSize+20)...)
		data = append(data, 0x0f, 0xff, 0)
		if i == 0 {
			data = append(data, strings.Repeat("a", 1<<20)...)
		}
		data = append(data, 0)
	}
	if _, err := Parse(append(data, make([]byte, 20)...), object.SHA1, nil); !errors.Is(err, ErrCorrupt) {
		t.Errorf("error %v", err)
	}
}

func FuzzParse(f *testing.F) {
	entry := func(path string) string {
		e := strings.Repeat("\x01", statSize+20) + "\x00" + string(rune(len(path))) + path
		return e + strings.Repeat("\x00", 8-len(e)%8)
	}
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x02"+entry("a")+entry("b/c")+strings.Repeat("\x00", 20)), []byte{})
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00link\x00\x00\x00\x14"+strings.Repeat("\x07", 20)+strings.Repeat("\x00", 20)), []byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01"+entry("a")+strings.Repeat("\x00", 20)))
	f.Fuzz(func(t *testing.T, data, other []byte) {
		x, err := Parse(data, object.SHA1, func(object.Hash) ([]byte, error) { return other, nil })
		if err != nil {
			return
		}
		tracked, err := ParseTracked(data, object.SHA1, func(object.Hash) ([]byte, error) { return other, nil })
		if err != nil {
			t.Fatalf("what is tracked can't be read, and the index can: %v", err)
		}
		for _, e := range x.Entries {
			if dir, _, ok := strings.Cut(e.Path, "/"); !tracked.Has(e.Path) || ok && dir != "" && !tracked.HasUnder(dir) {
				t.Errorf("the index hasn't its own entry %q", e.Path)
			}
		}
	})
}
