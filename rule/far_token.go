package rule

import (
	"encoding/base64"
	"strings"

	"github.com/bbkeys/bbkeys/secret"
)

// away is text that keeps a token away from the product's name.
var away = strings.Repeat("# and so on\n", 40)

// An access token of one of Atlassian's Data Center products, where it is not known which.
var farToken = &Rule{
	ID:       "atlassian-data-center-token",
	Name:     "Atlassian Data Center access token",
	Since:    "1.0",
	Level:    Warning,
	Severity: 6.5,
	Anchors:  carrierWords,
	// The end of the twelfth digit and the colon, in base64.
	Shapes:  []Shape{{"012345wxyz", "O", "ghijklmnopqrstuv"}},
	Match:   matchFarToken,
	Mint:    mintNumbered,
	Context: "# for bitbucket\n" + away + "token: %s\n" + away,
	kind:    kindFarToken,
	Doc: Doc{
		What:   "A token without a prefix of a Bitbucket, Jira or Confluence Data Center, which build them alike, in a text that names none of them near it.",
		Opens:  "Whatever its owner can reach on the one server that made it, which may be a Bitbucket.",
		Revoke: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
		Steps: []string{
			"Find out from where it is used which server made it.",
			"Revoke it there: on Bitbucket under Manage account, HTTP access tokens, on Jira and Confluence under Personal access tokens of its owner's profile.",
			"On Bitbucket an administrator can revoke it by its id, the finding's 12 digits: DELETE {server}/rest/access-tokens/latest/users/{user}/{id}, …/projects/{key}/{id} or …/projects/{key}/repos/{repository}/{id}.",
			"Keep its replacement in a secured variable of the CI or in a secrets manager, and let the program read it from the environment.",
			"Remove it from the file; rewriting history is worth it only after it is revoked.",
		},
		Format: "44 characters: the base64 form, with + and / and no padding, of a 12-digit id, a colon and 20 random bytes. It counts where Bitbucket is named no nearer than 400 bytes from it, unless the text around it names another of the vendor's products, or the random bytes are readable. Random base64 has this form once in 10^19 times. Worked out from public samples, 2026-11-23.",
		Links: []string{
			"https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			"https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
		},
	},
}

// matchFarToken finds the token in which the shape at text[at] is, or what a carrier word
// there brings.
func matchFarToken(text []byte, at int) (Match, bool) {
	if m, ok := matchLoneToken(text, at); ok {
		return m, true
	}
	return inContext(kindFarToken)(text, at)
}

// matchLoneToken finds the token whose twelfth digit ends at text[at], where nothing around
// it says whose it is: what names Bitbucket brings it itself.
func matchLoneToken(text []byte, at int) (Match, bool) {
	const digits, far = 15, 3000
	lo := at - digits
	if lo < 0 || at+3 > len(text) || text[at+1] != 'O' || text[lo] < 'M' || text[lo] > 'O' ||
		!opens(text, lo) || lo > 0 && (text[lo-1] == '+' || text[lo-1] == '/') {
		return Match{}, false
	}
	var t token
	t.start(text[:min(len(text), at+Reach)], lo, numberedBody)
	if t.take(numberedLen-numberedBody, &base64Std); t.n < numberedLen || !isLone(t.chars()) {
		return Match{}, false
	}
	if c, n, _ := t.next(t.end); n > 0 && (c == '=' || tokenChar(c)) {
		return Match{}, false
	}
	around := span{max(0, lo-far), min(len(text), t.end+far)}
	r := carrierReader{text: text}
	if mentions(text[around.lo:lo]) || mentions(text[t.end:around.hi]) || r.otherProduct(span{lo, t.end}, around) {
		return Match{}, false
	}
	m := t.match(Structure)
	m.Secret = secret.Bare(string(t.chars()))
	id, _ := numbered(t.chars())
	m.ID = string(id[:])
	return m, true
}

// isLone reports whether a text has the structure of a Data Center token, and behind its
// number nothing that anybody could read, as behind an account's.
func isLone(chars []byte) bool {
	const number = 13
	if _, ok := numbered(chars); !ok || filled(chars[numberedBody:]) {
		return false
	}
	var b [33]byte
	if _, err := base64.StdEncoding.Decode(b[:], chars); err != nil {
		return false
	}
	for _, c := range b[number:] {
		if c < ' ' || c >= 0x7f {
			return true
		}
	}
	return false
}
