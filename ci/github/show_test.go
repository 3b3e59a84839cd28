package github_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A repo is files at hand, and what of them can't be read.
type repo struct {
	files  []scan.Blob
	missed []*scan.Gap
	said   scan.Scanned
}

func (r *repo) Each(_ context.Context, _ int, look func(scan.Blob) bool, miss func(*scan.Gap)) {
	for _, b := range r.files {
		look(b)
	}
	for _, g := range r.missed {
		miss(g)
	}
}

func (r *repo) Scanned() scan.Scanned { return r.said }

func (r *repo) put(path, commit, text string) {
	r.files = append(r.files, scan.Blob{Places: []scan.Place{{Path: path, Commit: commit}}, Data: []byte(text)})
}

func (r *repo) report(t *testing.T) *scan.Report {
	t.Helper()
	return scan.Run(t.Context(), r, scan.Options{Rules: rule.All(), Jobs: 1})
}

// minter makes new keys of a kind of a level, and broken ones for notes.
func minter(t *testing.T) func(rule.Level) string {
	t.Helper()
	rnd := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	return func(l rule.Level) string {
		for _, r := range rule.All() {
			if l == rule.Warning != (r.Level == rule.Warning) {
				continue // the note is a broken error
			}
			key := r.Mint(rnd)
			if l == rule.Note {
				last := "A"
				if strings.HasSuffix(key, last) {
					last = "B"
				}
				key = key[:len(key)-1] + last
			}
			return key
		}
		t.Fatalf("no kind has level %v", l)
		return ""
	}
}

// publish runs every publisher and returns standard output.
func publish(t *testing.T, rep *scan.Report, d ci.Delivery, env ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p := proc.Process{Env: env, Stdout: proc.Stream{Writer: &out}}
	host := github.Provider{}
	j, err := host.Job(p)
	if err != nil {
		t.Fatal(err)
	}
	var failed []error
	for _, pub := range host.Publishers(p, j, d) {
		failed = append(failed, pub.Publish(t.Context(), rep))
	}
	return out.String(), errors.Join(failed...)
}

// A said is one command as the runner reads it.
type said struct {
	name, message string
	props         map[string]string
}

// hear reads lines as the runner does (actions/runner, ActionCommand.cs, 2026-11): white
// space before "::" is skipped, properties end at the next "::".
func hear(t *testing.T, out string) []said {
	t.Helper()
	var all []said
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(out, "\r", "\n"), "\n"), "\n") {
		if line == "" && out == "" {
			continue
		}
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "::")
		head, message, ok2 := strings.Cut(rest, "::")
		if !ok || !ok2 {
			t.Errorf("no command: %q", line)
			continue
		}
		name, props, _ := strings.Cut(head, " ")
		c := said{name, unescape(message), map[string]string{}}
		for kv := range strings.SplitSeq(props, ",") {
			k, v, _ := strings.Cut(kv, "=")
			c.props[k] = unescape(v)
		}
		all = append(all, c)
	}
	return all
}

func unescape(s string) string {
	return strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(s)
}

func TestAnnotations(t *testing.T) {
	mint := minter(t)
	r := &repo{}
	key := mint(rule.Error)
	r.put("b.env", "", "# é\nTOKEN = "+key+"\n")
	r.put("a.env", newer, "x\n\nKEY="+mint(rule.Warning)+"\n")
	r.put("bin", "", "\x00\x00"+mint(rule.Error))
	r.put(".git/COMMIT_EDITMSG", newer, "Add "+mint(rule.Error)+"\n")
	r.put(".git/config", "", "url = https://x:"+mint(rule.Error)+"@bitbucket.org/x\n")
	r.put("note", "", mint(rule.Note)+"\n")
	rep := r.report(t)
	out, err := publish(t, rep, ci.Delivery{Policy: report.Policy{FailOn: rule.Warning}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]said{}
	level := 0
	for _, c := range hear(t, out) {
		got[c.props["file"]+" "+c.name] = c
		if l := strings.Index("error  warningnotice", c.name); l < level {
			t.Errorf("%s comes after a lesser one", c.name)
		} else {
			level = l
		}
	}
	want := got["b.env error"].props
	if want["line"] != "2" || want["endLine"] != "2" || want["col"] != "9" || want["endColumn"] != strconv.Itoa(8+len(key)) {
		t.Errorf("b.env is at %v", want)
	}
	if c := got["a.env warning"]; c.props["line"] != "3" || !strings.Contains(c.message, "in commit "+newer) {
		t.Errorf("a.env: %+v", c)
	}
	if c := got["bin error"]; c.name == "" || c.props["line"] != "" || c.props["col"] != "" {
		t.Errorf("a binary: %+v", c)
	}
	if c := got["note notice"]; c.props["line"] != "1" || strings.Contains(c.message, "Revoke") {
		t.Errorf("a look-alike: %+v", c)
	}
	for _, text := range []string{"in the message of commit " + newer, "in .git/config"} {
		if !strings.Contains(out, text) {
			t.Errorf("nothing is said to be %s", text)
		}
	}
	if strings.Contains(out, "file=.git") {
		t.Error("an annotation is at a file that the repository does not have")
	}
	quiet(t, rep, out)
}

// quiet fails if a text holds a credential of a report.
func quiet(t *testing.T, rep *scan.Report, text string) {
	t.Helper()
	plain := unescape(text)
	for _, f := range rep.Findings[:min(len(rep.Findings), 50)] {
		if f.Match.Secret.In(text) || f.Match.Secret.In(plain) {
			t.Errorf("%s is told in full", f.Match.Secret)
		}
	}
}

// TestHostilePaths: what a repository calls its files is neither a command of its own nor
// lost on the way to GitHub.
func TestHostilePaths(t *testing.T) {
	mint := minter(t)
	for _, path := range []string{
		"a\nb", "a\r\n::error::x", "::add-mask::x", "%0A::error::x", "%25", "a,line=9", "a:b::c", "a,b,c=d", " lead", "x##[error]y", "\x1b[2J", "bad\xffutf8",
		"日本/ü", "..", "/etc/passwd", strings.Repeat("d/", 2000) + "x", "a\u2028b", "a::", "::",
	} {
		r := &repo{missed: []*scan.Gap{{Place: scan.Place{Path: path}, Why: fmt.Errorf("opening %s: ::error::no", path)}}}
		r.put(path, "", mint(rule.Error))
		rep := r.report(t)
		out, err := publish(t, rep, ci.Delivery{})
		if err != nil {
			t.Fatal(err)
		}
		all := hear(t, out)
		if len(all) != 2 || all[0].props["title"] != "bbkeys: incomplete" || all[1].name != "error" {
			t.Fatalf("%q: %+v", path, all)
		}
		if got, want := all[1].props["file"], strings.ToValidUTF8(path, "\uFFFD"); got != want || all[1].props["line"] != "1" {
			t.Errorf("%q is called %q, %v", path, got, all[1].props)
		}
	}
	key := mint(rule.Error)
	r := &repo{}
	r.put("keys/"+key+".txt", "", key)
	rep := r.report(t)
	out, err := publish(t, rep, ci.Delivery{})
	if err != nil {
		t.Fatal(err)
	}
	quiet(t, rep, out)
}

func TestAnnotationLimits(t *testing.T) {
	mint := minter(t)
	for _, n := range []int{9, 10, 11, 25} {
		r := &repo{missed: []*scan.Gap{{Why: errors.New("no")}, {Why: errors.New("not either")}}}
		for i := range n {
			for _, l := range []rule.Level{rule.Error, rule.Warning, rule.Note} {
				key := mint(l)
				r.put(fmt.Sprintf("%v/%d", l, i), newer, key)
				r.put(fmt.Sprintf("%v/%d", l, i), older, key) // the same line in another commit
			}
		}
		out, err := publish(t, r.report(t), ci.Delivery{})
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		all := hear(t, out)
		for _, c := range all {
			count[c.name]++
		}
		for name, got := range count {
			if got > 10 {
				t.Errorf("%d findings of each level: %d of %s", n, got, name)
			}
		}
		hidden := max(0, n-9) + max(0, n-10) + max(0, n-9)
		last := all[len(all)-1].message
		if told := strings.Contains(last, fmt.Sprintf("have %d more", hidden)); told != (hidden > 0) {
			t.Errorf("%d findings of each level, %d hidden: the last says %q", n, hidden, last)
		}
		if !strings.Contains(all[0].message, "and 1 more") {
			t.Errorf("the gaps are told as %q", all[0].message)
		}
	}
}

func TestNothingToAnnotate(t *testing.T) {
	out, err := publish(t, new(scan.Report), ci.Delivery{})
	if out != "" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
	rep := &scan.Report{Gaps: []*scan.Gap{{Why: errors.New("no")}}}
	for allowed, want := range map[bool]string{false: "error", true: "warning"} {
		out, _ := publish(t, rep, ci.Delivery{Policy: report.Policy{AllowGaps: allowed}})
		if all := hear(t, out); len(all) != 1 || all[0].name != want {
			t.Errorf("gaps allowed %v: %+v", allowed, all)
		}
	}
}

func TestOutputs(t *testing.T) {
	mint := minter(t)
	r := &repo{said: scan.Scanned{Mode: "range", Base: older, Head: newer}, missed: []*scan.Gap{{Why: errors.New("no")}}}
	r.put("a", "", mint(rule.Warning))
	r.put("b", "", mint(rule.Error))
	r.put("c", "", mint(rule.Note))
	rep := r.report(t)
	notes := &repo{said: scan.Scanned{Mode: "checkout"}}
	notes.put("c", "", mint(rule.Note))
	dir := t.TempDir()
	for i, c := range []struct {
		rep  *scan.Report
		d    ci.Delivery
		want string
	}{
		{rep, ci.Delivery{SARIF: "bbkeys.sarif", Policy: report.Policy{FailOn: rule.Warning}}, "found=true\ncount=3\nerror-count=1\nsarif-file=bbkeys.sarif\ncomplete=false\nscanned=range " + older + ".." + newer + "\n"},
		{rep, ci.Delivery{SARIF: "/github/workspace/out/a b.sarif"}, "found=true\ncount=3\nerror-count=1\nsarif-file=out/a b.sarif\ncomplete=false\nscanned=range " + older + ".." + newer + "\n"},
		{notes.report(t), ci.Delivery{SARIF: "-"}, "found=false\ncount=1\nerror-count=0\nsarif-file=\ncomplete=true\nscanned=checkout\n"},
		{notes.report(t), ci.Delivery{Policy: report.Policy{FailOn: rule.Note}}, "found=true\ncount=1\nerror-count=0\nsarif-file=\ncomplete=true\nscanned=checkout\n"},
		{new(scan.Report), ci.Delivery{SARIF: "/tmp/x", Policy: report.Policy{FailOn: rule.Error}}, "found=false\ncount=0\nerror-count=0\nsarif-file=/tmp/x\ncomplete=true\nscanned=\n"},
	} {
		path := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(path, []byte("mine=1\n"), 0o640); err != nil {
			t.Fatal(err)
		}
		if _, err := publish(t, c.rep, c.d, "GITHUB_OUTPUT="+path, "GITHUB_WORKSPACE=/github/workspace"); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != "mine=1\n"+c.want {
			t.Errorf("%d: got\n%swant\n%s", i, got, c.want)
		}
		quiet(t, c.rep, string(got))
	}
}

func TestSummary(t *testing.T) {
	mint := minter(t)
	r := &repo{}
	for i := range 3000 {
		r.put(fmt.Sprintf("%s%d", strings.Repeat("long/", 60), i), newer, mint(rule.Error))
	}
	rep := r.report(t)
	for _, before := range []int{0, 1000, 1<<20 - 3000} {
		path := filepath.Join(t.TempDir(), "summary")
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), before), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := publish(t, rep, ci.Delivery{}, "GITHUB_STEP_SUMMARY="+path); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) <= before || len(got) > 1<<20 || strings.Trim(string(got[:before]), "x") != "" {
			t.Errorf("%d bytes of summary after %d", len(got), before)
		}
		quiet(t, rep, string(got))
	}
}

// TestUnwritable: what can't be delivered is an error that names the place, and the rest
// is delivered all the same.
func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	if err := os.WriteFile(full, bytes.Repeat([]byte("x"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{"GITHUB_OUTPUT=" + dir, "GITHUB_OUTPUT=" + dir + "/no/file", "GITHUB_STEP_SUMMARY=" + dir, "GITHUB_STEP_SUMMARY=" + full, "GITHUB_OUTPUT=/dev/full"} {
		_, err := publish(t, new(scan.Report), ci.Delivery{}, env)
		if what := map[bool]string{true: "outputs", false: "step summary"}[strings.HasPrefix(env, "GITHUB_OUTPUT")]; err == nil || !strings.Contains(err.Error(), "writing the "+what) {
			t.Errorf("%s: %v", env, err)
		}
	}
	path := filepath.Join(dir, "out")
	if _, err := publish(t, new(scan.Report), ci.Delivery{SARIF: "x\nfound=false"}, "GITHUB_OUTPUT="+path); err == nil {
		t.Error("a name of two lines is an output")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("something was written before the error")
	}
}

// broken is an output that nobody reads any more.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	p := proc.Process{Stdout: proc.Stream{Writer: broken{}}}
	rep := &scan.Report{Gaps: []*scan.Gap{{Why: errors.New("no")}}}
	host := github.Provider{}
	if err := host.Publishers(p, ci.Job{}, ci.Delivery{})[0].Publish(t.Context(), rep); err == nil {
		t.Error("annotations that nobody reads are no error")
	}
	if err := host.Quote(p, report.Text{Writer: p.Stdout}).Publish(t.Context(), rep); err == nil {
		t.Error("a report that nobody reads is no error")
	}
}

// TestQuoteWord: the word that ends a quote is another one each time, and nobody can
// write it before.
func TestQuoteWord(t *testing.T) {
	words := map[string]bool{}
	for range 20 {
		var out bytes.Buffer
		p := proc.Process{Stdout: proc.Stream{Writer: &out}}
		if err := (github.Provider{}).Quote(p, report.Text{Writer: p.Stdout}).Publish(t.Context(), new(scan.Report)); err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(out.String(), "\n")
		word := strings.TrimPrefix(first, "::stop-commands::")
		if len(word) < 20 || words[word] || !strings.HasSuffix(rest, "\n::"+word+"::\n") || strings.Count(rest, word) != 1 {
			t.Fatalf("got %q", out.String())
		}
		words[word] = true
	}
}
