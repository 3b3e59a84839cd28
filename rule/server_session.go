package rule

import "math/rand/v2"

// The cookie of a session on a server of one's own.
var serverSession = &Rule{
	ID:       "bitbucket-data-center-session",
	Name:     "Bitbucket Data Center session cookie",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.0,
	Anchors:  carrierWords,
	Match:    inContext(kindOwnSession),
	Mint:     mintServerSession,
	Context:  "Cookie: BITBUCKETSESSIONID=%s; x=1\n",
	kind:     kindOwnSession,
	Doc: Doc{
		What:   "The cookie of somebody's session, or of a remembered sign-in, on a Bitbucket Data Center.",
		Opens:  "All that its owner can do on that server in a browser, until the session ends.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/users-and-groups-776640439.html",
		Steps: []string{
			"Sign out on the server, and change the owner's password, which ends remembered sign-ins.",
			"Look through the server's audit log and access log for use since the leak.",
			"Let whoever recorded the requests take headers and cookies out of what they share.",
			"Remove it from the file.",
		},
		Format: "The value of BITBUCKETSESSIONID, 32 upper-case hexadecimal digits, or of _atl_bitbucket_remember_me, random letters and digits. There is no checksum. The names are those of the server's cookies, 2026-11-23.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html",
			"https://confluence.atlassian.com/bitbucketserver/users-and-groups-776640439.html",
		},
	},
}

func isServerSession(v string) bool {
	if len(v) != 32 || distinct(v) < 10 || v[:16] == v[16:] {
		return false
	}
	for _, b := range []byte(v) {
		if !upperHex[b] {
			return false
		}
	}
	return true
}

func isOwnSession(c *claim) bool {
	if c.as != ownSession {
		return false
	}
	v := c.value
	if hasTail(flatten([]byte(c.key)), "sessionid") {
		return isServerSession(v)
	}
	for _, b := range []byte(v) {
		if !tokenChar(b) && b != '=' && b != '%' && b != ':' {
			return false
		}
	}
	return len(v) >= 40 && len(v) <= 256 && mixed([]byte(v)) && !invented([]byte(v))
}

func mintServerSession(r *rand.Rand) string {
	for {
		if s := pick(r, upperHexChars, 32); isServerSession(s) {
			return s
		}
	}
}
