// Package settings reads the file in which an organization says how it wants to be
// scanned: inputs, its own hosts and names, accepted values, muted findings, levels by
// path.
//
// The file may be hostile, and people paste keys into the wrong place, so that no error
// repeats what it says. Where it comes from is for others to know: a change must not bring
// its own.
package settings

import (
	"github.com/bbkeys/bbkeys/glob"
	"github.com/bbkeys/bbkeys/mute"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// Name is what the file is called unless somebody says otherwise. It is at the top of the
// checkout.
const Name = ".bbkeys.yml"

// Page is the address of the page that says what the file takes.
const Page = "https://github.com/bbkeys/bbkeys/blob/main/docs/config.md"

// MaxSize is the size of the largest file that is read, in bytes.
const MaxSize = 1 << 20

// Settings are what a file says. The zero value says nothing. They are not to be changed
// once they are in use.
type Settings struct {
	// Own are the organization's own hosts and names.
	Own rule.Own
	// Accept are the SHA-256 of values that are no findings.
	Accept [][32]byte
	// Mute are the findings that are accepted where they are.
	Mute []mute.Entry

	levels []level
	inputs map[string]string
}

// Input returns the value of an input, or "" where the file says none.
func (s *Settings) Input(name string) string { return s.inputs[name] }

// A level is what findings count as at some paths.
type level struct {
	path  glob.Pattern
	rule  string // of one kind alone; "" for all
	as    rule.Level
	where string
}

// Finder hands f what of the settings is its business. It is called before f is in use.
func (s *Settings) Finder(f *scan.Finder) {
	f.Own(&s.Own)
	f.Accept(s.Accept)
}

// Relevel gives the findings of rep the levels that the settings say for their paths. The
// last entry that fits counts. A look-alike is a note whatever they say.
func (s *Settings) Relevel(rep *scan.Report) {
	if len(s.levels) == 0 {
		return
	}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if f.Match.Proof == rule.Layout {
			continue
		}
		for j := len(s.levels) - 1; j >= 0; j-- {
			l := &s.levels[j]
			if (l.rule == "" || l.rule == f.Rule.ID) && l.path.Match(f.Place.Path) {
				f.Relevel(l.as, l.where)
				break
			}
		}
	}
}
