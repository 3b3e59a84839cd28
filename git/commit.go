package git

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// A history is what changes the commits from what their objects say.
type history struct {
	shallow  map[object.Hash]bool          // commits whose parents were left out when cloning
	grafts   map[object.Hash][]object.Hash // the parents that commits are to have instead
	replaced map[object.Hash]object.Hash   // objects that are to be read instead
}

// plain reports that nothing is changed.
func (h history) plain() bool { return len(h.shallow)+len(h.grafts)+len(h.replaced) == 0 }

// readHistory reads the shallow file, info/grafts and the refs below refs/replace.
func (r *Repo) readHistory() (history, error) {
	h := history{shallow: map[object.Hash]bool{}, grafts: map[object.Hash][]object.Hash{}, replaced: map[object.Hash]object.Hash{}}
	err := r.hashLines("shallow", func(line []object.Hash) { h.shallow[line[0]] = true })
	if err != nil {
		return h, err
	}
	if err := r.hashLines("info/grafts", func(line []object.Hash) { h.grafts[line[0]] = line[1:] }); err != nil {
		return h, err
	}
	const dir = "refs/replace/"
	for ref, err := range r.refs.all(dir) {
		if err != nil {
			continue // Refs tells of it
		}
		from, err := object.ParseHash(ref.Name[len(dir):])
		if err != nil || from == ref.Hash || ref.Hash.IsZero() {
			continue
		}
		if _, ok := h.replaced[from]; !ok {
			h.replaced[from] = ref.Hash
		}
	}
	return h, nil
}

// hashLines reads a file with one or more hashes on each line.
func (r *Repo) hashLines(name string, each func(line []object.Hash)) error {
	data, err := readFile(r.common, name, maxList)
	if isNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return parseHashLines(name, string(data), r.format, each)
}

func parseHashLines(name, text string, f object.Format, each func(line []object.Hash)) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		var hashes []object.Hash
		for digits := range strings.FieldsSeq(line) {
			h, err := object.ParseHash(digits)
			if err != nil || h.Format() != f {
				return fmt.Errorf("line %d of its file %s is not made of hashes; clone it again", number, name)
			}
			hashes = append(hashes, h)
		}
		if len(hashes) == 0 {
			return fmt.Errorf("line %d of its file %s is not made of hashes; clone it again", number, name)
		}
		each(hashes)
	}
	return nil
}

// Shallow reports whether the repository is a shallow clone, whose history ends somewhere.
func (r *Repo) Shallow() bool { return len(r.history.shallow) > 0 }

// IsShallow reports whether a shallow clone was cut off at the commit h, so that its parents need not be here.
func (r *Repo) IsShallow(h object.Hash) bool { return r.history.shallow[h] }

// Commit reads a commit as git log shows it: its replacement if it has one, with the
// parents that a graft gives it. Only the end of a shallow clone isn't taken at its word:
// there git shows no parents, but some may have been fetched all the same, as when a CI
// gets a change and its base one by one; so they are named, and missing if they are.
func (r *Repo) Commit(h object.Hash) (*object.Commit, error) {
	data, err := r.read(h, object.KindCommit)
	if err != nil {
		return nil, err
	}
	return r.commit(h, data)
}

// commit returns the commit h, whose content or replacement's content is data.
func (r *Repo) commit(h object.Hash, data []byte) (*object.Commit, error) {
	c, err := object.ParseCommit(h, data)
	if err != nil {
		return nil, err
	}
	if parents, ok := r.history.grafts[h]; ok {
		c.Parents = parents
	}
	return c, nil
}

// read reads a commit or tree, or what replaces it.
func (r *Repo) read(h object.Hash, want object.Kind) ([]byte, error) {
	at := h
	for range maxSymbolic {
		to, ok := r.history.replaced[at]
		if !ok {
			break
		}
		at = to
	}
	if _, ok := r.history.replaced[at]; ok {
		return nil, fmt.Errorf("object %s: more than %d objects replace one another, or in a circle", h, maxSymbolic)
	}
	kind, data, err := r.objects.Read(at)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, fmt.Errorf("object %s is a %s and should be a %s", at, kind, want)
	}
	return data, nil
}
