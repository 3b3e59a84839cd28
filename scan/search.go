package scan

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/bbkeys/bbkeys/decode"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/prefilter"
	"github.com/bbkeys/bbkeys/rule"
)

// A Hit is one credential in a text.
type Hit struct {
	rule.Match
	rule   *rule.Rule
	part   bool     // it was read from a part of something, and may be one itself
	inside []string // the way into archives
	file   rule.File

	spelled string // as the text has it, of a weak one that is short; else empty
}

// Rule returns the rule that found it.
func (h Hit) Rule() *rule.Rule { return h.rule }

// An anchor is what is asked about a literal: the rule that knows what is around it; or,
// where that is nil, all that are known by what carries them, or with own the same of what
// an organization added.
type anchor struct {
	rule *rule.Rule
	own  bool
}

// match asks the rule. One that crashes costs what it was asked for and nothing else.
func (a anchor) match(text []byte, at int) (m rule.Match, ok bool, fault error) {
	defer func() {
		if r := recover(); r != nil {
			ok, fault = false, crash(r)
		}
	}()
	m, ok = a.rule.Match(text, at)
	return m, ok, nil
}

// crash is what a panic becomes. Its value may quote the text, so it says its type alone
// unless the runtime made it.
func crash(r any) error {
	what := fmt.Sprintf("%T", r)
	if e, ok := r.(runtime.Error); ok {
		what = e.Error()
	}
	return fault.New(fault.Crashed, "looking for credentials crashed, which is a fault of this program: %s", what)
}

// A catch is what a search has found so far. A blob made of nothing but credentials must
// not fill the memory, and look-alikes, which anybody can write, must not displace what
// is proven; so it keeps a number of either and counts the rest.
type catch struct {
	hits   []Hit
	known  map[hitKey]struct{}
	limit  int
	kept   [2]int // look-alikes, proven ones
	over   int
	fault  error      // the first crash of a rule
	unwrap *unwrapper // of what is packed in the text; nil where nothing is opened
}

// A hitKey is what tells a hit from another. One credential may have several anchors, each
// of which finds it.
type hitKey struct {
	lo, hi int
	proof  rule.Proof
	part   bool
	rule   *rule.Rule
}

func (c *catch) add(h Hit) {
	key := hitKey{h.Lo, h.Hi, h.Proof, h.part, h.rule}
	if _, ok := c.known[key]; ok {
		return
	}
	if !c.keep(h) {
		return
	}
	if c.known == nil {
		c.known = map[hitKey]struct{}{}
	}
	c.known[key] = struct{}{}
}

// keep adds what is known to be no hit again, as those of another text are, and reports
// whether there was room.
func (c *catch) keep(h Hit) bool {
	proven := 0
	if h.Proof > rule.Layout {
		proven = 1
	}
	if c.kept[proven] == c.limit {
		c.over++
		return false
	}
	c.kept[proven]++
	c.hits = append(c.hits, h)
	return true
}

// end returns what was found, and joins what was not kept to err.
func (c *catch) end(err error) ([]Hit, error) {
	if c.over > 0 {
		err = errors.Join(err, fault.New(fault.TooMany, "%d more findings in it are not listed", c.over))
	}
	err = errors.Join(err, c.fault)
	hits, missed := settle(c.hits), misses(nil)
	if c.unwrap != nil {
		inside, m := c.unwrap.end()
		hits, missed = append(around(hits, inside), inside...), m
	}
	switch {
	case len(missed) == 0:
		return hits, err
	case err == nil:
		return hits, missed
	}
	return hits, append(missed, err)
}

// A probe is what one goroutine needs to search a text.
type probe struct {
	decoder *decode.Decoder
	reading rule.Reading
	marks   []prefilter.Mark
}

// search adds the credentials that start in text[from:to], plain or encoded, to c. The
// text starts at base in its blob, and whole says whether it goes on to the blob's end. It
// looks at rule.Reach more on either side and no further, so that its answer cannot depend
// on where a window was cut. It returns where to go on: before to where something packed
// begins there that is longer.
func (f *Finder) search(c *catch, base int, text []byte, from, to int, whole bool) (next int) {
	lo, hi := max(0, from-rule.Reach), min(len(text), to+rule.Reach)
	whole = whole && hi == len(text)
	next = to
	text, base, from, to = text[lo:hi], base+lo, from-lo, to-lo
	p := f.probes.Get().(*probe) //nolint:errcheck // the pool holds nothing else
	defer f.probes.Put(p)
	p.marks = f.filter.Marks(text, p.marks[:0])
	if len(p.marks) == 0 {
		return next
	}
	add := func(h Hit) {
		h.near(text)
		h.Lo, h.Hi = h.Lo+base, h.Hi+base
		c.add(h)
	}
	f.plain(c, p, text, p.marks, from, to, add)
	f.encoded(c, p, text, p.marks, from, to, add, func(t *decode.Text) {
		begin, end := t.Place(0, len(t.Bytes))
		switch {
		case c.unwrap == nil || begin < from || begin >= to:
		case !whole && begin > from && end > len(text)-nearEnd:
			next = min(next, begin+lo)
		default:
			c.unwrap.look(t, begin+base, end+base)
		}
	})
	return next
}

// nearEnd is how near to the end of a window what is packed ends that may go on behind it:
// a line's indentation, or the encoded form of what is no whole group of base64.
const nearEnd = 512

// plain gives the credentials whose anchor starts in text[from:to], and whose marks these
// are, to add, by anchor.
func (f *Finder) plain(c *catch, p *probe, text []byte, marks []prefilter.Mark, from, to int, add func(Hit)) {
	started := false
	f.filter.Each(text, marks, func(literal, at int) {
		if at < from || at >= to {
			return
		}
		a := f.anchors[literal]
		if a.rule == nil && !a.own && !rule.Promises(text, at) {
			return
		}
		if a.rule == nil {
			if !started {
				p.reading.Start(text)
				started = true
			}
			c.fault = cmp.Or(c.fault, f.each(&p.reading, a, at, func(r *rule.Rule, m rule.Match) { add(Hit{Match: m, rule: r}) }))
			return
		}
		// The rule sees this much and no more, so that its answer cannot depend on where a
		// window was cut.
		lo, hi := max(0, at-rule.Reach), min(len(text), at+rule.Reach)
		m, ok, fault := a.match(text[lo:hi], at-lo)
		c.fault = cmp.Or(c.fault, fault)
		if ok {
			m.Lo, m.Hi = m.Lo+lo, m.Hi+lo
			add(Hit{Match: m, rule: a.rule})
		} else if f.literals[literal].Sets == nil || at > 0 && !inWord(text[at-1]) { // most of a shape is in a word
			f.joined(c, p.decoder, a, text, at, add)
		}
	})
}

// inWord reports whether c is a letter, a digit or an underscore.
func inWord(c byte) bool { return c == '_' || c-'0' < 10 || (c|0x20)-'a' < 26 }

// each asks the kinds that are known by what carries them. One that crashes costs what it
// was asked for and nothing else.
func (f *Finder) each(g *rule.Reading, a anchor, at int, yield func(*rule.Rule, rule.Match)) (fault error) {
	defer func() {
		if r := recover(); r != nil {
			fault = crash(r)
		}
	}()
	var own *rule.Own
	if a.own {
		own = f.own
	}
	g.Each(own, f.carried, at, yield)
	return nil
}

// settle puts hits in order of place and drops those that lie within another that is at
// least as well proven: a longer token may hold what looks like a shorter one. Of two at one
// place the one stays that matters more, whose rule knows more of it. What was
// read from a part gives way to all that it overlaps and that was read from the whole.
func settle(hits []Hit) []Hit {
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Lo, b.Lo), later(a.part, b.part), cmp.Compare(b.Hi, a.Hi), cmp.Compare(b.Proof, a.Proof), cmp.Compare(b.rule.Level, a.rule.Level))
	})
	kept := hits[:0]
	for _, h := range hits {
		if n := len(kept) - 1; n >= 0 && overreaches(kept[n], h) {
			kept = kept[:n]
		}
		if !slices.ContainsFunc(kept[max(0, len(kept)-maxNested):], func(outer Hit) bool {
			return h.Proof <= outer.Proof && (h.Hi <= outer.Hi || h.part && !outer.part && h.Lo < outer.Hi)
		}) {
			kept = append(kept, h)
		}
	}
	return kept
}

// overreaches reports whether outer is what begins like h and, joined with what follows it,
// proves no more than h does without.
func overreaches(outer, h Hit) bool {
	const joined = "concatenation"
	return outer.Lo == h.Lo && outer.Hi > h.Hi && outer.Proof <= h.Proof && slices.Contains(outer.Encoding, joined) && !slices.Contains(h.Encoding, joined)
}

// later orders what is false before what is true.
func later(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// maxNested is how many of the hits before it a hit is compared with. Hits that overlap
// are few; a text made of many must not cost their square.
const maxNested = 8

// Hits returns the credentials in b, each once, and what kept it from reading all of b.
func (f *Finder) Hits(ctx context.Context, b *Blob) ([]Hit, error) {
	hits, _, _, err := f.read(ctx, b)
	return hits, err
}

// read looks at all of b, and returns what it found, how many bytes it looked at, and
// whether b is binary.
func (f *Finder) read(ctx context.Context, b *Blob) (hits []Hit, n int64, binary bool, err error) {
	if b.Data != nil || b.Open == nil {
		return f.whole(ctx, b.Data)
	}
	r, err := b.Open()
	if err != nil {
		return nil, 0, false, err
	}
	defer r.Close()                //nolint:errcheck // nothing was written
	w := f.windows.Get().(*window) //nolint:errcheck // the pool holds nothing else
	defer f.windows.Put(w)
	return f.stream(ctx, r, w)
}

// whole looks at a text that is in memory, a window at a time.
func (f *Finder) whole(ctx context.Context, text []byte) (hits []Hit, n int64, binary bool, err error) {
	if isArchive(text) {
		return f.unpack(ctx, bytes.NewReader(text))
	}
	c := catch{limit: maxFindings, unwrap: f.unwrapper(ctx)}
	from := 0
	for from < len(text) {
		if ctx.Err() != nil {
			err = ErrInterrupted
			break
		}
		from = f.search(&c, 0, text, from, min(len(text), from+windowSize), true)
	}
	hits, err = c.end(cmp.Or(err, pointer(text)))
	return hits, int64(from), isBinary(text), err
}

// stream looks at all that r gives through one window.
func (f *Finder) stream(ctx context.Context, r io.Reader, w *window) (hits []Hit, n int64, binary bool, err error) {
	s := sieve{f: f, buf: w.sized(), c: catch{limit: maxFindings, unwrap: f.unwrapper(ctx)}}
	for ended := false; !ended; {
		if ctx.Err() != nil {
			err = ErrInterrupted
			break
		}
		k, e := fill(r, s.buf[s.filled:])
		if n == 0 {
			if text := s.buf[:k]; isArchive(text) {
				return f.unpack(ctx, io.MultiReader(bytes.NewReader(text), &rest{r, e}))
			}
			binary, err = isBinary(s.buf[:k]), pointer(s.buf[:k])
		}
		if e != io.EOF && e != nil {
			err = e
		}
		s.filled += k
		n += int64(k)
		ended = e != nil // what was read before is looked at all the same
		s.sift(ended)
	}
	hits, err = s.c.end(err)
	return hits, n, binary, err
}

// A rest is what follows in r, unless that ended with err before.
type rest struct {
	r   io.Reader
	err error
}

func (r *rest) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return r.r.Read(p)
}
