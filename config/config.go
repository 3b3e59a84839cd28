// Package config holds the one table of inputs and reads them.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/guess"
)

// A Config is what the user asked for.
type Config struct {
	Command string // what is to be done, one of Commands
	Arg     string // its argument: PATH of a scan, ID of a rule, CODE of an error; may be empty

	Mode, Base, Head    string
	Unreachable         bool
	Wants               string // the mode that a flag is about which was given; "" for none
	FailOn, OnGap       string
	SARIF, JSON, JUnit  File
	GitLab, Quality     File // GitLab's secret detection and code quality reports
	HTML                File
	Settings            File // the settings file; "" for the one that is looked for, "none" for none
	Baseline            File // what is accepted; "" for the one that is looked for, "none" for none
	Explain             bool // why each thing that looks like a key is a finding or is none
	Jobs                int  // 0 means one a core
	LogLevel, LogFormat string
	For                 string // what init is to set up; "" for what it finds
	Write               bool   // init is to write what it shows

	// Where a report goes besides files: to the commit in Bitbucket ("auto", "true" or
	// "false"), to a Data Center at an address, for another commit than the CI names.
	Insights, InsightsURL, InsightsCommit string
	Upload                                bool // to GitHub's code scanning

	// What looking into one archive may cost: archives within one another, MiB and things
	// unpacked, and bytes unpacked for each byte of it.
	ArchiveDepth, ArchiveSize, ArchiveEntries, ArchiveRatio int
}

// A File is a place that the user named for a report.
type File struct {
	Path string // "-" is standard output, "" is nowhere
	// Set says that the user chose it, so that no default takes its place.
	Set bool
	// Flag says that it came from the command line: a relative path is then relative to
	// the working directory, as everywhere on a command line, and else to the checkout.
	Flag bool
	// Checkout says that the scanned checkout named it.
	Checkout bool
}

// Commands are the words that may come first on the command line.
func Commands() []string {
	return []string{"scan", "baseline", "doctor", "init", "rules", "errors", "version", "help"}
}

// A Source says the values of inputs.
type Source struct {
	// Value returns that of an input, or "" where it has none.
	Value func(name string) string
	// Checkout says that the scanned checkout itself is the source: files that it names are
	// its own.
	Checkout bool
}

// Read returns the configuration. A flag beats the first of the sources that has a value,
// such as the CI's inputs before the settings file, and that beats the default. Its error
// is an *exit.Error of status Usage.
func Read(args []string, sources ...Source) (Config, error) {
	c := Config{Command: "scan"}
	switch {
	case len(args) > 0 && slices.Contains(Commands(), args[0]):
		c.Command, args = args[0], args[1:]
	case len(args) == 1 && args[0] == "--version":
		return Config{Command: "version"}, nil // as of nearly every program
	}
	values := make(map[string]string)
	fromFlag := make(map[string]bool)
	words, err := parse(args, values, fromFlag)
	if errors.Is(err, flag.ErrHelp) {
		return Config{Command: "help"}, nil
	}
	if err != nil {
		return c, exit.Usagef(fault.BadFlag, flagMeant(err)+"bbkeys --help lists the flags", "reading the command line: %w", err)
	}
	if len(words) > 1 {
		meant := guess.Of(words[0], Commands())
		if meant != "" {
			meant = "bbkeys " + meant
		}
		return c, exit.Usagef(fault.TooManyArguments, guess.Question(meant)+"name one folder; everything else is a flag, see bbkeys --help",
			"reading the command line: there are %d arguments where one is taken", len(words))
	}
	if len(words) == 1 {
		if c.Arg = words[0]; c.Arg == "" {
			return c, exit.Usagef(fault.NoCheckout, "leave it out for the default, or see whether the variable that holds it is set", "reading the command line: the argument is empty")
		}
	}
	for _, in := range Inputs() {
		v, set, checkout := values[in.Name], fromFlag[in.Name], false
		if in.For != "" && set && in.For != c.Command {
			return c, exit.Usagef(fault.BadFlag, "bbkeys --help lists the flags", "reading the command line: --%s is a flag of bbkeys %s", in.Flag, in.For)
		}
		spelled := "--" + in.Flag
		if !set && !in.Only {
			v, checkout = first(sources, in.Name)
			spelled, set = "input "+in.Name, v != ""
		}
		if v == "" && !fromFlag[in.Name] {
			v = in.Default
		}
		if err := in.Check(v); err != nil {
			return c, exit.Usagef(fault.BadValue, in.remedy(v, fromFlag[in.Name]), "reading %s: %w", spelled, err)
		}
		in.store(&c, value{v, set, fromFlag[in.Name], checkout})
	}
	return c, nil
}

// Contradiction returns an error of status Usage where a flag means nothing in the mode:
// who gives it expects something else to be looked at than would be.
func (c Config) Contradiction() error {
	flag := "--base or --head"
	switch {
	case c.Wants == "", c.Wants == c.Mode, c.Wants == "range" && c.Mode == "auto" && c.Command != "baseline":
		return nil
	case c.Wants == "history":
		flag = "--unreachable"
	}
	return exit.Usagef(fault.Contradiction, "leave it out, or write --mode "+c.Wants, "reading the command line: %s means nothing in mode %s", flag, c.Mode)
}

// first returns the value of the first of the sources that has one, and whether that is the
// checkout.
func first(sources []Source, name string) (string, bool) {
	for _, s := range sources {
		if v := s.Value(name); v != "" {
			return v, s.Checkout
		}
	}
	return "", false
}

// parse reads flags and words in any order. What follows "--" is words.
func parse(args []string, values map[string]string, fromFlag map[string]bool) ([]string, error) {
	fs := flag.NewFlagSet("bbkeys", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, in := range Inputs() {
		if in.Flag == "" {
			continue // a secret on a command line is everybody's
		}
		take := func(v string) error {
			values[in.Name], fromFlag[in.Name] = v, true
			return nil
		}
		if in.IsSwitch() {
			fs.BoolFunc(in.Flag, in.Help, take)
		} else {
			fs.Func(in.Flag, in.Help, take)
		}
	}
	var words []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, words = args[:i], args[i+1:]
	}
	var before []string
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, err
		} else if err != nil {
			return nil, wrongFlag(fs, args)
		}
		if fs.NArg() == 0 {
			return append(before, words...), nil
		}
		before = append(before, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// Check says what is wrong with a value. It does not repeat the value where that could
// be anything, since people paste keys into the wrong field.
func (in Input) Check(v string) error {
	switch {
	case strings.ContainsAny(v, "\x00\n\r"):
		return errors.New("the value has more than one line")
	case len(in.Values) > 0 && !slices.Contains(in.Values, v):
		return fmt.Errorf("the value is none of %s", strings.Join(in.Values, ", "))
	case in.Max > 0 && v != "":
		if n, err := strconv.Atoi(v); err != nil || n < in.Min || n > in.Max {
			return fmt.Errorf("the value is no number from %d to %d", in.Min, in.Max)
		}
	}
	return nil
}

// remedy says what to write in the place of a value. It repeats only what is taken.
func (in Input) remedy(v string, flag bool) string {
	if len(in.Values) == 0 {
		return in.Help
	}
	meant := guess.Of(v, in.Values)
	example := in.Values[0]
	if meant != "" {
		example = meant
	}
	if flag && in.IsSwitch() {
		return fmt.Sprintf("%swrite --%s=%s, for example", guess.Question(meant), in.Flag, example)
	}
	if flag {
		return fmt.Sprintf("%swrite --%s %s, for example", guess.Question(meant), in.Flag, example)
	}
	return fmt.Sprintf("%swrite %s: %s, for example", guess.Question(meant), in.Name, example)
}
