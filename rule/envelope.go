package rule

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"strings"
)

// An envelope is the form that Atlassian's longest credentials share: four letters, the
// base64url form of a tag of 6 bytes and 128 random ones, which ends in one '=', and a
// checksum of all that. It was worked out from public samples, 2026-11-23: 13 of ATATT3
// and ATCTT3, all with this form, and not one without.
type envelope struct {
	letters string // "ATAT"
	tag     string // "O|E|at"
}

const (
	envelopeBody = 183 // characters before the '='; they hold all there is to know
	envelopeLen  = envelopeBody + 1 + 8
	envelopeHead = 12 // characters that are the same in every credential of a kind
)

// envelopeLast are the characters that can precede the '=': the only ones whose last two
// bits, which encode nothing, are zero.
const envelopeLast = "AEIMQUYcgkosw048"

// head returns the characters with which each credential of the kind begins.
func (e envelope) head() string {
	return e.letters + base64.URLEncoding.EncodeToString([]byte(e.tag))
}

func (e envelope) mint(r *rand.Rand) string {
	b := make([]byte, len(e.tag)+128)
	for i := copy(b, e.tag); i < len(b); i++ {
		b[i] = byte(r.Uint32())
	}
	return withSum(e.letters + base64.URLEncoding.EncodeToString(b))
}

// match reads the credential whose anchor is at text[at]. The text is taken as it is,
// and where an '=' stands in the way also as quoted-printable: only the checksum can tell
// "=3D5E…" from "=5E…".
func (e envelope) match(text []byte, at int) (Match, bool) {
	var t token
	t.begin(text, at, e.letters+"T3", false)
	m, ok := e.read(&t)
	if ok && m.Proof == Checksum || !t.mailLike() {
		return m, ok
	}
	t = token{}
	t.begin(text, at, e.letters+"T3", true)
	if mail, ok := e.read(&t); ok {
		return mail, true
	}
	return m, ok
}

// read reads an envelope from after its anchor on.
func (e envelope) read(t *token) (Match, bool) {
	t.take(envelopeBody-t.n, inBase64URL)
	if t.n == envelopeBody && !t.follows('=') {
		return e.severed(t)
	}
	if !t.takeOne('=') {
		return Match{}, false
	}
	body := t.n - 1
	t.take(8, isAlnum)
	switch tail := t.n - body - 1; {
	case tail == 8 && checked(t.chars()):
		return t.match(Checksum), true
	case body != envelopeBody:
		return Match{}, false
	case tail == 8:
		return t.layout(envelopeHead, envelopeBody)
	default:
		return e.cut(t, tail)
	}
}

// severed decides about 183 characters that no '=' follows.
func (e envelope) severed(t *token) (Match, bool) {
	var whole [envelopeBody + 1]byte
	copy(whole[:], t.chars())
	whole[envelopeBody] = '='
	sum := checksum(whole[:])
	if t.takeChanged(sum[:]) {
		return t.layout(envelopeHead, envelopeBody)
	}
	if !t.closes() {
		// Longer than any that is known. Its checksum can still prove it.
		t.take(maxToken, inBase64URL)
		if t.takeOne('=') && t.take(8, isAlnum) == 8 && checked(t.chars()) {
			return t.match(Checksum), true
		}
		return Match{}, false
	}
	// The checksum may be there behind a separator that was spelled and then changed.
	if near := t.text[t.end:min(len(t.text), t.end+len(sum)+8)]; bytes.Contains(near, sum[:]) {
		return t.layout(envelopeHead, envelopeBody)
	}
	return e.structure(t)
}

// cut decides about 183 characters, '=' and fewer than eight characters of a checksum.
// All that is missing can be computed, so the credential is as good as whole.
func (e envelope) cut(t *token, tail int) (Match, bool) {
	sum := checksum(t.buf[:envelopeBody+1])
	if !bytes.Equal(t.buf[envelopeBody+1:t.n], sum[:tail]) || t.takeChanged(sum[tail+1:]) {
		return t.layout(envelopeHead, envelopeBody)
	}
	return e.structure(t)
}

// structure returns the token as proven by its inner form, if it has that.
func (e envelope) structure(t *token) (Match, bool) {
	last := t.buf[envelopeBody-1]
	if string(t.buf[:envelopeHead]) != e.head() || strings.IndexByte(envelopeLast, last) < 0 || filled(t.buf[envelopeHead:envelopeBody]) {
		return Match{}, false
	}
	return t.match(Structure), true
}
