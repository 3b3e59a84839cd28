package rule

// The password of an account.
var accountPassword = &Rule{
	ID:       "bitbucket-password",
	Name:     "Password of a Bitbucket account",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.0,
	Anchors:  carrierWords,
	Match:    inContext(kindPassword),
	Mint:     mintChosen,
	Context:  "git clone https://deploy:%s@bitbucket.org/team/repo.git\n",
	Weak:     true,
	kind:     kindPassword,
	Doc: Doc{
		What:   "What stands where the password of an account of Bitbucket belongs.",
		Opens:  "The account's sign-in at Atlassian, if it is the account's password; Bitbucket Cloud itself has refused account passwords for git and its API since 2022-03-01.",
		Revoke: "https://support.atlassian.com/atlassian-account/docs/change-password-for-your-atlassian-account/",
		Steps: []string{
			"Change the password of the account, and turn on two-step verification.",
			"Find out where else it is used, and change it there.",
			"Use an access token of the repository, or an API token, with the fewest scopes instead.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "Free text. It counts only in an address of bitbucket.org, a .netrc, curl's user, or a setting that names Bitbucket and a password; placeholders, references and words such as changeme are nothing. The vendor announced the end of account passwords for git for 2022-03-01. The report tells nothing of it, and its fingerprint is over where it is used, not over the password.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
			"https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
		},
	},
}

func isPassword(c *claim) bool { return c.as == password && c.of != server && chosen(c) }
