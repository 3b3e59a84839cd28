package rule

import (
	"crypto/md5"
	"encoding/hex"
	"math/rand/v2"
	"strings"
)

// An API token without a prefix.
var oldToken = &Rule{
	ID:       "atlassian-legacy-api-token",
	Name:     "Atlassian API token of the old form",
	Since:    "1.0",
	Level:    Note,
	Severity: 2.0,
	Dead:     "2026-05-12",
	Anchors:  carrierWords,
	Match:    inContext(kindOldToken),
	Mint:     mintOldToken,
	Context:  "BITBUCKET_API_TOKEN=%s\n",
	kind:     kindOldToken,
	Doc: Doc{
		What:   "An API token of an Atlassian account, of the form that was made until 2023.",
		Opens:  "Nothing since 2026-05-12, when the last tokens of this form had expired; before, whatever its owner could reach on Jira and Confluence.",
		Revoke: "https://id.atlassian.com/manage-profile/security/api-tokens",
		Steps: []string{
			"Check on its owner's API token page that the token is gone.",
			"Find out when it leaked, and look through the organization's audit log for use between then and its expiry.",
			"Replace it where it is still configured, and keep the new one in a secured variable of the CI or in a secrets manager.",
			"Remove it from the file.",
		},
		Format: "24 letters and digits, the last four of which are the first two bytes of the MD5 of the others in upper-case hexadecimal digits. That is a weak proof, so it counts only where a setting names Bitbucket. The vendor documents no format; this one holds for two public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
		},
	},
}

// Lengths of an old token, in characters.
const (
	oldTokenLen  = 24
	oldTokenBody = 20 // what its tail is computed of
)

func isOldToken(c *claim) bool {
	v := c.value
	if len(v) != oldTokenLen || !alike(v[:oldTokenBody], oldTokenBody, &alnum) {
		return false
	}
	return v[oldTokenBody:] == oldTail(v[:oldTokenBody])
}

func oldTail(body string) string {
	sum := md5.Sum([]byte(body))
	return strings.ToUpper(hex.EncodeToString(sum[:2]))
}

func mintOldToken(r *rand.Rand) string {
	body := mintAlike(alnumChars, oldTokenBody)(r)
	return body + oldTail(body)
}
