package rule

// An Atlassian account's API token.
var apiToken = &Rule{
	ID:       "bitbucket-api-token",
	Name:     "Atlassian API token",
	Since:    "1.0",
	Level:    Error,
	Severity: 9.1,
	Anchors:  []string{"ATATT3"},
	Match:    apiTokenForm.match,
	Mint:     apiTokenForm.mint,
	Doc: Doc{
		What:   "A token that a person made to let scripts and tools act as them on Bitbucket Cloud, Jira and Confluence.",
		Opens:  "Whatever its scopes allow on everything its owner can reach: reading and writing code, pull requests, pipelines and packages; a token without scopes opens Jira and Confluence instead.",
		Revoke: "https://id.atlassian.com/manage-profile/security/api-tokens",
		Steps: []string{
			"Revoke the token on its owner's API token page; an organization admin can do it under Security, User API tokens.",
			"Create a new token with the fewest scopes and the shortest life that do the job; for a machine, prefer an access token of one repository.",
			"Keep the new token in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the audit logs of the organization and the workspace for use since the leak.",
			"Remove the token from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "192 characters: ATAT, then the base64url form of O|E|at and 128 bytes (ATATT3xFfGF0, 171 letters, digits, - or _, one =), then the CRC-32 of all before it as 8 upper-case hexadecimal digits. " +
			"One whose = and checksum were cut off is whole for an attacker, who can compute them, and is found too. " +
			"The vendor documents no format beyond the letters; this one was computed on public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
			"https://support.atlassian.com/bitbucket-cloud/docs/revoke-an-api-token/",
			"https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
		},
	},
}

var apiTokenForm = envelope{head: "ATATT3xFfGF0"}
