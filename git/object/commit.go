package object

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Commit is what a commit says.
type Commit struct {
	Hash      Hash
	Tree      Hash
	Parents   []Hash
	Author    string // "name <email>" as stored, empty if there is none
	Committer []byte // likewise, part of the data given to ParseCommit
	// The dates carry the zone they were written in. A date that is absent or
	// unreadable is the zero Time; one beyond the year 9999 is that year's end.
	AuthorDate, CommitDate time.Time
	Message                []byte // in the commit's own encoding, part of the data given to ParseCommit
	// Said is Message with what stands before it and is in none of the above: an encoding,
	// signatures, the tags that a merge took in. It is a part of the same data.
	Said []byte
}

// Headers returns what Said has before the message; often it is empty.
func (c *Commit) Headers() []byte { return c.Said[:len(c.Said)-len(c.Message)] }

// ParseCommit reads the commit named h. It wants what Git wants, a tree and
// well-formed parents behind it, and takes any oddity in the rest. Beside an
// error it returns what it could read. The result's Message, Said and Committer share data.
func ParseCommit(h Hash, data []byte) (*Commit, error) {
	c := &Commit{Hash: h}
	headers, message := cut(data)
	c.Message, c.Said = message, message

	value, rest, found := header(headers, "tree")
	if !found {
		return c, fmt.Errorf("parse commit %v: it does not begin with a tree", h)
	}
	var errs []error
	tree, err := hashOf(value, h)
	if err != nil {
		errs = append(errs, fmt.Errorf("parse commit %v: tree: %w", h, err))
	}
	c.Tree = tree
	headers = rest
	for {
		value, rest, found = header(headers, "parent")
		if !found {
			break
		}
		parent, err := hashOf(value, h)
		if err != nil {
			errs = append(errs, fmt.Errorf("parse commit %v: parent: %w", h, err))
			break
		}
		c.Parents = append(c.Parents, parent)
		headers = rest
	}
	c.people(headers)
	if rest := unusual(headers); len(rest) > 0 {
		end := len(data) - len(message)
		if message != nil {
			end-- // the line feed that ends the headers
		}
		c.Said = data[end-len(rest):]
	}
	return c, errors.Join(errs...)
}

// unusual returns the headers that follow an author and a committer who are written as git
// writes them, and else all.
func unusual(headers []byte) []byte {
	rest := headers
	for _, key := range []string{"author", "committer"} {
		value, after, found := header(rest, key)
		if !found || !dated(value) {
			return headers
		}
		rest = after
	}
	return rest
}

// dated reports whether value has nothing but a date and its zone behind "name <email>".
func dated(value []byte) bool {
	date := value[bytes.LastIndexByte(value, '>')+1:]
	digits := bytes.TrimLeft(date, " +-0123456789")
	return len(digits) == 0 && len(date) < 24
}

// people reads the first author and the first committer among the headers.
func (c *Commit) people(headers []byte) {
	var author, committer bool
	for len(headers) > 0 && !(author && committer) {
		if value, _, found := header(headers, "author"); found && !author {
			author = true
			var who []byte
			who, c.AuthorDate = person(value)
			c.Author = string(who)
		} else if value, _, found := header(headers, "committer"); found && !committer {
			committer = true
			c.Committer, c.CommitDate = person(value)
		}
		_, headers, _ = bytes.Cut(headers, []byte{'\n'})
	}
}

// Tag is what an annotated tag says.
type Tag struct {
	Hash       Hash
	Object     Hash // what it points at
	Kind       Kind // of Object, as the tag claims
	Name       string
	Tagger     string    // "name <email>" as stored, empty if there is none
	TaggerDate time.Time // as the dates of a Commit
	Message    []byte    // part of the data given to ParseTag
	// Headers are those but the object, its kind and a tagger who is written as git writes
	// them.
	Headers []byte
}

// ParseTag reads the annotated tag named h. It wants the object and its kind
// and takes any oddity in the rest. Beside an error it returns what it could
// read. The result's Message shares data.
func ParseTag(h Hash, data []byte) (*Tag, error) {
	t := &Tag{Hash: h}
	headers, message := cut(data)
	t.Message = message
	value, headers, found := header(headers, "object")
	if !found {
		return t, fmt.Errorf("parse tag %v: it does not begin with an object", h)
	}
	var err error
	if t.Object, err = hashOf(value, h); err != nil {
		return t, fmt.Errorf("parse tag %v: object: %w", h, err)
	}
	value, headers, found = header(headers, "type")
	if !found {
		return t, fmt.Errorf("parse tag %v: it does not say the kind of its object", h)
	}
	if t.Kind, err = ParseKind(string(value)); err != nil {
		return t, fmt.Errorf("parse tag %v: %w", h, err)
	}
	t.Headers = headers
	if value, rest, found := header(headers, "tag"); found {
		t.Name, headers = string(value), rest
	}
	if value, rest, found := header(headers, "tagger"); found {
		var who []byte
		who, t.TaggerDate = person(value)
		t.Tagger = string(who)
		if dated(value) {
			name := t.Headers[:len(t.Headers)-len(headers)]
			t.Headers = slices.Concat(name, rest)
		}
	}
	return t, nil
}

// cut splits data at the empty line that ends the headers.
func cut(data []byte) (headers, message []byte) {
	if len(data) > 0 && data[0] == '\n' {
		return nil, data[1:]
	}
	if i := bytes.Index(data, []byte("\n\n")); i >= 0 {
		return data[:i+1], data[i+2:]
	}
	return data, nil
}

// header takes the line "key value" off the start of headers.
func header(headers []byte, key string) (value, rest []byte, found bool) {
	if len(headers) <= len(key) || string(headers[:len(key)]) != key || headers[len(key)] != ' ' {
		return nil, headers, false
	}
	value, rest, _ = bytes.Cut(headers[len(key)+1:], []byte{'\n'})
	return value, rest, true
}

// hashOf reads an object name inside object h, which must be of h's format
// where h is known.
func hashOf(value []byte, h Hash) (Hash, error) {
	if len(value) != 2*20 && len(value) != 2*maxSize {
		return Hash{}, fmt.Errorf("an object name of %d characters; the object is corrupt", len(value))
	}
	found, err := ParseHash(string(value))
	if err != nil {
		return Hash{}, err
	}
	if h.size != 0 && found.size != h.size {
		return Hash{}, fmt.Errorf("object name %v is of another format than the object that says it", found)
	}
	return found, nil
}

// lastSecond is the last second of the year 9999. Later times can't be
// written as text, so a date is never beyond it.
const lastSecond = 253402300799

// person splits "name <email> seconds zone". The date stands behind the last
// ">", since names can hold anything.
func person(value []byte) ([]byte, time.Time) {
	end := bytes.LastIndexByte(value, '>')
	if end < 0 {
		return value, time.Time{}
	}
	name := value[:end+1]
	seconds, zone, _ := bytes.Cut(bytes.TrimLeft(value[end+1:], " \t"), []byte{' '})
	var unix int64
	digits := 0
	for _, c := range seconds {
		if c < '0' || '9' < c {
			break
		}
		unix = min(unix*10+int64(c-'0'), lastSecond)
		digits++
	}
	if digits == 0 {
		return name, time.Time{}
	}
	return name, time.Unix(unix, 0).In(location(zone))
}

// location is the zone written as "+hhmm" or "-hhmm"; UTC if it is odd.
func location(zone []byte) *time.Location {
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' {
		return time.UTC
	}
	n := 0
	for _, c := range zone[1:] {
		if c < '0' || '9' < c {
			return time.UTC
		}
		n = n*10 + int(c-'0')
	}
	minutes := n/100*60 + n%100
	if minutes == 0 || minutes >= 24*60 {
		return time.UTC
	}
	if zone[0] == '-' {
		minutes = -minutes
	}
	return time.FixedZone("", minutes*60)
}
