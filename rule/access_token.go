package rule

// An access token of a repository, a project or a workspace.
var accessToken = &Rule{
	ID:       "bitbucket-access-token",
	Name:     "Bitbucket access token",
	Since:    "1.0",
	Level:    Error,
	Severity: 9.3,
	Anchors:  []string{"ATCTT3"},
	Match:    accessTokenForm.match,
	Mint:     accessTokenForm.mint,
	Doc: Doc{
		What:   "A token of a repository, project or workspace on Bitbucket Cloud that acts as a user of its own; an organization's admin API key has the same form.",
		Opens:  "Whatever its scopes allow on its repository, project or workspace, and, as an organization's key, every account of the organization; those made before expiry was asked for never end by themselves.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/revoke-a-repository-access-token/",
		Steps: []string{
			"Open Settings, Security, Access tokens of the repository, the project and the workspace in turn, and revoke the token; an organization's key is under API keys in the organization's settings.",
			"Choose Revoke, not Rotate: after a rotation the old token works for up to 30 minutes.",
			"Create a new token with the fewest scopes and an expiry date.",
			"Keep the new token in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the audit log of the workspace for use since the leak.",
			"Remove the token from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "192 characters: ATCT, then the base64url form of O|E|ct and 128 bytes (ATCTT3xFfGN0, 171 letters, digits, - or _, one =), then the CRC-32 of all before it as 8 upper-case hexadecimal digits. " +
			"One whose = and checksum were cut off is whole for an attacker, who can compute them, and is found too. " +
			"The vendor documents no format; this one was computed on public samples, 2026-11-23. It does not tell the repository, project or workspace.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
			"https://support.atlassian.com/bitbucket-cloud/docs/revoke-a-workspace-access-token/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
			"https://support.atlassian.com/organization-administration/docs/manage-an-organization-with-the-admin-apis/",
		},
	},
}

var accessTokenForm = envelope{head: "ATCTT3xFfGN0"}
