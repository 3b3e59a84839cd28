package rule

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"math/big"
	"slices"

	"golang.org/x/crypto/ssh"
)

// algoDSA is the name of DSA keys (RFC 4253, section 6.6, 2006). Bitbucket refuses new
// ones, but old ones leak like any other.
const algoDSA = "ssh-dss"

// The functions here tell whether the numbers of a private key belong together, and
// return its public half as SSH writes it. They are what tells a key from a text that
// looks like one, and cheap whatever the numbers are: of a hostile key nothing above 1024
// bits is raised to a power, and no passphrase is ever tried.

const (
	leastRSA = 1024  // bits that OpenSSH takes at least (sshkey.h, 2026-11)
	mostRSA  = 16384 // and at most
)

// publicOf returns the public key that is in the parts of its wire format.
func publicOf(parts any) (ssh.PublicKey, bool) {
	pub, err := ssh.ParsePublicKey(ssh.Marshal(parts))
	return pub, err == nil
}

// An rsaKey holds the numbers of an RSA key as PKCS#1 names them (RFC 8017, section 3.2,
// 2016). Those of the Chinese remainder theorem are nil where a form has none.
type rsaKey struct{ n, e, d, p, q, dp, dq, qinv *big.Int }

// public returns the public half of a key whose numbers belong together.
func (k rsaKey) public() (ssh.PublicKey, bool) {
	one := big.NewInt(1)
	for _, x := range []*big.Int{k.n, k.e, k.d, k.p, k.q} {
		if x == nil || x.Cmp(one) <= 0 || x.BitLen() > mostRSA {
			return nil, false
		}
	}
	if k.n.BitLen() < leastRSA || new(big.Int).Mul(k.p, k.q).Cmp(k.n) != 0 {
		return nil, false
	}
	for _, half := range []struct{ prime, exponent *big.Int }{{k.p, k.dp}, {k.q, k.dq}} {
		order := new(big.Int).Sub(half.prime, one)
		d := new(big.Int).Mod(k.d, order)
		if !isOne(new(big.Int).Mul(k.e, d), order) || half.exponent != nil && d.Cmp(half.exponent) != 0 {
			return nil, false
		}
	}
	if k.qinv != nil && (k.qinv.Cmp(k.p) >= 0 || !isOne(new(big.Int).Mul(k.q, k.qinv), k.p)) {
		return nil, false
	}
	return publicOf(struct {
		Name string
		E, N *big.Int
	}{ssh.KeyAlgoRSA, k.e, k.n})
}

// isOne reports whether x modulo m, which is above zero, is 1.
func isOne(x, m *big.Int) bool { return x.Mod(x, m).Cmp(big.NewInt(1)) == 0 }

// ecPublic returns the public half of an ECDSA key on one of SSH's curves. Where the file
// tells its public point it must be the one of the scalar d.
func ecPublic(name string, d, point []byte) (ssh.PublicKey, bool) {
	var curve ecdh.Curve
	size := 0
	switch name {
	case "nistp256":
		curve, size = ecdh.P256(), 32
	case "nistp384":
		curve, size = ecdh.P384(), 48
	case "nistp521":
		curve, size = ecdh.P521(), 66
	default:
		return nil, false
	}
	d = bytes.TrimLeft(d, "\x00")
	if len(d) > size {
		return nil, false
	}
	key, err := curve.NewPrivateKey(append(make([]byte, size-len(d)), d...))
	if err != nil || point != nil && !bytes.Equal(point, key.PublicKey().Bytes()) {
		return nil, false
	}
	return publicOf(struct {
		Name, Curve string
		Point       []byte
	}{"ecdsa-sha2-" + name, name, key.PublicKey().Bytes()})
}

// edPublic returns the public half of an Ed25519 key. Where the file tells that half it
// must be the one of the seed.
func edPublic(seed, point []byte) (ssh.PublicKey, bool) {
	if len(seed) != ed25519.SeedSize {
		return nil, false
	}
	own := []byte(ed25519.NewKeyFromSeed(seed)[ed25519.SeedSize:])
	if point != nil && !bytes.Equal(point, own) {
		return nil, false
	}
	return publicOf(struct {
		Name  string
		Point []byte
	}{ssh.KeyAlgoED25519, own})
}

// dsaSizes bound the numbers of the only DSA keys that SSH knows (RFC 4253, section 6.6,
// 2006, and FIPS 186-2), in bits.
const (
	dsaP = 1024
	dsaQ = 160
)

// dsaPublic returns the public half of a DSA key.
func dsaPublic(p, q, g, y, x *big.Int) (ssh.PublicKey, bool) {
	for _, v := range []*big.Int{p, q, g, y, x} {
		if v == nil || v.Sign() <= 0 || v.BitLen() > dsaP {
			return nil, false
		}
	}
	if p.BitLen() != dsaP || q.BitLen() > dsaQ || x.Cmp(q) >= 0 || new(big.Int).Exp(g, x, p).Cmp(y) != 0 {
		return nil, false
	}
	return publicOf(struct {
		Name       string
		P, Q, G, Y *big.Int
	}{algoDSA, p, q, g, y})
}

// readPublic reads a public key, as SSH writes it, of a kind that has its private half in
// the same file: that of a security key is in the security key.
func readPublic(wire []byte) (ssh.PublicKey, bool) {
	pub, err := ssh.ParsePublicKey(wire)
	return pub, err == nil && slices.Contains([]string{
		ssh.KeyAlgoRSA, algoDSA, ssh.KeyAlgoED25519,
		ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
	}, pub.Type())
}

// samePublic reports whether two public keys are the same one.
func samePublic(a, b ssh.PublicKey) bool { return bytes.Equal(a.Marshal(), b.Marshal()) }
