// Bbkeys finds leaked Bitbucket keys in a checkout or in the commits of a change.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/azure"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/ci/buildkite"
	"github.com/bbkeys/bbkeys/ci/circleci"
	"github.com/bbkeys/bbkeys/ci/drone"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/ci/gitlab"
	"github.com/bbkeys/bbkeys/ci/jenkins"
	"github.com/bbkeys/bbkeys/ci/local"
	"github.com/bbkeys/bbkeys/ci/teamcity"
	"github.com/bbkeys/bbkeys/ci/travis"
	"github.com/bbkeys/bbkeys/ci/woodpecker"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/logs"
	"github.com/bbkeys/bbkeys/memory"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/report/catalog"
)

// version is set by the linker for a release.
var version string

// memoryGoal is what the garbage collector keeps the process below, in bytes, unless the
// container has little or GOMEMLIMIT says otherwise: a Bitbucket pipe shares 1 GB with the
// build (Docker service memory, 2026-11), a limit that the pipe itself is not shown.
const memoryGoal = 256 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory.Goal(os.DirFS("/"), memoryGoal))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	err := run(ctx, proc.OS())
	stop()
	os.Exit(int(exit.Of(err)))
}

// providers are the CI products, in the order in which they are asked whether they are
// here; the last one always is.
func providers() []ci.Provider {
	return []ci.Provider{
		github.Provider{}, bitbucket.Provider{}, gitlab.Provider{}, circleci.Provider{}, travis.Provider{}, azure.Provider{},
		buildkite.Provider{}, teamcity.Provider{}, woodpecker.Provider{}, drone.Provider{}, jenkins.Provider{}, local.Provider{},
	}
}

// run is the whole program.
func run(ctx context.Context, p proc.Process) error {
	host := ci.Pick(p, providers())
	cfg, err := config.Read(p.Args, inputsOf(host, p))
	c := command{Process: p, host: host, Config: cfg, log: logs.New(p, cfg.LogLevel, cfg.LogFormat)}
	if err == nil {
		err = c.do(ctx)
	}
	logs.End(c.log, err, report.Clean)
	return cry(host, p, err)
}

// do does what was asked for.
func (c command) do(ctx context.Context) error {
	switch c.Command {
	case "scan":
		signal.Ignore(syscall.SIGPIPE) // who stops to read one report gets the others
		return misspelt(c.Arg, c.scan(ctx))
	case "doctor":
		return c.diagnose(ctx)
	case "init":
		return c.setUp()
	case "baseline":
		return c.baseline(ctx)
	case "rules":
		return c.print(catalog.Text(c.Arg))
	case "errors":
		return c.print(explain(c.Arg))
	case "version":
		return c.print("bbkeys "+buildVersion()+"\n", nil)
	}
	return c.print(config.Usage(), nil)
}

// print writes a text to standard output. Its error is that, or else what went wrong with
// the text.
func (c command) print(text string, wrong error) error {
	if text == "" {
		return wrong
	}
	if _, err := io.WriteString(c.Stdout, text); err != nil {
		return fault.New(fault.OutputUnwritable, "writing to standard output: %w", err)
	}
	return wrong
}
