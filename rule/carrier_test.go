package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// inContext returns the rules that count in a carrier alone.
func inContext() (all []*rule.Rule) {
	for _, r := range rule.All() {
		if r.Context != "" {
			all = append(all, r)
		}
	}
	return all
}

// carried returns what every kind that is known by its carrier finds in text, each place
// once.
func carried(text string) (all []found) {
	rules := inContext()
	seen := map[string]bool{}
	for _, word := range rules[0].Anchors {
		for at := 0; ; at++ {
			i := strings.Index(lowered(text)[at:], lowered(word))
			if i < 0 {
				break
			}
			at += i
			rule.Each(rules, []byte(text), at, func(r *rule.Rule, m rule.Match) {
				if key := fmt.Sprint(r.ID, m.Lo, m.Hi); !seen[key] {
					seen[key] = true
					all = append(all, found{r, m})
				}
			})
		}
	}
	return all
}

// lowered returns s with its ASCII letters in lower case, and nothing else changed.
func lowered(s string) string {
	return strings.Map(func(c rune) rune {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}, s)
}

// A carrying is a text that carries a credential at its %s, and what it says of it.
type carrying struct{ id, text, account, host string }

const (
	account  = "bitbucket-password"
	ownHost  = "bitbucket-data-center-password"
	consumer = "bitbucket-oauth-consumer-secret"
	bare     = "bitbucket-data-center-token-unprefixed"
	hook     = "bitbucket-webhook-secret"
	link     = "bitbucket-data-center-oauth-secret"
	access   = "bitbucket-oauth-access-token"
	props    = "bitbucket-data-center-property"
)

var carryings = []carrying{
	// Addresses.
	{account, "git clone https://joe:%s@bitbucket.org/team/repo.git", "joe", "bitbucket.org"},
	{account, "https://joe%%40corp.io:%s@bitbucket.org", "joe@corp.io", "bitbucket.org"},
	{account, `{"url": "https:\/\/joe:%s@bitbucket.org\/team\/repo.git"}`, "joe", "bitbucket.org"},
	{account, "[remote \"origin\"]\n\turl = https://joe:%s@api.bitbucket.org/2.0/\n", "joe", "api.bitbucket.org"},
	{ownHost, "https://joe:%s@git.corp.io/scm/prj/repo.git", "joe", "git.corp.io"},
	{ownHost, "http://joe:%s@git.corp.io:7990/rest/api/1.0", "joe", "git.corp.io"},
	{ownHost, "http://joe:%s@stash.corp.io/projects", "joe", "stash.corp.io"},
	{ownHost, "pip install git+https://joe:%s@bitbucket.corp.io/scm/~joe/repo.git@main#egg=x", "joe", "bitbucket.corp.io"},
	{access, "https://x-token-auth:%s@bitbucket.org/team/repo.git", "", "bitbucket.org"},
	{access, "curl 'https://api.bitbucket.org/2.0/user?access_token=%s&x=1'", "", "api.bitbucket.org"},
	{"bitbucket-feed-token", "https://bitbucket.org/joe/rss/feed?token=%s", "", "bitbucket.org"},
	// .netrc and curl.
	{account, "machine bitbucket.org login joe password %s", "joe", "bitbucket.org"},
	{account, "machine api.bitbucket.org\n\tpassword %s\n\tlogin joe\nmachine x login y password z", "joe", "api.bitbucket.org"},
	{ownHost, "machine bitbucket.corp.io\nlogin joe\npassword %s\n", "joe", "bitbucket.corp.io"},
	{account, "curl -u joe:%s https://api.bitbucket.org/2.0/repositories", "joe", "api.bitbucket.org"},
	{account, "curl -X POST --user 'joe:%s' \\\n  https://api.bitbucket.org/2.0/x", "joe", "api.bitbucket.org"},
	{ownHost, "curl -s https://bitbucket.corp.io/rest/api/1.0/users -u \"joe:%s\"\n", "joe", "bitbucket.corp.io"},
	// Names.
	{account, "BITBUCKET_PASSWORD=%s\n", "", ""},
	{account, "export BITBUCKET_USERNAME=joe\nexport BITBUCKET_PASSWORD='%s'\n", "joe", ""},
	{account, "docker run -e BITBUCKET_APP_PASSWORD=%s image", "", ""},
	{account, `["env", "BITBUCKET_PASSWORD=%s"]`, "", ""},
	{account, "ENV BITBUCKET_PASSWORD %s\n", "", ""},
	{account, "setx BITBUCKET_PASSWORD %s\r\n", "", ""},
	{account, "$env:BITBUCKET_PASSWORD = \"%s\"", "", ""},
	{account, "$bitbucketPassword = '%s';", "", ""},
	{account, "  bitbucket_password: %s\n", "", ""},
	{account, "  bitbucket_password: %s  # the bot's\n", "", ""},
	{account, `{"bitbucketUser": "joe", "bitbucketPassword": "%s"}`, "joe", ""},
	{account, `{\"bitbucketPassword\": \"%s\"}`, "", ""},
	{account, "bitbucket.password=%s\n", "", ""},
	{account, "bitbucketPassword = %s\n", "", ""},
	{account, "'bitbucket_password' => '%s',", "", ""},
	{account, "<bitbucketPassword>%s</bitbucketPassword>", "", ""},
	{account, `<add key="BitbucketPassword" value="%s" />`, "", ""},
	{account, `os.environ["BITBUCKET_PASSWORD"] = "%s"`, "", ""},
	{account, `System.setProperty("bitbucket.password", "%s");`, "", ""},
	{account, `const bitBucketPassword = "%s";`, "", ""},
	{account, "bitbucket_password := `%s`", "", ""},
	{account, `let bitbucketPassword: string = "%s";`, "", ""},
	{account, `<property name="bitbucket.password">%s</property>`, "", ""},
	{account, `withEnv(['BITBUCKET_PASSWORD=%s']) {`, "", ""},
	{account, "+export BITBUCKET_PASSWORD=%s\n", "", ""},
	{account, "- name: BITBUCKET_PASSWORD\n  value: %s\n", "", ""},
	{account, `{"name": "BITBUCKET_PASSWORD", "value": "%s"}`, "", ""},
	{account, "variable \"bitbucket_password\" {\n  default = \"%s\"\n}\n", "", ""},
	{account, "mvn deploy -Dbitbucket.password=%s -B\n", "", ""},
	{account, "atlantis server --bitbucket-user=joe --bitbucket-password=%s\n", "joe", ""},
	{account, "tool --bitbucket-app-password '%s' run", "", ""},
	{account, "BUNDLE_BITBUCKET__ORG: \"joe:%s\"\n", "joe", ""},
	{ownHost, "DANGER_BITBUCKETSERVER_PASSWORD=%s\n", "", ""},
	{ownHost, "WOODPECKER_BITBUCKET_DC_GIT_PASSWORD=%s\n", "", ""},
	{consumer, "SOCIAL_AUTH_BITBUCKET_OAUTH2_SECRET = '%s'\n", "", ""},
	{consumer, "WOODPECKER_BITBUCKET_SECRET: %s\n", "", ""},
	{consumer, "CLIENT_SECRET_BITBUCKET=%s\n", "", ""},
	{bare, "BITBUCKET_SERVER_TOKEN=%s\n", "", ""},
	{bare, "# bitbucket\ncurl -H 'Authorization: Bearer %s' https://git.corp.io/rest/api\n", "", ""},
	{link, "GCM_BITBUCKET_DATACENTER_CLIENTSECRET=%s\n", "", ""},
	{hook, "ATLANTIS_BITBUCKET_WEBHOOK_SECRET=%s\n", "", ""},
	{hook, "  webhook.bitbucketserver.secret: %s\n", "", ""},
	{"bitbucket-oauth-refresh-token", "bitbucket_refresh_token: \"%s\"", "", ""},
	{"bitbucket-data-center-session", "Cookie: a=b; BITBUCKETSESSIONID=%s; c=d", "", ""},
	{"bitbucket-data-center-session", `{"name": "BITBUCKETSESSIONID", "value": "%s"}`, "", ""},
	{"atlassian-session-token", `{"name": "cloud.session.token", "value": "%s"}`, "", ""},
	{"atlassian-session-token", "curl -b 'x=1; tenant.session.token=%s; y=2' https://bitbucket.org/", "", ""},
	// Objects that say by another field that they are about Bitbucket.
	{consumer, `{"bitbucket-oauth": {"bitbucket.org": {"consumer-key": "k", "consumer-secret": "%s"}}}`, "", ""},
	{access, `{"bitbucket-oauth": {"bitbucket.org": {"access-token": "%s", "access-token-expiration": 1}}}`, "", ""},
	{account, `{"http-basic": {"bitbucket.org": {"username": "joe", "password": "%s"}}}`, "joe", ""},
	{account, "provider \"bitbucket\" {\n  username = \"joe\"\n  password = \"%s\"\n}\n", "joe", ""},
	{consumer, "resource \"tfe_oauth_client\" \"x\" {\n  service_provider = \"bitbucket_hosted\"\n  key = \"k\"\n  secret = \"%s\"\n}\n", "", ""},
	{account, "integrations:\n  bitbucketCloud:\n    - username: joe\n      appPassword: %s\n", "joe", ""},
	{ownHost, "integrations:\n  bitbucketServer:\n    - host: git.corp.io\n      username: joe\n      password: %s\n", "joe", "git.corp.io"},
	{account, "hostRules: [{ matchHost: \"bitbucket.org\", username: \"joe\", password: \"%s\" }]", "joe", "bitbucket.org"},
	{account, "stringData:\n  url: https://bitbucket.org/team\n  username: joe\n  password: %s\n", "joe", "bitbucket.org"},
	{account, "- usernamePassword:\n    id: bitbucket-bot\n    username: joe\n    password: \"%s\"\n", "joe", ""},
	{account, "<server>\n  <id>bitbucket</id>\n  <username>joe</username>\n  <password>%s</password>\n</server>", "joe", ""},
	{account, "[bitbucket]\nuser = joe\npassword = %s\n[other]\n", "joe", ""},
	{account, "[auth]\nbb.prefix = https://bitbucket.org\nbb.username = joe\nbb.password = %s\n", "joe", "bitbucket.org"},
	{"bitbucket-connect-secret", "{\n \"key\": \"app\",\n \"sharedSecret\": \"%s\",\n \"baseUrl\": \"https://bitbucket.org\"\n}", "", "bitbucket.org"},
	// A server's own configuration.
	{props, "setup.sysadmin.username=root\nsetup.sysadmin.password=%s\n", "", ""},
	{props, "SETUP_SYSADMIN_PASSWORD: '%s'\n", "", ""},
	{props, "jdbc.url=jdbc:postgresql://db:5432/bitbucket\njdbc.user=joe\njdbc.password=%s\n", "joe", ""},
	{"bitbucket-crowd-password", "application.name                        bitbucket\napplication.password                    %s\n", "", ""},
	{"bitbucket-runner-secret", "-e ACCOUNT_UUID={1} -e OAUTH_CLIENT_ID=abc -e OAUTH_CLIENT_SECRET=%s -e X=1", "", ""},
}

// TestCarried finds credentials in every carrier: once, at their place, with what the
// carrier tells.
func TestCarried(t *testing.T) {
	rng := seeded()
	for _, c := range carryings {
		r := rule.ByID(c.id)
		for i := range 200 / scale {
			key := r.Mint(rng)
			text := fmt.Sprintf(c.text, key)
			all := carried(text)
			if len(all) != 1 || all[0].Rule != r {
				t.Errorf("%q: %d findings", c.text, len(all))
				break
			}
			m, lo := all[0].Match, strings.Index(text, key)
			if m.Lo != lo || m.Hi != lo+len(key) || m.Secret.Reveal() != key || m.Proof == rule.Layout || r.LevelOf(m) != r.Level {
				t.Errorf("%q, sample %d: at [%d,%d), want [%d,%d), proof %s", c.text, i, m.Lo, m.Hi, lo, lo+len(key), m.Proof)
				break
			}
			if m.Account != c.account || m.Host != c.host {
				t.Errorf("%q: account %q and host %q", c.text, m.Account, m.Host)
				break
			}
			if r.Weak == strings.Contains(m.Secret.String(), "(") {
				t.Errorf("%s: the redacted form is %s", r.ID, m.Secret)
			}
		}
	}
}

// standIns are what stands where a credential belongs, and is none.
var standIns = []string{
	"${PASSWORD}", "$PASSWORD", "$(cat file)", "{{ password }}", "{{password}}", "%PASSWORD%", "<password>", "<your-password>", "****", "********", "xxxxxxxx", "password", "Password1",
	"changeme", "secret", "example", "my-secret-password", "app_password", "your-app-password", "os.environ['X']", "process.env.X", "secret://x/y", "vault:secret/x#y", "vault/x", "!Ref X", "!vault",
	"ENC[AES256,data:abc1]", "{AQAAABAAAAAQabc1}", "test1234", "token", "bitbucket", "bitbucketpassword", "user:pass", "null", "none", "true", "...", "…", "REDACTED", "[secret]", "#{password}", "%s", "{0}", "%(password)s",
	"1234", "12345678", "", "foobar", "dummy1", "apppassword", "TOKEN", "@password@", "__PASSWORD__", "var.password", "secrets.BITBUCKET_PASSWORD", "credentials('bitbucket')", "aaaaaaaa", "admin", "admin123",
}

// TestStandIns puts into every carrier what is no credential.
func TestStandIns(t *testing.T) {
	for _, c := range carryings {
		for _, s := range standIns {
			if all := carried(fmt.Sprintf(c.text, s)); len(all) != 0 {
				t.Errorf("%s in %q is %q", all[0].Rule.ID, c.text, s)
			}
		}
	}
}

// TestNoCarrier puts credentials where nothing says that they are Bitbucket's.
func TestNoCarrier(t *testing.T) {
	rng := seeded()
	for _, r := range inContext() {
		key := r.Mint(rng)
		for _, text := range []string{
			"%s", "PASSWORD=%s\n", "https://joe:%s@github.com/x/y.git", "machine github.com login joe password %s", `{"token": "%s"}`, "https://joe@bitbucket.org/%s",
			"JIRA_TOKEN=%s\n", "GITHUB_BUCKET_TOKEN=%s\n", "bitbucket-pipelines.yml: sha256 %s\n", "curl -u joe:%s https://github.com/\ncurl https://bitbucket.org/\n", "socket.token=%s\n", "joe:%s@mail.corp.io",
			"bitbucket: {}\ngithub:\n  password: %s\n", "- host: bitbucket.org\n  user: x\n- host: github.com\n  password: %s\n",
		} {
			if (r.ID == bare || r.ID == "atlassian-data-center-token") && strings.Contains(strings.ToLower(text), "bitbucket") {
				continue // any near it is one
			}
			if all := carried(fmt.Sprintf(text, key)); len(all) != 0 {
				t.Errorf("%s in %q", all[0].Rule.ID, text)
			}
		}
	}
}

// TestSeveral finds each of several credentials that one carrier holds.
func TestSeveral(t *testing.T) {
	rng := seeded()
	r := rule.ByID(ownHost)
	a, b, c := r.Mint(rng), r.Mint(rng), r.Mint(rng)
	for _, text := range []string{
		"bitbucketServer:\n  - host: git.corp.io\n    password: %s\n  - host: scm.corp.io\n    password: %s\n  - host: git.corp.eu\n    password: %s\n",
		"BITBUCKET_SERVER_PASSWORD=%s BITBUCKETSERVER_PASSWORD=%s BITBUCKET_DC_PASSWORD=%s\n",
		"http://a:%s@stash.corp.io http://b:%s@stash.corp.io http://c:%s@stash.corp.io",
	} {
		if all := carried(fmt.Sprintf(text, a, b, c)); len(all) != 3 {
			t.Errorf("%d of 3 in %q", len(all), text)
		}
	}
}

// TestPublicClients checks that the clients that are public on purpose are none.
func TestPublicClients(t *testing.T) {
	for _, parts := range [][]string{{"wwWw47VB9ZHwMsD4", "Q4rAveHkbxNrMp3n"}, {"7NUP5qUtSR3SxdFK", "4xAGaU6PMNvNdE59"}} {
		if all := carried("BITBUCKET_CLIENT_SECRET=" + strings.Join(parts, "") + "\n"); len(all) != 0 {
			t.Errorf("%s", all[0].Rule.ID)
		}
	}
}

// TestExpiredSession checks that a session that is over is nothing.
func TestExpiredSession(t *testing.T) {
	const head, over = "eyJhbGciOiJSUzI1NiJ9", "eyJleHAiOjE2MDAwMDAwMDB9"
	sig := random(seeded(), url64, 342)
	if all := carried("cloud.session.token=" + head + "." + over + "." + sig + "\n"); len(all) != 0 {
		t.Error("found")
	}
}
