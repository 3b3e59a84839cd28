package main_test

import (
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/config"
	"github.com/bbkeys/bbkeys/fault"
)

// TestDocsFixes holds the lines that the documentation of errors gives people to paste to
// what there is: they are YAML where they say so, and each input, flag and image of ours
// in them exists.
func TestDocsFixes(t *testing.T) {
	flags := map[string]bool{}
	for _, in := range config.Inputs() {
		flags[in.Flag] = in.Flag != ""
	}
	ours := regexp.MustCompile(`(?m)(?:^|&& |; |bbkeys:1 )bbkeys((?: .*)?)$`)
	flag := regexp.MustCompile(`--([a-z-]+)`)
	variable := regexp.MustCompile(`\bBBKEYS_([A-Z0-9_]+)(?:(?:=|: )["']?([^\s"']*))?`)
	image := regexp.MustCompile(`ghcr\.io/bbkeys/bbkeys\S*`)
	seen := 0
	for _, e := range fault.Table() {
		for _, f := range e.Fixes {
			where := e.Code.String() + ", " + f.Where()
			if f.Lang == "yaml" {
				seen += yamlFix(t, where, f)
			}
			for _, m := range ours.FindAllStringSubmatch(f.Text, -1) {
				line, _, _ := strings.Cut(m[1], " | ")
				line, _, _ = strings.Cut(line, " && ")
				for _, name := range flag.FindAllStringSubmatch(line, -1) {
					if seen++; !flags[name[1]] && name[1] != "help" {
						t.Errorf("%s: there is no flag --%s", where, name[1])
					}
				}
			}
			for _, m := range variable.FindAllStringSubmatch(f.Text, -1) {
				seen++
				checkInput(t, where, m[1], "$"+m[2], ci.EnvName)
			}
			for _, m := range image.FindAllString(f.Text, -1) {
				if strings.Trim(m, "'\"\\") != "ghcr.io/bbkeys/bbkeys:1" {
					t.Errorf("%s: the image is %s", where, m)
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d inputs and flags were seen", seen)
	}
}

// yamlFix holds one fix to YAML, and what it hands to the action or the pipe to the
// inputs. It returns how many those are.
func yamlFix(t *testing.T, where string, f fault.Fix) int {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(f.Text), &doc); err != nil || doc == nil {
		t.Errorf("%s: no YAML: %v", where, err)
	}
	seen := 0
	for _, m := range mapsIn(doc) {
		uses, _ := m["uses"].(string)
		if with, ok := m["with"].(map[string]any); ok && (uses == "" || strings.HasPrefix(uses, "bbkeys/")) {
			for name := range with {
				seen++
				checkInput(t, where, name, "$", strings.Clone)
			}
		}
		if variables, ok := m["variables"].(map[string]any); ok && f.CI == "bitbucket" {
			for name := range variables {
				seen++
				checkInput(t, where, name, "$", ci.EnvName)
			}
		}
	}
	return seen
}
