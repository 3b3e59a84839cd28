package rule

// shortWords are the carrier words without the product's name whose case matters: names of
// settings that people shorten it to, the path of its server's REST API, and the base64
// forms of its name at each offset, which is how a Kubernetes Secret has it.
var shortWords = []string{
	"BB_TOKEN", "BB_API_TOKEN", "BB_ACCESS_TOKEN", "BB_APP_PASSWORD", "BKT_TOKEN", "rest/api/1.0",
	"Yml0YnVja2V0", "JpdGJ1Y2tld", "iaXRidWNrZX",
}

// wordAt returns what to do about the carrier word without the product's name at text[at],
// or nil where there is none that promises anything.
func wordAt(text []byte, at int) func(*carrierReader) {
	switch text[at] {
	case 's', 'S':
		return stashAt(text, at)
	case 'o', 'O':
		if foldAt(text, at, "oauthclientsecret") {
			return (*carrierReader).runner
		}
	case 'B', 'r', 'Y', 'J', 'i':
		for _, w := range shortWords {
			if stands(text, at, w) {
				return readerOf(w[0])
			}
		}
	}
	return nil
}

// readerOf returns what to do about the short word that begins with a letter.
func readerOf(first byte) func(*carrierReader) {
	switch first {
	case 'B':
		return (*carrierReader).shortened
	case 'r':
		return (*carrierReader).path
	}
	return (*carrierReader).encodedName
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

// stashAt returns what to do about the old name of the server, which is a part of words
// too: it counts where it begins one or ends a part of a name.
func stashAt(text []byte, at int) func(*carrierReader) {
	const name = "stash"
	end := at + len(name)
	if !foldAt(text, at, name) || end < len(text) && isLower(text[end]) || at > 0 && isLower(text[at-1]) && isLower(text[at]) {
		return nil
	}
	return (*carrierReader).product
}

// foldAt reports whether s, which is in lower case, is at text[i] in any case.
func foldAt(text []byte, i int, s string) bool {
	if i < 0 || i+len(s) > len(text) {
		return false
	}
	for k := range len(s) {
		c := text[i+k]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		if c != s[k] {
			return false
		}
	}
	return true
}
