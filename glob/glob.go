// Package glob matches paths of the scanned repository against the patterns that people
// write in settings: "*" and "?" stay within a folder, "**" is any number of folders, and
// everything else stands for itself, brackets and backslashes too, since paths hold them.
package glob

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Pattern is a compiled glob over whole paths, from the top of the checkout. It may be
// used by many goroutines at once. The zero value matches nothing.
type Pattern struct{ parts []string }

// maxPattern is the longest pattern that is taken, in bytes: as long as a path can be.
const maxPattern = 4096

// Compile returns the pattern that text spells. Its error says what to write instead, and
// does not repeat the text.
func Compile(text string) (Pattern, error) {
	switch {
	case text == "":
		return Pattern{}, errors.New("the glob is empty; write ** for every path")
	case len(text) > maxPattern:
		return Pattern{}, errors.New("the glob is longer than a path can be")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return Pattern{}, errors.New("the glob has characters that cannot be seen; take them out")
	case strings.HasPrefix(text, "/"):
		return Pattern{}, errors.New("the glob begins with a slash; paths are told from the top of the checkout without one")
	case strings.HasPrefix(text, "!"):
		return Pattern{}, errors.New("the glob begins with an exclamation mark; there are no exceptions, write what is meant")
	case strings.HasSuffix(text, "/"):
		return Pattern{}, errors.New("the glob ends with a slash; write ** behind it for all that is in the folder")
	}
	parts := strings.Split(text, "/")
	for _, p := range parts {
		switch {
		case p == "" || p == "." || p == "..":
			return Pattern{}, errors.New("the glob has an empty part, a . or a .. between slashes; write the path as reports tell it")
		case p != "**" && strings.Contains(p, "**"):
			return Pattern{}, errors.New("the glob has ** beside other characters; it stands for folders, alone between slashes")
		}
	}
	parts = slices.CompactFunc(parts, func(a, b string) bool { return a == "**" && b == "**" })
	if parts[len(parts)-1] == "**" {
		parts = append(parts, "*") // what is below a folder, and not the folder
	}
	return Pattern{parts}, nil
}

// Match reports whether the pattern matches all of a path. The time is at most the product
// of their lengths.
func (p Pattern) Match(path string) bool {
	if len(p.parts) == 0 || path == "" {
		return false
	}
	names := strings.Split(path, "/")
	// Going back to the last ** is enough: a later start of an earlier one allows nothing more.
	at, i, star, from := 0, 0, -1, 0
	for i < len(names) {
		switch {
		case at < len(p.parts) && p.parts[at] == "**":
			star, from = at, i
			at++
		case at < len(p.parts) && Name(p.parts[at], names[i]):
			at, i = at+1, i+1
		case star >= 0:
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	for at < len(p.parts) && p.parts[at] == "**" {
		at++
	}
	return at == len(p.parts)
}

// Name reports whether a pattern fits all of one name: * stands for any characters, ? for
// one, and everything else for itself.
func Name(pattern, name string) bool {
	at, i, star, from := 0, 0, -1, 0
	for i < len(name) {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, from = at, i
			at++
		case at < len(pattern) && pattern[at] == '?':
			_, n := utf8.DecodeRuneInString(name[i:])
			at, i = at+1, i+n
		case at < len(pattern) && pattern[at] == name[i]:
			at, i = at+1, i+1
		case star >= 0:
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	for at < len(pattern) && pattern[at] == '*' {
		at++
	}
	return at == len(pattern)
}
