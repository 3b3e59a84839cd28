package rule_test

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// TestSSHKeyLevel checks what a key is worth where it stands.
func TestSSHKeyLevel(t *testing.T) {
	files := map[string]keyFile{}
	for _, k := range keyFiles() {
		files[k.form] = k
	}
	const none = rule.Level(0)
	for _, c := range []struct {
		form, path, before, rest string
		want                     rule.Level
	}{
		// Nothing ties it to Bitbucket.
		{"openssh ed25519", "deploy/key", "", "", rule.Note},
		{"openssh ed25519", "testdata/id_ed25519", "", "see github.com", rule.Note},
		{"openssh locked", "deploy/key", "", "", none},
		{"putty rsa", "key.ppk", "", "", rule.Note},
		{"ssh2", "key", "", "", rule.Note},
		{"pkcs1", "server.pem", "", "", none},
		{"pkcs8 rsa2048", "testdata/x.go", "var key = `", "", none},
		{"pkcs1", ".ssh/id_rsa", "", "", rule.Note},
		{"sec1", "a.yml", "ssh_key: |\n  ", "", rule.Note},
		{"pkcs8 locked", "ca.pem", "", "", none},
		{"openssh rsa2048", "etc/ssh/ssh_host_rsa_key", "", "git@bitbucket.org", none},
		// Its file's name does.
		{"openssh ed25519", ".ssh/id_rsa_bitbucket", "", "", rule.Error},
		{"openssh ed25519", "Bitbucket_RSA", "", "", rule.Error},
		{"openssh ed25519", "bitbucket/id_rsa", "", "", rule.Error},
		{"openssh ed25519", "my_ssh_key", "", "", rule.Error},
		{"pkcs1", "keys/bitbucket_rsa", "", "", rule.Error},
		{"pkcs8 rsa2048", "bitbucket.pem", "", "", rule.Error},
		{"pkcs8 rsa2048", "bitbucket-ssl.pem", "", "", none},
		{"pkcs8 rsa2048", "bitbucket.example.com.key", "", "", none},
		{"pkcs8 rsa2048", "bitbucket/tls.pem", "", "", none},
		{"openssh locked", "id_rsa_bitbucket", "", "", rule.Warning},
		{"pem locked", "id_rsa_bitbucket", "", "", rule.Warning},
		{"putty locked", "bitbucket.ppk", "", "", rule.Warning},
		// A variable's name does.
		{"openssh ed25519", ".env", `BITBUCKET_SSH_PRIVATE_KEY="`, "", rule.Error},
		{"openssh ed25519", "a.yml", "x: 1\nMY_SSH_KEY: |\n  ", "", rule.Error},
		{"pkcs1", "a.go", "const bitbucketKey = `", "", rule.Error},
		{"pkcs1", "a.sh", "cat > ~/.ssh/bitbucket_rsa <<EOF\n", "", rule.Error},
		{"pkcs1", "a.go", "// bitbucket\n\nfunc a() {}\n\nconst key = `", "", none},
		{"pkcs8 ed25519", "a.go", "const tlsBitbucket = `", "", none},
		{"openssh p256", "secret.yml", "  name: bitbucket-credentials\nstringData:\n  sshPrivateKey: |\n    ", "", rule.Error},
		// The rest of the file does.
		{"openssh ed25519", "a.yml", "key: |\n  ", "url: git@bitbucket.org:team/repo.git\n", rule.Error},
		{"openssh ed25519", "a.yml", "key: |\n  ", "url: https://bitbucket.org/team/repo\n", rule.Error},
		{"pkcs1", "a.yml", "key: |\n  ", "url: git@bitbucket.org:team/repo.git\n", rule.Error},
		{"pkcs1", "a.yml", "key: |\n  ", "url: ssh://git@altssh.bitbucket.org:443/team/repo.git\n", rule.Error},
		{"pkcs1", "a.yml", "key: |\n  ", "url: ssh://git@stash.example.com:7999/team/repo.git\n", rule.Error},
		{"pkcs1", "a.yml", "key: |\n  ", "ssh-keyscan bitbucket.org >> known_hosts\n", rule.Error},
		{"pkcs1", "a.go", "key := `", "import \"bitbucket.org/team/x\"\n", none},
		{"pkcs1", "a.yml", "key: |\n  ", "https://u@bitbucket.org/team/x http://h:7999/\n", none},
		{"pkcs1", "a.pem", "", "git@bitbucket.org\n-----BEGIN CERTIFICATE-----\n", none},
		{"pkcs8 rsa2048", "sa.json", `{"type": "service_account", "private_key": "`, `"client_x509_cert_url": "x", "r": "git@bitbucket.org"`, none},
		{"openssh ed25519", "a", "", "-----BEGIN CERTIFICATE-----\nHost bitbucket.org\n", rule.Error},
	} {
		k := files[c.form]
		all := keysIn(c.before + k.text + "\n" + c.rest)
		if len(all) != 1 {
			t.Fatalf("%s: %d keys", c.form, len(all))
		}
		f := all[0]
		file := rule.File{Path: c.path, Before: c.before, Ties: rule.TiesIn([]byte(c.before + k.text + "\n" + c.rest))}
		if got := f.LevelAt(f.Match, file); got != c.want {
			t.Errorf("%s in %s behind %q, with %q: level %s, want %s", c.form, c.path, c.before, c.rest, got, c.want)
		}
		f.Proof = rule.Layout
		if got := f.LevelAt(f.Match, file); got > rule.Note {
			t.Errorf("%s, damaged, in %s: level %s", c.form, c.path, got)
		}
	}
	damaged := keysIn(strings.Replace(files["openssh ed25519"].text, "AAAA", "AAAB", 2))
	for _, f := range damaged {
		if l := f.LevelAt(f.Match, rule.File{Path: "id_rsa_bitbucket"}); l > rule.Note {
			t.Errorf("a damaged key is worth %s", l)
		}
	}
}
