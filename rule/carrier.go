package rule

import (
	"bytes"
	"slices"
	"strings"
)

// product claims what goes with the product's name, in which the reader is.
func (r *carrierReader) product() {
	key := r.keyAround(r.at)
	r.named(key)
	r.positional(key)
	r.strategy(key)
	r.client(key)
	c := r.host()
	r.netrc()
	r.block()
	r.siblings()
	r.renovate(c)
	r.flags(c)
	r.calling(c)
	r.manifest(c)
	r.tokensNear()
}

// A carrierReader reads what stands around one carrier word.
type carrierReader struct {
	*Reading
	text  []byte
	at    int
	own   *Own // servers that count as Bitbucket besides those that tell it themselves; may be nil
	yield func(*claim)
}

// near returns the text from so many bytes before the anchor to so many after it.
func (r *carrierReader) near(before, after int) []byte {
	return r.text[max(0, r.at-before):min(len(r.text), r.at+after)]
}

// runnerNear reports whether the settings of a Pipelines runner stand around the anchor.
func (r *carrierReader) runnerNear() bool {
	around := r.near(2000, 2000)
	for _, sign := range []string{"RUNNER_UUID", "ACCOUNT_UUID", "runnerUuid", "accountUuid", "bitbucket-pipelines-runner", "RUNTIME_PREREQUISITES_ENABLED"} {
		if bytes.Contains(around, []byte(sign)) {
			return true
		}
	}
	return false
}

// special claims the value of a field whose name ends as given.
func (r *carrierReader) special(key span, ends string, as role) {
	if !hasTail(flatten(r.text[key.lo:key.hi]), ends) {
		return
	}
	c := claim{as: as, of: server}
	if as == webSession || as == runnerSecret {
		c.of = cloud
	}
	if as == runnerSecret {
		c.id = r.valueNear("oauthclientid", "")
	}
	r.claimField(key, c)
}

// named claims the value of a field whose name has the product's name in it.
func (r *carrierReader) named(key span) {
	name := flatten(r.text[key.lo:key.hi])
	if r.byteAt(key.hi) == ':' && nameChar(r.byteAt(key.hi+1)) { // as in Pulumi's settings
		if next := r.keyAround(key.hi + 1); r.byteAt(next.hi) == ':' {
			name, key = name+flatten(r.text[next.lo:next.hi]), next
		}
	}
	as, of := roleOf(name)
	c := claim{as: as, of: of}
	if as == noRole || !r.fieldOf(key, &c) || !r.try(&c) {
		return
	}
	if r.worth(c) {
		c.account = r.partner(key, "username", "user", "useremail", "email", "login")
		if as == clientSecret {
			c.id = r.partner(key, "clientid", "oauthclientid", "oauthkey", "clientkey", "consumerkey", "key", "oauth2key", "client", "id")
		}
	}
	c.loose = !strings.Contains(name, "bitbucket") && strings.Contains(name, "stash") && !r.ofServer()
	r.claimValue(c)
}

// ofServer reports whether something near the name that Bitbucket Server once had, which
// other products bear too, tells that the server is meant.
func (r *carrierReader) ofServer() bool {
	const far = 2000
	low := bytes.ToLower(r.near(far, far))
	for _, sign := range []string{"bitbucket", "atlassian", "jira", "confluence", "/scm/", ":7990", ":7999", "rest/api", "rest/build-status", "drone", "//stash.", "@stash.", "pullrequest", "pull-request", "pull_request", ".git"} {
		if bytes.Contains(low, []byte(sign)) {
			return true
		}
	}
	return false
}

// worth reports whether it is worth it to find out whose a claim's value is: whether it may
// be a credential of any kind.
func (r *carrierReader) worth(c claim) bool {
	if _, ok := variable(c.value); ok {
		return true
	}
	if c.as == bearer || c.as == password || c.as == webhook {
		return len(c.value) >= 4 && !reference(c.value)
	}
	c.text = r.text
	k, _ := judge(&c)
	return k != noKind
}

// partner returns the value of the field beside key that has its name with another end,
// such as BITBUCKET_USERNAME beside BITBUCKET_PASSWORD, or "".
func (r *carrierReader) partner(key span, ends ...string) string {
	name := flatten(r.text[key.lo:key.hi])
	stem := name
	for _, t := range tails {
		if hasTail(name, t.name) {
			stem = name[:len(name)-len(t.name)]
			break
		}
	}
	return r.valueNear(stem, ends...)
}

// valueNear returns the value of the field near the anchor whose name, once flattened, is
// stem and the first of some ends that there is, or "".
func (r *carrierReader) valueNear(stem string, ends ...string) string {
	if c, ok := r.fieldNear(stem, ends...); ok && !reference(c.value) && len(c.value) <= maxAccount {
		return c.value
	}
	return ""
}

// fieldNear reads the field near the anchor whose name, once flattened, is stem and the
// first of some ends that there is: of that name, or with the name and the value in fields
// of their own.
func (r *carrierReader) fieldNear(stem string, ends ...string) (found claim, ok bool) {
	const far = 600
	best := len(ends)
	r.fields(span{max(0, r.at-far), min(len(r.text), r.at+far)}, func(f field) {
		key, flat := f.key, f.flat
		if r.alias(f) {
			var c claim
			if !r.fieldOf(key, &c) || c.hi-c.lo > maxName {
				return
			}
			key, flat = span{c.lo, c.hi}, []byte(flatten(r.text[c.lo:c.hi]))
		}
		end, is := bytes.CutPrefix(flat, []byte(stem))
		if !is {
			return
		}
		for i, e := range ends[:best] {
			var c claim
			if string(end) == e && r.fieldOf(key, &c) {
				best, found, ok = i, c, true
				return
			}
		}
	})
	return found, ok
}

// maxAccount is the most bytes of a name that is shown with a finding: an e-mail
// address's limit (RFC 5321, 4.5.3.1, 2008), about.
const maxAccount = 254

// claimField reads the value of the field that key names, and claims it.
func (r *carrierReader) claimField(key span, c claim) {
	if r.fieldOf(key, &c) {
		r.claimValue(c)
	}
}

// claimValue claims a value that was read, once its two halves are apart.
func (r *carrierReader) claimValue(c claim) {
	if c.as == userPass {
		i := bytes.IndexByte(r.text[c.lo:c.hi], ':')
		j := bytes.IndexByte([]byte(c.value), ':')
		if i <= 0 || j <= 0 {
			return
		}
		c.account, c.value, c.lo, c.as = c.value[:j], c.value[j+1:], c.lo+i+1, password
		c.strong = true
		if alike(c.account, 18, &unambiguous) { // which is how the keys of OAuth consumers look
			c.as, c.id, c.account = clientSecret, c.account, ""
		}
	}
	if c.value == "" || c.lo >= c.hi || !r.resolve(&c) {
		return
	}
	r.unpack(&c)
	c.text = r.text
	r.yield(&c)
}

// tokensNear claims what has the inner structure of an unprefixed Data Center token and
// stands near the product's name, nearer than to another mention of it; or, if nothing
// around it names another product, further away.
func (r *carrierReader) tokensNear() {
	const near, far = 400, 3000
	lo, hi := max(0, r.at-far), min(len(r.text), r.at+far)
	r.seek(span{lo, hi})
	i, _ := slices.BinarySearchFunc(r.tokens, lo, func(t span, lo int) int { return t.lo - lo })
	for ; i < len(r.tokens) && r.tokens[i].lo < hi; i++ {
		t := r.tokens[i]
		c := claim{as: bearer, of: server, lo: t.lo, hi: t.hi, far: t.lo < r.at-near || t.lo >= r.at+near}
		if !r.nearer(t) || r.otherProduct(t, r.lineOf(t.lo)) || c.far && !r.beside(t, near) || !r.try(&c) {
			continue
		}
		c.value = string(r.text[t.lo:t.hi])
		r.claimValue(c)
	}
}

// beside reports whether a token away from the product's name is in one text with it, and
// nothing so near to the token names another product.
func (r *carrierReader) beside(t span, near int) bool {
	between := r.text[min(r.at, t.lo):max(r.at, t.hi)]
	binary := bytes.ContainsFunc(between, func(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != escape })
	return !binary && !r.otherProduct(t, span{max(0, t.lo-near), min(len(r.text), t.hi+near)})
}

// nearer reports whether no mention of the product is nearer to v than the anchor.
func (r *carrierReader) nearer(v span) bool {
	if r.at < v.lo {
		return !mentions(r.text[r.at+1:v.lo]) && !mentions(r.text[v.hi:min(len(r.text), v.hi+v.lo-r.at)])
	}
	return !mentions(r.text[v.hi:r.at]) && !mentions(r.text[max(0, v.lo-(r.at-v.hi)):v.lo])
}

// mentions reports whether a text has one of the product's names, or of its settings'.
func mentions(text []byte) bool {
	for i := range text {
		if nameAt(text, i) != nil {
			return true
		}
	}
	return false
}

// tokenChar reports whether a token that begins behind c would be a part of a longer one.
func tokenChar(c byte) bool { return base64URL[c] || c == '+' || c == '/' }

// lineOf returns the line that text[i] is in, or as much of it as is near.
func (r *carrierReader) lineOf(i int) span {
	lo, hi := i, i
	for lo > 0 && i-lo < 200 && r.text[lo-1] != '\n' {
		lo--
	}
	for hi < len(r.text) && hi-i < 200 && r.text[hi] != '\n' {
		hi++
	}
	return span{lo, hi}
}

// bytes returns a stretch of the text.
func (r *carrierReader) bytes(s span) []byte { return r.text[s.lo:s.hi] }

// otherProduct reports whether what is around a token is about another product of the
// vendor, whose tokens are built alike, and not about Bitbucket. The token itself, which may
// spell anything, says nothing.
func (r *carrierReader) otherProduct(t, around span) bool {
	low := bytes.ToLower(slices.Concat(r.text[min(around.lo, t.lo):t.lo], []byte{' '}, r.text[t.hi:max(t.hi, around.hi)]))
	return (bytes.Contains(low, []byte("jira")) || bytes.Contains(low, []byte("confluence"))) && !bytes.Contains(low, []byte("bitbucket"))
}
