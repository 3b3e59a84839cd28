package rule_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"golang.org/x/crypto/ssh"
)

const sshKeyID = "bitbucket-ssh-key"

// A keyFile is a private key in one form.
type keyFile struct {
	form   string
	text   string // as ssh-keygen and its like write it, without the last line feed
	print  string // its fingerprint; empty where the file does not tell it
	locked bool
	loose  bool // no reader can see that a character was changed
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func block(kind string, der []byte) string {
	return strings.TrimSuffix(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})), "\n")
}

// keyFiles returns keys of all kinds in all forms.
var keyFiles = sync.OnceValue(func() []keyFile {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	rsa2048 := must(rsa.GenerateKey(rand.Reader, 2048))
	rsa4096 := must(rsa.GenerateKey(rand.Reader, 4096))
	p256 := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	p384 := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	p521 := must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader))
	var all []keyFile
	add := func(form, text string, key crypto.Signer, locked, loose bool) {
		print := ""
		if key != nil {
			print = ssh.FingerprintSHA256(must(ssh.NewPublicKey(key.Public())))
		}
		all = append(all, keyFile{form, text, print, locked, loose})
	}
	for name, key := range map[string]crypto.Signer{"ed25519": ed, "rsa2048": rsa2048, "p256": p256, "p384": p384, "p521": p521} {
		plain := must(ssh.MarshalPrivateKey(key, ""))
		add("openssh "+name, block(plain.Type, plain.Bytes), key, false, false)
		add("pkcs8 "+name, block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key))), key, false, name == "ed25519")
	}
	comment := must(ssh.MarshalPrivateKey(ed, "me@example.com"))
	add("openssh with comment", block(comment.Type, comment.Bytes), ed, false, false)
	locked := must(ssh.MarshalPrivateKeyWithPassphrase(p256, "", []byte("x")))
	add("openssh locked", block(locked.Type, locked.Bytes), p256, true, true)
	long := must(ssh.MarshalPrivateKey(rsa4096, ""))
	add("openssh rsa4096", block(long.Type, long.Bytes), rsa4096, false, false)
	add("pkcs1", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsa2048)), rsa2048, false, false)
	add("sec1", block("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(p384))), p384, false, false)
	add("pem locked", lockedPEM("RSA PRIVATE KEY", 1200), nil, true, true)
	add("pkcs8 locked", block("ENCRYPTED PRIVATE KEY", lockedPKCS8(1232)), nil, true, true)
	add("ssh2", ssh2File(rsa2048), rsa2048, false, true)
	add("putty ed25519", puttyFile(ed, false), ed, false, true)
	add("putty rsa", puttyFile(rsa2048, false), rsa2048, false, true)
	add("putty p521", puttyFile(p521, false), p521, false, true)
	add("putty locked", puttyFile(rsa2048, true), rsa2048, true, true)
	return all
})

// around are ways in which a file of several lines is written into something else.
var around = map[string]func(lines []string) string{
	"file":               func(l []string) string { return strings.Join(l, "\n") },
	"windows":            func(l []string) string { return strings.Join(l, "\r\n") },
	"indented":           func(l []string) string { return strings.Join(l, "\n      ") },
	"tabs":               func(l []string) string { return strings.Join(l, "\n\t\t") },
	"json":               func(l []string) string { return strings.Join(l, `\n`) },
	"json in json":       func(l []string) string { return strings.Join(l, `\\n`) },
	"json in json in it": func(l []string) string { return strings.Join(l, `\\\\n`) },
	"json windows":       func(l []string) string { return strings.Join(l, `\r\n`) },
	"json, escaped solidus": func(l []string) string {
		return l[0] + `\n` + strings.ReplaceAll(strings.Join(l[1:], `\n`), "/", `\/`)
	},
	"unicode":          func(l []string) string { return strings.Join(l, `\u000a`) },
	"unicode equals":   func(l []string) string { return strings.ReplaceAll(strings.Join(l, `\n`), "=", `\u003d`) },
	"spaces":           func(l []string) string { return strings.Join(l, " ") },
	"literal and real": func(l []string) string { return strings.Join(l, "\\n\n") },
	"percent":          func(l []string) string { return strings.Join(l, "%0A") },
	"path escape":      func(l []string) string { return url.PathEscape(strings.Join(l, "\n")) },
	"query escape":     func(l []string) string { return url.QueryEscape(strings.Join(l, "\r\n")) },
	"go":               func(l []string) string { return strings.Join(l, "\\n\" +\n\t\"") },
	"java":             func(l []string) string { return strings.Join(l, "\\n\"\n        + \"") },
	"c":                func(l []string) string { return strings.Join(l, "\\n\"\n    \"") },
	"php":              func(l []string) string { return strings.Join(l, "\\n'\n  . '") },
	"list":             func(l []string) string { return strings.Join(l, "\",\n  \"") },
	"visual basic":     func(l []string) string { return strings.Join(l, "\" & vbLf & _\n \"") },
	"in a json string": func(l []string) string { return strings.Join(l, `\\n\" + \"`) },
	"continued":        func(l []string) string { return strings.Join(l, "\\n\\\n") },
	"powershell":       func(l []string) string { return strings.Join(l, "`n") },
	"html":             func(l []string) string { return strings.Join(l, "<br>\n") },
	"xml":              func(l []string) string { return strings.Join(l, "&#10;") },
	"octal":            func(l []string) string { return strings.Join(l, `\012`) },
}

// leads begin every line of a file that is in a comment, a mail or a difference.
var leads = []string{"# ", "// ", "> ", " * ", "+", "-", "\t#  ", "; "}

func keysIn(text string) []found {
	return slices.DeleteFunc(findAll([]byte(text)), func(f found) bool { return f.Rule.ID != sshKeyID })
}

// expectKey checks that text holds one key, at stored.
func expectKey(t *testing.T, k keyFile, text, stored string) {
	t.Helper()
	all := keysIn(text)
	if len(all) != 1 {
		t.Fatalf("%s: %d findings in a text with one key", k.form, len(all))
	}
	f, lo := all[0], strings.Index(text, stored)
	if f.Lo != lo || f.Hi != lo+len(stored) {
		t.Errorf("%s: at [%d,%d), want [%d,%d)", k.form, f.Lo, f.Hi, lo, lo+len(stored))
	}
	if f.Proof != rule.Structure || f.Match.ID != k.print {
		t.Errorf("%s: proof %s, id %q, want %q", k.form, f.Proof, f.Match.ID, k.print)
	}
	want := rule.Error
	if k.locked {
		want = rule.Warning
	}
	if l := f.LevelAt(f.Match, rule.File{Path: "bitbucket_rsa"}); l != want {
		t.Errorf("%s: level %s, want %s", k.form, l, want)
	}
	// What is kept of it is a key that other programs read.
	if again := keysIn(f.Secret.Reveal() + "\n"); !strings.HasPrefix(k.form, "putty") && (len(again) != 1 || again[0].Secret.Reveal() != f.Secret.Reveal()) {
		t.Errorf("%s: what is kept of it is not the key", k.form)
	}
	if !k.locked && !strings.HasPrefix(k.form, "putty") && k.form != "ssh2" {
		key, err := ssh.ParsePrivateKey([]byte(f.Secret.Reveal()))
		if err != nil || ssh.FingerprintSHA256(key.PublicKey()) != k.print {
			t.Errorf("%s: what is kept of it is no key: %v", k.form, err)
		}
	}
}

func TestSSHKeyForms(t *testing.T) {
	for _, k := range keyFiles() {
		t.Run(k.form, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(k.text, "\n")
			for name, write := range around {
				if strings.Contains(k.form, "putty") && name == "visual basic" {
					continue // vbLf would be a field
				}
				stored := write(lines)
				for _, carrier := range []string{"%s", "%s\n", "KEY=\"%s\"\n", "  key: |\n      %s\n\nnext: 1\n", `{"a":"%s","b":"c"}`, "key = '''%s'''\n", "x `%s` y", "<k>%s</k>"} {
					if (len(k.text) > 1000 || strings.Contains(k.form, "p521")) && carrier[0] != 'K' {
						continue // takes long, and shows no more
					}
					t.Run(name+" in "+carrier, func(t *testing.T) { expectKey(t, k, strings.Replace(carrier, "%s", stored, 1), stored) })
				}
			}
			for _, lead := range leads {
				stored := strings.Join(lines, "\n"+lead)
				t.Run("behind "+lead, func(t *testing.T) { expectKey(t, k, "x\n"+lead+stored+"\n"+lead+"\n", stored) })
			}
		})
	}
}
