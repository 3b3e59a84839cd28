package rule

import (
	"bytes"
	"slices"
	"strings"
)

// maxRequest is how far from an address, in bytes, what signs a request to it may stand.
const maxRequest = 600

// request claims what signs a request to the address whose host is h: a header, the
// arguments of a call, or a pair in a variable. What is nearer to another address is not
// looked at, so that a text full of addresses is looked at about once.
func (r *carrierReader) request(h span, c claim) {
	in := r.nearest(h)
	in.lo = max(in.lo, r.asked)
	r.asked = max(r.asked, in.hi)
	for i := in.lo; i < in.hi; i++ {
		switch r.text[i] | ' ' {
		case 'b', 'j':
			r.scheme(i, c)
		case '(':
			switch {
			case r.signs(i):
				r.arguments(i+1, c)
			case r.encoder(i):
				r.encodes(i+1, c)
			}
		case 'p', 'c', 'a':
			r.paired(i, c)
		}
	}
}

// nearest returns the text that is nearer to the address whose host is h than to any other
// and no further from it than maxRequest.
func (r *carrierReader) nearest(h span) span {
	const mark = "://"
	in := span{max(0, h.lo-maxRequest), min(len(r.text), h.hi+maxRequest)}
	before := max(0, h.lo-2*maxRequest)
	if n := bytes.LastIndex(bytes.TrimSuffix(r.text[before:h.lo], []byte(mark)), []byte(mark)); n >= 0 {
		in.lo = max(in.lo, (before+n+h.lo)/2)
	}
	if n := bytes.Index(r.text[h.hi:min(len(r.text), h.hi+2*maxRequest)], []byte(mark)); n >= 0 {
		in.hi = min(in.hi, h.hi+n/2)
	}
	return in
}

// scheme claims what stands behind the name of an authorization's scheme at i.
func (r *carrierReader) scheme(i int, c claim) {
	for _, scheme := range []string{"bearer ", "basic ", "jwt "} {
		if !r.foldAt(i, scheme) || !r.authorizes(i) {
			continue
		}
		if scheme == "basic " {
			r.basic(i+len(scheme), c)
		} else {
			r.bearer(i+len(scheme), c)
		}
	}
}

// foldAt reports whether s, which is in lower case, is at text[i] in any case.
func (r *carrierReader) foldAt(i int, s string) bool { return foldAt(r.text, i, s) }

// authorizes reports whether the scheme at i stands behind the name of its header.
func (r *carrierReader) authorizes(i int) bool {
	const far, name = 40, "uthorization"
	for k := max(0, i-far); k < i; k++ {
		if r.text[k]|' ' == 'u' && r.foldAt(k, name) {
			return true
		}
	}
	return false
}

// bearer claims the token that begins at i.
func (r *carrierReader) bearer(i int, c claim) {
	i = r.blanks(i)
	end := i
	for end < len(r.text) && end-i <= maxValue && (tokenChar(r.text[end]) || bytes.IndexByte([]byte("=.~%\\"), r.text[end]) >= 0) {
		if r.text[end] == '\\' && r.byteAt(end+1) != 'u' && r.byteAt(end+1) != '=' {
			break
		}
		end++
	}
	if c.as = oauthAccess; r.take(span{i, end}, &c) {
		c.key = "Authorization"
		r.claimValue(c)
	}
}

// basic claims the password in what the scheme Basic is given at i: an account, a colon
// and its password in base64 or, as clients for files of requests accept it, as they are.
func (r *carrierReader) basic(i int, c claim) {
	i = r.blanks(i)
	end := i
	for end < len(r.text) && end-i <= maxUserinfo && !space(r.text[end]) && !quote(r.text[end]) && bytes.IndexByte([]byte(`\<>,;)}`), r.text[end]) < 0 {
		end++
	}
	c.key = "Authorization"
	if bytes.IndexByte(r.text[i:end], ':') > 0 {
		if c.as = userPass; r.take(span{i, end}, &c) {
			r.claimValue(c)
		}
		return
	}
	plain, ok := unbase64(r.text[i:end])
	colon := strings.IndexByte(plain, ':')
	if !ok || colon <= 0 || colon+1 == len(plain) {
		return
	}
	c.as, c.account = password, plain[:colon]
	if r.grants() {
		c.as, c.id, c.account = clientSecret, c.account, ""
	}
	r.claimEncoded(i, plain, colon+1, c)
}

// grants reports whether a request around the anchor is one for an OAuth token, which no
// account signs but a client (the vendor's page on OAuth 2.0, 2026-11).
func (r *carrierReader) grants() bool {
	return bytes.Contains(r.near(maxRequest, maxRequest), []byte(tokenPath))
}

// claimEncoded claims plain[from:], where plain is what text[i] begins in base64. Its place
// are the characters that hold a bit of it.
func (r *carrierReader) claimEncoded(i int, plain string, from int, c claim) {
	c.value, c.undone, c.strong, c.bare = plain[from:], []string{"base64"}, true, false
	c.lo, c.hi = i+sixes(from), i+sixes(len(plain)-1)+2
	if c.account == "x-token-auth" || c.account == "x-bitbucket-api-token-auth" {
		c.as, c.account = oauthAccess, ""
	}
	r.claimValue(c)
}

// signs reports whether the parenthesis at i opens the arguments of what signs a request
// with an account and a password.
func (r *carrierReader) signs(i int) bool {
	const longest = 32
	name := r.text[max(0, i-longest):i]
	for _, end := range []string{"asicAuth", "asic_auth", "auth=", "auth = ", ".auth", "etworkCredential", "PasswordCredentials", "asicAuthentication", "CredentialsProvider", "PSCredential"} {
		if bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	return false
}

// paired claims the password in a variable that holds an account, a colon and its password
// for the scheme Basic, whose name begins at i.
func (r *carrierReader) paired(i int, c claim) {
	if i > 0 && nameChar(r.text[i-1]) {
		return
	}
	key := span{i, i}
	for key.hi < len(r.text) && key.hi-i < 24 && nameChar(r.text[key.hi]) {
		key.hi++
	}
	if !slices.Contains([]string{"pair", "cred", "creds", "credential", "credentials", "auth", "authentication", "authinfo", "authstring", "curloptuserpwd"}, flatten(r.text[key.lo:key.hi])) {
		return
	}
	open := r.blanks(r.closed(key.hi))
	open = r.blanks(open + r.separator(open))
	switch {
	case r.byteAt(key.lo) == 'C': // PHP's option of curl
		if r.byteAt(open) == ',' {
			open = r.blanks(open + 1)
		}
		if c.as = userPass; r.value(open, false, &c) && !c.bare {
			r.claimValue(c)
		}
		return
	case r.byteAt(open) == '[':
		r.arguments(open+1, c)
		return
	case r.byteAt(open) == '{':
		r.claimAll(r.bracketed(open), "", c, func(f field) bool { return f.depth == 0 })
		return
	}
	if c.as = userPass; r.assigned(key) && r.fieldOf(key, &c) && !c.bare && bytes.Contains(r.near(2*maxRequest, 2*maxRequest), []byte("asic")) {
		r.claimValue(c)
	}
}
