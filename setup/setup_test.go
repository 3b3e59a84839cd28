package setup_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/bbkeys/bbkeys/setup"
)

// repository makes a folder with some files, each of which holds its own name.
func repository(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("# "+name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(kinds []setup.Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, k.Name)
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		files []string
		want  string
		sure  bool
	}{
		{nil, "", false},
		{[]string{".github/workflows/x.yml"}, "github", true},
		{[]string{"bitbucket-pipelines.yml", "Jenkinsfile"}, "bitbucket jenkins", true},
		{[]string{".gitlab-ci.yml", ".pre-commit-config.yaml"}, "gitlab pre-commit", true},
		{[]string{".circleci/config.yml"}, "circleci", true},
		{[]string{"azure-pipelines.yaml"}, "azure", true},
		{[]string{".travis.yml"}, "travis", true},
		{[]string{".buildkite/x.sh"}, "buildkite", true},
		{[]string{".teamcity/pom.xml"}, "teamcity", true},
		{[]string{".drone.yml"}, "drone", true},
		{[]string{".woodpecker.yaml"}, "woodpecker", true},
		{[]string{".husky/_/husky.sh", ".lefthook.yml"}, "husky lefthook", true},
	} {
		kinds, sure, err := setup.Find(repository(t, c.files...))
		if err != nil || names(kinds) != c.want || sure != c.sure {
			t.Errorf("%q: found %q, %v, %v", c.files, names(kinds), sure, err)
		}
	}
	if _, _, err := setup.Find(filepath.Join(t.TempDir(), "no")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

func TestFindByOrigin(t *testing.T) {
	for url, want := range map[string]string{
		"git@bitbucket.org:a/b.git": "bitbucket", "https://github.com/a/b": "github", "ssh://git@gitlab.example.com/a": "gitlab",
		"https://dev.azure.com/a/_git/b": "azure", "https://git.example.com/a": "",
	} {
		dir := repository(t, ".git/config")
		config := "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = " + url + "\n"
		if err := os.WriteFile(filepath.Join(dir, ".git", "config"), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		if kinds, sure, err := setup.Find(dir); err != nil || sure || names(kinds) != want {
			t.Errorf("%s: found %q, %v, %v", url, names(kinds), sure, err)
		}
	}
}

// isYAML reports whether what a kind reads is YAML.
func isYAML(path string) bool {
	return strings.HasSuffix(path, ".yml") || strings.HasSuffix(path, ".yaml")
}

// TestNew: what is offered for a repository without a file is written once, names the
// release, and is found afterwards.
func TestNew(t *testing.T) {
	pin := setup.Release("v3.4.5", strings.Repeat("ab", 32))
	for _, k := range setup.Kinds() {
		dir := repository(t)
		o, err := k.For(dir, pin)
		if err != nil || !o.New || len(o.Parts) != 1 || o.Has(dir) {
			t.Errorf("%s: %+v, %v", k.Name, o, err)
			continue
		}
		if err := o.Write(dir); err != nil {
			t.Errorf("%s: %v", k.Name, err)
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(o.Path))
		text, err := os.ReadFile(path)
		if err != nil || string(text) != o.Parts[0].Text || !o.Has(dir) {
			t.Errorf("%s: what was written is not what was shown: %v", k.Name, err)
		}
		for _, floating := range []string{"bbkeys@v1\n", "bbkeys:1\n", "bbkeys:1 ", "bbkeys:1'", "download/v1.", `KEYS_SHA256: ""`, "rev: v1."} {
			if strings.Contains(string(text), floating) {
				t.Errorf("%s: %q names no release", k.Name, floating)
			}
		}
		if isYAML(o.Path) {
			var doc map[string]any
			if err := yaml.Unmarshal(text, &doc); err != nil || len(doc) == 0 {
				t.Errorf("%s: %v", k.Name, err)
			}
		}
		if info, err := os.Stat(path); err != nil || (info.Mode()&0o100 != 0) != strings.HasSuffix(o.Path, "/pre-commit") {
			t.Errorf("%s: %v, %v", k.Name, info.Mode(), err)
		}
		if err := o.Write(dir); !errors.Is(err, setup.ErrThere) {
			t.Errorf("%s: written again: %v", k.Name, err)
		}
		if again, err := k.For(dir, pin); err != nil || again.New || !again.Has(dir) {
			t.Errorf("%s: what was written is not found: %v", k.Name, err)
		}
		if kinds, _, err := setup.Find(dir); k.Name != "hook" && (err != nil || names(kinds) != k.Name) {
			t.Errorf("%s: then %q is found, %v", k.Name, names(kinds), err)
		}
	}
}

// TestThere: a file that is there gets lines that fit, under a sentence that says where,
// and is left alone.
func TestThere(t *testing.T) {
	runs := map[string][]string{
		"bitbucket": {"depth: full", "pipe: docker://ghcr.io/bbkeys/bbkeys:9.8.7", "- step: *bbkeys"},
		"gitlab":    {"releases/download/v9.8.7/bbkeys-linux-amd64"},
		"jenkins":   {"BBKEYS_JUNIT_FILE = 'bbkeys.xml'", "changeRequest()", "TimerTrigger", "ghcr.io/bbkeys/bbkeys:9.8.7", "junit testResults"},
		"circleci":  {"ghcr.io/bbkeys/bbkeys:9.8.7", "base: << pipeline.git.base_revision >>"},
		"azure":     {"ghcr.io/bbkeys/bbkeys:9.8.7"}, "travis": {"depth: false", "ghcr.io/bbkeys/bbkeys:9.8.7"},
		"buildkite": {"ghcr.io/bbkeys/bbkeys:9.8.7"}, "teamcity": {"ghcr.io/bbkeys/bbkeys:9.8.7"},
		"drone": {"image: ghcr.io/bbkeys/bbkeys:9.8.7"}, "woodpecker": {"image: ghcr.io/bbkeys/bbkeys:9.8.7"},
		"pre-commit": {"rev: v9.8.7"}, "husky": {"ghcr.io/bbkeys/bbkeys:9.8.7"}, "lefthook": {"bbkeys --mode staged"},
		"hook": {"ghcr.io/bbkeys/bbkeys:9.8.7"}, "github": {},
	}
	for _, k := range setup.Kinds() {
		fresh, err := k.For(repository(t), setup.Pin{})
		if err != nil {
			t.Fatal(err)
		}
		dir := repository(t, fresh.Path)
		o, err := k.For(dir, setup.Release("9.8.7", ""))
		if err != nil || o.New || o.Path != fresh.Path || len(o.Parts) != len(runs[k.Name]) {
			t.Errorf("%s: %+v, %v", k.Name, o, err)
			continue
		}
		for i, p := range o.Parts {
			if want := runs[k.Name][i]; p.Where == "" || !strings.Contains(p.Text, want) {
				t.Errorf("%s: part %d does not hold %q: %s", k.Name, i, want, p.Text)
			}
			if open, shut := strings.Count(p.Text, "{"), strings.Count(p.Text, "}"); open != shut {
				t.Errorf("%s: part %d has %d braces open and %d shut", k.Name, i, open, shut)
			}
			var doc any
			if text := strings.ReplaceAll(p.Text, "*bbkeys", "bbkeys"); isYAML(o.Path) && (yaml.Unmarshal([]byte(text), &doc) != nil || doc == nil) {
				t.Errorf("%s: part %d is no YAML: %s", k.Name, i, p.Text)
			}
		}
		if err := o.Write(dir); !errors.Is(err, setup.ErrThere) {
			t.Errorf("%s: %v", k.Name, err)
		}
		if text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(o.Path))); err != nil || string(text) != "# "+o.Path+"\n" {
			t.Errorf("%s: the file was changed to %q, %v", k.Name, text, err)
		}
	}
}

// TestLinks: a repository can hold links to anywhere, and none of them is followed out.
func TestLinks(t *testing.T) {
	out := t.TempDir()
	secret := filepath.Join(out, "bbkeys.yml")
	for name, link := range map[string][2]string{
		"folder": {out, ".github"}, "file": {secret, ".github/workflows/bbkeys.yml"}, "up": {"../../..", ".github/workflows"},
	} {
		dir := repository(t, "readme")
		at := filepath.Join(dir, filepath.FromSlash(link[1]))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(link[0], at); err != nil {
			t.Fatal(err)
		}
		o, err := setup.Kinds()[0].For(dir, setup.Pin{})
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Write(dir); err == nil {
			t.Errorf("%s: something was written", name)
		}
		if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
			t.Errorf("%s: %v was written outside, %v", name, left, err)
		}
	}
}

// TestHooksPath: where git looks for hooks elsewhere, that is said.
func TestHooksPath(t *testing.T) {
	dir := repository(t, ".git/config")
	hook := setup.Kinds()[slices.Index(setup.Names(), "hook")]
	for config, want := range map[string]bool{"[core]\n\tbare = false\n": false, "[core]\n\thookspath = .husky/_\n": true} {
		if err := os.WriteFile(filepath.Join(dir, ".git", "config"), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		if o, err := hook.For(dir, setup.Pin{}); err != nil || strings.Contains(o.After, "core.hooksPath") != want {
			t.Errorf("%q: %q, %v", config, o.After, err)
		}
	}
}

func TestRelease(t *testing.T) {
	for version, want := range map[string]string{
		"1.2.3": "1.2.3", "v1.2.3": "1.2.3", "": "", "unknown": "", "(devel)": "", "1.2.3-rc.1": "", "v0.0.0-20261123010203-abcdef012345": "", "1.2.3+dirty": "",
	} {
		if got := setup.Release(version, "x"); got.Version != want || (got.SHA256 == "x") != (want != "") {
			t.Errorf("%q is %+v", version, got)
		}
	}
	if all := setup.Names(); len(all) != len(setup.Kinds()) || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("two kinds have one name: %q", all)
	}
}
