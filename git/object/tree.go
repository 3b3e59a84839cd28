package object

import (
	"bytes"
	"errors"
	"iter"
	"strings"
)

// The type bits of an Entry's Mode.
const (
	modeType    = 0o170000
	modeTree    = 0o040000
	modeGitlink = 0o160000
)

// Entry is one line of a tree. Name is as stored: anything without a zero
// byte, see Hostile.
type Entry struct {
	Mode uint32
	Name string
	Hash Hash
}

// IsTree tells whether the entry is a directory.
func (e Entry) IsTree() bool { return e.Mode&modeType == modeTree }

// IsGitlink tells whether the entry is a submodule: its Hash names a commit of
// another repository.
func (e Entry) IsGitlink() bool { return e.Mode&modeType == modeGitlink }

// IsBlob tells whether the entry has content: a file or a symbolic link. As in
// Git, whatever is neither a tree nor a gitlink is taken for a blob, odd modes too.
func (e Entry) IsBlob() bool { return !e.IsTree() && !e.IsGitlink() }

// Hostile tells whether the name is one that Git refuses to write to a
// directory, so that joining it to a path would lead astray: "", ".", "..",
// ".git" in any case, or one with a slash or a zero byte inside.
func (e Entry) Hostile() bool {
	switch e.Name {
	case "", ".", "..":
		return true
	}
	return strings.EqualFold(e.Name, ".git") || strings.ContainsAny(e.Name, "/\x00")
}

// The ways in which a tree can be broken.
var (
	errTreeMode = errors.New("read tree: an entry does not begin with an octal mode; the tree is corrupt")
	errTreeName = errors.New("read tree: an entry's name has no end; the tree is corrupt")
	errTreeHash = errors.New("read tree: it ends inside an entry's object name; the tree is corrupt or of another object format")
)

// Entries yields the entries of a tree in stored order, names as they are,
// duplicates and wrong order included. It stops after the first error, which
// comes with a zero Entry.
func Entries(data []byte, f Format) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		size := f.Size()
		for len(data) > 0 {
			mode, n := octal(data)
			if n == 0 {
				yield(Entry{}, errTreeMode)
				return
			}
			data = data[n:]
			end := bytes.IndexByte(data, 0)
			if end < 0 {
				yield(Entry{}, errTreeName)
				return
			}
			if len(data)-end-1 < size {
				yield(Entry{}, errTreeHash)
				return
			}
			e := Entry{Mode: mode, Name: string(data[:end])}
			e.Hash.size = uint8(copy(e.Hash.bytes[:], data[end+1:end+1+size]))
			data = data[end+1+size:]
			if !yield(e, nil) {
				return
			}
		}
	}
}

// octal reads an entry's mode and the space behind it, n bytes in all; n is 0
// if there is none. Bits beyond 32 are lost, as in Git.
func octal(data []byte) (mode uint32, n int) {
	for i, c := range data {
		if c == ' ' {
			if i == 0 {
				return 0, 0
			}
			return mode, i + 1
		}
		if c < '0' || '7' < c {
			return 0, 0
		}
		mode = mode<<3 | uint32(c-'0')
	}
	return 0, 0
}
