package rule

import "strings"

// tails are how the names of settings end that hold a credential, once flattened. The
// longest come first. They were collected from the documentation of Terraform's Bitbucket
// provider, Atlantis, Renovate, Danger, Drone, Woodpecker, Backstage, Composer, Git
// Credential Manager, Python Social Auth, Snyk's broker and MCP servers, 2026-11-23.
var tails = []struct {
	name string
	as   role
}{
	{"oauthconsumersecret", clientSecret},
	{"oauthaccesstoken", oauthAccess},
	{"oauthclientsecret", clientSecret},
	{"oauth2clientsecret", clientSecret},
	{"oauthrefreshtoken", oauthRefresh},
	{"consumersecret", clientSecret},
	{"webhooksecret", webhook},
	{"refreshtoken", oauthRefresh},
	{"clientsecret", clientSecret},
	{"oauth2secret", clientSecret},
	{"accesstoken", oauthAccess},
	{"apppassword", password},
	{"oauthsecret", clientSecret},
	{"oauthtoken", oauthAccess},
	{"hooksecret", webhook},
	{"apitoken", bearer},
	{"password", password},
	{"apppass", password},
	{"apptoken", password},
	{"passwd", password},
	{"userpass", password},
	{"passwort", password},
	{"appsecret", clientSecret},
	{"apikey", bearer},
	{"secret", clientSecret},
	{"token", bearer},
	{"pass", password},
	{"pwd", password},
	{"pat", bearer},
}

// maxMiddle is how many letters may stand between the product's name and what a setting
// is, as in BITBUCKET_PROD_DEPLOY_PASSWORD: enough for two words.
const maxMiddle = 16

// roleOf returns what a setting with the product's name in its own holds, and for which
// product. The name is flattened.
func roleOf(name string) (role, product) {
	switch name {
	case "bbtoken", "bkttoken", "bbapitoken", "bbaccesstoken":
		return bearer, anyProduct
	case "bbapppassword":
		return password, cloud
	}
	i := strings.LastIndex(name, "bitbucket")
	if i < 0 {
		return stashRole(name)
	}
	rest := name[i+len("bitbucket"):]
	of := productOf(rest)
	if rest == "sessionid" || strings.HasSuffix(name, "atlbitbucketrememberme") {
		return ownSession, server
	}
	if strings.HasSuffix(name[:i], "bundle") && (rest == "org" || rest == "") {
		return userPass, cloud
	}
	if strings.HasSuffix(name, "webhookbitbucketuuid") {
		return webhook, cloud
	}
	if strings.HasSuffix(name, "webhookbitbucketserversecret") {
		return webhook, server
	}
	if rest == "" || rest == "org" {
		return tailOf(name[:i], maxMiddle), of
	}
	return tailOf(rest, maxMiddle), of
}

// stashRole is roleOf for the name that the server once had, which other things have too:
// the log shipper's name ends with it.
func stashRole(name string) (role, product) {
	i := strings.LastIndex(name, "stash")
	if i < 0 || strings.HasSuffix(name[:i], "log") {
		return noRole, anyProduct
	}
	return tailOf(name[i+len("stash"):], maxMiddle), server
}

// productOf returns which product is meant by what follows its name.
func productOf(rest string) product {
	for _, p := range []struct {
		head string
		of   product
	}{{"cloud", cloud}, {"org", cloud}, {"server", server}, {"datacenter", server}, {"dc", server}} {
		if strings.HasPrefix(rest, p.head) {
			return p.of
		}
	}
	return anyProduct
}

// tailOf returns what a name says with its end that its value is, where no more than so
// many letters stand before that.
func tailOf(name string, before int) role {
	for _, t := range tails {
		if hasTail(name, t.name) {
			if len(name)-len(t.name) > before {
				return noRole
			}
			return t.as
		}
	}
	return noRole
}

func hasTail(name, end string) bool { return strings.HasSuffix(name, end) }

// flatten returns the letters and digits of a name in lower case, so that one form stands
// for BITBUCKET_APP_PASSWORD, bitbucket-app-password and bitbucketAppPassword.
func flatten(name []byte) string {
	return string(appendFlat(make([]byte, 0, len(name)), name))
}

// appendFlat appends a name to b, flattened.
func appendFlat(b, name []byte) []byte {
	for _, c := range name {
		if isAlnum(c) {
			b = append(b, lower(c))
		}
	}
	return b
}

// beside are the names of what holds a credential in an object that says by another field
// that it is about Bitbucket.
func beside(name string) role {
	switch name {
	case "sharedsecret":
		return connect
	case "jdbcpassword", "pluginsearchconfigpassword", "pluginsearchelasticsearchpassword", "serversslkeystorepassword",
		"serversslkeypassword", "hazelcastgrouppassword", "setupsysadminpassword":
		return property
	case "applicationpassword":
		return crowd
	case "basicauth": // Ruby's client
		return userPass
	case "cleartextpassword", "urlpassword": // NuGet's, Ansible's
		return password
	}
	return tailOf(name, 0)
}

// tellsBitbucket reports whether a field of this name says what its object is about.
func tellsBitbucket(name string) bool {
	switch name {
	case "host", "hostname", "url", "uri", "id", "type", "matchhost", "hosttype", "platform", "provider", "serviceprovider", "endpoint", "baseurl",
		"baseapiurl", "apibaseurl", "apiurl", "jdbcurl", "applicationname", "applicationloginurl", "cookiedomain", "setupbaseurl", "setupdisplayname",
		"prefix", "repourl", "repository", "remote", "servertype", "server", "product", "producttype", "service", "scm", "site", "registry", "serverurl", "kind", "name", "description", "raw":
		return true
	}
	return false
}

// headsBlock reports whether a field of this name holds settings of Bitbucket.
func headsBlock(name string) bool {
	for _, head := range []string{
		"bitbucket", "bitbucketcloud", "bitbucketserver", "bitbucketorg", "bitbucketoauth", "bitbucketdatacenter", "bitbucketdc",
		"bitbucketauth", "bitbucketcredentials", "bitbucketconfig", "bitbucketpipelines", "bitbucketapi", "bitbucketoauth2",
	} {
		if name == head || strings.HasSuffix(name, head) && len(name) <= len(head)+12 {
			return true
		}
	}
	return strings.HasSuffix(name, "bitbucketorg")
}
