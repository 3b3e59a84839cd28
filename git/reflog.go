package git

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// Reflog returns the commits that this and all other worktrees' refs once named, as far as git has kept note
// and the commits are still here, sorted by hash, each once; they may be among the tips of a Trace. A log
// that can't be read is told in gaps. Repositories with reftables keep their log in those, which isn't read:
// that's a gap too.
func (r *Repo) Reflog() (commits []object.Hash, gaps []error) {
	if _, ok := r.refs.(*tableRefs); ok {
		return nil, []error{fmt.Errorf("reflog in reftables: %w", errors.ErrUnsupported)}
	}
	seen := map[object.Hash]bool{}
	todo := []string{"logs"}
	worktrees, err := readDir(r.common, "worktrees")
	if err != nil && !isNotExist(err) {
		gaps = append(gaps, fmt.Errorf("list the other worktrees: %w", err))
	}
	for _, w := range worktrees {
		todo = append(todo, "worktrees/"+w.Name()+"/logs")
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		entries, err := readDir(r.common, at)
		if err != nil {
			if !isNotExist(err) {
				gaps = append(gaps, fmt.Errorf("list the reflogs in %s: %w", at, err))
			}
			continue
		}
		for _, e := range entries {
			name := path.Join(at, e.Name())
			if e.IsDir() {
				todo = append(todo, name)
			} else if err := r.readLog(name, e, seen); err != nil {
				gaps = append(gaps, fmt.Errorf("reflog %s: %w", name, err))
			}
		}
	}
	for h := range seen {
		if kind, _, err := r.objects.Stat(h); err == nil && kind == object.KindCommit {
			commits = append(commits, h)
		}
	}
	slices.SortFunc(commits, object.Hash.Compare)
	return commits, gaps
}

// readLog adds the hashes of a reflog to seen: each line begins with the old one and the new one.
func (r *Repo) readLog(name string, e fs.DirEntry, seen map[object.Hash]bool) error {
	if !e.Type().IsRegular() {
		return errNotFile
	}
	data, err := readFile(r.common, name, maxList)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		from, rest, _ := strings.Cut(line, " ")
		to, _, _ := strings.Cut(rest, " ")
		for _, digits := range []string{from, to} {
			h, err := object.ParseHash(digits)
			if err != nil {
				return fmt.Errorf("a line doesn't begin with two hashes: %.100q", line)
			}
			seen[h] = true
		}
	}
	return nil
}
