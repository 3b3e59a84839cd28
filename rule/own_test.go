package rule_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// owned returns what an organization adds.
func owned(t *testing.T, hosts []string, names map[string]string) *rule.Own {
	t.Helper()
	o := new(rule.Own)
	for _, h := range hosts {
		if err := o.AddHost(h); err != nil {
			t.Fatalf("host %s: %v", h, err)
		}
	}
	for n, kind := range names {
		if err := o.AddName(n, kind); err != nil {
			t.Fatalf("name %s: %v", n, err)
		}
	}
	return o
}

// ownEach gives yield what the anchor of o at text[at] brings.
func ownEach(o *rule.Own, text []byte, at int, yield func(*rule.Rule, rule.Match)) {
	var g rule.Reading
	g.Start(text)
	g.Each(o, rule.All(), at, yield)
}

// ownFinds returns what o finds in a text: the kinds and the places, each once.
func ownFinds(o *rule.Own, text string) map[string]string {
	found := map[string]string{}
	for _, a := range o.Anchors() {
		for at := range text {
			if strings.HasPrefix(text[at:], a) {
				ownEach(o, []byte(text), at, func(r *rule.Rule, m rule.Match) { found[text[m.Lo:m.Hi]] = r.ID })
			}
		}
	}
	return found
}

func TestOwn(t *testing.T) {
	const dc, account = "bitbucket-data-center-password", "bitbucket-password"
	hosts := []string{"git.corp.example", "*.scm.example.com", "code.example.net:8443", "gitsrv"}
	names := map[string]string{"CORP_GIT_PW": "", "CORP_*_TOKEN": "", "deploy.secret": "password", "HOOK_OF_*": "webhook-secret"}
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		text string // %s is the password
		want string // the kind, or "" for nothing
		bare bool   // without hosts
	}{
		{"git clone https://deploy:%s@git.corp.example/team/repo.git", dc, false},
		{"git clone https://deploy:%s@GIT.corp.example/x", "", false}, // no anchor in it: hosts are looked for in lower case
		{"url = https://deploy:%s@a.scm.example.com/x", dc, false},
		{"url = https://deploy:%s@a.b.scm.example.com:7/x", dc, false},
		{"url = https://deploy:%s@scm.example.com/x", "", false},
		{"url = https://deploy:%s@code.example.net:8443/x", dc, false},
		{"url = https://deploy:%s@code.example.net/x", dc, false},
		{"url = https://deploy:%s@code.example.net:84430/x", "", false},
		{"url = https://deploy:%s@code.example.net:443/x", "", false},
		{"url = https://deploy:%s@git.corp.example.org/x", "", false},
		{"url = https://deploy:%s@xgit.corp.example/x", "", false},
		{"url = http://deploy:%s@gitsrv/x", dc, false},
		{"machine git.corp.example login deploy password %s", dc, false},
		{"curl -u deploy:%s https://git.corp.example/rest/api/1.0/projects", dc, false},
		{`{"host": "git.corp.example", "username": "deploy", "password": "%s"}`, dc, false},
		{"- host: gitsrv\n  username: deploy\n  password: %s\n", dc, false},
		{`{"host": "git.corp.example.org", "username": "deploy", "password": "%s"}`, "", false},
		{"CORP_GIT_PW=%s", dc, false},
		{"CORP_GIT_PW=%s", account, true},
		{"export CORP_GIT_PW='%s'", account, true},
		{"XCORP_GIT_PW=%s", "", true},
		{"CORP_GIT_PWD=%s", "", true},
		{"CORP_CI_TOKEN: %s", account, true},
		{"CORP_TOKENS: %s", "", true},
		{"process.env.CORP_CI_TOKEN = '%s'", account, true},
		{"deploy.secret=%s", account, true},
		{"app.deploy.secret=%s", "", true},
		{"HOOK_OF_REPO=%s", "bitbucket-webhook-secret", true},
	} {
		o := owned(t, hosts, names)
		if c.bare {
			o = owned(t, nil, names)
		}
		for range 20 {
			key := rule.ByID(dc).Mint(rnd)
			text := fmt.Sprintf("# first\n"+c.text+"\nlast\n", key)
			if got := ownFinds(o, text)[key]; got != c.want {
				t.Errorf("%s: found as %q, want %q", c.text, got, c.want)
				break
			}
		}
		for _, harmless := range []string{"${SECRET}", "changeme", "your-password", "xxxxxxxx", "$(pass git)", "{{ password }}", "***"} {
			if got := ownFinds(o, fmt.Sprintf(c.text+"\n", harmless)); len(got) > 0 {
				t.Errorf("%s with %s: %v", c.text, harmless, got)
			}
		}
	}
}

// TestOwnIsBounded: what is further than Reach from the anchor makes no difference.
func TestOwnIsBounded(t *testing.T) {
	o := owned(t, []string{"git.corp.example"}, nil)
	key := rule.ByID("bitbucket-data-center-password").Mint(rand.New(rand.NewPCG(1, 1)))
	core := "https://u:" + key + "@git.corp.example/x"
	far := bytes.Repeat([]byte("https://git.corp.example/ "), rule.Reach/10)
	text := append(append(bytes.Clone(far), core...), far...)
	at := bytes.Index(text, []byte(key)) + len(key) + 1
	var whole, cut []rule.Match
	ownEach(o, text, at, func(_ *rule.Rule, m rule.Match) { whole = append(whole, m) })
	lo := at - rule.Reach
	ownEach(o, text[lo:at+rule.Reach], rule.Reach, func(_ *rule.Rule, m rule.Match) { cut = append(cut, m) })
	if len(whole) != 1 || len(cut) != 1 || whole[0].Lo != cut[0].Lo+lo || whole[0].Hi != cut[0].Hi+lo || whole[0].Host != "git.corp.example" || whole[0].Account != "u" {
		t.Errorf("got %v and %v", whole, cut)
	}
}

func TestOwnTies(t *testing.T) {
	o := owned(t, []string{"git.corp.example", "*.scm.example.com"}, nil)
	for text, tied := range map[string]bool{
		"Host git.corp.example\n  IdentityFile ~/.ssh/id": true, "git clone git@git.corp.example:team/repo.git": true,
		"git clone ssh://git@a.scm.example.com/x.git": true, "https://git.corp.example/x": false, "git@git.corp.example.org:x": false, "": false,
	} {
		if got := o.Ties([]byte(text)) == rule.TiesIn([]byte("git@bitbucket.org:x")); got != tied {
			t.Errorf("%q: tied %v", text, got)
		}
	}
}

func TestOwnWrong(t *testing.T) {
	for _, host := range []string{
		"", "ab", "https://git.corp.example", "git.corp.example/x", "u@git.corp.example", "git.corp.example:", "git.corp.example:0", "git.corp.example:65536", "git.corp.example:+1",
		"git.corp.example:x", "*", "*.com", "git.*.example", "a..b", "-a.b", "a-.b", ".a.b", "a b", "gü.example", "[::1]", strings.Repeat("a.", 200) + "b",
	} {
		if err := new(rule.Own).AddHost(host); err == nil {
			t.Errorf("host %.30q is taken", host)
		} else if len(host) > 5 && strings.Contains(err.Error(), host) {
			t.Errorf("the error repeats %q", host)
		}
	}
	for _, name := range []string{"", "abc", "*", "*a*", "CORP GIT", "CORP=", "NÄME_OF_IT", strings.Repeat("A", 101)} {
		if err := new(rule.Own).AddName(name, ""); err == nil {
			t.Errorf("name %.30q is taken", name)
		}
	}
	if err := new(rule.Own).AddName("CORP_GIT_PW", "pass"); err == nil {
		t.Error("the kind pass is taken")
	}
	var none rule.Own
	if len(none.Anchors()) != 0 || none.Ties([]byte("git@git.corp.example")) != 0 {
		t.Error("nothing was added and something is there")
	}
}
