package settings_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/mute"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/settings"
)

const whole = `# everything that a file can say
fail-on: error
on-gap: warn
archive-size: 512
unreachable: true
json-file: out/report.json
hosts:
  - git.corp.example
  - "*.scm.corp.example:8443"
names:
  - CORP_GIT_PW
  - {name: CORP_*_KEY, kind: token}
accept:
  - just-a-dummy
  - sha256:%s
mute:
  - fingerprint: 0123456789abcdef0123456789abcdef
    reason: a key of the test server, which is emptied each night
    owner: team-a
    expires: 2027-01-31
  - path: testdata/**
    rule: bitbucket-app-password
    reason: made up for the tests
levels:
  - {path: "**", rule: bitbucket-app-password, level: error}
  - path: docs/**
    level: note
`

func TestParse(t *testing.T) {
	sum := sha256.Sum256([]byte("another value"))
	s, err := settings.Parse("x.yml", fmt.Appendf(nil, whole, hex.EncodeToString(sum[:])))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"fail-on": "error", "on-gap": "warn", "archive-size": "512", "unreachable": "true", "json-file": "out/report.json", "mode": "", "token": "", "hosts": "",
	} {
		if got := s.Input(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := strings.Join(s.Own.Anchors(), " "); got != "git.corp.example scm.corp.example CORP_GIT_PW CORP_" {
		t.Errorf("anchors are %s", got)
	}
	if len(s.Accept) != 2 || s.Accept[0] != sha256.Sum256([]byte("just-a-dummy")) || s.Accept[1] != sum {
		t.Errorf("accepted are %x", s.Accept)
	}
	want := []mute.Entry{
		{Fingerprint: "0123456789abcdef0123456789abcdef", Reason: "a key of the test server, which is emptied each night", Owner: "team-a",
			Expires: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), Where: "x.yml:17:5"},
		{Path: "testdata/**", Rule: "bitbucket-app-password", Reason: "made up for the tests", Where: "x.yml:21:5"},
	}
	if fmt.Sprint(s.Mute) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", s.Mute, want)
	}
	c, err := config.Read([]string{"--on-gap", "fail"}, config.Source{Value: s.Input})
	if err != nil || c.FailOn != "error" || c.OnGap != "fail" || c.ArchiveSize != 512 || !c.Unreachable || c.JSON.Path != "out/report.json" || c.JSON.Flag {
		t.Errorf("read as %+v, %v", c, err)
	}
}

func TestRelevel(t *testing.T) {
	s, err := settings.Parse("x", fmt.Appendf(nil, whole, strings.Repeat("0", 64)))
	if err != nil {
		t.Fatal(err)
	}
	api, app := rule.ByID("bitbucket-api-token"), rule.ByID("bitbucket-app-password")
	rep := &scan.Report{}
	for _, path := range []string{"a", "docs/a"} {
		for _, r := range []*rule.Rule{api, app} {
			for _, p := range []rule.Proof{rule.Checksum, rule.Layout} {
				m := rule.Match{Proof: p}
				rep.Findings = append(rep.Findings, scan.Finding{Rule: r, Match: m, Level: r.LevelOf(m), Place: scan.Place{Path: path}})
			}
		}
	}
	s.Relevel(rep)
	got := ""
	for i := range rep.Findings {
		f := &rep.Findings[i]
		got += fmt.Sprintf("%s %s %s %v %q %v\n", f.Place.Path, f.Rule.ID, f.Match.Proof, f.Level, f.Said, f.OwnLevel())
	}
	const want = `a bitbucket-api-token checksum error "" error
a bitbucket-api-token layout note "" note
a bitbucket-app-password checksum error "x:25:5" warning
a bitbucket-app-password layout note "" note
docs/a bitbucket-api-token checksum note "x:26:5" error
docs/a bitbucket-api-token layout note "" note
docs/a bitbucket-app-password checksum note "x:26:5" warning
docs/a bitbucket-app-password layout note "" note
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// wrongs are files with what is wrong in them: the places and a word of each error. In those
// of schema the schema sees it too.
var wrongs = []struct {
	text   string
	want   string // "LINE:COLUMN word", separated by "; "
	schema bool
}{
	{"fail-on: eror\n", "1:10 none of", true},
	{"fail-on: error\nfailon: error\n", "2:1 did you mean fail-on?", true},
	{"host:\n  - a.b\n", "1:1 did you mean hosts?", true},
	{"something: else\n", "1:1 there is no such key", true},
	{"fail-on: error\nfail-on: note\n", "2:1 in line 1 already", false},
	{"token: abc\nbase: main\nconfig: x\nlog-level: debug\n", "1:1 token; 2:1 base; 3:1 config; 4:1 log-level", true},
	{"- a\n", "1:1 must be a map", true},
	{"just words\n", "1:1 must be a map", true},
	{"fail-on:\n", "1:9 wants one value", true},
	{"fail-on: [error]\n", "1:10 wants one value", true},
	{"fail-on: true\n", "1:10 wrong type", true},
	{"archive-size: \"512\"\n", "1:15 wrong type", true},
	{"archive-size: 0\n", "1:15 number from 1", true},
	{"archive-size: 1.5\n", "1:15 wrong type", true},
	{"unreachable: \"true\"\n", "1:14 wrong type", true},
	{"json-file: /etc/passwd\n", "1:12 below the checkout", true},
	{"json-file: ../x\n", "1:12 below the checkout", true},
	{"json-file: a/../../x\n", "1:12 below the checkout", true},
	{"sarif-file: .git/config\n", "1:13 below the checkout", true},
	{"sarif-file: \"-\"\n", "1:13 below the checkout", true},
	{"html-file: a/.github/x\n", "1:12 below the checkout", true},
	{"hosts: a.b.c\n", "1:8 wants a list", true},
	{"hosts:\n  - https://git.corp.example\n", "2:5 address", true},
	{"hosts:\n  - {host: a.b.c}\n", "2:5 must be a text", true},
	{"hosts:\n  - \n", "2:4 must be a text", true},
	{"hosts:\n  - \"*.com\"\n  - a b\n", "2:5 top-level; 3:5 no host", false},
	{"names: [ab]\n", "1:9 anything", false},
	{"names:\n  - name: CORP_X\n    kind: pass\n", "3:11 none of token", true},
	{"names:\n  - kind: token\n", "2:5 has no name", true},
	{"names:\n  - [CORP_X]\n", "2:5 must be a map", true},
	{"accept: [abc]\n", "1:10 too short", false},
	{"accept: [sha256:123]\n", "1:10 64 hexadecimal", false},
	{"mute:\n  - reason: x\n", "2:5 neither fingerprint nor path", true},
	{"mute:\n  - path: a\n", "2:5 no reason", true},
	{"mute:\n  - {path: a/, reason: ' '}\n", "2:12 ends with a slash; 2:24 says nothing", false},
	{"mute:\n  - {path: a, rule: nope, reason: x}\n", "2:21 no kind", true},
	{"mute:\n  - {fingerprint: 0123, reason: x}\n", "2:19 no fingerprint", true},
	{"mute:\n  - {path: a, reason: x, expires: 2027-02-30}\n", "2:35 no date", false},
	{"mute:\n  - {path: a, reason: x, expires: tomorrow}\n", "2:35 no date", true},
	{"mute:\n  - {path: a, reason: x, expire: 2027-01-01}\n", "2:26 did you mean expires?", true},
	{"mute:\n  - {path: a, path: b, reason: x}\n", "2:15 already", false},
	{"mute:\n  - {path: a, reason: [x]}\n", "2:23 must be a text", true},
	{"mute:\n  - {path: a, reason: \"a\\nb\"}\n", "2:23 more than one line", false},
	{"levels:\n  - {path: a, level: off}\n", "2:22 none of error, warning, note", true},
	{"levels:\n  - {level: note}\n", "2:5 no path", true},
	{"hosts: &a [x.y.z]\nnames: *a\n", "1:8 aliases; 2:8 aliases", false},
	{"a: &a [x, x]\nb: &b [*a, *a]\n", "1:1 no such key; 2:1 no such key", false},
	{"fail-on: !!str error\n", "1:10 tags", false},
	{"fail-on: !x error\n", "1:10 tags", false},
	{"<<: {fail-on: error}\n", "1:1 no such key", false},
	{"? [a]\n: b\n", "1:3 must be a word", false},
	{"fail-on: error\n\ton-gap: warn\n", "2:1 tab", false},
	{"hosts:\n  - a.b.c\n   - d.e.f\n  x\n", "4:3 no YAML", false},
	{"fail-on: \"error\n", "2:1 no YAML", false},
	{"hosts:\n  - a.b.c\nmute: {a: b\nx: [\n", "3:1 no YAML", false},
	{"fail-on: error\n---\nfail-on: note\n", "2:1 second document", false},
	{"fail-on: error\nx: \xff\xfe\n", "2:4 UTF-8", false},
	{"fail-on: er\x00ror\n", "1:12 control", false},
	{strings.Repeat("# words\n", 1<<18), "1:1 are not read", false},
}

func TestWrong(t *testing.T) {
	schema := schemaOf(t)
	for _, c := range wrongs {
		_, err := settings.Parse("dir/x.yml", []byte(c.text))
		if err == nil {
			t.Errorf("%.60q is taken", c.text)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		wants := strings.Split(c.want, "; ")
		for i, want := range wants {
			place, word, _ := strings.Cut(want, " ")
			if i >= len(lines) || !strings.HasPrefix(lines[i], "dir/x.yml:"+place+": ") || !strings.Contains(lines[i], word) {
				t.Errorf("%.60q: want %q\n%v", c.text, want, err)
			}
		}
		if len(lines) != len(wants) {
			t.Errorf("%.60q: %d errors, want %d\n%v", c.text, len(lines), len(wants), err)
		}
		if c.schema && schema.Validate(asJSON(t, c.text)) == nil {
			t.Errorf("the schema takes %q", c.text)
		}
	}
}

// TestRight are files that nothing is wrong with.
func TestRight(t *testing.T) {
	schema := schemaOf(t)
	for _, text := range []string{
		"", "# nothing\n", "{}\n", "---\nfail-on: error\n", "\ufefffail-on: error\n", "fail-on: error\r\non-gap: warn\r\n", "hosts:\nmute: []\n", "unreachable: false\n",
		"names:\n  - name: CORP_X\n", "html-file: \"a b.html\"\n", "mute:\n  - {path: 'app/[id]/x', reason: 'yes', owner: '7'}\n", "fail-on: error # \t a tab\n",
		"accept:\n  - changeme-1\n", fmt.Sprintf(whole, strings.Repeat("a", 64)),
	} {
		if _, err := settings.Parse("x", []byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if err := schema.Validate(asJSON(t, text)); err != nil {
			t.Errorf("the schema does not take %q: %v", text, err)
		}
	}
}

// schemaOf returns the schema, which its own standard takes.
func schemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := settings.Schema(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON returns a file as an editor sees it.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	data, err := json.Marshal(days(v))
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// days turns dates into the texts that they are to an editor.
func days(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case []any:
		for i := range v {
			v[i] = days(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = days(v[k])
		}
	}
	return v
}

// TestNothingRepeated puts a key into each place of a file: no error tells it.
func TestNothingRepeated(t *testing.T) {
	key := rule.ByID("bitbucket-api-token").Mint(rand.New(rand.NewPCG(1, 2)))
	words := regexp.MustCompile(`[A-Za-z0-9_.*:"-]+`)
	tried, wrong := 0, 0
	for _, c := range append(wrongs[:len(wrongs)-1], wrongs[0]) {
		for _, at := range words.FindAllStringIndex(c.text, -1) {
			for _, put := range []string{key, "*" + key, "&" + key, "!" + key, "'" + key, "{" + key} {
				_, err := settings.Parse("x", []byte(c.text[:at[0]]+put+c.text[at[1]:]))
				tried++
				if err != nil {
					wrong++
					if strings.Contains(err.Error(), key[:12]) {
						t.Fatalf("%q with a key at %d: the error tells it", c.text, at[0])
					}
				}
			}
		}
	}
	if _, err := settings.Parse("x", []byte("accept:\n  - "+key+"\n")); err == nil || strings.Contains(err.Error(), key[:12]) || !strings.Contains(err.Error(), "x:2:5: value: it is a key") {
		t.Errorf("a key among the accepted values: %v", err)
	}
	t.Logf("%d files, %d of them wrong", tried, wrong)
}

// TestBomb has files that would take long or much if they were read as YAML allows.
func TestBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 50; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat("*a"+strconv.Itoa(i-1)+",", 9), ","))
	}
	for _, text := range []string{b.String(), strings.Repeat("[", 1<<19), strings.Repeat("{a: ", 1<<17), strings.Repeat("- ", 1<<18), "fail-on: " + strings.Repeat("'", 1<<19)} {
		if _, err := settings.Parse("x", []byte(text)); err == nil {
			t.Errorf("%.20q is taken", text)
		} else if len(err.Error()) > 20_000 {
			t.Errorf("%.20q: an error of %d bytes", text, len(err.Error()))
		}
	}
}

// TestMany: of many errors some are told, and the others counted.
func TestMany(t *testing.T) {
	_, err := settings.Parse("x", []byte("hosts:\n"+strings.Repeat("  - a/b\n", 200)))
	if err == nil || strings.Count(err.Error(), "\n") != 50 || !strings.HasSuffix(err.Error(), "x: and 150 more") {
		t.Errorf("got %v", err)
	}
}

var place = regexp.MustCompile(`^x:([0-9]+):([0-9]+): .|^x: and [0-9]+ more$`)

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	for _, c := range wrongs[:len(wrongs)-1] {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := settings.Parse("x", data)
		if err == nil {
			return
		}
		lines := 1 // as YAML counts them
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
			lines += bytes.Count(data, []byte(end))
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			m := place.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("%q", line)
			}
			if n, _ := strconv.Atoi(m[1]); n > lines {
				t.Errorf("%q in a file of %d lines", line, lines)
			}
		}
	})
}
