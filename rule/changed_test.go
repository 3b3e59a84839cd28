package rule_test

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// wrappings are what may stand around a credential whose characters are changed.
var wrappings = [][2]string{{"", ""}, {`T="`, "\"\n"}, {"https://u:", "@bitbucket.org/x"}, {`\n`, `\nend`}, {"<p>", "</p>"}, {"a=", "&b=1A2B3C4D"}, {"glued", "\n"}, {"=", "=3D\n"}}

// replacements returns the bytes that a character is changed to: all that escapes, ends
// or spells something, and some of every other sort.
func replacements(rng *rand.Rand) []byte {
	set := []byte("=%\\&;\"'<>@:/+-_.,~`#|$*!?(){}[] \t\r\n\x00\x80\xff0123456789ABCDEFabcdefxXuUnN")
	for range 8 {
		set = append(set, byte(rng.Uint32()))
	}
	return set
}

// unknowable reports whether no reader can see that token is not what was minted: a Data
// Center token has no checksum, so that one whose id and colon are whole is as good as
// another.
func unknowable(token string) bool {
	b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(token, "BBDC-"))
	if err != nil || len(token) != 49 || len(b) != 33 || b[12] != ':' {
		return false
	}
	for _, c := range b[:12] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// onlyWhole is the kind of which nothing but a right checksum is known.
const onlyWhole = "atlassian-unknown-token"

// TestChanged changes every single character of credentials, plain and spelled: the
// result is at most a note.
func TestChanged(t *testing.T) {
	for _, r := range proving() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			rng := seeded()
			for i := range 10 - scale/2 {
				token := r.Mint(rng)
				stored, names := spelled(r, token, i*5%len(spellings))
				notes := 0
				for k := range len(stored) {
					for n, c := range replacements(rng) {
						// A long spelling has more places, and fewer changes at each.
						if c == stored[k] || len(stored) > 220 && (n+k)%16 != 0 {
							continue
						}
						changed := stored[:k] + string([]byte{c}) + stored[k+1:]
						wrap := wrappings[(i+k)%len(wrappings)]
						for _, f := range findAll([]byte(wrap[0] + changed + wrap[1])) {
							if f.LevelOf(f.Match) == rule.Note {
								notes++
							} else if s := f.Secret.Reveal(); s != token && !unknowable(s) {
								t.Fatalf("sample %d (%q): character %d changed to %q is taken for proven by %s", i, names, k, c, f.Proof)
							} else if s == token && names == nil {
								// In a spelled one the change may give another spelling.
								t.Fatalf("sample %d: character %d changed to %q changes nothing", i, k, c)
							}
						}
					}
				}
				if names == nil && notes == 0 && r.ID != onlyWhole {
					t.Errorf("sample %d: no change gave a note", i)
				}
			}
		})
	}
}

// TestLastOfChecksum changes checksums in the ways that are closest to right: the case of
// the digits, a digit cut off and another character behind, and digits of another token.
func TestLastOfChecksum(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		if r.ID == "bitbucket-data-center-token" {
			continue
		}
		for range 200 {
			token, other := r.Mint(rng), r.Mint(rng)
			body, sum := token[:len(token)-8], token[len(token)-8:]
			for _, changed := range []string{
				body + strings.ToLower(sum), body + sum[:7] + "\"", body + sum[:7] + "g", body + sum[1:] + sum[:1],
				body + other[len(other)-8:], body + "00000000", body + sum[4:] + sum[:4],
			} {
				if changed == token {
					continue
				}
				for _, f := range findAll([]byte("k=" + changed + "\n")) {
					if f.LevelOf(f.Match) != rule.Note {
						t.Fatalf("%s: a wrong checksum is taken for proven by %s", r.ID, f.Proof)
					}
				}
			}
		}
	}
}

// TestTruncated cuts credentials at every length. What an attacker can complete is found,
// the rest is not.
func TestTruncated(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for range 5 {
			token := r.Mint(rng)
			for n := 1; n < len(token); n++ {
				for _, end := range []string{"", "\n", "\"", "@bitbucket.org/", "%40", "…", `\n`, " # 1234"} {
					all := findAll([]byte("k=" + token[:n] + end))
					whole := len(token) == 192 && n >= 183 && r.ID != onlyWhole
					if !whole {
						if len(all) != 0 {
							t.Fatalf("%s: %d of %d characters are found", r.ID, n, len(token))
						}
						continue
					}
					if len(all) != 1 || all[0].Secret.Reveal() != token[:n] && n < 188 {
						t.Fatalf("%s: %d of %d characters and %q: %d findings", r.ID, n, len(token), end, len(all))
					}
					// A last digit that was cut off cannot be told from one that was changed, and
					// the last but one not from what happens to stand behind.
					want := rule.Structure
					if n == 191 && end != "" {
						want = rule.Layout
					}
					if all[0].Proof != want && (n < 188 || n == 191) {
						t.Fatalf("%s: %d of %d characters and %q: proof %s", r.ID, n, len(token), end, all[0].Proof)
					}
				}
			}
		}
	}
}

// TestCutAtEquals holds the cases that look like a cut at the '=' and are none.
func TestCutAtEquals(t *testing.T) {
	rng := seeded()
	for _, r := range []*rule.Rule{rule.ByID("bitbucket-api-token"), rule.ByID("bitbucket-access-token"), rule.ByID("atlassian-service-account-key")} {
		for range 50 {
			token := r.Mint(rng)
			body, sum := token[:183], token[184:]
			for text, want := range map[string]rule.Proof{
				body + "A" + sum:                      rule.Layout,
				body + ":" + sum:                      rule.Layout,
				body + "\n" + sum:                     rule.Layout,
				body + "%3E" + sum:                    rule.Layout,
				body + `"3D` + sum:                    rule.Layout,
				body + "=" + sum[:7] + "Z":            rule.Layout,
				body + "=" + sum[:3] + "." + sum[4:]:  rule.Layout,
				body + "=deadbeef":                    rule.Layout,
				body + "=x":                           rule.Layout,
				body + "=\n=3D" + sum:                 rule.Checksum,
				body + "=\n=3D" + sum[1:] + sum[:1]:   rule.Layout,
				body + "=\nNEXT=1":                    rule.Structure,
				body + "=\"":                          rule.Structure,
				body + "%3D&":                         rule.Structure,
				body + ", " + sum[:2]:                 rule.Structure,
				body + "x":                            0,
				body[:182] + "B":                      0,
				body[:12] + strings.Repeat("A", 171):  0,
				body[:12] + strings.Repeat("Aa0", 57): 0,
			} {
				if sum[1:]+sum[:1] == sum {
					continue
				}
				all := findAll([]byte("k='" + text + "'"))
				got := rule.Proof(0)
				if len(all) == 1 {
					got = all[0].Proof
				}
				if got != want || len(all) > 1 {
					t.Fatalf("%s: %q gives %d findings, proof %s, want %s", r.ID, text[min(len(text), 183):], len(all), got, want)
				}
			}
		}
	}
}

// TestSwallowed changes a digit to a '%' that makes an escape of the two behind it, where
// that spells the very digit.
func TestSwallowed(t *testing.T) {
	rng := seeded()
	r := rule.ByID("bitbucket-api-token")
	token := r.Mint(rng)
	for !strings.HasSuffix(token, "333") {
		token = r.Mint(rng)
	}
	for _, separator := range []string{"=", "%3D", `\u003d`, `\=`} {
		text := "k='" + token[:183] + separator + token[184:189] + "%33'"
		all := findAll([]byte(text))
		if len(all) != 1 || all[0].Proof != rule.Layout {
			t.Errorf("%q: %d findings", separator, len(all))
		}
	}
}

// TestOtherLengths checks that a checksum proves a body of a length that nobody has seen.
func TestOtherLengths(t *testing.T) {
	rng := seeded()
	for _, head := range []string{"ATATT3", "ATCTT3", "ATSTT3", "ATZZT3xFf"} {
		for n := 20; n < 230; n += 7 {
			body := head + random(rng, url64, n) + "="
			token := body + fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(body)))
			all := findAll([]byte("k=" + token + "\n"))
			if len(all) != 1 || all[0].Proof != rule.Checksum || all[0].Secret.Reveal() != token {
				t.Errorf("%s and %d characters: %d findings", head, n, len(all))
			}
			if all = findAll([]byte("k=" + token[:len(token)-1] + "g\n")); len(all) != 0 {
				t.Errorf("%s and %d characters: %d findings with a wrong checksum", head, n, len(all))
			}
		}
	}
}

// TestLonger checks credentials inside longer runs of letters: a checksum decides alone.
func TestLonger(t *testing.T) {
	rng := seeded()
	for _, r := range proving() {
		for _, glue := range []string{"x", "_x", "-x", "0", "A1B2C3D4", "/x", "=x"} {
			token := r.Mint(rng)
			all := findAll([]byte(fmt.Sprintf("k='%s%s'", token, glue)))
			if len(all) != 1 || all[0].Secret.Reveal() != token {
				t.Errorf("%s: %d findings with %q behind", r.ID, len(all), glue)
				continue
			}
			proven := all[0].Proof != rule.Layout
			if longer := strings.HasPrefix(r.Anchors[0], "BBDC") && !strings.ContainsAny(glue, "_-/="); proven == longer {
				t.Errorf("%s: proof %s with %q behind", r.ID, all[0].Proof, glue)
			}
		}
	}
}
