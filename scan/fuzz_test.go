package scan

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/rule"
)

// seeds are texts with a credential of every kind, in encodings and not.
func seeds() []string {
	rnd := rand.New(rand.NewPCG(49, 50))
	var all []string
	encoders := encode.Encoders()
	for i, r := range rule.All() {
		text := r.Plant(r.Mint(rnd))
		all = append(all, text, string(encoders[i%len(encoders)].Encode(encode.Around(text, "", "")).Bytes))
	}
	return append(all, "", "\x00", "ATATT3", "-----BEGIN ", "https://a:b@bitbucket.org/\n", strings.Repeat("QVRB", 40), strings.Repeat("%41", 100))
}

// jagged gives what r has in pieces of odd sizes.
type jagged struct {
	r   io.Reader
	rnd *rand.Rand
}

func (j *jagged) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return j.r.Read(p[:1+j.rnd.IntN(min(len(p), 1+j.rnd.IntN(4000)))])
}

// Any text gives hits at places that are in it, in order, and the same ones however it
// comes, in pieces and through windows of any size.
func FuzzFind(f *testing.F) {
	for i, s := range seeds() {
		f.Add([]byte(s), uint64(i), uint16(i*977))
	}
	all := NewFinder(rule.All())
	f.Fuzz(func(t *testing.T, text []byte, seed uint64, step uint16) {
		// So that windows end within it, and what is found there is near their ends.
		rnd := rand.New(rand.NewPCG(seed, 1))
		pad := strings.Repeat("# nothing\n", rnd.IntN(1500))
		text = slices.Concat([]byte(pad), text, []byte("\n"+pad))
		hits := all.Find(text)
		last := 0
		for _, h := range hits {
			if h.Lo < last || h.Lo >= h.Hi || h.Hi > len(text) || h.rule == nil || h.Secret.Reveal() == "" {
				t.Fatalf("a hit at [%d,%d) of %d bytes, after one at %d", h.Lo, h.Hi, len(text), last)
			}
			last = h.Lo
		}
		wraps := []func(io.Reader) io.Reader{asIs, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader, func(r io.Reader) io.Reader { return &jagged{r, rnd} }}
		got := streamed(t, all, string(text), 64+int(step), wraps[rnd.IntN(len(wraps))])
		if !same(got, hits) {
			t.Fatalf("%d hits through a window of %d, %d in the whole text", len(got), 64+int(step), len(hits))
		}
	})
}

// What stands in lines of its own is found in whatever order the lines are.
func FuzzOrder(f *testing.F) {
	for i := range uint64(20) {
		f.Add(i, uint8(2+i))
	}
	all := NewFinder(rule.All())
	rules := rule.All()
	f.Fuzz(func(t *testing.T, seed uint64, n uint8) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		var blocks []string
		for range n % 12 {
			r := rules[rnd.IntN(len(rules))]
			blocks = append(blocks, "\n"+r.Plant(r.Mint(rnd))+"\n"+strings.Repeat("# and so on\n", rnd.IntN(3)))
		}
		// A word that carries several things takes them from around it.
		between := strings.Repeat("# nothing of note here, as in most lines\n", 40)
		var before []string
		for range 3 {
			var found []string
			for _, h := range all.Find([]byte(strings.Join(blocks, between))) {
				found = append(found, fmt.Sprintf("%s %x", h.rule.ID, h.Secret.Digest(h.rule.ID)))
			}
			slices.Sort(found)
			if before != nil && !slices.Equal(before, found) {
				t.Fatalf("%d credentials in one order, %d in another", len(before), len(found))
			}
			if len(found) != len(blocks) {
				t.Fatalf("%d credentials of %d", len(found), len(blocks))
			}
			before = found
			rnd.Shuffle(len(blocks), func(i, k int) { blocks[i], blocks[k] = blocks[k], blocks[i] })
		}
	})
}
