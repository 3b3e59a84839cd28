package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/internal/spec"
)

// examples are the folder of files that users paste.
const examples = "examples/workflows"

// TestVendorSchemas holds the files that a vendor has a schema for to that schema.
func TestVendorSchemas(t *testing.T) {
	files := map[string]string{
		"action.yml":                          "github/github-action.json",
		examples + "/github.yml":              "github/github-workflow.json",
		examples + "/bitbucket-pipelines.yml": "ci/bitbucket-pipelines.json",
	}
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(workflows) == 0 {
		t.Fatalf("no workflows of our own: %v", err)
	}
	for _, w := range workflows {
		files[w] = "github/github-workflow.json"
	}
	for file, schema := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, err := jsonschema.NewCompiler().Compile(spec.File(t, schema))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(plain(t, document(t, file))); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		})
	}
}

// TestExampleHookSchema holds what pre-commit offers of this repository to its schema.
func TestExampleHookSchema(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile(spec.File(t, "ci/pre-commit-hooks.json"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(".pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []any
	if err := yaml.Unmarshal(text, &hooks); err != nil || len(hooks) != 1 {
		t.Fatalf("%v: %v", hooks, err)
	}
	if err := s.Validate(plain(t, hooks)); err != nil {
		t.Error(err)
	}
	used := document(t, "examples/hooks/pre-commit-config.yaml")["repos"].([]any)[0].(map[string]any)["hooks"].([]any)[0].(map[string]any)["id"]
	if offered := hooks[0].(map[string]any)["id"]; used != offered {
		t.Errorf("the example uses the hook %v, and %v is offered", used, offered)
	}
}

// TestBitbucketKeys holds the keys of the pipelines to those that the vendor's schema
// knows: the schema itself lets a misspelt one pass.
func TestBitbucketKeys(t *testing.T) {
	text, err := os.ReadFile(spec.File(t, "ci/bitbucket-pipelines.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range mapsIn(schema) {
		if properties, ok := m["properties"].(map[string]any); ok {
			for key := range properties {
				known[key] = true
			}
		}
	}
	free := []string{"branches", "pull-requests", "custom", "variables"} // their keys are the user's
	var walk func(v any, under string)
	walk = func(v any, under string) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				if !known[key] && !slices.Contains(free, under) {
					t.Errorf("bitbucket-pipelines.yml has the key %s under %q, which the schema does not know", key, under)
				}
				walk(inner, key)
			}
		case []any:
			for _, e := range v {
				walk(e, under)
			}
		}
	}
	walk(document(t, examples+"/bitbucket-pipelines.yml"), "")
}

// document reads a YAML file. A key that stands twice is an error.
func document(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return d
}

// plain returns a document as a JSON reader would have it.
func plain(t *testing.T, d any) any {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// texts returns the text of every example by its name.
func texts(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(examples, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}

// mapsIn returns every map that is somewhere in a document.
func mapsIn(v any) []map[string]any {
	var found []map[string]any
	switch v := v.(type) {
	case map[string]any:
		found = append(found, v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = append(found, mapsIn(v[key])...)
		}
	case []any:
		for _, e := range v {
			found = append(found, mapsIn(e)...)
		}
	}
	return found
}

// checkInput fails where there is no such input, or where it does not take the value. A
// value that the CI computes is anybody's guess.
func checkInput(t *testing.T, where, spelled, value string, spell func(string) string) {
	t.Helper()
	for _, in := range config.Inputs() {
		if in.Only || spell(in.Name) != spelled {
			continue
		}
		if len(in.Values) > 0 && !strings.ContainsAny(value, "$<") && !slices.Contains(in.Values, value) {
			t.Errorf("%s gives %s the value %q, which it does not take", where, spelled, value)
		}
		return
	}
	t.Errorf("%s sets %s, which is no input", where, spelled)
}

// TestExampleInputs holds the examples to the inputs that there are.
func TestExampleInputs(t *testing.T) {
	used := 0
	for _, m := range mapsIn(document(t, examples+"/github.yml")) {
		if uses, _ := m["uses"].(string); strings.HasPrefix(uses, "bbkeys/bbkeys@") {
			with, _ := m["with"].(map[string]any)
			for name, value := range with {
				checkInput(t, "github.yml", name, value.(string), strings.Clone)
				used++
			}
		}
	}
	for _, m := range mapsIn(document(t, examples+"/bitbucket-pipelines.yml")) {
		if pipe, _ := m["pipe"].(string); pipe != "" {
			for name, value := range m["variables"].(map[string]any) {
				checkInput(t, "bitbucket-pipelines.yml", name, value.(string), ci.EnvName)
				used++
			}
		}
	}
	// BBKEYS_X=value, BBKEYS_X: value, BBKEYS_X = 'value', or the name alone.
	variable := regexp.MustCompile(`\bBBKEYS_([A-Z0-9_]+)(?:(?:=|: | = )["']?([^\s"']*))?`)
	for name, text := range texts(t) {
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			value := m[2]
			if value == "" {
				value = "$" // handed on
			}
			checkInput(t, name, m[1], value, ci.EnvName)
			used++
		}
	}
	if used < 20 {
		t.Errorf("only %d inputs were seen in the examples", used)
	}
}

// TestExampleOutputs holds the examples to the outputs that action.yml declares.
func TestExampleOutputs(t *testing.T) {
	declared := document(t, "action.yml")["outputs"].(map[string]any)
	used := regexp.MustCompile(`steps\.bbkeys\.outputs\.([a-z-]+)`).FindAllStringSubmatch(texts(t)["github.yml"], -1)
	if len(used) == 0 {
		t.Error("github.yml uses no output")
	}
	for _, m := range used {
		if declared[m[1]] == nil {
			t.Errorf("github.yml uses the output %s, which action.yml does not declare", m[1])
		}
	}
}

// TestPins holds every action of others to one full commit, the same everywhere, with its
// version beside it; and our own image to one name.
func TestPins(t *testing.T) {
	files := map[string]string{}
	for name, text := range texts(t) {
		files[name] = text
	}
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range workflows {
		text, err := os.ReadFile(w)
		if err != nil {
			t.Fatal(err)
		}
		files[w] = string(text)
	}
	pinned := regexp.MustCompile(`^([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$`)
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.+)$`)
	image := regexp.MustCompile(`ghcr\.io/bbkeys/bbkeys(\S*?)["']?(?:\s|$)`)
	pins := map[string]string{}
	for name, text := range files {
		for _, m := range uses.FindAllStringSubmatch(text, -1) {
			pin := pinned.FindStringSubmatch(m[1])
			switch {
			case m[1] == "bbkeys/bbkeys@v1":
			case pin == nil:
				t.Errorf("%s: %s is not a full commit with its version as a comment", name, m[1])
			case pins[pin[1]] != "" && pins[pin[1]] != pin[2]+" "+pin[3]:
				t.Errorf("%s: %s is pinned to another commit elsewhere", name, m[1])
			default:
				pins[pin[1]] = pin[2] + " " + pin[3]
			}
		}
		if strings.HasPrefix(name, ".github") {
			continue
		}
		for _, m := range image.FindAllStringSubmatch(text, -1) {
			if m[1] != ":1" {
				t.Errorf("%s names the image %s", name, m[0])
			}
		}
	}
}

// TestPipe holds pipe.yml to what Bitbucket wants of a pipe (advanced techniques for
// writing pipes, 2026-11).
func TestPipe(t *testing.T) {
	pipe := document(t, "pipe.yml")
	for _, key := range []string{"name", "description", "image", "category", "repository"} {
		if s, _ := pipe[key].(string); s == "" {
			t.Errorf("pipe.yml has no %s", key)
		}
	}
	for _, key := range []string{"vendor", "maintainer"} {
		who, _ := pipe[key].(map[string]any)
		if who["name"] == nil || who["website"] == nil {
			t.Errorf("pipe.yml: the %s has no name or no website", key)
		}
	}
	if tags, _ := pipe["tags"].([]any); len(tags) == 0 {
		t.Error("pipe.yml has no tags")
	}
	variables, _ := pipe["variables"].([]any)
	if len(variables) == 0 {
		t.Error("pipe.yml has no variables")
	}
	for _, v := range variables {
		if name, _ := v.(map[string]any)["name"].(string); !regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`).MatchString(name) {
			t.Errorf("pipe.yml: the variable %q cannot be one", name)
		}
	}
}

// TestGitLabReports holds the files that the job keeps to those that it has written.
func TestGitLabReports(t *testing.T) {
	job := document(t, examples+"/gitlab-ci.yml")["bbkeys"].(map[string]any)
	reports := job["artifacts"].(map[string]any)["reports"].(map[string]any)
	variables := job["variables"].(map[string]any)
	for kind, name := range map[string]string{"secret_detection": "gitlab-file", "codequality": "gitlab-quality-file"} {
		if got := variables[ci.EnvPrefix+ci.EnvName(name)]; got == nil || got != reports[kind] {
			t.Errorf("%s is written to %v and kept from %v", kind, got, reports[kind])
		}
	}
}
