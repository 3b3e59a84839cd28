package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// A Wanted file is one of a commit's, of which the clone lacks something.
type Wanted struct {
	// Local is the clone.
	Local Objects
	// Commit is one of the server, which the clone need not have.
	Commit object.Hash
	// Path leads to the file from the top of the commit's tree, with slashes; empty for the
	// commit alone.
	Path string
}

// File fetches what the clone lacks to read one file of a commit: the commit, the
// directories on the way, the blob. That a commit has no such file is no error here: who
// looks for it finds that out. The error wraps ErrUnknown if the server does not have the
// commit, and ErrDenied, ErrUnreachable or ErrLimit.
func (r *Remote) File(ctx context.Context, w Wanted) error {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	if err := r.file(ctx, w); err != nil {
		return r.failed(fmt.Sprintf("fetch commit %.12s from", w.Commit), err)
	}
	return nil
}

func (r *Remote) file(ctx context.Context, w Wanted) error {
	if w.Commit.Format() != r.can.format {
		return fmt.Errorf("the server names objects by %v and the clone does not", r.can.format)
	}
	g := &gather{Remote: r, Change: Change{Local: w.Local}}
	if err := g.one(ctx, w.Commit); err != nil {
		return err
	}
	c, err := readCommit(g, w.Commit)
	if err != nil || w.Path == "" {
		return err
	}
	at := c.Tree
	for name := range strings.SplitSeq(w.Path, "/") {
		if err := g.one(ctx, at); err != nil {
			return err
		}
		kind, text, err := g.Read(at)
		if err != nil || kind != object.KindTree || len(text) > maxTree {
			return err // what is there is no directory that can be gone through
		}
		var found []object.Hash
		for e, err := range object.Entries(text, r.can.format) {
			if err != nil {
				return nil // a crafted tree: whoever reads it says so
			}
			if e.Name == name && !e.IsGitlink() {
				found = append(found, e.Hash)
			}
		}
		if len(found) == 0 {
			return nil
		}
		at = found[0]
	}
	return g.one(ctx, at)
}

// one fetches an object by its name, unless it is here.
func (g *gather) one(ctx context.Context, h object.Hash) error {
	if g.Has(h) {
		return nil
	}
	_, err := g.fetch(ctx, request{without: noTrees, wants: []object.Hash{h}, depth: 1, done: true})
	refusal := new(said)
	switch {
	case errors.As(err, &refusal) && strings.Contains(refusal.text, h.String()):
		return fmt.Errorf("object %v: %w: %w", h, ErrUnknown, err)
	case err != nil:
		return err
	case !g.Has(h):
		return fmt.Errorf("object %v: %w", h, ErrUnknown)
	}
	return nil
}
