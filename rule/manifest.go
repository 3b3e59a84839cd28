package rule

import (
	"bytes"
	"encoding/base64"
)

// What a Kubernetes Secret holds: text under stringData, and its base64 form under data.

// unpack takes the value of a claim that is a Secret's data out of its base64 form.
func (r *carrierReader) unpack(c *claim) {
	v := r.text[c.lo:c.hi]
	if len(c.undone) > 0 || len(v)%4 != 0 || !encodedLike(v) || !r.inSecret(span{c.lo, c.hi}) {
		return
	}
	if plain, ok := unbase64(v); ok {
		c.value, c.undone, c.strong, c.bare = plain, []string{"base64"}, true, false
		c.lo, c.hi = c.lo+sixes(0), c.lo+sixes(len(plain)-1)+2
	}
}

// encodedLike reports whether v is of base64's characters alone.
func encodedLike(v []byte) bool {
	for _, b := range bytes.TrimRight(v, "=") {
		if !base64Std[b] {
			return false
		}
	}
	return len(v) > 0
}

// inSecret reports whether a value is among the data of a Secret.
func (r *carrierReader) inSecret(v span) bool {
	before := r.text[max(0, v.lo-maxObject):v.lo]
	before = before[bytes.LastIndex(before, []byte("\n---"))+1:]
	i := lastOf(before, "data:", `data":`, `data\":`)
	if i < 0 || bytes.HasSuffix(before[:i], []byte("string")) || bytes.HasSuffix(before[:i], []byte("meta")) {
		return false
	}
	after := r.text[v.hi:min(len(r.text), v.hi+maxObject)]
	if end := bytes.Index(after, []byte("\n---")); end >= 0 {
		after = after[:end]
	}
	return secretKind(before) || secretKind(after)
}

// secretKind reports whether a manifest, or a piece of it, says that it is a Secret.
func secretKind(text []byte) bool {
	_, kind, ok := bytes.Cut(text, []byte("kind"))
	for ok {
		if kind = bytes.TrimLeft(kind, `\": `); hasPrefix(kind, "Secret") {
			return true
		}
		_, kind, ok = bytes.Cut(kind, []byte("kind"))
	}
	return false
}

// lastOf returns where the last of several words in text is, or -1. What precedes a word
// that ends it, as string does in stringData, is no part of it.
func lastOf(text []byte, words ...string) int {
	last := -1
	for _, w := range words {
		last = max(last, bytes.LastIndex(bytes.ToLower(text), []byte(w)))
	}
	return last
}

// manifest claims what a Secret holds whose name the anchor is in, or an address among
// whose data is Bitbucket's.
func (r *carrierReader) manifest(c claim) {
	in := span{max(0, r.at-maxObject), min(len(r.text), r.at+maxObject)}
	if !r.secretive(in) {
		return
	}
	if n := bytes.LastIndex(r.text[in.lo:r.at], []byte("\n---")); n >= 0 {
		in.lo += n + 1
	}
	if n := bytes.Index(r.text[r.at:in.hi], []byte("\n---")); n >= 0 {
		in.hi = r.at + n
	}
	if !secretKind(r.text[in.lo:in.hi]) {
		return
	}
	if inner, ok := r.braces(r.at); ok {
		in = inner
		if outer, ok := r.braces(inner.lo - 1); ok {
			in = outer
		}
	}
	r.claimAll(in, "", c, func(field) bool { return true })
}

// encodedName claims what a Secret holds beside the address of Bitbucket whose base64 form
// the anchor is in.
func (r *carrierReader) encodedName() {
	v := span{r.at, r.at}
	for v.lo > 0 && r.at-v.lo < maxAccount && base64Std[r.text[v.lo-1]] {
		v.lo--
	}
	for v.hi < len(r.text) && v.hi-r.at < maxAccount && base64Std[r.text[v.hi]] {
		v.hi++
	}
	plain, ok := unbase64(r.text[v.lo:v.hi])
	host := hostOf(plain)
	if !ok || host == "" || !r.inSecret(v) {
		return
	}
	if of, ok := (&carrierReader{Reading: r.Reading, own: r.own}).serverAt(host, 0); ok {
		r.manifest(claim{of: of, host: host})
	}
}

// sixes returns which character of base64 holds the first bits of byte i.
func sixes(i int) int { return i/3*4 + i%3 }

// unbase64 returns the printable text that s is the base64 form of, with or without padding.
func unbase64(s []byte) (string, bool) {
	s = bytes.TrimRight(s, "=")
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(s)))
	n, err := base64.RawStdEncoding.Decode(plain, s)
	if err != nil || n == 0 {
		return "", false
	}
	for _, b := range plain[:n] {
		if b < ' ' || b >= 0x7f {
			return "", false
		}
	}
	return string(plain[:n]), true
}

// renovate claims what the environment of Renovate holds whose platform the anchor is the
// value of (Self-hosted configuration, 2026-11-23).
func (r *carrierReader) renovate(c claim) {
	const far = 60
	if !bytes.Contains(r.near(far, 0), []byte("RENOVATE_PLATFORM")) && !bytes.Contains(r.near(2*far, 0), []byte("RENOVATE_ENDPOINT")) {
		return
	}
	for _, f := range []struct {
		name string
		as   role
	}{{"password", password}, {"token", bearer}} {
		if v, ok := r.fieldNear("renovate", f.name); ok {
			v.as, v.of, v.host, v.account = f.as, c.of, c.host, r.valueNear("renovate", "username")
			r.claimValue(v)
		}
	}
}
