package rule

// Rejected gives yield each value of which the carrier word at text[at] says that it is a
// credential, or with own an anchor of what an organization added, and that is none, with
// why: a clause of ours that tells nothing of the value. It is asked as Each is.
func (g *Reading) Rejected(own *Own, at int, yield func(lo, hi int, why string)) {
	g.claims(own, at, func(c *claim, k kind, _ Proof) {
		if k == noKind && !selfProving(c.value) { // of which the rule of its kind knows more
			yield(c.lo, c.hi, c.reason())
		}
	})
}

// reason returns why a claim is of no kind.
func (c *claim) reason() string {
	const most = 128
	switch v := c.value; {
	case reference(v):
		return "it says where the credential is, and not what it is"
	case standIn(v, c):
		return "it is what people write where a credential belongs"
	case len(v) > most && !mixed([]byte(v)):
		return "it is too long for a credential"
	case c.as == bearer || c.as == oauthAccess || c.as == oauthRefresh:
		return "no token of Bitbucket has its form"
	case c.as == clientSecret:
		return "no secret of Bitbucket has its form"
	case sampleHost(c.host) && !c.own:
		return "its host is one that documentation makes up, and nothing else makes it look real"
	}
	return "it does not look like a credential: too few sorts of characters, or a path, a name or a sentence"
}
