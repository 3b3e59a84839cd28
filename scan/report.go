package scan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/rule"
)

// A Finding is one credential at one place.
type Finding struct {
	Rule  *rule.Rule
	Match rule.Match // Lo and Hi count bytes from the start of the blob
	Level rule.Level
	Place Place
	From  Position
	To    Position // just after the last character
	// Inside is the way into archives, outermost first; empty for a plain file.
	Inside []string
	// LineHash is the primaryLocationLineHash of the line that From is in, as GitHub's
	// code scanning computes it, or "" where the content has no lines, or holds a credential
	// that could be guessed from it.
	LineHash string
	Mark     *Mark // that is beside it; nil for none
	Mute     *Mute // why it does not count; nil for what counts

	// Said is the place in the settings that says Level, as "FILE:LINE:COLUMN", or "" where
	// Level is the finding's own. Own is that one.
	Said string
	Own  rule.Level
}

// A Mute says who accepted a finding and why. Its texts are foreign, of one line each.
type Mute struct {
	By      string    // "mark", a comment beside it; "entry", one of the settings; or "baseline"
	Where   string    // the mark, the entry or the line of the baseline, as FILE:LINE
	Reason  string    // never empty
	Owner   string    // whom to ask; may be empty
	Expires time.Time // from when on it counts again; the zero time is never
}

// finding returns a hit at a place. Of a credential that can be guessed it does not tell
// how long it is.
func finding(h Hit, p Place, level rule.Level, at spot) Finding {
	f := Finding{
		Rule: h.rule, Match: h.Match, Level: level, Place: p,
		From: at.from, To: at.to, LineHash: at.hash, Inside: h.inside, Mark: at.mark,
	}
	if h.rule.Weak {
		if f.From.Line > 0 {
			f.To = Position{Line: f.From.Line, Column: f.From.Column + 1}
		}
	}
	return f
}

// Fingerprint names the credential, wherever it is found, without telling it. That of one
// that can be guessed is over where it is used and whose it is instead: the kind, the
// host, the account and the setting's name.
func (f *Finding) Fingerprint() string {
	if f.Rule.Weak {
		m := f.Match
		d := sha256.Sum256([]byte(strings.Join([]string{"bbkeys/1/weak", f.Rule.ID, m.Host, m.Account, m.Key}, "\x00")))
		return hex.EncodeToString(d[:16])
	}
	d := f.Match.Secret.Digest(f.Rule.ID)
	return hex.EncodeToString(d[:16])
}

// A Position is a place in a text: Line from 1, counted by line feeds, and Column from 1
// in code points, a byte that is no UTF-8 counting as one and a byte order mark as none.
// Both are 0 in what has no lines: binaries and what is inside archives.
type Position struct{ Line, Column int }

// Scanned says what was looked at.
type Scanned struct {
	Mode       string // "checkout", "range", "history", "staged", or "none" where there was nothing to look at
	Base, Head string // the ends of a range, as full commit names
	Commits    int
	Blobs      int
	Bytes      int64
	Note       string // why this and not something else, one sentence; may be empty

	Skipped  Skipped
	Settings Settings
}

// Skipped counts what was left out as it should be, which is no gap.
type Skipped struct {
	Ignored  int // files that git ignores and does not track, a folder of them counting as one
	Absent   int // tracked files that a sparse checkout left out of the working tree, a folder of a sparse index counting as one
	Sealed   int // files whose archives could not be opened, and were looked at as they are
	Pointers int // files of which the clone has only Git LFS's pointers
	Accepted int // credentials whose value the settings accept, once for each content
	Known    int // places of credentials that were there before the change
}

// Settings says which settings file a run had. The zero value is none.
type Settings struct {
	Path   string // of the file, as it was asked for, or "" where there is none
	Commit string // whose version of the file it was, in full; "" for the file on disk
	Note   string // why that version or none, one sentence; may be empty
}

// A Report is the whole outcome of a run.
type Report struct {
	Scanned  Scanned
	Findings []Finding // what counts, by path, commit, position and rule
	Muted    []Finding // what was accepted and does not count, in the same order
	Gaps     []*Gap
	Remarks  []Remark // what somebody who accepted something should know

	// Explained is what looked like a credential and is no finding, by place, where the run
	// was to explain that; else nil. Unexplained is how many more there are than are kept.
	Explained   []Explained
	Unexplained int
}

// A Remark says what is wrong with how something was accepted. It changes no verdict.
type Remark struct {
	Where string // as FILE:LINE or FILE:LINE:COLUMN; foreign text, may be empty
	Text  string // one sentence without a full stop
}

// All returns the findings that count and those that don't, by place.
func (r *Report) All() []Finding {
	all := slices.Concat(r.Findings, r.Muted)
	slices.SortStableFunc(all, compareFindings)
	return all
}

// Complete reports whether everything that was asked for was looked at.
func (r *Report) Complete() bool { return len(r.Gaps) == 0 }

// Faults returns what is known of the gaps, each code once, in order.
func (r *Report) Faults() []fault.Entry {
	seen := map[fault.Code]bool{}
	for _, g := range r.Gaps {
		seen[g.Code()] = true
	}
	return slices.DeleteFunc(fault.Table(), func(e fault.Entry) bool { return !seen[e.Code] })
}

// Interrupted reports whether the run was told to stop before it was done.
func (r *Report) Interrupted() bool {
	return slices.ContainsFunc(r.Gaps, func(g *Gap) bool { return errors.Is(g, ErrInterrupted) })
}

// Count returns how many findings are at or above a level.
func (r *Report) Count(at rule.Level) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Level >= at {
			n++
		}
	}
	return n
}

// Worst returns the findings with the highest level first, and in order of place within
// a level, for readers that show only some of them.
func (r *Report) Worst() []Finding {
	worst := slices.Clone(r.Findings)
	slices.SortStableFunc(worst, func(a, b Finding) int { return cmp.Compare(b.Level, a.Level) })
	return worst
}

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Place.Path, b.Place.Path),
		cmp.Compare(a.Place.Commit, b.Place.Commit),
		slices.Compare(a.Inside, b.Inside),
		cmp.Compare(a.Match.Lo, b.Match.Lo),
		cmp.Compare(a.Rule.ID, b.Rule.ID),
	)
}

func compareGaps(a, b *Gap) int {
	return cmp.Or(
		cmp.Compare(a.Place.Path, b.Place.Path),
		cmp.Compare(a.Place.Commit, b.Place.Commit),
		cmp.Compare(a.Why.Error(), b.Why.Error()),
	)
}

// maxFindings bounds what a hostile repository can make the report hold of each level:
// no number of look-alikes displaces a key. What is over it is counted in a gap.
const maxFindings = 100_000

// A ledger collects from many goroutines.
type ledger struct {
	mu   sync.Mutex
	rep  Report
	kept map[rule.Level]int
	over int

	explained   []Explained
	unexplained int

	sealed, pointers, accepted, known atomic.Int64 // as in Skipped
}

func (l *ledger) add(found []Finding) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range found {
		if l.kept[f.Level] == maxFindings {
			l.over++
			continue
		}
		l.kept[f.Level]++
		l.rep.Findings = append(l.rep.Findings, f)
	}
}

// note adds to what is said of a scan that some archives could be read as they are and not
// from inside. That is no gap: what they hold is not text to anybody else either, and
// damaged archives are what many a test is fed with.
func (l *ledger) note(note string) string {
	n := l.sealed.Load()
	if n == 0 {
		return note
	}
	if note != "" {
		note += "; "
	}
	return note + fmt.Sprintf("of archives that are damaged, encrypted or packed in an unknown way only the bytes were looked at: %d", n)
}

func (l *ledger) miss(g *Gap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rep.Gaps = append(l.rep.Gaps, g)
}
