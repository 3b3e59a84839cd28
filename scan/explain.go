package scan

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/bbkeys/bbkeys/rule"
)

// An Explained is something that looked like a credential and is no finding.
type Explained struct {
	Place  Place
	From   Position
	Inside []string
	Rule   *rule.Rule // the kind that it looked like; nil where only its carrier says something
	Why    string     // one clause without a full stop, in words of ours
}

const (
	// maxExplained is how many of them a report holds.
	maxExplained = 1000
	// maxRejects is how many one content may have.
	maxRejects = 100
	// maxTried is how often a literal is asked about in one content.
	maxTried = 20_000
	// maxExplain is how many bytes of a content are looked at for what is rejected.
	maxExplain = 16 << 20
)

// explain notes why a hit is no finding, where that is asked for.
func (l *look) explain(h Hit, p Place, at spot, why string) {
	if l.explains {
		l.explained = append(l.explained, Explained{Place: p, From: at.from, Inside: h.inside, Rule: h.rule, Why: why})
	}
}

// explainAll explains hits whose value is accepted.
func explainAll(b *Blob, refused []Hit, binary bool) (all []Explained) {
	spots := make([]spot, len(refused))
	if len(refused) > 0 && !binary {
		if at, err := locate(b, refused); err == nil {
			spots = at
		}
	}
	for i, h := range refused {
		for _, p := range b.Places {
			all = append(all, Explained{Place: p, From: spots[i].from, Inside: h.inside, Rule: h.rule, Why: "the settings accept its value"})
		}
	}
	return all
}

// A reject is a stretch of a text that looks like a credential and is none.
type reject struct {
	lo, hi int
	rule   *rule.Rule
	why    string
}

// rejects explains what the content of b rejects: what has the layout of a kind and no more,
// and what a carrier says is a credential. It looks at a bounded part of what is plain: what
// is encoded or in an archive counts where it is proven, and else is nothing.
func (f *Finder) rejects(ctx context.Context, b *Blob) []Explained {
	if len(b.Places) == 0 {
		return nil
	}
	text, err := head(b)
	if err != nil || isBinary(text) || isArchive(text) {
		return nil
	}
	all := f.rejected(ctx, text)
	offsets := make([]int, len(all))
	for i, r := range all {
		offsets[i] = r.lo
	}
	at, err := positions(&Blob{Data: text}, slices.Compact(offsets))
	if err != nil {
		return nil
	}
	var explained []Explained
	for _, r := range all {
		for _, p := range b.Places {
			explained = append(explained, Explained{Place: p, From: at[r.lo], Rule: r.rule, Why: r.why})
		}
	}
	return explained
}

// head returns the beginning of b.
func head(b *Blob) ([]byte, error) {
	if b.Data != nil || b.Open == nil {
		return b.Data[:min(len(b.Data), maxExplain)], nil
	}
	r, err := b.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // nothing was written
	return io.ReadAll(io.LimitReader(r, maxExplain))
}

// rejected returns what a text rejects, by place, each place once.
func (f *Finder) rejected(ctx context.Context, text []byte) (all []reject) {
	low := bytes.Clone(text)
	for i, c := range low {
		if 'A' <= c && c <= 'Z' {
			low[i] += 'a' - 'A'
		}
	}
	for i, l := range f.literals {
		if l.Sets != nil {
			continue // what has a shape is everywhere
		}
		in, word := text, []byte(l.Text)
		if l.Fold {
			in, word = low, bytes.ToLower(word)
		}
		var g rule.Reading
		g.Start(text)
		tried := 0
		for at := 0; len(all) < 2*maxRejects && tried < maxTried && ctx.Err() == nil; at++ {
			n := bytes.Index(in[at:], word)
			if n < 0 {
				break
			}
			at += n
			tried++
			if err := guarded(func() { f.reject(f.anchors[i], &g, text, at, &all) }); err != nil {
				break // the search of the same place tells of it
			}
		}
	}
	hits := f.Find(text)
	all = slices.DeleteFunc(all, func(r reject) bool {
		return slices.ContainsFunc(hits, func(h Hit) bool { return r.lo < h.Hi && h.Lo < r.hi })
	})
	slices.SortStableFunc(all, func(a, b reject) int { return cmp.Compare(a.lo, b.lo) })
	kept, end := all[:0], 0
	for _, r := range all { // what is within another is told with it
		if r.lo >= end {
			kept, end = append(kept, r), r.hi
		}
	}
	return kept[:min(len(kept), maxRejects)]
}

// guarded calls do. What panics there costs what do was for and nothing else.
func guarded(do func()) (fault error) {
	defer func() {
		if r := recover(); r != nil {
			fault = crash(r)
		}
	}()
	do()
	return nil
}

// begun is how many characters of a token must follow an anchor that no rule takes, so that
// it is worth a word: class names and prose begin like tokens too.
const begun = 20

// reject adds what the anchor at text[at], which g reads, brings and is none.
func (f *Finder) reject(a anchor, g *rule.Reading, text []byte, at int, all *[]reject) {
	add := func(lo, hi int, why string) { *all = append(*all, reject{lo, hi, a.rule, why}) }
	switch {
	case a.own:
		g.Rejected(f.own, at, add)
		return
	case a.rule == nil:
		g.Rejected(nil, at, add)
		return
	}
	lo, hi := max(0, at-rule.Reach), min(len(text), at+rule.Reach)
	m, ok := a.rule.Match(text[lo:hi], at-lo)
	end := at
	for end < hi && tokenLike(text[end]) {
		end++
	}
	switch {
	case ok:
	case m.Proof == rule.Layout:
		add(at, max(end, at+1), "its checksum or structure is wrong, and it was typed by a person or is a part of something longer")
	case end-at >= begun && a.rule.LevelAt == nil:
		add(at, end, "it begins like one, and is too short, too long or of other characters")
	}
}

// tokenLike reports whether tokens may hold c.
func tokenLike(c byte) bool {
	return c == '-' || c == '_' || c == '=' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// explain keeps what was explained, as far as there is room.
func (l *ledger) explain(all []Explained) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(all), maxExplained-len(l.explained))
	l.explained = append(l.explained, all[:n]...)
	l.unexplained += len(all) - n
}

func compareExplained(a, b Explained) int {
	return cmp.Or(
		cmp.Compare(a.Place.Path, b.Place.Path), cmp.Compare(a.Place.Commit, b.Place.Commit),
		cmp.Compare(a.From.Line, b.From.Line), cmp.Compare(a.From.Column, b.From.Column), cmp.Compare(a.Why, b.Why),
	)
}
