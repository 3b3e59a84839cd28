package remote

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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

// File fetches what the clone lacks to read one file of a commit, and returns what the commit has there and,
// if that's a blob, what it holds. Without a path it fetches the commit alone. The error wraps fs.ErrNotExist
// if the commit has no such file, ErrUnknown if the server does not have the commit, or ErrDenied,
// ErrUnreachable or ErrLimit.
func (r *Remote) File(ctx context.Context, w Wanted) (object.Entry, []byte, error) {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	entry, text, err := r.file(ctx, w)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		err = r.failed(fmt.Sprintf("fetch commit %.12s from", w.Commit), err)
	}
	return entry, text, err
}

func (r *Remote) file(ctx context.Context, w Wanted) (entry object.Entry, text []byte, err error) {
	if w.Commit.Format() != r.can.format {
		return entry, nil, fmt.Errorf("the server names objects by %v and the clone does not", r.can.format)
	}
	g := &gather{Remote: r, Change: Change{Local: w.Local}}
	if !g.Has(w.Commit) {
		r.bare[w.Commit] = true
	}
	if err := g.one(ctx, w.Commit); err != nil {
		return entry, nil, err
	}
	c, err := readCommit(g, w.Commit)
	if err != nil || w.Path == "" {
		return entry, nil, err
	}
	entry = object.Entry{Mode: modeTree, Hash: c.Tree}
	for name := range strings.SplitSeq(w.Path, "/") {
		if entry, err = g.below(ctx, entry, name); err != nil {
			return object.Entry{}, nil, fmt.Errorf("%s in commit %v: %w", w.Path, w.Commit, err)
		}
	}
	if !entry.IsBlob() {
		return entry, nil, nil
	}
	if err := g.one(ctx, entry.Hash); err != nil {
		return entry, nil, err
	}
	kind, text, err := g.Read(entry.Hash)
	if err == nil && kind != object.KindBlob {
		err = fmt.Errorf("object %v is a %v and should be a blob", entry.Hash, kind)
	}
	return entry, text, err
}

// modeTree is the mode of a directory.
const modeTree = 0o040000

// below fetches a directory, and returns what it has under a name.
func (g *gather) below(ctx context.Context, dir object.Entry, name string) (object.Entry, error) {
	if !dir.IsTree() {
		return dir, fs.ErrNotExist
	}
	if err := g.one(ctx, dir.Hash); err != nil {
		return dir, err
	}
	kind, text, err := g.Read(dir.Hash)
	switch {
	case err != nil:
		return dir, err
	case kind != object.KindTree:
		return dir, fmt.Errorf("object %v is a %v and should be a tree", dir.Hash, kind)
	case len(text) > maxTree:
		return dir, fmt.Errorf("%w: directory %v has %d bytes", ErrLimit, dir.Hash, len(text))
	}
	for e, err := range object.Entries(text, g.can.format) {
		if err != nil {
			return dir, err
		}
		if e.Name == name {
			return e, nil
		}
	}
	return dir, fs.ErrNotExist
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
