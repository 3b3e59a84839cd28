package rule

import (
	"math/rand/v2"
	"strings"
)

// The client secret of an incoming application link.
var linkSecret = &Rule{
	ID:       "bitbucket-data-center-oauth-secret",
	Name:     "Bitbucket Data Center OAuth 2.0 client secret",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.0,
	Anchors:  carrierWords,
	Match:    inContext(kindLinkSecret),
	Mint:     mintHex,
	Context:  "BITBUCKET_DATACENTER_CLIENT_SECRET=%s\n",
	kind:     kindLinkSecret,
	Doc: Doc{
		What:   "The client secret of an incoming application link of a Bitbucket Data Center.",
		Opens:  "With the client's id: taking part in the sign-in of the server's users as the linked application, and trading codes and refresh tokens for access to their repositories.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/configure-an-incoming-link-1108483657.html",
		Steps: []string{
			"Open Administration, Application links on the server, find the incoming link by its client id, and make it a new secret or delete it.",
			"Revoke what users granted to the application under Authorized applications of their accounts.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "64 hexadecimal digits. There is no checksum, and hashes look the same. It counts only in a setting that names Bitbucket and a client secret; placeholders, references and words such as changeme are nothing. The length is that of public configurations, 2026-11-23; the vendor documents none.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/configure-an-incoming-link-1108483657.html",
			"https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-api-1108483661.html",
		},
	},
}

func isLinkSecret(c *claim) bool {
	if c.as != clientSecret || len(c.value) != 64 || distinct(c.value) < 10 || strings.Contains(strings.ToLower(c.value), "deadbeef") || c.value[:32] == c.value[32:] {
		return false
	}
	for _, b := range []byte(c.value) {
		if hexValue(b) < 0 {
			return false
		}
	}
	return true
}

func mintHex(r *rand.Rand) string {
	for {
		if s := pick(r, "0123456789abcdef", 64); isLinkSecret(&claim{as: clientSecret, value: s}) {
			return s
		}
	}
}
