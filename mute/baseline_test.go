package mute

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// snapshot returns the baseline of a report as a file holds it.
func snapshot(t testing.TB, s Snapshot, rep *scan.Report) string {
	t.Helper()
	if s.Now.IsZero() {
		s.Now = today
	}
	if s.Redact == nil {
		s.Redact = func(path string) string { return path }
	}
	var b strings.Builder
	if err := s.Render(&b, rep); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// read returns a baseline from what a file holds.
func read(t testing.TB, text string) *Baseline {
	t.Helper()
	b, err := ReadBaseline("base.json", []byte(text))
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return b
}

// every returns texts with a key of every kind, as path and text in turn.
func every(n uint64) []string {
	var texts []string
	for i, r := range rule.All() {
		texts = append(texts, fmt.Sprintf("f%02d", i), "x\n"+r.Plant(keyOf(r.ID, n))+"\n")
	}
	return texts
}

// What is in a baseline is accepted, and nothing else; it tells no key, and looks like none.
func TestBaseline(t *testing.T) {
	rep := scanned(t, "checkout", every(1)...)
	text := snapshot(t, Snapshot{}, rep)
	if text != snapshot(t, Snapshot{}, rep) {
		t.Error("two are not equal")
	}
	if again := scanned(t, "checkout", "base.json", text); len(again.Findings) > 0 {
		t.Errorf("it holds a key of the kind %s", again.Findings[0].Rule.ID)
	}
	for i := range rep.Findings {
		if rep.Findings[i].Match.Secret.In(text) {
			t.Errorf("it tells a key of the kind %s", rep.Findings[i].Rule.ID)
		}
	}
	n := len(rep.Findings)
	moved := every(1)
	for i := 0; i < len(moved); i += 2 {
		moved[i], moved[i+1] = "moved/to/"+moved[i], "more\n\n"+moved[i+1]
	}
	rep = scanned(t, "checkout", moved...)
	Set{Baseline: read(t, text), Now: today}.Apply(rep)
	if len(rep.Findings) > 0 || len(rep.Muted) != n || len(rep.Remarks) > 0 {
		t.Errorf("of %d, %d count and %d are accepted; %q", n, len(rep.Findings), len(rep.Muted), said(rep))
	}
	for _, f := range rep.Muted {
		if m := f.Mute; m.By != "baseline" || !strings.HasPrefix(m.Where, "base.json:") || !strings.HasSuffix(m.Reason, " on 2026-11-23") {
			t.Fatalf("%+v", m)
		}
	}
	rep = scanned(t, "checkout", every(2)...)
	Set{Baseline: read(t, text), Now: today}.Apply(rep)
	for _, f := range rep.Muted {
		if !f.Rule.Weak {
			t.Errorf("a new key of the kind %s is accepted", f.Rule.ID)
		}
	}
	if !strings.Contains(said(rep), "no longer found of ") {
		t.Errorf("%q", said(rep))
	}
}

// Passwords have a fingerprint in common; a baseline accepts as many as there were, and
// none that a change brings.
func TestBaselineWeak(t *testing.T) {
	texts := []string{"a", inURL("joe", keyOf(password, 1)), "b", inURL("joe", keyOf(password, 2)), "c", inURL("joe", keyOf(password, 3))}
	base := read(t, snapshot(t, Snapshot{}, scanned(t, "checkout", texts[:4]...)))
	for _, c := range []struct {
		mode  string
		texts []string
		muted int
	}{
		{"checkout", texts[:4], 2}, {"checkout", texts[:2], 1}, {"checkout", append([]string{"d", texts[1], "e", texts[1]}, texts[:4]...), 4},
		{"checkout", texts, 0}, {"history", texts, 0}, {"range", texts[:2], 0}, {"staged", texts[:2], 0},
	} {
		rep := scanned(t, c.mode, c.texts...)
		Set{Baseline: base, Now: today}.Apply(rep)
		if len(rep.Muted) != c.muted {
			t.Errorf("%d passwords, %s: %d are accepted", len(c.texts)/2, c.mode, len(rep.Muted))
		}
		if told := strings.Contains(said(rep), "base.json:2: there are 3 passwords where 2 "); told != (len(c.texts) == len(texts)) {
			t.Errorf("%q", said(rep))
		}
	}
}

// Each line stands for itself: what two branches add is put together by putting their
// lines together.
func TestBaselineMerge(t *testing.T) {
	texts := every(1)
	left, right := scanned(t, "checkout", texts[:20]...), scanned(t, "checkout", texts[10:]...)
	both := scanned(t, "checkout", texts...)
	a, b := snapshot(t, Snapshot{}, left), snapshot(t, Snapshot{Now: today.AddDate(0, 1, 0)}, right)
	lines := slices.Collect(strings.Lines(a))
	merged := strings.Join(lines[:len(lines)-1], "")
	for line := range strings.Lines(b) {
		if strings.HasPrefix(line, ",") {
			merged += line
		}
	}
	base := read(t, merged+"]\n")
	Set{Baseline: base, Now: today}.Apply(both)
	if len(both.Findings) > 0 {
		t.Errorf("%d are not accepted", len(both.Findings))
	}
	early := 0
	for _, k := range base.keys {
		if k.Since == "2026-11-23" {
			early++
		}
	}
	if early != len(lines)-2 {
		t.Errorf("%d of %d have kept their day", early, len(lines)-2)
	}
}

// Making a baseline again keeps the days of what is still there.
func TestBaselineAgain(t *testing.T) {
	texts := every(1)
	old := read(t, snapshot(t, Snapshot{}, scanned(t, "checkout", texts[:10]...)))
	later := Snapshot{Old: old, Now: today.AddDate(0, 1, 0)}
	rep := scanned(t, "checkout", texts[4:14]...)
	text := snapshot(t, later, rep)
	if strings.Count(text, `"2026-11-23"`) != 3 || strings.Count(text, `"2026-12-23"`) != 2 {
		t.Error(text)
	}
	later.Redact = strings.ToUpper
	if all, added, dropped := later.Changes(rep); all != 5 || added != 2 || dropped != 2 {
		t.Errorf("%d keys, %d new, %d gone", all, added, dropped)
	}
	if text := snapshot(t, later, rep); !strings.Contains(text, `"path":"F04"`) {
		t.Errorf("paths are kept as they are: %s", text)
	}
	rep.Gaps = []*scan.Gap{{Why: errors.New("x")}}
	if text := snapshot(t, later, rep); strings.Count(text, `"2026-11-23"`) != 5 {
		t.Errorf("what was not looked at is dropped: %s", text)
	}
	if _, _, dropped := later.Changes(rep); dropped != 0 {
		t.Errorf("%d are dropped", dropped)
	}
}

func TestBaselineWrong(t *testing.T) {
	const head = `[{"bbkeys-baseline":1,"mode":"checkout"}` + "\n"
	line := func(name string) string {
		return `,{"fingerprint":"` + name + `","rule":"r","since":"2026-11-23","path":"p"}` + "\n"
	}
	good := line(strings.Repeat("0a", 16))
	for _, c := range []struct{ text, want string }{
		{"", "base.json:1: it is no list"},
		{"{}", "base.json:1: it is no list"},
		{"\n\n[]", "base.json:3: it is no list"},
		{"[", "base.json:1: it is no list"},
		{"[{}]", "base.json:1: it is not of version 1"},
		{`[{"bbkeys-baseline":2,"mode":"checkout"}]`, "base.json:1: it is not of version 1"},
		{head, "base.json:2: it ends in the middle"},
		{head + good, "base.json:3: it ends in the middle"},
		{head + good + good + line("0A"+strings.Repeat("0a", 15)) + "]", "base.json:4: its fingerprint is no 32"},
		{head + good + line("0a") + "]", "base.json:3: its fingerprint is no 32"},
		{head + strings.Replace(good, "2026-11-23", "yesterday", 1) + "]", "base.json:2: the day"},
		{head + strings.Replace(good, `"rule"`, `"ruel"`, 1) + "]", "base.json:2: there is a name that nothing"},
		{head + strings.Replace(good, `"r"`, `7`, 1) + "]", "base.json:2: there is a number where none belongs"},
		{head + strings.Replace(good, `"rule"`, `"passwords":-1,"rule"`, 1) + "]", "base.json:2: a number of passwords is below 0"},
		{head + good + good[1:] + "]", "base.json:3: it is no JSON"},
		{head + good + ",secret\n]", "base.json:3: it is no JSON"},
		{head + good + "]\nsecret", "base.json:4: something follows"},
		{head + good + "<<<<<<< HEAD\n" + good + "=======\n" + good + ">>>>>>> secret\n]", "base.json:3: it holds the marks of a merge"},
		{head + strings.Repeat(" ", MaxBaseline), "base.json: it has more than 64 MiB"},
	} {
		_, err := ReadBaseline("base.json", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%.200q: %v", c.text, err)
		}
	}
	// Somebody's editor may lay it out anew.
	read(t, strings.ReplaceAll("\n"+head+good+"]", ",", ",\r\n\t"))
}

func TestBaselineFull(t *testing.T) {
	r, w := io.Pipe()
	_ = r.Close() // whatever is written is refused
	if err := (Snapshot{Now: today, Redact: strings.ToUpper}).Render(w, scanned(t, "checkout")); err == nil {
		t.Error("nobody said that it is not written")
	}
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(snapshot(f, Snapshot{}, scanned(f, "checkout", every(1)...))))
	f.Add([]byte("[{\"bbkeys-baseline\":1,\"mode\":\"x\"}\n,{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBaseline("base.json", data)
		if (b == nil) == (err == nil) {
			t.Fatalf("%v and %v", b, err)
		}
		if err != nil {
			return
		}
		for name, k := range b.keys {
			if len(name) != 2*fingerprintSize || k.line < 1 {
				t.Errorf("%q is in line %d", name, k.line)
			}
		}
	})
}
