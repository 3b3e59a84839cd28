package rule

import (
	"bytes"
	"slices"
	"strings"
)

// claimAll claims the fields of a stretch whose names are those of credentials and that
// pass.
func (r *carrierReader) claimAll(in span, prefix string, told claim, pass func(field) bool) {
	r.fields(in, func(f field) {
		as, key := r.holds(f, prefix)
		if as == noRole || !pass(f) {
			return
		}
		c := told
		if c.as = as; !r.fieldOf(key, &c) && !r.variableOf(key, &c) || !r.try(&c) {
			return
		}
		if r.unpack(&c); r.worth(c) {
			c.account = r.pick(in, key, prefix, "username", "user", "useremail", "email", "login", "jdbcuser", "urlusername")
			if as == clientSecret {
				c.id = r.pick(in, key, prefix, "clientid", "oauthclientid", "consumerkey", "key")
			}
			if c.host == "" {
				c.host = hostOf(r.pick(in, key, prefix, "host", "url", "baseurl", "apibaseurl", "matchhost", "hostname", "server", "serverurl", "endpoint"))
			}
		}
		r.claimValue(c)
		if strings.EqualFold(c.key, "secret") { // which may be any sort's
			c.as = bearer
			r.claimValue(c)
		}
	})
}

// holds returns what a field holds, and its name: where it names another field, whose value
// stands in a field of its own, that one's.
func (r *carrierReader) holds(f field, prefix string) (role, span) {
	as := f.as
	if as == noRole && prefix != "" && bytes.HasPrefix(r.text[f.key.lo:f.key.hi], []byte(prefix)) {
		as = beside(flatten(r.text[f.key.lo+len(prefix) : f.key.hi]))
	}
	if as != noRole || !r.alias(f) {
		return as, f.key
	}
	var c claim
	if !r.fieldOf(f.key, &c) || c.hi-c.lo > maxName {
		return noRole, f.key
	}
	return beside(flatten(r.text[c.lo:c.hi])), span{c.lo, c.hi}
}

// alias reports whether a field with its name or its value in quotes, or an item of a list
// in YAML, holds the name of another.
func (r *carrierReader) alias(f field) bool {
	if c := r.byteAt(f.key.hi); !quote(c) && c != ':' && (c != '=' || !quote(r.byteAt(f.key.hi+1))) {
		return false
	}
	return string(f.flat) != "id" && isNaming(f.flat)
}

// pick returns the value of the field of one of these names that is nearest to key in a
// stretch, or "".
func (r *carrierReader) pick(in, key span, prefix string, names ...string) (value string) {
	best := len(r.text) + 1
	in.lo, in.hi = max(in.lo, key.lo-maxObject/2), min(in.hi, key.lo+maxObject/2)
	r.fields(in, func(f field) {
		k := f.key
		far := max(k.lo-key.lo, key.lo-k.lo)
		if far >= best || far == 0 {
			return
		}
		var c claim
		switch {
		case among(f.flat, names):
		case prefix != "" && bytes.HasPrefix(r.text[k.lo:k.hi], []byte(prefix)) && slices.Contains(names, flatten(r.text[k.lo+len(prefix):k.hi])):
		case r.alias(f) && r.fieldOf(k, &c) && c.hi-c.lo < maxName && slices.Contains(names, flatten(r.text[c.lo:c.hi])):
			k = span{c.lo, c.hi}
		default:
			return
		}
		c = claim{}
		if r.fieldOf(k, &c) && len(c.value) <= maxAccount && (!reference(c.value) || hostOf(c.value) != "") {
			r.unpack(&c)
			best, value = far, c.value
		}
	})
	return value
}

// among reports whether name is one of names.
func among(name []byte, names []string) bool {
	for _, n := range names {
		if string(name) == n {
			return true
		}
	}
	return false
}
