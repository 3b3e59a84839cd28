package rule

import "math/rand/v2"

// The secret of an OAuth client, of which a Pipelines runner is one.
var oauthSecret = &Rule{
	ID:       "bitbucket-oauth-secret",
	Name:     "Atlassian OAuth client secret",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.5,
	Anchors:  []string{"ATOA"},
	Match:    matchOAuthSecret,
	Mint:     func(r *rand.Rand) string { return withSum("ATOA" + pick(r, base64URLChars, 64)) },
	Doc: Doc{
		What:   "The secret half of an Atlassian OAuth client: of a self-hosted Bitbucket Pipelines runner, or of an app made in Atlassian's developer console.",
		Opens:  "With the client's id, which usually stands beside it: a runner's lets its holder pose as the runner and receive the source and the secured variables of builds; an app's lets its holder pose as the app to those who use it.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/runners/",
		Steps: []string{
			"If OAUTH_CLIENT_ID, RUNNER_UUID or the runner's image stand beside it, delete the runner under Pipelines, Runners in the settings of the repository or workspace, and add it anew.",
			"Else find the app of that client id at https://developer.atlassian.com/console/myapps/ and make it a new secret under Settings.",
			"Change every secured variable of the repositories whose builds that runner could have received.",
			"Keep the new secret in a secrets manager, and give it to the runner or the app through the environment, not through a file in a repository.",
			"Remove the secret from the file; rewriting history is worth it only after it is replaced.",
		},
		Format: "76 characters: ATOA, 64 letters, digits, - or _, then the CRC-32 of the 68 before as 8 upper-case hexadecimal digits. " +
			"The vendor documents no format; this one was computed on nine public samples, four of them of runners, 2026-11-23. It does not tell a runner's secret from an app's.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/runners/",
			"https://developer.atlassian.com/cloud/oauth/getting-started/managing-oauth-apps/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
		},
	},
}

func matchOAuthSecret(text []byte, at int) (Match, bool) {
	return summed{anchor: "ATOA", body: 64, in: &base64URL}.match(text, at)
}
