package config

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/guess"
)

// An unknownFlag is the name of a flag that there is none of.
type unknownFlag string

// Error names the flag as it is written.
func (f unknownFlag) Error() string { return fmt.Sprintf("there is no flag --%s", string(f)) }

// wrongFlag says what is wrong with the one of args that fs could not go on from.
func wrongFlag(fs *flag.FlagSet, args []string) error {
	at := len(args) - fs.NArg()
	if at == 0 || fs.NArg() > 0 && malformed(args[at]) {
		at++ // it is still among the arguments
	}
	name, _, _ := strings.Cut(strings.TrimLeft(args[at-1], "-"), "=")
	switch {
	case fs.Lookup(name) == nil:
		return unknownFlag(name)
	case malformed(args[at-1]):
		return fmt.Errorf("write --%s with two dashes", name)
	}
	return fmt.Errorf("--%s wants a value", name)
}

// malformed reports whether an argument begins as a flag does and can be none.
func malformed(arg string) bool {
	return strings.HasPrefix(arg, "---") || strings.HasPrefix(arg, "--=") || strings.HasPrefix(arg, "-=")
}

// flagMeant asks whether a flag was meant by the one that there is none of. People also
// write the name that the input has in a CI.
func flagMeant(err error) string {
	unknown := unknownFlag("")
	if !errors.As(err, &unknown) {
		return ""
	}
	var spellings []string
	flags := map[string]string{}
	for _, in := range Inputs() {
		if in.Flag != "" {
			spellings = append(spellings, in.Flag, in.Name)
			flags[in.Flag], flags[in.Name] = in.Flag, in.Flag
		}
	}
	meant := flags[guess.Of(string(unknown), spellings)]
	if meant == "" {
		return ""
	}
	return guess.Question("--" + meant)
}
