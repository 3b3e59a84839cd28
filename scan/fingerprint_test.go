package scan

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// ofKind returns the findings of one kind in a text at a place.
func ofKind(t *testing.T, r *rule.Rule, p Place, text string) []Finding {
	t.Helper()
	l, err := NewFinder(rule.All()).look(t.Context(), &Blob{Places: []Place{p}, Data: []byte(text)}, false)
	if err != nil {
		t.Fatal(err)
	}
	var all []Finding
	for _, f := range l.found {
		if f.Rule == r {
			all = append(all, f)
		}
	}
	return all
}

// A fingerprint names a key and nothing around it: it survives what rebases, squashes and
// renames change, and how the text is laid out and spelled.
func TestFingerprintStays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(91, 92))
	for _, r := range rule.All() {
		key := r.Mint(rnd)
		text := "\n" + r.Plant(key) + "\n"
		texts := map[string]string{
			"as it is": text, "further down": strings.Repeat("another line\n", 100) + text, "before something else": text + "more\n",
			"with carriage returns": strings.ReplaceAll(text, "\n", "\r\n"), "twice": text + "\n" + text,
		}
		if !r.Weak {
			texts["indented"] = strings.ReplaceAll(text, "\n", "\n    ")
		}
		if r.Context == "" {
			texts["in base64"] = base64.StdEncoding.EncodeToString([]byte("  " + text))
		}
		var first string
		for name, text := range texts {
			for _, p := range []Place{{Path: "a"}, {Path: "b/c.env", Commit: "0123"}} {
				all := ofKind(t, r, p, text)
				if want := 1 + strings.Count(name, "twice"); len(all) != want {
					t.Errorf("%s, %s: %d findings", r.ID, name, len(all))
					continue
				}
				for i := range all {
					f := all[i].Fingerprint()
					if first == "" {
						first = f
					}
					if f != first || len(f) != 32 {
						t.Errorf("%s, %s: the fingerprint is %s and %s", r.ID, name, f, first)
					}
				}
			}
		}
	}
}

// Another key has another fingerprint, in the same place too; only that of what can be
// guessed is of the place, and tells nothing of the key.
func TestFingerprintTellsKeysApart(t *testing.T) {
	rnd := rand.New(rand.NewPCG(93, 94))
	n := 200
	if testing.Short() {
		n = 30
	}
	seen := map[string]string{}
	for _, r := range rule.All() {
		some := n
		if r.ID == "bitbucket-ssh-key" {
			some = 10 // each is computed
		}
		var b strings.Builder
		for range some {
			b.WriteString("\n" + r.Plant(r.Mint(rnd)) + "\n")
		}
		names := map[string]bool{}
		for _, f := range ofKind(t, r, Place{Path: "a"}, b.String()) {
			name := f.Fingerprint()
			names[name] = true
			if other, ok := seen[name]; ok && other != r.ID {
				t.Errorf("a key of the kind %s and one of the kind %s have one fingerprint", r.ID, other)
			}
			seen[name] = r.ID
		}
		want := some
		if r.Weak {
			want = 1
		}
		if len(names) != want {
			t.Errorf("%s: %d keys have %d fingerprints", r.ID, some, len(names))
		}
	}
}

// What is known of a password's place changes its fingerprint, each by itself.
func TestFingerprintOfPlaces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(95, 96))
	r := rule.ByID("bitbucket-password")
	seen := map[string]bool{}
	for _, where := range []string{"https://joe:%s@bitbucket.org/x", "https://ann:%s@bitbucket.org/x", "https://joe:%s@api.bitbucket.org/x"} {
		all := ofKind(t, r, Place{Path: "a"}, fmt.Sprintf(where, r.Mint(rnd)))
		if len(all) != 1 || seen[all[0].Fingerprint()] {
			t.Errorf("%s: %d findings, or the fingerprint of another place", where, len(all))
			continue
		}
		seen[all[0].Fingerprint()] = true
	}
}

// The redacted form of a key shows nothing that is not the same for every key of its kind.
func TestRedactedTellsKinds(t *testing.T) {
	rnd := rand.New(rand.NewPCG(97, 98))
	for _, r := range rule.All() {
		shown := map[string]bool{}
		for range 20 {
			for _, f := range ofKind(t, r, Place{Path: "a"}, "\n"+r.Plant(r.Mint(rnd))+"\n") {
				start, _, ok := strings.Cut(f.Match.Secret.String(), "…")
				if shown[start] = true; !ok || len(start) > 6 {
					t.Errorf("%s is shown as %s", r.ID, f.Match.Secret)
				}
			}
		}
		// Which family a key is of that nobody has described yet, its first letters tell.
		if len(shown) != 1 && r.ID != "atlassian-unknown-token" {
			t.Errorf("%s: %d different beginnings are shown", r.ID, len(shown))
		}
	}
}
