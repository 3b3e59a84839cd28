package report_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

func TestCleanKeepsHarmlessText(t *testing.T) {
	for _, s := range []string{
		"README.md", "src/main.go", "a b/c d.txt", "Übersicht/日本語/файл.txt", "emoji 🔑.md", "a'b", `a"b`, `C:\x`, "x::y", "a#b", "x---y", "…",
	} {
		if got := report.Clean(s); got != s {
			t.Errorf("Clean(%q) = %s", s, got)
		}
	}
}

func TestCleanDefusesHostileText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", `""`},
		{"a\nb", `"a\nb"`},
		{"::error::x", `"::error::x"`},
		{" \t::error::x", `" \t::error::x"`},
		{"a##[x", `"a#\x23[x"`},
		{"####[x", `"#\x23#\x23[x"`},
		{`\##[x`, `"\\#\x23[x"`},
		{"\x1b[31m", `"\x1b[31m"`},
		{"\u009b31m", `"\u009b31m"`},
		{"a\u202eb", `"a\u202eb"`},
		{"a\u200bb", `"a\u200bb"`},
		{"a\u00a0b", `"a\u00a0b"`},
		{"\xff", `"\xff"`},
		{"\u2028", `"\u2028"`},
		{`"x`, `"\"x"`},
		{"x ", `"x "`},
	} {
		if got := report.Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

// checkLine reports what makes a line unsafe to print.
func checkLine(t *testing.T, in, line string) {
	t.Helper()
	if !utf8.ValidString(line) {
		t.Errorf("%q: no UTF-8: %q", in, line)
	}
	for _, r := range line {
		if !strconv.IsPrint(r) {
			t.Errorf("%q: prints %U: %q", in, r, line)
		}
	}
	if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##") {
		t.Errorf("%q: is a command to a CI: %q", in, line)
	}
}

func TestCleanIsSafeForAnyText(t *testing.T) {
	rnd := random()
	parts := append([]string{"#", "[", ":", "\\", " ", "x"}, hostile[:20]...)
	for range 20_000 {
		var b strings.Builder
		for range rnd.IntN(5) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		in := b.String()
		out := report.Clean(in)
		checkLine(t, in, out)
		// Nothing is lost: what was quoted can be read back.
		if out != in {
			if back, err := strconv.Unquote(out); err != nil || back != in {
				t.Errorf("%q cannot be read back from %s: %v", in, out, err)
			}
		}
	}
}

func TestCleanShortens(t *testing.T) {
	for n := 4090; n < 4100; n++ {
		in := strings.Repeat("é", n)
		out := report.Clean(in)
		checkLine(t, "é…", out)
		if n*2 > 4096 && !strings.HasSuffix(out, fmt.Sprintf("…(%d bytes more)", 2*n-4096)) {
			t.Errorf("%d characters end in %q", n, out[len(out)-30:])
		}
	}
	if out := report.Clean(strings.Repeat("\x00", 1<<20)); len(out) > 20_000 {
		t.Errorf("%d bytes of one text", len(out))
	}
}

func TestRedact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, r := range rule.All() {
		if r.Context != "" {
			key := r.Mint(rnd)
			out := report.Redact("a/" + r.Plant(key))
			if strings.Contains(out, key) || !strings.Contains(out, "…") || report.Redact(out) != out {
				t.Errorf("%s: %q", r.ID, out)
			}
			continue
		}
		key, other := r.Mint(rnd), r.Mint(rnd)
		for _, in := range []string{
			key, "keys/" + key + ".txt", "a/" + key + "/" + other + "/b", "https://x-token-auth:" + key + "@bitbucket.org/w/r.git", "x " + broken(key) + " y",
			strings.ReplaceAll(key, "=", "%3D"),
		} {
			// Not every kind takes a key with a wrong character for a look-alike.
			if strings.Contains(in, broken(key)) && len(scan.NewFinder([]*rule.Rule{r}).Find([]byte(in))) == 0 {
				continue
			}
			out := report.Redact(in)
			if strings.Contains(out, key) || strings.Contains(out, other) || strings.Contains(out, broken(key)) || strings.Contains(out, strings.ReplaceAll(key, "=", "%3D")) {
				t.Errorf("%s: a credential is left", r.ID)
			}
			if !strings.Contains(out, key[:4]) {
				t.Errorf("%s: nothing says that there was one: %q", r.ID, out)
			}
			if again := report.Redact(out); again != out {
				t.Errorf("%s: %q changes again to %q", r.ID, out, again)
			}
		}
		if got, want := report.Redact("a/"+key+"/b"), fmt.Sprintf("a/%v/b", secret.New(key)); r.ID != "bitbucket-data-center-token" && got != want {
			t.Errorf("%s: %q, want %q", r.ID, got, want)
		}
	}
	for _, s := range append(hostile, "", "plain", "ATBBaseWeapon", "BBDC-") {
		if got := report.Redact(s); got != s {
			t.Errorf("Redact(%q) = %q", s, got)
		}
	}
}
