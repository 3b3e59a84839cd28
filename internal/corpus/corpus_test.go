package main

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/realgit"
)

// sum returns the digest of a tree's names and contents, and how much it holds.
func sum(t *testing.T, dir string) (digest [sha256.Size]byte, files, size int) {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files, size = files+1, size+len(text)
		_, _ = io.WriteString(h, path+"\x00"+string(text)) // a hash never fails
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil)), files, size
}

// What is made is the same each time, and as much as was asked for.
func TestTrees(t *testing.T) {
	for _, args := range [][]string{{"tree", "1"}, {"files", "3000"}} {
		var seen [2][sha256.Size]byte
		for i := range seen {
			dir := t.TempDir()
			if err := run([]string{args[0], dir, args[1]}, io.Discard); err != nil {
				t.Fatal(err)
			}
			var files, size int
			seen[i], files, size = sum(t, dir)
			if args[0] == "tree" && (size < 1<<20 || size > 3<<20) || args[0] == "files" && files != 3000 {
				t.Errorf("%v: %d files of %d bytes", args, files, size)
			}
		}
		if seen[0] != seen[1] {
			t.Errorf("%v: made something else the second time", args)
		}
	}
}

// made returns what the program writes for some arguments.
func made(t *testing.T, args ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// git runs git, and returns what it says without the blanks around.
func git(t *testing.T, dir, stdin, args string) string {
	t.Helper()
	return strings.TrimSpace(realgit.Run(t, dir, stdin, strings.Fields(args)...))
}

// Git takes the histories, and finds in them what was asked for.
func TestHistories(t *testing.T) {
	for _, c := range []struct {
		args []string
		ask  string
		want string
	}{
		{[]string{"history", "250"}, "rev-list --count main", "250"},
		{[]string{"blobs", "3", "5000"}, "cat-file -s main:d0/b2", "5000"},
	} {
		dir := t.TempDir()
		git(t, dir, "", "init -q --bare -b main")
		git(t, dir, made(t, c.args...), "fast-import --quiet")
		if got := git(t, dir, "", c.ask); got != c.want {
			t.Errorf("%v: git %s is %s, want %s", c.args, c.ask, got, c.want)
		}
	}
}

// A history of files that are there is the same each time, has what they hold, the versions
// of a module at one path, and goes on in another round.
func TestPast(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root")
	first, second := strings.Repeat("package one\n", 30), strings.Repeat("package two\n", 30)
	for name, text := range map[string]string{
		"m@v1.0.0/a.go": first, "m@v1.1.0/a.go": second, "b/@types/c.js": first,
		"cache/d.go": first, "e.png": first, "f\".go": first, "g.go": "",
	} {
		if err := write(filepath.Join(root, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	git(t, dir, "", "init -q --bare -b main")
	for _, round := range []string{"1", "2"} {
		stream := made(t, "past", round, "20", root)
		if stream != made(t, "past", round, "20", root) {
			t.Errorf("round %s: something else the second time", round)
		}
		git(t, dir, stream, "fast-import --quiet")
	}
	if got := git(t, dir, "", "rev-list --count main"); got != "40" {
		t.Errorf("%s commits, want 40", got)
	}
	want := "part1/root/b/@types/c.js\npart1/root/m/a.go\npart2/root/b/@types/c.js\npart2/root/m/a.go"
	if got := git(t, dir, "", "ls-tree -r --name-only main"); got != want {
		t.Errorf("the files are\n%s\nwant\n%s", got, want)
	}
	all := git(t, dir, "", "cat-file --batch-all-objects --batch")
	for _, text := range []string{first, second} {
		if !strings.Contains(all, "\n"+text) {
			t.Errorf("no object is as the file was:\n%s", text)
		}
	}
	if err := run([]string{"past", "1", "20", t.TempDir()}, io.Discard); err == nil {
		t.Error("no error where there are no files")
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"tree"}, {"tree", "1"}, {"history", "x"}, {"blobs", "x", "1"}, {"past", "x", "1", "."}, {"past", "1", "1"}, {"forest", "a", "1"}} {
		if err := run(args, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

// The literals are regular expressions, each once, and there are some.
func TestLiterals(t *testing.T) {
	var out strings.Builder
	if err := run([]string{"literals"}, &out); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(out.String()) {
		if _, err := regexp.Compile(strings.TrimSuffix(line, "\n")); err != nil || seen[line] {
			t.Errorf("%q: %v, seen before: %v", line, err, seen[line])
		}
		seen[line] = true
	}
	if len(seen) < 5 {
		t.Errorf("there are %d", len(seen))
	}
}
