package rule

import "math/rand/v2"

// The password of a user of a server of one's own.
var serverPassword = &Rule{
	ID:       "bitbucket-data-center-password",
	Name:     "Password at a Bitbucket Data Center",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.8,
	Anchors:  carrierWords,
	Match:    inContext(kindServerPassword),
	Mint:     mintChosen,
	Context:  "git clone https://deploy:%s@bitbucket.corp.internal/scm/prj/repo.git\n",
	Weak:     true,
	kind:     kindServerPassword,
	Doc: Doc{
		What:   "The password of a user of a Bitbucket Data Center or Bitbucket Server, which is often that of the organization's directory.",
		Opens:  "All that the user can reach on the server, and whatever else the same password opens.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/users-and-groups-776640439.html",
		Steps: []string{
			"Change the user's password, in the organization's directory where the server takes it from there.",
			"Find out where else it is used, and change it there.",
			"Use an HTTP access token of one repository instead, with the least permission and an expiry date.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the server's audit log and access log for use since the leak.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "Free text. It counts only in an address of a server that its name (bitbucket, stash), its port 7990 or its path /scm/ gives away, a .netrc, curl's user, or settings for Bitbucket Server or Data Center; placeholders, references and words such as changeme are nothing. The carriers are those of the vendor's documentation and of the tools that use it, 2026-11-23. The report tells nothing of it, and its fingerprint is over where it is used, not over the password.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			"https://confluence.atlassian.com/bitbucketserver/permanently-authenticating-with-git-repositories-776639846.html",
		},
	},
}

func isServerPassword(c *claim) bool { return c.as == password && c.of == server && chosen(c) }

// mintChosen makes a password such as a person might choose, which nobody takes for a
// placeholder.
func mintChosen(r *rand.Rand) string {
	for {
		c := claim{value: pick(r, unambiguousChars, 11) + pick(r, "23456789", 2) + "!"}
		if chosen(&c) && !selfProving(c.value) {
			return c.value
		}
	}
}
