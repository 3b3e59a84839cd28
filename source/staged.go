package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/index"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// staged is what the next commit would bring: what the index has and HEAD has not.
type staged struct {
	*news
	index *index.Index
	head  object.Hash // zero before the first commit
}

// newStaged reads the index of repo, or the one at a path where that is not empty.
func newStaged(repo *git.Repo, finder *scan.Finder, at string) (*staged, error) {
	s := &staged{news: newNews(repo, finder)}
	var err error
	if at == "" {
		s.index, err = repo.Index()
	} else {
		s.index, err = repo.IndexAt(at)
	}
	if err != nil {
		return nil, err
	}
	s.head, err = repo.Resolve("HEAD")
	if err != nil && !errors.Is(err, git.ErrUnborn) {
		return nil, err
	}
	return s, nil
}

// Scanned implements scan.Source.
func (s *staged) Scanned() scan.Scanned {
	scanned := scan.Scanned{Mode: "staged"}
	if !s.head.IsZero() {
		scanned.Base = s.head.String()
	}
	return scanned
}

// Each implements scan.Source.
func (s *staged) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	before := s.committed(ctx, miss)
	called := s.called(look)
	stage := func(path string, blob object.Hash) {
		was := before[path]
		delete(before, path)
		if was != blob {
			called.add(scan.Place{Path: path})
			s.add(scan.Place{Path: path}, blob, []object.Hash{was})
		}
	}
	for _, e := range s.index.Entries {
		switch kind := (object.Entry{Mode: e.Mode}); {
		case e.IntentToAdd:
			delete(before, e.Path)
		case kind.IsBlob():
			stage(e.Path, e.Hash)
		case kind.IsTree():
			s.sparse(ctx, e, stage, miss)
		}
	}
	for path, blob := range before {
		s.remove(scan.Place{Path: path}, []object.Hash{blob})
	}
	called.flush()
	each(ctx, jobs, s.order, func(f *fresh) {
		b := s.blob(f)
		b.Beside = s.beside
		look(b)
	})
}

// sparse calls stage for each file of a directory that a sparse index holds as a whole.
func (s *staged) sparse(ctx context.Context, dir index.Entry, stage func(path string, blob object.Hash), miss func(*scan.Gap)) {
	for f, err := range files(ctx, s.repo, dir) {
		if err != nil {
			miss(&scan.Gap{Place: scan.Place{Path: f.Path}, Why: stored(fmt.Errorf("reading what is staged in a sparse directory: %w", err))})
			continue
		}
		stage(f.Path, f.Hash)
	}
}

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

// committed returns the blobs of HEAD by path.
func (s *staged) committed(ctx context.Context, miss func(*scan.Gap)) map[string]object.Hash {
	files := map[string]object.Hash{}
	if s.head.IsZero() {
		return files
	}
	head, err := s.repo.Commit(s.head)
	if err != nil {
		miss(&scan.Gap{Why: stored(fmt.Errorf("reading HEAD, so that all that is staged counts as new: %w", err))})
		return files
	}
	s.bounds = []object.Hash{head.Tree}
	for f, err := range s.repo.Files(ctx, head.Tree) {
		if err != nil {
			miss(&scan.Gap{Place: scan.Place{Path: f.Path}, Why: stored(fmt.Errorf("reading HEAD, so that what is staged there counts as new: %w", err))})
			continue
		}
		files[f.Path] = f.Hash
	}
	return files
}
