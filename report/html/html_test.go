package html_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/report"
	page "github.com/bbkeys/bbkeys/report/html"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

var made = time.Date(2026, 11, 23, 13, 0, 0, 0, time.FixedZone("", 3600))

func render(t *testing.T, rep *scan.Report) string {
	t.Helper()
	return sample.Write(t, rep, page.Page{Version: "1.2.3", Made: made}.Render)
}

func reports() map[string]*scan.Report {
	odd := sample.Report("x")
	odd.Scanned = scan.Scanned{Mode: "<b>", Base: "\x1b[2J", Head: "</dd>", Note: "<script>"}
	odd.Findings[0].Place.AuthorDate = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Findings[1].Match.ID, odd.Findings[1].Inside, odd.Findings[1].Match.Encoding = "<i>", []string{"<u>"}, []string{"<s>"}
	return map[string]*scan.Report{
		"zero": {}, "nothing": sample.Nothing(), "some": sample.Report(), "hostile": sample.Report(sample.Hostile()...), "odd": odd,
		"gap":      {Gaps: []*scan.Gap{{Why: errors.New("no")}}},
		"accepted": sample.Accepted(sample.Hostile()...),
	}
}

// An element is a start tag of a page and the text that follows until the next tag.
type element struct {
	name string
	attr map[string]string
	text string
}

// elements reads a page. Its markup is simple enough for a reader of XML that knows which
// tags HTML leaves open; the two texts that are no markup are read by hand.
func elements(t *testing.T, text string) []element {
	t.Helper()
	raw := regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`)
	if n := len(raw.FindAllString(text, -1)); n > 2 {
		t.Fatalf("%d styles and scripts", n)
	}
	d := xml.NewDecoder(strings.NewReader(raw.ReplaceAllString(text, "<$1></$1>")))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all []element
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			all = append(all, e)
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if len(all) > 0 {
				all[len(all)-1].text += string(token)
			}
		case xml.Comment:
			t.Errorf("a comment: %s", token)
		}
	}
	if depth != 0 {
		t.Errorf("%d tags are open at the end", depth)
	}
	return all
}

// known are the elements and attributes that the template writes. Whatever a repository
// chooses to call its files, a page has no other.
var known = map[string][]string{
	"html": {"lang"}, "head": {}, "meta": {"charset", "http-equiv", "content", "name"}, "title": {}, "style": {}, "body": {}, "script": {},
	"a": {"class", "href", "rel"}, "header": {"class"}, "main": {"id"}, "footer": {}, "section": {"id", "aria-labelledby"}, "article": {"id", "aria-labelledby"},
	"h1": {}, "h2": {"id"}, "h3": {"id"}, "p": {"class", "id", "role"}, "b": {}, "br": {}, "code": {}, "span": {"class"}, "div": {"class"},
	"dl": {"class"}, "dt": {}, "dd": {}, "ul": {"class", "aria-labelledby"}, "ol": {}, "li": {}, "details": {"open"}, "summary": {}, "figure": {}, "figcaption": {"id"},
	"svg":  {"class", "viewBox", "preserveAspectRatio", "aria-hidden", "aria-label", "role", "width", "height"},
	"rect": {"class", "x", "y", "width", "height", "fill"},
	"form": {"id", "hidden"}, "label": {}, "input": {"id", "type", "autocomplete", "spellcheck"}, "select": {"id"}, "option": {"value"},
	"table": {"id", "role", "aria-labelledby"}, "thead": {"role"}, "tbody": {"role"}, "tr": {"role", "data-level", "data-kind"}, "th": {"role", "scope"}, "td": {"role", "data-sort"},
}

func TestMarkupStaysText(t *testing.T) {
	for name, rep := range reports() {
		docs := map[string]bool{"https://github.com/bbkeys/bbkeys": true}
		for _, e := range rep.Faults() {
			docs[e.Code.Link()] = true
		}
		for _, r := range rule.All() {
			docs[r.Doc.Revoke] = true
			for _, l := range r.Doc.Links {
				docs[l] = true
			}
		}
		ids := map[string]int{}
		var targets []string
		for _, e := range elements(t, render(t, rep)) {
			attrs, ok := known[e.name]
			if !ok {
				t.Errorf("%s: there is an element %s", name, e.name)
			}
			for a, v := range e.attr {
				if !slices.Contains(attrs, a) {
					t.Errorf("%s: %s has the attribute %s", name, e.name, a)
				}
				switch a {
				case "id":
					ids[v]++
				case "aria-labelledby":
					targets = append(targets, v)
				case "href":
					if in, ok := strings.CutPrefix(v, "#"); ok {
						targets = append(targets, in)
					} else if !docs[v] {
						t.Errorf("%s: a link to %q", name, v)
					}
				}
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d elements have the id %s", name, n, id)
			}
		}
		for _, id := range targets {
			if ids[id] != 1 {
				t.Errorf("%s: nothing has the id %s", name, id)
			}
		}
	}
}

// The page may load nothing, and may run and be styled by what is in it alone.
func TestPolicy(t *testing.T) {
	text := render(t, sample.Report())
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil {
		t.Fatal("no policy")
	}
	got := html.UnescapeString(policy[1])
	for _, name := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(text, "<"+name+">")
		content, _, _ := strings.Cut(rest, "</"+name+">")
		sum := sha256.Sum256([]byte(content))
		if want := fmt.Sprintf("%s-src 'sha256-%s';", name, base64.StdEncoding.EncodeToString(sum[:])); content == "" || !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
		if regexp.MustCompile(`url\(|@import|https?:|eval|innerHTML`).MatchString(content) {
			t.Errorf("the %s loads something", name)
		}
	}
	if !strings.HasPrefix(got, "default-src 'none'; ") || strings.Contains(got, "unsafe") || strings.Contains(got, "*") {
		t.Errorf("policy %s", got)
	}
	if strings.Contains(text, " style=") || strings.Contains(text, " src=") || regexp.MustCompile(` on[a-z]+="`).MatchString(text) {
		t.Error("the page has what its policy forbids")
	}
}

// Everything of the report is there to read, and where a browser finds it.
func TestShowsTheReport(t *testing.T) {
	rep := sample.Report(sample.Hostile()...)
	all := elements(t, render(t, rep))
	var text strings.Builder
	var where []string
	rows := 0
	for _, e := range all {
		text.WriteString(e.text + "\n")
		switch e.name {
		case "code":
			where = append(where, e.text)
		case "tr":
			if e.attr["data-level"] != "" {
				rows++
			}
		}
	}
	if rows != len(rep.Findings) {
		t.Errorf("%d rows for %d findings", rows, len(rep.Findings))
	}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		if w := report.Where(f); len(w) < 600 && !slices.Contains(where, w) {
			t.Errorf("no row says %q", w)
		}
		for _, want := range append(report.Next(f), report.Opens(f), f.Rule.Doc.Revoke, f.Match.Secret.String(), f.Fingerprint()[:8], report.Came(f)) {
			if !strings.Contains(text.String(), want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	}
	for _, g := range rep.Gaps {
		if m := report.Missed(g); len(m) < 600 && !strings.Contains(text.String(), m) {
			t.Errorf("the page lacks the gap %q", m)
		}
	}
	for _, want := range []string{report.Headline(rep), report.Scanned(rep.Scanned), "the change of a push", sample.Commit, "no, 5", "2026-11-23 12:00 UTC", "1.2.3", "id 123456789"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Every control has a label, every picture a text, every header a scope.
func TestAccessible(t *testing.T) {
	all := elements(t, render(t, sample.Report("a")))
	heading := 0
	for i, e := range all {
		switch e.name {
		case "html":
			if e.attr["lang"] == "" {
				t.Error("no language")
			}
		case "input", "select":
			if all[i-1].name != "label" || strings.TrimSpace(all[i-1].text) == "" {
				t.Errorf("the control %s has no label", e.attr["id"])
			}
		case "svg":
			if e.attr["aria-hidden"] != "true" && (e.attr["role"] != "img" || e.attr["aria-label"] == "") {
				t.Errorf("a picture without a text: %v", e.attr)
			}
		case "th":
			if e.attr["scope"] != "col" {
				t.Error("a header without a scope")
			}
		case "h1", "h2", "h3":
			level := int(e.name[1] - '0')
			if level > heading+1 {
				t.Errorf("%s comes after a heading of level %d", e.name, heading)
			}
			heading = level
		}
	}
}

func TestStates(t *testing.T) {
	level := func(l rule.Level) *scan.Report {
		return &scan.Report{Findings: []scan.Finding{{Rule: rule.All()[0], Level: l}}}
	}
	for want, rep := range map[string]*scan.Report{
		"ok": sample.Nothing(), "open": reports()["gap"], "error": level(rule.Error), "warning": level(rule.Warning), "note": level(rule.Note),
	} {
		text := render(t, rep)
		if !strings.Contains(text, `<header class="`+want+`">`) || !strings.Contains(text, "<h1>"+report.Headline(rep)+"</h1>") {
			t.Errorf("no %s: %s", want, report.Headline(rep))
		}
		if has := strings.Contains(text, "<table"); has != (len(rep.Findings) > 0) {
			t.Errorf("%s: the table is there: %v", want, has)
		}
	}
}

func TestSize(t *testing.T) {
	if n := len(render(t, sample.Nothing())); n > 60_000 {
		t.Errorf("%d bytes with nothing to show", n)
	}
	if a, b := sample.Report(), sample.Report(); render(t, a) != render(t, b) {
		t.Error("equal reports give different pages")
	}
	if text := sample.Write(t, sample.Report(), page.Page{Version: "x"}.Render); strings.Contains(text, "0001-") {
		t.Error("a page that was never made has a date")
	}
}

// What is over the bounds is counted.
func TestBounded(t *testing.T) {
	rep := sample.Many(7000)
	rep.Findings[6999].Level = rule.Error // the worst is always shown
	rep.Findings[6999].Place.Path = strings.Repeat("x", 100_000)
	var b strings.Builder // not by way of a file, which looks at every byte again
	if err := (page.Page{}).Render(&b, rep); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if n := strings.Count(text, "<tr role=\"row\" data-level"); n != 5000 || !strings.Contains(text, "And 2000 more findings") {
		t.Errorf("%d rows", n)
	}
	if n := strings.Count(text, "<li>gap "); n != 1000 || !strings.Contains(text, "and 6000 more; the") {
		t.Errorf("%d gaps", n)
	}
	if !strings.Contains(text, strings.Repeat("x", 600)+"…(") || strings.Contains(text, strings.Repeat("x", 601)) {
		t.Error("a long path is not cut")
	}
}

func TestSaysWhatFails(t *testing.T) {
	if err := (page.Page{}).Render(sample.Full{}, sample.Nothing()); !errors.Is(err, sample.ErrFull) {
		t.Errorf("got %v", err)
	}
}

// Every text can be told from what it stands on, in the light, in the dark and on paper:
// a contrast of at least 4.5 (WCAG 2.2, 1.4.3, level AA).
func TestContrast(t *testing.T) {
	_, rest, _ := strings.Cut(render(t, sample.Nothing()), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sets := regexp.MustCompile(`:root\{[^}]*\}`).FindAllString(style, -1)
	if len(sets) != 3 {
		t.Fatalf("%d sets of colours", len(sets))
	}
	for i, set := range sets {
		light := map[string]float64{}
		for _, c := range regexp.MustCompile(`--(\w+):#([0-9a-f]{3,6})`).FindAllStringSubmatch(set, -1) {
			light[c[1]] = luminance(t, c[2])
		}
		for _, text := range []string{"text", "muted", "link", "error", "warning", "note"} {
			for _, ground := range []string{"bg", "card"} {
				a, b := max(light[text], light[ground]), min(light[text], light[ground])
				if contrast := (a + 0.05) / (b + 0.05); contrast < 4.5 {
					t.Errorf("set %d: %s on %s has a contrast of %.1f", i, text, ground, contrast)
				}
			}
		}
	}
}

// luminance is the relative luminance of a colour, as WCAG 2.2 defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
