// Package local is a run outside of any known CI: a terminal, a hook, docker run.
package local

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
)

// Provider implements ci.Provider.
type Provider struct{}

// Name implements ci.Provider.
func (Provider) Name() string { return "local" }

// Here implements ci.Provider: a run that is nothing else is local.
func (Provider) Here(proc.Process) bool { return true }

// Input implements ci.Provider.
func (Provider) Input(p proc.Process, name string) string { return ci.PrefixedInput(p, name) }

// Unknown implements ci.Provider.
func (Provider) Unknown(p proc.Process, names []string) []string {
	return ci.UnknownPrefixed(p, names)
}

// Job implements ci.Provider. The checkout is the working directory.
func (Provider) Job(proc.Process) (ci.Job, error) { return ci.Job{Dir: "."}, nil }

// Publishers implements ci.Provider: a local run has no place but its own output.
func (Provider) Publishers(proc.Process, ci.Job, ci.Delivery) []report.Publisher { return nil }
