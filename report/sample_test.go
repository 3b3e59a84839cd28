package report_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// hostile are texts that a repository can make paths, branches and errors of.
var hostile = []string{
	"a\nb", "a\r\nb", "::error file=x::pwned", " ::add-mask::x", "x##[command]y", "##vso[task.complete]", "##teamcity[buildStop]",
	"\x1b[2Jcleared", "\x1b]8;;http://evil.example\x07link", "a\u202egnp.exe", "\u2066x\u2069", "zero\u200bwidth", "line\u2028break", "next\u0085line", "bad\xff\xfeutf8",
	"`code`", "a|b", `a\|b`, "<script>alert(1)</script>", "<!-- x", "![i](http://evil.example/x.png)", "[l](http://evil.example)", "@everyone", "#1",
	"www.evil.example", "http://evil.example", "*a*_b_~c~", "</code></td></table>", "&lt;", "\\", `"quoted"`, "{0}", "'", "--- group", "+++ group",
	"space at end ", "a\tb", "C:/x", "a:b", "100%", "a?b#c", "../../etc/passwd", "/etc/passwd", "./x", "//host/x", strings.Repeat("long/", 3000),
}

// A source is blobs at hand.
type source struct {
	blobs   []scan.Blob
	gaps    []*scan.Gap
	scanned scan.Scanned
}

func (s source) Each(_ context.Context, _ int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, b := range s.blobs {
		look(b)
	}
	for _, g := range s.gaps {
		miss(g)
	}
}

func (s source) Scanned() scan.Scanned { return s.scanned }

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// broken returns key with another last character.
func broken(key string) string {
	last := byte('A')
	if key[len(key)-1] == last {
		last = 'B'
	}
	return key[:len(key)-1] + string(last)
}

var commit = strings.Repeat("0123456789abcdef", 3)[:40]

// sample is the report of a range with a key of every kind, a look-alike of the first, a
// key found twice, gaps, and the given paths besides.
func sample(t testing.TB, paths ...string) *scan.Report {
	t.Helper()
	rnd := random()
	date := time.Date(2026, 11, 2, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	s := source{scanned: scan.Scanned{Mode: "range", Base: strings.Repeat("b", 40), Head: commit, Commits: 3, Note: "the change of a push"}}
	put := func(path, text string) {
		s.blobs = append(s.blobs, scan.Blob{
			Places: []scan.Place{{Path: path, Commit: commit, AuthorDate: date}},
			Data:   []byte(text),
		})
	}
	var first string
	for i, r := range rule.All() {
		key := r.Mint(rnd)
		if i == 0 {
			first = key
			put("conf/look.alike", "token = "+broken(key)+"\n")
			put("docs/again.md", "The token is\n  `"+key+"`\n")
		}
		text := "BITBUCKET_TOKEN=" + key + "\n"
		if r.Context != "" {
			text = r.Plant(key)
		}
		put(fmt.Sprintf("kind/%d.env", i), "# a comment\n"+text)
	}
	for _, p := range paths {
		put(p, first)
		s.gaps = append(s.gaps, &scan.Gap{Place: scan.Place{Path: p, Commit: commit}, Why: errors.New("cannot read " + p)})
	}
	return scan.Run(t.Context(), s, scan.Options{Rules: rule.All(), Jobs: 1})
}

// nothing is the report of a checkout with nothing in it to find.
func nothing(t testing.TB) *scan.Report {
	t.Helper()
	s := source{
		blobs:   []scan.Blob{{Places: []scan.Place{{Path: "README.md"}}, Data: []byte("no key here\n")}},
		scanned: scan.Scanned{Mode: "checkout"},
	}
	return scan.Run(t.Context(), s, scan.Options{Rules: rule.All(), Jobs: 1})
}
