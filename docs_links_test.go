package main

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/setup"
)

// What a document says that can be held to something: a link within the repository, a flag,
// a variable of ours, a code.
var (
	fences  = regexp.MustCompile("(?s)```.*?```")
	spans   = regexp.MustCompile("`[^`\n]*`")
	links   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	flags   = regexp.MustCompile(`\bbbkeys(?: [^\n|&>]*?)? (--[a-z][a-z-]*)`)
	ours    = regexp.MustCompile(`\bBBKEYS_[A-Z][A-Z_]*`)
	code3   = regexp.MustCompile(`\bBBK\d{3}\b`)
	calls   = regexp.MustCompile("`bbkeys ([a-z]+)[ `]")
)

// documents returns the text of every document for people, by its path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, p := range append(paths, more...) {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		texts[p] = string(text)
	}
	if len(texts) < 10 {
		t.Fatalf("there are only %d documents", len(texts))
	}
	return texts
}

// anchors returns what a link into a document can name: its headings as GitHub spells them.
func anchors(text string) []string {
	var all []string
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for _, h := range heading.FindAllStringSubmatch(fences.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-"))
	}
	return all
}

// TestDocsLinks follows every link from a document to a file of the repository, and to a
// heading in it.
func TestDocsLinks(t *testing.T) {
	texts := documents(t)
	followed := 0
	for from, text := range texts {
		for _, m := range links.FindAllStringSubmatch(spans.ReplaceAllString(fences.ReplaceAllString(text, ""), ""), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			followed++
			file, anchor, _ := strings.Cut(m[1], "#")
			to := from
			if file != "" {
				to = path.Join(path.Dir(from), file)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s leads to %s, which is not there", from, m[1])
			}
			if anchor != "" && !slices.Contains(anchors(texts[to]), anchor) {
				t.Errorf("%s leads to %s, and no heading of it is called that", from, m[1])
			}
		}
	}
	if followed < 100 {
		t.Errorf("only %d links were followed", followed)
	}
}

// TestDocsNames holds what documents and the remedies of faults call flags, variables,
// commands and codes to those that there are.
func TestDocsNames(t *testing.T) {
	var flagNames, variables []string
	for _, in := range config.Inputs() {
		flagNames = append(flagNames, "--"+in.Flag)
		variables = append(variables, "BBKEYS_"+strings.ToUpper(strings.ReplaceAll(in.Name, "-", "_")))
	}
	flagNames = append(flagNames, "--help", "--version")
	for from, text := range documents(t) {
		for what, m := range map[string]struct {
			found [][]string
			known []string
		}{
			"flag":     {flags.FindAllStringSubmatch(text, -1), flagNames},
			"variable": {ours.FindAllStringSubmatch(text, -1), append(variables, "BBKEYS_CI_RUN")},
			"command":  {calls.FindAllStringSubmatch(text, -1), config.Commands()},
		} {
			for _, name := range m.found {
				if last := name[len(name)-1]; !slices.Contains(m.known, last) {
					t.Errorf("%s names the %s %s, and there is none", from, what, last)
				}
			}
		}
		for _, c := range code3.FindAllString(text, -1) {
			if _, ok := fault.Parse(c); !ok {
				t.Errorf("%s names the code %s, and there is none", from, c)
			}
		}
	}
}

// TestDocsReadmeInputs holds the README's table of flags to the table of inputs: it has each,
// as CIs and the command line spell it, but those that only few runs need.
func TestDocsReadmeInputs(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	few := []string{"unreachable", "archive-depth", "archive-size", "archive-entries", "archive-ratio", "insights-commit", "token", "for", "write"}
	for _, in := range config.Inputs() {
		if slices.Contains(few, in.Name) {
			continue
		}
		row := regexp.MustCompile("(?m)^\\| (?:`--[^|]*, )?`--" + in.Flag + "\\b.*$").Find(text)
		if row == nil || !in.Only && !bytes.Contains(row, []byte("`"+in.Name+"`")) {
			t.Errorf("README.md has no row for --%s and the input %s: %s", in.Flag, in.Name, row)
		}
	}
}

// TestDocsCIs: each CI that is known has its events in docs/ranges.md, an example that
// bbkeys init knows, and the name under which faults are mended in it.
func TestDocsCIs(t *testing.T) {
	text, err := os.ReadFile("docs/ranges.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range providers() {
		name := host.Name()
		if name == "local" {
			continue
		}
		title := fault.Fix{CI: name}.Where()
		if title == name || !regexp.MustCompile("(?m)^## "+title).Match(text) {
			t.Errorf("%s: docs/ranges.md has no section %q", name, title)
		}
		if !slices.ContainsFunc(setup.Kinds(), func(k setup.Kind) bool { return k.Name == name }) {
			t.Errorf("%s: bbkeys init has no example for it", name)
		}
	}
}

// TestDocsRevoke: the documentation of every kind says where to end it, where to keep what
// takes its place, and whose word that is.
func TestDocsRevoke(t *testing.T) {
	kept := regexp.MustCompile(`(?i)secrets manager|secured variable|the environment`)
	fleeting := []string{"bitbucket-oauth-access-token", "bitbucket-feed-token", "atlassian-session-token", "bitbucket-data-center-session", "bitbucket-oidc-token"} // made anew by themselves
	for _, r := range rule.All() {
		if !strings.HasPrefix(r.Doc.Revoke, "https://") || len(r.Doc.Steps) < 2 || len(r.Doc.Links) == 0 {
			t.Errorf("%s: the documentation does not say where to revoke it, what to do, or by whose word", r.ID)
		}
		if !slices.Contains(fleeting, r.ID) && !kept.MatchString(strings.Join(r.Doc.Steps, " ")) {
			t.Errorf("%s: the documentation does not say where to keep it instead", r.ID)
		}
	}
}

// TestOwnRepository: this repository is one that bbkeys is used in. What is made up for tests
// is accepted in .bbkeys.yml, and nothing else is found.
func TestOwnRepository(t *testing.T) {
	var out, log bytes.Buffer
	p := proc.Process{Args: []string{"--mode", "checkout", "."}, Stdout: proc.Stream{Writer: &out}, Stderr: proc.Stream{Writer: &log}}
	if err := run(t.Context(), p); err != nil {
		t.Errorf("%v\n%s%s", err, out.String(), log.String())
	}
	if !strings.Contains(out.String(), "no keys") {
		t.Errorf("it says: %s", out.String())
	}
}
