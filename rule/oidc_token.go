package rule

import (
	"encoding/base64"
	"math/rand/v2"
)

// What a step of Pipelines identifies itself with to others.
var oidcToken = &Rule{
	ID:       "bitbucket-oidc-token",
	Name:     "Bitbucket Pipelines OIDC token",
	Since:    "1.0",
	Level:    Note,
	Severity: 3.5,
	Anchors:  carrierWords,
	Match:    inContext(kindOIDC),
	Mint:     mintOIDC,
	Context:  "BITBUCKET_STEP_OIDC_TOKEN=%s\n",
	kind:     kindOIDC,
	Doc: Doc{
		What:   "The signed token with which a step of Bitbucket Pipelines tells other services which step it is.",
		Opens:  "Nothing on Bitbucket; until it expires, within minutes or hours, the cloud accounts and vaults that trust the workspace's identity provider.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/",
		Steps: []string{
			"Find out what wrote it there, such as a log of the environment, and let that keep it out.",
			"Look through the logs of the services that trust it for use from elsewhere until it expired.",
			"Restrict in those services which repositories, deployments and addresses they trust.",
			"Remove it from the file.",
		},
		Format: "A signed token (RFC 7519, 2015) whose issuer is the identity provider of a workspace's Pipelines. It counts only in a setting that names Bitbucket, and an expired one is nothing. The issuer is that of the vendor's documentation, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
		},
	},
}

func isOIDC(c *claim) bool {
	if c.as != bearer && c.as != oauthAccess {
		return false
	}
	body, ok := readSigned(c.value)
	return ok && body.identifies()
}

func mintOIDC(r *rand.Rand) string {
	return mintSigned(r, `{"iss":"https://api.bitbucket.org/2.0/workspaces/team/pipelines-config/identity/oidc","aud":"`+pick(r, "0123456789abcdef", 24)+`","exp":4102444800}`)
}

// mintSigned makes a token with a body and a signature of nobody's.
func mintSigned(r *rand.Rand, body string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"kid":"`+pick(r, "0123456789abcdef", 8)+`","alg":"RS256"}`)) + "." + enc([]byte(body)) + "." + mintAlike(base64URLChars, 342)(r)
}
