package config

// destinations are the inputs that say where a report goes besides files.
func destinations() []Input {
	return []Input{
		{Name: "insights", Flag: "insights", Default: "auto", Values: []string{"auto", "true", "false"}, Once: true,
			Help:  "whether the report is put on the commit in Bitbucket (Code Insights): auto is in Pipelines, where the proxy of the build is there",
			store: func(c *Config, v value) { c.Insights = v.text }},
		{Name: "insights-url", Flag: "insights-url", Param: "URL", Once: true,
			Help:  "repository in Bitbucket Data Center to put the report into, such as https://bitbucket.example.com/projects/KEY/repos/NAME, with the input token",
			store: func(c *Config, v value) { c.InsightsURL = v.text }},
		{Name: "insights-commit", Flag: "insights-commit", Param: "COMMIT", Once: true,
			Help:  "full name of the commit to put the report on (default: what the CI says, else the head of the range)",
			store: func(c *Config, v value) { c.InsightsCommit = v.text }},
		{Name: "upload", Flag: "upload", Default: "false", Values: []string{"true", "false"}, Once: true,
			Help:  "upload the SARIF report to GitHub code scanning, with the input token; the job needs security-events: write",
			store: func(c *Config, v value) { c.Upload = v.text == "true" }},
	}
}
