package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// Message says what f is and why it has its level, in one sentence without a place and
// without the credential.
func Message(f *scan.Finding) string {
	if f.Said == "" {
		return message(f)
	}
	return fmt.Sprintf("%s; the settings (%s) say %s.", strings.TrimSuffix(message(f), "."), Clean(f.Said), f.Level)
}

// message is Message for the level that f has by itself.
func message(f *scan.Finding) string {
	r, key, level := f.Rule, f.Match.Secret.String(), f.OwnLevel()
	switch {
	case doubtful(f):
		return fmt.Sprintf("%s may be of the kind %s, but nothing near its name says Bitbucket.", key, r.Name)
	case f.Match.Proof == rule.Layout:
		return fmt.Sprintf("%s looks like a key of the kind %s, but its checksum or structure is wrong.", key, r.Name)
	}
	proof := "its inner structure is right"
	switch f.Match.Proof {
	case rule.Checksum:
		proof = "its checksum is right"
	case rule.Context:
		proof = "it stands where one belongs"
	}
	switch {
	case r.Dead != "":
		return fmt.Sprintf("%s %s: %s, but keys of this kind have been refused since %s.", r.Name, key, proof, r.Dead)
	case f.Match.Proof == rule.Context && level < rule.Error:
		return fmt.Sprintf("%s %s: %s, and what it opens is limited or not known.", r.Name, key, proof)
	case f.Match.Proof == rule.Context:
		return fmt.Sprintf("%s %s: %s, and may work today.", r.Name, key, proof)
	case level < rule.Error:
		return fmt.Sprintf("%s %s: %s, but it does not tell whether it opens Bitbucket.", r.Name, key, proof)
	}
	return fmt.Sprintf("%s %s: %s, so it is a real key that may work today.", r.Name, key, proof)
}

// doubtful reports whether f is what a setting holds whose name another product's may bear.
func doubtful(f *scan.Finding) bool { return f.Match.Proof == rule.Layout && f.Rule.Context != "" }

// Next says what to do about f, in order, each one imperative sentence.
func Next(f *scan.Finding) []string {
	if f.Match.Proof != rule.Layout {
		return f.Rule.Doc.Steps
	}
	if doubtful(f) {
		return []string{
			"Find out whether it is for a Bitbucket; if so, treat it as leaked.",
			"Else give its setting a name that tells what it is for, or mute it.",
		}
	}
	return []string{
		"Find out whether it is a real key with a changed or missing character; if so, treat it as leaked.",
		"Else replace it by a text that nobody takes for a key.",
	}
}

// Opens says what f lets its holder do, in one sentence.
func Opens(f *scan.Finding) string {
	if f.Match.Proof != rule.Layout {
		return f.Rule.Doc.Opens
	}
	if doubtful(f) {
		return "Whatever its setting is for, which may be another product."
	}
	return "Nothing as it stands."
}

// Missed says what a gap is and its code, made safe as Clean does it.
func Missed(g *scan.Gap) string {
	why := fmt.Sprintf("%s (%s)", Clean(g.Why.Error()), g.Code())
	switch p := g.Place; {
	case p.Path != "" && p.Commit != "":
		return fmt.Sprintf("%s in commit %s: %s", Clean(p.Path), short(p.Commit), why)
	case p.Path != "":
		return fmt.Sprintf("%s: %s", Clean(p.Path), why)
	case p.Commit != "":
		return fmt.Sprintf("commit %s: %s", short(p.Commit), why)
	}
	return why
}

// Where says where f is: its path, line and column as editors open them, the way into
// archives, and how the text spells the key. It is made safe as Clean does it.
func Where(f *scan.Finding) string {
	where := place(f, "")
	for _, in := range f.Inside {
		where += ", inside " + Clean(in)
	}
	if len(f.Match.Encoding) > 0 {
		where += ", written as " + Clean(written(f))
	}
	return where
}

// place is where f is below prefix, as editors and terminals open it.
func place(f *scan.Finding, prefix string) string {
	path := Clean(prefix + f.Place.Path)
	if f.From.Line == 0 {
		return path
	}
	return fmt.Sprintf("%s:%d:%d", path, f.From.Line, f.From.Column)
}

// Came says what brought f, such as "commit 0123456789 of 2026-11-02", and whether it is
// gone from HEAD; "" where it was no commit.
func Came(f *scan.Finding) string {
	if f.Place.Commit == "" {
		return ""
	}
	at := "commit " + short(f.Place.Commit)
	switch f.Place.Path {
	case ".git/COMMIT_EDITMSG":
		at = "the message of " + at
	case ".git/TAG_EDITMSG":
		at = "the message of a tag of " + at
	case ".git/GIT_AUTHOR_IDENT":
		at = "the author of " + at
	case ".git/GIT_COMMITTER_IDENT":
		at = "the committer or tagger of " + at
	case ".git/COMMIT_HEADERS":
		at = "the headers of " + at
	case ".git/TAG_HEADERS":
		at = "the name or the headers of a tag of " + at
	}
	if d := Day(f.Place.AuthorDate); d != "" {
		at += " of " + d
	}
	if f.Place.Gone {
		at += ", no longer in HEAD"
	}
	return at
}

// Scanned says what was looked at, as the end of "bbkeys scanned …", without a full stop.
func Scanned(s scan.Scanned) string {
	much := fmt.Sprintf("%s, %s", words.Count(s.Blobs, "file"), size(s.Bytes))
	switch s.Mode {
	case "checkout":
		return "the checkout (" + much + ")"
	case "staged":
		return "what is staged (" + much + ")"
	case "history":
		return fmt.Sprintf("the whole history (%s, %s)", words.Count(s.Commits, "commit"), much)
	case "range":
		return fmt.Sprintf("the range %s (%s, %s)", ends(s), words.Count(s.Commits, "commit"), much)
	case "none", "":
		return "nothing"
	}
	return Clean(s.Mode) + " (" + much + ")"
}

// ends names a range's ends; what every commit has behind it has no base.
func ends(s scan.Scanned) string {
	if s.Base == "" {
		return "up to " + short(s.Head)
	}
	return short(s.Base) + ".." + short(s.Head)
}

// Counts says how many findings of each level there are, and how many were accepted and do
// not count: "2 errors, 1 note (3 accepted)".
func Counts(rep *scan.Report) string {
	var parts []string
	above := 0
	for l := rule.Error; l >= rule.Note; l-- {
		n := rep.Count(l)
		if n > above {
			parts = append(parts, words.Count(n-above, l.String()))
		}
		above = n
	}
	if len(parts) == 0 {
		parts = []string{"no keys"}
	}
	counts := strings.Join(parts, ", ")
	if n := len(rep.Muted); n > 0 {
		counts += fmt.Sprintf(" (%d accepted)", n)
	}
	return counts
}

// short is how people name a commit.
func short(commit string) string {
	const digits = 10
	if len(commit) > digits {
		commit = commit[:digits]
	}
	return Clean(commit)
}

// Day is a date as people read it, or "" where there is none. What a commit claims may be
// any year and zone, so it is said in one that every reader of dates knows.
func Day(t time.Time) string {
	if !sane(t) {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// sane reports whether t is a time that RFC 3339 can tell.
func sane(t time.Time) bool {
	y := t.UTC().Year()
	return !t.IsZero() && y >= 1 && y <= 9999
}

// size says a size in decimal units.
func size(n int64) string {
	const unit = 1000
	if n < unit {
		return words.Count(int(n), "byte")
	}
	amount, names := float64(n)/unit, "kMGTPE"
	for amount >= unit-0.05 && len(names) > 1 {
		amount, names = amount/unit, names[1:]
	}
	return fmt.Sprintf("%.1f %cB", amount, names[0])
}

// written says how a text spells f, the innermost spelling first: "percent in base64".
func written(f *scan.Finding) string {
	spellings := slices.Clone(f.Match.Encoding)
	slices.Reverse(spellings)
	return strings.Join(spellings, " in ")
}
