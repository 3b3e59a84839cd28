package rule

import (
	"slices"
	"strings"
)

// client claims what something is given that has the product's name in its own and makes, or
// is, what speaks to Bitbucket, as Bitbucket(url=…, password=…) or bitbucket.NewBasicAuth(…).
// The names are those that the products' client libraries for Python, Java, Go, C#, PHP and
// Ruby have, 2026-11-23.
func (r *carrierReader) client(key span) {
	for key.hi < len(r.text) && key.hi-key.lo < maxName && (nameChar(r.text[key.hi]) || r.text[key.hi] == '\\' && nameChar(r.byteAt(key.hi+1))) {
		key.hi++
	}
	name := string(r.text[key.lo:key.hi])
	c := claim{}
	if low := strings.ToLower(name); strings.Contains(low, "stash") || strings.Contains(low, "bitbucketv1") || strings.Contains(low, "bitbucketserver") {
		c.of = server
	}
	switch last := name[strings.LastIndexAny(name, `.\:`)+1:]; {
	case r.byteAt(key.hi) == '(':
		r.made(key.hi+1, strings.ToLower(last), c)
	case r.byteAt(key.hi) == '{' && strings.IndexByte(name, '.') > 0: // a literal of Go's
		r.claimAll(r.bracketed(key.hi), "", c, func(f field) bool { return f.depth == 0 })
	case last == "new" && blank(r.byteAt(key.hi)): // Ruby's
		_, end := r.line(key.hi)
		r.claimAll(span{key.hi, end}, "", c, func(field) bool { return true })
	}
}

// made claims what the call of a name, in lower case, is given, whose arguments begin at i.
func (r *carrierReader) made(i int, name string, c claim) {
	in := r.parenthesized(i)
	if of := r.pick(in, span{i - 1, i - 1}, "", "url", "baseurl", "host", "server"); of != "" {
		c.of, c.host = max(c.of, productOfValue(of)), hostOf(of)
	}
	r.claimAll(in, "", c, func(f field) bool { return f.depth <= 1 })
	all := r.given(i)
	switch n := len(all); {
	case n == 1 && name == "bitbucket" && all[0].name != "":
		if at, ok := r.object(all[0].name, i); ok {
			r.claimAll(r.bracketed(at), "", c, func(f field) bool { return f.depth == 0 || r.inAuth(f.key.lo, f.depth) })
		}
	case slices.Contains([]string{"newbasicauth", "basicauth", "basic", "basicauthentication", "basicauthenticator", "authenticate", "login", "setcredentials"}, name):
		if n == 3 && strings.Contains(r.argumentText(all[2]), "@") { // an e-mail address behind them
			all = all[:2]
		}
		r.pairOf(all, password, c)
	case strings.HasSuffix(name, "clientcredentials"):
		r.pairOf(all, clientSecret, c)
	case n == 1 && strings.HasSuffix(name, "bearertoken"):
		c.as = oauthAccess
		r.claimArgument(all[0], c)
	case n >= 3 && (strings.HasSuffix(name, "client") || name == "connect" || name == "bitbucket"):
		if address := r.argumentText(all[0]); strings.Contains(address, "://") {
			c.of, c.host = max(c.of, productOfValue(address)), hostOf(address)
			r.pairOf(all[1:3], password, c)
		}
	}
}

// pairOf claims the last of some arguments, before which stands whose it is.
func (r *carrierReader) pairOf(all []argument, as role, c claim) {
	n := len(all)
	if n < 2 || all[n-1].value == "" && all[n-1].name == "" || all[n-2].value == "" && all[n-2].name == "" {
		return
	}
	user := r.argumentText(all[n-2])
	if strings.ContainsAny(user, " /") {
		return
	}
	if c.as, c.account = as, user; as == clientSecret {
		c.id, c.account = user, ""
	}
	r.claimArgument(all[n-1], c)
}

// parenthesized returns what is between the parenthesis before text[i] and its partner.
func (r *carrierReader) parenthesized(i int) span {
	depth := 1
	end := i
	for end < len(r.text) && end-i < maxObject {
		switch r.text[end] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
		end++
	}
	return span{i, end}
}
