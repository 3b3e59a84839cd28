package source

import (
	"context"
	"path"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// names looks at what files and folders are called: some tools call a file by the address that it
// came from, credential and all. Nearly no name holds one, so many are looked at together, and
// each for itself where there is something in one of them. It is for one goroutine.
type names struct {
	look   func(scan.Blob) bool
	old    func(ctx context.Context, p scan.Place, m rule.Match) (bool, error) // as Blob has it
	text   []byte
	places []scan.Place
}

// maxNames is how many bytes of names are looked at together.
const maxNames = 64 << 10

// add adds what the last part of a path is called.
func (n *names) add(place scan.Place) {
	n.places = append(n.places, place)
	// Each has a line to itself, and none begins the text, which it could make an archive of.
	n.text = append(append(n.text, '\n'), path.Base(place.Path)...)
	if len(n.text) >= maxNames {
		n.flush()
	}
}

// flush looks at what was added.
func (n *names) flush() {
	if len(n.places) > 0 && n.look(scan.Blob{Again: true, Name: true, Data: n.text}) {
		for _, p := range n.places {
			n.look(scan.Blob{Again: true, Name: true, Places: []scan.Place{p}, Data: []byte("\n" + path.Base(p.Path)), Old: n.old})
		}
	}
	n.text, n.places = n.text[:0], n.places[:0]
}

// calls are the names of what a change brings: each path and each folder on the way to it once.
type calls struct {
	names
	met map[string]bool
}

// called returns calls of what n brings. What there was where the change begins is old.
func (n *news) called(look func(scan.Blob) bool) *calls {
	old := func(_ context.Context, p scan.Place, _ rule.Match) (bool, error) {
		for _, tree := range n.bounds {
			if _, err := n.repo.Lookup(tree, p.Path); err == nil {
				return true, nil
			}
		}
		return false, nil
	}
	return &calls{names{look: look, old: old}, map[string]bool{}}
}

// add adds a path and the folders on the way to it, as far as they are new to c.
func (c *calls) add(place scan.Place) {
	for place.Path != "." && !c.met[place.Path] {
		c.met[place.Path] = true
		c.names.add(place)
		place.Path = path.Dir(place.Path)
	}
}
