package source

import (
	"bytes"
	"hash/maphash"
	"sync"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/scan"
)

// authorPath and committerPath stand for who made a commit, as messagePath does for its
// message. They are what git calls them (git-var, 2026-11).
const (
	authorPath    = ".git/GIT_AUTHOR_IDENT"
	committerPath = ".git/GIT_COMMITTER_IDENT"
)

// What a commit or tag says beside that, such as the message of a signed tag that a merge took
// in, is told at these. A tag's own name is one of its headers.
const (
	commitHeaders = ".git/COMMIT_HEADERS"
	tagHeaders    = ".git/TAG_HEADERS"
)

// people looks at those whom commits and tags name, since some told git a credential where
// it asked for a name. A history has few people and many commits: each is looked at once,
// or once for each place where one holds a credential. It is safe for several goroutines.
type people struct {
	look func(scan.Blob) bool
	seed maphash.Seed

	mu   sync.Mutex
	seen map[uint64]bool // who was looked at, and whether they hold a credential
}

func newPeople(look func(scan.Blob) bool) *people {
	return &people{look: look, seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
}

// meet looks at those whom a commit names and who were not met before.
func (p *people) meet(c *object.Commit) {
	p.first([]byte(c.Author), nil)
	p.first(c.Committer, nil)
}

// first looks at one who was not met before, at places as far as they are known, and
// reports whether they hold a credential and were met before.
func (p *people) first(who []byte, places []scan.Place) (again bool) {
	h := maphash.Bytes(p.seed, who)
	p.mu.Lock()
	hit, met := p.seen[h]
	if !met {
		p.seen[h] = false
	}
	p.mu.Unlock()
	if met || len(who) == 0 {
		return hit
	}
	// They are part of the commit, which its message counts for.
	if p.look(scan.Blob{Again: true, Places: places, Data: who}) {
		p.mu.Lock()
		p.seen[h] = true
		p.mu.Unlock()
	}
	return false
}

// guilty reports whether anybody who was met holds a credential.
func (p *people) guilty() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, hit := range p.seen {
		if hit {
			return true
		}
	}
	return false
}

// tell looks at those whom a commit names, at the place of its message, where they hold a
// credential or were not met.
func (p *people) tell(c *object.Commit, place scan.Place) {
	p.at([]byte(c.Author), place, authorPath)
	if !bytes.Equal(c.Committer, []byte(c.Author)) {
		p.at(c.Committer, place, committerPath)
	}
}

// tag looks at what a tag says, at a place for its message.
func (p *people) tag(t *object.Tag) {
	place := scan.Place{Path: tagPath, Commit: t.Object.String()}
	p.look(scan.Blob{Places: []scan.Place{place}, Data: t.Message})
	p.at([]byte(t.Tagger), place, committerPath)
	p.headers(t.Headers, place, tagHeaders)
}

// headers looks at the headers of a commit or tag that is at a place.
func (p *people) headers(text []byte, place scan.Place, path string) {
	if place.Path = path; len(text) > 0 {
		p.look(scan.Blob{Again: true, Places: []scan.Place{place}, Data: text})
	}
}

// at looks at one person at a place.
func (p *people) at(who []byte, place scan.Place, path string) {
	place.Path = path
	places := []scan.Place{place}
	if p.first(who, places) {
		p.look(scan.Blob{Again: true, Places: places, Data: who})
	}
}
