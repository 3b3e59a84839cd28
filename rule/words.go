package rule

import "bytes"

// carrierWords are the anchors of all kinds that are known by what carries them: the name
// of the product, those of a few settings, the end of a URL's userinfo and the beginning of
// a signed token; then those of nameAt. They are few, because every text is searched for
// each.
var carrierWords = []string{
	"bitbucket", "@", "OAUTH_CLIENT_SECRET", "SETUP_SYSADMIN_PASSWORD", "sysadmin.password", "eyJ",
	"stash", "BB_", "BKT_TOKEN", "rest/api/1.0", "oauthclientsecret",
	"Yml0YnVja2V0", "JpdGJ1Y2tld", "iaXRidWNrZX",
}

// Promises reports whether it is worth it to ask Each about text[at]. Most of what is a
// carrier word is an e-mail address, or a signed token of something else.
func Promises(text []byte, at int) bool { return readerAt(text, at) != nil }

// readerAt returns what reads what stands around the carrier word at text[at], or nil where
// there is none that promises anything.
func readerAt(text []byte, at int) func(*carrierReader) {
	if at < 0 || at >= len(text) {
		return nil
	}
	switch c := text[at]; {
	case c == '@':
		if at+1 < len(text) && isAlnum(text[at+1]) && authority(text, at) >= 0 {
			return (*carrierReader).userinfo
		}
	case c == 'e':
		if stands(text, at, "eyJ") && bytes.Contains(text[max(0, at-maxBefore):at], []byte(sessionName)) {
			return (*carrierReader).session
		}
	case c == 'O' && stands(text, at, "OAUTH_CLIENT_SECRET"):
		return (*carrierReader).runner
	case c == 'S' && stands(text, at, "SETUP_SYSADMIN_PASSWORD"), c == 's' && stands(text, at, "sysadmin.password"):
		return (*carrierReader).adminPassword
	}
	return nameAt(text, at)
}

// nameAt is readerAt for the names of the product and of its settings alone: any of its
// names, what people shorten settings of it to, the path of its server's REST API, and the
// base64 forms of its name at each offset, which is how a Kubernetes Secret has it.
func nameAt(text []byte, at int) func(*carrierReader) {
	switch text[at] {
	case 'b', 'B':
		if foldAt(text, at, "bitbucket") {
			return (*carrierReader).mention
		}
		for _, w := range []string{"BB_TOKEN", "BB_API_TOKEN", "BB_ACCESS_TOKEN", "BB_APP_PASSWORD", "BKT_TOKEN"} {
			if stands(text, at, w) {
				return (*carrierReader).shortened
			}
		}
	case 's', 'S':
		if stashAt(text, at) {
			return (*carrierReader).product
		}
	case 'o', 'O':
		if foldAt(text, at, "oauthclientsecret") {
			return (*carrierReader).runner
		}
	case 'r':
		if stands(text, at, "rest/api/1.0") {
			return (*carrierReader).path
		}
	case 'Y', 'J', 'i':
		if stands(text, at, "Yml0YnVja2V0") || stands(text, at, "JpdGJ1Y2tld") || stands(text, at, "iaXRidWNrZX") {
			return (*carrierReader).encodedName
		}
	}
	return nil
}

// mention reads what goes with the product's name, where no other one begins it.
func (r *carrierReader) mention() {
	if r.again(r.at) {
		return
	}
	r.at += len("bitbuc") // what the names of variables and of hosts have in common
	r.product()
}

// adminPassword claims the password that a server is set up with.
func (r *carrierReader) adminPassword() {
	r.special(r.keyAround(r.at), "setupsysadminpassword", property)
}

const (
	maxBefore   = 100              // bytes before a signed token in which the name of its cookie may begin
	sessionName = ".session.token" // how that ends
)

// session claims the cookie of a sign-in whose value the anchor begins.
func (r *carrierReader) session() {
	from := max(0, r.at-maxBefore)
	key := r.keyAround(from + bytes.LastIndex(r.text[from:r.at], []byte(sessionName)) + 1)
	r.special(key, "cloudsessiontoken", webSession)
	r.special(key, "tenantsessiontoken", webSession)
}

// shortened claims the value of a setting with a short form of the product's name.
func (r *carrierReader) shortened() { r.named(r.keyAround(r.at)) }

// runner claims the secret that a runner is given, in its environment, as its start
// script's flag or as the field of a Secret.
func (r *carrierReader) runner() {
	if r.runnerNear() {
		r.special(r.keyAround(r.at), "oauthclientsecret", runnerSecret)
	}
}

// stashAt reports whether the old name of the server is at text[at]. It is a part of words
// too: it counts where it begins one or ends a part of a name, or is that of its client for
// Python.
func stashAt(text []byte, at int) bool {
	const name, client = "stash", "y.connect("
	end := at + len(name)
	return foldAt(text, at, name) && (end == len(text) || !isLower(text[end]) || stands(text, end, client)) && (at == 0 || !isLower(text[at-1]) || !isLower(text[at]))
}

// foldAt reports whether s, which is in lower case, is at text[i] in any case.
func foldAt(text []byte, i int, s string) bool {
	if i < 0 || i+len(s) > len(text) {
		return false
	}
	for k := range len(s) {
		if lower(text[i+k]) != s[k] {
			return false
		}
	}
	return true
}
