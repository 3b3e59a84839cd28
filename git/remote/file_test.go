package remote

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
)

// TestFile fetches single files of commits that a shallow clone does not have.
func TestFile(t *testing.T) {
	for format, filters := range map[string]string{"sha1": "true", "sha256": "false"} {
		t.Run(format, func(t *testing.T) {
			repo := bare(t, format, "uploadpack.allowAnySHA1InWant")
			run(t, repo, "", "config", "uploadpack.allowFilter", filters)
			h := serve(t, repo)
			work := filepath.Join(t.TempDir(), "work")
			run(t, repo, "", "init", "-q", "--object-format="+format, work)
			for i, text := range []string{"first", "second", "third"} {
				for _, name := range []string{"top.yml", "a/b/deep.yml", "a/other"} {
					at := filepath.Join(work, name)
					if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(name+text), 0o644)); err != nil {
						t.Fatal(err)
					}
				}
				run(t, work, "", "add", "-A")
				run(t, work, "", "commit", "-q", "-m", string(rune('a'+i)))
			}
			run(t, work, "", "push", "-q", repo, "HEAD:main")
			first := parse(t, run(t, work, "", "rev-parse", "HEAD~2"))
			dir := clone(t, h, "main", "--depth=1")
			before := digest(t, dir)
			for _, c := range []struct{ path, want string }{
				{"", ""}, {"top.yml", "top.ymlfirst"}, {"a/b/deep.yml", "a/b/deep.ymlfirst"}, {"a/none", ""}, {"top.yml/x", ""}, {"a/b", ""}, {"none/x/y", ""},
			} {
				r := h.connect(t, nil)
				if err := r.File(t.Context(), Wanted{Local: open(t, dir, first.Format()), Commit: first, Path: c.path}); err != nil {
					t.Fatalf("%s, %s: %v", format, c.path, err)
				}
				if got := readFirst(t, dir, r.dir, first, c.path); got != c.want {
					t.Errorf("%s, %s: got %q, want %q", format, c.path, got, c.want)
				}
			}
			gone := parse(t, strings.Repeat("1a", len(first.String())/2))
			err := h.connect(t, nil).File(t.Context(), Wanted{Local: open(t, dir, first.Format()), Commit: gone, Path: "top.yml"})
			if !errors.Is(err, ErrUnknown) {
				t.Errorf("a commit that nobody has: %v", err)
			}
			if digest(t, dir) != before {
				t.Error("the clone was changed")
			}
		})
	}
}

// readFirst returns what a file holds in a commit, as far as the clone and what was fetched
// have it; "" for what is no file.
func readFirst(t *testing.T, dir, fetched string, commit object.Hash, path string) string {
	t.Helper()
	repo, err := git.Open(dir, git.Options{Also: []string{fetched}})
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close() //nolint:errcheck // only read
	c, err := repo.Commit(commit)
	if err != nil {
		t.Fatal(err)
	}
	e, err := repo.Lookup(c.Tree, path)
	if path == "" || err != nil || !e.IsBlob() {
		return ""
	}
	_, text, err := repo.Objects().Read(e.Hash)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
