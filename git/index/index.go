// Package index reads the index of a git repository: what is staged, and with it what is
// tracked. It knows the versions 2, 3 and 4, split and sparse indexes, and both object
// formats (gitformat-index(5) of git 2.51, 2025-08).
package index

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// ErrCorrupt is in the chain of every error that says that an index is not as it must be.
var ErrCorrupt = errors.New("the index is corrupt")

// An Entry is one line of the index.
type Entry struct {
	Path         string // with slashes, as stored: it may be hostile and is never to be opened unchecked
	Mode         uint32 // as in a tree: 0100644, 0100755, 0120000, 0160000, and 0040000 for a sparse directory
	Hash         object.Hash
	Stage        int  // 0, or 1 to 3 for a path in conflict
	SkipWorktree bool // sparse checkout: not expected in the working tree
	IntentToAdd  bool // "git add -N": tracked, but its content isn't staged
}

// An Index is a parsed index. It is safe for concurrent use.
type Index struct {
	// Entries are in the order of their paths, then of their stages.
	Entries []Entry
}

// Parse reads an index. For a split index it asks shared for the bytes of the file that
// holds the other part, sharedindex.<hash> beside the index; shared may be nil, and then
// such an index is an error. A checksum of zeros (index.skipHash) is taken for none.
func Parse(data []byte, f object.Format, shared func(h object.Hash) ([]byte, error)) (*Index, error) {
	p, err := parse(data, f, nil)
	if err != nil {
		return nil, fmt.Errorf("read the git index: %w", err)
	}
	if !p.base.IsZero() {
		if err := p.join(shared); err != nil {
			return nil, fmt.Errorf("read the git index, split off sharedindex.%s: %w", p.base, err)
		}
	}
	x := &Index{Entries: p.entries}
	byPath := func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Stage, b.Stage))
	}
	if !slices.IsSortedFunc(x.Entries, byPath) {
		slices.SortStableFunc(x.Entries, byPath)
	}
	return x, nil
}
