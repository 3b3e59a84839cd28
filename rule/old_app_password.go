package rule

// An app password of the form without a prefix.
var oldAppPassword = &Rule{
	ID:       "bitbucket-legacy-app-password",
	Name:     "Bitbucket app password of the old form",
	Since:    "1.0",
	Level:    Note,
	Severity: 3.0,
	Dead:     "2026-07-28",
	Anchors:  carrierWords,
	Match:    inContext(kindOldAppPassword),
	Mint:     mintAlike(unambiguousChars, 20),
	Context:  "machine bitbucket.org login me password %s\n",
	kind:     kindOldAppPassword,
	Doc: Doc{
		What:   "A password without a prefix that a person made to let scripts and tools act as them on Bitbucket Cloud.",
		Opens:  "Nothing since 2026-07-28, when Bitbucket began to refuse all app passwords; before, whatever its owner had ticked on every repository they could reach.",
		Revoke: "https://bitbucket.org/account/settings/app-passwords/",
		Steps: []string{
			"Check that it is an app password and not the password of the account: that must be changed.",
			"Find out when it leaked, and look through the workspace's audit log for use between then and 2026-07-28.",
			"Replace it where it is still configured by an API token or by an access token of the repository.",
			"Keep the replacement in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file.",
		},
		Format: "20 letters and digits without the look-alikes 0, 1, I, O, i, l and o. There is no checksum. It counts only in an address of bitbucket.org, a .netrc, curl's user, or a setting that names Bitbucket and a password; placeholders, references and words such as changeme are nothing. Worked out from a public sample, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/",
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
		},
	},
}

func isOldAppPassword(c *claim) bool {
	return (c.as == password || c.as == bearer) && c.of != server && alike(c.value, 20, &unambiguous)
}
