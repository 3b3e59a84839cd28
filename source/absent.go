package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/index"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// files yields the files of a directory that a sparse index holds as one entry, by their paths
// from the root of the repository.
func files(ctx context.Context, repo *git.Repo, dir index.Entry) iter.Seq2[git.File, error] {
	return func(yield func(git.File, error) bool) {
		within := strings.TrimSuffix(dir.Path, "/")
		for f, err := range repo.Files(ctx, dir.Hash) {
			if f.Path = under(within, f.Path); !yield(f, err) {
				return
			}
		}
	}
}

// absent looks at the files that a sparse checkout leaves out of the working tree of repo, which is
// at a path: they are tracked, so their content is that of the index. A clone that lacks them
// too gets one gap for all.
func (w *walker) absent(at string, repo *git.Repo, entries []index.Entry) {
	var left []git.File
	missing := atomic.Int64{}
	for _, e := range entries {
		switch kind := (object.Entry{Mode: e.Mode}); {
		case kind.IsBlob():
			left = append(left, git.File{Path: e.Path, Hash: e.Hash})
		case kind.IsTree():
			for f, err := range files(w.ctx, repo, e) {
				switch {
				case err == nil:
					left = append(left, f)
				case errors.Is(err, git.ErrMissing):
					missing.Add(1)
				default:
					w.miss(&scan.Gap{Place: scan.Place{Path: under(at, f.Path)}, Why: stored(err)})
				}
			}
		}
	}
	each(w.ctx, w.todo.jobs, left, func(f git.File) {
		path := under(at, f.Path)
		if filepath.IsLocal(path) {
			if _, err := os.Lstat(w.at(path)); err == nil {
				return // and the walk comes by it
			}
		}
		if !repo.Objects().Has(f.Hash) {
			missing.Add(1)
			return
		}
		w.look(scan.Blob{Places: []scan.Place{{Path: path}}, Open: func() (io.ReadCloser, error) {
			_, _, r, err := repo.Objects().Stream(f.Hash)
			return opened(r, err)
		}})
	})
	if n := missing.Load(); n > 0 {
		w.gap(at, fault.PartialClone, fmt.Errorf("%d tracked files or folders are neither in this sparse checkout nor in its partial clone; check them out, or clone without --filter", n))
	}
}
