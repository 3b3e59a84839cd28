package rule

import (
	"crypto/ed25519"
	"encoding/base64"
	"math/rand/v2"

	"github.com/bbkeys/bbkeys/secret"
	"golang.org/x/crypto/ssh"
)

// A private key of SSH, in any of the forms that it is stored in.
var sshPrivateKey = &Rule{
	ID:       "bitbucket-ssh-key",
	Name:     "SSH private key",
	Since:    "1.0",
	Level:    Error,
	LevelAt:  sshKeyLevel,
	Severity: 8.6,
	Anchors:  []string{"PRIVATE", puttyAnchor},
	Match:    matchSSHKey,
	Mint:     mintSSHKey,
	Doc: Doc{
		What:   "The private half of an SSH key: a person's, an access key of a project or repository, or the key pair of a repository's Pipelines.",
		Opens:  "Through git over SSH, all repositories of the person, with their rights, or those that the access key was added to; on Bitbucket Cloud an access key can only read, on Data Center it may write.",
		Revoke: "https://bitbucket.org/account/settings/ssh-keys/",
		Steps: []string{
			"Find out whose key it is: the finding's id is the SHA256 fingerprint that Bitbucket shows beside each key; ssh-keygen -lf computes it of a public key.",
			"Delete a personal key at https://bitbucket.org/account/settings/ssh-keys/ or with DELETE https://api.bitbucket.org/2.0/users/{user}/ssh-keys/{id}.",
			"Delete an access key in the repository's or project's settings, Access keys, or with DELETE https://api.bitbucket.org/2.0/repositories/{workspace}/{repository}/deploy-keys/{id} or DELETE https://api.bitbucket.org/2.0/workspaces/{workspace}/projects/{key}/deploy-keys/{id}.",
			"Replace the key pair of Pipelines in the repository's settings, Pipelines, SSH keys, or with DELETE https://api.bitbucket.org/2.0/repositories/{workspace}/{repository}/pipelines_config/ssh/key_pair.",
			"On a Data Center server, delete it in Manage account, SSH keys, or with DELETE {server}/rest/ssh/latest/keys/{id}; an access key with DELETE {server}/rest/keys/latest/projects/{key}/ssh/{id} or DELETE {server}/rest/keys/latest/projects/{key}/repos/{repository}/ssh/{id}.",
			"Remove its public half wherever else it was added: other hosts and authorized_keys files trust the same key.",
			"Make a new key, with a passphrase where a person uses it, and keep that of a CI in a secured variable or in the SSH keys of Pipelines.",
			"Remove the key from the file; rewriting history is worth it only after it is deleted.",
		},
		Format: "A file in the form of OpenSSH, PKCS#1, PKCS#8, SEC1, DSA, PuTTY 2 or 3 or ssh.com, as it is, indented, escaped, in several strings, or in base64. " +
			"It counts where its numbers belong together, or where a passphrase protects it and what is around that is right; a key that is damaged, cut off or longer than 8 KiB, as RSA keys above 8192 bits are, is a note at most. " +
			"It is an error where its name, a variable's name or the file ties it to Bitbucket, or where a configuration of SSH beside it has it as the IdentityFile of Bitbucket's host or bitbucket-pipelines.yml uses it, and a note where it is one of SSH and nothing does; a passphrase takes one level off, and a key of a certificate is nothing. " +
			"Forms as of RFC 8017, 5958, 5915 and 1421, OpenSSH's PROTOCOL.key and PuTTY's manual, appendix C, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/configure-ssh-and-two-step-verification/",
			"https://support.atlassian.com/bitbucket-cloud/docs/configure-repository-access-keys/",
			"https://support.atlassian.com/bitbucket-cloud/docs/using-ssh-keys-in-bitbucket-pipelines/",
			"https://confluence.atlassian.com/bitbucketserver/ssh-access-keys-for-system-use-776639781.html",
		},
	},
}

func matchSSHKey(text []byte, at int) (m Match, ok bool) {
	if at < 0 || at >= len(text) {
		return m, false
	}
	text = text[:min(len(text), at+Reach)]
	var key readKey
	m.Lo = at
	if hasPrefix(text[at:], "PRIVATE") {
		head, is := pemHeadAt(text, at)
		if !is {
			return m, false
		}
		m.Lo = head.lo
		key, ok = readPEM(text, head)
	} else if hasPrefix(text[at:], puttyAnchor) {
		key, ok = readPutty(text, at)
	}
	if !ok {
		return Match{}, false
	}
	m.Hi, m.Proof, m.Encoding = key.hi, key.proof, key.names
	m.Secret = secret.New(key.plain)
	if key.public != nil {
		m.ID = ssh.FingerprintSHA256(key.public)
	}
	if key.login {
		m.use |= keyOfLogin
	}
	if key.locked {
		m.use |= keyLocked
	}
	return m, true
}

func hasPrefix(b []byte, s string) bool { return len(b) >= len(s) && string(b[:len(s)]) == s }

// mintSSHKey makes an Ed25519 key in OpenSSH's form, without a comment.
func mintSSHKey(r *rand.Rand) string {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(r.Uint32())
	}
	key := ed25519.NewKeyFromSeed(seed)
	own := []byte(key[ed25519.SeedSize:])
	check := r.Uint32()
	private := ssh.Marshal(struct {
		Check1, Check2  uint32
		Name            string
		Public, Private []byte
		Comment         string
	}{check, check, ssh.KeyAlgoED25519, own, key, ""})
	for i := byte(1); len(private)%8 != 0; i++ {
		private = append(private, i)
	}
	blob := ssh.Marshal(struct {
		Cipher, KDF, Options string
		Keys                 uint32
		Public, Private      []byte
	}{"none", "none", "", 1, ssh.Marshal(struct {
		Name  string
		Point []byte
	}{ssh.KeyAlgoED25519, own}), private})
	head := pemHead{pemForm: pemForms()[0]}
	return head.file("", base64.RawStdEncoding.EncodeToString(append([]byte(opensshMagic), blob...)))
}
