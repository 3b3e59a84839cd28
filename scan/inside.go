package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/archive"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/rule"
)

// isArchive reports whether a content that begins with text is looked at from inside too.
func isArchive(text []byte) bool { return archive.Is(text[:min(len(text), archive.HeadSize)]) }

// misses are what could not be looked at inside a blob. Each is a gap of its own.
type misses []error

// Error tells all of them.
func (m misses) Error() string { return errors.Join(m...).Error() }

// Unwrap returns them.
func (m misses) Unwrap() []error { return m }

// unpack looks at an archive: at its bytes as they are, and at all that is in it. Nothing
// of it has a line.
func (f *Finder) unpack(ctx context.Context, r io.Reader) (hits []Hit, n int64, binary bool, err error) {
	u := f.unpacking(ctx)
	err = u.walk.File(r)
	u.walk.End()
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	hits = u.found()
	if len(u.missed) > 0 && err != nil {
		err = append(u.missed, err)
	} else if len(u.missed) > 0 {
		err = u.missed
	}
	return hits, u.file.n, true, err
}

// An unpacking collects what is found and missed in one archive.
type unpacking struct {
	f      *Finder
	c      catch
	walk   *archive.Walk
	file   *layer // the archive itself
	missed misses
}

func (f *Finder) unpacking(ctx context.Context) *unpacking {
	u := &unpacking{f: f, c: catch{limit: maxFindings}}
	u.walk = f.archives.Begin(ctx, u)
	return u
}

// found returns what was found, and adds to what was missed what was not kept.
func (u *unpacking) found() []Hit {
	if u.c.over > 0 {
		u.missed = append(u.missed, fault.New(fault.TooMany, "%d more findings in it are not listed", u.c.over))
	}
	return innermost(u.c.hits)
}

// Open implements archive.Visitor.
func (u *unpacking) Open(inside []string) io.WriteCloser {
	w := u.f.windows.Get().(*window) //nolint:errcheck // the pool holds nothing else
	l := &layer{sieve: sieve{f: u.f, buf: w.sized(), c: catch{limit: maxInside, unwrap: &unwrapper{of: u, inside: inside}}}, w: w, of: u, inside: inside}
	if u.file == nil {
		u.file = l
	}
	return l
}

// Miss implements archive.Visitor.
func (u *unpacking) Miss(inside []string, why error) {
	if len(inside) > 0 {
		why = fmt.Errorf("inside it, %s: %w", strings.Join(inside, " > "), why)
	}
	u.missed = append(u.missed, why)
}

// maxInside is how many findings of either kind one content within an archive may have:
// those of contents within one another are all held until the innermost ends.
const maxInside = 10_000

// A layer is one content of an archive, or the archive itself.
type layer struct {
	sieve
	w      *window
	of     *unpacking
	inside []string
	ties   rule.Ties
}

// Write implements io.Writer.
func (l *layer) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := copy(l.buf[l.filled:], p)
		l.filled += k
		p = p[k:]
		if l.filled == len(l.buf) {
			l.ties |= l.f.tiesIn(l.buf)
			l.sift(false)
		}
	}
	l.n += int64(n)
	return n, nil
}

// Close ends the content.
func (l *layer) Close() error {
	l.ties |= l.f.tiesIn(l.buf[:l.filled])
	l.sift(true)
	l.of.f.windows.Put(l.w)
	for _, h := range settle(l.c.hits) {
		h.inside, h.file.Ties = l.inside, l.ties
		l.of.c.keep(h)
	}
	l.of.c.over += l.c.over
	return nil
}

// innermost drops what was found again in something that is within where it was found: an
// archive that is not compressed shows what it holds, and one that is may show the
// beginning of it, or parts with a few bytes of its own between them.
func innermost(hits []Hit) []Hit {
	type layer struct {
		rule *rule.Rule
		way  string
	}
	// A name may be empty, and is none the less a step.
	path := func(inside []string) string {
		var b strings.Builder
		for _, name := range inside {
			b.WriteString(name + "\x00")
		}
		return b.String()
	}
	type key struct {
		digest [32]byte
		way    string
	}
	around, begins, packed := map[key]bool{}, map[layer][]string{}, map[string]bool{}
	for _, h := range hits {
		d := h.same()
		for i := range h.inside {
			way := path(h.inside[:i])
			around[key{d, way}] = true
			begins[layer{h.rule, way}] = append(begins[layer{h.rule, way}], h.Secret.Reveal())
			packed[way] = packed[way] || slices.Contains([]string{"lz4", "zstd", "xz", "bzip2"}, h.inside[i])
		}
	}
	for _, all := range begins {
		slices.Sort(all)
	}
	return slices.DeleteFunc(hits, func(h Hit) bool {
		way := path(h.inside)
		return around[key{h.same(), way}] || h.Proof != rule.Checksum && (packed[way] || cutFrom(begins[layer{h.rule, way}], h.Secret.Reveal()))
	})
}

// cutFrom reports whether s is the beginning of one of all, which are in order, up to where
// a compressed stream goes on in another way: a byte or two of that may be taken for text.
func cutFrom(all []string, s string) bool {
	const enough, stray = 24, 2
	if len(s) < 8 {
		return false
	}
	s = s[:min(len(s)-stray, enough)]
	i, _ := slices.BinarySearch(all, s)
	return i < len(all) && strings.HasPrefix(all[i], s)
}
