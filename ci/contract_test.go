package ci_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/azure"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/ci/buildkite"
	"github.com/bbkeys/bbkeys/ci/circleci"
	"github.com/bbkeys/bbkeys/ci/drone"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/ci/gitlab"
	"github.com/bbkeys/bbkeys/ci/jenkins"
	"github.com/bbkeys/bbkeys/ci/local"
	"github.com/bbkeys/bbkeys/ci/teamcity"
	"github.com/bbkeys/bbkeys/ci/travis"
	"github.com/bbkeys/bbkeys/ci/woodpecker"
	"github.com/bbkeys/bbkeys/internal/spec"
	"github.com/bbkeys/bbkeys/proc"
)

var update = flag.Bool("update", false, "write docs/ranges.md")

// providers are all rooms. Woodpecker once set Drone's variables too, and Jenkins is told
// by an address that any other CI's agent may have, so they are asked before and last.
func providers() []ci.Provider {
	return []ci.Provider{
		github.Provider{}, bitbucket.Provider{}, gitlab.Provider{}, circleci.Provider{}, travis.Provider{}, azure.Provider{},
		buildkite.Provider{}, teamcity.Provider{}, woodpecker.Provider{}, drone.Provider{}, jenkins.Provider{}, local.Provider{},
	}
}

func provider(t *testing.T, name string) ci.Provider {
	t.Helper()
	for _, p := range providers() {
		if p.Name() == name {
			return p
		}
	}
	t.Fatalf("no provider is called %s", name)
	return nil
}

// process returns a process with an environment.
func process(env map[string]string) proc.Process {
	var p proc.Process
	for _, k := range slices.Sorted(maps.Keys(env)) {
		p.Env = append(p.Env, k+"="+env[k])
	}
	return p
}

// prepare returns the environment of a case, with the files that it names.
func (c contractCase) prepare(t *testing.T) map[string]string {
	t.Helper()
	env := with(c.env)
	dir := t.TempDir()
	if c.payload != "" {
		env["GITHUB_EVENT_PATH"] = filepath.Join(dir, "event.json")
		write(t, env["GITHUB_EVENT_PATH"], c.event2json(t))
	}
	if c.properties != nil {
		system, all := filepath.Join(dir, "system.properties"), filepath.Join(dir, "all.properties")
		env["TEAMCITY_BUILD_PROPERTIES_FILE"] = system
		write(t, system, "#TeamCity build properties without 'system.' prefix\n"+javaProperties(map[string]string{"teamcity.configuration.properties.file": all}))
		write(t, all, javaProperties(c.properties))
	}
	return env
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// javaProperties spells properties as TeamCity does.
func javaProperties(kv map[string]string) string {
	escape := strings.NewReplacer(`\`, `\\`, ":", `\:`, "=", `\=`, "#", `\#`, "!", `\!`).Replace
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(kv)) {
		fmt.Fprintf(&b, "%s=%s\r\n", escape(k), escape(kv[k]))
	}
	return b.String()
}

// event2json returns the recorded payload of a case with its changes.
func (c contractCase) event2json(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(spec.File(t, "github/webhooks/"+c.payload))
	if err != nil {
		t.Fatal(err)
	}
	var payload any
	if err := json.Unmarshal(data, &payload); err != nil {
		t.Fatal(err)
	}
	for path, v := range c.set {
		put(t, payload, strings.Split(path, "."), v)
	}
	out, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// lean is event2json without the addresses, which are most of it and nothing to us.
func (c contractCase) lean(t *testing.T) string {
	t.Helper()
	var payload any
	if err := json.Unmarshal([]byte(c.event2json(t)), &payload); err != nil {
		t.Fatal(err)
	}
	dropAddresses(payload)
	out, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func dropAddresses(in any) {
	switch in := in.(type) {
	case map[string]any:
		for k, v := range in {
			if strings.HasSuffix(k, "url") || k == "sender" || k == "user" || k == "owner" || k == "actor" {
				delete(in, k)
			}
			dropAddresses(v)
		}
	case []any:
		for _, v := range in {
			dropAddresses(v)
		}
	}
}

// put sets what a path leads to, which must be there.
func put(t *testing.T, in any, path []string, v any) {
	t.Helper()
	switch in := in.(type) {
	case map[string]any:
		if _, ok := in[path[0]]; !ok {
			t.Fatalf("the payload has no %s", path[0])
		}
		if len(path) == 1 {
			in[path[0]] = v
			return
		}
		put(t, in[path[0]], path[1:], v)
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(in) {
			t.Fatalf("the payload has no element %s", path[0])
		}
		put(t, in[i], path[1:], v)
	default:
		t.Fatalf("the payload has nothing at %v", path)
	}
}

func TestContract(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.ci+"/"+c.event, func(t *testing.T) {
			p := process(c.prepare(t))
			if got := ci.Pick(p, providers()).Name(); got != c.ci {
				t.Errorf("taken for %s", got)
			}
			for _, other := range providers() {
				if here := other.Here(p); here != (other.Name() == c.ci || other.Name() == "local") {
					t.Errorf("%s is here: %v", other.Name(), here)
				}
			}
			job, err := provider(t, c.ci).Job(p)
			if err != nil {
				t.Fatal(err)
			}
			if want := ci.Or(c.dir, "/checkout"); job.Dir != want {
				t.Errorf("the checkout is %q, want %q", job.Dir, want)
			}
			if job.SARIF != ci.SARIF {
				t.Errorf("the SARIF file is %q", job.SARIF)
			}
			if !reflect.DeepEqual(job.Change, c.want) {
				t.Errorf("got  %+v\nwant %+v", job.Change, c.want)
			}
			checkSafe(t, job.Change)
		})
	}
}

// safe are the revisions that a change may hold: whole names that no CI's variable can
// turn into anything else.
var safe = regexp.MustCompile(`^(HEAD(\^1)?|[0-9A-Fa-f]{7,64}(\^1)?|refs/remotes/origin/[^\x00-\x20~^:?*\[\\\x7f]{1,1000})$`)

func checkSafe(t *testing.T, c ci.Change) {
	t.Helper()
	revs := append([]string{}, c.Upstream...)
	for _, e := range c.Ends {
		revs = append(revs, e.Base, e.Head)
		if e.Merges != "" {
			revs = append(revs, e.Merges)
		}
	}
	if c.Head != "" {
		revs = append(revs, c.Head)
	}
	for _, r := range revs {
		if !safe.MatchString(r) || strings.Contains(r, "..") || strings.Trim(r, "0") == "" {
			t.Errorf("unsafe revision %.100q", r)
		}
	}
	if len(c.Event) > 64 || strings.ContainsFunc(c.Event, func(r rune) bool { return r < ' ' || r > '~' || r == ':' || r == '#' }) {
		t.Errorf("unsafe event %.100q", c.Event)
	}
	if len(c.Ends) > 0 && (len(c.Upstream) > 0 || c.Head != "") {
		t.Errorf("both ends and an upstream: %+v", c)
	}
}

// hostile are values that people or repositories can give to variables.
var hostile = []string{
	"", zeros, zeros[:12], "--upload-pack=x", "HEAD^{/x}", "HEAD~1", "main..topic", "@{-1}", "refs/heads/", "refs/remotes/origin/x\n::error::y", "a\x00b",
	"##vso[task.complete]", "../../etc/passwd", "a//b", "null", "false", "\xff\xfe", strings.Repeat("a1", 33), "a1a1a1", strings.Repeat("x/", 1<<10),
}

// large is tried once for each variable of a CI.
var large = strings.Repeat("a", 1<<20)

// TestHostile gives every variable and every field every hostile value. Whatever comes of
// it names nothing that the CI did not name, and no error takes the value into its words.
func TestHostile(t *testing.T) {
	filled := map[string]bool{}
	for _, c := range cases() {
		t.Run(c.ci+"/"+c.event, func(t *testing.T) {
			env, room := c.prepare(t), provider(t, c.ci)
			if c.payload != "" {
				write(t, env["GITHUB_EVENT_PATH"], c.lean(t))
			}
			try := func(env map[string]string) {
				t.Helper()
				p := process(env)
				if !room.Here(p) {
					return
				}
				job, err := room.Job(p)
				if err != nil && len(err.Error()) > 1000 {
					t.Errorf("an error of %d bytes: %.200s", len(err.Error()), err)
				}
				checkSafe(t, job.Change)
			}
			for k := range env {
				if k == "GITHUB_EVENT_PATH" || k == "TEAMCITY_BUILD_PROPERTIES_FILE" || k == "CI" || env[k] == "true" {
					continue // files of ours, and what only tells the CI
				}
				for _, v := range hostile {
					try(with(env, k, v))
				}
				if name := c.ci + k; !filled[name] {
					filled[name] = true
					try(with(env, k, large))
				}
			}
			for path := range c.set {
				name := c.env["GITHUB_EVENT_NAME"] + path
				if filled[name] {
					continue
				}
				filled[name] = true
				const mark = "in the place of a value"
				marked := c
				marked.set = with2(c.set, path, mark)
				payload := marked.lean(t)
				for _, v := range append([]string{large}, hostile...) {
					quoted, err := json.Marshal(v)
					if err != nil {
						t.Fatal(err)
					}
					write(t, env["GITHUB_EVENT_PATH"], strings.Replace(payload, strconv.Quote(mark), string(quoted), 1))
					try(env)
				}
			}
			for k := range c.properties {
				if filled[k] {
					continue
				}
				filled[k] = true
				for _, v := range hostile {
					c := c
					c.properties = with(c.properties, k, v)
					try(c.prepare(t))
				}
			}
		})
	}
}

// TestLongNames has commits of 64 digits, as repositories that use SHA-256.
func TestLongNames(t *testing.T) {
	long := strings.NewReplacer(older, older+older[:24], newer, newer+newer[:24], merged, merged+merged[:24], target, target+target[:24], zeros, zeros+zeros[:24])
	for _, c := range cases() {
		t.Run(c.ci+"/"+c.event, func(t *testing.T) {
			set := map[string]any{}
			for k, v := range c.set {
				if s, ok := v.(string); ok {
					v = long.Replace(s)
				}
				set[k] = v
			}
			c.set = set
			env := c.prepare(t)
			for k, v := range env {
				env[k] = long.Replace(v)
			}
			job, err := provider(t, c.ci).Job(process(env))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fmt.Sprintf("%+v", job.Change), long.Replace(fmt.Sprintf("%+v", c.want)); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestWoodpeckerIsNotDrone is about Woodpecker up to 0.15, which calls itself Drone too.
func TestWoodpeckerIsNotDrone(t *testing.T) {
	p := process(map[string]string{"CI": "woodpecker", "DRONE": "true"})
	if got := ci.Pick(p, providers()).Name(); got != "woodpecker" {
		t.Errorf("taken for %s", got)
	}
}

// TestNoFacts has only what tells the CI: there is nothing to go by, so the checkout is
// looked at, and nothing is said to be empty.
func TestNoFacts(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"github": {"GITHUB_ACTIONS": "true"}, "bitbucket": {"BITBUCKET_BUILD_NUMBER": "1"}, "gitlab": {"GITLAB_CI": "true"},
		"circleci": {"CIRCLECI": "true"}, "travis": {"TRAVIS": "true"}, "azure": {"TF_BUILD": "True"}, "buildkite": {"BUILDKITE": "true"},
		"woodpecker": {"CI": "woodpecker"}, "drone": {"DRONE": "true"}, "jenkins": {"JENKINS_URL": "x"}, "local": {},
	} {
		job, err := provider(t, name).Job(process(env))
		if err != nil || job.Change.Named() || job.Dir != "." {
			t.Errorf("%s: %+v, %v", name, job, err)
		}
	}
}
