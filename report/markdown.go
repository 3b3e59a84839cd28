package report

import (
	"fmt"
	"html"
	"strings"

	"github.com/bbkeys/bbkeys/scan"
)

// Markdown says rep for a CI's page, in at most limit bytes, the worst findings first.
// What does not fit is counted. All that is foreign stands in HTML that is escaped twice
// over, since pages differ in what they read inside HTML: as entities, no character of it
// can end a cell, begin a link or an image, or mention anybody.
func Markdown(rep *scan.Report, limit int) string {
	all := kinds(rep)
	p := page{limit: limit}
	p.add("### %s\n\n", headline(rep))
	p.add("Looked at %s.%s\n\n", foreign(Scanned(rep.Scanned)), note(rep.Scanned.Note))
	p.add("%s", missedList(rep.Gaps, maxTextGaps))
	// What to do matters more than one more row of the table, so its room is set aside.
	var todo strings.Builder
	for _, k := range all {
		todo.WriteString(todoList(k))
	}
	p.limit -= todo.Len()
	p.table(all, len(rep.Findings))
	p.limit += todo.Len()
	p.add("%s", todo.String())
	return p.String()
}

func headline(rep *scan.Report) string {
	switch {
	case len(rep.Findings) > 0:
		return "bbkeys found " + Counts(rep)
	case rep.Complete():
		return "bbkeys found no keys"
	}
	return "bbkeys found no keys in what it could look at"
}

func note(s string) string {
	if s == "" {
		return ""
	}
	return " " + foreign(Clean(s)) + "."
}

// A page takes what fits.
type page struct {
	strings.Builder
	limit int
}

// add appends a part, whole or not at all.
func (p *page) add(format string, args ...any) bool {
	s := fmt.Sprintf(format, args...)
	if p.Len()+len(s) > p.limit {
		return false
	}
	p.WriteString(s)
	return true
}

const (
	tableHead = "<table>\n<tr><th>Level</th><th>Key</th><th>Where</th><th>Came with</th></tr>\n"
	tableFoot = "</table>\n\n"
	// tableMore is room for the line that counts the rows that are left out.
	tableMore = 100
)

func (p *page) table(all []*kind, total int) {
	reserve := len(tableFoot) + tableMore
	p.limit -= reserve
	defer func() { p.limit += reserve }()
	if total == 0 || !p.add("%s", tableHead) {
		p.limit += reserve
		p.more(total)
		p.limit -= reserve
		return
	}
	shown := 0
rows:
	for _, k := range all {
		for _, places := range k.keys {
			for _, f := range places {
				if !p.add("%s", row(f)) {
					break rows
				}
				shown++
			}
		}
	}
	p.limit += reserve
	p.add("%s", tableFoot)
	p.more(total - shown)
	p.limit -= reserve
}

func (p *page) more(n int) {
	if n > 0 {
		p.add("And %s more; the SARIF and JSON reports hold all.\n\n", count(n, "finding"))
	}
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
		came = strings.TrimSpace("<code>" + foreign(short(f.Place.Commit)) + "</code> " + day(f.Place.AuthorDate))
	}
	return fmt.Sprintf("<tr><td>%s</td><td>%s<br><code>%s</code> <sub>%s</sub></td><td>%s</td><td>%s</td></tr>\n",
		f.Level, foreign(f.Rule.Name), foreign(f.Match.Secret.String()), f.Fingerprint()[:8], cell, came)
}

// todoList says what one kind of key opens and what to do.
func todoList(k *kind) string {
	f := k.first
	name := f.Rule.Name
	var b strings.Builder
	fmt.Fprintf(&b, "<details open><summary><b>%s</b> (%s): what to do</summary>\n<p>%s</p>\n<ol>\n",
		foreign(name), f.Level, foreign(Opens(f)))
	for _, step := range Next(f) {
		fmt.Fprintf(&b, "<li>%s</li>\n", foreign(step))
	}
	b.WriteString("</ol>\n")
	if u := f.Rule.Doc.Revoke; u != "" {
		fmt.Fprintf(&b, "<p>Revoked at <a href=\"%s\">%s</a></p>\n", html.EscapeString(u), html.EscapeString(u))
	}
	b.WriteString("</details>\n\n")
	return b.String()
}

func missedList(gaps []*scan.Gap, limit int) string {
	if len(gaps) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Incomplete:** %s not looked at.\n\n<ul>\n", things(len(gaps)))
	for i, g := range gaps {
		if i == limit {
			fmt.Fprintf(&b, "<li>and %d more</li>\n", len(gaps)-i)
			break
		}
		fmt.Fprintf(&b, "<li><code>%s</code></li>\n", foreign(Missed(g)))
	}
	b.WriteString("</ul>\n\n")
	return b.String()
}

func code(s string) string { return "<code>" + foreign(Clean(s)) + "</code>" }

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
