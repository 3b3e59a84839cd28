package rule_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// loneID is the kind of a Data Center token that nothing ties to one product.
const loneID = "atlassian-data-center-token"

// hitsIn returns which rules find something in a text.
func hitsIn(text string) (ids []string) {
	for _, h := range scan.NewFinder(rule.All()).Find([]byte(text)) {
		ids = append(ids, h.Rule().ID)
	}
	return ids
}

// TestLoneToken finds a Data Center token in a text that names no product, and nothing that
// only resembles one.
func TestLoneToken(t *testing.T) {
	rng := seeded()
	r := rule.ByID(loneID)
	for _, around := range []string{"%s", "token: %s\n", `{"token": "%s"}`, "-H 'Authorization: Bearer %s'", `a\n%s\n`, "https://me:%s@git.corp.example/x.git", "<pat>%s</pat>"} {
		for range 50 {
			key := r.Mint(rng)
			f := scan.NewFinder(rule.All()).Find([]byte(fmt.Sprintf(around, key)))
			if len(f) != 1 || f[0].Rule() != r || f[0].Secret.Reveal() != key || len(f[0].ID) != 12 {
				t.Fatalf("%q: %d findings", around, len(f))
			}
		}
	}
	key := r.Mint(rng)
	readable := base64.StdEncoding.EncodeToString([]byte("123456789012:" + "Kw8-fTq2.Zp4_Lm6vB1x"))
	for name, text := range map[string]string{
		"of Jira":                     "JIRA_TOKEN=" + key,
		"of Confluence, further away": "# Confluence\n" + strings.Repeat("# and so on\n", 100) + "token: " + key,
		"an account's password":       "Authorization: Basic " + readable,
		"in something longer, before": "k=QUJD" + key,
		"in something longer, behind": "k=" + key + "QUJD",
		"with padding":                "k=" + key + "=",
		"part of a path":              "a/" + key,
		"filled":                      "k=" + base64.StdEncoding.EncodeToString([]byte("123456789012:"+strings.Repeat("\xaa", 20))),
		"eleven digits":               "k=" + base64.StdEncoding.EncodeToString([]byte("12345678901a:\x80"+strings.Repeat("\x81\x07\x92", 6)+"z")),
	} {
		if ids := hitsIn(text); len(ids) != 0 {
			t.Errorf("%s: %q", name, ids)
		}
	}
	for name, text := range map[string]string{
		"near":         "bitbucket: " + key,
		"further away": "# bitbucket\n" + strings.Repeat("# and so on\n", 60) + "token: " + key,
	} {
		if ids := hitsIn(text); len(ids) != 1 || (ids[0] == loneID) != (name == "further away") {
			t.Errorf("%s: %q", name, ids)
		}
	}
}
