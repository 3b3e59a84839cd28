package rule

import "bytes"

// tokenPath is where OAuth clients ask for tokens (the vendor's page on OAuth 2.0, 2026-11).
const tokenPath = "/site/oauth2/access_token"

// granted claims what a request for an OAuth token around the anchor has in its body.
func (r *carrierReader) granted(c claim) {
	around := span{max(0, r.at-maxRequest), min(len(r.text), r.at+maxRequest)}
	c.id = r.valueNear("clientid", "")
	for _, f := range []struct {
		name string
		as   role
	}{{"client_secret", clientSecret}, {"refresh_token", oauthRefresh}} {
		for at := around.lo; ; {
			n := bytes.Index(r.text[at:around.hi], []byte(f.name))
			if n < 0 {
				break
			}
			at += n + len(f.name)
			c.as = f.as
			if key := (span{at - len(f.name), at}); r.byteAt(at) == '=' && nameBody(r.byteAt(at+1)) {
				v := span{at + 1, at + 1}
				for v.hi < len(r.text) && nameBody(r.text[v.hi]) {
					v.hi++
				}
				if r.take(v, &c) && r.try(&c) {
					c.key = f.name
					r.claimValue(c)
				}
			} else if (r.fieldOf(key, &c) || r.variableOf(key, &c)) && r.try(&c) {
				r.claimValue(c)
			}
		}
	}
}

// nameBody reports whether a value in the body of a form may hold c as it is, or begin with
// it where it is a variable.
func nameBody(c byte) bool { return isAlnum(c) || bytes.IndexByte([]byte("-._~$%{}"), c) >= 0 }
