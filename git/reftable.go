package git

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"os"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// tableRefs are refs kept in reftables (git's reftable format, versions 1 and 2, of git 2.51, 2025-08). They are
// read whole when the repository is opened; a hundred thousand are a few megabytes.
type tableRefs struct {
	own, shared map[string]Ref // of this worktree, and of the repository; often the same map
	worktrees   map[string]map[string]Ref
	gaps        []error // the tables of other worktrees that can't be read
}

const (
	maxTables  = 4096
	maxRefName = 4096 // bytes, as long as a path can be
)

// openTables reads the reftables of a repository and of its worktrees.
func openTables(git, common *os.Root, f object.Format) (refStore, error) {
	s := &tableRefs{worktrees: map[string]map[string]Ref{}}
	var err error
	if s.shared, err = readStack(common, "reftable", f); err != nil {
		return nil, err
	}
	s.own = s.shared
	if git.Name() != common.Name() {
		if s.own, err = readStack(git, "reftable", f); err != nil {
			return nil, err
		}
	}
	worktrees, err := readDir(common, "worktrees")
	if err != nil && !isNotExist(err) {
		return nil, err
	}
	for _, w := range worktrees {
		prefix := "worktrees/" + w.Name() + "/"
		refs, err := readStack(common, prefix+"reftable", f)
		if err != nil {
			s.gaps = append(s.gaps, err)
			continue
		}
		s.worktrees[prefix] = refs
	}
	return s, nil
}

func (s *tableRefs) get(name string) (Ref, bool, error) {
	if !validRef(name) {
		return Ref{}, false, nil
	}
	worktree, own, other := cutWorktree(name)
	refs := s.shared
	switch {
	case other && worktree != "main-worktree/":
		refs = s.worktrees[worktree]
	case !other && perWorktree(name):
		refs = s.own
	}
	ref, ok := refs[own]
	ref.Name = name
	return ref, ok, nil
}

func (s *tableRefs) all() iter.Seq2[Ref, error] {
	return func(yield func(Ref, error) bool) {
		for _, err := range s.gaps {
			if !yield(Ref{}, err) {
				return
			}
		}
		each := func(worktree string, refs map[string]Ref, own bool) bool {
			for name, ref := range refs {
				if name != "HEAD" && !strings.HasPrefix(name, "refs/") {
					continue // ORIG_HEAD and the like are no part of the history
				}
				ref.Name = worktree + name
				if perWorktree(name) == own && !yield(ref, nil) {
					return false
				}
			}
			return true
		}
		if !each("", s.shared, false) || !each("", s.own, true) {
			return
		}
		if len(s.worktrees) > 0 && !each("main-worktree/", s.shared, true) {
			return
		}
		for worktree, refs := range s.worktrees {
			if !each(worktree, refs, true) {
				return
			}
		}
	}
}

// readStack reads the tables that dir's tables.list names, the later before the earlier.
func readStack(root *os.Root, dir string, f object.Format) (map[string]Ref, error) {
	refs := map[string]Ref{}
	list, err := readFile(root, dir+"/tables.list", maxSmall)
	if isNotExist(err) {
		return refs, nil
	}
	if err != nil {
		return nil, err
	}
	names := strings.Fields(string(list))
	if len(names) > maxTables {
		return nil, fmt.Errorf("%s/tables.list names %d tables, and at most %d are read; run: git pack-refs", dir, len(names), maxTables)
	}
	for _, name := range names {
		if strings.Contains(name, "/") {
			return nil, fmt.Errorf("%s/tables.list names %q, which is elsewhere", dir, name)
		}
		data, err := readFile(root, dir+"/"+name, maxPacked)
		if err != nil {
			return nil, fmt.Errorf("%s, that tables.list names: %w", dir, err)
		}
		if err := readTable(data, f, refs); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", dir, name, err)
		}
	}
	return refs, nil
}

var errTable = errors.New("the reftable is corrupt")

// readTable adds the refs of a table to refs, and takes away those that it says are deleted.
func readTable(data []byte, f object.Format, refs map[string]Ref) error {
	if len(data) < 24 || string(data[:4]) != "REFT" {
		return fmt.Errorf("%w: it doesn't begin as one does", errTable)
	}
	header, hash := 24, "sha1"
	switch data[4] {
	case 1:
	case 2:
		if header = 28; len(data) < header {
			return fmt.Errorf("%w: it ends in its header", errTable)
		}
		hash = map[string]string{"sha1": "sha1", "s256": "sha256"}[string(data[24:28])]
	default:
		return fmt.Errorf("it has version %d, and only 1 and 2 are known: %w", data[4], errors.ErrUnsupported)
	}
	if hash != f.String() {
		return fmt.Errorf("%w: %w", errTable, errRefFormat)
	}
	footer := header + 44 // positions of the indexes, and a checksum
	if len(data) < header+footer {
		return fmt.Errorf("%w: it ends before its footer", errTable)
	}
	foot := data[len(data)-footer:]
	if !bytes.Equal(foot[:header], data[:header]) || crc32.ChecksumIEEE(foot[:footer-4]) != binary.BigEndian.Uint32(foot[footer-4:]) {
		return fmt.Errorf("%w: its footer isn't right", errTable)
	}
	blockSize := int(data[5])<<16 | int(data[6])<<8 | int(data[7])
	body := data[:len(data)-footer]
	for at := 0; at < len(body); {
		start := at
		if at == 0 {
			at = header
		}
		if at+4 > len(body) || body[at] != 'r' {
			return nil // the refs come first; what follows are indexes and the reflog
		}
		size := int(body[at+1])<<16 | int(body[at+2])<<8 | int(body[at+3]) // counted from start
		if size < at-start+4+2 || start+size > len(body) {
			return fmt.Errorf("%w: a block claims %d bytes", errTable, size)
		}
		if err := readBlock(body[at+4:start+size], f, refs); err != nil {
			return err
		}
		if at = start + size; blockSize > 0 {
			at = start + max(size, blockSize) // padded, but perhaps for the last
		}
	}
	return nil
}

// readBlock reads the records of a block, whose end is a table of offsets for searching.
func readBlock(block []byte, f object.Format, refs map[string]Ref) error {
	restarts := int(binary.BigEndian.Uint16(block[len(block)-2:]))
	end := len(block) - 2 - 3*restarts
	if end < 0 {
		return fmt.Errorf("%w: a block claims %d restarts", errTable, restarts)
	}
	rec := record{rest: block[:end]}
	name := ""
	for len(rec.rest) > 0 {
		prefix, suffix := rec.number(), rec.number()
		kind := suffix & 7
		tail := rec.bytes(suffix >> 3)
		rec.number() // how much later than the table's first update
		if rec.bad || prefix > uint64(len(name)) || prefix+suffix>>3 > maxRefName {
			return fmt.Errorf("%w: a record's name", errTable)
		}
		name = name[:prefix] + string(tail)
		ref := Ref{Name: name}
		switch kind {
		case 0:
			delete(refs, name)
			continue
		case 1, 2:
			ref.Hash, _ = object.HashFromBytes(rec.bytes(uint64(f.Size()))) // fails where rec is bad
			if kind == 2 {
				ref.Peeled, _ = object.HashFromBytes(rec.bytes(uint64(f.Size())))
			}
		case 3:
			ref.Target = string(rec.bytes(rec.number()))
		default:
			return fmt.Errorf("%w: a record of kind %d", errTable, kind)
		}
		if rec.bad || !validRef(name) || kind == 3 && !validRef(ref.Target) {
			return fmt.Errorf("%w: the record of %.100q", errTable, name)
		}
		refs[name] = ref
	}
	return nil
}

// A record reads the parts of records, and notes when they end too early.
type record struct {
	rest []byte
	bad  bool
}

func (r *record) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// number reads a number as the offsets in packs are: 7 bits a byte, each continuation adding one.
func (r *record) number() uint64 {
	var v uint64
	for i, b := range r.rest {
		if i == 9 {
			break
		}
		v = v<<7 | uint64(b&0x7f)
		if b&0x80 == 0 {
			r.rest = r.rest[i+1:]
			return v
		}
		v++
	}
	r.bad, r.rest = true, nil
	return 0
}
