package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/internal/spec"
	"github.com/bbkeys/bbkeys/setup"
)

// TestExampleFacts holds the examples that start the image by hand to what the CI's own
// room reads of the environment: a variable that is not handed on is a fact that a scan
// does not have.
func TestExampleFacts(t *testing.T) {
	read := regexp.MustCompile(`Getenv\("([A-Z_]+)"\)`)
	for room, example := range map[string]string{
		"azure": "azure-pipelines.yml", "buildkite": "buildkite.yml", "circleci": "circleci.yml", "jenkins": "Jenkinsfile",
		"teamcity": "teamcity.kts", "travis": "travis.yml",
	} {
		code, err := os.ReadFile(filepath.Join("ci", room, room+".go"))
		if err != nil {
			t.Fatal(err)
		}
		handed := map[string]bool{}
		for _, m := range regexp.MustCompile(`--env ([A-Z_]+)\b`).FindAllStringSubmatch(texts(t)[example], -1) {
			handed[m[1]] = true
		}
		all := read.FindAllStringSubmatch(string(code), -1)
		if len(all) == 0 {
			t.Errorf("the room %s reads no variable", room)
		}
		for _, m := range all {
			if !handed[m[1]] && m[1] != "HOME" { // that of a container is its own
				t.Errorf("%s does not hand on %s, which ci/%s reads", example, m[1], room)
			}
		}
	}
}

// TestExampleSetup holds what bbkeys init writes in a release to the vendors' schemas, and
// to name nothing but that release.
func TestExampleSetup(t *testing.T) {
	schemas := map[string]string{"github": "github/github-workflow.json", "bitbucket": "ci/bitbucket-pipelines.json"}
	for _, k := range setup.Kinds() {
		dir := t.TempDir()
		o, err := k.For(dir, setup.Release("2.3.4", ""))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Write(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(o.Path))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`bbkeys/bbkeys(?:[@:]|/releases/download/)(v?[\w.]+)`).FindAllStringSubmatch(string(text), -1) {
			if version := strings.TrimPrefix(m[1], "v"); version != "2.3.4" && version != "" { // empty before a variable
				t.Errorf("%s names %s", k.Name, m[0])
			}
		}
		if schemas[k.Name] == "" {
			continue
		}
		s, err := jsonschema.NewCompiler().Compile(spec.File(t, schemas[k.Name]))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(plain(t, document(t, path))); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
	}
}
