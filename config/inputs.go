package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Input is one thing that a user can set. From the table of inputs come the flags,
// the CI variables, and the input sections of action.yml, pipe.yml and docs/inputs.md.
type Input struct {
	Name    string   // as CIs spell it: "sarif-file"
	Flag    string   // as the command line spells it, without dashes: "sarif"; "" for what is no flag
	Param   string   // what stands for the value in the usage, or "" for the values themselves
	Default string   // where nobody says anything
	Values  []string // what is taken; nil for anything
	Min     int      // with Max, the least number that is taken
	Max     int      // the greatest; 0 where the value is no number
	Help    string   // one line
	For     string   // the only command that takes it; "" for all of them
	Only    bool     // a flag and nothing else: CIs and people have variables of that name
	Once    bool     // about one run, so that the settings file can't say it

	store func(*Config, value)
}

// A value is what an input was given.
type value struct {
	text                string
	set, flag, checkout bool
}

func (v value) file() File {
	return File{Path: v.text, Set: v.set, Flag: v.flag, Checkout: v.checkout}
}

// number returns a value that was checked before, or 0 where there is none.
func (v value) number() int {
	n, _ := strconv.Atoi(v.text)
	return n
}

// wants remembers what mode a flag is about. Zeros and nothing are what templates hand on
// where there is no commit.
func (c *Config) wants(mode string, v value) {
	if v.flag && v.text != "false" && strings.Trim(v.text, "0") != "" {
		c.Wants = mode
	}
}

// What is more than anybody needs: cores of a build machine, archives within one another,
// MiB and things to unpack, and how far text can shrink.
const (
	maxJobs    = 1024
	maxDepth   = 20
	maxSize    = 1 << 20
	maxEntries = 10_000_000
	maxRatio   = 1_000_000
)

// Inputs returns every input, in the order of the documentation.
func Inputs() []Input {
	return slices.Concat([]Input{
		{Name: "mode", Flag: "mode", Default: "auto", Values: []string{"auto", "checkout", "range", "history", "staged"},
			Help:  "what to scan: auto is the change of a push or pull request, and the checkout where there is no change to name",
			store: func(c *Config, v value) { c.Mode = v.text }},
		{Name: "base", Flag: "base", Param: "REV",
			Once: true, Help: "where the range begins: a commit, branch or tag that is not part of it (default: what the CI says)",
			store: func(c *Config, v value) { c.Base = v.text; c.wants("range", v) }},
		{Name: "head", Flag: "head", Param: "REV",
			Once: true, Help: "where the range ends: a commit, branch or tag (default: what the CI says, else HEAD)",
			store: func(c *Config, v value) { c.Head = v.text; c.wants("range", v) }},
		{Name: "unreachable", Flag: "unreachable", Default: "false", Values: []string{"true", "false"},
			Help:  "with mode history: look at what no branch or tag reaches too, as far as git still has it",
			store: func(c *Config, v value) { c.Unreachable = v.text == "true"; c.wants("history", v) }},
		{Name: "fail-on", Flag: "fail-on", Default: "warning", Values: []string{"error", "warning", "note", "never"},
			Help:  "the lowest level of a finding that fails the build",
			store: func(c *Config, v value) { c.FailOn = v.text }},
		{Name: "on-gap", Flag: "on-gap", Default: "fail", Values: []string{"fail", "warn"},
			Help:  "what to do when something asked for could not be looked at",
			store: func(c *Config, v value) { c.OnGap = v.text }},
		{Name: "sarif-file", Flag: "sarif", Param: "FILE",
			Help:  "SARIF report to write; - is standard output (default: bbkeys.sarif in a CI, else none)",
			store: func(c *Config, v value) { c.SARIF = v.file() }},
		{Name: "json-file", Flag: "json", Param: "FILE",
			Help:  "JSON report to write; - is standard output (default: none)",
			store: func(c *Config, v value) { c.JSON = v.file() }},
		{Name: "junit-file", Flag: "junit", Param: "FILE",
			Help:  "JUnit XML report to write; - is standard output (default: none)",
			store: func(c *Config, v value) { c.JUnit = v.file() }},
		{Name: "gitlab-file", Flag: "gitlab", Param: "FILE",
			Help:  "GitLab secret detection report to write; - is standard output (default: none)",
			store: func(c *Config, v value) { c.GitLab = v.file() }},
		{Name: "gitlab-quality-file", Flag: "gitlab-quality", Param: "FILE",
			Help:  "GitLab code quality report to write; - is standard output (default: none)",
			store: func(c *Config, v value) { c.Quality = v.file() }},
		{Name: "html-file", Flag: "html", Param: "FILE",
			Help:  "HTML report to write, one page for people; - is standard output (default: none)",
			store: func(c *Config, v value) { c.HTML = v.file() }},
		{Name: "archive-depth", Flag: "archive-depth", Param: "N", Default: "5", Max: maxDepth,
			Help:  "how many archives within one another are looked into; 0 for none",
			store: func(c *Config, v value) { c.ArchiveDepth = v.number() }},
		{Name: "archive-size", Flag: "archive-size", Param: "MIB", Default: "2048", Min: 1, Max: maxSize,
			Help:  "how much is unpacked of one file, in MiB; what is over it counts as not looked at",
			store: func(c *Config, v value) { c.ArchiveSize = v.number() }},
		{Name: "archive-entries", Flag: "archive-entries", Param: "N", Default: "250000", Min: 1, Max: maxEntries,
			Help:  "how many things in one archive are looked at; what is over it counts as not looked at",
			store: func(c *Config, v value) { c.ArchiveEntries = v.number() }},
		{Name: "archive-ratio", Flag: "archive-ratio", Param: "N", Default: "500", Min: 1, Max: maxRatio,
			Help:  "how many times its size a file may unpack to once that is over 64 MiB; bombs unpack to more",
			store: func(c *Config, v value) { c.ArchiveRatio = v.number() }},
		{Name: "jobs", Flag: "jobs", Param: "N", Min: 1, Max: maxJobs,
			Help:  "how many files are looked at at once (default: one a core)",
			store: func(c *Config, v value) { c.Jobs = v.number() }},
		{Name: "token", Once: true,
			Help:  "token of the job, for fetching commits that a shallow clone lacks, for upload, and for insights-url",
			store: func(*Config, value) {}}, // the CI's own room reads it
		{Name: "log-level", Flag: "log-level", Default: "info", Values: []string{"debug", "info", "warn", "error"}, Only: true,
			Help:  "how much the log on standard error tells",
			store: func(c *Config, v value) { c.LogLevel = v.text }},
		{Name: "log-format", Flag: "log-format", Default: "auto", Values: []string{"auto", "console", "json"}, Only: true,
			Help:  "form of the log: auto is console on a terminal, else JSON lines",
			store: func(c *Config, v value) { c.LogFormat = v.text }},
	}, judging(), destinations(), initInputs())
}

// initInputs are those of bbkeys init alone.
func initInputs() []Input {
	return []Input{
		{Name: "for", Flag: "for", Param: "NAME", Only: true, For: "init",
			Help:  "with init: the CI or tool to set up, such as github, bitbucket or hook (default: what it finds)",
			store: func(c *Config, v value) { c.For = v.text }},
		{Name: "write", Flag: "write", Default: "false", Values: []string{"true", "false"}, Only: true, For: "init",
			Help:  "with init: write the files that it shows; nothing is ever overwritten",
			store: func(c *Config, v value) { c.Write = v.text == "true" }},
	}
}

// IsSwitch reports whether the flag stands for "true" where it has no value.
func (in Input) IsSwitch() bool { return len(in.Values) == 2 && in.Values[0] == "true" }

// Names returns the name of every input that a CI takes.
func Names() []string {
	var names []string
	for _, in := range Inputs() {
		if !in.Only {
			names = append(names, in.Name)
		}
	}
	return names
}

// Usage returns how the command is called.
func Usage() string {
	var b strings.Builder
	b.WriteString(`bbkeys finds leaked Bitbucket keys in a checkout or in the commits of a change.

usage:
  bbkeys [scan] [flags] [PATH]   scan; PATH is the checkout (default: what the CI says, else the working directory)
  bbkeys doctor [flags] [PATH]   what a scan would go by and what would go wrong, without scanning
  bbkeys init [PATH]             show the workflow, pipeline or hook file that runs bbkeys; with --write, write it
  bbkeys baseline [flags] [PATH] accept all keys that are there now, so that a scan fails on new ones
  bbkeys rules [ID]              what is detected, with documentation
  bbkeys errors [CODE]           what can go wrong, why, and what to do
  bbkeys version                 the version

flags:
`)
	for _, in := range Inputs() {
		if in.Flag == "" {
			continue
		}
		fmt.Fprintf(&b, "  --%s", in.Flag)
		switch {
		case in.IsSwitch():
		case in.Param != "":
			b.WriteString(" " + in.Param)
		default:
			b.WriteString(" " + strings.Join(in.Values, "|"))
		}
		fmt.Fprintf(&b, "\n        %s", in.Help)
		if in.Default != "" && !in.IsSwitch() {
			fmt.Fprintf(&b, " (default: %s)", in.Default)
		}
		b.WriteString("\n")
	}
	b.WriteString(`
exit status:
  0  clean
  1  keys found at or above fail-on
  3  incomplete: no key, but something asked for was not looked at
  4  wrong usage, nothing scanned
  5  scanned, but a report could not be delivered
`)
	return b.String()
}
