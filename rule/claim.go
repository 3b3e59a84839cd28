package rule

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/secret"
)

// A claim is a value of which its carrier (an assignment, a URL, a .netrc) says that it
// is a credential. What a credential without a checksum is, only a claim can tell.
type claim struct {
	text    []byte
	lo, hi  int // the value's place
	value   string
	undone  []string // how the text spells the value
	as      role
	of      product
	strong  bool   // the carrier holds nothing but credentials, such as a URL's userinfo
	bare    bool   // the value stands without quotes
	key     string // the name that the carrier gives the value; may be empty
	id      string // the public half of a pair; may be empty
	account string // who it belongs to; may be empty
	host    string // where it is used; may be empty
	far     bool   // the product's name stands away from it
	own     bool   // an organization's own host or name brought it
	named   bool   // its own name did
	loose   bool   // its name may be that of another product, and nothing around it tells
}

// A role is what a carrier says that a value is.
type role uint8

const (
	noRole       role = iota
	password          // of an account
	userPass          // an account, a colon and its password
	bearer            // a token of unknown make
	oauthAccess       // an OAuth access token
	oauthRefresh      // an OAuth refresh token
	clientSecret      // of an OAuth client
	runnerSecret      // of a Pipelines runner's OAuth client
	webhook           // what signs a webhook's messages
	connect           // what a Connect app and Bitbucket share
	feed              // the token in the address of a feed
	webSession        // a cookie of Atlassian's sign-in
	ownSession        // a cookie of a server of one's own
	property          // a password in bitbucket.properties
	crowd             // an application's password at Crowd
)

// A product says whose server a credential is for.
type product uint8

const (
	anyProduct product = iota
	cloud
	server // Data Center, and before it Server and Stash
)

// A kind is a kind of credential that is known by what carries it.
type kind uint8

const (
	noKind kind = iota
	kindClientSecret
	kindRunnerSecret
	kindLinkSecret
	kindBareToken
	kindOldToken
	kindAccess
	kindRefresh
	kindOldAppPassword
	kindServerPassword
	kindPassword
	kindWebhook
	kindConnect
	kindFeed
	kindWebSession
	kindOwnSession
	kindProperty
	kindCrowd
	kindOIDC
	kindFarToken
)

// judge returns what kind of credential a claim's value is, and why. The kinds whose
// value has a form of its own come before those that any text can be.
func judge(c *claim) (kind, Proof) {
	if selfProving(c.value) {
		return noKind, 0
	}
	switch {
	case isBareToken(c):
		if c.far {
			return kindFarToken, Structure
		}
		return kindBareToken, Structure
	case isOldToken(c):
		return kindOldToken, Checksum
	}
	for _, k := range []struct {
		kind kind
		is   func(*claim) bool
	}{
		{kindClientSecret, isClientSecret},
		{kindRunnerSecret, isRunnerSecret},
		{kindLinkSecret, isLinkSecret},
		{kindAccess, isAccess},
		{kindOIDC, isOIDC},
		{kindRefresh, isRefresh},
		{kindOldAppPassword, isOldAppPassword},
		{kindServerPassword, isServerPassword},
		{kindPassword, isPassword},
		{kindWebhook, isWebhook},
		{kindConnect, isConnect},
		{kindFeed, isFeed},
		{kindWebSession, isWebSession},
		{kindOwnSession, isOwnSession},
		{kindProperty, isProperty},
		{kindCrowd, isCrowd},
	} {
		if k.is(c) {
			return k.kind, Context
		}
	}
	return noKind, 0
}

// selfProving reports whether a value begins like a credential that another rule knows by
// itself, and says more of: whether it is whole, for one.
func selfProving(v string) bool {
	for _, head := range []string{"ATATT3", "ATCTT3", "ATSTT3", "ATBB", "ATOA", "BBDC-"} {
		if strings.HasPrefix(v, head) {
			return true
		}
	}
	return len(v) > 9 && v[4:9] == "T3xFf"
}

// match returns the claim as a Match.
func (c *claim) match(k kind, p Proof) Match {
	m := Match{
		Lo: c.lo, Hi: c.hi, Secret: secret.Bare(c.value), Proof: p, Encoding: c.undone,
		ID: c.id, Account: c.account, Host: c.host, Key: c.key,
	}
	if weak(k) {
		m.Secret = secret.Weak(c.value)
	}
	if k == kindBareToken || k == kindFarToken {
		if id, ok := numbered([]byte(c.value)); ok {
			m.ID = string(id[:])
		}
	}
	return m
}

// weak reports whether people choose credentials of a kind, or may, so that they can be
// guessed.
func weak(k kind) bool {
	switch k {
	case kindPassword, kindServerPassword, kindWebhook, kindProperty, kindCrowd, kindConnect:
		return true
	}
	return false
}

// inContext is the Match of a kind: the first of its credentials at an anchor.
func inContext(want kind) func(text []byte, at int) (Match, bool) {
	return func(text []byte, at int) (found Match, ok bool) {
		Each([]*Rule{{kind: want}}, text, at, func(_ *Rule, m Match) {
			if !ok {
				found, ok = m, true
			}
		})
		return found, ok
	}
}

// stands reports whether s is at text[i].
func stands(text []byte, i int, s string) bool {
	return i >= 0 && i+len(s) <= len(text) && string(text[i:i+len(s)]) == s
}

// Each is Reading's Each for one place in a text.
func Each(rules []*Rule, text []byte, at int, yield func(*Rule, Match)) {
	if Promises(text, at) {
		var g Reading
		g.Start(text)
		g.Each(nil, rules, at, yield)
	}
}

// Plant returns a text in which credential, which Mint made, counts: itself, or what
// carries it.
func (r *Rule) Plant(credential string) string {
	if r.Context == "" {
		return credential
	}
	return fmt.Sprintf(r.Context, credential)
}
