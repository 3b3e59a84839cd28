package source

import (
	"cmp"
	"context"

	"github.com/bbkeys/bbkeys/scan"
)

// bare is a folder that is a repository and has no working tree, as a mirror has none: its
// history is what it stands for. Its files are looked at as those of any other folder, since
// one that a stranger filled can be made to look like a repository.
type bare struct {
	files   *tree
	history *history
}

// Scanned implements scan.Source.
func (b bare) Scanned() scan.Scanned {
	s := b.history.Scanned()
	s.Note = cmp.Or(b.files.scanned.Note, "this repository has no checkout, so its history and its own files were looked at")
	return s
}

// Each implements scan.Source.
func (b bare) Each(ctx context.Context, jobs int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	b.files.Each(ctx, jobs, look, miss)
	b.history.Each(ctx, jobs, look, miss)
}
