package git

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// A Ref is a name for an object.
type Ref struct {
	Name   string      // in full: "HEAD", "refs/heads/main"; another worktree's begin with "worktrees/" or "main-worktree/"
	Hash   object.Hash // what it names, symbolic refs followed
	Target string      // the ref that a symbolic ref names; else empty
	Peeled object.Hash // the object behind an annotated tag, where that's known without reading it; else zero
}

// A refStore keeps the refs of a repository, in one of git's two ways.
type refStore interface {
	// get returns what a ref says itself, and whether it's there.
	get(name string) (Ref, bool, error)
	// all yields what each ref of this worktree and the others says itself, in no order, and an
	// error for each that can't be read. A ref can come twice: then the first counts.
	all() iter.Seq2[Ref, error]
}

// maxSymbolic is how many symbolic refs are followed, as in git.
const maxSymbolic = 5

// A refError is an ErrBadRef, in the words of what is wrong.
type refError struct{ error }

// Is implements the interface that errors.Is looks for.
func (e *refError) Is(target error) bool { return target == ErrBadRef }

// Unwrap returns what is wrong.
func (e *refError) Unwrap() error { return e.error }

// led says of a ref what is wrong with what it leads to: that is the ref's fault if there is nothing, unless
// a partial clone left it with the remote.
func led(name string, err error) error {
	err = fmt.Errorf("ref %s: %w", name, err)
	if errors.Is(err, ErrMissing) && !errors.Is(err, odb.ErrPromised) {
		return &refError{err}
	}
	return err
}

// Refs yields every ref, HEAD and what only other worktrees have included, sorted by name, and an error, ErrBadRef, for each
// one that can't be read or leads in a circle. A symbolic ref that leads to nothing is left out.
func (r *Repo) Refs() iter.Seq2[Ref, error] {
	return func(yield func(Ref, error) bool) {
		known := map[string]Ref{}
		var names []string
		for ref, err := range r.refs.all() {
			if err != nil {
				if !yield(Ref{}, &refError{err}) {
					return
				}
				continue
			}
			if _, ok := known[ref.Name]; !ok {
				known[ref.Name] = ref
				names = append(names, ref.Name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			ref := known[name]
			if ref.Target != "" {
				end, ok, err := r.symbolic(ref)
				if err == nil && !ok {
					continue
				}
				if err != nil {
					if !yield(Ref{}, &refError{err}) {
						return
					}
					continue
				}
				ref.Hash, ref.Peeled = end.Hash, end.Peeled
			}
			if !yield(ref, nil) {
				return
			}
		}
	}
}

// lookupRef returns the ref of a full name with its Hash, and whether it names something. An
// unborn branch's ErrUnborn comes from here.
func (r *Repo) lookupRef(name string) (Ref, bool, error) {
	ref, ok, err := r.refs.get(name)
	if err != nil || !ok || ref.Target == "" {
		return ref, ok, err
	}
	end, ok, err := r.symbolic(ref)
	if err != nil {
		return ref, false, err
	}
	if !ok {
		return ref, false, fmt.Errorf("%s names %s: %w", name, ref.Target, ErrUnborn)
	}
	ref.Hash, ref.Peeled = end.Hash, end.Peeled
	return ref, true, nil
}

// symbolic follows a symbolic ref to the ref that names an object.
func (r *Repo) symbolic(ref Ref) (Ref, bool, error) {
	name := ref.Name
	for range maxSymbolic {
		if ref.Target == "" {
			return ref, true, nil
		}
		var ok bool
		var err error
		prefix := ""
		if worktree, _, found := cutWorktree(ref.Name); found && perWorktree(ref.Target) {
			prefix = worktree
		}
		if ref, ok, err = r.refs.get(prefix + ref.Target); err != nil || !ok {
			return ref, false, err
		}
	}
	if ref.Target == "" {
		return ref, true, nil
	}
	return ref, false, fmt.Errorf("ref %s: it leads on through more than %d symbolic refs, or in a circle", name, maxSymbolic)
}

// cutWorktree splits the name of another worktree's ref, as "worktrees/w/HEAD", before the ref's own name.
func cutWorktree(name string) (worktree, own string, found bool) {
	if own, ok := strings.CutPrefix(name, "main-worktree/"); ok {
		return name[:len(name)-len(own)], own, true
	}
	if rest, ok := strings.CutPrefix(name, "worktrees/"); ok {
		if _, own, ok := strings.Cut(rest, "/"); ok {
			return name[:len(name)-len(own)], own, true
		}
	}
	return "", name, false
}

// perWorktree reports whether each worktree has a ref of that name to itself.
func perWorktree(name string) bool {
	return !strings.HasPrefix(name, "refs/") || strings.HasPrefix(name, "refs/bisect/") ||
		strings.HasPrefix(name, "refs/worktree/") || strings.HasPrefix(name, "refs/rewritten/")
}

// parseRef reads the content of a loose ref: a hash, or "ref: " and a name.
func parseRef(name, text string) (Ref, error) {
	if target, ok := strings.CutPrefix(text, "ref:"); ok {
		target = strings.TrimSpace(target)
		if !validRef(target) {
			return Ref{}, fmt.Errorf("ref %s: it is symbolic, and %q is no name of a ref", name, target)
		}
		return Ref{Name: name, Target: target}, nil
	}
	digits := text
	if end := strings.IndexAny(text, " \t\r\n\v\f"); end >= 0 {
		digits = text[:end]
	}
	h, err := object.ParseHash(digits)
	if err != nil {
		return Ref{}, fmt.Errorf("ref %s: it holds neither a hash nor the name of another ref", name)
	}
	return Ref{Name: name, Hash: h}, nil
}

// validRef reports whether name is well formed for a ref: one below refs/, or one like HEAD
// (git-check-ref-format(1)). Such a name can also be opened as a path: it has no "..".
func validRef(name string) bool {
	if !strings.Contains(name, "/") {
		return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == ""
	}
	_, own, _ := cutWorktree(name)
	if !strings.HasPrefix(own, "refs/") && !validPseudo(own) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '.' || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	if strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.HasSuffix(name, ".") {
		return false
	}
	return !strings.ContainsFunc(name, func(c rune) bool { return c < 0x20 || c == 0x7f || strings.ContainsRune(` ~^:?*[\`, c) })
}

func validPseudo(name string) bool { return !strings.Contains(name, "/") && validRef(name) }

var errRefFormat = errors.New("it names an object in another hash function than the repository's")
