package rule

import (
	"encoding/base64"
	"math/rand/v2"
)

// An HTTP access token of Bitbucket Data Center.
var dataCenterToken = &Rule{
	ID:       "bitbucket-data-center-token",
	Name:     "Bitbucket Data Center HTTP access token",
	Since:    "1.0",
	Level:    Error,
	Severity: 8.8,
	Anchors:  []string{"BBDC"},
	Match:    matchDataCenterToken,
	Mint:     func(r *rand.Rand) string { return "BBDC-" + mintNumbered(r) },
	Doc: Doc{
		What:   "A token of a person, project or repository on a Bitbucket Data Center or Bitbucket Server of one's own.",
		Opens:  "Reading, writing or administering the repositories that its owner chose, on the one server that made it, through git and the REST API.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
		Steps: []string{
			"Revoke the token on the server: Manage account, HTTP access tokens of its owner, or HTTP access tokens in the settings of the project or repository.",
			"An administrator can revoke it by its id, the finding's 12 digits: DELETE {server}/rest/access-tokens/latest/users/{user}/{id}, …/projects/{key}/{id} or …/projects/{key}/repos/{repository}/{id}.",
			"Create a new token with the least permission and an expiry date, of the one repository where that is enough.",
			"Keep the new token in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Look through the server's audit log and access log for use since the leak.",
			"Remove the token from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "49 characters: BBDC-, then the base64 form, with + and / and no padding, of a 12-digit id, a colon and 20 random bytes. There is no checksum: a changed character shows only where it leaves no twelve digits and colon. " +
			"Worked out from 13 public samples, 2026-11-23; the vendor's REST documentation shows that the id is the one that revokes it.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			"https://confluence.atlassian.com/display/BITBUCKETSERVER093/Managing+HTTP+access+tokens",
			"https://developer.atlassian.com/server/bitbucket/rest/",
		},
	},
}

// Lengths of a Data Center token without its prefix, in characters: 33 bytes in base64.
const (
	numberedLen  = 44
	numberedBody = 18 // where the characters that hold nothing but random bits begin
)

func matchDataCenterToken(text []byte, at int) (Match, bool) {
	var t token
	if !t.begin(text, at, "BBDC") {
		return Match{}, false
	}
	m, ok := readDataCenterToken(&t)
	if !ok && t.again(m) {
		if mail, ok := readDataCenterToken(&t); ok {
			return mail, true
		}
	}
	return m, ok
}

// readDataCenterToken reads a token from after its anchor on.
func readDataCenterToken(t *token) (Match, bool) {
	if !t.takeOne('-') {
		return Match{}, false
	}
	from := t.n
	if t.take(numberedLen, &base64Std) < numberedLen {
		return Match{}, false
	}
	// What follows decides whether the run is longer than a token. A path may go on with a
	// '/' after a token; where the layout proves, with 65 bits of its own, it does.
	c, n, _ := t.next(t.end)
	longer := n > 0 && base64Std[c]
	id, ok := numbered(t.buf[from:t.n])
	if ok && (!longer || c == '/') && !filled(t.buf[from+numberedBody:t.n]) {
		m := t.match(Structure)
		m.ID = string(id[:])
		return m, true
	}
	if longer && !ok {
		return Match{}, false
	}
	return t.layout(from+numberedBody, t.n)
}

// numbered returns the id inside the base64 form of a Data Center token, and whether it
// has that form: twelve digits, a colon and 20 bytes.
func numbered(chars []byte) (id [12]byte, ok bool) {
	var b [33]byte
	if len(chars) != numberedLen {
		return id, false
	}
	if _, err := base64.StdEncoding.Decode(b[:], chars); err != nil || b[12] != ':' {
		return id, false
	}
	for _, c := range b[:12] {
		if !isDigit(c) {
			return id, false
		}
	}
	return [12]byte(b[:12]), true
}

func mintNumbered(r *rand.Rand) string {
	b := append([]byte(pick(r, "0123456789", 12)), ':')
	for range 20 {
		b = append(b, byte(r.Uint32()))
	}
	return base64.StdEncoding.EncodeToString(b)
}
