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

// TestExampleScripts runs the scripts inside the examples with the variables that each CI
// sets for an event, and wants the inputs that bbkeys would get.
func TestExampleScripts(t *testing.T) {
	const before, after, zero = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222", "0000000000000000000000000000000000000000"
	gitlab, travis := gitlabScript(t), travisScript(t)
	tests := []struct {
		name, script string
		env, want    []string
	}{
		{"gitlab merge request", gitlab,
			[]string{"CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + before, "CI_COMMIT_SHA=" + after, "CI_COMMIT_BEFORE_SHA=" + zero},
			[]string{"BASE=" + before, "HEAD=" + after}},
		{"gitlab merged results", gitlab,
			[]string{"CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + before, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=" + after, "CI_COMMIT_SHA=merge"},
			[]string{"BASE=" + before, "HEAD=" + after}},
		{"gitlab push", gitlab,
			[]string{"CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA=" + before, "CI_COMMIT_SHA=" + after, "CI_DEFAULT_BRANCH=main"},
			[]string{"BASE=" + before, "HEAD=" + after}},
		{"gitlab new branch", gitlab,
			[]string{"CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA=" + zero, "CI_COMMIT_SHA=" + after, "CI_DEFAULT_BRANCH=main"},
			[]string{"BASE=origin/main", "HEAD=" + after}},
		{"gitlab schedule", gitlab,
			[]string{"CI_PIPELINE_SOURCE=schedule", "CI_COMMIT_SHA=" + after},
			[]string{"MODE=checkout"}},
		{"travis push", travis,
			[]string{"TRAVIS_EVENT_TYPE=push", "TRAVIS_COMMIT_RANGE=" + before + "..." + after, "TRAVIS_COMMIT=" + after},
			[]string{"BASE=" + before, "HEAD=" + after, "MODE=range"}},
		{"travis pull request", travis,
			[]string{"TRAVIS_EVENT_TYPE=pull_request", "TRAVIS_COMMIT_RANGE=" + before + "..." + after, "TRAVIS_COMMIT=merge", "TRAVIS_PULL_REQUEST_SHA=" + after},
			[]string{"BASE=" + before, "HEAD=" + after, "MODE=range"}},
		{"travis first build", travis,
			[]string{"TRAVIS_EVENT_TYPE=push", "TRAVIS_COMMIT=" + after},
			[]string{"MODE=checkout"}},
		{"travis cron", travis,
			[]string{"TRAVIS_EVENT_TYPE=cron", "TRAVIS_COMMIT_RANGE=" + before + "..." + after, "TRAVIS_COMMIT=" + after},
			[]string{"MODE=checkout"}},
		{"circleci push", circleScript(t),
			[]string{"BBKEYS_MODE=auto", "BBKEYS_BASE=" + before, "BBKEYS_FAIL_ON=warning", "BBKEYS_SARIF_FILE=bbkeys.sarif"},
			[]string{"BASE=" + before, "MODE=auto"}},
		{"jenkins pull request", jenkinsScript(t, 0), jenkinsEnv("CHANGE_TARGET=main"), []string{"BASE=origin/main"}},
		{"jenkins push", jenkinsScript(t, 1), jenkinsEnv("GIT_PREVIOUS_SUCCESSFUL_COMMIT=" + before), []string{"BASE=" + before}},
		{"jenkins first build", jenkinsScript(t, 1), jenkinsEnv(), nil},
		{"azure", azureScript(t), []string{"BUILD_REASON=IndividualCI"}, []string{"BUILD_REASON=IndividualCI", "JUNIT_FILE=bbkeys.xml"}},
		{"buildkite", buildkiteScript(t), []string{"BUILDKITE=true"}, []string{"BUILDKITE=true", "JUNIT_FILE=bbkeys.xml"}},
		{"jenkins weekly", jenkinsScript(t, 2), jenkinsEnv(), []string{"MODE=checkout"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := append([]string{"FAIL_ON=warning", "SARIF_FILE=bbkeys.sarif"}, test.want...)
			slices.Sort(want)
			if got := inputsOf(t, test.script, test.env); !slices.Equal(got, want) {
				t.Errorf("bbkeys gets %q, not %q", got, want)
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

// inputsOf runs a script and returns the inputs that are not empty, without their prefix.
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
			got = append(got, name+"="+value)
		}
	}
	slices.Sort(got)
	return got
}

func gitlabScript(t *testing.T) string {
	t.Helper()
	job := document(t, examples+"/gitlab-ci.yml")["bbkeys"].(map[string]any)
	return lines(job["script"])
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

// jenkinsScript returns one of the scripts between triple quotes.
func jenkinsScript(t *testing.T, n int) string {
	t.Helper()
	scripts := regexp.MustCompile(`(?s)sh '''(.*?)'''`).FindAllStringSubmatch(texts(t)["Jenkinsfile"], -1)
	if len(scripts) != 3 {
		t.Fatalf("Jenkinsfile has %d scripts, not 3", len(scripts))
	}
	return scripts[n][1]
}

// jenkinsEnv is what the block "environment" sets, and more.
func jenkinsEnv(more ...string) []string {
	return append([]string{"KEYS_IMAGE=ghcr.io/bbkeys/bbkeys:1", "BBKEYS_FAIL_ON=warning", "BBKEYS_SARIF_FILE=bbkeys.sarif"}, more...)
}

func lines(v any) string {
	var all []string
	for _, line := range v.([]any) {
		all = append(all, line.(string))
	}
	return strings.Join(all, "\n")
}
