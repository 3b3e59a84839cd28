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
