// Package local is a run outside of any known CI: a terminal, a hook, docker run.
package local

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "local" }

// Here implements ci.Provider: a run that is nothing else is local.
func (Provider) Here(proc.Process) bool { return true }

// Job implements ci.Provider. The checkout is the working directory. A CI that has no room
// here says at least that it is one. To a hook git tells the index that it makes the commit
// from, which for "git commit -a" and "git commit PATH" is another one than usual (githooks(5), git 2.51).
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{Dir: ".", Own: p.Getenv("CI") == "", Index: p.Getenv("GIT_INDEX_FILE")}, nil
}
