package rule

// The shared secret of a Connect app.
var connectSecret = &Rule{
	ID:       "bitbucket-connect-secret",
	Name:     "Bitbucket Connect shared secret",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.5,
	Anchors:  carrierWords,
	Match:    inContext(kindConnect),
	Mint:     mintAlike(base64URLChars, 40),
	Context:  "{\"sharedSecret\": \"%s\", \"baseApiUrl\": \"https://api.bitbucket.org\"}\n",
	Weak:     true, // for all that is known of its form
	kind:     kindConnect,
	Doc: Doc{
		What:   "What an installed Connect app and Bitbucket Cloud share.",
		Opens:  "Acting as the app on the workspace that installed it, by signing tokens that trade for OAuth tokens; apps can no longer be installed since 2026-02-02, and existing installations go on.",
		Revoke: "https://developer.atlassian.com/cloud/bitbucket/app-descriptor/",
		Steps: []string{
			"Uninstall the app from the workspace, and tell its maker, who holds the secrets of all installations.",
			"Keep what the app is told on installation in a secrets manager, not in files or logs.",
			"Look through the audit log of the workspace for use since the leak.",
			"Remove it from the file.",
		},
		Format: "Text that the vendor does not describe. It counts only in sharedSecret beside an address of bitbucket.org in the same object; placeholders, references and words such as changeme are nothing. The object is what Bitbucket sends an app when it is installed, as documented on 2026-11-23. The report tells nothing of it, and its fingerprint is over where it is used.",
		Links: []string{
			"https://developer.atlassian.com/cloud/bitbucket/app-descriptor/",
			"https://developer.atlassian.com/cloud/bitbucket/authentication-for-apps/",
		},
	},
}

func isConnect(c *claim) bool {
	v := c.value
	if c.as != connect || c.of != cloud || len(v) < 16 || len(v) > 256 || reference(v) || !isRandom(v) && standIn(v, c) || distinct(v) < 10 || !hasDigit(v) {
		return false
	}
	for _, b := range []byte(v) {
		if !tokenChar(b) && b != '=' && b != '.' && b != '~' {
			return false
		}
	}
	return true
}
