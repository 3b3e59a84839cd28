// Package rule says what a leaked credential looks like, one file per kind.
//
// To add a kind: write its file and add its name to all. Everything else (detection,
// SARIF rules, documentation, fuzz seeds, the contract tests) comes from the Rule.
package rule

import (
	"math/rand/v2"

	"github.com/bbkeys/bbkeys/secret"
)

// All returns every rule, in the order in which rules are listed.
func All() []*Rule {
	return []*Rule{
		apiToken, accessToken, appPassword, oauthSecret, dataCenterToken, serviceAccountKey, unknownToken, sshPrivateKey,
		clientSecret55, oldRunnerSecret, linkSecret, bareToken, oldToken, oauthToken, refreshToken, oldAppPassword,
		serverPassword, accountPassword, webhookSecret, connectSecret, feedToken, sessionToken, serverSession, serverProperty, crowdPassword,
		oidcToken, farToken,
	}
}

// ByID returns the rule with an identifier, or nil.
func ByID(id string) *Rule {
	for _, r := range All() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// IDs returns the identifier of every rule, in the same order.
func IDs() []string {
	all := All()
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}

// Reach is how far from the start of an anchor a Match may look back, and how far past it
// ahead, in bytes. A text that is looked at in windows overlaps by this much.
const Reach = 8 << 10

// A Rule is everything that is known about one kind of credential.
type Rule struct {
	ID    string // "bitbucket-app-password"; never changes once released
	Name  string // "Bitbucket app password", as the vendor calls it
	Since string // the release that added it

	// Level is the level of a proven credential of this kind. A Match of proof Layout is
	// a Note whatever the kind.
	Level Level
	// Severity ranks what a proven credential can do, from 0.1 to 10, as GitHub's
	// security-severity does: above 9.0 critical, from 7.0 high, from 4.0 medium.
	Severity float64
	// Dead says since when the vendor refuses credentials of this kind, as a date, or is
	// empty while they work.
	Dead string

	// Anchors are literals. Each match contains one of them, spelled like this; or, where
	// Context is not empty, what carries it does. Such an anchor counts in upper or lower
	// case if it is in lower case itself, and, where it is a single character, only with no
	// blank or control character on either side.
	Anchors []string
	// Shapes are more anchors, for what has no literal in it. Match is asked about where one
	// stands even if Context is not empty.
	Shapes []Shape
	// Match looks at the text around the anchor that starts at text[at] and reports the
	// credential there, if any. It looks no further than Reach, so a text cut further
	// away gives the same answer.
	Match func(text []byte, at int) (Match, bool)

	// LevelAt returns the level of a match in a file, or 0 where it is none there. It is nil
	// for the kinds whose credentials are worth the same wherever they are: LevelOf says it.
	LevelAt func(m Match, f File) Level

	Doc Doc

	// Mint makes a new, well-formed, worthless credential. The repository holds no
	// credential-shaped literal: tests and documentation call Mint.
	Mint func(*rand.Rand) string

	// Context is a text that carries a credential of this kind, with %s where it stands. It
	// is empty for the kinds that prove themselves: the others count in a carrier alone.
	Context string
	// Weak says that people choose credentials of this kind, so that whoever has a hash of
	// one, or knows how it begins, can find out the rest by guessing.
	Weak bool

	kind kind // which claims are of this kind; none for the kinds that prove themselves
}

// A Shape is an anchor that is no literal: what each of its characters may be.
type Shape []string

// A Level says how much a finding matters.
type Level int

// The levels, the least first.
const (
	Note    Level = iota + 1 // looks like a credential, and its proof fails
	Warning                  // proven, but of a dead kind, or of unknown reach
	Error                    // proven, and can work today
)

// String returns the level as reports and inputs spell it.
func (l Level) String() string {
	switch l {
	case Note:
		return "note"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "none"
}

// A Match is one credential in a text: the bytes text[Lo:Hi].
type Match struct {
	Lo, Hi   int
	Secret   secret.Text // as the service reads it, whatever the text spells it like
	Proof    Proof
	Encoding []string // how the text spells it, outermost first; empty where it is plain
	ID       string   // the credential's public identifier, where it tells one, such as a Data Center token's; may be empty
	use      keyUse   // what the form of a private key tells about its use

	// What its carrier says of it, as it stands there: foreign text. Each may be empty.
	Account string // whose it is
	Host    string // where it is used
	Key     string // the name of the setting that holds it
}

// A Proof is why a text was taken for a credential.
type Proof int

// The proofs, the weakest first.
const (
	Layout    Proof = iota + 1 // prefix, alphabet and length are right, and its checksum or structure is wrong; or its carrier leaves a doubt
	Context                    // it has no proof in itself, and what carries it leaves no doubt
	Structure                  // its inner structure is right, where the kind has no checksum
	Checksum                   // its own checksum is right
)

// String returns the proof as reports spell it.
func (p Proof) String() string {
	switch p {
	case Layout:
		return "layout"
	case Context:
		return "context"
	case Structure:
		return "structure"
	case Checksum:
		return "checksum"
	}
	return "none"
}

// LevelOf returns the level of a match of the rule.
func (r *Rule) LevelOf(m Match) Level {
	if m.Proof == Layout {
		return Note
	}
	return r.Level
}

// A Doc is what a person needs to understand and end a leak. Texts are plain sentences.
type Doc struct {
	What   string   // what it is, one sentence
	Opens  string   // what it lets its holder do, one sentence
	Revoke string   // address of the page where it is revoked, or of the page that says how
	Steps  []string // what to do, in order, each one imperative sentence
	Format string   // its form and proof, with source and date
	Links  []string // vendor documentation
}
