package rule

import "bytes"

// A File is what is known of the file that a Match is in, for the kinds whose credentials
// open more than Bitbucket: there the file decides what a find is worth.
type File struct {
	Path   string // slash-separated; in an archive, that of the file in it
	Before string // the text before the Match, at most Near bytes; before the encoded text of one that is encoded
	Ties   Ties   // of all of the file
}

// Near is how many bytes before a Match its File has.
const Near = 512

// Ties are what a file says that connects it with Bitbucket, or with something else.
type Ties uint8

// Each of these may be in a file or not.
const (
	mentioned Ties = 1 << iota // names bitbucket.org
	reached                    // goes there through SSH, or to a server of one's own
	certified                  // holds a certificate or the account of another service
	pointed                    // is named by a file beside it as the key for Bitbucket
)

// TiesIn returns the ties that are in a text. Those of a text in pieces which overlap by
// 300 bytes are the pieces' joined by |.
func TiesIn(text []byte) Ties {
	var t Ties
	const host, port, before = "bitbucket.org", ":7999", 300
	for at := 0; t&reached == 0; at += len(host) {
		i := bytes.Index(text[at:], []byte(host))
		if i < 0 {
			break
		}
		at += i
		t |= mentioned
		if overSSH(text[max(0, at-before):at], text[at+len(host):]) {
			t |= reached
		}
	}
	// A server of one's own listens for SSH at port 7999 unless told otherwise
	// (Bitbucket Data Center's documentation of server.ssh.port, 2026-11).
	for at := 0; t&reached == 0; at += len(port) {
		i := bytes.Index(text[at:], []byte(port))
		if i < 0 {
			break
		}
		at += i
		word := text[max(0, at-before):at]
		word = word[bytes.LastIndexAny(word, " \t\r\n\"'`<>=(")+1:]
		if bytes.HasPrefix(word, []byte("ssh://")) {
			t |= reached
		}
	}
	for _, other := range [...]string{"BEGIN CERTIFICATE", "BEGIN TRUSTED CERTIFICATE", "client_x509_cert_url", "client-certificate-data"} {
		if bytes.Contains(text, []byte(other)) {
			t |= certified
		}
	}
	return t
}

// overSSH reports whether the name of Bitbucket's host, which stands between the two
// texts, is one that SSH is given: of a user of its own, or without a path behind it.
func overSSH(before, after []byte) bool {
	if bytes.HasSuffix(before, []byte("git@")) || bytes.HasSuffix(before, []byte("@altssh.")) || bytes.HasSuffix(before, []byte(" altssh.")) {
		return true
	}
	if n := len(before); n > 0 && bytes.IndexByte([]byte(" \t\n\"'=,["), before[n-1]) < 0 {
		return false
	}
	return len(after) == 0 || after[0] != '/' && after[0] != '.' && after[0] != '-' && !isAlnum(after[0])
}
