package rule

import "math/rand/v2"

// An app password, of the form that was made until 2025-09-09.
var appPassword = &Rule{
	ID:       "bitbucket-app-password",
	Name:     "Bitbucket app password",
	Since:    "1.0",
	Level:    Warning,
	Severity: 4.0,
	Dead:     "2026-07-28",
	Anchors:  []string{"ATBB"},
	Match:    matchAppPassword,
	Mint:     func(r *rand.Rand) string { return withSum("ATBB" + pick(r, unambiguousChars, 24)) },
	Doc: Doc{
		What:   "A password that a person made to let scripts and tools act as them on Bitbucket Cloud.",
		Opens:  "Nothing since 2026-07-28, when Bitbucket began to refuse all app passwords; before, whatever its owner had ticked on every repository they could reach.",
		Revoke: "https://bitbucket.org/account/settings/app-passwords/",
		Steps: []string{
			"Check that the password is gone from the app passwords page of its owner, where that page still shows any.",
			"Find out when it leaked, and look through the workspace's audit log for use between then and 2026-07-28.",
			"Replace it where it is still configured by an API token or by an access token of the repository: what uses it fails already.",
			"Keep the replacement in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove the password from the file.",
		},
		Format: "36 characters: ATBB, 24 letters and digits without the look-alikes 0, 1, I, O, i, l and o, then the CRC-32 of the 28 before as 8 upper-case hexadecimal digits. " +
			"The vendor documents no format; this one was computed on public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/",
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
			"https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
		},
	},
}

func matchAppPassword(text []byte, at int) (Match, bool) {
	return summed{anchor: "ATBB", body: 24, in: &alnum}.match(text, at)
}
