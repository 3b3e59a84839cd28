package rule

// An OAuth refresh token of the form without a signature.
var refreshToken = &Rule{
	ID:       "bitbucket-oauth-refresh-token",
	Name:     "Bitbucket OAuth refresh token",
	Since:    "1.0",
	Level:    Error,
	Severity: 7.5,
	Anchors:  carrierWords,
	Match:    inContext(kindRefresh),
	Mint:     mintAlike(unambiguousChars, 18),
	Context:  "BITBUCKET_REFRESH_TOKEN=%s\n",
	kind:     kindRefresh,
	Doc: Doc{
		What:   "What trades for new OAuth access tokens of a user of Bitbucket Cloud.",
		Opens:  "With the consumer's key and secret: acting as the user within the consumer's permissions, until it is used once more or three months pass without use.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
		Steps: []string{
			"Revoke the consumer's grant under App authorizations of the user's settings.",
			"Let the user sign in anew, which makes a new token.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "18 letters and digits without the look-alikes 0, 1, I, O, i, l and o, or a signed token (RFC 7519, 2015) that is not expired. There is no checksum. It counts only in a setting that names Bitbucket and a refresh token; placeholders, references and words such as changeme are nothing. Worked out from public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
		},
	},
}

func isRefresh(c *claim) bool {
	if c.as != oauthRefresh {
		return false
	}
	_, ok := readSigned(c.value)
	return ok || alike(c.value, 18, &unambiguous)
}
