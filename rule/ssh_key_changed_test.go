package rule_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"golang.org/x/crypto/ssh"
)

// TestSSHKeyChanged changes characters of keys: what is still proven is still the key.
func TestSSHKeyChanged(t *testing.T) {
	for _, k := range keyFiles() {
		if k.loose {
			continue
		}
		t.Run(k.form, func(t *testing.T) {
			t.Parallel()
			rng := seeded()
			for _, stored := range []string{k.text, strings.ReplaceAll(k.text, "\n", `\n`)} {
				step := 1 + len(stored)/300
				notes := 0
				for i := 0; i < len(stored); i += step {
					all := replacements(rng)
					c := all[rng.IntN(len(all))]
					changed := stored[:i] + string([]byte{c}) + stored[i+1:]
					for _, f := range keysIn("k: '" + changed + "'\n") {
						if f.Proof == rule.Layout {
							notes++
							continue
						}
						key, err := ssh.ParsePrivateKey([]byte(f.Secret.Reveal()))
						if err != nil || f.Match.ID != k.print || ssh.FingerprintSHA256(key.PublicKey()) != k.print {
							t.Fatalf("character %d changed from %q to %q: it is taken for a key (%v)", i, stored[i], c, err)
						}
					}
				}
				if notes == 0 && strings.HasPrefix(k.form, "openssh") {
					t.Error("no change gave a note")
				}
			}
		})
	}
}

// TestSSHKeyCut cuts keys off: what is left is a note at most.
func TestSSHKeyCut(t *testing.T) {
	for _, k := range keyFiles() {
		if k.form == "pem locked" {
			continue // of which any number of blocks may be all
		}
		notes := 0
		for n := 30; n < len(k.text)-70; n += 1 + len(k.text)/100 {
			for _, end := range []string{"", "\n", "...\n", "\n-----END OPENSSH PRIVATE KEY-----\n", "\n-----END RSA PRIVATE KEY-----"} {
				for _, f := range keysIn(k.text[:n] + end) {
					if notes++; f.Proof != rule.Layout {
						t.Fatalf("%s: %d of %d characters are proven by %s", k.form, n, len(k.text), f.Proof)
					}
				}
			}
		}
		if notes == 0 && (strings.HasPrefix(k.form, "openssh") || k.form == "pkcs1" || k.form == "pkcs8 rsa2048") {
			t.Errorf("%s: cut off, it is never a note", k.form)
		}
	}
}

// TestSSHKeyTooLong checks that a key which is longer than Reach is a note, as one that is
// cut off.
func TestSSHKeyTooLong(t *testing.T) {
	for _, k := range keyFiles() {
		if k.form != "pkcs1" {
			continue
		}
		// Spelled so wide that it goes beyond what a rule may look at.
		var b strings.Builder
		for i, line := range strings.Split(k.text, "\n") {
			if i > 0 {
				b.WriteString("\n" + strings.Repeat(" ", 400))
			}
			b.WriteString(line)
		}
		all := keysIn(b.String())
		if len(all) != 1 || all[0].Proof != rule.Layout || all[0].Hi > rule.Reach+40 {
			t.Errorf("%d findings, want one note within Reach", len(all))
		}
	}
}

// dressed writes text between the lines that a key has.
func dressed(name, text string) string {
	words := strings.TrimPrefix(name+" PRIVATE"+" KEY-----", " ")
	return "-----BEGIN " + words + "\n" + text + "\n-----END " + words + "\n"
}

// TestSSHKeySilent checks what is no private key.
func TestSSHKeySilent(t *testing.T) {
	var public string
	for _, k := range keyFiles() {
		if k.form == "openssh ed25519" {
			key := must(ssh.ParsePrivateKey([]byte(k.text)))
			public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key.PublicKey())))
		}
	}
	rng := seeded()
	body := random(rng, letters, 64)
	var texts []string
	for _, name := range []string{"OPENSSH", "RSA", "EC", "DSA", "", "ENCRYPTED", "PGP", "SSH2 ENCRYPTED", "ANY"} {
		for _, inside := range []string{
			"...", "", "<your key>", "${KEY}", "xxx", "MIIEpAIBAAKCAQEA...", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + body, "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ...",
			"b3BlbnNzaC1rZXktdjEAAAAA", body, strings.Repeat(body+"\n", 24), strings.Repeat("A", 1600), "MIIEpAIBAAKCAQEA" + strings.Repeat("A", 1600),
			"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0\n\n" + body, "Proc-Type: 4,ENCRYPTED\nDEK-Info: FOO,00112233445566778899AABBCCDDEEFF\n\n" + strings.Repeat(body+"\n", 24),
			public, `\n`, `\`, `"`, "%", "&#", "=",
		} {
			texts = append(texts, dressed(name, inside), strings.ReplaceAll(dressed(name, inside), "\n", `\n`))
		}
	}
	texts = append(texts,
		public, "bitbucket.org "+public, "PRIVATE", "PRIVATE KEY", "BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY", "PRIVATE KEY-----", "-----BEGIN (RSA|EC) PRIVATE KEY-----",
		"if strings.Contains(s, \"-----BEGIN OPENSSH PRIVATE KEY-----\") {", "-----BEGIN RSA PUBLIC KEY-----\n"+body, "PuTTY-User-Key-File-", "PuTTY-User-Key-File-2: ssh-rsa",
		"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00",
		"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 999999999\nAAAA\nPrivate-Lines: -1\nAAAA\nPrivate-MAC: "+strings.Repeat("0", 40),
	)
	for _, text := range texts {
		for _, f := range keysIn(text) {
			t.Errorf("%s in %.60q", f.Proof, text)
		}
	}
}

// TestSSHKeyHostile reads RSA keys whose numbers were chosen to do harm.
func TestSSHKeyHostile(t *testing.T) {
	var good *rsa.PrivateKey
	for _, k := range keyFiles() {
		if k.form == "pkcs1" {
			good = must(ssh.ParseRawPrivateKey([]byte(k.text))).(*rsa.PrivateKey)
		}
	}
	type numbers struct {
		Version                     int
		N, E, D, P, Q, DP, DQ, QInv *big.Int
	}
	own := numbers{0, good.N, big.NewInt(int64(good.E)), good.D, good.Primes[0], good.Primes[1], good.Precomputed.Dp, good.Precomputed.Dq, good.Precomputed.Qinv}
	field := func(n *numbers, i int) **big.Int {
		return []**big.Int{&n.N, &n.E, &n.D, &n.P, &n.Q, &n.DP, &n.DQ, &n.QInv}[i]
	}
	if all := keysIn(block("RSA PRIVATE KEY", must(asn1.Marshal(own)))); len(all) != 1 || all[0].Proof != rule.Structure {
		t.Fatal("the key itself is not found")
	}
	huge := new(big.Int).Lsh(big.NewInt(1), 30000)
	for i := range 8 {
		right := *field(&own, i)
		for _, wrong := range []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), big.NewInt(-1), new(big.Int).Neg(right), new(big.Int).Add(right, big.NewInt(1)), huge} {
			bad := own
			*field(&bad, i) = wrong
			for _, kind := range []string{"RSA PRIVATE KEY", "PRIVATE KEY"} {
				der := must(asn1.Marshal(bad))
				if kind == "PRIVATE KEY" {
					der = must(asn1.Marshal(struct {
						Version   int
						Algorithm struct {
							ID   asn1.ObjectIdentifier
							Null asn1.RawValue
						}
						Key []byte
					}{Algorithm: struct {
						ID   asn1.ObjectIdentifier
						Null asn1.RawValue
					}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullRawValue}, Key: der}))
				}
				for _, f := range keysIn(block(kind, der)) {
					if f.Proof != rule.Layout {
						t.Errorf("%s: number %d is wrong, and the key is proven", kind, i)
					}
				}
			}
		}
	}
	if _, err := x509.ParsePKCS1PrivateKey(must(asn1.Marshal(own))); err != nil {
		t.Error(err)
	}
}

// FuzzSSHKey checks what no text may break.
func FuzzSSHKey(f *testing.F) {
	for _, k := range keyFiles() {
		lines := strings.Split(k.text, "\n")
		for _, write := range around {
			f.Add([]byte("x: " + write(lines) + "\n"))
		}
	}
	r := rule.ByID(sshKeyID)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, a := range r.Anchors {
			for at := range text {
				if !strings.HasPrefix(string(text[at:min(len(text), at+len(a))]), a) {
					continue
				}
				m, ok := r.Match(text, at)
				if !ok {
					continue
				}
				if m.Lo < max(0, at-rule.Reach) || m.Lo > at || m.Hi <= at || m.Hi > min(len(text), at+rule.Reach) || m.Proof < rule.Layout || m.Secret.Reveal() == "" {
					t.Fatalf("[%d,%d) of %d, anchor at %d, proof %s", m.Lo, m.Hi, len(text), at, m.Proof)
				}
				again, ok := r.Match(text[m.Lo:min(len(text), at+rule.Reach)], at-m.Lo)
				if lead := m.Lo > 0 && text[m.Lo-1] != '\n'; !lead && (!ok || again.Hi-again.Lo != m.Hi-m.Lo || again.Proof != m.Proof || again.ID != m.ID || !slices.Equal(again.Encoding, m.Encoding)) {
					t.Fatal("what precedes a line changes what is in it")
				}
			}
		}
	})
}
