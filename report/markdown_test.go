package report_test

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

const mebibyte = 1 << 20

func TestMarkdown(t *testing.T) {
	rep := &scan.Report{
		Scanned: scan.Scanned{Mode: "checkout", Blobs: 12, Bytes: 5000, Note: "a schedule."},
		Findings: []scan.Finding{
			finding(oldKey, "old", rule.Checksum, "a|b.txt", 1, 1),
			finding(doorKey, strings.Repeat("k", 40), rule.Checksum, "ci/deploy.sh", 3, 9),
		},
		Gaps: []*scan.Gap{{Place: scan.Place{Path: "f", Commit: commit}, Why: fault.New(fault.MissingObject, "no such object")}},
	}
	rep.Findings[1].Place.Commit = commit
	rep.Findings[1].Inside = []string{"x.zip"}
	rep.Findings[1].Match.ID = "123456"
	want := `### bbkeys found 1 error, 1 warning

<p>Looked at the checkout &#40;12 files, 5.0 kB&#41;; a schedule.</p>

**Incomplete:** 1 thing was not looked at.

<ul>
<li><code>f</code> in <code>0123456789</code> <code>no such object</code> BBK105</li>
</ul>

<p>Why, and what to do:<br>
<a href="https://github.com/bbkeys/bbkeys/blob/main/docs/errors.md#bbk105">BBK105</a> The repository lacks something that it names</p>

<table>
<tr><th>Level</th><th>Key</th><th>Where</th><th>Came with</th></tr>
<tr><td>error</td><td>Door key<br><code>kkkk…&#40;40&#41;</code> <sub>` + rep.Findings[1].Fingerprint()[:8] + ` id 123456</sub></td><td><code>ci/deploy.sh&#58;3</code> inside <code>x.zip</code></td><td><code>0123456789</code></td></tr>
<tr><td>warning</td><td>Old key<br><code>…&#40;3&#41;</code> <sub>` + rep.Findings[0].Fingerprint()[:8] + `</sub></td><td><code>a&#124;b.txt&#58;1</code></td><td></td></tr>
</table>

<details><summary><b>Door key</b> (error), revoked at <a href="https://door.example/keys">https://door.example/keys</a>: what to do</summary>
<p>The door.</p>
<ol>
<li>Change the lock.</li>
<li>Make a new key.</li>
</ol>
</details>

<details><summary><b>Old key</b> (warning): what to do</summary>
<p>Nothing any more.</p>
<ol>
<li>Throw it away.</li>
</ol>
</details>

`
	if got := report.Markdown(rep, mebibyte); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestMarkdownOfNothing(t *testing.T) {
	for _, tt := range []struct {
		rep  *scan.Report
		want string
	}{
		{nothing(t), "### bbkeys found no keys\n\n<p>Looked at the checkout &#40;1 file, 12 bytes&#41;.</p>\n\n"},
		{&scan.Report{Scanned: scan.Scanned{Mode: "none", Note: "the branch was deleted"}}, "### bbkeys had nothing to scan\n\n<p>Looked at nothing; the branch was deleted.</p>\n\n"},
	} {
		if got := report.Markdown(tt.rep, mebibyte); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	gap := &scan.Report{Scanned: scan.Scanned{Mode: "checkout"}, Gaps: []*scan.Gap{{Why: errors.New("x")}}}
	if got := report.Markdown(gap, mebibyte); strings.Contains(got, "found no keys\n") || !strings.Contains(got, "Incomplete") {
		t.Errorf("an incomplete scan looks like a clean one: %s", got)
	}
}

var (
	ownTags   = regexp.MustCompile(`</?(table|tr|th|td|code|sub|br|b|p|ol|ul|li|a|details|summary)( href="https://[a-z0-9./#-]+")?>`)
	ownMarks  = regexp.MustCompile(`(?m)^### |\*\*Incomplete:\*\*|\((error|warning|note)\)(, revoked at )?: what to do|Why, and what to do:`)
	entities  = regexp.MustCompile(`&#\d+;`)
	revokedAt = regexp.MustCompile(`>https://[a-z0-9./-]+</a>`)
	special   = "<>&|`[]()*_@!#\\\"'{}~$=:"
)

func TestMarkdownIsSafe(t *testing.T) {
	rep := sample(t, hostile...)
	rep.Scanned.Note, rep.Scanned.Base = "from [x](http://evil.example)", "</p><img src=x>"
	rep.Findings[0].Inside = []string{"</code>|"}
	out := report.Markdown(rep, mebibyte)
	for i := range rep.Findings {
		if rep.Findings[i].Match.Secret.In(out) || rep.Findings[i].Match.Secret.In(html.UnescapeString(out)) {
			t.Errorf("finding %d is told", i)
		}
	}
	// What is left without our own marks and without entities has no special character.
	rest := revokedAt.ReplaceAllString(out, "></a>")
	for _, re := range []*regexp.Regexp{ownTags, ownMarks, entities} {
		rest = re.ReplaceAllString(rest, "")
	}
	for _, line := range strings.Split(rest, "\n") {
		if strings.ContainsAny(line, special) {
			t.Errorf("a special character is left in %q", line)
		}
	}
	// Whatever a path is, it is one cell, and it reads as Clean says it.
	shown := html.UnescapeString(out)
	for _, path := range hostile {
		if len(path) < 300 && !strings.Contains(shown, "<td><code>"+report.Clean(path+":1")+"</code>") {
			t.Errorf("%q is not shown", path)
		}
	}
	if n := strings.Count(out, "<tr>"); n != len(rep.Findings)+1 {
		t.Errorf("%d rows for %d findings", n-1, len(rep.Findings))
	}
}

// Whatever the limit, the page is within it, whole in its HTML, and counts what it leaves out.
func TestMarkdownFits(t *testing.T) {
	rep := sample(t, hostile...)
	for i := range 500 {
		rep.Findings = append(rep.Findings, finding(doorKey, fmt.Sprint("k", i), rule.Layout, fmt.Sprint("many/", i), 1, 1))
		rep.Gaps = append(rep.Gaps, &scan.Gap{Place: scan.Place{Path: "g"}, Why: fmt.Errorf("gap %d", i)})
	}
	whole := report.Markdown(rep, 100*mebibyte)
	for limit := 0; limit < len(whole)+1000; limit += 1 + limit/50 {
		out := report.Markdown(rep, limit)
		if len(out) > limit {
			t.Fatalf("%d bytes where %d are allowed", len(out), limit)
		}
		if !utf8.ValidString(out) {
			t.Fatalf("limit %d: cut within a character", limit)
		}
		for _, tag := range []string{"table", "tr", "td", "ul", "ol", "li", "details", "code"} {
			if a, b := strings.Count(out, "<"+tag), strings.Count(out, "</"+tag+">"); a != b && tag != "table" {
				t.Fatalf("limit %d: %d <%s> and %d ends", limit, a, tag, b)
			}
		}
		if limit > 4000 {
			var left int
			if _, rest, ok := strings.Cut(out, "\nAnd "); ok {
				fmt.Sscan(rest, &left)
			}
			if shown := strings.Count(out, "<tr><td>"); shown+left != len(rep.Findings) {
				t.Fatalf("limit %d: %d shown and %d counted of %d", limit, shown, left, len(rep.Findings))
			}
		}
	}
}
