package mute

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

const (
	token    = "bitbucket-api-token"
	password = "bitbucket-password"
)

// inURL carries a password of an account.
func inURL(account, key string) string {
	return "u=https://" + account + ":" + key + "@bitbucket.org/x"
}

func TestEntries(t *testing.T) {
	text := "k=" + keyOf(token, 1)
	name := only(t, text).Fingerprint()
	for _, c := range []struct {
		name  string
		entry Entry
		muted bool
		said  string // part of the only remark; "" for none
	}{
		{"fingerprint", Entry{Fingerprint: name, Reason: "r"}, true, ""},
		{"fingerprint in capitals", Entry{Fingerprint: strings.ToUpper(name), Reason: "r"}, true, ""},
		{"fingerprint, path and rule", Entry{Fingerprint: name, Path: "ci/*", Rule: token, Reason: "r"}, true, ""},
		{"fingerprint elsewhere", Entry{Fingerprint: name, Path: "cd/*", Reason: "r"}, false, "accepts nothing of what was found"},
		{"part of the fingerprint", Entry{Fingerprint: name[:8], Reason: "r"}, false, "accepts nothing of what was found"},
		{"path and rule", Entry{Path: "ci/**", Rule: token, Reason: "r"}, true, ""},
		{"path and another rule", Entry{Path: "ci/**", Rule: password, Reason: "r"}, false, "accepts nothing of what was found"},
		{"path alone", Entry{Path: "ci/a.env", Reason: "r"}, true, "over-broad: without a rule"},
		{"rule alone", Entry{Rule: token, Reason: "r"}, true, "over-broad: it accepts every key of its rule"},
		{"rule everywhere", Entry{Path: "**/*.*", Rule: token, Reason: "r"}, true, "over-broad: it accepts every key of its rule"},
		{"no reason", Entry{Fingerprint: name}, false, "there is no reason"},
		{"a blank reason", Entry{Fingerprint: name, Reason: " \t"}, false, "there is no reason"},
		{"expired", Entry{Fingerprint: name, Reason: "r", Expires: today}, false, "it expired, its last day was 2026-11-23"},
		{"expires", Entry{Fingerprint: name, Reason: "r", Expires: today.Add(1)}, true, ""},
		{"nothing", Entry{Reason: "r"}, false, "there is no fingerprint"},
		{"no such rule", Entry{Path: "ci/*", Rule: "x", Reason: "r"}, false, "no rule of that name"},
		{"no such glob", Entry{Path: "/ci", Rule: token, Reason: "r"}, false, "begins with a slash"},
	} {
		c.entry.Where, c.entry.Owner = ".bbkeys.yml:3:5", "team"
		for _, mode := range []string{"checkout", "history", "range", "staged"} {
			rep := scanned(t, mode, "ci/a.env", text)
			Set{Entries: []Entry{c.entry}, Now: today}.Apply(rep)
			if c.muted != (len(rep.Muted) == 1) || c.muted != (len(rep.Findings) == 0) {
				t.Errorf("%s, %s: %d accepted", c.name, mode, len(rep.Muted))
			}
			want := c.said
			if mode != "checkout" && mode != "history" && strings.HasPrefix(want, "accepts nothing of") {
				want = "" // elsewhere the key may be where nothing was looked at
			}
			if s := said(rep); want == "" && s != "" || !strings.Contains(s, want) || len(rep.Remarks) > 1 || s != "" && !strings.HasPrefix(s, ".bbkeys.yml:3:5: ") {
				t.Errorf("%s, %s: %q", c.name, mode, s)
			}
			for _, f := range rep.Muted {
				if m := f.Mute; m.By != "entry" || m.Reason != "r" || m.Owner != "team" || m.Where != ".bbkeys.yml:3:5" || !m.Expires.Equal(c.entry.Expires) {
					t.Errorf("%s: %+v", c.name, m)
				}
			}
		}
	}
}

// What a scan could not look at may be what an entry is for.
func TestEntryUnusedIncomplete(t *testing.T) {
	rep := scanned(t, "checkout")
	rep.Gaps = []*scan.Gap{{Why: fmt.Errorf("x")}}
	Set{Entries: []Entry{{Fingerprint: strings.Repeat("a", 32), Reason: "r"}}, Now: today}.Apply(rep)
	if len(rep.Remarks) > 0 {
		t.Errorf("%q", said(rep))
	}
}

// A mark of the change that is judged accepts what nobody can be sure of, and no more.
func TestMarks(t *testing.T) {
	for _, c := range []struct {
		name, key    string
		whole, moved bool // accepted in a whole scan, in a change
	}{
		{"proven", keyOf(token, 2), true, false},
		{"proven, of a dead kind", keyOf("bitbucket-app-password", 2), true, false},
		{"proven by its carrier, an error", "BITBUCKET_OAUTH_SECRET=" + keyOf("bitbucket-oauth-consumer-secret", 2), true, false},
		{"a warning by its carrier", inURL("joe", keyOf(password, 2)), true, true},
		{"a look-alike", keyOf(token, 2)[:60] + "AAAA" + keyOf(token, 2)[64:], true, true},
	} {
		for _, how := range []struct {
			mode   string
			change bool
			want   bool
		}{
			{"checkout", false, c.whole}, {"history", false, c.whole}, {"checkout", true, c.moved}, {"range", false, c.moved}, {"staged", false, c.moved},
		} {
			rep := scanned(t, how.mode, "a", "x\n"+c.key+" # bbkeys:ignore "+"of the test server")
			if len(rep.Findings) != 1 {
				t.Fatalf("%s: %d findings", c.name, len(rep.Findings))
			}
			Set{Now: today, Change: how.change}.Apply(rep)
			if how.want != (len(rep.Muted) == 1) {
				t.Errorf("%s in %s: accepted is %v", c.name, how.mode, !how.want)
			}
			if told := strings.Contains(said(rep), "a:2: the mark does not count"); told == how.want {
				t.Errorf("%s in %s: %q", c.name, how.mode, said(rep))
			}
			for _, f := range rep.Muted {
				if *f.Mute != (scan.Mute{By: "mark", Where: "a:2", Reason: "of the test server"}) {
					t.Errorf("%+v", f.Mute)
				}
			}
		}
	}
}

// Marks at fault are told, except where they don't matter.
func TestMarkFault(t *testing.T) {
	key := keyOf(token, 3)
	for _, c := range []struct {
		path, text string
		entry      bool
		said       string
	}{
		{"a", key + " # bbkeys:ignore", false, "a:1: the mark gives no reason"},
		{".git/COMMIT_EDITMSG", key + " # bbkeys:ignore x", false, ""},
		{"a", key + " # bbkeys:ignore x", true, ""},
	} {
		rep := scanned(t, "range", c.path, c.text)
		var s Set
		if s.Now = today; c.entry {
			s.Entries = []Entry{{Fingerprint: rep.Findings[0].Fingerprint(), Reason: "r"}}
		}
		s.Apply(rep)
		if c.entry != (len(rep.Findings) == 0) || c.said == "" && len(rep.Remarks) > 0 || !strings.Contains(said(rep), c.said) {
			t.Errorf("%q: %q, %d findings", c.path, said(rep), len(rep.Findings))
		}
	}
}

// The fingerprint of a password does not depend on it, so it does not accept the next one.
func TestWeakEntry(t *testing.T) {
	one, two := inURL("joe", keyOf(password, 4)), inURL("joe", keyOf(password, 5))
	name := only(t, one).Fingerprint()
	if name != only(t, two).Fingerprint() {
		t.Fatal("the fingerprint depends on the password")
	}
	for _, c := range []struct {
		name, mode, path string
		texts            []string
		muted            int
		said             string
	}{
		{"one", "checkout", "", []string{"a", one}, 1, ""},
		{"the same elsewhere", "checkout", "", []string{"a", one, "b", one}, 2, ""},
		{"two", "checkout", "", []string{"a", one, "b", two}, 0, "2 passwords have the fingerprint"},
		{"in a change", "range", "", []string{"a", one}, 0, "accepts none that a change brings"},
		{"staged", "staged", "", []string{"a", one}, 0, "accepts none that a change brings"},
		{"in a change, with its path", "range", "a", []string{"a", two}, 1, ""},
		{"two, with one's path", "checkout", "a", []string{"a", one, "b", two}, 1, ""},
	} {
		rep := scanned(t, c.mode, c.texts...)
		Set{Entries: []Entry{{Fingerprint: name, Path: c.path, Reason: "r"}}, Now: today}.Apply(rep)
		if s := said(rep); len(rep.Muted) != c.muted || !strings.Contains(s, c.said) || c.said == "" && s != "" {
			t.Errorf("%s: %d accepted, %q", c.name, len(rep.Muted), s)
		}
	}
}

// No credential of the report is in what people wrote about it, however they spelled it.
func TestScrub(t *testing.T) {
	one, two, three := keyOf(password, 6), keyOf(password, 7)+"#1", keyOf("bitbucket-oauth-consumer-secret", 7)
	texts := []string{"a", inURL("joe", one), "b", inURL("ann", two), "c", "BITBUCKET_OAUTH_SECRET=" + three}
	for name, spell := range map[string]func(string) string{
		"plain":          func(s string) string { return s },
		"in a sentence":  func(s string) string { return "it was (" + s + "), see?" },
		"percent":        func(s string) string { return "the 7th: " + url.PathEscape(s) },
		"entities":       func(s string) string { return "was " + strings.ReplaceAll(html.EscapeString(s), "#", "&#35;") },
		"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64url":      func(s string) string { return "see " + base64.RawURLEncoding.EncodeToString([]byte("user:"+s)) },
		"base64 after 2": func(s string) string { return "xy" + base64.StdEncoding.EncodeToString([]byte(s)) },
		"cut in two":     func(s string) string { return strings.Repeat("long ", maxText/5)[:maxText-5] + s },
		"hexadecimal":    func(s string) string { return hex.EncodeToString([]byte(s)) },
	} {
		for _, key := range []string{one, two, three} {
			rep := scanned(t, "checkout", texts...)
			Set{Entries: []Entry{{Path: "a", Rule: password, Reason: spell(key), Owner: spell(key)}}, Now: today}.Apply(rep)
			if len(rep.Muted) != 1 || len(rep.Findings) != 2 {
				t.Fatalf("%s: %d accepted", name, len(rep.Muted))
			}
			if m := rep.Muted[0].Mute; m.Reason != hidden || m.Owner != hidden {
				t.Errorf("%s: %d characters are told", name, len(key))
			}
		}
	}
	rep := scanned(t, "checkout", texts...)
	long := strings.Repeat("ü", maxText)
	Set{Entries: []Entry{{Path: "a", Rule: password, Reason: long, Owner: "team-of/the_parser+tests 100%"}}, Now: today}.Apply(rep)
	if m := rep.Muted[0].Mute; m.Reason != long[:maxText]+"…" || m.Owner != "team-of/the_parser+tests 100%" {
		t.Errorf("%+v", m)
	}
}

// What accepts very much is told, and what would take long is not done.
func TestMany(t *testing.T) {
	var b strings.Builder
	for i := range uint64(maxKeys + 1) {
		b.WriteString(keyOf(token, 100+i) + "\n")
	}
	rep := scanned(t, "checkout", "a", b.String())
	Set{Entries: []Entry{{Path: "a", Rule: token, Reason: "r"}}, Now: today}.Apply(rep)
	if len(rep.Muted) != maxKeys+1 || !strings.Contains(said(rep), fmt.Sprintf("accepts %d keys", maxKeys+1)) {
		t.Errorf("%d accepted, %q", len(rep.Muted), said(rep))
	}
	var entries []Entry
	for i := range maxGlobs + 1 {
		entries = append(entries, Entry{Path: fmt.Sprintf("p%d", i), Rule: token, Reason: "r", Where: fmt.Sprint(i)})
	}
	rep = scanned(t, "range", fmt.Sprintf("p%d", maxGlobs), keyOf(token, 1), "p0", keyOf(token, 2))
	Set{Entries: entries, Now: today}.Apply(rep)
	if len(rep.Muted) != 1 || !strings.Contains(said(rep), "more than 1000 entries") {
		t.Errorf("%d accepted, %q", len(rep.Muted), said(rep))
	}
	rep = scanned(t, "checkout")
	Set{Entries: entries, Now: today}.Apply(rep)
	if len(rep.Remarks) != maxRemarks+1 || !strings.Contains(said(rep), fmt.Sprintf("%d more remarks", maxGlobs+1-maxRemarks)) {
		t.Errorf("%d remarks, the last: %v", len(rep.Remarks), rep.Remarks[len(rep.Remarks)-1])
	}
}

// Every finding stays in the report, once, and in order.
func TestAll(t *testing.T) {
	texts := []string{}
	for i, r := range rule.All() {
		texts = append(texts, fmt.Sprintf("f%02d", i), "x "+r.Plant(keyOf(r.ID, 8))+"\n")
	}
	rep := scanned(t, "checkout", texts...)
	before := rep.All()
	Set{Entries: []Entry{{Path: "f1?", Reason: "r"}, {Path: "f0?", Rule: token, Reason: "r"}}, Now: today}.Apply(rep)
	after := rep.All()
	if len(before) != len(after) || len(rep.Muted) == 0 || len(rep.Findings) == 0 {
		t.Fatalf("%d became %d and %d", len(before), len(rep.Findings), len(rep.Muted))
	}
	for i := range before {
		if before[i].Place != after[i].Place || before[i].Fingerprint() != after[i].Fingerprint() {
			t.Errorf("finding %d is another one", i)
		}
	}
	for i := range rep.Findings {
		if rep.Findings[i].Mute != nil {
			t.Errorf("%s counts and does not", rep.Findings[i].Place.Path)
		}
	}
}
