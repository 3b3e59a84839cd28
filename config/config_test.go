package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
)

// taken are names that shells, runtimes and CIs use. A pipe passes an input under its
// bare upper-case name, so an input called "path" would arrive as PATH.
var taken = []string{
	"PATH", "HOME", "USER", "PWD", "SHELL", "TMPDIR", "LANG", "TERM", "CI", "DEBUG", "HOSTNAME",
	"SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "LOG_LEVEL",
}

func TestNames(t *testing.T) {
	flags := map[string]bool{}
	for _, in := range config.Inputs() {
		env := strings.ReplaceAll(strings.ToUpper(in.Name), "-", "_")
		if !in.Only && (slices.Contains(taken, env) || strings.HasPrefix(env, "GO") || strings.HasPrefix(env, "BITBUCKET_")) {
			t.Errorf("input %q would be read from %s", in.Name, env)
		}
		if in.Help == "" || in.Flag != "" && flags[in.Flag] {
			t.Errorf("input %q has no help, or another one's flag", in.Name)
		}
		flags[in.Flag] = true
		if in.Default != "" && in.Values != nil && !slices.Contains(in.Values, in.Default) {
			t.Errorf("input %q: its default is none of its values", in.Name)
		}
	}
}

// from returns a source that has these values.
func from(values map[string]string, checkout bool) config.Source {
	return config.Source{Value: func(name string) string { return values[name] }, Checkout: checkout}
}

var none = from(nil, false)

// TestOnce: what says where a run looks, whom it asks or where it sends something is not for
// the scanned repository to say.
func TestOnce(t *testing.T) {
	for _, in := range config.Inputs() {
		for _, word := range []string{"token", "url", "host", "user", "password", "proxy", "base", "head", "config", "baseline", "explain"} {
			if strings.Contains(in.Name, word) && !in.Once && !in.Only {
				t.Errorf("the settings file may say %s", in.Name)
			}
		}
	}
}

func TestRead(t *testing.T) {
	inputs := from(map[string]string{"fail-on": "error", "sarif-file": "in.sarif", "log-level": "debug"}, false)
	c, err := config.Read([]string{"scan", "dir", "--base=main", "--jobs", "3", "--unreachable"}, inputs)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Config{
		Command: "scan", Arg: "dir", Mode: "auto", Base: "main", FailOn: "error", OnGap: "fail", Jobs: 3, Unreachable: true, Wants: "history",
		SARIF: config.File{Path: "in.sarif", Set: true}, LogLevel: "info", LogFormat: "auto",
		Insights: "auto", ArchiveDepth: 5, ArchiveSize: 2048, ArchiveEntries: 250_000, ArchiveRatio: 500,
	}
	if c != want {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	file := from(map[string]string{"fail-on": "note", "on-gap": "warn", "json-file": "out.json", "html-file": "out.html"}, true)
	if c, err = config.Read([]string{"--json", "mine.json"}, inputs, file); err != nil {
		t.Fatal(err)
	}
	if c.FailOn != "error" || c.OnGap != "warn" || c.JSON != (config.File{Path: "mine.json", Set: true, Flag: true}) || c.HTML != (config.File{Path: "out.html", Set: true, Checkout: true}) || c.Mode != "auto" {
		t.Errorf("a flag must beat an input, that the file, and that the default: %+v", c)
	}
	if c, err = config.Read([]string{"--fail-on=note", "--sarif", "", "--unreachable=false"}, inputs); err != nil {
		t.Fatal(err)
	}
	if c.FailOn != "note" || c.SARIF != (config.File{Set: true, Flag: true}) || c.Unreachable {
		t.Errorf("a flag must beat an input: %+v", c)
	}
	for _, args := range [][]string{{"rules", "x"}, {"--", "--base"}, {"a", "--base", "b", "--head", "c"}} {
		if _, err := config.Read(args, none); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	if c, _ = config.Read([]string{"--", "--base"}, none); c.Arg != "--base" {
		t.Errorf("what follows -- is a word: %+v", c)
	}
	if c, _ = config.Read([]string{"scan", "-h"}, none); c.Command != "help" {
		t.Errorf("got %+v", c)
	}
}

func TestWrong(t *testing.T) {
	for _, args := range [][]string{
		{"--nope"}, {"--base"}, {"--mode", "all"}, {"--fail-on", "x"}, {"--on-gap="}, {"--jobs", "0"}, {"--jobs", "-1"},
		{"--jobs", "1e3"}, {"--jobs", "999999"}, {"--base", "a\nb"}, {"a", "b"}, {"--unreachable=maybe"}, {"--log-format=xml"},
		{""}, {"scan", ""}, {"---x"}, {"--version", "x"}, {"--archive-depth", "-1"}, {"--archive-depth", "21"}, {"--archive-size", "0"}, {"--archive-ratio", "x"}, {"--archive-entries", "0"},
	} {
		_, err := config.Read(args, none)
		if exit.Of(err) != exit.Usage || exit.Hint(err) == "" {
			t.Errorf("%q: %v with the hint %q", args, err, exit.Hint(err))
		}
	}
	// A key that was pasted into the wrong field is not repeated.
	if _, err := config.Read([]string{"--mode", "ATATT3secret"}, none); strings.Contains(err.Error()+exit.Hint(err), "secret") {
		t.Error("the error repeats the value")
	}
}

// TestMeant: what is misspelt is answered with what was probably meant.
func TestMeant(t *testing.T) {
	for _, c := range []struct {
		args        []string
		what, meant string
	}{
		{[]string{"--fail-onn=error"}, "no flag --fail-onn", "did you mean --fail-on? "},
		{[]string{"--fail_on", "error"}, "no flag --fail_on", "did you mean --fail-on? "},
		{[]string{"a", "-mod", "range"}, "no flag --mod", "did you mean --mode? "},
		{[]string{"--sarif-file", "x"}, "no flag --sarif-file", "did you mean --sarif? "},
		{[]string{"--gitlab-quality-fil", "x"}, "no flag --gitlab-quality-fil", "did you mean --gitlab-quality? "},
		{[]string{"---mode", "range"}, "write --mode with two dashes", "bbkeys --help"},
		{[]string{"--base", "x", "--=y", "z"}, "there is no flag", "bbkeys --help"},
		{[]string{"--everything"}, "no flag --everything", "bbkeys --help"},
		{[]string{"--mode", "range", "--base"}, "--base wants a value", "bbkeys --help"},
		{[]string{"--fail-on", "eror"}, "reading --fail-on", "did you mean error? write --fail-on error"},
		{[]string{"--explain=treu"}, "reading --explain", "write --explain=true"},
		{[]string{"--log-level", "x"}, "reading --log-level", "write --log-level debug"},
	} {
		_, err := config.Read(c.args, none)
		if err == nil || !strings.Contains(err.Error(), c.what) || !strings.HasPrefix(exit.Hint(err), c.meant) {
			t.Errorf("%q: %v; %s", c.args, err, exit.Hint(err))
		}
	}
	_, err := config.Read(nil, from(map[string]string{"mode": "rang"}, false))
	if hint := exit.Hint(err); hint != "did you mean range? write mode: range, for example" {
		t.Error(hint)
	}
	if c, err := config.Read([]string{"--version"}, none); err != nil || c.Command != "version" {
		t.Errorf("--version: %+v, %v", c, err)
	}
}

// TestContradiction: a flag that the mode has no use for is an error; an input that is there
// for other runs of the same job is none.
func TestContradiction(t *testing.T) {
	inputs := from(map[string]string{"base": "main", "unreachable": "true"}, false)
	for args, wrong := range map[string]bool{
		"": false, "--base main": false, "--mode range --head a": false, "--mode checkout": false, "--mode history": false,
		"--mode checkout --base 0000000": false, "--mode checkout --base=": false, "--unreachable=false": false, "--mode history --unreachable": false,
		"--mode checkout --base main": true, "--mode staged --head a": true, "--mode history --base a": true, "--unreachable": true,
		"--base a --unreachable": true, "baseline --base a": true, "baseline": false,
	} {
		c, err := config.Read(strings.Fields(args), inputs)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Contradiction(); wrong != (exit.Of(err) == exit.Usage) {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestUsage(t *testing.T) {
	usage := config.Usage()
	for _, in := range config.Inputs() {
		if in.Flag != "" && !strings.Contains(usage, "--"+in.Flag) {
			t.Errorf("the usage does not tell of --%s", in.Flag)
		}
	}
}
