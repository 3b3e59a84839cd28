package rule

import (
	"bytes"
	"hash/crc32"
	"math/rand/v2"

	"github.com/bbkeys/bbkeys/secret"
)

// Characters of credentials.
const (
	alnumChars     = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base64URLChars = alnumChars + "-_"
	upperHexChars  = "0123456789ABCDEF"
	upperChars     = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	// unambiguousChars is what Bitbucket draws random names and passwords from: letters
	// and digits without 0, 1, I, O, i, l, o. No public sample of its kinds holds another
	// character (26 samples, 602 characters, 2026-11-23).
	unambiguousChars = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
)

// An alphabet says of each byte whether it is in. None but formless holds a character that escapes.
type alphabet [256]bool

// These never change.
var (
	alnum     = alphabetOf(alnumChars)
	base64Std = alphabetOf(alnumChars + "+/")
	base64URL = alphabetOf(base64URLChars)
	upperHex  = alphabetOf(upperHexChars)

	unambiguous = alphabetOf(unambiguousChars)
	formless    = alphabetOf(base64URLChars + ".=")
)

func alphabetOf(chars string) (a alphabet) {
	for _, c := range []byte(chars) {
		a[c] = true
	}
	return a
}

// maxToken is the most characters that are read after an anchor: room for the longest
// kind, which has 192, and for a longer one of the same make.
const maxToken = 256

// A token is a credential while it is being read. It lives on the stack.
type token struct {
	reader
	buf  [maxToken]byte
	n    int // characters in buf
	lo   int // where the token begins in the text
	past int // where its anchor ends
	end  int // where the next character would begin

	deepest layers
	seen    [quotedPrintable + 1]bool
}

// begin starts a token with the anchor at text[at], and reports whether that is there.
func (t *token) begin(text []byte, at int, anchor string) bool {
	if at < 0 || at > len(text)-len(anchor) || string(text[at:at+len(anchor)]) != anchor {
		return false
	}
	t.start(text[:min(len(text), at+Reach)], at, len(anchor))
	return true
}

// start starts a token whose first n characters are text[lo:lo+n].
func (t *token) start(text []byte, lo, n int) {
	t.text, t.lo, t.past, t.end = text, lo, lo+n, lo+n
	t.n = copy(t.buf[:], text[lo:lo+n])
}

// again begins the token anew, as quoted-printable, and reports whether that is worth it:
// where the text as it is gave m, which proves nothing, and an '=' stood in the way. Only
// a proof can tell "=3D5E…" from "=5E…".
func (t *token) again(m Match) bool {
	if m.Proof == Checksum || !t.mailLike() {
		return false
	}
	text, lo, n := t.text, t.lo, t.past-t.lo
	*t = token{reader: reader{mail: true}}
	t.start(text, lo, n)
	return true
}

// take reads characters of an alphabet, at most most, and returns how many.
func (t *token) take(most int, in *alphabet) int {
	start, limit := t.n, min(t.n+most, len(t.buf))
	for t.n < limit && t.end < len(t.text) {
		c := t.text[t.end]
		if in[c] {
			t.buf[t.n] = c
			t.n++
			t.end++
			continue
		}
		if !escapes(c) {
			break
		}
		c, n, how := t.next(t.end)
		if n == 0 || !in[c] {
			break
		}
		t.push(c, n, how)
	}
	return t.n - start
}

// push adds a character that is spelled in n bytes.
func (t *token) push(c byte, n int, how layers) {
	t.buf[t.n] = c
	t.n++
	t.end += n
	if how[0] == literal {
		return
	}
	depth := how.len()
	if depth > t.deepest.len() {
		t.deepest = how
	}
	for _, s := range how[:depth] {
		t.seen[s] = true
	}
}

// takeOne reads one character if it is want.
func (t *token) takeOne(want byte) bool {
	c, n, how := t.next(t.end)
	if n == 0 || c != want || t.n == len(t.buf) {
		return false
	}
	t.push(c, n, how)
	return true
}

// takeNear reads len(want) bytes, as they are, if they differ from want in exactly one.
func (t *token) takeNear(want []byte) bool {
	if len(t.text)-t.end < len(want) || len(t.buf)-t.n < len(want) {
		return false
	}
	wrong := 0
	for i, c := range want {
		if t.text[t.end+i] != c {
			wrong++
		}
	}
	if wrong != 1 {
		return false
	}
	t.n += copy(t.buf[t.n:], t.text[t.end:t.end+len(want)])
	t.end += len(want)
	return true
}

// widest is how many bytes the spellings of one character commonly take at most.
const widest = 12

// takeChanged reads any one character and rest after it, or nothing where that is not
// there. It finds the end of a token in which one character was changed. That may have
// been one of a spelling, so that up to widest bytes stand for it.
func (t *token) takeChanged(rest []byte) bool {
	c, n, _ := t.next(t.end)
	if n == 0 {
		return false
	}
	back := *t
	for skip := 1; skip <= max(n, widest); skip++ {
		*t = back
		t.push(c, skip, layers{})
		k := 0
		for k < len(rest) && t.takeOne(rest[k]) {
			k++
		}
		if k == len(rest) {
			return true
		}
	}
	*t = back
	return false
}

// sumBehind reports whether the end of a character reference, an '=' and what may be a
// checksum follow: then the token's last character is the rest of a broken spelling.
func (t *token) sumBehind() bool {
	if t.end == len(t.text) || t.text[t.end] != '#' {
		return false
	}
	for i := range widest {
		probe := token{reader: t.reader, end: t.end + i}
		if probe.takeOne('=') && probe.take(8, &upperHex) == 8 {
			return true
		}
	}
	return false
}

// mailLike reports whether reading stopped at what may be quoted-printable: a soft line
// break, or an '=' and two hexadecimal digits, there or not far before.
func (t *token) mailLike() bool {
	if t.mail {
		return false
	}
	for i := max(t.lo, t.end-2*widest); i < len(t.text) && i <= t.end; i++ {
		if t.text[i] != '=' {
			continue
		}
		if _, n := t.hex(i+1, 2, 2, 0); n > 0 || softBreak(t.text[i:]) > 0 {
			return true
		}
	}
	return false
}

// layout returns the token as one that has the layout of its kind and no more, if it
// stands where a token may begin and nobody typed what is in buf[from:to]. Where it is
// none for that, the Match still says that it is no more.
func (t *token) layout(from, to int) (Match, bool) {
	if !opens(t.text, t.lo) || invented(t.buf[from:to]) {
		return Match{Proof: Layout}, false
	}
	return t.match(Layout), true
}

// chars returns what has been read so far.
func (t *token) chars() []byte { return t.buf[:t.n] }

// match returns the token as a Match.
func (t *token) match(p Proof) Match {
	m := Match{Lo: t.lo, Hi: t.end, Secret: secret.New(string(t.chars())), Proof: p}
	seen := t.seen
	for _, s := range t.deepest[:t.deepest.len()] {
		m.Encoding = append(m.Encoding, s.String())
		seen[s] = false
	}
	for s, also := range seen {
		if also {
			m.Encoding = append(m.Encoding, spelling(s).String())
		}
	}
	return m
}

// closes reports whether the token ends where it was read to: what follows is neither a
// letter, a digit, '-' nor '_'.
func (t *token) closes() bool {
	c, n, _ := t.next(t.end)
	return n == 0 || !base64URL[c]
}

// opens reports whether a token may begin at text[at]: what precedes it is neither a
// letter, a digit, '-' nor '_', or it is the end of an escape such as \n or %3D.
func opens(text []byte, at int) bool {
	before := text[max(0, at-6):at]
	n := len(before)
	if n == 0 || !base64URL[before[n-1]] {
		return true
	}
	hex := 0
	for hex < n && hexValue(before[n-1-hex]) >= 0 {
		hex++
	}
	switch rest := before[:n-1]; {
	case bytes.HasSuffix(rest, []byte{'\\'}):
		return bytes.IndexByte([]byte("nrtbfv0"), before[n-1]) >= 0
	case hex >= 2 && n >= 3 && (before[n-3] == '%' || before[n-3] == '='):
		return true
	case hex >= 2 && bytes.HasSuffix(before[:n-2], []byte(`\x`)):
		return true
	case hex >= 4 && n == 6 && string(before[:2]) == `\u`:
		return true
	}
	return false
}

// checksum is the checksum that ends Atlassian's credentials: CRC-32 (IEEE 802.3) of all
// the characters before it, as eight upper-case hexadecimal digits, the highest first.
// Computed on 34 public samples of six kinds, all of which agree, 2026-11-23.
func checksum(chars []byte) [8]byte {
	// Not crc32.ChecksumIEEE: that makes its argument escape, and so every token be
	// allocated that is looked at.
	sum := ^uint32(0)
	for _, c := range chars {
		sum = crc32.IEEETable[byte(sum)^c] ^ sum>>8
	}
	sum = ^sum
	var out [8]byte
	for i := range out {
		out[i] = upperHexChars[sum>>(28-4*i)&15]
	}
	return out
}

// checked reports whether chars ends with the checksum of what is before it.
func checked(chars []byte) bool {
	n := len(chars) - 8
	if n < 0 {
		return false
	}
	sum := checksum(chars[:n])
	return string(chars[n:]) == string(sum[:])
}

// sumLike reports whether tail can be taken for a checksum of which at most one digit was
// changed.
func sumLike(tail []byte) bool {
	wrong := 0
	for _, c := range tail {
		if !upperHex[c] {
			wrong++
		}
	}
	return len(tail) == 8 && wrong <= 1
}

// withSum returns s with its checksum.
func withSum(s string) string {
	sum := checksum([]byte(s))
	return s + string(sum[:])
}

// pick returns n of chars.
func pick(r *rand.Rand, chars string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = chars[r.IntN(len(chars))]
	}
	return string(b)
}
