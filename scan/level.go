package scan

import (
	"context"
	"crypto/sha256"
	"io"
	"path"

	"github.com/bbkeys/bbkeys/rule"
)

// near keeps what precedes the hit, which is in text, for a rule that asks for the file;
// and how the text spells a credential that only its own rule would know again.
func (h *Hit) near(text []byte) {
	if h.rule.Weak && h.Hi-h.Lo <= markTail && h.Hi <= len(text) {
		h.spelled = string(text[h.Lo:h.Hi])
	}
	if h.rule.LevelAt != nil {
		lo := min(h.Lo, len(text))
		h.file.Before = string(text[max(0, lo-rule.Near):lo])
	}
}

// level returns the level of the hit at a path, in a file that has these ties; of what is
// inside an archive the hit has its own. 0 means that it is none there.
func (h *Hit) level(p string, ties rule.Ties) rule.Level {
	if h.rule.LevelAt == nil {
		return h.rule.LevelOf(h.Match)
	}
	file := h.file
	file.Path, file.Ties = p, file.Ties|ties
	if n := len(h.inside); n > 0 {
		file.Path = path.Join(p, h.inside[n-1])
		file.Ties = h.file.Ties
	}
	return h.rule.LevelAt(h.Match, file)
}

// settled returns the level of the hit at a place, in a file that has these ties. Where that
// leaves in doubt what the credential is for, the files beside it are asked.
func (f *Finder) settled(b *Blob, h *Hit, p Place, ties rule.Ties) rule.Level {
	level := h.level(p.Path, ties)
	if h.rule.LevelAt == nil || b.Beside == nil || len(h.inside) > 0 || level == rule.Error {
		return level
	}
	for _, name := range rule.Neighbours(p.Path) {
		if text := b.Beside(p, name); len(text) > 0 {
			if tie := f.own.Points(name, text, p.Path); tie != 0 {
				return max(level, h.level(p.Path, ties|tie))
			}
		}
	}
	return level
}

// ties returns what all of b says, if a rule that found something in it asks for that.
func (f *Finder) ties(ctx context.Context, b *Blob, hits []Hit) (ties rule.Ties, err error) {
	asked := false
	for _, h := range hits {
		asked = asked || h.rule.LevelAt != nil && len(h.inside) == 0
	}
	if !asked {
		return 0, nil
	}
	if b.Data != nil || b.Open == nil {
		return f.tiesIn(b.Data), nil
	}
	r, err := b.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()                //nolint:errcheck // nothing was written
	w := f.windows.Get().(*window) //nolint:errcheck // the pool holds nothing else
	defer f.windows.Put(w)
	buf := w.sized()
	for n := 0; err == nil && ctx.Err() == nil; {
		var k int
		k, err = fill(r, buf[n:])
		ties |= f.tiesIn(buf[:n+k])
		keep := min(n+k, rule.Near)
		copy(buf, buf[n+k-keep:n+k])
		n = keep
	}
	if err == io.EOF {
		err = nil
	}
	return ties, err
}

// same names the credential of the hit. Of a key that has an id it names that: what an
// archive shows of it outside may be damaged by the archive's own bytes.
func (h *Hit) same() [sha256.Size]byte {
	if h.rule.LevelAt != nil && h.ID != "" {
		return sha256.Sum256([]byte(h.ID))
	}
	return h.Secret.Digest("")
}
