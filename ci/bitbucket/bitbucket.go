// Package bitbucket is what the scanner knows about Bitbucket Pipelines.
package bitbucket

import (
	"context"
	"fmt"
	"io"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// Provider implements ci.Provider.
type Provider struct{}

// Name implements ci.Provider.
func (Provider) Name() string { return "bitbucket" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("BITBUCKET_BUILD_NUMBER") != "" }

// Input implements ci.Provider. A pipe gets its variables under their bare names. Where
// the program runs as a plain step, those are the names of anybody's variables, so that
// the prefixed spelling wins.
func (Provider) Input(p proc.Process, name string) string {
	return ci.Or(ci.Prefixed{}.Input(p, name), p.Getenv(ci.EnvName(name)))
}

// Unknown implements ci.Provider. A bare name that is none of ours may be anybody's.
func (Provider) Unknown(p proc.Process, names []string) []string {
	return ci.Prefixed{}.Unknown(p, names)
}

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	return ci.Job{
		Dir: ci.Or(p.Getenv("BITBUCKET_CLONE_DIR"), "."), SARIF: ci.SARIF, Cloned: true,
		Change: change(p), Origin: origin(p), Commit: ci.Commit(p.Getenv("BITBUCKET_COMMIT")),
	}, nil
}

// origin returns where the checkout came from. The proxy of the build signs requests for
// the repository's own commits.
func origin(p proc.Process) ci.Origin {
	url := p.Getenv("BITBUCKET_GIT_HTTP_ORIGIN")
	if url == "" {
		return ci.Origin{}
	}
	return ci.Origin{URL: url, Proxies: proxies(p)}
}

// change names what the pipeline was started for, from Bitbucket's variables (variables
// and secrets, 2026-11).
func change(p proc.Process) ci.Change {
	commit := p.Getenv("BITBUCKET_COMMIT")
	switch {
	case p.Getenv("BITBUCKET_PR_ID") != "":
		// HEAD is a merge with the destination that the set-up makes for this step alone.
		// It stops at a conflict, so it adds nothing that its parents don't have. The
		// destination is a commit that may be shortened, and is not the merge base.
		head := ci.Or(ci.Commit(commit), "HEAD")
		return ci.Request("pull request", "", head,
			ci.Ends{Base: ci.Commit(p.Getenv("BITBUCKET_PR_DESTINATION_COMMIT")), Head: head},
			ci.Ends{Base: ci.Remote(p.Getenv("BITBUCKET_PR_DESTINATION_BRANCH")), Head: head},
		)
	case p.Getenv("BITBUCKET_TAG") != "":
		return ci.Tag("tag", "", commit)
	case p.Getenv("BITBUCKET_BRANCH") != "":
		// Bitbucket does not tell what a push replaces.
		return ci.Branch("push", p.Getenv("BITBUCKET_BRANCH"), "", commit)
	}
	// A custom or scheduled pipeline without a branch.
	return ci.Change{Event: "pipeline"}
}

// Publishers implements ci.Provider: the report on the commit, and the last line.
func (Provider) Publishers(p proc.Process, j ci.Job, d ci.Delivery) []report.Publisher {
	var pubs []report.Publisher
	if d.Insights == "auto" || d.Insights == "true" {
		pubs = append(pubs, cloudInsights(p, j, d))
	}
	return append(pubs, lastLine{p.Stdout, p.Getenv("NO_COLOR") == "", d.Policy})
}

// lastLine says how a pipe ended the way Bitbucket's own pipes do.
type lastLine struct {
	out    io.Writer
	colour bool
	policy report.Policy
}

// Publish implements report.Publisher.
func (l lastLine) Publish(_ context.Context, rep *scan.Report) error {
	const red, green, plain = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	mark, colour := "✔", green
	if l.policy.Verdict(rep) != nil {
		mark, colour = "✖", red
	}
	line := fmt.Sprintf("%s bbkeys: %s found in %s", mark, report.Counts(rep), report.Scanned(rep.Scanned))
	if !rep.Complete() {
		line += fmt.Sprintf("; incomplete, not looked at: %d", len(rep.Gaps))
	}
	if l.colour {
		line = colour + line + plain
	}
	if _, err := fmt.Fprintln(l.out, line); err != nil {
		return fault.New(fault.OutputUnwritable, "writing the last line: %w", err)
	}
	return nil
}
