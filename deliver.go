package main

import (
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
)

// commitDigits is how long the full name of a commit is where a server shows reports.
const commitDigits = 40

// bind takes from the inputs where the report goes besides files. That it is nowhere is an
// error before anything is scanned.
func (c *command) bind(job *ci.Job) (err error) {
	_, onGitHub := c.host.(github.Provider)
	_, inPipelines := c.host.(bitbucket.Provider)
	if c.Upload && !onGitHub {
		return exit.Usagef(fault.Nowhere, "leave upload out; other CIs take the file that sarif-file names", "reading the inputs: upload is for jobs of GitHub Actions")
	}
	if c.Insights == "true" && !inPipelines && c.InsightsURL == "" {
		return exit.Usagef(fault.Nowhere, "name the repository in Data Center with insights-url, or leave insights out",
			"reading the inputs: insights is for Bitbucket Pipelines and for Data Center")
	}
	if c.InsightsCommit != "" {
		if job.Commit = ci.Commit(c.InsightsCommit); len(job.Commit) != commitDigits {
			return exit.Usagef(fault.BadValue, "write the 40 digits that git rev-parse prints", "reading the input insights-commit: the value is no full name of a commit")
		}
	}
	if c.InsightsURL == "" || c.Insights == "false" {
		return nil
	}
	if c.repo, err = bitbucket.ParseRepository(c.InsightsURL); err != nil {
		return exit.Usagef(fault.BadValue, "copy the address of the repository's page, or the one that it is cloned from over https", "reading the input insights-url: %w", err)
	}
	return nil
}
