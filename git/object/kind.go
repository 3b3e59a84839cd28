package object

import "fmt"

// Kind is what an object is. Its values are those of the pack format. The zero
// value is no kind.
type Kind uint8

// The four kinds of object.
const (
	KindCommit Kind = 1
	KindTree   Kind = 2
	KindBlob   Kind = 3
	KindTag    Kind = 4
)

// String is the kind's name as Git writes it, "unknown" for no kind.
func (k Kind) String() string {
	switch k {
	case KindCommit:
		return "commit"
	case KindTree:
		return "tree"
	case KindBlob:
		return "blob"
	case KindTag:
		return "tag"
	}
	return "unknown"
}

// ParseKind is the kind of that name.
func ParseKind(name string) (Kind, error) {
	for k := KindCommit; k <= KindTag; k++ {
		if k.String() == name {
			return k, nil
		}
	}
	if len(name) > 32 {
		name = name[:32]
	}
	return 0, fmt.Errorf("parse kind of object: %q is none of commit, tree, blob, tag", name)
}
