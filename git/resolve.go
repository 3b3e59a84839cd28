package git

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Resolve returns the commit that a revision names: a full or abbreviated hash, HEAD or @, a ref in full
// or short (with git's precedence: as it stands, then refs/, tags, branches, remote
// branches), what git-describe says, and any of these with ~n, ^n, ^{commit}, ^{} or ^0
// behind it; tags are peeled. An error is ErrUnknownRevision, ErrUnborn, ErrAmbiguous,
// ErrMissing (the name is known, or is a full hash, but its object isn't here) or ErrNotCommit,
// or it says which other form of gitrevisions(7) isn't understood.
func (r *Repo) Resolve(rev string) (object.Hash, error) { return r.resolve(rev, r.lookup) }

// ResolveHash is Resolve for a revision that begins with a hash, in full or abbreviated. A ref
// that goes by it doesn't count: anybody who pushes can call one by the first digits of
// a commit that others are about to ask for.
func (r *Repo) ResolveHash(rev string) (object.Hash, error) {
	return r.resolve(rev, func(base string) (object.Hash, error) {
		if h, ok := r.whole(base); ok {
			return h, nil
		}
		return r.abbreviated(base)
	})
}

// resolve is Resolve, of which lookup finds the object that the steps begin at.
func (r *Repo) resolve(rev string, lookup func(base string) (object.Hash, error)) (object.Hash, error) {
	base, steps := rev, ""
	if i := strings.IndexAny(rev, "^~"); i >= 0 {
		base, steps = rev[:i], rev[i:]
	}
	if strings.Contains(rev, "@{") || strings.Contains(rev, ":") || strings.Contains(rev, "..") || base == "" || strings.HasPrefix(base, "-") {
		return object.Hash{}, fmt.Errorf("%w %q: give a hash, a branch, a tag or a ref, with ~n or ^n behind it if need be", ErrUnknownRevision, rev)
	}
	h, err := lookup(base)
	if err != nil {
		return object.Hash{}, fmt.Errorf("revision %q: %w", rev, err)
	}
	if h, err = r.peel(h); err != nil {
		return object.Hash{}, fmt.Errorf("revision %q: %w", rev, err)
	}
	for steps != "" {
		if h, steps, err = r.step(h, steps); err != nil {
			return object.Hash{}, fmt.Errorf("revision %q: %w", rev, err)
		}
	}
	return h, nil
}

// lookup returns the object that a revision without steps names.
func (r *Repo) lookup(base string) (object.Hash, error) {
	if base == "@" {
		base = "HEAD"
	}
	if h, ok := r.whole(base); ok {
		return h, nil
	}
	for _, rule := range [][2]string{{"", ""}, {"refs/", ""}, {"refs/tags/", ""}, {"refs/heads/", ""}, {"refs/remotes/", ""}, {"refs/remotes/", "/HEAD"}} {
		ref, ok, err := r.lookupRef(rule[0] + base + rule[1])
		if err != nil {
			return object.Hash{}, err
		}
		if ok {
			return ref.Hash, nil
		}
	}
	if i := strings.LastIndex(base, "-g"); i > 0 { // as git-describe says it
		if h, err := r.abbreviated(base[i+2:]); err == nil {
			return h, nil
		}
	}
	return r.abbreviated(base)
}

// whole returns the hash that a revision is in full.
func (r *Repo) whole(base string) (object.Hash, bool) {
	if len(base) != 2*r.format.Size() {
		return object.Hash{}, false
	}
	h, err := object.ParseHash(base)
	return h, err == nil
}

// abbreviated returns the one commit, or tag of a commit, whose hash begins so.
func (r *Repo) abbreviated(digits string) (object.Hash, error) {
	const least = 4 // as in git
	if len(digits) < least || len(digits) >= 2*r.format.Size() || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return object.Hash{}, fmt.Errorf("%w: no hash, branch, tag or other ref goes by it", ErrUnknownRevision)
	}
	found, err := r.objects.Abbrev(strings.ToLower(digits))
	if err != nil {
		return object.Hash{}, err
	}
	if len(found) == 0 {
		return object.Hash{}, fmt.Errorf("%w: no branch or tag goes by it and no hash here begins so", ErrUnknownRevision)
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var commits []object.Hash
	for _, h := range found {
		if _, err := r.peel(h); err == nil {
			commits = append(commits, h)
		}
	}
	switch len(commits) {
	case 1:
		return commits[0], nil
	case 0:
		return object.Hash{}, fmt.Errorf("%w: %d objects' hashes begin so, and none is a commit's", ErrNotCommit, len(found))
	}
	return object.Hash{}, fmt.Errorf("%w: it is short for %s; give more digits", ErrAmbiguous, join(commits))
}

func join(hashes []object.Hash) string {
	const most = 10
	var b strings.Builder
	for i, h := range hashes {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == most {
			fmt.Fprintf(&b, "%d more", len(hashes)-most)
			break
		}
		b.WriteString(h.String())
	}
	return b.String()
}

// maxTags is how many tags of tags are followed.
const maxTags = 100

// peel follows annotated tags to the commit.
func (r *Repo) peel(h object.Hash) (object.Hash, error) {
	for range maxTags {
		kind, _, err := r.objects.Stat(h)
		if err != nil {
			return h, err
		}
		switch kind {
		case object.KindCommit:
			return h, nil
		case object.KindTag:
			tag, err := r.readTag(h)
			if err != nil {
				return h, err
			}
			h = tag.Object
		default:
			return h, fmt.Errorf("%w: %s is a %s", ErrNotCommit, h, kind)
		}
	}
	return h, fmt.Errorf("%w: it is a tag of a tag, more than %d deep", ErrNotCommit, maxTags)
}

// step goes from a commit as far as the first step says, and returns the steps left.
func (r *Repo) step(h object.Hash, steps string) (object.Hash, string, error) {
	op := steps[0]
	rest := steps[1:]
	if op == '^' && strings.HasPrefix(rest, "{") {
		kind, after, ok := strings.Cut(rest[1:], "}")
		if !ok || kind != "" && kind != "commit" && kind != "object" {
			return h, "", fmt.Errorf("%w: ^{…} can only be ^{commit} or ^{}, a commit is wanted", ErrNotCommit)
		}
		return h, after, nil
	}
	digits := rest
	if end := strings.IndexAny(rest, "^~"); end >= 0 {
		digits = rest[:end]
	}
	n := 1
	if digits != "" {
		var err error
		if n, err = strconv.Atoi(digits); err != nil || digits[0] < '0' || '9' < digits[0] {
			return h, "", fmt.Errorf("%w: %q is no number of steps", ErrUnknownRevision, digits)
		}
	}
	rest = rest[len(digits):]
	if op == '^' {
		if n == 0 {
			return h, rest, nil
		}
		h, err := r.parent(h, n)
		return h, rest, err
	}
	for range n {
		var err error
		if h, err = r.parent(h, 1); err != nil {
			return h, rest, err
		}
	}
	return h, rest, nil
}

// parent returns the nth parent of a commit, from 1.
func (r *Repo) parent(h object.Hash, n int) (object.Hash, error) {
	c, err := r.Commit(h)
	if err != nil {
		return h, err
	}
	if n <= len(c.Parents) {
		parent := c.Parents[n-1]
		if r.IsShallow(h) && !r.objects.Has(parent) {
			return h, fmt.Errorf("it leads past %s, where this shallow clone ends: %w; fetch more of the history", h, ErrMissing)
		}
		return parent, nil
	}
	return h, fmt.Errorf("%w: commit %s has %d parents", ErrUnknownRevision, h, len(c.Parents))
}

// readTag reads an annotated tag. If it's there and can't be read, the error is ErrBadRef.
func (r *Repo) readTag(h object.Hash) (*object.Tag, error) {
	kind, data, err := r.objects.Read(h)
	if errors.Is(err, ErrMissing) {
		return nil, err
	}
	if err == nil && kind != object.KindTag {
		err = fmt.Errorf("object %s is a %s and should be a tag", h, kind)
	}
	var tag *object.Tag
	if err == nil {
		tag, err = object.ParseTag(h, data)
	}
	if err != nil {
		return nil, &refError{err}
	}
	return tag, nil
}
