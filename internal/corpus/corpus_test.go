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
		git := func(stdin, args string) string {
			return strings.TrimSpace(realgit.Run(t, dir, stdin, strings.Fields(args)...))
		}
		var stream strings.Builder
		if err := run(c.args, &stream); err != nil {
			t.Fatal(err)
		}
		git("", "init -q --bare -b main")
		git(stream.String(), "fast-import --quiet")
		if got := git("", c.ask); got != c.want {
			t.Errorf("%v: git %s is %s, want %s", c.args, c.ask, got, c.want)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"tree"}, {"tree", "1"}, {"history", "x"}, {"blobs", "x", "1"}, {"forest", "a", "1"}} {
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
