package rule

import "math/rand/v2"

// The cookie of a sign-in.
var sessionToken = &Rule{
	ID:       "atlassian-session-token",
	Name:     "Atlassian session token",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.6,
	Anchors:  carrierWords,
	Match:    inContext(kindWebSession),
	Mint:     mintSession,
	Context:  "Cookie: cloud.session.token=%s\n",
	kind:     kindWebSession,
	Doc: Doc{
		What:   "The cookie of somebody's sign-in at Atlassian, as browsers' developer tools copy it into commands and archives.",
		Opens:  "All that its owner can do on bitbucket.org, Jira and Confluence in a browser, until it expires.",
		Revoke: "https://id.atlassian.com/manage-profile/security",
		Steps: []string{
			"Sign out everywhere: log out of all devices on the owner's security page, or reset sessions in the organization's administration.",
			"Look through the audit logs of the organization and the workspace for use since the leak.",
			"Let whoever recorded the requests take headers and cookies out of what they share.",
			"Remove it from the file.",
		},
		Format: "A signed token (RFC 7519, 2015) that is not expired when the scan runs, as the value of cloud.session.token or tenant.session.token. An expired one is nothing. Seen in public requests and archives, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/atlassian-account/docs/manage-your-sessions/",
			"https://support.atlassian.com/security-and-access-policies/docs/manage-session-durations/",
		},
	},
}

func isWebSession(c *claim) bool {
	if c.as != webSession {
		return false
	}
	body, ok := readSigned(c.value)
	return ok && body.Expires > 0
}

// mintSession makes a token that lasts until 2100.
func mintSession(r *rand.Rand) string {
	return mintSigned(r, `{"sub":"`+pick(r, "0123456789abcdef", 24)+`","exp":4102444800}`)
}
