package rule

import "strings"

// away is text that keeps a token away from the product's name.
var away = strings.Repeat("# and so on\n", 40)

// An access token of one of Atlassian's Data Center products, where it is not known which.
var farToken = &Rule{
	ID:       "atlassian-data-center-token",
	Name:     "Atlassian Data Center access token",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.5,
	Anchors:  carrierWords,
	Match:    inContext(kindFarToken),
	Mint:     mintNumbered,
	Context:  "# for bitbucket\n" + away + "token: %s\n" + away,
	kind:     kindFarToken,
	Doc: Doc{
		What:   "A token without a prefix of a Bitbucket, Jira or Confluence Data Center, which build them alike, in a file that names Bitbucket further away.",
		Opens:  "Whatever its owner can reach on the one server that made it, which may be a Bitbucket.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
		Steps: []string{
			"Find out from where it is used which server made it.",
			"Revoke it there: on Bitbucket under Manage account, HTTP access tokens, on Jira and Confluence under Personal access tokens of its owner's profile.",
			"On Bitbucket an administrator can revoke it by its id, the finding's 12 digits: DELETE {server}/rest/access-tokens/latest/users/{user}/{id}, …/projects/{key}/{id} or …/projects/{key}/repos/{repository}/{id}.",
			"Keep its replacement in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "44 characters: the base64 form, with + and / and no padding, of a 12-digit id, a colon and 20 random bytes. It counts between 400 and 3,000 bytes from the name of Bitbucket, unless the text around it names another of the vendor's products. Worked out from public samples, 2026-11-23.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			"https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
		},
	},
}
