package main

import (
	"context"
	"errors"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/settings"
	"github.com/bbkeys/bbkeys/source"
)

// noSettings is what an input says for no settings file at all.
const noSettings = "none"

// settle reads the settings file in the version that counts and makes c what it says
// together with the flags and the CI's inputs, which beat it.
func (c *command) settle(ctx context.Context, version *source.Version) error {
	c.settings = new(settings.Settings)
	named := source.Named{Path: c.Config.Settings.Path, Flag: c.Config.Settings.Flag, Max: settings.MaxSize}
	switch {
	case named.Path == noSettings, named.Path == "" && c.Config.Settings.Flag:
		c.settled.Note = "the run was told to have none"
		return nil
	case named.Path == "":
		named.Path, named.Sought = settings.Name, true
	}
	file, err := version.Read(ctx, named)
	if err != nil {
		return err
	}
	c.settled = scan.Settings{Path: file.Path, Commit: file.Commit, Note: file.Note}
	if file.Data == nil {
		c.settled.Path, c.settled.Commit = "", ""
		return nil
	}
	if c.settings, err = settings.Parse(file.Path, file.Data); err != nil {
		of := ""
		if file.Commit != "" {
			of = " of commit " + file.Commit[:10]
		}
		return exit.Usagef(fault.BadSettings, settings.Page+" says what the file takes", "reading the settings%s: %w", of, oneLine{err})
	}
	told := c.Config
	c.Config, err = config.Read(c.Args, inputsOf(c.host, c.Process), config.Source{Value: c.settings.Input, Checkout: true})
	c.LogLevel, c.LogFormat = told.LogLevel, told.LogFormat
	return err
}

// inputsOf returns the inputs that a CI hands over.
func inputsOf(host ci.Provider, p proc.Process) config.Source {
	return config.Source{Value: func(name string) string { return host.Input(p, name) }}
}

// oneLine is an error of several lines, as one: a log has a line for each thing that
// happened.
type oneLine struct{ error }

// Error joins the lines.
func (e oneLine) Error() string { return strings.ReplaceAll(e.error.Error(), "\n", "; ") }

// Unwrap returns the error of several lines.
func (e oneLine) Unwrap() error { return errors.Unwrap(e.error) }
