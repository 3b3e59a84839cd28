// Package html says a report as one page that needs nothing else: no style, script, font
// or picture from elsewhere, and a policy in it that lets a browser load none. It can be
// read without the script, which sorts and filters, and without the style.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// A Page renders reports as a page.
type Page struct {
	Version string // of the program
	// Made is when the page was made. The zero time leaves it out, and then equal
	// reports give equal pages.
	Made time.Time
}

// How much one page shows. Browsers get slow with more, and the JSON report holds all.
const (
	maxRows = 5000
	maxGaps = 1000
	fewGaps = 10 // are shown unfolded
	// maxAccepted is less: it is behind what is to be done.
	maxAccepted = 1000
	maxText     = 600 // bytes of one foreign text, so that none pushes the rest away
)

// home is the page about the program.
const home = "https://github.com/bbkeys/bbkeys"

//go:embed page.tmpl style.css script.js
var assets embed.FS

// A look is what every page has in common.
type look struct {
	Style  template.CSS
	Script template.JS
	Policy string // Content-Security-Policy
	page   *template.Template
}

var common = sync.OnceValues(func() (look, error) {
	style, err := assets.ReadFile("style.css")
	if err != nil {
		return look{}, err
	}
	script, err := assets.ReadFile("script.js")
	if err != nil {
		return look{}, err
	}
	page, err := template.ParseFS(assets, "page.tmpl")
	return look{
		Style: template.CSS(style), Script: template.JS(script), page: page, // ours, and no text from elsewhere in it
		Policy: fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
			source(style), source(script)),
	}, err
})

// source names a text of the page in a policy.
func source(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// A content is all that one page shows. What is foreign in it was made one line by
// report's words, and the template escapes it for where it stands.
type content struct {
	look
	Version, Home, Made string
	Headline, State     string // State is a class of the style
	Scanned, Note       string
	Facts, Record       []fact
	Missed              string
	Gaps                []string
	Faults              []fault.Entry // what the gaps are, each once
	FewGaps             bool
	MoreGaps            int
	Kinds               []kind
	History             *history
	Levels, Names       []string // what the table can be filtered by
	Rows                []row
	More                int
	Accepted            []accepted // what does not count
	MoreAccepted        int
	Remarks             []string
}

type fact struct {
	Name  string
	Value any
}

type kind struct {
	Anchor, Name, Level, Count, What, Opens, Revoke string
	Steps, Links                                    []string
	Keys                                            int
	Share                                           string // of the kind with most keys, in percent
}

// An accepted is a finding that does not count.
type accepted struct{ Level, Name, Redacted, ID, Where, Why string }

type row struct {
	Level, Name, Anchor, Redacted, ID, Where, Came, Date string
	Rank                                                 int
}

// Render writes rep to w.
func (p Page) Render(w io.Writer, rep *scan.Report) error {
	l, err := common()
	if err != nil {
		return fmt.Errorf("reading the page's parts: %w", err)
	}
	c := content{
		look: l, Version: p.Version, Home: home,
		Headline: report.Headline(rep), State: state(rep),
		Scanned: report.Scanned(rep.Scanned), Note: line(rep.Scanned.Note),
		Record: record(rep),
	}
	if !p.Made.IsZero() {
		c.Made = p.Made.UTC().Format("2006-01-02 15:04 UTC")
	}
	kinds := report.Kinds(rep)
	c.find(kinds, len(rep.Findings))
	c.Facts = facts(rep, kinds)
	c.History = historyOf(kinds)
	c.Missed, c.FewGaps = words.Count(len(rep.Gaps), "thing"), len(rep.Gaps) <= fewGaps
	c.MoreGaps = max(0, len(rep.Gaps)-maxGaps)
	for _, g := range rep.Gaps[:len(rep.Gaps)-c.MoreGaps] {
		c.Gaps = append(c.Gaps, cut(report.Missed(g)))
	}
	c.Faults = rep.Faults()
	c.accept(rep)
	var b bytes.Buffer
	if err := l.page.Execute(&b, c); err != nil {
		return fmt.Errorf("making the page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// find fills in what is shown of the findings.
func (c *content) find(kinds []*report.Kind, total int) {
	most := 0
	for _, k := range kinds {
		most = max(most, len(k.Keys))
	}
	for i, k := range kinds {
		of := kindOf(k, fmt.Sprintf("kind-%d", i+1), most)
		c.Kinds = append(c.Kinds, of)
		if !slices.Contains(c.Levels, of.Level) {
			c.Levels = append(c.Levels, of.Level)
		}
		if !slices.Contains(c.Names, of.Name) {
			c.Names = append(c.Names, of.Name)
		}
		for _, places := range k.Keys {
			for _, f := range places[:min(len(places), maxRows-len(c.Rows))] {
				c.Rows = append(c.Rows, rowOf(f, of))
			}
		}
	}
	c.More = total - len(c.Rows)
}

// accept fills in what is shown of what was accepted.
func (c *content) accept(rep *scan.Report) {
	c.MoreAccepted = max(0, len(rep.Muted)-maxAccepted)
	for i := range rep.Muted[:len(rep.Muted)-c.MoreAccepted] {
		f := &rep.Muted[i]
		c.Accepted = append(c.Accepted, accepted{
			Level: f.Level.String(), Name: f.Rule.Name, Redacted: f.Match.Secret.String(), ID: f.Fingerprint()[:8], Where: cut(report.Where(f)), Why: cut(report.Muted(f)),
		})
	}
	for _, r := range report.Remarks(rep) {
		c.Remarks = append(c.Remarks, cut(r))
	}
}

func kindOf(k *report.Kind, anchor string, most int) kind {
	f := k.First
	doc := f.Rule.Doc
	of := kind{
		Anchor: anchor, Name: f.Rule.Name, Level: f.Level.String(),
		What: doc.What, Opens: report.Opens(f), Revoke: doc.Revoke, Steps: report.Next(f), Links: doc.Links,
		Keys: len(k.Keys), Share: fmt.Sprintf("%.1f", 100*float64(len(k.Keys))/float64(most)),
		Count: words.Count(len(k.Keys), "key") + " in " + words.Count(k.Places(), "place"),
	}
	if f.Match.Proof == rule.Layout {
		of.Name += ", look-alike"
		of.What = "It has the prefix, length and alphabet of the kind " + f.Rule.Name + ", but its checksum or structure is wrong."
		of.Count = words.Count(len(k.Keys), "text") + " in " + words.Count(k.Places(), "place")
	}
	return of
}

func rowOf(f *scan.Finding, of kind) row {
	id := f.Fingerprint()[:8]
	if f.Match.ID != "" {
		id += ", id " + cut(report.Clean(f.Match.ID))
	}
	return row{
		Level: of.Level, Name: of.Name, Anchor: of.Anchor, Rank: int(rule.Error - f.Level),
		Redacted: f.Match.Secret.String(), ID: id, Where: cut(report.Where(f)),
		Came: report.Came(f), Date: report.Day(f.Place.AuthorDate),
	}
}

// state is the class of the worst that came of the run.
func state(rep *scan.Report) string {
	for l := rule.Error; l >= rule.Note; l-- {
		if rep.Count(l) > 0 {
			return l.String()
		}
	}
	if rep.Complete() {
		return "ok"
	}
	return "open"
}

// facts are the numbers that a reader looks for first.
func facts(rep *scan.Report, kinds []*report.Kind) []fact {
	keys, alike := map[string]bool{}, map[string]bool{}
	for _, k := range kinds {
		all := keys
		if k.First.Match.Proof == rule.Layout {
			all = alike
		}
		for _, places := range k.Keys {
			all[places[0].Fingerprint()] = true
		}
	}
	all := []fact{{"Keys", len(keys)}}
	if len(alike) > 0 {
		all = append(all, fact{"Look-alikes", len(alike)})
	}
	if len(rep.Findings) > 0 {
		all = append(all, fact{"Places", len(rep.Findings)})
	}
	if rep.Scanned.Commits > 0 {
		all = append(all, fact{"Commits looked at", rep.Scanned.Commits})
	}
	if len(rep.Muted) > 0 {
		all = append(all, fact{"Accepted", len(rep.Muted)})
	}
	return append(all, fact{"Files looked at", rep.Scanned.Blobs}, fact{"Not looked at", len(rep.Gaps)})
}

// record says what was looked at, in full.
func record(rep *scan.Report) []fact {
	s := rep.Scanned
	all := []fact{{"What", report.Scanned(s)}}
	for _, f := range []fact{{"Why", line(s.Note)}, {"Base", line(s.Base)}, {"Head", line(s.Head)}} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	for _, r := range report.Record(s) {
		what, said, _ := strings.Cut(r, ": ")
		all = append(all, fact{strings.ToUpper(what[:1]) + what[1:], cut(said)})
	}
	complete := "yes"
	if n := len(rep.Gaps); n > 0 {
		complete = "no, " + words.Count(n, "gap")
	}
	return append(all, fact{"Commits", s.Commits}, fact{"Files", s.Blobs}, fact{"Bytes", s.Bytes}, fact{"Complete", complete})
}

// line is a foreign text on one line, or "" where there is none.
func line(s string) string {
	if s == "" {
		return ""
	}
	return cut(report.Clean(s))
}

// cut bounds what is shown of a text.
func cut(s string) string {
	head := words.Cut(s, maxText)
	return head + words.Rest(s, head)
}
