package git

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
)

// fileRefs are refs kept as loose files and in packed-refs, at commit or fetch time the
// loose one before the packed one.
type fileRefs struct {
	git, common *os.Root
	format      object.Format

	mu     sync.Mutex
	packed string      // the text of packed-refs, with a newline before and after each line
	as     fs.FileInfo // of the file when it was read
}

// current returns the text of packed-refs as it is now: git puts another file in its place when it
// takes loose refs away, so that it is to be asked for after those.
func (s *fileRefs) current() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const name = "packed-refs"
	info, err := s.common.Stat(name)
	if isNotExist(err) {
		return "\n", nil
	}
	if err != nil {
		return "", err
	}
	if s.as != nil && os.SameFile(s.as, info) && s.as.ModTime().Equal(info.ModTime()) && s.as.Size() == info.Size() {
		return s.packed, nil
	}
	data, err := readFile(s.common, name, maxPacked)
	if err != nil {
		return "", err
	}
	s.packed, s.as = "\n"+string(data)+"\n", info
	return s.packed, nil
}

// openRefs reads what is read of the refs ahead.
func (r *Repo) openRefs(reftable bool) (refStore, error) {
	if reftable {
		return openTables(r.git, r.common, r.format)
	}
	s := &fileRefs{git: r.git, common: r.common, format: r.format}
	_, err := s.current()
	return s, err
}

// file says in which directory the loose ref of a name is, and under which path.
func (s *fileRefs) file(name string) (*os.Root, string) {
	if own, ok := strings.CutPrefix(name, "main-worktree/"); ok {
		return s.common, own
	}
	if strings.HasPrefix(name, "worktrees/") {
		return s.common, name
	}
	if perWorktree(name) {
		return s.git, name
	}
	return s.common, name
}

func (s *fileRefs) get(name string) (Ref, bool, error) {
	if !validRef(name) {
		return Ref{}, false, nil
	}
	ref, err := s.loose(name)
	if err == nil {
		return ref, true, nil
	}
	if !isNotExist(err) && !errors.Is(err, errNotFile) {
		return Ref{}, false, err
	}
	packed, err := s.current()
	if err != nil {
		return Ref{}, false, err
	}
	at := strings.Index(packed, " "+name+"\n")
	if at < 0 {
		return Ref{}, false, nil
	}
	line, rest, _ := strings.Cut(packed[strings.LastIndexByte(packed[:at], '\n')+1:], "\n")
	if line[0] == '#' {
		return Ref{}, false, nil
	}
	if ref, err = s.line(line); err != nil {
		return Ref{}, false, err
	}
	ref.Peeled = peeled(rest)
	return ref, true, nil
}

// loose reads a ref's own file.
func (s *fileRefs) loose(name string) (Ref, error) {
	root, file := s.file(name)
	fi, err := root.Lstat(file)
	if err != nil {
		return Ref{}, err
	}
	if fi.Mode().Type() == fs.ModeSymlink {
		// The old way of symbolic refs. Any other link is left alone, since it may lead anywhere.
		target, err := root.Readlink(file)
		if err != nil {
			return Ref{}, err
		}
		if !strings.HasPrefix(target, "refs/") || !validRef(target) {
			return Ref{}, fmt.Errorf("ref %s: it is a symbolic link to %q, which is no ref", name, target)
		}
		return Ref{Name: name, Target: target}, nil
	}
	data, err := readFile(root, file, maxSmall)
	if err != nil {
		return Ref{}, err
	}
	ref, err := parseRef(name, string(data))
	if err == nil && ref.Target == "" && ref.Hash.Format() != s.format {
		return Ref{}, fmt.Errorf("ref %s: %w", name, errRefFormat)
	}
	return ref, err
}

// line parses a line of packed-refs.
func (s *fileRefs) line(line string) (Ref, error) {
	digits, name, _ := strings.Cut(line, " ")
	h, err := object.ParseHash(digits)
	if err != nil || h.Format() != s.format || !validRef(name) {
		return Ref{}, fmt.Errorf("packed-refs has a line that is not a hash and the name of a ref: %.100q", line)
	}
	return Ref{Name: name, Hash: h}, nil
}

// peeled reads the line that may follow that of an annotated tag in packed-refs.
func peeled(text string) object.Hash {
	digits, ok := strings.CutPrefix(text, "^")
	if !ok {
		return object.Hash{}
	}
	digits, _, _ = strings.Cut(digits, "\n")
	h, err := object.ParseHash(digits)
	if err != nil {
		return object.Hash{}
	}
	return h
}

func (s *fileRefs) all() iter.Seq2[Ref, error] {
	return func(yield func(Ref, error) bool) { _ = s.walkLoose(yield) && s.walkPacked(yield) }
}

// walkPacked yields the refs of packed-refs; they come after the loose ones, which override them. Of lines
// that are none only the first is told, with their number.
func (s *fileRefs) walkPacked(yield func(Ref, error) bool) bool {
	packed, err := s.current()
	if err != nil {
		return yield(Ref{}, err)
	}
	bad, first := 0, error(nil)
	for rest := packed; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if line == "" || line[0] == '#' || line[0] == '^' {
			continue
		}
		ref, err := s.line(line)
		if err != nil {
			if bad++; first == nil {
				first = err
			}
			continue
		}
		ref.Peeled = peeled(rest)
		if !yield(ref, nil) {
			return false
		}
	}
	return bad == 0 || yield(Ref{}, fmt.Errorf("%w (%d such lines); restore it, or delete it and fetch again", first, bad))
}

// walkLoose yields the loose refs: HEAD and what is below refs/, of this worktree and all others.
func (s *fileRefs) walkLoose(yield func(Ref, error) bool) bool {
	ok := s.one("HEAD", yield) && s.below("refs", "refs", s.common, yield)
	if !ok {
		return false
	}
	if s.git.Name() != s.common.Name() {
		if !s.below("refs", "refs", s.git, yield) || !s.one("main-worktree/HEAD", yield) {
			return false
		}
	}
	worktrees, err := readDir(s.common, "worktrees")
	if err != nil && !isNotExist(err) {
		return yield(Ref{}, fmt.Errorf("list the other worktrees: %w", err))
	}
	for _, w := range worktrees {
		at := "worktrees/" + w.Name()
		if w.IsDir() && !(s.one(at+"/HEAD", yield) && s.below(at+"/refs", at+"/refs", s.common, yield)) {
			return false
		}
	}
	return true
}

// one yields a single loose ref, if it's there.
func (s *fileRefs) one(name string, yield func(Ref, error) bool) bool {
	ref, err := s.loose(name)
	if isNotExist(err) {
		return true
	}
	return yield(ref, err)
}

// below yields the loose refs in and below a directory.
func (s *fileRefs) below(dir, name string, root *os.Root, yield func(Ref, error) bool) bool {
	type place struct{ dir, name string }
	for todo := []place{{dir, name}}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		entries, err := readDir(root, at.dir)
		if isNotExist(err) {
			continue
		}
		if err != nil {
			if !yield(Ref{}, fmt.Errorf("list the refs in %s: %w", at.dir, err)) {
				return false
			}
			continue
		}
		for _, e := range entries {
			next := place{path.Join(at.dir, e.Name()), at.name + "/" + e.Name()}
			switch {
			case e.IsDir():
				todo = append(todo, next)
			case validRef(next.name): // git leaves lock files and the like alone too
				if !s.one(next.name, yield) {
					return false
				}
			}
		}
	}
	return true
}

func readDir(root *os.Root, name string) ([]fs.DirEntry, error) {
	d, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	entries, err := d.ReadDir(-1)
	return entries, errors.Join(err, d.Close())
}
