package rule

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"time"
)

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
	parts := strings.Split(c.value, ".")
	if len(parts) != 3 || len(parts[2]) < 40 || filled([]byte(parts[2])) {
		return false
	}
	var head struct {
		Alg string `json:"alg"`
	}
	var body struct {
		Exp float64 `json:"exp"` // seconds since 1970
	}
	return part(parts[0], &head) && part(parts[1], &body) && head.Alg != "" && !strings.EqualFold(head.Alg, "none") &&
		body.Exp > float64(time.Now().Unix())
}

// part reads one part of a signed token.
func part(s string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && json.Unmarshal(b, into) == nil
}

// mintSession makes a token with a signature of nobody's that lasts until 2100.
func mintSession(r *rand.Rand) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"kid":"session-service/prod","alg":"RS256"}`)) + "." +
		enc([]byte(`{"sub":"`+pick(r, "0123456789abcdef", 24)+`","exp":4102444800}`)) + "." + mintAlike(base64URLChars, 342)(r)
}
