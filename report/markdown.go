package report

import (
	"fmt"
	"html"
	"iter"
	"strings"

	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// Markdown says rep for a CI's page, in at most limit bytes, the worst findings first.
// What does not fit is counted. All that is foreign stands in HTML, every character that
// means something there or in Markdown as an entity, since pages differ in what they read
// inside HTML: none of it can end a cell, make a link or an image, or mention anybody.
func Markdown(rep *scan.Report, limit int) string {
	all := Kinds(rep)
	head := fmt.Sprintf("### %s\n\n<p>Looked at %s%s.%s</p>\n\n", Headline(rep), foreign(Scanned(rep.Scanned)), note(rep.Scanned.Note), record(rep.Scanned))
	if len(head) > limit {
		return ""
	}
	room := limit - len(head)
	// Most of the room is for where the keys are; what to do about them comes next.
	missed := fit(missedList(rep), room/4)
	missed += fit(mutedList(rep), room/8)
	var todo strings.Builder
	for _, k := range all {
		todo.WriteString(fit(todoList(k), room/2-todo.Len()))
	}
	rows := table(all, len(rep.Findings), room-len(missed)-todo.Len())
	return head + missed + rows + todo.String()
}

// fit returns a part of the page, or nothing if there is no room for all of it.
func fit(part string, room int) string {
	if len(part) > room {
		return ""
	}
	return part
}

// Headline says what came of the run, in a few words without a full stop.
func Headline(rep *scan.Report) string {
	switch {
	case len(rep.Findings) > 0 || len(rep.Muted) > 0 && rep.Complete():
		return "bbkeys found " + Counts(rep)
	case rep.Scanned.Mode == "none" && rep.Complete():
		return "bbkeys had nothing to scan"
	case rep.Complete():
		return "bbkeys found no keys"
	}
	return "bbkeys found no keys in what it could look at"
}

// record says the record as further lines of a paragraph.
func record(s scan.Scanned) string {
	var b strings.Builder
	for _, line := range Record(s) {
		b.WriteString("<br><sub>" + bounded(line) + "</sub>")
	}
	return b.String()
}

func note(s string) string {
	if s == "" {
		return ""
	}
	return "; " + foreign(strings.TrimSuffix(Clean(s), "."))
}

const (
	tableHead = "<table>\n<tr><th>Level</th><th>Key</th><th>Where</th><th>Came with</th></tr>\n"
	tableFoot = "</table>\n\n"
)

// table lists the findings of all, as many as there is room for, and counts the rest.
func table(all []*Kind, total, room int) string {
	if total == 0 {
		return ""
	}
	room -= len(more(total)) // the longest that it can be
	var b strings.Builder
	b.WriteString(tableHead)
	shown := 0
	for f := range findings(all) {
		r := row(f)
		if b.Len()+len(r)+len(tableFoot) > room {
			break
		}
		b.WriteString(r)
		shown++
	}
	if shown == 0 {
		return fit(more(total), room+len(more(total)))
	}
	return b.String() + tableFoot + more(total-shown)
}

// findings gives every finding, in the order of all.
func findings(all []*Kind) iter.Seq[*scan.Finding] {
	return func(yield func(*scan.Finding) bool) {
		for _, k := range all {
			for _, places := range k.Keys {
				for _, f := range places {
					if !yield(f) {
						return
					}
				}
			}
		}
	}
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("And %s more; the SARIF and JSON reports hold them.\n\n", words.Count(n, "finding"))
}

func row(f *scan.Finding) string {
	where := f.Place.Path
	if f.From.Line > 0 {
		where = fmt.Sprintf("%s:%d", where, f.From.Line)
	}
	cell := code(where)
	for _, in := range f.Inside {
		cell += " inside " + code(in)
	}
	came := ""
	if f.Place.Commit != "" {
		came = strings.TrimSpace("<code>" + foreign(short(f.Place.Commit)) + "</code> " + Day(f.Place.AuthorDate))
	}
	name := f.Fingerprint()[:8]
	if f.Match.ID != "" {
		name += " id " + foreign(Clean(f.Match.ID))
	}
	return fmt.Sprintf("<tr><td>%s</td><td>%s<br><code>%s</code> <sub>%s</sub></td><td>%s</td><td>%s</td></tr>\n",
		f.Level, foreign(f.Rule.Name), foreign(f.Match.Secret.String()), name, cell, came)
}

// todoList says what one kind of key opens and what to do.
func todoList(k *Kind) string {
	f := k.First
	revoke := ""
	if u := html.EscapeString(f.Rule.Doc.Revoke); u != "" {
		revoke = fmt.Sprintf(", revoked at <a href=\"%s\">%s</a>", u, u)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary><b>%s</b> (%s)%s: what to do</summary>\n<p>%s</p>\n<ol>\n",
		foreign(f.Rule.Name), f.Level, revoke, foreign(Opens(f)))
	for _, step := range Next(f) {
		fmt.Fprintf(&b, "<li>%s</li>\n", foreign(step))
	}
	b.WriteString("</ol>\n</details>\n\n")
	return b.String()
}

func missedList(rep *scan.Report) string {
	gaps := rep.Gaps
	if len(gaps) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Incomplete:** %s not looked at.\n\n<ul>\n", things(len(gaps)))
	for i, g := range gaps {
		if i == maxGaps {
			fmt.Fprintf(&b, "<li>and %d more</li>\n", len(gaps)-i)
			break
		}
		b.WriteString("<li>")
		if g.Place.Path != "" {
			b.WriteString(code(g.Place.Path) + " ")
		}
		if g.Place.Commit != "" {
			b.WriteString("in <code>" + foreign(short(g.Place.Commit)) + "</code> ")
		}
		b.WriteString(code(g.Why.Error()) + " " + g.Code().String() + "</li>\n")
	}
	b.WriteString("</ul>\n\n<p>Why, and what to do:")
	for _, e := range rep.Faults() {
		fmt.Fprintf(&b, "<br>\n<a href=\"%s\">%s</a> %s", e.Code.Link(), e.Code, foreign(e.Title))
	}
	b.WriteString("</p>\n\n")
	return b.String()
}

// maxMuted is how many accepted findings a page lists.
const maxMuted = 50

// mutedList says what was accepted, and what is wrong with how.
func mutedList(rep *scan.Report) string {
	var b strings.Builder
	if len(rep.Muted) > 0 {
		fmt.Fprintf(&b, "<details><summary>%s accepted, which do not count</summary>\n<ul>\n", words.Count(len(rep.Muted), "finding"))
		for i := range rep.Muted {
			if i == maxMuted {
				fmt.Fprintf(&b, "<li>and %d more</li>\n", len(rep.Muted)-i)
				break
			}
			f := &rep.Muted[i]
			fmt.Fprintf(&b, "<li>%s %s, %s</li>\n", code(f.Place.Path), foreign(f.Rule.Name), bounded(Muted(f)))
		}
		b.WriteString("</ul>\n</details>\n\n")
	}
	if all := Remarks(rep); len(all) > 0 {
		b.WriteString("<ul>\n")
		for _, r := range all {
			fmt.Fprintf(&b, "<li>Remark: %s</li>\n", bounded(r))
		}
		b.WriteString("</ul>\n\n")
	}
	return b.String()
}

// bounded is code for a text that was made safe before.
func bounded(s string) string {
	head := words.Cut(s, maxCode)
	return foreign(head + words.Rest(s, head))
}

// maxCode is how much of one foreign text a page shows, in bytes: no hostile path pushes
// the rest off the page.
const maxCode = 400

func code(s string) string {
	s = Redact(s)
	head := words.Cut(s, maxCode)
	return "<code>" + foreign(Clean(head)+words.Rest(s, head)) + "</code>"
}

// foreign escapes a text that Clean made one line: every character that Markdown or HTML
// could read as more than itself becomes an entity.
func foreign(s string) string {
	const plain = " -./,;"
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 0x80, r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune(plain, r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
