// Package ignore tells which files of a working tree git ignores, for a walker that
// goes down directory by directory.
//
// It follows gitignore(5) to the letter, with two things left out on purpose: the user's
// core.excludesFile, which belongs to the machine and not to the repository, and
// core.ignoreCase, which is a matter of other file systems. Nothing is read from disk
// here: the walker hands over the bytes of each ignore file, and it must not follow a
// .gitignore that is a symbolic link, as git doesn't.
package ignore

// A Stack holds the patterns in force in one directory. It is immutable, so that
// directories can be walked in parallel. The zero value ignores nothing.
type Stack struct {
	dir      string // the directory's path from the root, with a final slash; "" at the root
	excluded bool   // this directory or one above it is ignored: so is all in it
	lists    *list  // the deepest first
}

// A list is what one ignore file says, linked to the one that it overrides.
type list struct {
	base     int // length of the path of the directory that the patterns are relative to
	patterns []pattern
	next     *list
}

// New returns the stack of the root of a working tree: exclude is the content of
// $GIT_DIR/info/exclude and gitignore that of the root's .gitignore, either may be nil.
func New(exclude, gitignore []byte) *Stack {
	s := &Stack{}
	s.push(exclude)
	s.push(gitignore)
	return s
}

// Enter returns the stack of the directory name in this one, gitignore being the content
// of its .gitignore or nil. An ignored directory can be entered, for the sake of the
// tracked files in it: then all in it is ignored, whatever its ignore file says.
func (s *Stack) Enter(name string, gitignore []byte) *Stack {
	in := &Stack{dir: s.dir + name + "/", lists: s.lists}
	if in.excluded = s.Ignored(name, true); !in.excluded {
		in.push(gitignore)
	}
	return in
}

// Ignored reports whether git ignores the entry name of this directory when it isn't
// tracked. The name is one path component; isDir must be false for a link to a directory.
func (s *Stack) Ignored(name string, isDir bool) bool {
	if s.excluded {
		return true
	}
	path := ""
	for l := s.lists; l != nil; l = l.next {
		for i := len(l.patterns) - 1; i >= 0; i-- {
			p := &l.patterns[i]
			if p.dirOnly && !isDir {
				continue
			}
			text := name
			if p.anchored {
				if path == "" {
					path = s.dir + name
				}
				text = path[l.base:]
			}
			if p.match(text) {
				return !p.negated
			}
		}
	}
	return false
}

func (s *Stack) push(file []byte) {
	if patterns := parse(file); len(patterns) > 0 {
		s.lists = &list{base: len(s.dir), patterns: patterns, next: s.lists}
	}
}
