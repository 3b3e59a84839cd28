package teamcity_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci/teamcity"
	"github.com/bbkeys/bbkeys/proc"
)

// TestProperties has the parameters in every spelling that Java's properties allow and
// TeamCity may use.
func TestProperties(t *testing.T) {
	for name, text := range map[string]string{
		"as TeamCity":    "#TeamCity build properties\n#Mon Nov 23\nteamcity.build.checkoutDir=/opt/agent/a b\nteamcity.build.branch=topic\n",
		"escaped":        `teamcity.build.checkoutDir=/opt/agent/a\ b` + "\n" + `teamcity.build.branch=t\opic`,
		"colons":         "teamcity.build.checkoutDir : /opt/agent/a b\r\nteamcity.build.branch:topic\r\n",
		"around the key": "  teamcity.build.checkoutDir  =  /opt/agent/a b\n! comment\nteamcity.build.branch = topic",
		"among others":   "a\\=b=c\nx\\:y\n\n=\n:\n\\\nteamcity.build.checkoutDir=/opt/agent/a b\nteamcity.build.branch=topic\npassword=a=b:c\\",
	} {
		dir := t.TempDir()
		all, system := filepath.Join(dir, "all"), filepath.Join(dir, "system")
		for path, text := range map[string]string{all: text, system: "teamcity.configuration.properties.file=" + all} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		commit := strings.Repeat("b2", 20)
		job, err := teamcity.Provider{}.Job(proc.Process{Env: []string{"TEAMCITY_VERSION=1", "TEAMCITY_BUILD_PROPERTIES_FILE=" + system, "BUILD_VCS_NUMBER=" + commit}})
		if err != nil || job.Dir != "/opt/agent/a b" || job.Change.Head != commit || len(job.Change.Upstream) == 0 {
			t.Errorf("%s: %+v, %v", name, job, err)
		}
	}
}

// TestNoProperties: a file that is not there, or is none, leaves what the environment has.
func TestNoProperties(t *testing.T) {
	for _, path := range []string{"", t.TempDir(), filepath.Join(t.TempDir(), "none"), os.DevNull} {
		job, err := teamcity.Provider{}.Job(proc.Process{Env: []string{"TEAMCITY_VERSION=1", "TEAMCITY_BUILD_PROPERTIES_FILE=" + path}})
		if err != nil || job.Dir != "." || job.Change.Head != "HEAD" || !job.Change.OrCheckout {
			t.Errorf("%q: %+v, %v", path, job, err)
		}
	}
}
