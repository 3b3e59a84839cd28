// Package scan finds credentials in blobs and says where they are.
//
// It is the middle of the program: a Source hands it blobs, it hands back a Report. It
// reads no file, no environment and no network.
package scan

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
)

// Options are the settings of a run.
type Options struct {
	Rules []*rule.Rule
	// Finder is what looks; nil means a new one, of Rules.
	Finder *Finder
	Jobs   int       // how many blobs are looked at at once; 0 means one a core
	Meter  *Progress // what a watcher reads while the run goes on; may be nil
	// Explain asks why what looks like a credential is none, which takes about twice as long.
	Explain bool
}

// Progress counts what was looked at so far. It may be read while a run writes to it.
type Progress struct {
	Blobs, Bytes atomic.Int64
}

// Run looks at everything src has until ctx ends. It has no error to return: whatever
// could not be looked at is a Gap of the report.
func Run(ctx context.Context, src Source, o Options) *Report {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Meter == nil {
		o.Meter = new(Progress)
	}
	l := ledger{kept: map[rule.Level]int{}}
	f := o.Finder
	if f == nil {
		f = NewFinder(o.Rules)
	}
	src.Each(ctx, o.Jobs, func(b Blob) bool {
		look, err := f.try(ctx, &b, o.Explain)
		sealed := false
		for _, why := range reasons(err) {
			switch {
			case archive.Unreadable(why):
				sealed = true
			case errors.Is(why, errPointer):
				l.pointers.Add(1)
			default:
				l.miss(&Gap{Place: b.place(), Why: coded(why)})
			}
		}
		if sealed {
			l.sealed.Add(1)
		}
		l.add(look.found)
		if o.Explain {
			l.explain(append(look.explained, f.rejects(ctx, &b)...))
		}
		l.accepted.Add(int64(look.accepted))
		l.known.Add(int64(look.known))
		if !b.Again {
			o.Meter.Blobs.Add(1)
			o.Meter.Bytes.Add(look.bytes)
		}
		return look.hit
	}, l.miss)

	rep := &l.rep
	rep.Scanned = src.Scanned()
	rep.Scanned.Blobs, rep.Scanned.Bytes = int(o.Meter.Blobs.Load()), o.Meter.Bytes.Load()
	rep.Scanned.Note = l.note(rep.Scanned.Note)
	skipped := &rep.Scanned.Skipped
	skipped.Sealed, skipped.Pointers = int(l.sealed.Load()), int(l.pointers.Load())
	skipped.Accepted, skipped.Known = int(l.accepted.Load()), int(l.known.Load())
	if l.over > 0 {
		rep.Gaps = append(rep.Gaps, &Gap{Why: fault.New(fault.TooMany, "%d more findings are not listed; a report holds %d of each level", l.over, maxFindings)})
	}
	if ctx.Err() != nil {
		rep.Gaps = append(rep.Gaps, &Gap{Why: ErrInterrupted})
	}
	if o.Explain {
		rep.Explained, rep.Unexplained = append([]Explained{}, l.explained...), l.unexplained
		slices.SortFunc(rep.Explained, compareExplained)
	}
	slices.SortFunc(rep.Findings, compareFindings)
	slices.SortStableFunc(rep.Gaps, compareGaps)
	return rep
}

// A Finder finds credentials of some kinds. It may be used by many goroutines at once.
type Finder struct {
	filter   *prefilter.Filter
	anchors  []anchor     // by the filter's literals
	carried  []*rule.Rule // the kinds that are known by what carries them
	windows  sync.Pool
	probes   sync.Pool
	archives *archive.Walker

	literals []prefilter.Literal // what the filter looks for
	own      *rule.Own           // what an organization adds; nil for nothing
	accepted map[[sha256.Size]byte]bool
}

// NewFinder returns a Finder of rules.
func NewFinder(rules []*rule.Rule) *Finder {
	f := &Finder{archives: archive.New(archive.DefaultLimits())}
	for _, r := range rules {
		a := anchor{rule: r}
		if r.Context != "" {
			f.carried = append(f.carried, r)
			a.rule = nil
		}
		for _, text := range r.Anchors {
			f.seek(prefilter.Literal{Text: text, Fold: a.rule == nil && text == strings.ToLower(text), Within: len(text) == 1}, a)
		}
	}
	for _, r := range rules {
		for _, s := range r.Shapes {
			f.seek(prefilter.Literal{Sets: s}, anchor{rule: r})
		}
	}
	f.filter = prefilter.New(f.literals)
	f.windows.New = func() any { return new(window) }
	f.probes.New = func() any {
		d := decode.New(f.filter)
		d.Packed(archive.Is)
		return &probe{decoder: d}
	}
	return f
}

// seek adds what is asked about a literal. Of rules that are asked together it takes each
// literal once.
func (f *Finder) seek(l prefilter.Literal, a anchor) {
	for i, other := range f.literals {
		if a.rule == nil && other.Text == l.Text && other.Fold == l.Fold && other.Within == l.Within && f.anchors[i] == a {
			return
		}
	}
	f.literals, f.anchors = append(f.literals, l), append(f.anchors, a)
}

// Literals returns what f looks for in every text, each once or more.
func (f *Finder) Literals() []prefilter.Literal { return slices.Clone(f.literals) }

// Limit sets what looking into an archive may cost. It is not to be called once f is in
// use.
func (f *Finder) Limit(l archive.Limits) { f.archives = archive.New(l) }

// A look is what came of looking at one blob.
type look struct {
	found []Finding // every new credential, once for each place of the blob
	hit   bool      // there is a credential, new or not, or a gap whose place is to be told
	bytes int64     // looked at

	accepted int // credentials that are no findings because the settings accept their value
	known    int // places of credentials that were there before the change

	explains  bool // why what was found is no finding is asked for
	explained []Explained
}

// reasons returns why a blob was not looked at, or not all of it, each for itself.
func reasons(err error) []error {
	if m := (misses)(nil); errors.As(err, &m) {
		return m
	} else if err != nil {
		return []error{err}
	}
	return nil
}

// coded gives why a blob was not looked at its code, where what failed knows of none: an
// archive, or else the reading of the blob.
func coded(why error) error {
	switch {
	case errors.Is(why, archive.ErrLimit):
		return fault.Or(fault.ArchiveLimit, why)
	case errors.Is(why, archive.ErrCrashed):
		return fault.Or(fault.Crashed, why)
	}
	return fault.Or(fault.Unreadable, why)
}

// try is look, except that what panics costs its blob and not the run.
func (f *Finder) try(ctx context.Context, b *Blob, explains bool) (l look, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = crash(r)
		}
	}()
	return f.look(ctx, b, explains)
}

func (f *Finder) look(ctx context.Context, b *Blob, explains bool) (look, error) {
	hits, n, binary, err := f.read(ctx, b)
	if b.Name {
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return h.rule.Weak })
	}
	hits, refused := f.refuse(hits)
	l := look{hit: len(hits) > 0, bytes: n, explains: explains}
	if !b.Again {
		l.accepted = len(refused)
	}
	if explains {
		l.explained = explainAll(b, refused, binary)
	}
	if m := (misses)(nil); len(b.Places) == 0 && errors.As(err, &m) {
		return look{hit: true, bytes: n}, nil // which is told where the places are
	}
	if !l.hit || len(b.Places) == 0 {
		return l, err
	}
	ties, e := f.ties(ctx, b, hits)
	if e != nil && err == nil {
		err = fmt.Errorf("reading it again to see what it is for: %w", e)
	}
	spots := make([]spot, len(hits))
	if !binary && !b.Name {
		var e error
		if spots, e = locate(b, hits); e != nil && err == nil {
			err = fmt.Errorf("reading it again to place what was found: %w", e)
		}
	}
	for i, h := range hits {
		for _, p := range b.Places {
			if b.Old != nil {
				if old, e := b.Old(ctx, p, h.Match); e == nil && old {
					l.known++
					l.explain(h, p, spots[i], "it was there before the change")
					continue
				}
			}
			level := f.settled(b, &h, p, ties)
			if level == 0 {
				l.explain(h, p, spots[i], "nothing in its file ties it to Bitbucket")
				continue
			}
			l.found = append(l.found, finding(h, p, level, spots[i]))
		}
	}
	return l, err
}

// Find returns the credentials in a text, in order, each once.
func (f *Finder) Find(text []byte) []Hit {
	c := catch{limit: math.MaxInt}
	for from := 0; from < len(text); {
		from = f.search(&c, 0, text, from, min(len(text), from+windowSize), true)
	}
	return settle(c.hits)
}
