package remote

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git"
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
			was := digest(t, dir)
			one := h.connect(t, nil)
			for _, c := range []struct {
				path, want string
				none       error
			}{
				{"", "", nil},
				{"top.yml", "top.ymlfirst", nil}, {"a/b/deep.yml", "a/b/deep.ymlfirst", nil}, {"a/none", "", fs.ErrNotExist},
				{"top.yml/x", "", fs.ErrNotExist}, {"a/b", "", nil}, {"none/x/y", "", fs.ErrNotExist},
			} {
				for _, r := range []*Remote{h.connect(t, nil), one} {
					e, text, err := r.File(t.Context(), Wanted{Local: open(t, dir, first.Format()), Commit: first, Path: c.path})
					if !errors.Is(err, c.none) || string(text) != c.want || (e.IsBlob() && !e.Hash.IsZero()) != (c.want != "") {
						t.Errorf("%s, %s: got %v, %q, %v, want %q, %v", format, c.path, e, text, err, c.want, c.none)
					}
				}
			}
			// What came for the files alone doesn't keep the change from being completed.
			c := Change{Local: open(t, dir, first.Format()), Head: parse(t, run(t, work, "", "rev-parse", "HEAD")), Base: first}
			fresh := h.connect(t, nil)
			if _, err := fresh.Complete(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			top := h.connect(t, nil)
			if _, _, err := top.File(t.Context(), Wanted{Local: c.Local, Commit: first, Path: "top.yml"}); err != nil {
				t.Fatal(err)
			}
			before := top.Stats().Requests
			if _, err := top.Complete(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if got, want := top.Stats().Requests-before, fresh.Stats().Requests-1; got > want {
				t.Errorf("%s: it takes %d requests, and %d on a fresh connection", format, got, want)
			}
			done, err := one.Complete(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			full, err := git.Open(work, git.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close() //nolint:errcheck // only read
			check(t, h, full, dir, one, c, done)
			gone := parse(t, strings.Repeat("1a", len(first.String())/2))
			_, _, err = h.connect(t, nil).File(t.Context(), Wanted{Local: open(t, dir, first.Format()), Commit: gone, Path: "top.yml"})
			if !errors.Is(err, ErrUnknown) {
				t.Errorf("a commit that nobody has: %v", err)
			}
			if digest(t, dir) != was {
				t.Error("the clone was changed")
			}
		})
	}
}
