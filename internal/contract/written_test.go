package contract

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/carrier"
	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/internal/pack"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// proves reports whether r's credentials are one word and prove themselves wherever they
// stand.
func proves(r *rule.Rule) bool { return r.Context == "" && r.LevelAt == nil }

// Every carrier's credentials are found, of each kind that it may hold.
func TestCarriers(t *testing.T) {
	var all tally
	proving := 0
	for _, r := range rule.All() {
		if proves(r) {
			proving++
		}
	}
	t.Run("carriers", func(t *testing.T) {
		for _, c := range carrier.All() {
			t.Run(c.Name, func(t *testing.T) {
				t.Parallel()
				for _, r := range rule.All() {
					if !proves(r) && !slices.Contains(c.Kinds, r.ID) {
						continue
					}
					column, n := "what proves itself", share(proving)
					if !proves(r) {
						column, n = "what the carrier proves", share(len(c.Kinds))
					}
					rnd := seeded(c.Name + r.ID)
					for range n {
						key := r.Mint(rnd)
						text, lo, hi := c.Plant(key)
						why := wanted{r, key, lo, hi, c.Encoding()}.missed(finder().Find([]byte(text)))
						if all.add(c.Name, column, why == "") {
							t.Errorf("%s: %s", r.ID, why)
						}
					}
				}
			})
		}
	})
	var rows []string
	for _, c := range carrier.All() {
		rows = append(rows, c.Name)
	}
	compare(t, "carriers", all.table(t, "carrier", rows, []string{"what proves itself", "what the carrier proves"}))
}

// What proves itself is found whatever its characters are spelled like.
func TestSpellings(t *testing.T) {
	var all tally
	columns := map[string]int{}
	for _, s := range encode.Spellings() {
		columns[spelling(s)]++
	}
	eachKind(t, func(t *testing.T, r *rule.Rule) {
		if !proves(r) {
			return
		}
		for i, s := range encode.Spellings() {
			rnd := seeded(fmt.Sprint(r.ID, i))
			for range share(columns[spelling(s)]) {
				key := r.Mint(rnd)
				anchor := slices.IndexFunc(r.Anchors, func(a string) bool { return strings.Contains(key, a) })
				stored, names := s.Write(key, strings.Index(key, r.Anchors[anchor])+len(r.Anchors[anchor]))
				why := wanted{r, key, 4, 4 + len(stored), names}.missed(finder().Find([]byte("X: \"" + stored + "\"\n")))
				if all.add(r.ID, spelling(s), why == "") {
					t.Errorf("%s: %s", spelling(s), why)
				}
			}
		}
	})
	var rows []string
	for _, r := range rule.All() {
		if proves(r) {
			rows = append(rows, r.ID)
		}
	}
	compare(t, "spellings", all.table(t, "kind", rows, slices.Sorted(keys(columns))))
}

// spelling names a spelling, those within it too.
func spelling(s encode.Spelling) string {
	if len(s.Names) == 0 {
		return "as it is"
	}
	return strings.Join(s.Names, " in ")
}

// Every kind is found in every archive, and in archives within one another.
func TestArchives(t *testing.T) {
	var all tally
	formats := pack.Formats()
	columns := []string{"nested"}
	for _, f := range formats {
		columns = append(columns, f.Name)
	}
	eachKind(t, func(t *testing.T, r *rule.Rule) {
		rnd := seeded(r.ID)
		content, want := crowd(r, rnd, samples()/4)
		for _, f := range formats {
			data := f.Pack(t, "in.env", content)
			inside(t, &all, f.Name, data, []string{f.Entry("in.env")}, want)
		}
		for range 10 {
			data, want := crowd(r, rnd, samples()/20)
			way, tarred := []string(nil), false
			var names []string
			for depth := range 2 + rnd.IntN(4) {
				f := formats[rnd.IntN(len(formats))]
				entry := fmt.Sprint("in", depth)
				data = f.Pack(t, entry, data)
				if entry == f.Entry(entry) || !tarred { // a tar that is compressed counts once
					way = append([]string{f.Entry(entry)}, way...)
				}
				tarred = f.Name == "tar"
				names = append(names, f.Name)
			}
			inside(t, &all, "nested", data, way, want)
			if t.Failed() {
				t.Fatalf("in %q", names)
			}
		}
	})
	compare(t, "archives", all.kinds(t, columns))
}

// crowd returns one text with n credentials of r, and what is to be found of it.
func crowd(r *rule.Rule, rnd *rand.Rand, n int) (text []byte, want []wanted) {
	for range n {
		key, t := planted(r, rnd)
		t = t.Within("\n\x02\n", "\n")
		lo, hi := t.Place()
		want = append(want, wanted{r, key, lo + len(text), hi + len(text), nil})
		text = append(text, t.Bytes...)
	}
	return text, want
}

// inside counts what is found of want in the archive data, where way leads to it.
func inside(t *testing.T, all *tally, column string, data []byte, way []string, want []wanted) {
	t.Helper()
	rep := scan.Run(t.Context(), shelf{"a.bin": data}, scan.Options{Finder: finder(), Jobs: 1})
	for _, g := range rep.Gaps {
		t.Errorf("%s: %v", column, g)
	}
	if len(rep.Findings) != len(want) {
		t.Errorf("%s: %d findings, want %d", column, len(rep.Findings), len(want))
	}
	for i, w := range want {
		right := i < len(rep.Findings)
		if right {
			f := rep.Findings[i]
			right = f.Rule == w.rule && f.Match.Secret.Reveal() == w.key && f.Match.Lo == w.lo && f.Match.Hi == w.hi && slices.Equal(f.Inside, way)
		}
		if all.add(w.rule.ID, column, right) {
			t.Errorf("%s: sample %d is not found as it must be", column, i)
		}
	}
}

// One changed character makes a credential that proves itself at most a note. What has no
// checksum keeps its structure where the change is in what is random of it.
func TestChanged(t *testing.T) {
	var all tally
	const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=.:%&\"\n"
	eachKind(t, func(t *testing.T, r *rule.Rule) {
		if r.Context != "" {
			return
		}
		rnd := seeded(r.ID)
		for range samples() {
			key := []byte(r.Mint(rnd))
			at := rnd.IntN(len(key))
			for old := key[at]; key[at] == old; {
				key[at] = characters[rnd.IntN(len(characters))]
			}
			right := true
			for _, h := range finder().Find(bytes.Join([][]byte{[]byte("k='"), key, []byte("'\n")}, nil)) {
				right = right && h.Proof == rule.Layout
			}
			if all.add(r.ID, "at most a note", right) && r.ID != numbered {
				t.Errorf("character %d of %d changed to %q is taken for proven", at, len(key), key[at])
			}
		}
	})
	var rows []string
	for _, r := range rule.All() {
		if r.Context == "" {
			rows = append(rows, r.ID)
		}
	}
	compare(t, "changed", all.table(t, "kind", rows, []string{"at most a note"}))
}

// numbered is the kind whose proof is a number within it, and no checksum.
const numbered = "bitbucket-data-center-token"
