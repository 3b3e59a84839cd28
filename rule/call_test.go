package rule_test

import (
	"fmt"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// notGiven are calls and variables near Bitbucket that are given no credential.
var notGiven = map[string]string{
	"no variable of the name":       "PASSX = \"%s\"\nbb = Bitbucket(url=URL, username=USER, password=PASS)\n",
	"a command's output":            "# %s\nclone:\n\tgit clone https://joe:$(cat pw)@bitbucket.org/team/app.git\n",
	"a function":                    "git clone https://joe:${get_password}@bitbucket.org/team/app.git\nget_password() { echo %s; }\n",
	"a variable of something else":  "DB_PASSWORD = \"%s\"\nbb = Bitbucket(url=URL, username=USER, password=os.environ[\"BB_PASSWORD\"])\n",
	"a call that signs nothing":     "pr = bitbucket.createPullRequest(\"team\", \"%s\")\n",
	"a client that finds something": "pr = BitbucketClient.find(\"https://git.corp.io\", \"team\", \"%s\")\n",
	"the domain of an account":      "new NetworkCredential(user, pw, \"%s\"); client.Get(\"https://bitbucket.corp.io/rest/api/1.0\");\n",
	"what a call returns":           "r = requests.get(\"https://api.bitbucket.org/2.0/user\", auth=(os.environ[\"U\"], get(\"%s\")))\n",
	"a variable that is an object":  "R request = R.Builder\n  .a(\"%s\")\nreturn retry(bitbucketUrl, globalCredentialsProvider, job, request);\n",
	"a member of an object":         "// %s\nconst pass = creds.password\nconst u = `https://joe:${pass}@bitbucket.org/team/app.git`\n",
	"what a function makes":         "# %s\npw = load_secret1(x)\nurl = f\"https://joe:{pw}@bitbucket.org/team/app.git\"\n",
	"a variable set to another":     "# %s\nPW=$OTHER\ngit clone https://joe:$PW@bitbucket.org/team/app.git\n",
	"set too far away":              "PW='%s'\n" + away(4<<10) + "git clone https://joe:$PW@bitbucket.org/team/app.git\n",
	"a token request of others":     "POST https://example.org/site/oauth2/access_token\n\nclient_secret=%s\n",
}

// away is a text of at least n bytes that says nothing.
func away(n int) (s string) {
	for len(s) < n {
		s += "# and so on\n"
	}
	return s
}

// TestNotGiven finds nothing there.
func TestNotGiven(t *testing.T) {
	rng := seeded()
	for name, text := range notGiven {
		for range 20 {
			if ids := hitsIn(fmt.Sprintf(text, rule.ByID("bitbucket-data-center-password").Mint(rng))); len(ids) != 0 {
				t.Errorf("%s: %q", name, ids)
			}
		}
	}
}

// TestStash finds what a setting holds that is named like the server once was: as a note
// unless something near it says that the server is meant.
func TestStash(t *testing.T) {
	rng := seeded()
	r := rule.ByID("bitbucket-data-center-password")
	for text, want := range map[string]rule.Level{
		"STASH_USERNAME=joe\nSTASH_PASSWORD=%s\nSTASH_URL=http://nas:9999/graphql\n": rule.Note,
		"stashPassword: '%s'\n": rule.Note,
		"STASH_USERNAME=joe\nSTASH_PASSWORD=%s\nSTASH_URL=https://git.corp.io/rest/api/1.0\n": rule.Error,
		"# of Bitbucket\n" + away(500) + "stashPassword: '%s'\n":                              rule.Error,
		"DRONE_STASH_GIT_PASSWORD=%s\n":                                                       rule.Error,
		"stash_password = \"%s\"\nclone_url = \"https://git.corp.io/scm/prj/repo.git\"\n":     rule.Error,
	} {
		hits := scan.NewFinder(rule.All()).Find([]byte(fmt.Sprintf(text, r.Mint(rng))))
		if len(hits) != 1 || hits[0].Rule() != r || r.LevelOf(hits[0].Match) != want {
			t.Errorf("%q: %d hits, want one %s", text, len(hits), want)
		}
	}
}
