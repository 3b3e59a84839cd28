package scan

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/fault"
)

// A spot is where a hit is, in terms that people and tools use.
type spot struct {
	from, to Position
	hash     string
	mark     *Mark // that is about it; nil for none
}

var errChanged = fault.New(fault.Changed, "it became shorter while it was scanned")

// locate returns the spot of each hit, as far as b can be read. It reads b again, in
// pieces, since few blobs hold a credential and those that do may be large.
func locate(b *Blob, hits []Hit) ([]spot, error) {
	spots := make([]spot, len(hits))
	marks, err := marksIn(b)
	if err != nil {
		marks = nil // nothing is accepted by what may have changed
	}
	checkMarks(marks, hits)
	offsets := make([]int, 0, 2*len(hits)+len(marks))
	for _, h := range hits {
		offsets = append(offsets, h.Lo, h.Hi)
	}
	for _, m := range marks {
		offsets = append(offsets, m.lo)
	}
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	at, err := positions(b, offsets)
	beside := byLine(marks, at)
	for i, h := range hits {
		spots[i].from, spots[i].to = at[h.Lo], at[h.Hi]
		spots[i].mark = markOf(&h, spots[i].from.Line, beside)
	}
	if err != nil {
		return spots, err
	}
	// A line's hash is over what follows it too, and whoever knows the rest of that could
	// find out a password in it.
	if slices.ContainsFunc(hits, func(h Hit) bool { return h.rule.Weak }) {
		return spots, nil
	}
	// GitHub takes a lone carriage return for the end of a line, and Position does not. The
	// hash is the one that GitHub would compute for a line of that number.
	lines := make(map[int]string, len(hits))
	for i := range spots {
		lines[spots[i].from.Line] = ""
	}
	if err := lineHashes(b, lines); err != nil {
		return spots, err
	}
	for i := range spots {
		spots[i].hash = lines[spots[i].from.Line]
	}
	return spots, nil
}

var bom = []byte("\ufeff")

// positions returns the position of each offset of b; offsets are in order, and each is
// next to an ASCII character.
func positions(b *Blob, offsets []int) (map[int]Position, error) {
	found := make(map[int]Position, len(offsets))
	pos := Position{1, 1}
	err := pieces(b, func(base int, text []byte, last bool) int {
		used := 0
		if base == 0 && bytes.HasPrefix(text, bom) {
			used = len(bom)
		}
		for len(offsets) > 0 && offsets[0] <= base+len(text) {
			// The end of a piece may be within a character that the next piece ends.
			if offsets[0] == base+len(text) && !last {
				break
			}
			pos = advance(pos, text[used:max(used, offsets[0]-base)])
			used = max(used, offsets[0]-base)
			found[offsets[0]] = pos
			offsets = offsets[1:]
		}
		if len(offsets) == 0 {
			return enough
		}
		end := len(text)
		if !last {
			end = max(used, wholeRunes(text))
		}
		pos = advance(pos, text[used:end])
		return end
	})
	if err == nil && len(offsets) > 0 {
		err = errChanged
	}
	return found, err
}

func advance(p Position, text []byte) Position {
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		p.Line += bytes.Count(text[:i+1], []byte{'\n'})
		p.Column = 1
		text = text[i+1:]
	}
	p.Column += utf8.RuneCount(text)
	return p
}

// wholeRunes returns how much of text ends before a character that text holds only the
// beginning of.
func wholeRunes(text []byte) int {
	for i := max(0, len(text)-utf8.UTFMax+1); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			return i
		}
	}
	return len(text)
}

// enough says that nothing of what follows is wanted.
const enough = -1

// pieces gives all of b to each, a piece at a time: base is where the piece starts, last
// whether nothing follows, at the end of b or where it cannot be read on. each returns
// how much of the piece it used, whose rest comes again at the start of the next one, or
// enough.
func pieces(b *Blob, each func(base int, text []byte, last bool) int) error {
	if b.Data != nil || b.Open == nil {
		each(0, b.Data, true)
		return nil
	}
	r, err := b.Open()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing was written
	buf := make([]byte, 64<<10)
	for base, filled := 0, 0; ; {
		k, err := fill(r, buf[filled:])
		filled += k
		used := each(base, buf[:filled], err != nil)
		if used == enough || err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		copy(buf, buf[used:filled])
		base, filled = base+used, filled-used
	}
}
