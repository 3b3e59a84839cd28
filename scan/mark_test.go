package scan

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/rule"
)

// markText replaces KEY and WEAK in a text by new credentials, and WORD by what marks are made of.
func markText(text string) string {
	rnd := rand.New(rand.NewPCG(71, 72))
	for _, r := range []struct{ name, id string }{{"KEY", "bitbucket-api-token"}, {"WEAK", "bitbucket-password"}} {
		text = strings.ReplaceAll(text, r.name, rule.ByID(r.id).Mint(rnd))
	}
	return strings.ReplaceAll(text, "WORD", markWord)
}

func TestMark(t *testing.T) {
	const none = "none"
	for _, c := range []struct {
		name, text string
		reason     string // of the only finding's mark; none for no mark, "" for one at fault
	}{
		{"same line", "k = KEY # WORD of the test server", "of the test server"},
		{"line before", "# WORD of the test server\nk = KEY", "of the test server"},
		{"line before, indented", "  a\n\t// WORD of the test server \r\n  KEY", "of the test server"},
		{"first line after a byte order mark", "\ufeff; WORD x\nKEY", "x"},
		{"line behind", "KEY\n# WORD x\n", none},
		{"two lines before", "# WORD x\n\nKEY", none},
		{"line before is not the mark's own", "a = 1 # WORD x\nKEY", none},
		{"block", "/* WORD made up */ KEY", "made up"},
		{"block of its own", "<!-- WORD made up -->\n<a b='KEY'/>", "made up"},
		{"block before something else", "/* WORD made up */ a()\nKEY", none},
		{"block that is left open", "/* WORD made up\n * KEY */", "made up"},
		{"inside a block", " * WORD made up\n * KEY", "made up"},
		{"no blank", "KEY //WORD x", "x"},
		{"of letters", "REM WORD x\nKEY", "x"},
		{"no opener", "KEY WORD x", none},
		{"not first in its comment", "KEY # see WORD x", none},
		{"quoted", "KEY # `WORD x`", none},
		{"a word that ends like an opener", "KEY theorem WORD x", none},
		{"a longer word", "KEY # WORD-next x", none},
		{"no reason", "KEY # WORD", ""},
		{"no reason before the end of a block", "/* WORD */ KEY", ""},
		{"a reason of marks alone", "KEY # WORD -- ...", ""},
		{"the key is the reason", "# WORD KEY", ""},
		{"the password is in the reason", "u=https://joe:WEAK@bitbucket.org/x # WORD the old WEAK", ""},
		{"the password is at the end of much", "u=https://joe:WEAK@bitbucket.org/x # WORD " + strings.Repeat("long ", 180) + " WEAK", ""},
		{"a password with its account", "u=https://joe:WEAK@bitbucket.org/x # WORD a made-up one", "a made-up one"},
		{"characters that are not seen", "KEY # WORD a\x1b[2J\tb\u202e  c\xff", "a [2J b c\ufffd"},
		{"the better one", "/* WORD */ KEY /* WORD x */", "x"},
		{"far away", "/* WORD x */" + strings.Repeat(" ", markReach+1) + "KEY", none},
		{"long", "KEY # WORD " + strings.Repeat("x", 2*markTail), strings.Repeat("x", markTail-len(markWord)-1)},
		{"binary", "KEY # WORD x\x00", none},
	} {
		all := found(t, markText(c.text))
		if len(all) != 1 {
			t.Errorf("%s: %d findings", c.name, len(all))
			continue
		}
		switch m := all[0].Mark; {
		case m == nil:
			if c.reason != none {
				t.Errorf("%s: there is no mark", c.name)
			}
		case m.Reason != c.reason, (m.Fault == "") != (c.reason != ""), !utf8.ValidString(m.Reason):
			t.Errorf("%s: the reason is %q and the fault %q", c.name, m.Reason, m.Fault)
		case strings.Count(c.text[:strings.Index(c.text, "WORD")], "\n")+1 != m.Line:
			t.Errorf("%s: the mark is in line %d", c.name, m.Line)
		}
	}
}

// A password that a text spells in its own way is not told by a reason that spells it so.
func TestMarkSpelled(t *testing.T) {
	for _, reason := range []string{"was Kx7p%40w9Zr2", "was Kx7p@w9Zr2"} {
		all := found(t, "u=https://joe:Kx7p%40w9Zr2@bitbucket.org/x # "+markWord+" "+reason)
		if len(all) != 1 || all[0].Mark == nil || all[0].Mark.Fault == "" || all[0].Mark.Reason != "" {
			t.Errorf("%q: %+v", reason, all)
		}
	}
}

// A reason holds none of the credentials of its file, whichever it is beside.
func TestMarkOfOthers(t *testing.T) {
	all := found(t, markText("KEY # WORD the one of joe is WEAK\n\nu=https://joe:WEAK@bitbucket.org/x"))
	if len(all) != 2 || all[0].Mark == nil || all[0].Mark.Reason != "" || all[0].Mark.Fault == "" {
		t.Errorf("%+v", all)
	}
}

// Marks are the same however a text comes and wherever in it they are.
func TestMarkPieces(t *testing.T) {
	line := markText("k = KEY # WORD of the test server\n")
	for _, before := range []int{0, 1, 60_000, 64<<10 - 250, 64<<10 - 200, 64<<10 - 12, 64 << 10, 130_000} {
		text := []byte(strings.Repeat("a line of text\n", before/15) + strings.Repeat(" ", before%15) + line + strings.Repeat("another line\n", 10_000))
		blob := Blob{Places: []Place{{Path: "x"}}, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(iotest.HalfReader(bytes.NewReader(text))), nil
		}}
		l, err := NewFinder(rule.All()).look(t.Context(), &blob, false)
		if err != nil || len(l.found) != 1 || l.found[0].Mark == nil || l.found[0].Mark.Reason != "of the test server" || l.found[0].Mark.Line != before/15+1 {
			t.Errorf("%d bytes before: %v %+v", before, err, l.found)
		}
	}
}

// A file made of marks and credentials costs no more than their number, and its marks
// accept nothing.
func TestMarkTooMany(t *testing.T) {
	all := found(t, strings.Repeat(markText("KEY # WORD x\n"), 1100))
	for _, f := range all {
		if f.Mark == nil || f.Mark.Fault == "" || f.Mark.Reason != "" {
			t.Fatalf("%+v", f.Mark)
		}
	}
	if len(all) != 1100 {
		t.Errorf("%d findings", len(all))
	}
}
