package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestExampleScripts runs the scripts inside the examples with some of the variables that
// each CI sets, and wants those and the inputs to reach bbkeys.
func TestExampleScripts(t *testing.T) {
	const before = "1111111111111111111111111111111111111111"
	common := []string{"FAIL_ON=warning", "SARIF_FILE=bbkeys.sarif"}
	junit := append([]string{"JUNIT_FILE=bbkeys.xml"}, common...)
	jenkins := []string{"BBKEYS_FAIL_ON=warning", "BBKEYS_SARIF_FILE=bbkeys.sarif", "BBKEYS_JUNIT_FILE=bbkeys.xml", "JENKINS_URL=http://ci"}
	tests := []struct {
		name, script string
		env, want    []string
	}{
		{"gitlab", gitlabScript(t), []string{"CI_PIPELINE_SOURCE=push"}, common},
		{"travis", travisScript(t), []string{"TRAVIS=true", "TRAVIS_COMMIT=" + before}, append([]string{"TRAVIS=true", "TRAVIS_COMMIT=" + before}, common...)},
		{"circleci push", circleScript(t),
			[]string{"BBKEYS_MODE=auto", "BBKEYS_BASE=" + before, "BBKEYS_FAIL_ON=warning", "BBKEYS_SARIF_FILE=bbkeys.sarif", "CIRCLECI=true"},
			append([]string{"BASE=" + before, "CIRCLECI=true", "CIRCLE_WORKING_DIRECTORY=DIR", "MODE=auto"}, common...)},
		{"jenkins pull request", jenkinsScript(t), append([]string{"CHANGE_TARGET=main"}, jenkins...),
			append([]string{"CHANGE_TARGET=main", "JENKINS_URL=http://ci", "WORKSPACE=DIR"}, junit...)},
		{"jenkins weekly", jenkinsScript(t), append([]string{"BBKEYS_MODE=checkout"}, jenkins...),
			append([]string{"JENKINS_URL=http://ci", "MODE=checkout", "WORKSPACE=DIR"}, junit...)},
		{"azure", azureScript(t), []string{"BUILD_REASON=IndividualCI"}, append([]string{"BUILD_REASON=IndividualCI"}, junit...)},
		{"buildkite", buildkiteScript(t), []string{"BUILDKITE=true"}, append([]string{"BUILDKITE=true"}, junit...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			slices.Sort(test.want)
			if got := inputsOf(t, test.script, test.env); !slices.Equal(got, test.want) {
				t.Errorf("bbkeys gets %q, not %q", got, test.want)
			}
		})
	}
}

// Stand-ins for the two ways in which bbkeys is called. Each says which inputs reach it,
// and docker also refuses what our image is not run with.
const (
	fakeProgram = "#!/bin/sh\nenv | grep ^BBKEYS_ >\"$SAID\"\n"
	fakeDocker  = `#!/bin/sh
[ "$1" = run ] || exit 64
shift
: >"$SAID"
while [ $# -gt 0 ]; do
	case $1 in
	--rm) shift ;;
	--network | --user | --workdir) shift 2 ;;
	--volume) [ "${2%%:*}" = "${2#*:}" ] && [ -d "${2#*:}" ] || exit 65; shift 2 ;;
	--env)
		case $2 in
		*=*) echo "$2" ;;
		*) eval "[ -z \"\${$2+set}\" ]" || eval "echo \"$2=\$$2\"" ;;
		esac >>"$SAID"
		shift 2 ;;
	*) [ $# = 1 ] && [ "$1" = ghcr.io/bbkeys/bbkeys:1 ] || exit 66; shift ;;
	esac
done
`
)

// inputsOf runs a script and returns the variables that bbkeys gets and that are not empty:
// inputs without their prefix, and the folder of the checkout as DIR.
func inputsOf(t *testing.T, script string, env []string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"bbkeys": fakeProgram, "docker": fakeDocker} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	said := filepath.Join(dir, "said")
	sh := exec.Command("sh", "-e", "-c", script) // no -u: a CI leaves unset what has no value
	sh.Dir = dir
	sh.Env = append([]string{"PATH=" + dir + ":" + os.Getenv("PATH"), "SAID=" + said, "WORKSPACE=" + dir}, env...)
	if out, err := sh.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(said)
	if err != nil {
		t.Fatalf("bbkeys was not called: %v", err)
	}
	var got []string
	for _, line := range strings.Fields(string(text)) {
		if name, value, _ := strings.Cut(strings.TrimPrefix(line, "BBKEYS_"), "="); value != "" {
			got = append(got, name+"="+strings.Replace(value, dir, "DIR", 1))
		}
	}
	slices.Sort(got)
	return got
}

func gitlabScript(t *testing.T) string {
	t.Helper()
	job := document(t, examples+"/gitlab-ci.yml")["bbkeys"].(map[string]any)
	set := ""
	for _, name := range []string{"BBKEYS_FAIL_ON", "BBKEYS_SARIF_FILE"} {
		set += "export " + name + "=" + job["variables"].(map[string]any)[name].(string) + "\n"
	}
	return set + lines(job["script"])
}

func travisScript(t *testing.T) string {
	t.Helper()
	jobs := document(t, examples+"/travis.yml")["jobs"].(map[string]any)
	job := jobs["include"].([]any)[0].(map[string]any)
	return "export " + lines(job["env"]) + "\n" + lines(job["script"])
}

func circleScript(t *testing.T) string {
	t.Helper()
	return find(t, "circleci.yml", "command")
}

func azureScript(t *testing.T) string {
	t.Helper()
	return find(t, "azure-pipelines.yml", "script")
}

// buildkiteScript is the command as the agent has it: uploading a pipeline makes one
// dollar sign of two.
func buildkiteScript(t *testing.T) string {
	t.Helper()
	return strings.ReplaceAll(find(t, "buildkite.yml", "command"), "$$", "$")
}

// find returns the first text that an example has under a key.
func find(t *testing.T, name, key string) string {
	t.Helper()
	for _, m := range mapsIn(document(t, examples+"/"+name)) {
		if text, ok := m[key].(string); ok {
			return text
		}
	}
	t.Fatalf("%s has no %s", name, key)
	return ""
}

// jenkinsScript returns the script between triple quotes.
func jenkinsScript(t *testing.T) string {
	t.Helper()
	scripts := regexp.MustCompile(`(?s)sh '''(.*?)'''`).FindAllStringSubmatch(texts(t)["Jenkinsfile"], -1)
	if len(scripts) != 1 {
		t.Fatalf("Jenkinsfile has %d scripts, not 1", len(scripts))
	}
	return scripts[0][1]
}

func lines(v any) string {
	var all []string
	for _, line := range v.([]any) {
		all = append(all, line.(string))
	}
	return strings.Join(all, "\n")
}
