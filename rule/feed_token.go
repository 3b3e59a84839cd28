package rule

import "math/rand/v2"

// The token of a feed.
var feedToken = &Rule{
	ID:       "bitbucket-feed-token",
	Name:     "Bitbucket feed token",
	Since:    "1.0",
	Level:    Warning,
	Severity: 4.0,
	Anchors:  carrierWords,
	Match:    inContext(kindFeed),
	Mint:     mintFeed,
	Context:  "<link href=\"https://bitbucket.org/me/rss/feed?token=%s\">\n",
	kind:     kindFeed,
	Doc: Doc{
		What:   "The token in the address of a user's RSS feed on Bitbucket Cloud.",
		Opens:  "Reading the feed: what happens in the private repositories that the user watches, as far as Bitbucket still serves it.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/",
		Steps: []string{
			"Find out whether the address still shows the feed.",
			"If it does, ask the vendor's support to revoke it: no page does.",
			"Remove the address from the file.",
		},
		Format: "32 lower-case hexadecimal digits. There is no checksum. It counts only in the address of a feed of bitbucket.org; placeholders, references and words such as changeme are nothing. Worked out from a public sample and three feed readers, 2026-11-23; whether feeds are still served is not known.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/",
			"https://support.atlassian.com/contact/",
		},
	},
}

func isFeed(c *claim) bool {
	if c.as != feed || len(c.value) != 32 || distinct(c.value) < 10 || c.value[:16] == c.value[16:] {
		return false
	}
	for _, b := range []byte(c.value) {
		if hexValue(b) < 0 || isUpper(b) {
			return false
		}
	}
	return true
}

func mintFeed(r *rand.Rand) string {
	for {
		if s := pick(r, "0123456789abcdef", 32); isFeed(&claim{as: feed, value: s}) {
			return s
		}
	}
}
