package source

import (
	"context"
	"slices"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// A Clone is what a repository has, as far as can be told without looking at its files.
type Clone struct {
	Format  string // "sha1" or "sha256"
	Shallow bool   // its history ends somewhere
	Partial bool   // it left files with the server
	Depth   int    // of a shallow clone, how many commits HEAD has; 0 where that can't be told
}

// Inspect returns what the repository of the checkout has. Its error is that of a
// repository that is not there or can't be opened, with its code.
func (c *Checkout) Inspect(ctx context.Context) (Clone, error) {
	repo, err := c.whole()
	if err != nil {
		return Clone{}, coded(fault.NotRepository, err)
	}
	found := Clone{Format: repo.Format().String(), Shallow: repo.Shallow(), Partial: repo.Objects().Partial()}
	if found.Shallow {
		found.Depth = depth(ctx, repo)
	}
	return found, nil
}

// depth returns how many commits HEAD has, or 0 where that can't be told.
func depth(ctx context.Context, repo *git.Repo) int {
	head, err := repo.Resolve("HEAD")
	if err != nil {
		return 0
	}
	span, err := repo.Range(ctx, []object.Hash{head}, nil)
	if err != nil {
		return 0
	}
	return len(span.Commits)
}

// Foreseen returns the gaps that a plan knows of before anything is looked at.
func Foreseen(plan scan.Source) []*scan.Gap {
	switch p := plan.(type) {
	case *tree:
		return slices.Clone(p.gaps)
	case *commitRange:
		return slices.Clone(p.gaps)
	case none:
		return slices.Clone(p.gaps)
	case *history:
		return p.foreseen()
	case bare:
		return append(slices.Clone(p.files.gaps), p.history.foreseen()...)
	}
	return nil
}

// foreseen returns what the history lacks.
func (h *history) foreseen() []*scan.Gap {
	var gaps []*scan.Gap
	for _, note := range h.repo.Objects().Notes() {
		gaps = append(gaps, &scan.Gap{Why: coded(fault.DamagedObject, note)})
	}
	if h.repo.Shallow() {
		gaps = append(gaps, &scan.Gap{Why: fault.New(fault.ShallowHistory, "this is a shallow clone: the history before its first commits is not here; fetch it, such as with fetch-depth: 0")})
	}
	return gaps
}
