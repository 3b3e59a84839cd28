package rule

import "strings"

// An OAuth access token of the form without a signature.
var oauthToken = &Rule{
	ID:       "bitbucket-oauth-access-token",
	Name:     "Bitbucket OAuth access token",
	Since:    "1.0",
	Level:    Warning,
	Severity: 5.0,
	Anchors:  carrierWords,
	Match:    inContext(kindAccess),
	Mint:     mintAlike(base64URLChars, 120),
	Context:  "git clone https://x-token-auth:%s@bitbucket.org/team/repo.git\n",
	kind:     kindAccess,
	Doc: Doc{
		What:   "The access token that an OAuth consumer of Bitbucket Cloud got, or that a pipeline step was handed.",
		Opens:  "Whatever the consumer's permissions allow, for one or two hours after it was made; what made it, such as a stored consumer secret, may leak where it did.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
		Steps: []string{
			"Find out when the token was made: after two hours it opens nothing.",
			"Find out what wrote it there, and let that keep tokens out of files.",
			"If it may still work, delete the OAuth consumer or revoke its grant under App authorizations of the user's settings.",
			"Remove it from the file.",
		},
		Format: "84 characters with one = at the end, or 120, of base64url, or a signed token (RFC 7519, 2015) that is not expired. There is no checksum. It counts only in the password of x-token-auth in an address of bitbucket.org, in a setting that names Bitbucket and an access token, or in Composer's auth.json; placeholders, references and words such as changeme are nothing. Worked out from public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
			"https://getcomposer.org/doc/articles/authentication-for-private-packages.md",
		},
	},
}

func isAccess(c *claim) bool {
	if c.as != oauthAccess && c.as != bearer {
		return false
	}
	if token, ok := readSigned(c.value); ok {
		return !token.identifies()
	}
	body, padded := strings.CutSuffix(c.value, "=")
	return padded && alike(body, 83, &base64URL) || alike(c.value, 120, &base64URL)
}
