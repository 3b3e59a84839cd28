// Package carrier holds what credentials stand in: one text for each form of file, command
// and log that people keep credentials in, as the documentation of what reads it has it.
// It is for tests, which plant minted credentials in them.
package carrier

import (
	"encoding/base64"
	"slices"
	"strings"
)

// A Carrier is a text that a credential may stand in.
type Carrier struct {
	Name string // "composer http-basic": the tool, then which of its forms
	Path string // what such a file is called
	// Kinds are the rules, among those whose credentials count in a carrier alone, that
	// find what it carries. What proves itself may stand in any carrier.
	Kinds []string
	Host  string // what the carrier says of where the credential is used; may be empty

	text   string // with mark where the credential stands
	base64 bool   // the credential stands in base64
	before string // what precedes it there
}

// mark stands for the credential in a Carrier's text.
const mark = "§"

// All returns every carrier.
func All() []Carrier {
	return slices.Concat(addresses(), requests(), packages(), operations(), deployments(), settings(), pipelines(), servers(), records(), clients())
}

// Plant returns the text with a credential in it, and where that is: text[lo:hi], which
// in base64 are the characters that hold a bit of it.
func (c Carrier) Plant(key string) (text string, lo, hi int) {
	lo = strings.Index(c.text, mark)
	stored, from, to := key, 0, len(key)
	if c.base64 {
		stored = base64.StdEncoding.EncodeToString([]byte(c.before + key))
		from, to = sixes(len(c.before)), sixes(len(c.before)+len(key)-1)+2
	}
	return c.text[:lo] + stored + c.text[lo+len(mark):], lo + from, lo + to
}

// sixes returns which character of base64 holds the first bits of byte i.
func sixes(i int) int { return i/3*4 + i%3 }

// Account returns what the carrier says of whose the credential is; it may be empty.
func (c Carrier) Account() string {
	switch text := c.text + c.before; {
	case strings.Contains(text, "joe%40corp.io"), strings.Contains(text, "joe@corp.io"):
		return "joe@corp.io"
	case strings.Contains(text, "joe"):
		return "joe"
	}
	return ""
}

// Encoding returns the names of the encodings that the credential is in, the outermost
// first.
func (c Carrier) Encoding() []string {
	if c.base64 {
		return []string{"base64"}
	}
	return nil
}

// Twins returns texts like the carrier's that hold no credential: what people write in its
// place, and references to where it is kept.
func (c Carrier) Twins() []string {
	var all []string
	for _, s := range []string{
		"${SECRET}", "$SECRET", "$(cat secret)", "{{ secret }}", "%SECRET%", "<password>", "<your-token>", "********", "xxxxxxxxxxxxxxxx", "changeme", "password",
		"your-app-password", "os.environ['SECRET']", "process.env.SECRET", "secret://team/secret", "secrets.SECRET", "vault:team/bot#secret", "test1234", "example", "REDACTED", "...",
		"ATATT3x...", "ATBBxxxxxxxx", "ATCTT3xFfGN0<token>", "null", "", "{AQAAABAAAAAQabc1}", "ENC[AES256,data:abc1]", "dummy-token", "@secret@",
	} {
		text, _, _ := c.Plant(s)
		all = append(all, text)
	}
	return all
}

// Elsewhere returns the text with a credential in it, and with the names of another
// service wherever it had those of Bitbucket.
func (c Carrier) Elsewhere(key string) string {
	c.text = strings.NewReplacer(
		"bitbucket", "gitlab", "Bitbucket", "Gitlab", "BitBucket", "GitLab", "bitBucket", "gitLab", "BITBUCKET", "GITLAB", "STASH", "GITEA", "Stash", "Gitea", "stash", "gitea",
		"BB_", "GL_", "BKT_", "GLT_", "apkg.io", "npmjs.com", ":7990", ":3000", "/scm/", "/g/", "rest/api", "v4/api", "x-token-auth", "oauth2", "sysadmin", "root", "SYSADMIN", "ROOT", "RUNNER_UUID", "AGENT_UUID",
		"ACCOUNT_UUID", "OWNER_UUID", "runnerUuid", "agentUuid", "accountUuid", "ownerUuid", "session.token", "session.id", repoInBase64(), base64.StdEncoding.EncodeToString([]byte("https://gitlab.com/team/repo.git")),
	).Replace(c.text)
	text, _, _ := c.Plant(key)
	return text
}

// repoInBase64 is an address of Bitbucket as Kubernetes' Secrets hold it.
func repoInBase64() string {
	return base64.StdEncoding.EncodeToString([]byte("https://bitbucket.org/team/repo.git"))
}

// ofCloud returns the kinds that a password at bitbucket.org may be of.
func ofCloud() []string {
	return []string{"bitbucket-password", "bitbucket-legacy-app-password", "atlassian-legacy-api-token"}
}

// ofServer returns the kinds that a password at a server of one's own may be of.
func ofServer() []string {
	return []string{"bitbucket-data-center-password", "bitbucket-data-center-token-unprefixed"}
}

// ofToken returns the kinds that a token of unknown make may be of.
func ofToken() []string {
	return []string{
		"bitbucket-data-center-token-unprefixed", "bitbucket-oauth-access-token", "bitbucket-oauth-consumer-secret", "bitbucket-legacy-app-password", "atlassian-legacy-api-token",
	}
}

// ofClient returns the kinds that the secret of an OAuth client may be of.
func ofClient() []string {
	return []string{"bitbucket-oauth-consumer-secret", "bitbucket-data-center-oauth-secret"}
}

// ofAccess returns the kinds that a bearer's token may be of.
func ofAccess() []string { return []string{"bitbucket-oauth-access-token"} }
