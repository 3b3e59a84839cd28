package rule_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// seen are the forms of what public repositories hold that looks like a credential and is
// none of a kind: the values are made up like theirs, and stand at the %s.
var seen = []struct{ name, text, value string }{
	{"client of OAuth in a test", "gock.New(\"https://bitbucket.org\").\n\tPost(\"/site/oauth2/access_token\").\n\tMatchHeader(\"Authorization\", \"Basic %s\").\n\tReply(200)", base64.StdEncoding.EncodeToString([]byte("51a08b2c77:3d99f0e1a4"))},
	{"hexadecimal digits in place of a client's secret", "DRONE_BITBUCKET_CLIENT=c0ffee12\nDRONE_BITBUCKET_SECRET=\"%s\"\n", "7be1a09c44d2f6a3190b" + "5e8d72c4a6f0913bd25c"},
	{"client of a length that none has", "bitbucket_key=k\nbitbucket_secret=%s\n", "kd7j3h5jf8s9mf5l3k8j3h5j" + "f8s9mf5l3k8j3h5jf8s9mf5l"},
	{"words in place of a token", "https://x-token-auth:%s@bitbucket.org/team/repo.git\n", "my-access-token"},
	{"account again in place of its password", "https://libproject5:%s@bitbucket.org/team/repo.git\n", "libproject5"},
	{"account and password in base64", "{\"matchHost\": \"bitbucket.org\", \"token\": \"%s\"}\n", base64.StdEncoding.EncodeToString([]byte("some-username:app-password"))},
	{"word with marks for letters", "hostRules.update({\n  platform: 'bitbucket-server',\n  username: 'us@er',\n  password: '%s',\n});\n", "pas:word"},
	{"word with a mark and a digit", "hostRules.update({\n  platform: 'bitbucket-server',\n  username: 'us@er',\n  password: '%s',\n});\n", "p@ssw:rd"},
}

// TestSeen finds nothing in them.
func TestSeen(t *testing.T) {
	for _, s := range seen {
		for _, f := range carried(fmt.Sprintf(s.text, s.value)) {
			t.Errorf("%s: %s", s.name, f.Rule.ID)
		}
	}
}

// TestSeenClient still finds the secret of a client where one has its form.
func TestSeenClient(t *testing.T) {
	r := rule.ByID(consumer)
	key := r.Mint(seeded())
	value := base64.StdEncoding.EncodeToString([]byte("kEy2bcDef3hjKm4PqR:" + key))
	if all := carried(fmt.Sprintf(seen[0].text, value)); len(all) != 1 || all[0].Rule != r || all[0].Match.Secret.Reveal() != key {
		t.Errorf("%d findings of %s", len(all), strings.ReplaceAll(seen[0].text, "%s", "…"))
	}
}
