package ignore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/realgit"
)

// walk returns every path below dir that the package says is ignored.
func walk(t *testing.T, s *Stack, dir, rel string) []string {
	t.Helper()
	var ignored []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == ".git" {
			continue
		}
		path := rel + e.Name()
		if s.Ignored(e.Name(), e.IsDir()) {
			ignored = append(ignored, path)
		}
		if e.IsDir() {
			sub := filepath.Join(dir, e.Name())
			ignored = append(ignored, walk(t, s.Enter(e.Name(), ignoreFile(t, sub)), sub, path+"/")...)
		}
	}
	return ignored
}

func ignoreFile(t *testing.T, dir string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return data
}

func git(t *testing.T, dir string, stdin []byte, args ...string) []byte {
	t.Helper()
	out, err := realgit.Try(dir, string(stdin), nil, args...)
	none := new(exec.ExitError)
	if err != nil && !(args[0] == "check-ignore" && errors.As(err, &none) && none.ExitCode() == 1) {
		t.Fatal(err)
	}
	return []byte(out)
}

// want asks git which paths below dir are ignored.
func want(t *testing.T, dir string) []string {
	t.Helper()
	var paths bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		if d.Name() == ".git" {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(dir, path)
		paths.WriteString("./" + rel + "\x00")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var ignored []string
	for path := range bytes.SplitSeq(git(t, dir, paths.Bytes(), "check-ignore", "--no-index", "-z", "--stdin"), []byte{0}) {
		if len(path) > 0 {
			ignored = append(ignored, strings.TrimPrefix(string(path), "./"))
		}
	}
	return ignored
}

func compare(t *testing.T, dir string) int {
	t.Helper()
	exclude, err := os.ReadFile(filepath.Join(dir, ".git/info/exclude"))
	if err != nil {
		t.Fatal(err)
	}
	got, want := walk(t, New(exclude, ignoreFile(t, dir)), dir, ""), want(t, dir)
	slices.Sort(got)
	slices.Sort(want)
	bad := 0
	tell := func(path, what string) {
		if bad++; bad <= 10 {
			top, _, _ := strings.Cut(path, "/")
			t.Errorf("%q: %s; %s/.gitignore is %q, a's %q", path, what, top, ignoreFile(t, filepath.Join(dir, top)), ignoreFile(t, filepath.Join(dir, top, "a")))
		}
	}
	for _, p := range got {
		if _, ok := slices.BinarySearch(want, p); !ok {
			tell(p, "ignored here, not by git")
		}
	}
	for _, p := range want {
		if _, ok := slices.BinarySearch(got, p); !ok {
			tell(p, "ignored by git, not here")
		}
	}
	return len(want)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestAgainstGit grows trees at random and compares with git what their ignore files, made
// of the same few letters at random, ignore.
func TestAgainstGit(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q")
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	names := []string{"a", "b", "ab", "ba", "a.c", "b.c", ".a", "A", "c b", "a ", "#a", "!a", "[a]", "a-b", "é", `\a`, "a1", "*", "foo", "foobar"}
	parts := []string{"a", "b", "c", ".", "*", "*", "**", "/", "/", "**/", "/**", "/**/", "?", "[a-b]", "[!a]", "[^b]", "[]a]", "[a", "[[:alpha:]]", "[[:digit:]x]", "[[:nope:]]", "[a-", `[\a-\c]`, `\`, `\*`, "!", "#", " ", `\ `, "\t", "foo", "bar", "é", "-", "\x00", "[[:a]", "[--a]", `\/`}
	file := func() string {
		var b strings.Builder
		if rng.IntN(9) == 0 {
			b.WriteString("\xef\xbb\xbf")
		}
		for range 1 + rng.IntN(5) {
			if rng.IntN(4) == 0 {
				b.WriteString("!")
			}
			for range 1 + rng.IntN(5) {
				b.WriteString(pick(parts))
			}
			b.WriteString(pick([]string{"\n", "\n", "\n", "\r\n", "/\n", "  \n", "\n\n", ""}))
		}
		return b.String()
	}
	write(t, filepath.Join(dir, ".git/info/exclude"), "# a comment\n/r1/a\n*.c\n!r2/**/b.c\nr3/\n")
	for r := range 300 {
		root := filepath.Join(dir, fmt.Sprintf("r%d", r))
		dirs := []string{root}
		for range 12 {
			at := filepath.Join(dirs[rng.IntN(len(dirs))], pick(names))
			if rng.IntN(2) == 0 {
				if os.MkdirAll(at, 0o755) == nil {
					dirs = append(dirs, at)
				}
			} else if _, err := os.Lstat(at); err != nil {
				write(t, at, "")
			}
		}
		write(t, filepath.Join(root, ".gitignore"), file())
		if a := filepath.Join(root, "a"); slices.Contains(dirs, a) {
			write(t, filepath.Join(a, ".gitignore"), file())
		}
	}
	if n := compare(t, dir); n < 300 {
		t.Errorf("git ignores %d paths of all: the trees show too little", n)
	}
}

// TestClasses compares every ASCII byte in every kind of class with git.
func TestClasses(t *testing.T) {
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q")
	for _, kind := range []string{"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"} {
		for b := 1; b < 256; b++ {
			if b != '/' && b != '.' {
				write(t, filepath.Join(dir, kind, string([]byte{byte(b)})), "")
			}
		}
		write(t, filepath.Join(dir, kind, ".gitignore"), "[[:"+kind+":]]\n")
	}
	compare(t, dir)
}

func TestEnterIgnored(t *testing.T) {
	s := New(nil, []byte("out/\n"))
	in := s.Enter("out", []byte("!keep\n"))
	if !in.Ignored("keep", false) || !in.Enter("deep", []byte("!*\n")).Ignored("keep", false) {
		t.Error("a file in an ignored directory was included again")
	}
	if s.Enter("in", nil).Ignored("keep", false) {
		t.Error("a file in a directory without patterns is ignored")
	}
	if new(Stack).Enter("a", nil).Ignored("b", true) {
		t.Error("the zero Stack ignores something")
	}
}

// TestHostilePatterns would not end if a pattern could take exponential time.
func TestHostilePatterns(t *testing.T) {
	text := strings.Repeat("a", 250)
	path := strings.Repeat("a/", 120) + "a"
	for _, tt := range []struct{ pattern, text string }{
		{strings.Repeat("*a", 60) + "b", text},
		{"x/../" + strings.Repeat("**/", 60) + "b", path},
		{"/" + strings.Repeat("**/*a", 60) + "b", path},
		{"/" + strings.Repeat("[!b]*", 60) + "/**/b", path},
	} {
		p, ok := compile(tt.pattern)
		if !ok || p.match(tt.text) {
			t.Errorf("%.30q matches", tt.pattern)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	for _, seed := range []string{"*.o\n!/a/**/b\n", "[a-z]?\\*/\n", "[[:alpha:]\n[]-a]\\", "\xef\xbb\xbf#x\r\n**\r\n \\ \n"} {
		f.Add([]byte(seed), "a.o")
	}
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		if len(file) > 4096 || len(name) > 256 {
			t.Skip("no longer than what a test can wait for")
		}
		s := New(file, file).Enter("a", nil)
		if s.Ignored(name, false) && !s.Ignored(name, true) && !bytes.Contains(file, []byte("/")) {
			t.Error("a file is ignored and a directory of that name isn't, and nothing tells them apart")
		}
	})
}
