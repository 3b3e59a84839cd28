package rule

// The password of the server at Crowd.
var crowdPassword = &Rule{
	ID:       "bitbucket-crowd-password",
	Name:     "Password of Bitbucket at Crowd",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.5,
	Anchors:  carrierWords,
	Match:    inContext(kindCrowd),
	Mint:     mintChosen,
	Context:  "application.name=bitbucket\napplication.password=%s\n",
	Weak:     true,
	kind:     kindCrowd,
	Doc: Doc{
		What:   "The password with which a Bitbucket Data Center signs in at the organization's Crowd.",
		Opens:  "Crowd's interface for applications: listing users, checking their passwords and, where it is allowed, changing them, from addresses that Crowd admits.",
		Revoke: "https://confluence.atlassian.com/crowd/adding-an-application-18579591.html",
		Steps: []string{
			"Give the application a new password in Crowd's administration, and the server the same.",
			"Keep the new one in crowd.properties of the server's home folder, which belongs into no repository; let the tool that sets the server up put it there out of a secrets manager.",
			"Restrict the addresses from which Crowd admits the application.",
			"Look through Crowd's audit log for use since the leak.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "Free text. It counts only in application.password beside an application.name with the name of Bitbucket, as crowd.properties has them; placeholders, references and words such as changeme are nothing. The names are those of the vendor's documentation, 2026-11-23. The report tells nothing of it, and its fingerprint is over the setting's name.",
		Links: []string{
			"https://confluence.atlassian.com/crowd/the-crowd-properties-file-98665664.html",
			"https://confluence.atlassian.com/bitbucketserver/connecting-bitbucket-to-crowd-776640399.html",
		},
	},
}

func isCrowd(c *claim) bool {
	if c.as != crowd {
		return false
	}
	d := *c
	d.strong = true
	return chosen(&d)
}
