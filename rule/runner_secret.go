package rule

// The secret of a runner, of the form without a prefix.
var oldRunnerSecret = &Rule{
	ID:       "bitbucket-runner-secret",
	Name:     "Bitbucket Pipelines runner secret",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.5,
	Anchors:  carrierWords,
	Match:    inContext(kindRunnerSecret),
	Mint:     mintAlike(base64URLChars, 64),
	Context:  "docker run -e RUNNER_UUID={1} -e OAUTH_CLIENT_SECRET=%s -e WORKING_DIRECTORY=/tmp image\n",
	kind:     kindRunnerSecret,
	Doc: Doc{
		What:   "The secret half of the OAuth client of a self-hosted Bitbucket Pipelines runner, of the form that was made before the prefix ATOA.",
		Opens:  "With the client's id, which stands beside it: posing as the runner, and so receiving the source and the secured variables of builds.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/runners/",
		Steps: []string{
			"Delete the runner under Pipelines, Runners in the settings of the repository or workspace, and add it anew.",
			"Change every secured variable of the repositories whose builds that runner could have received.",
			"Keep the new secret in a secrets manager, and give it to the runner through the environment, not through a file in a repository.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "64 letters, digits, - or _. There is no checksum. It counts only in OAUTH_CLIENT_SECRET near the other settings of a runner, such as RUNNER_UUID; placeholders, references and words such as changeme are nothing. Worked out from three public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/runners/",
			"https://support.atlassian.com/bitbucket-cloud/docs/adding-a-new-runner-in-bitbucket/",
		},
	},
}

func isRunnerSecret(c *claim) bool { return c.as == runnerSecret && alike(c.value, 64, &base64URL) }
