package rule

import (
	"bytes"
	"math/big"
	"slices"

	"golang.org/x/crypto/ssh"
)

// A sshKey is what a key file told.
type sshKey struct {
	public ssh.PublicKey // nil where the file does not tell it
	proof  Proof         // Layout where it is damaged or cut off
	locked bool          // a passphrase protects it
	login  bool          // its form is SSH's alone, so that it is no certificate's key
}

// opensshMagic begins a key in OpenSSH's own form (PROTOCOL.key of OpenSSH, 2026-11).
const opensshMagic = "openssh-key-v1\x00"

// readOpenSSH reads a key in OpenSSH's own form. Its public half is in the clear, whether
// there is a passphrase or not.
func readOpenSSH(b []byte) (k sshKey, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte(opensshMagic))
	if !ok {
		return k, false
	}
	var head struct {
		Cipher, KDF, Options string
		Keys                 uint32
		Public               []byte
		Rest                 []byte `ssh:"rest"`
	}
	if ssh.Unmarshal(b, &head) != nil || head.Keys != 1 {
		return k, false
	}
	pub, ok := readPublic(head.Public)
	if !ok {
		return k, false
	}
	k = sshKey{public: pub, proof: Layout, locked: head.Cipher != "none", login: true}
	var body struct {
		Private []byte
		Tag     []byte `ssh:"rest"`
	}
	if ssh.Unmarshal(head.Rest, &body) != nil {
		return k, true
	}
	switch {
	case k.locked:
		if head.KDF == "bcrypt" && opensshCipher(head.Cipher, len(body.Private), len(body.Tag)) {
			k.proof = Structure
		}
	case head.KDF == "none" && len(body.Tag) == 0:
		if own, ok := opensshPrivate(body.Private); ok && samePublic(own, pub) {
			k.proof = Structure
		}
	}
	return k, true
}

// opensshCipher reports whether a cipher is one that OpenSSH locks keys with (cipher.c,
// 2026-11), and its output may be this long.
func opensshCipher(name string, size, tag int) bool {
	switch name {
	case "aes128-ctr", "aes192-ctr", "aes256-ctr", "aes128-cbc", "aes192-cbc", "aes256-cbc", "rijndael-cbc@lysator.liu.se":
		return tag == 0 && size%16 == 0
	case "aes128-gcm@openssh.com", "aes256-gcm@openssh.com":
		return tag == 16 && size%16 == 0
	case "chacha20-poly1305@openssh.com":
		return tag == 16 && size%8 == 0
	case "3des-cbc":
		return tag == 0 && size%8 == 0
	}
	return false
}

// opensshPrivate reads the part of a key in OpenSSH's form that a passphrase protects, of
// a key that has none, and returns its public half.
func opensshPrivate(b []byte) (ssh.PublicKey, bool) {
	var head struct {
		Check1, Check2 uint32
		Name           string
		Rest           []byte `ssh:"rest"`
	}
	const block = 8
	if len(b)%block != 0 || ssh.Unmarshal(b, &head) != nil || head.Check1 != head.Check2 {
		return nil, false
	}
	pub, rest, ok := opensshNumbers(head.Name, head.Rest)
	if !ok {
		return nil, false
	}
	var end struct {
		Comment string
		Padding []byte `ssh:"rest"`
	}
	if ssh.Unmarshal(rest, &end) != nil || len(end.Padding) >= block {
		return nil, false
	}
	for i, c := range end.Padding {
		if int(c) != i+1 {
			return nil, false
		}
	}
	return pub, true
}

// opensshNumbers reads the numbers of a key of a kind, and returns its public half and
// what follows them.
func opensshNumbers(name string, b []byte) (pub ssh.PublicKey, rest []byte, ok bool) {
	switch name {
	case ssh.KeyAlgoRSA:
		var k struct {
			N, E, D, QInv, P, Q *big.Int
			Rest                []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(b, &k) != nil {
			return nil, nil, false
		}
		pub, ok = rsaKey{n: k.N, e: k.E, d: k.D, p: k.P, q: k.Q, qinv: k.QInv}.public()
		return pub, k.Rest, ok
	case ssh.KeyAlgoED25519:
		var k struct {
			Public, Private []byte
			Rest            []byte `ssh:"rest"`
		}
		const seed = 32
		if ssh.Unmarshal(b, &k) != nil || len(k.Private) != 2*seed || !bytes.Equal(k.Private[seed:], k.Public) {
			return nil, nil, false
		}
		pub, ok = edPublic(k.Private[:seed], k.Public)
		return pub, k.Rest, ok
	case ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521:
		var k struct {
			Curve string
			Point []byte
			D     *big.Int
			Rest  []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(b, &k) != nil || k.D.Sign() <= 0 {
			return nil, nil, false
		}
		pub, ok = ecPublic(k.Curve, k.D.Bytes(), k.Point)
		return pub, k.Rest, ok && pub.Type() == name
	case algoDSA:
		var k struct {
			P, Q, G, Y, X *big.Int
			Rest          []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(b, &k) != nil {
			return nil, nil, false
		}
		pub, ok = dsaPublic(k.P, k.Q, k.G, k.Y, k.X)
		return pub, k.Rest, ok
	}
	return nil, nil, false
}

// readSSH2 reads a key in the form of ssh.com's programs, as OpenSSH does when it imports
// one (do_convert_private_ssh2 of its ssh-keygen.c, 2026-11).
func readSSH2(b []byte) (k sshKey, ok bool) {
	const magic = 0x3f6ff9eb
	var head struct {
		Magic, Size  uint32
		Kind, Cipher string
		Body         []byte
		Rest         []byte `ssh:"rest"`
	}
	if ssh.Unmarshal(b, &head) != nil || head.Magic != magic || len(head.Rest) > 0 {
		return k, false
	}
	rsa, dsa := bytes.HasPrefix([]byte(head.Kind), []byte("if-modn{")), bytes.HasPrefix([]byte(head.Kind), []byte("dl-modp{"))
	const least = 64
	if int64(head.Size) != int64(len(b)) || !rsa && !dsa || len(head.Body) < least {
		return k, false
	}
	k = sshKey{proof: Structure, login: true}
	if head.Cipher != "none" {
		k.locked = true
		return k, slices.Contains([]string{"3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc"}, head.Cipher)
	}
	body := head.Body
	if len(body) >= 4 && int(body[0])<<24|int(body[1])<<16|int(body[2])<<8|int(body[3]) == len(body)-4 {
		body = body[4:] // its own length, which not every version writes
	}
	if rsa {
		v, ok := ssh2Numbers(body, 6)
		if !ok {
			return k, false
		}
		k.public, ok = rsaKey{e: v[0], d: v[1], n: v[2], p: v[5], q: v[4]}.public()
		return k, ok
	}
	if len(body) < 4 || body[0]|body[1]|body[2]|body[3] != 0 {
		return k, false // parameters that are not in the file
	}
	v, ok := ssh2Numbers(body[4:], 5)
	if !ok {
		return k, false
	}
	k.public, ok = dsaPublic(v[0], v[2], v[1], v[3], v[4])
	return k, ok
}

// ssh2Numbers reads n numbers of which each follows its length in bits.
func ssh2Numbers(b []byte, n int) ([]*big.Int, bool) {
	var all []*big.Int
	for range n {
		if len(b) < 4 {
			return nil, false
		}
		bits := uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])
		size := (bits + 7) / 8
		if b = b[4:]; size > uint64(len(b)) {
			return nil, false
		}
		all = append(all, new(big.Int).SetBytes(b[:size]))
		b = b[size:]
	}
	return all, true
}
