package main

import (
	"archive/zip"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/pack"
	"github.com/bbkeys/bbkeys/internal/section"
	"github.com/bbkeys/bbkeys/rule"
)

// mark is in every text that is to be harmless, and nowhere else.
const mark = "PWNED"

// payloads are texts that mean something to one of those that read a report.
func payloads() []string {
	return []string{
		"\n::error title=PWNED::x", "\r::warning::PWNED", "::add-mask::PWNED", "\n::set-output name=PWNED::1", "%0A::error::PWNED", "::stop-commands::PWNED", "\n##[error]PWNED", "##vso[task.setvariable variable=PWNED]1",
		"\n##vso[task.complete result=Succeeded;]PWNED", "##teamcity[buildProblem description='PWNED']", "x'|n##teamcity[buildStop comment='PWNED']", "\n--- PWNED", "\n+++ PWNED", "\n^^^ +++ PWNED", "\x1b[31mPWNED", "\x1b]8;;http://evil.example/PWNED\x07",
		"\x1b[2J\x1b[HPWNED", "\u202ePWNED", "\u2028PWNED", "a\tPWNED", "\x7fPWNED", "\xff\xfePWNED", "`PWNED`", "``` \nPWNED", "|PWNED|", "![PWNED](http://evil.example/x.png)", "[PWNED](http://evil.example)", "[PWNED]: http://evil.example", "@PWNED", "#1 PWNED", "**PWNED**", "<!-- PWNED",
		"--> PWNED", "<script>PWNED</script>", "</script><script>PWNED", "<img src=x onerror=PWNED>", "\"><svg onload=PWNED>", "' onmouseover='PWNED", "</td></tr></table>PWNED", "</code></details>PWNED", "</title>PWNED", "</style>PWNED", "javascript:PWNED", "data:text/html,PWNED", "]]><PWNED/>",
		"<![CDATA[PWNED", "<?PWNED?>", "<!DOCTYPE PWNED>", "&PWNED;", "&lt;PWNED", "=cmd|' PWNED'!A1", "+PWNED", "-PWNED", "@SUM(PWNED)", "PWNED\",\"x\":\"", "\\\",PWNED", "\\u0022PWNED", "PWNED<<EOF\nx", "EOF\nPWNED=1", "${{ PWNED }}", "{{PWNED}}", "$(PWNED)", "%s%n PWNED",
	}
}

// hostile is a repository in which every payload is a name of a file that holds a key, of
// an archive's entry that does, an author, a message, and a reason.
func hostile(t *testing.T) *plant {
	t.Helper()
	p := newPlant(t)
	var settings strings.Builder
	settings.WriteString("mute:\n")
	for i, text := range payloads() {
		p.write(fmt.Sprintf("name%d/%s", i, text), "T="+p.word()+"\n")
		p.write(fmt.Sprintf("pack/%d.zip", i), string(pack.Zip(t, zip.Deflate, pack.File{Name: text, Data: []byte("T=" + p.word() + "\n")})))
		line := strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
		p.write(fmt.Sprintf("mark/%d.sh", i), "T="+p.word()+" # bbkeys:ignore "+line+"\n")
		quoted, err := json.Marshal(unseen.ReplaceAllString(strings.ToValidUTF8(strings.ReplaceAll(line, "\t", " "), "?"), "")) // settings take no control characters
		if err != nil {
			t.Fatal(err)
		}
		p.write(fmt.Sprintf("entry/%d.env", i), "T="+p.word()+"\n")
		fmt.Fprintf(&settings, "  - path: entry/%d.env\n    rule: %s\n    reason: %s\n    owner: %s\n", i, rule.All()[i%2].ID, quoted, quoted)
	}
	p.write(".bbkeys.yml", settings.String())
	p.branch = "topic/`PWNED`<img>&x'y"
	p.git(nil, "checkout", "-q", "-b", p.branch)
	p.git(nil, "config", "i18n.commitEncoding", "utf-8")
	for i, text := range payloads() {
		if line := strings.Trim(strings.NewReplacer("\n", " ", "\r", " ", "<", "(", ">", ")").Replace(text), ".,:;\"' \\`"); line != "" && i%5 == 0 {
			p.head = p.commit(text+"\n\n"+rule.All()[0].Plant(p.mint(rule.All()[0])), []string{"GIT_AUTHOR_NAME=" + line})
		}
	}
	return p
}

// Nothing that a repository can choose is taken for anything but text by those that read
// what the program says.
func TestInjection(t *testing.T) {
	p := hostile(t)
	type tally struct{ texts, payloads int }
	tried := map[string]*tally{}
	for i, h := range hosts() {
		if racing && i%4 != 0 {
			continue
		}
		for _, args := range [][]string{{"--mode=checkout", p.dir}, {"--mode=range", "--base=" + p.base, "--head=" + p.head, p.dir}} {
			o := p.run(h.name, append(h.env(p), "NO_COLOR=1"), false, append(args, "--insights=false", "--config="+filepath.Join(p.dir, ".bbkeys.yml"))...)
			p.wantAll(o)
			for name, text := range o.texts {
				label, wrong := judged(name, text, h)
				if tried[label] == nil {
					tried[label] = new(tally)
				}
				tried[label].texts++
				tried[label].payloads += strings.Count(text, mark)
				for _, w := range wrong {
					t.Errorf("%s, %s: %s", h.name, name, w)
				}
			}
		}
	}
	rows := "| where | taken for more than text |\n| --- | --- |\n"
	total := 0
	for _, label := range slices.Sorted(func(yield func(string) bool) {
		for l := range tried {
			if !yield(l) {
				return
			}
		}
	}) {
		if tried[label].payloads == 0 && label != "outputs of GitHub" {
			t.Errorf("%s: no payload came there", label)
		}
		total += tried[label].payloads
		rows += fmt.Sprintf("| %s | 0 |\n", label)
		t.Logf("%s: %d texts with %d payloads", label, tried[label].texts, tried[label].payloads)
	}
	t.Logf("%d payloads in %d places: %d times harmless", len(payloads()), 4, total)
	if !t.Failed() && !racing {
		section.Check(t, "docs/DETECTION.md", "injection", rows, *update)
	}
}

// judged returns what a text is called in the table, and all that is wrong with it.
func judged(name, text string, h host) (label string, wrong []string) {
	switch name {
	case "standard output", "standard error":
		return "log of " + strings.Split(h.name, ",")[0], wrongLog(text, h)
	case "junit":
		return "JUnit report", wrongXML(text)
	case "html":
		return "HTML report", wrongMarkup(text, []string{"<img", "<svg onload", "<PWNED"}, 1)
	case "summary":
		return "step summary of GitHub", append(wrongMarkup(text, []string{"<img", "<svg", "<PWNED", "<!--", "](http://evil"}, 0), wrongLines(text)...)
	case "output":
		if strings.Contains(text, mark) {
			wrong = append(wrong, "a payload is in an output")
		}
		return "outputs of GitHub", wrong
	}
	return "JSON reports (SARIF, GitLab, ours)", wrongJSON(text)
}

var (
	ofGitHub   = regexp.MustCompile(`^::(error|warning|notice)( (file|line|col|endLine|endColumn|title)=[^,:\r\n]*(,(file|line|col|endLine|endColumn|title)=[^,:\r\n]*)*)?::`)
	ofTeamCity = regexp.MustCompile(`^##teamcity\[[a-zA-Z]+( [a-zA-Z]+='([^'|\r\n\[\]]|\|['|nr\[\]]|\|0x[0-9a-fA-F]{4})*')*\]$`)
	unseen     = regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
)

// wrongLog says what of a log a CI or a terminal would take for a command.
func wrongLog(text string, h host) (wrong []string) {
	stopped := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		bare := strings.TrimLeft(line, " \t")
		if unseen.MatchString(line) {
			wrong = append(wrong, fmt.Sprintf("moves the cursor: %q", line))
		}
		github := strings.HasPrefix(h.name, "GitHub")
		switch token, ok := strings.CutPrefix(line, "::stop-commands::"); {
		case github && ok && stopped == "" && !strings.Contains(token, mark):
			stopped = token
			continue
		case stopped != "" && line == "::"+stopped+"::":
			stopped = ""
			continue
		}
		if strings.HasPrefix(bare, "::") && stopped == "" && (!github || !ofGitHub.MatchString(line) || strings.Contains(line[:strings.LastIndex(line, "::")], "title="+mark)) {
			wrong = append(wrong, fmt.Sprintf("is a command: %.200q", line))
		}
		if strings.Contains(line, "##") && stopped == "" && (h.name != "TeamCity" || !ofTeamCity.MatchString(line)) {
			wrong = append(wrong, fmt.Sprintf("is a command: %.200q", line))
		}
		if h.name == "Buildkite" && (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "+++") || strings.HasPrefix(line, "^^^") || strings.HasPrefix(line, "~~~")) {
			wrong = append(wrong, fmt.Sprintf("folds the log: %.200q", line))
		}
	}
	return wrong
}

// wrongLines says what of a text begins a line with a payload.
func wrongLines(text string) (wrong []string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimLeft(line, " >#*-+=|`@"), mark) {
			wrong = append(wrong, fmt.Sprintf("a payload begins a line: %.200q", line))
		}
	}
	return wrong
}

// wrongXML says what of a report is no XML, or more than it has without payloads.
func wrongXML(text string) []string {
	known := []string{"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out", "system-err"}
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return []string{err.Error()}
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains(known, token.Name.Local) {
				return []string{"there is an element " + token.Name.Local}
			}
		case xml.Directive, xml.Comment:
			return []string{fmt.Sprintf("there is more than elements: %T", token)}
		}
	}
}

// wrongMarkup says what markup is in a page that must not be, and whether there are more
// scripts than the page's own.
func wrongMarkup(text string, markup []string, scripts int) (wrong []string) {
	for _, m := range markup {
		if strings.Contains(text, m) {
			wrong = append(wrong, "there is a "+m)
		}
	}
	if n := strings.Count(text, "<script"); n > scripts {
		wrong = append(wrong, fmt.Sprintf("there are %d scripts", n))
	}
	return wrong
}

// wrongJSON says whether a report is no JSON, and which of its addresses leads elsewhere.
func wrongJSON(text string) (wrong []string) {
	var all any
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return []string{err.Error()}
	}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, in := range v {
				if strings.Contains(k, mark) {
					wrong = append(wrong, "a payload is a name: "+k)
				}
				walk(k, in)
			}
		case []any:
			for _, in := range v {
				walk(key, in)
			}
		case string:
			if u, err := url.Parse(v); key == "uri" && strings.Contains(v, mark) && (err != nil || u.Scheme != "" || u.Host != "") {
				wrong = append(wrong, fmt.Sprintf("an address leads elsewhere: %.200q", v))
			}
		}
	}
	walk("", all)
	return wrong
}
