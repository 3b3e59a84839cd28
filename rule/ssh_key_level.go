package rule

import (
	"path"
	"strings"
)

// What the form of a private key tells about its use.
type keyUse uint8

const (
	keyOfLogin keyUse = 1 << iota // only SSH has keys in this form
	keyLocked                     // a passphrase protects it
)

// sshKeyLevel returns the level of a private key in a file, or 0 where it is none of
// Bitbucket's: SSH keys open many hosts, and most other private keys are those of
// certificates.
func sshKeyLevel(m Match, f File) Level {
	base := strings.ToLower(path.Base(f.Path))
	label := keyLabel(f.Before)
	ssh := m.use&keyOfLogin != 0 || namesSSH(base) || namesSSH(label)
	named := namesBitbucket(base) || namesBitbucket(label)
	switch {
	case strings.HasPrefix(base, "ssh_host_"): // which proves a server's name and opens nothing
		return 0
	case f.Ties&pointed != 0:
		ssh = true
	case !ssh && (f.Ties&certified != 0 || namesCertificate(base) || namesCertificate(label)):
		return 0
	case m.use&keyOfLogin == 0 && strings.HasSuffix(base, ".key") && f.Ties&reached == 0 && !namesSSH(base) && !namesSSH(label):
		return 0
	}
	level := Level(0)
	switch {
	case named, f.Ties&(reached|pointed) != 0, ssh && (f.Ties&mentioned != 0 || nearBitbucket(f)):
		level = Error
	case ssh:
		level = Note
	}
	if m.use&keyLocked != 0 && level > 0 {
		level--
	}
	if m.Proof == Layout {
		level = min(level, Note)
	}
	return level
}

// keyLabel returns, in lower case, what names a key: the text before it on its line, or,
// where that has no word, the line before.
func keyLabel(before string) string {
	const most = 120
	s := strings.ToLower(before)
	s = strings.TrimRight(s, " \t\r\n\"'`|>(){[=:,+-\\#/*")
	s = s[max(0, len(s)-most):]
	for _, end := range []string{"\n", `\n`} {
		s = s[strings.LastIndex(s, end)+1:]
	}
	return s
}

// nearBitbucket reports whether a key's directory is Bitbucket's, or the text before it
// speaks of Bitbucket.
func nearBitbucket(f File) bool {
	dir := path.Base(path.Dir(f.Path))
	return namesBitbucket(strings.ToLower(dir)) || strings.Contains(strings.ToLower(f.Before), "bitbucket")
}

// namesBitbucket reports whether a name in lower case is one of those that people give
// keys of Bitbucket: with its name, with that which its server once had, or as Atlassian's
// documentation calls an example (Variables and secrets, Use multiple SSH keys, 2026-11).
func namesBitbucket(s string) bool {
	return hasAny(s, "bitbucket", "my_ssh_key", "stash_rsa", "stash_key", "stash_private", "stash_ssh", "rsa_stash", "ed25519_stash", "ssh_stash", "altssh")
}

// namesSSH reports whether a name in lower case says that a key is one of SSH.
func namesSSH(s string) bool {
	return hasAny(s, "ssh", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "deploy_key", "deploy-key", "deploykey", "identityfile")
}

// namesCertificate reports whether a name in lower case says that a key is one of a
// certificate, or of a service that signs with it.
func namesCertificate(s string) bool {
	return hasAny(s, "ssl", "tls", "cert", "crt", "https", "x509", "jwt", "saml", "oidc", "service_account", "service-account", "serviceaccount", "client_email", "private_key_id", "apns", "webhook_key")
}

func hasAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
