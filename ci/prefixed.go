package ci

import (
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
)

// SARIF is the file that is written in a CI unless the user names another.
const SARIF = "bbkeys.sarif"

// Prefixed is what the providers have in common whose CI has no inputs of its own and
// shows nothing but the log: inputs are BBKEYS_ variables, and there is no publisher.
type Prefixed struct{}

// Input is that of a Provider.
func (Prefixed) Input(p proc.Process, name string) string { return p.Getenv(EnvPrefix + EnvName(name)) }

// Unknown is that of a Provider.
func (Prefixed) Unknown(p proc.Process, names []string) []string {
	return Strays(p, EnvPrefix, names, EnvName)
}

// Publishers is that of a Provider.
func (Prefixed) Publishers(proc.Process, Job, Delivery) []report.Publisher { return nil }
