package rule

import (
	"math/rand/v2"
	"slices"
)

// A token of the vendor's form whose kind is not known, such as one that is newer than
// this program. The kinds of rules of their own are not meant.
var unknownToken = &Rule{
	ID:       "atlassian-unknown-token",
	Name:     "Atlassian token of an unknown kind",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.5,
	// The base64url form of O|E|, with which the tag of every long token begins; and the four
	// letters before it, with which the others begin too.
	Anchors: []string{"T3xFf"},
	Shapes:  []Shape{{"A", "T", upperChars, upperChars}},
	Match:   matchUnknownToken,
	Mint:    mintUnknownToken,
	Doc: Doc{
		What:   "A token in the form that Atlassian gives its long tokens, of a kind that this release does not know.",
		Opens:  "Something at Atlassian: its checksum is right, so Atlassian made it, and what it opens is for its owner to find out.",
		Revoke: "https://id.atlassian.com/manage-profile/security/api-tokens",
		Steps: []string{
			"Find out from whoever put it there, or from where it is used, what kind of token it is.",
			"Revoke it where it was made: the owner's API tokens, the access tokens of the repository, project or workspace, or the organization's administration.",
			"Keep its replacement in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove the token from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "AT and two more capital letters, then the base64url form of O|E|, two letters and random bytes with one =, then the CRC-32 of all before it as 8 upper-case hexadecimal digits. " +
			"One of another form may have any letters, digits, ., _, - and = between the four letters and the checksum, 28 to 256 characters in all: so have four public samples of ATAT and ATEG. Only one with a right checksum is found. What the known kinds share was computed on public samples, 2026-11-23.",
		Links: []string{
			"https://support.atlassian.com/bitbucket-cloud/docs/api-tokens/",
			"https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/",
			"https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
		},
	},
}

// knownLetters begin the kinds that have rules of their own.
const knownLetters = "ATAT ATCT ATST"

func matchUnknownToken(text []byte, at int) (Match, bool) {
	const letters, anchor = 4, "T3xFf"
	if stands(text, at, "AT") {
		if at+letters > len(text) || !isUpper(text[at+2]) || !isUpper(text[at+3]) || stands(text, at+letters, anchor) {
			return Match{}, false
		}
		return matchFormless(text, at, letters)
	}
	if at < letters || at > len(text)-len(anchor) {
		return Match{}, false
	}
	head := text[at-letters : at+len(anchor)]
	if string(head[:2]) != "AT" || !isUpper(head[2]) || !isUpper(head[3]) || string(head[letters:]) != anchor || known(head[:letters]) {
		return Match{}, false
	}
	var t token
	t.start(text[:min(len(text), at+Reach)], at-letters, len(head))
	m, ok := readUnknown(&t)
	if !ok && t.again(m) {
		return readUnknown(&t)
	}
	return m, ok
}

// known reports whether a rule of its own finds tokens that begin with these letters.
func known(letters []byte) bool {
	for i := 0; i < len(knownLetters); i += 5 {
		if knownLetters[i:i+4] == string(letters) {
			return true
		}
	}
	return false
}

func readUnknown(t *token) (Match, bool) {
	t.take(maxToken, &base64URL)
	return envelope{}.other(t)
}

// matchFormless reads a token at text[at] of whose form nothing is known but its first n
// letters, its characters and the checksum at its end. Of one of a form that is known its
// own rule says more.
func matchFormless(text []byte, at, n int) (Match, bool) {
	if !opens(text, at) {
		return Match{}, false // most are the middle of a name, such as STATUS
	}
	for _, r := range [...]*Rule{apiToken, accessToken, serviceAccountKey, appPassword, oauthSecret} {
		if stands(text, at, r.Anchors[0]) {
			if _, ok := r.Match(text, at); ok {
				return Match{}, false
			}
		}
	}
	var t token
	t.start(text[:min(len(text), at+Reach)], at, n)
	m, ok := readFormless(&t)
	if !ok && t.again(m) {
		return readFormless(&t)
	}
	return m, ok
}

// readFormless reads such a token from after its letters on.
func readFormless(t *token) (Match, bool) {
	const shortest = 28
	t.take(maxToken, &formless)
	for t.n > shortest && (t.buf[t.n-1] == '.' || t.buf[t.n-1] == '-') { // of a sentence
		t.n, t.end = t.n-1, t.end-1
	}
	if t.n < shortest || !checked(t.chars()) {
		return Match{}, false
	}
	return t.match(Checksum), true
}

func mintUnknownToken(r *rand.Rand) string {
	letters := []byte("ATAT")
	for known(letters) {
		letters = slices.Concat([]byte("AT"), []byte(pick(r, "BDEFGHIJKLMNOPQRUVWXYZ", 2)))
	}
	return envelope{head: string(letters) + "T3xFfGF0"}.mint(r)
}
