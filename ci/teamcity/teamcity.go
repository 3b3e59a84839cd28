// Package teamcity is what the scanner knows about TeamCity.
package teamcity

import (
	"io"
	"os"
	"strings"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
)

// Provider implements ci.Provider.
type Provider struct{ ci.Prefixed }

// Name implements ci.Provider.
func (Provider) Name() string { return "teamcity" }

// Here implements ci.Provider.
func (Provider) Here(p proc.Process) bool { return p.Getenv("TEAMCITY_VERSION") != "" }

// Job implements ci.Provider.
func (Provider) Job(p proc.Process) (ci.Job, error) {
	build := parameters(p)
	return ci.Job{
		Dir: ci.Or(build["teamcity.build.checkoutDir"], "."), SARIF: ci.SARIF, Change: change(p, build),
		Commit: ci.Commit(p.Getenv("BUILD_VCS_NUMBER")), Page: p.Getenv("BUILD_URL"),
	}, nil
}

// change names what the build was started for, from TeamCity's parameters (list of
// predefined build parameters, 2025.11). A build has them in a file and only few of them
// in its environment; where the file is out of reach, as in a container that does not
// mount it, what the commit has over the default branch is the change.
func change(p proc.Process, build map[string]string) ci.Change {
	head := ci.Or(ci.Commit(p.Getenv("BUILD_VCS_NUMBER")), ci.Commit(build["build.vcs.number"]), "HEAD")
	trunk := build["vcsroot.branch"]
	switch branch := build["teamcity.build.branch"]; {
	case build["teamcity.pullRequest.number"] != "":
		return ci.Request("pull request", trunk, head, ci.Ends{Base: ci.Remote(build["teamcity.pullRequest.target.branch"]), Head: head})
	case build["teamcity.build.branch.is_default"] == "true":
		return ci.Unchanged("build")
	case branch != "":
		// TeamCity does not tell what a push replaces.
		return ci.Branch("build", branch, trunk, head)
	}
	// It may be that of a pull request.
	return ci.Request("build", trunk, head)
}

// parameters returns the parameters of the build, by way of the file that the environment
// names, which names the file with all of them.
func parameters(p proc.Process) map[string]string {
	system := properties(p.Getenv("TEAMCITY_BUILD_PROPERTIES_FILE"))
	all := properties(system["teamcity.configuration.properties.file"])
	for k, v := range system {
		all[k] = v
	}
	return all
}

// maxProperties is far more than a build's parameters take.
const maxProperties = 16 << 20

// properties reads a file in the form of Java's properties. What can't be read has none.
func properties(path string) map[string]string {
	all := map[string]string{}
	if path == "" {
		return all
	}
	f, err := os.Open(path)
	if err != nil {
		return all
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, maxProperties))
	if err != nil {
		return all
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		// No value that is asked for goes on in a second line.
		key, value := split(line)
		all[key] = value
	}
	return all
}

// split returns a line's key and value, both without escapes. What \u stands for is kept
// as it is: no value that is asked for has it and is of use.
func split(line string) (key, value string) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '=', ':':
			return unescape(line[:i]), unescape(line[i+1:])
		}
	}
	return unescape(line), ""
}

func unescape(s string) string {
	var b strings.Builder
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] != 'u' {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
