package rule

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// A signed is what a signed token says of itself (RFC 7519, 2015).
type signed struct {
	Issuer  string  `json:"iss"`
	Expires float64 `json:"exp"` // seconds since 1970; 0 where it does not expire
}

// readSigned reads a token that is signed and not expired.
func readSigned(v string) (body signed, ok bool) {
	parts := strings.Split(v, ".")
	if len(parts) != 3 || len(parts[2]) < 40 || filled([]byte(parts[2])) {
		return body, false
	}
	var head struct {
		Alg string `json:"alg"`
	}
	if !part(parts[0], &head) || !part(parts[1], &body) || head.Alg == "" || strings.EqualFold(head.Alg, "none") {
		return body, false
	}
	return body, body.Expires == 0 || body.Expires > float64(time.Now().Unix())
}

// part reads one part of a signed token.
func part(s string, into any) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && json.Unmarshal(b, into) == nil
}

// identifies reports whether a signed token is one with which a step of Pipelines tells
// others who it is.
func (s signed) identifies() bool {
	return strings.Contains(s.Issuer, "/pipelines-config/identity/oidc")
}
