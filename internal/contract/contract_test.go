package contract

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

var (
	update = flag.Bool("update", false, "rewrite the tables in docs/DETECTION.md")
	whole  = flag.Bool("whole", false, "mint as many samples for each kind and writing as else for all that share a cell of a table")
)

// samples is how many credentials of a kind are minted for each carrier and each encoding.
// Nothing here is shared between goroutines but a Finder, so that the race detector, which
// is slow, is shown a few only.
func samples() int {
	if racing || testing.Short() {
		return 20
	}
	return 1000
}

// A tally counts, for each row and column of a table, what was as it must be.
type tally struct {
	mu    sync.Mutex
	cells map[[2]string]*cell
}

type cell struct{ right, total int }

func (c *cell) String() string {
	if c == nil {
		return "–"
	}
	return fmt.Sprintf("%d/%d", c.right, c.total)
}

// add counts one, and reports whether the row is one to say more of: no flood of errors
// tells more than the first few.
func (t *tally) add(row, column string, right bool) (tell bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cells == nil {
		t.cells = map[[2]string]*cell{}
	}
	c := t.cells[[2]string{row, column}]
	if c == nil {
		c = new(cell)
		t.cells[[2]string{row, column}] = c
	}
	c.total++
	if right {
		c.right++
	}
	return !right && c.total-c.right <= 3
}

var finder = sync.OnceValue(func() *scan.Finder { return scan.NewFinder(rule.All()) })

// seeded is a source of chance that is the same in every run, and another for each name.
func seeded(name string) *rand.Rand {
	var seed [32]byte
	for i := range len(name) {
		seed[i%len(seed)] += name[i]
	}
	return rand.New(rand.NewChaCha8(seed))
}

// A wanted is what must be found in a text: one credential, and nothing else.
type wanted struct {
	rule   *rule.Rule
	key    string
	lo, hi int
	names  []string // of its encodings
}

// missed says what is wrong with the hits in a text, or "".
func (w wanted) missed(hits []scan.Hit) string {
	if len(hits) != 1 {
		return fmt.Sprintf("%d hits", len(hits))
	}
	switch h := hits[0]; {
	case h.Rule() != w.rule:
		return "found as " + h.Rule().ID
	case h.Secret.Reveal() != w.key:
		return fmt.Sprintf("read as %v", h.Secret)
	case h.Lo != w.lo || h.Hi != w.hi:
		return fmt.Sprintf("found at %d to %d, not at %d to %d", h.Lo, h.Hi, w.lo, w.hi)
	case h.Proof == rule.Layout:
		return "not proven"
	case !slices.Equal(h.Encoding, w.names):
		return fmt.Sprintf("found in %q, not in %q", h.Encoding, w.names)
	}
	return ""
}

// planted returns a new credential of r where it counts.
func planted(r *rule.Rule, rnd *rand.Rand) (key string, text encode.Text) {
	key = r.Mint(rnd)
	before, after, _ := strings.Cut(r.Plant("\x00"), "\x00")
	return key, encode.Around(before, key, after)
}

// eachKind runs a test of its own for each kind, side by side.
func eachKind(t *testing.T, test func(t *testing.T, r *rule.Rule)) {
	t.Run("kinds", func(t *testing.T) {
		for _, r := range rule.All() {
			t.Run(r.ID, func(t *testing.T) {
				t.Parallel()
				test(t, r)
			})
		}
	})
}

// splits reports whether a way to write splits what r's credentials are read from as one:
// an assignment, a command, lines of their own.
func splits(e encode.Encoder, r *rule.Rule) bool {
	return e.Parts && (r.Context != "" || r.LevelAt != nil || len(r.Mint(seeded("length"))) < 180)
}

// ways counts how many writings each encoding has.
func ways() map[string]int {
	n := map[string]int{}
	for _, e := range encode.Encoders() {
		n[e.Name]++
	}
	return n
}

// share is how many samples each of n ways to write gets.
func share(n int) int {
	if *whole {
		return samples()
	}
	return max(1, (samples()+n-1)/n)
}

// Every kind is found in every encoding, with what carries it.
func TestEncodings(t *testing.T) {
	var all tally
	n := ways()
	eachKind(t, func(t *testing.T, r *rule.Rule) {
		for _, e := range encode.Encoders() {
			if splits(e, r) {
				continue
			}
			rnd := seeded(r.ID + e.Name + e.Sample)
			for range share(n[e.Name]) {
				key, text := planted(r, rnd)
				m := e.Encode(text).Within("data = \"", "\"\n")
				lo, hi := m.Place()
				why := wanted{r, key, lo, hi, []string{e.Name}}.missed(finder().Find(m.Bytes))
				if all.add(r.ID, e.Name, why == "") {
					t.Errorf("%s, %s: %s", e.Name, e.Sample, why)
				}
			}
		}
	})
	compare(t, "encodings", all.kinds(t, slices.Sorted(keys(n))))
}

// maxNested is the length in bytes up to which a text in several encodings is tried:
// half of what can lie anywhere in a stream.
const maxNested = 40 << 10

// Every kind is found in up to five encodings within one another, in any order.
func TestNested(t *testing.T) {
	var all tally
	encoders := slices.DeleteFunc(encode.Encoders(), func(e encode.Encoder) bool { return e.Parts })
	eachKind(t, func(t *testing.T, r *rule.Rule) {
		rnd := seeded(r.ID)
		for range samples() / 4 {
			key, m := planted(r, rnd)
			var names []string
			wide := false
			for depth := 2 + rnd.IntN(4); len(names) < depth; {
				e := encoders[rnd.IntN(len(encoders))]
				if e.Wide && wide {
					continue
				}
				next := e.Encode(m)
				if len(next.Bytes) > maxNested {
					break
				}
				m, wide = next, e.Wide || wide && e.Name == "percent"
				names = append([]string{e.Name}, names...)
			}
			m = m.Within("pass = '", "'\n")
			lo, hi := m.Place()
			why := wanted{r, key, lo, hi, names}.missed(finder().Find(m.Bytes))
			if all.add(r.ID, fmt.Sprint(len(names)), why == "") {
				t.Errorf("%q: %s", names, why)
			}
		}
	})
	compare(t, "nested", all.kinds(t, []string{"1", "2", "3", "4", "5"}))
}
