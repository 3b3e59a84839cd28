package rule

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"

	"golang.org/x/crypto/ssh"
)

// readPKCS1 reads an RSA key (RFC 8017, appendix A.1.2, 2016).
func readPKCS1(der []byte) (sshKey, bool) {
	var k struct {
		Version                     int
		N, E, D, P, Q, DP, DQ, QInv *big.Int
	}
	if rest, err := asn1.Unmarshal(der, &k); err != nil || len(rest) > 0 || k.Version != 0 {
		return cutOff(der)
	}
	pub, ok := rsaKey{k.N, k.E, k.D, k.P, k.Q, k.DP, k.DQ, k.QInv}.public()
	if !ok {
		return cutOff(der)
	}
	return sshKey{public: pub, proof: Structure}, true
}

// cutOff returns an RSA or DSA key of which a part is missing or changed. It still has to
// begin as one, and to hold as much as tells it from a placeholder.
func cutOff(der []byte) (sshKey, bool) {
	const least = 300
	size, head := 0, 0
	if len(der) < least || der[0] != 0x30 || der[1] != 0x82 {
		return sshKey{}, false
	}
	size, head = int(der[2])<<8|int(der[3]), 4
	version := []byte{2, 1, 0, 2} // the number 0, and the start of another
	if !slices.Equal(der[head:head+len(version)], version) || len(der) < size/2 || filled(der[head:least]) {
		return sshKey{}, false
	}
	return sshKey{proof: Layout}, true
}

// readSEC1 reads an ECDSA key (RFC 5915, 2010).
func readSEC1(der []byte) (sshKey, bool) {
	key, err := x509.ParseECPrivateKey(der)
	if err != nil {
		return sshKey{}, false
	}
	return ecKey(key, der)
}

// ecKey returns key, which is written in der. Go computes its public point and does not
// look at the one in the file.
func ecKey(key *ecdsa.PrivateKey, der []byte) (sshKey, bool) {
	var k struct {
		Version    int
		PrivateKey []byte
		Curve      asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
		PublicKey  asn1.BitString        `asn1:"optional,explicit,tag:1"`
	}
	if _, err := asn1.Unmarshal(der, &k); err != nil {
		return sshKey{}, false
	}
	// Go skips what it does not know at the end, such as a public point that was changed.
	if whole, err := asn1.Marshal(k); err != nil || !bytes.Equal(whole, der) {
		return sshKey{}, false
	}
	names := map[string]string{"P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521"}
	d, err := key.Bytes()
	if err != nil {
		return sshKey{}, false
	}
	point := k.PublicKey.Bytes
	if len(point) == 0 || point[0] != 4 {
		point = nil // there is none, or it is compressed
	}
	pub, ok := ecPublic(names[key.Params().Name], d, point)
	return sshKey{public: pub, proof: Structure}, ok
}

// readDSA reads a DSA key in the form that OpenSSL gave it.
func readDSA(der []byte) (sshKey, bool) {
	k, err := ssh.ParseDSAPrivateKey(der)
	if err != nil {
		return cutOff(der)
	}
	pub, ok := dsaPublic(k.P, k.Q, k.G, k.Y, k.X)
	if !ok {
		return cutOff(der)
	}
	return sshKey{public: pub, proof: Structure}, true
}

// readPKCS8 reads a key of any kind (RFC 5958, 2010).
func readPKCS8(der []byte) (sshKey, bool) {
	var info struct {
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		PrivateKey []byte
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return cutOff8(der)
	}
	if info.Algorithm.Algorithm.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}) {
		return readPKCS1(info.PrivateKey) // which Go's own reader would do at greater cost
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return sshKey{}, false
	}
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		return ecKey(key, info.PrivateKey)
	case ed25519.PrivateKey:
		pub, ok := edPublic(key.Seed(), nil)
		return sshKey{public: pub, proof: Structure}, ok
	}
	return sshKey{}, false
}

// cutOff8 is cutOff for an RSA key in PKCS#8.
func cutOff8(der []byte) (sshKey, bool) {
	const head = 26 // of all RSA keys from 1024 bits on
	if len(der) <= head {
		return sshKey{}, false
	}
	return cutOff(der[head:])
}

// readLocked8 reads a key in PKCS#8 that a passphrase protects. It tells nothing of what
// kind of key that is.
func readLocked8(der []byte) (sshKey, bool) {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	const least = 48 // an Ed25519 key, in whole blocks
	rest, err := asn1.Unmarshal(der, &info)
	if err != nil || len(rest) > 0 || len(info.Data) < least || len(info.Data)%8 != 0 {
		return sshKey{}, false
	}
	for _, arc := range []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 5}, {1, 2, 840, 113549, 1, 12, 1}} {
		if id := info.Algorithm.Algorithm; len(id) > len(arc) && id[:len(arc)].Equal(arc) {
			return sshKey{proof: Structure, locked: true}, true
		}
	}
	return sshKey{}, false
}
