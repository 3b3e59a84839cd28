package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/bbkeys/bbkeys/git/object"
)

// join makes of a split index a whole one. The link's first bitmap tells which entries of
// the shared index are gone, its second which are replaced: by the first entries of this
// index, in order, whose paths are left empty as they don't change. All others are new.
func (p *parsed) join(shared func(h object.Hash) ([]byte, error)) error {
	if shared == nil {
		return fmt.Errorf("the index is split: %w", errors.ErrUnsupported)
	}
	data, err := shared(p.base)
	if err != nil {
		return err
	}
	base, err := parse(data, p.format, nil)
	if err != nil {
		return fmt.Errorf("the shared part: %w", err)
	}
	if !base.base.IsZero() {
		return corrupt("the shared part is itself split")
	}
	if len(p.deleted) == 0 {
		p.entries = append(base.entries, p.entries...)
		return nil
	}
	deleted, rest, err := bitmap(p.deleted, len(base.entries))
	if err != nil {
		return err
	}
	replaced, _, err := bitmap(rest, len(base.entries))
	if err != nil {
		return err
	}
	own := p.entries
	p.entries = make([]Entry, 0, len(base.entries)+len(own))
	for i, e := range base.entries {
		if replaced[i] {
			if len(own) == 0 || own[0].Path != "" {
				return corrupt("its own part lacks an entry that replaces one of the shared part")
			}
			path := e.Path
			e, own = own[0], own[1:]
			e.Path = path
		}
		if !deleted[i] {
			p.entries = append(p.entries, e)
		}
	}
	p.entries = append(p.entries, own...)
	return nil
}

// bitmap decodes the EWAH bitmap that data begins with (git's bitmap format: the number of
// bits, the number of words, the words, the place of the last marker) into n booleans, and
// returns what follows it.
func bitmap(data []byte, n int) ([]bool, []byte, error) {
	if len(data) < 12 {
		return nil, nil, corrupt("a bitmap ends early")
	}
	words := uint64(binary.BigEndian.Uint32(data[4:]))
	if words > uint64(len(data)-12)/8 {
		return nil, nil, corrupt("a bitmap claims %d words", words)
	}
	body, rest := data[8:8+words*8], data[8+words*8+4:]
	set := make([]bool, n)
	at := uint64(0)
	for len(body) > 0 {
		// A marker: the value of a run of equal words, its length, and how many words as they are follow.
		marker := binary.BigEndian.Uint64(body)
		body = body[8:]
		run, plain := marker>>1&0xffffffff, marker>>33
		if at+run*64 > uint64(n)+63 {
			return nil, nil, corrupt("a bitmap is longer than the shared part")
		}
		if marker&1 != 0 {
			for i := at; i < min(at+run*64, uint64(n)); i++ {
				set[i] = true
			}
		}
		at += run * 64
		if plain > uint64(len(body))/8 {
			return nil, nil, corrupt("a bitmap ends early")
		}
		for range plain {
			for w := binary.BigEndian.Uint64(body); w != 0; w &= w - 1 {
				i := at + uint64(bits.TrailingZeros64(w))
				if i >= uint64(n) {
					return nil, nil, corrupt("a bitmap is longer than the shared part")
				}
				set[i] = true
			}
			body = body[8:]
			at += 64
		}
	}
	return set, rest, nil
}
