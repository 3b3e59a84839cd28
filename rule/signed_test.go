package rule_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/rule"
)

// TestSigned reads signed tokens in carriers: what their issuer and their end make of them.
func TestSigned(t *testing.T) {
	const oidc = "https://api.bitbucket.org/2.0/workspaces/team/pipelines-config/identity/oidc"
	rng := seeded()
	jwt := func(body string) string {
		enc := base64.RawURLEncoding.EncodeToString
		return enc([]byte(`{"alg":"RS256"}`)) + "." + enc([]byte(body)) + "." + random(rng, url64, 342)
	}
	later := fmt.Sprintf(`"exp":%d`, time.Now().Add(time.Hour).Unix())
	for _, c := range []struct{ text, body, want string }{
		{"BITBUCKET_ACCESS_TOKEN=%s\n", `{` + later + `}`, access},
		{"BITBUCKET_ACCESS_TOKEN=%s\n", `{"sub":"x"}`, access},
		{"BITBUCKET_ACCESS_TOKEN=%s\n", `{"exp":1600000000}`, ""},
		{"BITBUCKET_ACCESS_TOKEN=%s\n", `no object`, ""},
		{"git clone https://x-token-auth:%s@bitbucket.org/team/repo.git\n", `{` + later + `}`, access},
		{"curl -H 'Authorization: Bearer %s' https://api.bitbucket.org/2.0/user\n", `{` + later + `}`, access},
		{"curl -H 'Authorization: JWT %s' https://api.bitbucket.org/2.0/user\n", `{"iss":"app",` + later + `}`, access},
		{"curl -H 'Authorization: Bearer %s' https://api.github.com/user\n", `{` + later + `}`, ""},
		{`{"bitbucket": {"refresh_token": "%s"}}`, `{` + later + `}`, "bitbucket-oauth-refresh-token"},
		{"BITBUCKET_STEP_OIDC_TOKEN=%s\n", `{"iss":"` + oidc + `",` + later + `}`, "bitbucket-oidc-token"},
		{"BITBUCKET_STEP_OIDC_TOKEN=%s\n", `{"iss":"` + oidc + `","exp":1600000000}`, ""},
		{"JIRA_TOKEN=%s\n", `{` + later + `}`, ""},
	} {
		all := carried(fmt.Sprintf(c.text, jwt(c.body)))
		switch {
		case c.want == "" && len(all) != 0:
			t.Errorf("%s in %q of %q", all[0].Rule.ID, c.text, c.body)
		case c.want != "" && (len(all) != 1 || all[0].Rule.ID != c.want):
			t.Errorf("%q of %q: %d findings", c.text, c.body, len(all))
		}
	}
}

// TestFarToken checks what the distance from the product's name, and another product's name
// beside it, make of a token that says nothing of its product.
func TestFarToken(t *testing.T) {
	const far = "atlassian-data-center-token"
	rng := seeded()
	lines := func(n int) string { return strings.Repeat("# and so on\n", n) }
	for _, c := range []struct{ text, want string }{
		{"# bitbucket\n" + lines(5) + "token: %s\n", bare},
		{"# bitbucket\n" + lines(100) + "token: %s\n", far},
		{"token: %s\n" + lines(100) + "# bitbucket\n", far},
		{"# bitbucket\n" + lines(300) + "token: %s\n", ""},
		{"# bitbucket\n" + lines(100) + "jira:\n  token: %s\n", ""},
		{"# bitbucket\n" + lines(5) + "jira_token: %s\n", ""},
		{"token: %s\n", ""},
	} {
		token := rule.ByID(bare).Mint(rng)
		for _, token := range []string{token, token[:24] + "JiRa" + token[28:]} { // which spells what it likes
			all := carried(fmt.Sprintf(c.text, token))
			if c.want == "" && len(all) != 0 || c.want != "" && (len(all) != 1 || all[0].Rule.ID != c.want) {
				t.Errorf("%.30q, %d bytes: %d findings, want %q", c.text, len(c.text), len(all), c.want)
			}
		}
	}
}
