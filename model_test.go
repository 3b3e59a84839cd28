package main

import (
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// randomness is how many bits the form of a kind leaves to chance, as far as some samples
// show it: of each place, how many characters are seen there.
func randomness(r *rule.Rule) float64 {
	rnd := rand.New(rand.NewPCG(101, 102))
	places := map[int]map[byte]bool{}
	samples := 400
	if r.ID == "bitbucket-ssh-key" {
		samples = 40 // each is computed
	}
	for range samples {
		for i, c := range []byte(r.Mint(rnd)) {
			if places[i] == nil {
				places[i] = map[byte]bool{}
			}
			places[i][c] = true
		}
	}
	bits := 0.0
	for _, seen := range places {
		bits += math.Log2(float64(len(seen)))
	}
	return bits
}

// TestDocsModel holds the table of docs/SECURITY-MODEL.md that says how hard it is to guess a
// key from its fingerprint to the kinds that there are: each is in it, once, with bits that
// its form has, or among those whose fingerprint tells nothing.
func TestDocsModel(t *testing.T) {
	text, err := os.ReadFile("docs/SECURITY-MODEL.md")
	if err != nil {
		t.Fatal(err)
	}
	bits := map[string]float64{}
	for _, row := range regexp.MustCompile(`(?m)^\| ((?:`+"`[a-z-]+`"+`(?:, )?)+) \| ([0-9,]+|none) \|`).FindAllStringSubmatch(string(text), -1) {
		n := 0.0
		if row[2] != "none" {
			if n, err = strconv.ParseFloat(strings.ReplaceAll(row[2], ",", ""), 64); err != nil {
				t.Fatal(err)
			}
		}
		for id := range strings.SplitSeq(row[1], ", ") {
			id = strings.Trim(id, "`")
			if _, ok := bits[id]; ok || rule.ByID(id) == nil {
				t.Errorf("%s is in the table twice, or is no kind", id)
			}
			bits[id] = n
		}
	}
	for _, r := range rule.All() {
		said, ok := bits[r.ID]
		switch have := randomness(r); {
		case !ok:
			t.Errorf("%s is not in the table of docs/SECURITY-MODEL.md; say how many bits its form leaves to chance, or none", r.ID)
		case r.Weak != (said == 0):
			t.Errorf("%s: %g bits are said of a kind that can be guessed: %v", r.ID, said, r.Weak)
		case !r.Weak && (said > have+1 || said < 100):
			t.Errorf("%s: %g bits are said, its form has %.1f", r.ID, said, have)
		}
	}
}
