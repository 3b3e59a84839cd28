// Package github is what the scanner knows about GitHub Actions.
package github

import (
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
)

// Provider implements ci.Provider and ci.Quoter.
type Provider struct{}

// Name implements ci.Provider.
func (Provider) Name() string { return "github" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("GITHUB_ACTIONS") == "true" }

// Input implements ci.Provider. An action gets its inputs in variables that keep the
// hyphens, as INPUT_SARIF-FILE, which no shell can set: a step that runs the program
// itself uses the prefixed spelling.
func (Provider) Input(p proc.Process, name string) string {
	given := githubactions.New(githubactions.WithGetenv(p.Getenv)).GetInput(name)
	return ci.Or(given, ci.Prefixed{}.Input(p, name))
}

// inputPrefix begins the variables that hold an action's inputs.
const inputPrefix = "INPUT_"

// Unknown implements ci.Provider.
func (Provider) Unknown(p proc.Process, names []string) []string {
	// These two the runner itself takes from a step that uses an image (actions/runner,
	// ContainerActionHandler.cs, 2026-11).
	known := append([]string{"args", "entrypoint"}, names...)
	return append(ci.Strays(p, inputPrefix, known, strings.ToUpper), ci.Prefixed{}.Unknown(p, names)...)
}

// Job implements ci.Provider. Its error is an *exit.Error of status Usage.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	change, err := readChange(p)
	name := p.Getenv("GITHUB_REPOSITORY")
	return ci.Job{
		Dir: ci.Or(p.Getenv("GITHUB_WORKSPACE"), "."), SARIF: ci.SARIF, Cloned: true,
		Change: change, Origin: origin(p, change), Fork: name != "" && fork(p, name),
	}, err
}

// origin returns where the runner's checkout came from. The token stays at home where
// the change may be a stranger's and the job has the rights of the repository.
func origin(p proc.Process, change ci.Change) ci.Origin {
	server, name := p.Getenv("GITHUB_SERVER_URL"), p.Getenv("GITHUB_REPOSITORY")
	if server == "" || name == "" {
		return ci.Origin{}
	}
	o := ci.Origin{URL: strings.TrimSuffix(server, "/") + "/" + name + ".git"}
	if token := (Provider{}).Input(p, "token"); token != "" && !change.Elsewhere {
		o.Authorization = ci.Basic("x-access-token", token)
	}
	return o
}

// Cry shows on the run's page why a run ended that has no report to tell it. It goes to standard error,
// which the runner reads too, since standard output may be a report.
func (Provider) Cry(p proc.Process, title, text string) error {
	return say(p.Stderr, githubactions.Command{Name: "error", Properties: githubactions.CommandProperties{"title": "bbkeys: " + title}, Message: text})
}

// Publishers implements ci.Provider: annotations, the step's outputs, its summary, and the
// upload where one is asked for.
func (Provider) Publishers(p proc.Process, j ci.Job, d ci.Delivery) []report.Publisher {
	pubs := []report.Publisher{
		annotations{p.Stdout, d.Policy},
		outputs{file{p.Getenv("GITHUB_OUTPUT"), "outputs", fault.OutputsUnwritable}, j.Dir, d},
		summary{file{p.Getenv("GITHUB_STEP_SUMMARY"), "step summary", fault.SummaryUnwritable}},
	}
	if d.Upload != nil {
		pubs = append(pubs, newUpload(p, j, d))
	}
	return pubs
}
