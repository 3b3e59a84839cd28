package contract

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/scan"
)

// A family is files of one sort that hold much that looks like credentials, and none.
type family struct {
	name string
	path string // %d counts the files
	text func(c chance) string
}

// A chance makes what is random in a file.
type chance struct{ *rand.Rand }

func (c chance) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(c.Uint32())
	}
	return b
}

func (c chance) hex(n int) string        { return hex.EncodeToString(c.bytes(n)) }
func (c chance) base64(n int) string     { return base64.StdEncoding.EncodeToString(c.bytes(n)) }
func (c chance) rawURL(n int) string     { return base64.RawURLEncoding.EncodeToString(c.bytes(n)) }
func (c chance) of(all ...string) string { return all[c.IntN(len(all))] }

// pick returns n of a set of characters.
func (c chance) pick(set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[c.IntN(len(set))]
	}
	return string(b)
}

func (c chance) uuid() string {
	h := c.hex(16)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + c.of("8", "9", "a", "b") + h[17:20] + "-" + h[20:]
}

const lower, alnum = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// word returns what may be the name of a package, a class or a branch.
func (c chance) word() string {
	return c.of("bitbucket", "bitbucket-client", "atlassian", "stash", "left-pad", "lodash", "auth", "token", "secrets", "password") + "-" + c.pick(lower, 3+c.IntN(5))
}

func (c chance) version() string { return fmt.Sprintf("%d.%d.%d", c.IntN(20), c.IntN(20), c.IntN(20)) }

// lines repeats a line, which is made anew each time.
func (c chance) lines(n int, line func() string) string {
	var b strings.Builder
	for range n {
		b.WriteString(line())
		b.WriteByte('\n')
	}
	return b.String()
}

// What only looks like a credential is nothing at all: not an error, not a warning and not
// a note, whatever file it is in.
func TestLookAlikes(t *testing.T) {
	var all tally
	var rows []string
	for _, f := range families() {
		rows = append(rows, f.name)
		c := chance{seeded(f.name)}
		for i := range max(4, samples()/10) {
			path := fmt.Sprintf(f.path, i)
			rep := scan.Run(t.Context(), shelf{path: []byte(f.text(c))}, scan.Options{Finder: finder(), Jobs: 1})
			silent := len(rep.Findings) == 0 && len(rep.Gaps) == 0
			if all.add(f.name, "silent", silent) {
				for _, found := range rep.Findings {
					t.Errorf("%s, %s:%d: %s %v %v %v", f.name, path, found.From.Line, found.Level, found.Rule.ID, found.Match.Secret, found.Match.Encoding)
				}
				for _, g := range rep.Gaps {
					t.Errorf("%s: %v", f.name, g)
				}
			}
		}
	}
	compare(t, "look-alikes", all.table(t, "files", rows, []string{"silent"}))
}
