package rule_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"golang.org/x/crypto/ssh"
)

func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

// lockedPEM returns what looks like a key that a passphrase protects the way PEM does.
func lockedPEM(kind string, n int) string {
	lines := strings.Split(block(kind, noise(n)), "\n")
	head := []string{lines[0], "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC," + strings.ToUpper(hex.EncodeToString(noise(16))), ""}
	return strings.Join(append(head, lines[1:]...), "\n")
}

// lockedPKCS8 returns what looks like a key that a passphrase protects the way PKCS#8 does.
func lockedPKCS8(n int) []byte {
	return must(asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}{pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, Parameters: asn1.NullRawValue}, noise(n)}))
}

// lines returns the base64 form of b in lines of n characters.
func base64Lines(b []byte, n int) []string {
	s := base64.StdEncoding.EncodeToString(b)
	var lines []string
	for len(s) > n {
		lines, s = append(lines, s[:n]), s[n:]
	}
	return append(lines, s)
}

// ssh2File writes an RSA key as ssh.com's programs do.
func ssh2File(k *rsa.PrivateKey) string {
	var body []byte
	for _, n := range []*big.Int{big.NewInt(int64(k.E)), k.D, k.N, new(big.Int).ModInverse(k.Primes[1], k.Primes[0]), k.Primes[1], k.Primes[0]} {
		body = binary.BigEndian.AppendUint32(body, uint32(n.BitLen()))
		body = append(body, n.Bytes()...)
	}
	body = append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
	rest := ssh.Marshal(struct {
		Kind, Cipher string
		Body         []byte
	}{"if-modn{sign{rsa-pkcs1-sha1},encrypt{rsa-pkcs1v2-oaep}}", "none", body})
	blob := binary.BigEndian.AppendUint32(nil, 0x3f6ff9eb)
	blob = binary.BigEndian.AppendUint32(blob, uint32(len(rest)+8))
	blob = append(blob, rest...)
	name := "SSH2 ENCRYPTED " + "PRIVATE KEY"
	return strings.Join(append(append([]string{"---- BEGIN " + name + " ----"}, base64Lines(blob, 70)...), "---- END "+name+" ----"), "\n")
}

// puttyFile writes a key as PuTTY does.
func puttyFile(key crypto.Signer, locked bool) string {
	pub := must(ssh.NewPublicKey(key.Public()))
	var private []byte
	switch k := key.(type) {
	case *rsa.PrivateKey:
		private = ssh.Marshal(struct{ D, P, Q, QInv *big.Int }{k.D, k.Primes[0], k.Primes[1], k.Precomputed.Qinv})
	case *ecdsa.PrivateKey:
		private = ssh.Marshal(struct{ D *big.Int }{new(big.Int).SetBytes(must(k.Bytes()))})
	case ed25519.PrivateKey:
		private = ssh.Marshal(struct{ D []byte }{k.Seed()})
	}
	version, encryption, mac := "2", "none", 20
	var derivation []string
	if locked {
		version, encryption, mac, private = "3", "aes256-cbc", 32, noise(len(private)/16*16)
		derivation = []string{"Key-Derivation: Argon2id", "Argon2-Memory: 8192", "Argon2-Passes: 21", "Argon2-Parallelism: 1", "Argon2-Salt: " + hex.EncodeToString(noise(16))}
	}
	p, q := base64Lines(pub.Marshal(), 64), base64Lines(private, 64)
	lines := []string{"PuTTY-User-" + "Key-File-" + version + ": " + pub.Type(), "Encryption: " + encryption, "Comment: rsa-key 2026", fmt.Sprintf("Public-Lines: %d", len(p))}
	lines = append(append(lines, p...), derivation...)
	lines = append(append(lines, fmt.Sprintf("Private-Lines: %d", len(q))), q...)
	return strings.Join(append(lines, "Private-MAC: "+hex.EncodeToString(noise(mac))), "\n")
}
