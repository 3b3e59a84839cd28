package report

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// A Text publishes a report for a person: every place in the form that editors open, what
// each kind of key opens, and what to do.
type Text struct {
	Writer io.Writer
	Colour bool   // the reader knows ANSI colours
	Prefix string // put before paths, such as "../other/", so that they open from where the reader is
}

// How much a person reads. The machine formats hold everything.
const (
	maxTextPlaces = 1000
	maxGaps       = 20
)

// Publish implements Publisher.
func (t Text) Publish(_ context.Context, rep *scan.Report) error {
	var b strings.Builder
	shown := 0
	for _, k := range Kinds(rep) {
		if shown == maxTextPlaces {
			break
		}
		shown += t.kind(&b, k, maxTextPlaces-shown)
	}
	if more := len(rep.Findings) - shown; more > 0 {
		fmt.Fprintf(&b, "… and %s more; the JSON report lists all\n\n", words.Count(more, "finding"))
	}
	if rep.Scanned.Mode == "staged" && len(rep.Findings) > 0 {
		b.WriteString("What is staged is in no commit yet: a key that was nowhere else need not be revoked, only taken out.\n\n")
	}
	t.gaps(&b, rep)
	t.remarks(&b, rep)
	for _, line := range Record(rep.Scanned) {
		b.WriteString(t.paint(faint, line) + "\n")
	}
	b.WriteString(t.paint(bold, "bbkeys:") + " " + t.summary(rep) + "\n")
	if _, err := io.WriteString(t.Writer, b.String()); err != nil {
		return fault.New(fault.OutputUnwritable, "writing the text report: %w", err)
	}
	return nil
}

// kind writes the places and the advice of one kind, and returns how many places it
// wrote, at most room.
func (t Text) kind(b *strings.Builder, k *Kind, room int) int {
	shown := 0
	for _, places := range k.Keys {
		for i, f := range places {
			if shown == room {
				break
			}
			shown++
			message, name := Message(f), f.Fingerprint()
			if i > 0 {
				message, name = "The same key again.", name[:8]+"…"
			}
			fmt.Fprintf(b, "%s %s %s %s\n", t.paint(bold, place(f, t.Prefix)+":"), t.level(f.Level, f.Level.String()+":"), message, t.paint(faint, tail(f, name)))
		}
	}
	doc := k.First.Rule.Doc
	t.advice(b, "kind", k.First.Rule.ID)
	t.advice(b, "opens", Opens(k.First))
	t.advice(b, "revoke", doc.Revoke)
	for i, step := range Next(k.First) {
		head := ""
		if i == 0 {
			head = "next"
		}
		t.advice(b, head, fmt.Sprintf("%d. %s", i+1, step))
	}
	b.WriteByte('\n')
	return shown
}

func (t Text) advice(b *strings.Builder, head, text string) {
	if text != "" {
		fmt.Fprintf(b, "    %s %s\n", t.paint(faint, fmt.Sprintf("%-6s", head)), text)
	}
}

// tail is what tells a finding from others of its kind and place; name is as much of its
// fingerprint as is told.
func tail(f *scan.Finding, name string) string {
	parts := []string{"fingerprint " + name}
	if a := f.Match.Account; a != "" {
		parts = append(parts, "account "+Clean(a))
	}
	if h := f.Match.Host; h != "" {
		parts = append(parts, "host "+Clean(h))
	}
	if id := f.Match.ID; id != "" {
		parts = append(parts, "id "+Clean(id))
	}
	for _, in := range f.Inside {
		parts = append(parts, "inside "+Clean(in))
	}
	if len(f.Match.Encoding) > 0 {
		parts = append(parts, "written as "+written(f))
	}
	if at := Came(f); at != "" {
		parts = append(parts, at)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (t Text) gaps(b *strings.Builder, rep *scan.Report) {
	gaps := rep.Gaps
	for i, g := range gaps {
		if i == maxGaps {
			fmt.Fprintf(b, "%s %s more\n", t.paint(yellow, "not looked at:"), words.Count(len(gaps)-i, "thing"))
			break
		}
		fmt.Fprintf(b, "%s %s\n", t.paint(yellow, "not looked at:"), Missed(g))
	}
	for _, e := range rep.Faults() {
		fmt.Fprintf(b, "    %s %s: %s\n", t.paint(faint, e.Code.String()), e.Title, e.Code.Link())
	}
	if len(gaps) > 0 {
		b.WriteByte('\n')
	}
}

func (t Text) remarks(b *strings.Builder, rep *scan.Report) {
	for _, r := range Remarks(rep) {
		fmt.Fprintf(b, "%s %s\n", t.paint(yellow, "remark:"), r)
	}
	if len(rep.Remarks) > 0 {
		b.WriteByte('\n')
	}
}

// summary is the last line.
func (t Text) summary(rep *scan.Report) string {
	found := Counts(rep) + " found"
	if len(rep.Findings) > 0 {
		found = t.level(rep.Worst()[0].Level, found)
	} else if rep.Complete() {
		found = t.paint(green, found)
	}
	line := fmt.Sprintf("%s in %s", found, Scanned(rep.Scanned))
	if rep.Scanned.Mode == "none" && len(rep.Findings) == 0 {
		line = "there was nothing to scan"
	}
	if !rep.Complete() {
		line += "; " + t.paint(yellow, "incomplete") + ", " + things(len(rep.Gaps)) + " not looked at"
	}
	if n := rep.Scanned.Note; n != "" {
		line += "; " + strings.TrimSuffix(Clean(n), ".")
	}
	return line
}

// The ANSI colours and weights in use.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "34"
)

func (t Text) paint(colour, s string) string {
	if !t.Colour {
		return s
	}
	return "\x1b[" + colour + "m" + s + "\x1b[0m"
}

func (t Text) level(l rule.Level, s string) string {
	switch l {
	case rule.Error:
		return t.paint(bold+";"+red, s)
	case rule.Warning:
		return t.paint(bold+";"+yellow, s)
	}
	return t.paint(bold+";"+blue, s)
}
