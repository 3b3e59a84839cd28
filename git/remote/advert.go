package remote

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// abilities are what a server says that it can do.
type abilities struct {
	format object.Format
	says   bool // takes the format in requests; servers older than Git 2.28 don't
	filter bool // leave objects out of packs
	fetch  bool
	refs   bool
}

var errNoVersion2 = errors.New("the server does not speak version 2 of Git's protocol, which servers have since Git 2.18 (2018)")

// readAbilities reads the answer to the first request: in version 2 of the protocol a
// list of abilities, which some servers put behind the head that version 0 has.
func readAbilities(p *packets) (abilities, error) {
	var a abilities
	m, line, err := p.line()
	if err == nil && m == data && strings.HasPrefix(line, "# service=") {
		if m, _, err = p.line(); err == nil && m != flush {
			return a, errors.New("the answer does not begin as one of a Git server")
		}
		m, line, err = p.line()
	}
	switch {
	case err != nil:
		return a, cutOff(err)
	case m != data, line == "version 1", oldStyle(line):
		return a, errNoVersion2
	case line != "version 2":
		return a, fmt.Errorf("the answer begins with %q and not as one of a Git server", quote([]byte(line)))
	}
	_, err = p.lines(func(line string) error {
		key, value, _ := strings.Cut(line, "=")
		switch key {
		case "fetch":
			a.fetch = true
			a.filter = slices.Contains(strings.Fields(value), "filter")
		case "ls-refs":
			a.refs = true
		case "object-format":
			a.says = true
			switch value {
			case object.SHA1.String():
			case object.SHA256.String():
				a.format = object.SHA256
			default:
				return fmt.Errorf("the server names objects by %q, which is not known", quote([]byte(value)))
			}
		}
		return nil
	})
	if err == nil && !a.fetch {
		err = errors.New("the server offers no fetch")
	}
	return a, err
}

// oldStyle tells whether a line is the first of version 0: an object name and a ref.
func oldStyle(line string) bool {
	name, _, _ := strings.Cut(line, " ")
	_, err := object.ParseHash(name)
	return err == nil
}

// Ref is a ref of the server.
type ref struct {
	name   string
	hash   object.Hash // peeled: of the commit where an annotated tag points at one
	target string      // of a symbolic ref
}

// maxRefs bounds how many refs of one prefix are looked at.
const maxRefs = 200_000

// readRefs reads the answer to ls-refs.
func readRefs(p *packets, f object.Format) ([]ref, error) {
	var refs []ref
	_, err := p.lines(func(line string) error {
		if len(refs) == maxRefs {
			return fmt.Errorf("the server has more than %d such refs", maxRefs)
		}
		fields := strings.Split(line, " ")
		if len(fields) < 2 || fields[0] == "unborn" {
			return nil
		}
		h, err := object.ParseHash(fields[0])
		if err != nil || h.Format() != f {
			return fmt.Errorf("the server lists a ref as %q", quote([]byte(line)))
		}
		r := ref{name: fields[1], hash: h}
		for _, attribute := range fields[2:] {
			key, value, _ := strings.Cut(attribute, ":")
			switch key {
			case "symref-target":
				r.target = value
			case "peeled":
				if h, err := object.ParseHash(value); err == nil && h.Format() == f {
					r.hash = h
				}
			}
		}
		refs = append(refs, r)
		return nil
	})
	return refs, err
}
