package git

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// readShallow reads which commits had their parents left out when cloning.
func (r *Repo) readShallow() (map[object.Hash]bool, error) {
	const name = "shallow"
	data, err := readFile(r.common, name, maxList)
	if isNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseShallow(name, string(data), r.format)
}

// parseShallow reads a file with a hash on each line.
func parseShallow(name, text string, f object.Format) (map[object.Hash]bool, error) {
	ends := map[object.Hash]bool{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		h, err := object.ParseHash(line)
		if err != nil || h.Format() != f {
			return nil, fmt.Errorf("line %d of its file %s is no hash; clone it again", number, name)
		}
		ends[h] = true
	}
	return ends, nil
}

// Shallow reports whether the repository is a shallow clone, whose history ends somewhere.
func (r *Repo) Shallow() bool { return len(r.shallow) > 0 }

// IsShallow reports whether a shallow clone was cut off at the commit h, so that its parents need not be here.
func (r *Repo) IsShallow(h object.Hash) bool { return r.shallow[h] }

// Commit reads a commit as it is stored. The parents of one where a shallow clone ends,
// which git log doesn't show, are named too: some may have been fetched all the same, as when a
// CI gets a change and its base one by one, and the others are missing.
func (r *Repo) Commit(h object.Hash) (*object.Commit, error) {
	data, err := r.read(h, object.KindCommit)
	if err != nil {
		return nil, err
	}
	return object.ParseCommit(h, data)
}

// read reads an object that is to be of a kind.
func (r *Repo) read(h object.Hash, want object.Kind) ([]byte, error) {
	kind, data, err := r.objects.Read(h)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, fmt.Errorf("object %s is a %s and should be a %s", h, kind, want)
	}
	return data, nil
}
