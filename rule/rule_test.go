package rule_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/rule"
)

// A found is a match and the rule that found it.
type found struct {
	*rule.Rule
	rule.Match
}

// findAll returns what every rule that needs no carrier finds in text, each place once.
func findAll(text []byte) []found {
	var all []found
	for _, r := range rule.All() {
		if r.Context != "" {
			continue
		}
		for _, at := range places(r, text) {
			m, ok := r.Match(text, at)
			same := func(f found) bool { return f.Rule == r && f.Lo == m.Lo && f.Hi == m.Hi }
			if ok && !slices.ContainsFunc(all, same) {
				all = append(all, found{r, m})
			}
		}
	}
	return all
}

// places returns where in a text an anchor of r stands, or what has one of its shapes.
func places(r *rule.Rule, text []byte) (all []int) {
	for _, a := range r.Anchors {
		for at := 0; ; at++ {
			n := bytes.Index(text[at:], []byte(a))
			if n < 0 {
				break
			}
			at += n
			all = append(all, at)
		}
	}
	for _, s := range r.Shapes {
		for at := range text {
			n := 0
			for n < len(s) && at+n < len(text) && strings.IndexByte(s[n], text[at+n]) >= 0 {
				n++
			}
			if n == len(s) {
				all = append(all, at)
			}
		}
	}
	return all
}

func seeded() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

// carriers are texts in which a credential, at the %s, may stand.
var carriers = map[string]string{
	"alone":           "%s",
	"assignment":      "TOKEN=%s\n",
	"json":            `{"token": "%s", "x": 1}`,
	"json line":       `{"log": "a\n%s\r\nb"}`,
	"single quotes":   "token = '%s'\r\n",
	"url userinfo":    "git clone https://x-token-auth:%s@bitbucket.org/team/repo.git\n",
	"url user":        "https://%s@bitbucket.org/team/repo\n",
	"url query":       "https://example.com/?access_token=%s&page=2",
	"url path":        "https://example.com/hook/%s/run",
	"url fragment":    "https://example.com/?a=%s#top",
	"xml":             "<password>%s</password>",
	"escaped xml":     "&lt;password&gt;%s&lt;/password&gt;",
	"markdown":        "use `%s`.",
	"parentheses":     "login(%s)",
	"netrc":           "machine bitbucket.org\n  login me\n  password %s\n",
	"windows":         "token: %s\r\nnext: 1\r\n",
	"literal newline": `-----\n%s\n-----`,
	"literal tab":     `\t%s\t`,
	"list":            "a,%s,b",
	"semicolon":       "P=%s;Q=1",
	"ampersand":       "p=%s&q=1",
	"basic":           "curl -u me@example.com:%s https://api.bitbucket.org/2.0/user",
	"bearer":          "Authorization: Bearer %s\r\n\r\n",
	"unicode quotes":  "“%s”",
	"nul":             "\x00%s\x00",
	"invalid utf-8":   "\xff%s\xff",
	"colour":          "\x1b[32m%s\x1b[0m",
	"glued left":      "x%s\n",
	"template":        "{%s}",
	"full stop":       "The token is %s.",
	"java string":     `"" + \u0022%s\u0022 + ""`,
	"percent quotes":  "%%22%s%%22",
}

var spellings = encode.Spellings()

// spelled writes what follows the anchor of a credential of r in the i-th spelling, and
// returns the names of the spelling if it changed anything.
func spelled(r *rule.Rule, token string, i int) (string, []string) {
	n := 0
	for _, a := range r.Anchors {
		if i := strings.Index(token, a); i >= 0 {
			n = i + len(a)
		}
	}
	return spellings[i].Write(token, n)
}

// expect checks that text holds one credential, of r, spelled as given.
func expect(t *testing.T, r *rule.Rule, text, stored, token string, names []string) bool {
	t.Helper()
	all := findAll([]byte(text))
	if len(all) != 1 {
		t.Errorf("%d findings in a text with one credential", len(all))
		return false
	}
	f, lo := all[0], strings.Index(text, stored)
	switch {
	case f.Rule != r:
		t.Errorf("found by %s", f.Rule.ID)
	case f.Lo != lo || f.Hi != lo+len(stored):
		t.Errorf("at [%d,%d), want [%d,%d)", f.Lo, f.Hi, lo, lo+len(stored))
	case f.Secret.Reveal() != token:
		t.Errorf("the credential was read wrong: %s for %d characters", f.Secret, len(token))
	case f.LevelOf(f.Match) != r.Level:
		t.Errorf("proof %s", f.Proof)
	case !slices.Equal(f.Encoding, names):
		t.Errorf("encoding %q, want %q", f.Encoding, names)
	default:
		return true
	}
	return false
}

// TestMinted holds every rule, present and future, to finding what it mints: once, at its
// place, whatever carries it and however it is spelled.
func TestMinted(t *testing.T) {
	for _, r := range proving() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			rng := seeded()
			for i := range 1000 / scale {
				token := r.Mint(rng)
				for name, carrier := range carriers {
					text := fmt.Sprintf(carrier, token)
					if !expect(t, r, text, token, token, nil) {
						t.Fatalf("carrier %q, sample %d", name, i)
					}
				}
				for k, s := range spellings {
					if !s.Punct && i%10 != 0 {
						continue // long, and tried with every tenth only
					}
					stored, names := spelled(r, token, k)
					text := "X: \"" + stored + "\"\n"
					if !expect(t, r, text, stored, token, names) {
						t.Fatalf("spelling %d, sample %d", k, i)
					}
				}
			}
		})
	}
}

// TestSpelledInCarriers crosses each carrier with each spelling.
func TestSpelledInCarriers(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for name, carrier := range carriers {
			for k := range spellings {
				token := r.Mint(rng)
				stored, names := spelled(r, token, k)
				if !expect(t, r, fmt.Sprintf(carrier, stored), stored, token, names) {
					t.Fatalf("%s, carrier %q, spelling %d", r.ID, name, k)
				}
			}
		}
	}
}

// TestMail reads credentials from quoted-printable text, whose lines end in soft breaks
// wherever 76 columns are full.
func TestMail(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for i := range 300 {
			for _, end := range []string{"=\n", "=\r\n"} {
				token := r.Mint(rng)
				var b strings.Builder
				column := i % 60
				for k, c := range []byte(token) {
					s := string(c)
					if c == '=' || c == '/' && i%2 == 0 {
						s = fmt.Sprintf("=%02X", c)
					}
					if column+len(s) > 75 && k > 9 {
						b.WriteString(end)
						column = 0
					}
					b.WriteString(s)
					column += len(s)
				}
				stored := b.String()
				var names []string
				if stored != token {
					names = []string{"quoted-printable"}
				}
				if !expect(t, r, "Key: "+stored+end+" and more\n", stored, token, names) {
					t.Fatalf("%s: column %d", r.ID, i%60)
				}
			}
		}
	}
}

// widened writes the first 3*wide characters of s in 60 bytes each, and the others in 10.
func widened(s string, wide int) string {
	var b strings.Builder
	for i := range len(s) {
		once := fmt.Sprintf(`\U%08x`, s[i])
		if i >= 3*wide {
			b.WriteString(once)
			continue
		}
		for _, c := range []byte(once) {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}

// TestWindow checks that a match depends on nothing further away than Reach.
func TestWindow(t *testing.T) {
	rng := seeded()
	within, beyond := 0, 0
	for _, r := range proving() {
		for i := range 200 {
			token := r.Mint(rng)
			stored, _ := spelled(r, token, i%len(spellings))
			if i%3 == 0 {
				// So wide that some end just before Reach, and some after it.
				stored = token[:9] + widened(token[9:], i/3)
			}
			pad := strings.Repeat("lorem ipsum\n", rule.Reach/6)
			text := []byte(pad + "k=" + stored + "\n" + pad)
			for _, a := range r.Anchors {
				at := bytes.Index(text, []byte(a))
				if at < 0 {
					continue
				}
				whole, ok := r.Match(text, at)
				cut, cutOK := r.Match(text[at-rule.Reach:at+rule.Reach], rule.Reach)
				if ok != cutOK || ok && (whole.Lo-cut.Lo != at-rule.Reach || whole.Hi-cut.Hi != at-rule.Reach ||
					whole.Proof != cut.Proof || whole.Secret.Reveal() != cut.Secret.Reveal()) {
					t.Fatalf("%s: sample %d: the window changes the answer", r.ID, i)
				}
				if ok {
					within++
				} else {
					beyond++
				}
				if ok && (whole.Lo < at-rule.Reach || whole.Hi > at+rule.Reach) {
					t.Fatalf("%s: match goes beyond Reach", r.ID)
				}
			}
		}
	}
	if within == 0 || beyond == 0 {
		t.Errorf("%d credentials end within Reach and %d beyond: the test tests nothing", within, beyond)
	}
}

// TestAwayFromAnchor checks that Match stands any position without an anchor.
func TestAwayFromAnchor(t *testing.T) {
	for _, r := range proving() {
		token := []byte(r.Mint(seeded()))
		for at := -2; at < len(token)+2; at++ {
			if slices.Contains(places(r, token), at) {
				continue
			}
			if _, ok := r.Match(token, at); ok {
				t.Errorf("%s: a match at %d, where no anchor is", r.ID, at)
			}
		}
		if _, ok := r.Match(nil, 0); ok {
			t.Errorf("%s: a match in nothing", r.ID)
		}
	}
}
