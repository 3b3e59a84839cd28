package rule

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// A pemForm is a way to write a key between two lines that name it.
type pemForm struct {
	name string // between BEGIN and PRIVATE KEY
	dash string
	read func([]byte) (sshKey, bool)
}

// pemForms returns every form. Longer names precede those that they end in.
func pemForms() [7]pemForm {
	const dash, ssh2 = "-----", "---- "
	return [...]pemForm{
		{"OPENSSH", dash, readOpenSSH},
		{"RSA", dash, readPKCS1},
		{"EC", dash, readSEC1},
		{"DSA", dash, readDSA},
		{"SSH2 ENCRYPTED", ssh2, readSSH2},
		{"ENCRYPTED", dash, readLocked8},
		{"", dash, readPKCS8},
	}
}

// A pemHead is the line before a key.
type pemHead struct {
	pemForm
	lo, hi int // its place
	space  string
}

// spaces are how a space may be written in the line before a key.
const spaces = " |+|%20|%2520|\\u0020|&#32;"

// pemHeadAt returns the line before a key in which the word PRIVATE is text[at].
func pemHeadAt(text []byte, at int) (h pemHead, ok bool) {
	before := text[:at]
	for rest := spaces; rest != "" && !ok; {
		h.space, rest, _ = strings.Cut(rest, "|")
		before, ok = bytes.CutSuffix(before, []byte(h.space))
	}
	h.hi = at + len("PRIVATE")
	for _, s := range [...]string{h.space, "KEY"} {
		if !ok || !hasPrefix(text[h.hi:], s) {
			return h, false
		}
		h.hi += len(s)
	}
	for _, h.pemForm = range pemForms() {
		dash, gap := strings.CutSuffix(h.dash, " ")
		space := ""
		if gap {
			space = h.space
		}
		lo := h.begins(before, dash, space)
		if lo >= 0 && hasPrefix(text[h.hi:], space) && hasPrefix(text[h.hi+len(space):], dash) {
			h.lo, h.hi = lo, h.hi+len(space)+len(dash)
			return h, true
		}
	}
	return h, false
}

// begins returns where the line starts of which the words before PRIVATE KEY, but for a
// space, end b, or -1.
func (h pemHead) begins(b []byte, dash, space string) int {
	ok := true
	for name := h.name; name != "" && ok; {
		i := strings.LastIndexByte(name, ' ')
		if b, ok = bytes.CutSuffix(b, []byte(name[i+1:])); ok {
			b, ok = bytes.CutSuffix(b, []byte(h.space))
		}
		name = name[:max(0, i)]
	}
	for _, s := range [...]string{"BEGIN", space, dash} {
		if ok {
			b, ok = bytes.CutSuffix(b, []byte(s))
		}
	}
	if !ok {
		return -1
	}
	return len(b)
}

// line returns the line before a key, or behind it, as a file has it.
func (h pemHead) line(what string) string {
	words := strings.TrimPrefix(h.name+" PRIVATE KEY", " ")
	dash, gap := strings.CutSuffix(h.dash, " ")
	if gap {
		return dash + " " + what + " " + words + " " + dash
	}
	return dash + what + " " + words + dash
}

// pemChars are the characters between the lines that name a key. It never changes.
var pemChars = alphabetOf(alnumChars + "+/=-:, \t\r\n")

// A readKey is a key in a text.
type readKey struct {
	sshKey
	hi    int      // where it ends
	plain string   // how a file of its own holds it
	names []string // how the text spells it
}

// readPEM reads what follows the line before a key.
func readPEM(text []byte, h pemHead) (r readKey, ok bool) {
	f := flat{reader: reader{text: text}, end: h.hi, plus: h.space == "+", buf: make([]byte, 0, Reach)}
	f.lines(h.lo)
	in := &pemChars
	if h.name == "SSH2 ENCRYPTED" {
		in = nil // its headers hold any text
	}
	body, whole := f.until(h.line("END"), strings.TrimSpace(h.dash)+" BEGIN", in)
	var cipher string
	if fields := bytes.Fields(body); len(fields) > 4 && string(fields[0]) == "Proc-Type:" {
		if string(fields[1]) != "4,ENCRYPTED" || string(fields[2]) != "DEK-Info:" {
			return r, false
		}
		cipher = string(fields[3])
		body = bytes.Join(fields[4:], nil)
	} else if len(fields) > 0 {
		if h.name == "SSH2 ENCRYPTED" {
			fields = withoutHeaders(body)
		}
		body = bytes.Join(fields, nil)
	}
	var exact bool
	body, exact = base64Start(body)
	blob := make([]byte, base64.RawStdEncoding.DecodedLen(len(body)))
	n, _ := base64.RawStdEncoding.Decode(blob, body) // what comes before a mistake is looked at
	blob = blob[:n]
	if cipher != "" {
		r.sshKey, ok = readLockedPEM(blob, cipher)
		ok = ok && whole && exact
	} else {
		r.sshKey, ok = h.read(blob)
	}
	if !whole || !exact {
		r.proof = Layout
	}
	r.hi, r.names = f.end, f.names()
	if h.space != " " {
		r.names = append(r.names, "percent")
	}
	r.plain = h.file(cipher, string(body))
	return r, ok
}

// base64Start returns the base64 characters at the start of b without their padding, and
// whether that is all of b.
func base64Start(b []byte) (start []byte, exact bool) {
	n := 0
	for n < len(b) && base64Std[b[n]] {
		n++
	}
	pad := bytes.TrimLeft(b[n:], "=")
	start, exact = b[:n], len(pad) == 0 && len(b)-n <= 2
	if n%4 == 1 {
		return start[:n-1], false
	}
	return start, exact
}

// file returns the key as a file of its own holds it: in lines of the usual length.
func (h pemHead) file(cipher, body string) string {
	width := 64
	if h.name == "OPENSSH" || h.dash != "-----" {
		width = 70
	}
	var b strings.Builder
	b.WriteString(h.line("BEGIN") + "\n")
	if cipher != "" {
		b.WriteString("Proc-Type: 4,ENCRYPTED\nDEK-Info: " + cipher + "\n\n")
	}
	body += strings.Repeat("=", -len(body)&3)
	for len(body) > width {
		b.WriteString(body[:width] + "\n")
		body = body[width:]
	}
	b.WriteString(body + "\n" + h.line("END"))
	return b.String()
}

// withoutHeaders returns the fields of a text whose lines may be headers (RFC 4716,
// section 3.3, 2006): those have a colon, and go on in the next line after a backslash.
func withoutHeaders(body []byte) [][]byte {
	var fields [][]byte
	goesOn := false
	for line := range bytes.Lines(body) {
		line = bytes.TrimSpace(line)
		if header := goesOn || bytes.IndexByte(line, ':') >= 0; header {
			goesOn = bytes.HasSuffix(line, []byte{'\\'})
			continue
		}
		fields = append(fields, bytes.Fields(line)...)
	}
	return fields
}

// readLockedPEM reads a key that a passphrase protects the way PEM does (RFC 1421, section
// 4.6.1, 1993, as OpenSSL does it). It tells nothing of the key.
func readLockedPEM(blob []byte, info string) (sshKey, bool) {
	const least = 96 // an ECDSA key
	cipher, iv, _ := strings.Cut(info, ",")
	block := 0
	switch cipher {
	case "DES-CBC", "DES-EDE3-CBC":
		block = 8
	case "AES-128-CBC", "AES-192-CBC", "AES-256-CBC":
		block = 16
	default:
		return sshKey{}, false
	}
	for _, c := range []byte(iv) {
		if hexValue(c) < 0 {
			return sshKey{}, false
		}
	}
	ok := len(iv) == 2*block && len(blob) >= least && len(blob)%block == 0
	return sshKey{proof: Structure, locked: true}, ok
}
