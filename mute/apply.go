package mute

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/glob"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A Set is all that a run accepts.
type Set struct {
	Entries  []Entry
	Baseline *Baseline // nil for none
	Now      time.Time // by which entries expire
	// Change says that the run judges a change that nobody has accepted yet, as that of a
	// pull request, whatever of the checkout it looks at.
	Change bool
}

const (
	// maxKeys is how many keys an entry may accept without a remark: a person who writes
	// a reason has looked at each.
	maxKeys = 25
	// maxGlobs is how many entries without a fingerprint count: each is tried with each
	// finding.
	maxGlobs = 1000
	// maxRemarks bounds what a hostile repository can make a report say.
	maxRemarks = 200
)

// Apply moves the findings of rep that are accepted to rep.Muted, and remarks on what is
// wrong with how they are accepted. A mark comes before an entry, an entry before the
// baseline. Of a change, marks accept only what nothing proves and is no error: they come
// with the change, which must not judge itself. Entries and the baseline are to be read
// from what the change goes to.
func (s Set) Apply(rep *scan.Report) {
	j := newJudge(s, rep)
	var counts, muted []scan.Finding
	for i := range rep.Findings {
		f := rep.Findings[i]
		f.Mute = cmp.Or(j.entry(&f), j.baseline(&f))
		if m := j.mark(&f, f.Mute != nil); m != nil {
			f.Mute = m
		}
		if f.Mute != nil {
			muted = append(muted, f)
		} else {
			counts = append(counts, f)
		}
	}
	scrub(muted, rep.Findings)
	rep.Findings, rep.Muted = counts, append(rep.Muted, muted...)
	j.close()
}

// A judge goes by a Set for one report.
type judge struct {
	Set
	rep    *scan.Report
	change bool // what a change brings is judged
	delta  bool // what was looked at is what a change brings, and nothing else
	uses   []*use
	named  map[string][]*use // by fingerprint
	placed []*use            // the others
	// passwords counts, by fingerprint, how many different ones there are of what can be
	// guessed, which a fingerprint doesn't tell apart.
	passwords map[string]int
	found     map[string]bool // what of the baseline was found
	said      map[scan.Remark]bool
	unsaid    int
}

// A use is an entry and what came of it.
type use struct {
	Entry
	path glob.Pattern
	keys map[string]bool // what it accepted, by fingerprint

	last    string // the path that was asked for last
	matched bool   // and what came of it; findings come by path
}

func newJudge(s Set, rep *scan.Report) *judge {
	j := &judge{
		Set: s, rep: rep, named: map[string][]*use{}, passwords: passwords(rep.Findings),
		found: map[string]bool{}, said: map[scan.Remark]bool{},
	}
	j.delta = rep.Scanned.Mode == "range" || rep.Scanned.Mode == "staged"
	j.change = s.Change || j.delta
	for _, e := range s.Entries {
		e.Fingerprint = strings.ToLower(e.Fingerprint)
		u := &use{Entry: e, keys: map[string]bool{}}
		if fault := u.check(s.Now); fault != "" {
			j.remark(e.Where, fault)
			continue
		}
		switch {
		case e.Fingerprint != "":
			j.named[e.Fingerprint] = append(j.named[e.Fingerprint], u)
		case len(j.placed) == maxGlobs:
			j.remark(e.Where, fmt.Sprintf("there are more than %d entries without a fingerprint; this one and those that follow accept nothing", maxGlobs))
			return j
		default:
			j.placed = append(j.placed, u)
		}
		j.uses = append(j.uses, u)
	}
	return j
}

// check returns why the entry accepts nothing, or "".
func (u *use) check(now time.Time) string {
	const nothing = ", so the entry accepts nothing; "
	switch {
	case !strings.ContainsFunc(u.Reason, visible):
		return "there is no reason" + nothing + "write why its findings are accepted"
	case u.Expired(now):
		return "it expired, its last day was " + u.Expires.Add(-time.Nanosecond).UTC().Format(time.DateOnly) + nothing + "renew it or delete it"
	case u.Fingerprint == "" && u.Path == "" && u.Rule == "":
		return "there is no fingerprint, and no path with a rule" + nothing + "name what it accepts"
	case u.Rule != "" && rule.ByID(u.Rule) == nil:
		return "there is no rule of that name" + nothing + "bbkeys rules lists them"
	case u.Path == "":
		return ""
	}
	var err error
	if u.path, err = glob.Compile(u.Path); err != nil {
		return err.Error() + nothing + "write its path anew"
	}
	return ""
}

func visible(r rune) bool { return r > ' ' }

// passwords counts the different ones of each fingerprint of a kind that can be guessed.
func passwords(all []scan.Finding) map[string]int {
	type password struct {
		fingerprint string
		digest      [32]byte
	}
	seen, counts := map[password]bool{}, map[string]int{}
	for i := range all {
		f := &all[i]
		if !f.Rule.Weak {
			continue
		}
		p := password{f.Fingerprint(), f.Match.Secret.Digest("")}
		if !seen[p] {
			seen[p] = true
			counts[p.fingerprint]++
		}
	}
	return counts
}

// mark returns how the mark beside f accepts it, if it does. What is accepted otherwise
// needs no remark.
func (j *judge) mark(f *scan.Finding, accepted bool) *scan.Mute {
	m := f.Mark
	if m == nil || strings.HasPrefix(f.Place.Path, ".git/") { // messages have no comments
		return nil
	}
	where := fmt.Sprintf("%s:%d", f.Place.Path, m.Line)
	switch {
	case m.Fault != "":
		j.remark(where, "the mark "+m.Fault)
		return nil
	case j.change && (f.Level >= rule.Error || f.Match.Proof > rule.Context):
		if accepted {
			return nil
		}
		j.remark(where, "the mark does not count: what is proven or an error is not accepted by the change that brings it; "+
			"name its fingerprint, "+f.Fingerprint()+", in the settings of what the change goes to")
		return nil
	}
	return &scan.Mute{By: "mark", Where: where, Reason: m.Reason}
}

// entry returns how an entry of the settings accepts f, if one does.
func (j *judge) entry(f *scan.Finding) *scan.Mute {
	var by *use
	for _, list := range [][]*use{j.named[f.Fingerprint()], j.placed} {
		for _, u := range list {
			if !u.covers(f) || !j.tells(f, u) {
				continue
			}
			u.keys[f.Fingerprint()] = true
			if by == nil {
				by = u
			}
		}
	}
	if by == nil {
		return nil
	}
	return &scan.Mute{By: "entry", Where: by.Where, Reason: by.Reason, Owner: by.Owner, Expires: by.Expires}
}

// covers reports whether f is what the entry names, as far as path and rule go.
func (u *use) covers(f *scan.Finding) bool {
	if u.Rule != "" && u.Rule != f.Rule.ID {
		return false
	}
	if u.Path != "" && u.last != f.Place.Path {
		u.last, u.matched = f.Place.Path, u.path.Match(f.Place.Path)
	}
	return u.Path == "" || u.matched
}

// tells reports whether a fingerprint that an entry names can only be that of what was
// accepted. That of what can be guessed does not depend on the password, so that one alone
// must not accept the next password in the same place; with a path it is meant to.
func (j *judge) tells(f *scan.Finding, u *use) bool {
	if !f.Rule.Weak || u.Fingerprint == "" || u.Path != "" {
		return true
	}
	switch n := j.passwords[f.Fingerprint()]; {
	case j.delta:
		j.remark(u.Where, "the fingerprint tells where a password is used and not which one it is, so that it accepts none that a change brings; name its path too")
	case n > 1:
		j.remark(u.Where, fmt.Sprintf("%d passwords have the fingerprint, which does not tell them apart, so that it accepts none of them; name the path too", n))
	default:
		return true
	}
	return false
}

// baseline returns how the baseline accepts f, if it does.
func (j *judge) baseline(f *scan.Finding) *scan.Mute {
	if j.Baseline == nil {
		return nil
	}
	name := f.Fingerprint()
	known, ok := j.Baseline.keys[name]
	if !ok {
		return nil
	}
	j.found[name] = true
	where := fmt.Sprintf("%s:%d", j.Baseline.name, known.line)
	switch n := j.passwords[name]; {
	case f.Rule.Weak && j.delta:
		return nil // a change brings only what was not there before
	case f.Rule.Weak && n > known.Passwords:
		j.remark(where, fmt.Sprintf("there are %d passwords where %d was accepted, and the fingerprint does not tell them apart, so that none is accepted", n, known.Passwords))
		return nil
	}
	return &scan.Mute{By: "baseline", Where: where, Reason: "it was there when the baseline was made, on " + known.Since}
}

// close remarks on what the whole run tells of the entries and the baseline.
func (j *judge) close() {
	whole := j.rep.Complete() && (j.rep.Scanned.Mode == "checkout" || j.rep.Scanned.Mode == "history")
	for _, u := range j.uses {
		switch {
		case len(u.keys) == 0 && whole:
			j.remark(u.Where, "the entry accepts nothing of what was found; delete it if its key is gone")
		case u.broad() != "":
			j.remark(u.Where, u.broad())
		case len(u.keys) > maxKeys:
			j.remark(u.Where, fmt.Sprintf("the entry accepts %d keys; name what it means more closely, or put them into a baseline", len(u.keys)))
		}
	}
	if b := j.Baseline; b != nil && whole && b.mode == j.rep.Scanned.Mode && len(j.found) < len(b.keys) {
		j.remark(b.name, fmt.Sprintf("no longer found of %d accepted keys: %d; bbkeys baseline writes it without them", len(b.keys), len(b.keys)-len(j.found)))
	}
	if j.unsaid > 0 {
		j.rep.Remarks = append(j.rep.Remarks, scan.Remark{Text: fmt.Sprintf("%d more remarks are not listed", j.unsaid)})
	}
}

// broad says what makes the entry accept more than somebody can have looked at, or "".
func (u *use) broad() string {
	switch {
	case u.Fingerprint != "":
		return ""
	case u.Rule == "":
		return "the entry is over-broad: without a rule it accepts every kind of key at its path"
	case strings.Trim(u.Path, "*/?.") == "":
		return "the entry is over-broad: it accepts every key of its rule, wherever it is"
	}
	return ""
}

// remark says something of a place, once.
func (j *judge) remark(where, text string) {
	r := scan.Remark{Where: where, Text: text}
	switch {
	case j.said[r]:
	case len(j.said) == maxRemarks:
		j.unsaid++
	default:
		j.said[r] = true
		j.rep.Remarks = append(j.rep.Remarks, r)
	}
}
