package rule

// An HTTP access token of Bitbucket Data Center without its prefix.
var bareToken = &Rule{
	ID:       "bitbucket-data-center-token-unprefixed",
	Name:     "Bitbucket Data Center access token without prefix",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.8,
	Anchors:  carrierWords,
	Match:    inContext(kindBareToken),
	Mint:     mintNumbered,
	Context:  "BITBUCKET_TOKEN=%s\n",
	kind:     kindBareToken,
	Doc: Doc{
		What:   "A token of a person, project or repository on a Bitbucket Data Center or Bitbucket Server, of the form that older releases made, which called it a personal access token.",
		Opens:  "Reading, writing or administering the repositories that its owner chose, on the one server that made it, through git and the REST API.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
		Steps: []string{
			"Revoke the token on the server: Manage account, HTTP access tokens of its owner, or HTTP access tokens in the settings of the project or repository.",
			"An administrator can revoke it by its id, the finding's 12 digits: DELETE {server}/rest/access-tokens/latest/users/{user}/{id}, …/projects/{key}/{id} or …/projects/{key}/repos/{repository}/{id}.",
			"Create a new token with the least permission and an expiry date.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the server's audit log and access log for use since the leak.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "44 characters: the base64 form, with + and / and no padding, of a 12-digit id, a colon and 20 random bytes. Tokens of Jira and Confluence Data Center are built alike, so it counts only near the name of Bitbucket. Worked out from public samples, 2026-11-23.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			"https://developer.atlassian.com/server/bitbucket/rest/",
		},
	},
}

func isBareToken(c *claim) bool {
	if _, ok := numbered([]byte(c.value)); !ok {
		return false
	}
	return !filled([]byte(c.value[numberedBody:]))
}
