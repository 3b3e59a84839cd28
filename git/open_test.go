package git

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

func TestOpenNot(t *testing.T) {
	empty := t.TempDir()
	plain := newSandbox(t)
	plain.commit("one")
	for name, tt := range map[string]struct {
		make func(dir string) error
		want error
	}{
		"nothing":    {func(string) error { return nil }, ErrNotRepository},
		"empty .git": {func(dir string) error { return os.Mkdir(filepath.Join(dir, ".git"), 0o755) }, ErrNotRepository},
		"garbage":    {func(dir string) error { return os.WriteFile(filepath.Join(dir, ".git"), []byte("x"), 0o644) }, ErrNotRepository},
		"leads away": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".git"), []byte("gitdir: "+plain.path(".git")+"\n"), 0o644)
		}, ErrOutside},
		"link away":     {func(dir string) error { return os.Symlink(plain.path(".git"), filepath.Join(dir, ".git")) }, ErrOutside},
		"leads nowhere": {func(dir string) error { return os.WriteFile(filepath.Join(dir, ".git"), []byte("gitdir: none"), 0o644) }, ErrNotRepository},
		"in a file": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, ".git"), []byte("gitdir: .git/x"), 0o644)
		}, ErrNotRepository},
		"common away": {func(dir string) error {
			return errors.Join(os.MkdirAll(filepath.Join(dir, ".git"), 0o755), os.WriteFile(filepath.Join(dir, ".git/HEAD"), []byte("ref: refs/heads/main"), 0o644),
				os.WriteFile(filepath.Join(dir, ".git/commondir"), []byte(plain.path(".git")), 0o644))
		}, ErrOutside},
	} {
		dir := filepath.Join(t.TempDir(), "r")
		if err := errors.Join(os.Mkdir(dir, 0o755), tt.make(dir)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(empty, "none"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that isn't there: %v", err)
	}
}

// TestPackedMeanwhile wants what git packs, and takes away unpacked, after the repository was opened.
func TestPackedMeanwhile(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "1")
	first := s.commit("one")
	s.git("branch", "side")
	r := s.open()
	second := s.commit("two")
	s.git("gc", "-q", "--prune=now")
	if _, err := os.Stat(s.path(".git/refs/heads/main")); err == nil {
		t.Fatal("git has packed no refs")
	}
	for rev, want := range map[string]object.Hash{"HEAD": second, "main": second, "side": first} {
		if h, err := r.Resolve(rev); err != nil || h != want {
			t.Errorf("%s is %s, %v; want %s", rev, h, err, want)
		}
	}
	blob := s.hash("HEAD:a")
	found, gaps, err := trace(t, r, []object.Hash{blob}, nil)
	if err != nil || len(gaps) > 0 || found[blob] == nil || !slices.Equal(found[blob].AtHead, []string{"a"}) {
		t.Errorf("the history has %v, gaps %v, %v", found, gaps, err)
	}
}

func TestOpenKinds(t *testing.T) {
	s := newSandbox(t)
	s.write("a", "a")
	want := s.commit("one")
	s.git("branch", "side")
	s.git("worktree", "add", "-q", "w", "side")
	s.git("clone", "-q", "--bare", ".", "bare.git")
	s.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", s.path("bare.git"), "sub")
	check := func(name, dir string, o Options, bare bool) {
		t.Helper()
		r := openRepo(t, s.path(dir), o)
		if h, err := r.Resolve("HEAD"); err != nil || h != want {
			t.Errorf("%s: HEAD is %s, %v", name, h, err)
		}
		if r.Bare() != bare {
			t.Errorf("%s: bare is %v", name, !bare)
		}
		x, err := r.Index()
		if err != nil || x.Tracked().Has("a") == bare {
			t.Errorf("%s: has a: %v, %v", name, x.Tracked().Has("a"), err)
		}
	}
	check("working tree", ".", Options{}, false)
	check("bare", "bare.git", Options{}, true)
	check("worktree", "w", Options{Within: s.dir}, false)
	check("submodule", "sub", Options{Within: s.dir}, false)
	check("anywhere", "w", Options{Within: "/"}, false)
	for _, dir := range []string{"w", "sub"} {
		if _, err := Open(s.path(dir), Options{}); !errors.Is(err, ErrOutside) {
			t.Errorf("%s by itself: %v", dir, err)
		}
	}
	var names []string
	for ref, err := range openRepo(t, s.path("w"), Options{Within: s.dir}).Refs() {
		if err != nil {
			t.Error(err)
		}
		names = append(names, ref.Name)
	}
	if want := []string{"HEAD", "main-worktree/HEAD", "refs/heads/main", "refs/heads/side", "worktrees/w/HEAD"}; !slices.Equal(names, want) {
		t.Errorf("refs %q", names)
	}
}

func TestFormats(t *testing.T) {
	for _, tt := range []struct {
		config string
		ok     bool
	}{
		{"", true},
		{"[core]\n\trepositoryformatversion = 0\n[extensions]\n\tunheardof = true\n", true},
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tunheardof = true\n", false},
		{"[core]\n\trepositoryformatversion = 2\n", false},
		{"[core]\n\trepositoryFormatVersion = 1\n[Extensions]\n\tobjectFormat = sha1\n\tpartialClone = origin\n\tworktreeConfig\n", true},
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = md5\n", false},
		{"[extensions]\n\tobjectformat = sha256\n", false},
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = \"files\" # as ever\n", true},
		{"[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = sql\n", false},
		{"[core\n", false},
		{"[include]\n\tpath = /dev/zero\n", true},
	} {
		s := newSandbox(t)
		s.write(".git/config", tt.config)
		r, err := Open(s.dir, Options{})
		if (err == nil) != tt.ok {
			t.Errorf("%q: %v", tt.config, err)
		}
		if err == nil {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestConfig compares the parser with git's.
func TestConfig(t *testing.T) {
	s := newSandbox(t)
	for _, text := range []string{
		"[a]\nb = c\n", "[a]b=c;d\n[a \"B \\\" \\\\c\"]\n\tx-1 = \" y \" z  # w\n", "[A.b]\r\nc = d\\\r\n e\r\n", "[a]\n b\n\n;c\n# d\n", "[a]\nb = \"\\t\\n\\\"\\\\\" \n",
		"\ufeff[a]\nb=c", "[a]\nb = c \\\n  d\n e = f", "[a]\nb = 1\nb = 2", "b = c\n", "[a]\nb = \"x\n", "[a]\n1b = c\n", "[a]\nb = \\x\n", "[a \"\n\"]\n", "[]\nb = c\n", "[a]\nb c\n", "[a\n]", "[a]\nb=\\", "[a]\nb # c\n", "[a]\nb=c    d\t \n",
	} {
		s.write("config", text)
		out, err := s.try("", "config", "-z", "--no-includes", "-f", "config", "--list")
		values, line := parseConfig(text)
		if (line > 0) != (err != nil) {
			t.Errorf("%q: stopped at line %d; git: %v", text, line, err)
			continue
		}
		want := map[string]string{}
		for item := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
			if key, value, ok := strings.Cut(item, "\n"); ok {
				want[key] = value
			} else if key != "" {
				want[key] = "true"
			}
		}
		for key, value := range want {
			if err == nil && values[key] != value {
				t.Errorf("%q: %s is %q, git has %q", text, key, values[key], value)
			}
		}
		if err == nil && len(values) != len(want) {
			t.Errorf("%q: %q, git has %q", text, values, want)
		}
	}
}

func TestSHA256(t *testing.T) {
	s := newSandbox(t, "--object-format=sha256")
	s.write("a", "a")
	want := s.commit("one")
	r := s.open()
	if h, err := r.Resolve(want.String()[:9]); err != nil || h != want || r.Format() != object.SHA256 {
		t.Errorf("%s, %v", h, err)
	}
}
