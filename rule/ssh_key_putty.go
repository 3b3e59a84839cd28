package rule

import (
	"bytes"
	"encoding/base64"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/ssh"
)

// puttyAnchor begins a key in PuTTY's own form (appendix C of PuTTY's manual, 2026-11).
const puttyAnchor = "PuTTY-User-Key-File-"

// readPutty reads the key in PuTTY's form whose first line is at text[at].
func readPutty(text []byte, at int) (r readKey, ok bool) {
	f := flat{reader: reader{text: text}, end: at, buf: make([]byte, 0, Reach)}
	f.lines(at)
	behind := text[min(len(text), at+len(puttyAnchor)+1):] // the version
	f.plus = hasPrefix(behind, ":+") || hasPrefix(behind, "%3A+")
	if _, ok := f.until("Private-MAC:", puttyAnchor, nil); !ok {
		return r, false
	}
	p := puttyFile{fields: strings.Fields(string(f.buf)), mac: f.hex()}
	if !p.split() {
		return r, false
	}
	r.sshKey, ok = p.key()
	r.hi, r.names, r.plain = f.end, f.names(), p.plain()
	return r, ok
}

// hex reads spaces and then hexadecimal digits.
func (f *flat) hex() string {
	start := len(f.buf)
	for {
		before, n := f.end, len(f.buf)
		if !f.read() {
			break
		}
		digits := bytes.TrimLeft(f.buf[start:], " \t")
		if len(digits) > 0 && hexValue(digits[len(digits)-1]) < 0 {
			f.end, f.buf = before, f.buf[:n]
			break
		}
	}
	return strings.TrimSpace(string(f.buf[start:]))
}

// A puttyFile is the parts of a key in PuTTY's form.
type puttyFile struct {
	fields          []string
	version         string
	algorithm       string
	encryption      string
	derivation      []string
	public, private []byte
	mac             string
}

// split finds the parts in the fields: what precedes the next name, whatever stood between
// the lines.
func (p *puttyFile) split() bool {
	w := p.fields
	if len(w) < 8 || w[2] != "Encryption:" || w[4] != "Comment:" {
		return false
	}
	p.version, p.algorithm, p.encryption = w[0], w[1], w[3]
	i := slices.Index(w, "Public-Lines:")
	if i < 0 {
		return false
	}
	var ok bool
	if p.public, w, ok = puttyLines(w[i+1:]); !ok {
		return false
	}
	if i = slices.Index(w, "Private-Lines:"); i < 0 {
		return false
	}
	p.derivation = w[:i]
	p.private, w, ok = puttyLines(w[i+1:])
	size := map[string]int{puttyAnchor + "2:": 40, puttyAnchor + "3:": 64}[p.version]
	return ok && len(w) == 1 && size == len(p.mac)
}

// puttyLines reads the number of lines and then so many of base64, and returns the rest.
func puttyLines(w []string) (blob []byte, rest []string, ok bool) {
	if len(w) == 0 {
		return nil, nil, false
	}
	n, err := strconv.Atoi(w[0])
	if err != nil || n < 1 || n >= len(w) {
		return nil, nil, false
	}
	blob, err = base64.StdEncoding.DecodeString(strings.Join(w[1:n+1], ""))
	return blob, w[n+1:], err == nil
}

// key reads the numbers. The public half is in the clear, whether there is a passphrase
// or not.
func (p *puttyFile) key() (k sshKey, ok bool) {
	pub, ok := readPublic(p.public)
	if !ok || pub.Type() != p.algorithm {
		return k, false
	}
	k = sshKey{public: pub, proof: Layout, login: true}
	switch p.encryption {
	case "aes256-cbc":
		k.locked = true
		if len(p.private)%16 == 0 && len(p.private) > 0 {
			k.proof = Structure
		}
	case "none":
		if p.fits(pub) {
			k.proof = Structure
		}
	default:
		return k, false
	}
	return k, true
}

// fits reports whether the private half, which is not protected, belongs to the public.
func (p *puttyFile) fits(pub ssh.PublicKey) bool {
	var own ssh.PublicKey
	ok := false
	switch pub.Type() {
	case ssh.KeyAlgoRSA:
		var pubs struct {
			Name string
			E, N *big.Int
		}
		var k struct {
			D, P, Q, QInv *big.Int
			Rest          []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(p.public, &pubs) == nil && ssh.Unmarshal(p.private, &k) == nil {
			own, ok = rsaKey{n: pubs.N, e: pubs.E, d: k.D, p: k.P, q: k.Q, qinv: k.QInv}.public()
		}
	case algoDSA:
		var pubs struct {
			Name       string
			P, Q, G, Y *big.Int
		}
		var k struct {
			X    *big.Int
			Rest []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(p.public, &pubs) == nil && ssh.Unmarshal(p.private, &k) == nil {
			own, ok = dsaPublic(pubs.P, pubs.Q, pubs.G, pubs.Y, k.X)
		}
	default:
		var k struct {
			D    []byte
			Rest []byte `ssh:"rest"`
		}
		if ssh.Unmarshal(p.private, &k) != nil {
			return false
		}
		if pub.Type() == ssh.KeyAlgoED25519 {
			own, ok = edPublic(puttySeed(k.D), nil)
		} else {
			own, ok = ecPublic("nistp"+pub.Type()[len(pub.Type())-3:], k.D, nil)
		}
	}
	return ok && samePublic(own, pub)
}

// puttySeed returns the seed of an Ed25519 key, which PuTTY writes as a number: a zero
// byte precedes it where its highest bit is set, and its leading zeros are not written.
func puttySeed(d []byte) []byte {
	const size = 32
	if d = bytes.TrimLeft(d, "\x00"); len(d) > size {
		return nil
	}
	return append(make([]byte, size-len(d)), d...)
}

// plain returns the key as a file of its own holds it, without the comment, which is
// none of the key.
func (p *puttyFile) plain() string {
	var b strings.Builder
	b.WriteString(p.version + " " + p.algorithm + "\nEncryption: " + p.encryption + "\n")
	for _, part := range []struct {
		name string
		blob []byte
	}{{"Public-Lines: ", p.public}, {"Private-Lines: ", p.private}} {
		text := base64.StdEncoding.EncodeToString(part.blob)
		const width = 64
		b.WriteString(part.name + strconv.Itoa((len(text)+width-1)/width) + "\n")
		for len(text) > width {
			b.WriteString(text[:width] + "\n")
			text = text[width:]
		}
		b.WriteString(text + "\n")
		if part.name[1] == 'u' && len(p.derivation) > 0 {
			b.WriteString(strings.Join(p.derivation, " ") + "\n")
		}
	}
	b.WriteString("Private-MAC: " + p.mac)
	return b.String()
}
