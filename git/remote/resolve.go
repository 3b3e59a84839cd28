package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

const (
	// minAbbrev is the shortest abbreviation that is looked for. Bitbucket shortens to 12.
	minAbbrev = 7
	// The depths of history that an abbreviation is looked for in, one after the other.
	// Commits alone take some 300 bytes each; servers that can't send commits alone are
	// asked for the first depth alone.
	shallowSearch, deeperSearch, deepestSearch = 64, 1024, 16384
)

// Resolve finds the commit that name means on the server: "HEAD" (the default branch), a full
// ref name such as "refs/heads/main", or the name of a branch or tag. Annotated tags are
// followed. The error wraps ErrUnknown if there is none.
func (r *Remote) Resolve(ctx context.Context, name string) (object.Hash, error) {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	found, err := r.resolve(ctx, name)
	if err != nil {
		return object.Hash{}, r.failed(fmt.Sprintf("look up %q on", name), err)
	}
	return found, nil
}

func (r *Remote) resolve(ctx context.Context, name string) (object.Hash, error) {
	if name == "" || strings.ContainsAny(name, "\n\x00") {
		return object.Hash{}, errors.New("it is no name of a ref")
	}
	candidates := []string{name}
	if name != "HEAD" && !strings.HasPrefix(name, "refs/") {
		candidates = []string{"refs/heads/" + name, "refs/tags/" + name}
	}
	refs, err := r.refs(ctx, candidates...)
	if err != nil {
		return object.Hash{}, err
	}
	for _, c := range candidates {
		// A prefix also brings the refs whose names are longer.
		if i := slices.IndexFunc(refs, func(f ref) bool { return f.name == c }); i >= 0 {
			return refs[i].hash, nil
		}
	}
	return object.Hash{}, ErrUnknown
}

// Expand finds the commit whose name begins with the given hexadecimal digits, seven or
// more: among the tips of the server's branches, and in the history of the branch, which is
// named as in Resolve and may be empty for the default branch. The error
// wraps ErrUnknown if it is not there, and says so if there are several.
func (r *Remote) Expand(ctx context.Context, digits, branch string) (object.Hash, error) {
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	found, err := r.expand(ctx, strings.ToLower(digits), branch)
	if err != nil {
		return object.Hash{}, r.failed(fmt.Sprintf("look up commit %q on", digits), err)
	}
	return found, nil
}

func (r *Remote) expand(ctx context.Context, digits, branch string) (object.Hash, error) {
	if h, err := object.ParseHash(digits); err == nil && h.Format() == r.can.format {
		return h, nil
	}
	if len(digits) < minAbbrev || strings.Trim(digits, "0123456789abcdef") != "" {
		return object.Hash{}, fmt.Errorf("it is no object name, nor %d or more digits of one", minAbbrev)
	}
	refs, err := r.refs(ctx, "refs/heads/")
	if err != nil {
		return object.Hash{}, err
	}
	var tips []object.Hash
	for _, f := range refs {
		tips = append(tips, f.hash)
	}
	if found, err := only(tips, digits); err == nil || !errors.Is(err, ErrUnknown) {
		return found, err
	}
	if branch == "" {
		branch = "HEAD"
	}
	tip, err := r.resolve(ctx, branch)
	if err != nil {
		return object.Hash{}, fmt.Errorf("branch %q: %w", branch, err)
	}
	for _, depth := range []int{shallowSearch, deeperSearch, deepestSearch} {
		p, err := r.fetch(ctx, request{wants: []object.Hash{tip}, depth: depth, done: true})
		if err != nil {
			return object.Hash{}, err
		}
		history, whole, err := r.history(tip)
		if err != nil {
			return object.Hash{}, err
		}
		found, err := only(history, digits)
		if err == nil || !errors.Is(err, ErrUnknown) || whole || r.filters > noTrees || len(p.fetched) < depth {
			return found, err
		}
	}
	return object.Hash{}, ErrUnknown
}

// only is the one of the names that begins with digits.
func only(names []object.Hash, digits string) (found object.Hash, err error) {
	for _, h := range names {
		switch {
		case !strings.HasPrefix(h.String(), digits) || h == found:
		case !found.IsZero():
			return object.Hash{}, fmt.Errorf("it can be %v or %v; give the commit in full", found, h)
		default:
			found = h
		}
	}
	if found.IsZero() {
		return found, ErrUnknown
	}
	return found, nil
}

// history lists the commits from tip on that were fetched, and tells whether that is all.
func (r *Remote) history(tip object.Hash) (list []object.Hash, whole bool, err error) {
	whole = true
	seen := map[object.Hash]bool{tip: true}
	for todo := []object.Hash{tip}; len(todo) > 0; {
		h := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		list = append(list, h) // a parent that wasn't fetched can be the one, too
		if r.db == nil || !r.db.Has(h) {
			whole = false
			continue
		}
		c, err := readCommit(r.db, h)
		if err != nil {
			return nil, false, err
		}
		for _, parent := range c.Parents {
			if !seen[parent] {
				seen[parent] = true
				todo = append(todo, parent)
			}
		}
	}
	return list, whole, nil
}

// readCommit reads a commit from a database.
func readCommit(from Objects, h object.Hash) (*object.Commit, error) {
	kind, text, err := from.Read(h)
	if err != nil {
		return nil, err
	}
	if kind != object.KindCommit {
		return nil, fmt.Errorf("object %v is a %v and not a commit", h, kind)
	}
	return object.ParseCommit(h, text)
}

// find is where h is in a list in order.
func find(list []object.Hash, h object.Hash) (int, bool) {
	return slices.BinarySearchFunc(list, h, object.Hash.Compare)
}
