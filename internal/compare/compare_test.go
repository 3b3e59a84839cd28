package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script makes a repository with all that diff-tree tells in ways of its own: a first commit, a merge with a
// resolution, a removal, a changed mode, a link in place of a file, and a submodule.
const script = `
init -q -b main
commit-file a one
commit-file b one
checkout -q -b side
commit-file a side
checkout -q main
commit-file a main
merge -q side
commit-file a resolved
rm -q b
commit -q -m removed
update-index --chmod=+x a
commit -q -m mode
update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module
commit -q -m module
`

func repository(t *testing.T) gitIn {
	t.Helper()
	dir := gitIn(t.TempDir())
	user := []string{"-c", "user.name=a", "-c", "user.email=a@example.com"}
	for command := range strings.Lines(strings.TrimSpace(script)) {
		args := strings.Fields(command)
		if args[0] == "commit-file" {
			if err := os.WriteFile(filepath.Join(string(dir), args[1]), []byte(args[2]), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := dir.run("", "add", args[1]); err != nil {
				t.Fatal(err)
			}
			args = []string{"commit", "-q", "-m", args[2]}
		}
		if _, err := dir.run("", append(slices.Clone(user), args...)...); err != nil && args[0] != "merge" { // which has a conflict
			t.Fatal(err)
		}
	}
	return dir
}

func TestSame(t *testing.T) {
	dir := repository(t)
	c := &comparison{git: dir, rng: rand.New(rand.NewPCG(1, 1))}
	if err := c.run(t.Context(), string(dir), 10, 100); err != nil {
		t.Fatal(err)
	}
	// Of a: one, side, main, resolved; of b: one and removed.
	if c.differences != 0 || len(c.all) != 8 || c.blobs < 4 || c.ranged == 0 || c.changes != 6 {
		t.Errorf("%d differences; %d commits, %d blobs, %d commits in ranges, %d changes", c.differences, len(c.all), c.blobs, c.ranged, c.changes)
	}
}

func TestDiffer(t *testing.T) {
	for _, test := range []struct {
		got, want string
		n         int
	}{{"", "", 0}, {"a b", "a b", 0}, {"a", "", 1}, {"", "a", 1}, {"a c", "b c d", 3}, {"a a", "a", 1}} {
		c := &comparison{}
		c.differ("test", strings.Fields(test.got), strings.Fields(test.want))
		if c.differences != test.n {
			t.Errorf("%q and %q: %d differences, want %d", test.got, test.want, c.differences, test.n)
		}
	}
}
