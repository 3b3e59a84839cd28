package rule

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strings"
)

// The secret of an OAuth consumer of Bitbucket Cloud.
var clientSecret55 = &Rule{
	ID:       "bitbucket-oauth-consumer-secret",
	Name:     "Bitbucket OAuth consumer secret",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.3,
	Anchors:  carrierWords,
	Match:    inContext(kindClientSecret),
	Mint:     mintAlike(unambiguousChars, 32),
	Context:  "BITBUCKET_OAUTH_SECRET=%s\n",
	kind:     kindClientSecret,
	Doc: Doc{
		What:   "The secret half of an OAuth consumer of a Bitbucket Cloud workspace.",
		Opens:  "With the consumer's key, which usually stands beside it: whatever the consumer's permissions allow on the workspace that owns it, without any user's consent.",
		Revoke: "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
		Steps: []string{
			"Open the workspace's settings, OAuth consumers, find the consumer by its key, which is the finding's id where it stands beside the secret, and delete it or make it a new secret.",
			"Look through the audit log of the workspace for use since the leak.",
			"Keep the new one in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "32 letters and digits without the look-alikes 0, 1, I, O, i, l and o; the key has 18. There is no checksum. It counts only in a setting that names Bitbucket, or beside one that does; placeholders, references and words such as changeme are nothing. The alphabet was worked out from 13 public samples, 2026-11-23. The clients that are public on purpose, of Git Credential Manager and Sourcetree, are none.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
			"https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
		},
	},
}

// publicClients are SHA-256, over a prefix of ours and the secret, of the secrets that
// programs for the desktop hold on purpose: Git Credential Manager's, which is Sourcetree's
// too, and an older one. Hashes, so that no credential stands here. As in the sources of
// Git Credential Manager, 2026-11-23.
const publicClients = "379e528cbaa8195ab4ff4f4ce7d0b74e d19604d8c2b8f45fbcdfef96925bed3c"

func isClientSecret(c *claim) bool {
	if c.as != clientSecret && c.as != bearer && c.as != password || c.as == password && c.of == server || !alike(c.value, 32, &unambiguous) {
		return false
	}
	sum := sha256.Sum256([]byte("bbkeys public client\x00" + c.value))
	return !strings.Contains(publicClients, hex.EncodeToString(sum[:16]))
}

// mintAlike returns a Mint of n random characters that nobody takes for typed ones.
func mintAlike(chars string, n int) func(*rand.Rand) string {
	in := alphabetOf(chars)
	return func(r *rand.Rand) string {
		for {
			if s := pick(r, chars, n); alike(s, n, &in) {
				return s
			}
		}
	}
}
