package rule

import (
	"bytes"
	"strings"
)

// command returns the command around the anchor: its line, and those that a backslash
// joins to it, up to what separates commands. It may be all of a line that is none.
func (r *carrierReader) command() span {
	in := span{r.at, r.at}
	for far := max(0, r.at-maxRequest); in.lo > far && !r.ends(in.lo-1); {
		in.lo--
	}
	for far := min(len(r.text), r.at+maxRequest); in.hi < far && !r.ends(in.hi); {
		in.hi++
	}
	return in
}

// ends reports whether text[i] is no part of the command beside it.
func (r *carrierReader) ends(i int) bool {
	switch r.text[i] {
	case '\n':
		return !r.continued(i)
	case '|', ';':
		return blank(r.byteAt(i + 1))
	case '&':
		return r.byteAt(i+1) == '&' || r.byteAt(i-1) == '&'
	}
	return false
}

// flags claims what a command with the product's name in it is given by flags of its own,
// such as --password.
func (r *carrierReader) flags(c claim) {
	const mark = "--"
	if !bytes.Contains(r.near(maxRequest, maxRequest), []byte(mark)) {
		return
	}
	in := r.command()
	if !bytes.Contains(r.text[in.lo:in.hi], []byte(mark)) {
		return
	}
	var account string
	var keys []span
	if c.of == anyProduct {
		_, c.of = roleOf(flatten(r.text[r.keyAround(r.at).lo:r.keyAround(r.at).hi]) + "password")
	}
	r.fields(in, func(f field) {
		key := f.key
		switch r.flagName(f) {
		case "user", "username", "login", "email":
			var u claim
			if r.fieldOf(key, &u) && !reference(u.value) && len(u.value) <= maxAccount {
				account = u.value
			}
		case "hostname", "host", "url", "server":
			var u claim
			if r.fieldOf(key, &u) && c.host == "" && looksLikeHost(hostOf(u.value)) {
				c.host = hostOf(u.value)
			}
		case "password", "pass", "token", "secret", "clientsecret", "oauthclientsecret":
			keys = append(keys, key)
		}
	})
	for _, key := range keys {
		f := c
		f.as, f.account = tailOf(flatten(r.text[key.lo:key.hi]), maxMiddle), account
		if r.fieldOf(key, &f) && r.try(&f) {
			r.claimValue(f)
		}
	}
}

// flagName returns what a flag of a command sets, flattened, or "". wget has one more
// spelling of two of its flags, kubectl gives a name behind one.
func (r *carrierReader) flagName(f field) string {
	switch before := r.text[:f.key.lo]; {
	case r.flag(f.key):
		return strings.TrimPrefix(string(f.flat), "http")
	case bytes.HasSuffix(before, []byte("--from-literal=")), bytes.HasSuffix(before, []byte("--from-literal ")):
		return string(f.flat)
	}
	return ""
}

// positional claims what a command that sets credentials is given behind the name that the
// anchor is in, as in composer config http-basic.bitbucket.org USER PASSWORD.
func (r *carrierReader) positional(key span) {
	name := flatten(r.text[key.lo:key.hi])
	c := claim{of: cloud, host: "bitbucket.org", strong: true}
	switch {
	case !blank(r.byteAt(key.hi)):
		return
	case strings.HasPrefix(name, "httpbasic"):
		c.as = password
		if !strings.HasSuffix(name, "org") {
			c.host = ""
		}
	case strings.HasPrefix(name, "bitbucketoauth"):
		c.as, c.host = clientSecret, ""
	case name == "bitbucketorg":
		c.as = userPass
	default:
		return
	}
	before := r.text[max(0, key.lo-200):key.lo]
	if before = before[bytes.LastIndexByte(before, '\n')+1:]; !bytes.Contains(before, []byte(" config ")) {
		return
	}
	first, end := r.argument(key.hi)
	if c.as == userPass {
		if r.take(first, &c) {
			r.claimValue(c)
		}
		return
	}
	second, _ := r.argument(end)
	public := string(r.text[first.lo:first.hi])
	if !r.take(second, &c) {
		return
	}
	if c.as == clientSecret {
		c.id = public
	} else {
		c.account = public
	}
	r.claimValue(c)
}

// argument returns the next word of a command from i on, without its quotes, and where
// what closes it ends.
func (r *carrierReader) argument(i int) (v span, end int) {
	i = r.blanks(i)
	var q byte
	if quote(r.byteAt(i)) {
		q = r.text[i]
		i++
	}
	v = span{i, i}
	for v.hi < len(r.text) && v.hi-i < maxUserinfo && r.text[v.hi] != '\n' && r.text[v.hi] != q && (q != 0 || !space(r.text[v.hi]) && bytes.IndexByte([]byte("\"'`;&|)"), r.text[v.hi]) < 0) {
		v.hi++
	}
	if q != 0 {
		return v, v.hi + 1
	}
	return v, v.hi
}

// strategy claims the key and secret that Ruby's OmniAuth is given for the product, as in
// provider :bitbucket, "key", "secret".
func (r *carrierReader) strategy(key span) {
	before := bytes.TrimRight(r.text[max(0, key.lo-16):key.lo], ": ")
	if !bytes.HasSuffix(before, []byte("provider")) || r.byteAt(key.hi) != ',' {
		return
	}
	var public, c claim
	if r.value(r.blanks(key.hi+1), false, &public) && r.byteAt(public.hi+1) == ',' && r.value(r.blanks(public.hi+2), false, &c) {
		c.as, c.of, c.id = clientSecret, cloud, public.value
		r.claimValue(c)
	}
}

// calling claims what a call makes credentials of, one of whose strings has the product's
// name in it, as Credentials("Realm", "bitbucket.corp.io", "user", "password").
func (r *carrierReader) calling(c claim) {
	const far = 200
	open, depth := -1, 0
	for i := r.at - 1; i >= 0 && r.at-i < far && open < 0; i-- {
		switch r.text[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth < 0 {
				open = i
			}
		case '{', '}', ';':
			return
		}
	}
	if open < 0 {
		return
	}
	name := strings.ToLower(string(r.text[max(0, open-24):open]))
	for _, end := range []string{"credentials", "credentialsimpl", "credential", ".connect", "basicauth"} {
		if strings.HasSuffix(name, end) {
			r.arguments(open+1, c)
			return
		}
	}
}
