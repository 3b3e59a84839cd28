package rule

import "strings"

// A word is a carrier word without the product's name, and what it makes a reader do.
type word struct {
	text string // in lower case; a text may have it in any, unless exact
	// exact says that case matters.
	exact bool
	read  func(*carrierReader)
}

// words are the carrier words without the product's name: the name that its server once
// had, names of settings that people shorten it to, the path of the server's REST API, what
// a runner is given, and the base64 forms of the product's name at each offset, which is
// how a Kubernetes Secret has it.
func words() []word {
	return []word{
		{text: "stash", read: (*carrierReader).product},
		{text: "BB_TOKEN", exact: true, read: (*carrierReader).shortened},
		{text: "BB_API_TOKEN", exact: true, read: (*carrierReader).shortened},
		{text: "BB_ACCESS_TOKEN", exact: true, read: (*carrierReader).shortened},
		{text: "BB_APP_PASSWORD", exact: true, read: (*carrierReader).shortened},
		{text: "BKT_TOKEN", exact: true, read: (*carrierReader).shortened},
		{text: "rest/api/1.0", exact: true, read: (*carrierReader).path},
		{text: "oauthclientsecret", read: (*carrierReader).runner},
		{text: "Yml0YnVja2V0", exact: true, read: (*carrierReader).encodedName},
		{text: "JpdGJ1Y2tld", exact: true, read: (*carrierReader).encodedName},
		{text: "iaXRidWNrZX", exact: true, read: (*carrierReader).encodedName},
	}
}

// shortened claims the value of a setting with a short form of the product's name.
func (r *carrierReader) shortened() { r.named(r.keyAround(r.at)) }

// runner claims the secret that a runner is given, as its start script's flag or as the
// field of a Secret.
func (r *carrierReader) runner() {
	if r.runnerNear() {
		r.special(r.keyAround(r.at), "oauthclientsecret", runnerSecret)
	}
}

// wordAt returns what to do about the carrier word at text[at], or nil where there is none
// that promises anything.
func wordAt(text []byte, at int) func(*carrierReader) {
	switch text[at] {
	case 's', 'S':
		return stashAt(text, at)
	case 'B', 'r', 'o', 'O', 'Y', 'J', 'i':
	default:
		return nil
	}
	for _, w := range words() {
		if stands(text, at, w.text) || !w.exact && at+len(w.text) <= len(text) && strings.EqualFold(string(text[at:at+len(w.text)]), w.text) {
			return w.read
		}
	}
	return nil
}

// stashAt returns what to do about the old name of the server, which is a part of words
// too: it counts where it begins one or ends a part of a name.
func stashAt(text []byte, at int) func(*carrierReader) {
	const name = "stash"
	end := at + len(name)
	if end > len(text) || !strings.EqualFold(string(text[at:end]), name) || end < len(text) && isLower(text[end]) || at > 0 && isLower(text[at-1]) && isLower(text[at]) {
		return nil
	}
	return (*carrierReader).product
}
