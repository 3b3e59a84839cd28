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
	head string // "ATATT3xFfGF0": the letters and the base64url form of the tag
}

// anchor returns as much of the head as a text is searched for: without what tells one
// kind of tag from another.
func (e envelope) anchor() string { return e.head[:6] }

const (
	envelopeBody = 183 // characters before the '='; they hold all there is to know
)

// envelopeLast are the characters that can precede the '=': the only ones whose last two
// bits, which encode nothing, are zero.
const envelopeLast = "AEIMQUYcgkosw048"

// mint makes a worthless credential.
func (e envelope) mint(r *rand.Rand) string {
	const letters, tag, random = 4, 6, 128
	b := make([]byte, tag+random)
	// The head was written by hand: it decodes.
	_, _ = base64.URLEncoding.Decode(b, []byte(e.head[letters:]))
	for i := tag; i < len(b); i++ {
		b[i] = byte(r.Uint32())
	}
	return withSum(e.head[:letters] + base64.URLEncoding.EncodeToString(b))
}

// match reads the credential whose anchor is at text[at].
func (e envelope) match(text []byte, at int) (Match, bool) {
	var t token
	if !t.begin(text, at, e.anchor()) {
		return Match{}, false
	}
	m, ok := e.read(&t)
	if t.again(m) {
		// Where the two readings differ, and neither proves by checksum, the lesser holds:
		// else a changed checksum could pass for one that was cut off.
		if mail, mailOK := e.read(&t); mailOK && (m.Proof == 0 || mail.Proof == Checksum || mail.Proof < m.Proof) {
			return mail, true
		}
	}
	return m, ok
}

// read reads an envelope from after its anchor on.
func (e envelope) read(t *token) (Match, bool) {
	if t.take(envelopeBody-t.n, &base64URL); t.n == envelopeBody {
		return e.tail(t)
	}
	return e.other(t)
}

// tail reads what follows the 183 characters that hold all there is to know. A right
// checksum proves them. Without it they are as good as whole where it was cut off, since
// it can be computed, and a look-alike where it was changed.
func (e envelope) tail(t *token) (Match, bool) {
	var whole [envelopeBody + 1 + 8]byte
	copy(whole[:], t.chars())
	whole[envelopeBody] = '='
	sum := checksum(whole[:envelopeBody+1])
	copy(whole[envelopeBody+1:], sum[:])

	plain := *t
	n := 0
	separated := t.takeOne('=')
	spelled := *t
	if separated {
		n = t.take(len(sum), &alnum)
	}
	got := t.buf[t.n-n : t.n]
	switch {
	case bytes.Equal(got, sum[:]):
		return t.match(Checksum), true
	case plain.takeNear(whole[envelopeBody:]):
		return plain.layout(len(e.head), envelopeBody)
	case separated && spelled.takeNear(sum[:]):
		return spelled.layout(len(e.head), envelopeBody)
	case !separated && !t.closes():
		t.take(maxToken, &base64URL)
		return e.other(t)
	case n == len(sum) || !bytes.HasPrefix(sum[:], got), separated && t.takeChanged(sum[n+1:]), t.takeChanged(sum[n:]), t.sumBehind():
		return t.layout(len(e.head), envelopeBody)
	}
	return e.structure(t)
}

// other decides about a body that is shorter or longer than any that is known: only its
// checksum can prove it.
func (e envelope) other(t *token) (Match, bool) {
	if t.takeOne('=') && t.take(8, &alnum) == 8 && checked(t.chars()) {
		return t.match(Checksum), true
	}
	return Match{}, false
}

// structure returns the token as proven by its inner form, if it has that.
func (e envelope) structure(t *token) (Match, bool) {
	last := t.buf[envelopeBody-1]
	if string(t.buf[:len(e.head)]) != e.head || strings.IndexByte(envelopeLast, last) < 0 ||
		filled(t.buf[len(e.head):envelopeBody]) {
		return Match{}, false
	}
	return t.match(Structure), true
}
