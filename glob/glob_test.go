package glob_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/glob"
)

func compile(t *testing.T, text string) glob.Pattern {
	t.Helper()
	p, err := glob.Compile(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return p
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		glob string
		yes  string // separated by spaces
		no   string
	}{
		{"a.env", "a.env", "b/a.env a.envx xa.env a-env"},
		{"*.env", "a.env .env", "b/a.env a.env/b"},
		{"**/*.env", "a.env b/a.env b/c/.env", "a.env/b"},
		{"test/**", "test/a test/b/c", "test tests/a a/test/b"},
		{"**", "a a/b a/b/c", ""},
		{"**/test/**", "test/a a/test/b a/b/test/c/d", "test a/test a/tests/b"},
		{"a/**/b", "a/b a/x/b a/x/y/b", "a/xb ab a/b/c"},
		{"a/**/**/b", "a/b a/x/b", "b"},
		{"?.txt", "a.txt ü.txt", "ab.txt .txt a/b.txt"},
		{"a*b*c", "abc axbxc abbcc", "ab acb axb/c"},
		{"app/[id]/page.tsx", "app/[id]/page.tsx", "app/i/page.tsx"},
		{`a\b`, `a\b`, "ab"},
		{"{a,b}", "{a,b}", "a b"},
	} {
		p := compile(t, c.glob)
		for _, path := range strings.Fields(c.yes) {
			if !p.Match(path) {
				t.Errorf("%q does not match %q", c.glob, path)
			}
		}
		for _, path := range append(strings.Fields(c.no), "") {
			if p.Match(path) {
				t.Errorf("%q matches %q", c.glob, path)
			}
		}
	}
	if (glob.Pattern{}).Match("a") {
		t.Error("the zero pattern matches")
	}
}

func TestWrong(t *testing.T) {
	for _, text := range []string{"", "/a", "a/", "a//b", "./a", "a/../b", "!a", "a**", "**.env", "a\nb", "a\x00", "\xff", strings.Repeat("a", 5000)} {
		if _, err := glob.Compile(text); err == nil {
			t.Errorf("%.20q is taken", text)
		} else if len(text) > 3 && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats %.20q", text)
		}
	}
}

// TestIsRegexp compares random patterns and paths with a regular expression.
func TestIsRegexp(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string {
		parts := make([]string, 1+rnd.IntN(4))
		for i := range parts {
			parts[i] = from[rnd.IntN(len(from))]
		}
		return strings.Join(parts, "/")
	}
	matched := 0
	for range 20_000 {
		text, path := pick([]string{"**", "*", "a", "a*", "*b", "?", "a?b", "*a*b*"}), pick([]string{"a", "b", "ab", "aab", "axb", "ba"})
		re := "^" + strings.NewReplacer("**/", "(?:[^/]+/)*", "**", ".*", "*", "[^/]*", "?", "[^/]").Replace(text) + "$"
		// In the end ** is at least one name, as in the middle it may be none.
		re = strings.Replace(re, "/.*$", "/.+$", 1)
		want := regexp.MustCompile(re).MatchString(path)
		if got := compile(t, text).Match(path); got != want {
			t.Fatalf("%q and %q: %v, the regular expression says %v", text, path, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d matched", matched)
	}
}

// TestHostile is quick although it would take years to try each way.
func TestHostile(t *testing.T) {
	p := compile(t, strings.Repeat("**/*a*a*a*a*/", 50)+"x")
	if p.Match(strings.Repeat("aaaaaaaaaaaaaaaa/", 200) + "y") {
		t.Error("it matches")
	}
}
