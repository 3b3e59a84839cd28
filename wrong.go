package main

import (
	"errors"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/guess"
	"github.com/bbkeys/bbkeys/logs"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
)

// strays returns an error where the CI hands over an input that there is none of.
func (c command) strays() error {
	names := config.Names()
	strays := c.host.Unknown(c.Process, names)
	if len(strays) == 0 {
		return nil
	}
	// The first may be spelled with the prefix of every CI, or with one of its own.
	meant := guess.Of(strings.TrimPrefix(strays[0], "INPUT_"), names)
	if bare, ok := strings.CutPrefix(strays[0], ci.EnvPrefix); ok {
		if meant = guess.Of(bare, names); meant != "" {
			meant = ci.EnvPrefix + ci.EnvName(meant)
		}
	}
	return exit.Usagef(fault.UnknownInput, guess.Question(meant)+"the inputs are "+strings.Join(names, ", "),
		"reading the inputs: there is no input %s", report.Clean(strings.Join(strays, ", ")))
}

// misspelt is err with the command that was probably meant, where a scan was asked of a
// folder that is not there and has nearly the name of a command.
func misspelt(word string, err error) error {
	meant := guess.Of(word, config.Commands())
	if meant == "" || fault.Of(err) != fault.NoCheckout {
		return err
	}
	return &exit.Error{Status: exit.Usage, Err: err, Hint: guess.Question("bbkeys "+meant) + "otherwise " + exit.Hint(err)}
}

// cry shows why a run ended that has no report to tell it, or could not deliver one, where
// the CI has a place for that beside the log.
func cry(host ci.Provider, p proc.Process, err error) error {
	crier, ok := host.(interface {
		Cry(p proc.Process, title, text string) error
	})
	title, text := logs.Reason(err, report.Clean)
	if !ok || title == "" {
		return err
	}
	return errors.Join(err, fault.Or(fault.OutputUnwritable, crier.Cry(p, title, text)))
}
