package rule

import (
	"bytes"
	"encoding/base64"
)

// A password in the configuration of a server of one's own.
var serverProperty = &Rule{
	ID:       "bitbucket-data-center-property",
	Name:     "Password in bitbucket.properties",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.0,
	Anchors:  carrierWords,
	Match:    inContext(kindProperty),
	Mint:     mintChosen,
	Context:  "setup.sysadmin.password=%s\n",
	Weak:     true,
	kind:     kindProperty,
	Doc: Doc{
		What:   "A password in the configuration of a Bitbucket Data Center: of its first administrator, its database, its search server, its key store or its cluster.",
		Opens:  "The server itself as its administrator, or the database with everything in it, for whoever reaches them.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html",
		Steps: []string{
			"Change the password where it is used: on the server, at the database, the search server or the key store.",
			"Put it into the file only on the server, encrypted, or give it through the environment.",
			"Look through the logs of what it opens for use since the leak.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "Free text, also in base64 where Base64Cipher stands near it. It counts only in setup.sysadmin.password, or in another password of bitbucket.properties near a setting that names Bitbucket; placeholders, references and words such as changeme are nothing. Encrypted values are none. The names are those of the vendor's list, 2026-11-23. The report tells nothing of it, and its fingerprint is over the setting's name.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/bitbucket-config-properties-776640155.html",
			"https://confluence.atlassian.com/bitbucketserver/encrypt-the-database-password-1044095998.html",
		},
	},
}

func isProperty(c *claim) bool {
	if c.as != property {
		return false
	}
	const far = 600
	around := c.text[max(0, c.lo-far):min(len(c.text), c.hi+far)]
	if bytes.Contains(around, []byte("AlgorithmCipher")) {
		return false
	}
	if bytes.Contains(around, []byte("Base64Cipher")) {
		if plain, err := base64.StdEncoding.DecodeString(c.value); err == nil && len(plain) > 0 {
			c.value, c.undone = string(plain), []string{"base64"}
		}
	}
	d := *c
	d.strong = true
	return chosen(&d)
}
