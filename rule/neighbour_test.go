package rule_test

import (
	"slices"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// TestPoints checks which files beside a private key say that it is one of Bitbucket's.
func TestPoints(t *testing.T) {
	own := new(rule.Own)
	if err := own.AddHost("git.corp.example"); err != nil {
		t.Fatal(err)
	}
	const pipelines = "bitbucket-pipelines.yml"
	for _, c := range []struct {
		from, text, key string
		want            bool
	}{
		{".ssh/config", "Host bitbucket.org\n  IdentityFile ~/.ssh/id_work\n", ".ssh/id_work", true},
		{".ssh/config", "Host bitbucket.org\n  IdentityFile ~/.ssh/id_work\n", ".ssh/id_home", false},
		{".ssh/config", "Host github.com\n  IdentityFile ~/.ssh/id_work\nHost bitbucket.org\n  IdentityFile ~/.ssh/id_home\n", ".ssh/id_work", false},
		{".ssh/config", "Host work\n\tHostName altssh.bitbucket.org\n\tIdentityFile \"%d/.ssh/id_work\"\n", ".ssh/id_work", true},
		{".ssh/config", "Host work\n\tIdentityFile=~/.ssh/id_work\n\tHostName=bitbucket.corp.io\n", ".ssh/id_work", true},
		{".ssh/config", "Match host bitbucket.org\n  IdentityFile ~/.ssh/id_work\n", ".ssh/id_work", true},
		{".ssh/config", "# Host bitbucket.org\n# IdentityFile ~/.ssh/id_work\n", ".ssh/id_work", false},
		{".ssh/config", "Host *\n  IdentityFile ~/.ssh/id_work\n", ".ssh/id_work", false},
		{".ssh/config", "Host git.corp.example\n  IdentityFile ~/.ssh/id_work\n", ".ssh/id_work", true},
		{"dotfiles/ssh/config", "Host bitbucket.org\n  IdentityFile ~/.ssh/id_work\n", "dotfiles/ssh/id_work", true},
		{"dotfiles/ssh/config", "Host bitbucket.org\n  IdentityFile ~/.ssh/id_work\n", "dotfiles/other/id_work", false},
		{"home/joe/.ssh/config", "Host bitbucket.org\n  IdentityFile /home/joe/.ssh/id_work\n", "home/joe/.ssh/id_work", true},
		{"deploy/ssh_config", "Host bitbucket.org\n  IdentityFile keys/deploy.pem\n", "deploy/keys/deploy.pem", true},
		{pipelines, "- ssh -i ./keys/deploy git@host\n", "keys/deploy", true},
		{pipelines, "- (umask 077; chmod 600 keys/deploy)\n", "keys/deploy", true},
		{pipelines, "- ssh-add keys/deploy && git push\n", "keys/deploy", true},
		{pipelines, "- export GIT_SSH_COMMAND='ssh -o IdentityFile=keys/deploy'\n", "keys/deploy", true},
		{pipelines, "- ssh -i $BITBUCKET_CLONE_DIR/keys/deploy git@host\n", "keys/deploy", true},
		{pipelines, "- cp keys/deploy /tmp\n", "keys/deploy", false},
		{pipelines, "- chmod 755 keys/deploy\n", "keys/deploy", false},
		{pipelines, "- ssh -i", "keys/deploy", false},
		{"ssh_config", "", "keys/deploy", false},
	} {
		if got := own.Points(c.from, []byte(c.text), c.key) != 0; got != c.want {
			t.Errorf("%q in %s points to %s: %v", c.text, c.from, c.key, got)
		}
	}
	var none *rule.Own
	if none.Points("ssh_config", []byte("Host git.corp.example\nIdentityFile x\n"), "x") != 0 || none.Points("ssh_config", []byte("Host bitbucket.org\nIdentityFile x\n"), "x") == 0 {
		t.Error("without hosts of one's own the answer is wrong")
	}
}

// TestNeighbours checks that the files that are asked are few, others, and within the tree.
func TestNeighbours(t *testing.T) {
	for _, key := range []string{"id", "a/id", "a/b/.ssh/id", ".ssh/config", "bitbucket-pipelines.yml"} {
		all := rule.Neighbours(key)
		if len(all) == 0 || len(all) > 8 || slices.Contains(all, key) {
			t.Errorf("%s: %q", key, all)
		}
		for i, name := range all {
			if slices.Contains(all[:i], name) || name[0] == '/' || len(name) > 2 && name[:3] == "../" {
				t.Errorf("%s: %q", key, all)
			}
		}
	}
}
