package git

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// maxPromised is how many objects Promised names.
const maxPromised = 100

// Promised returns what a partial clone has left with the remote, of the trees given and of all that
// the trees that are here name: the first 100 in the order of the hashes, and how many there are in all. In any
// other repository, where a missing object is damage, it is nothing. The cost is that of
// reading all trees. The error is the context's.
func (r *Repo) Promised(ctx context.Context, jobs int, trees []object.Hash) (some []object.Hash, all int, err error) {
	if !r.objects.Partial() {
		return nil, 0, nil
	}
	p := &promises{repo: r, seen: map[uint64]struct{}{}}
	for _, kind := range []object.Kind{object.KindTree, object.KindBlob} {
		p.saw(r.format.Name(kind, nil)) // the empty ones are never missing
	}
	p.look(trees)
	err = r.objects.Objects(ctx, jobs, object.KindTree, func(t odb.Object) error {
		p.look(p.fresh(t.Data)) // an unreadable one has none
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	p.trim()
	return p.some, p.all, nil
}

// promises are those of a partial clone.
type promises struct {
	repo *Repo
	mu   sync.RWMutex
	// seen is what has been looked for, by the first bytes of the hash, which nobody can make alike for
	// two objects at will: nearly all entries of a tree are in many other ones.
	seen map[uint64]struct{}
	some []object.Hash
	all  int
}

// fresh returns what a tree names and wasn't seen.
func (p *promises) fresh(data []byte) []object.Hash {
	p.mu.RLock()
	defer p.mu.RUnlock()
	var fresh []object.Hash
	size := p.repo.format.Size()
	for len(data) > 0 {
		end := bytes.IndexByte(data, 0)
		if end < 0 || len(data) < end+1+size {
			break // damage is for those to tell who look at the tree
		}
		raw := data[end+1 : end+1+size]
		if _, ok := p.seen[binary.BigEndian.Uint64(raw)]; !ok && typeOf(data) != modeGitlink {
			if h, err := object.HashFromBytes(raw); err == nil {
				fresh = append(fresh, h)
			}
		}
		data = data[end+1+size:]
	}
	return fresh
}

// look looks for objects.
func (p *promises) look(hashes []object.Hash) {
	if len(hashes) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range hashes {
		if !p.saw(h) && !p.repo.objects.Has(h) {
			p.all++
			p.some = append(p.some, h)
		}
		if len(p.some) > 10*maxPromised {
			p.trim()
		}
	}
}

// saw tells whether an object was seen, which it is from now on.
func (p *promises) saw(h object.Hash) bool {
	var space [32]byte
	_ = h.Append(space[:0])
	key := binary.BigEndian.Uint64(space[:])
	_, ok := p.seen[key]
	p.seen[key] = struct{}{}
	return ok
}

// trim keeps the first of what is missing.
func (p *promises) trim() {
	slices.SortFunc(p.some, object.Hash.Compare)
	p.some = p.some[:min(len(p.some), maxPromised)]
}
