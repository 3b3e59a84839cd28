package report

import (
	"bytes"
	"encoding/base64"
	"errors"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/scan"
)

// guard is the last look at what is about to leave the process: an error if any
// credential is in it, plain or in an encoding. Whatever it refuses is a fault of this
// program, so the bytes are not written rather than mended.
func guard(content []byte, rep *scan.Report) error {
	if hits := finder().Find(content); len(hits) > 0 {
		return refusal(hits[0].Secret.String())
	}
	texts := []string{string(content)}
	size := len(content)
	for _, run := range base64Runs(content, minRun) {
		if hits := encoded(run); len(hits) > 0 {
			return refusal(hits[0].Secret.String())
		}
		for _, text := range decodings(run) {
			texts, size = append(texts, string(text)), size+len(text)
		}
	}
	// Every kind is found above by its own look. This asks for the very credentials of
	// the report, so it stays right for a kind that has no look of its own; a report
	// with so many that it would take long is one that somebody made for that.
	seen := map[string]bool{}
	all := rep.All()
	for i := range all {
		f := &all[i]
		// What people choose may be a word of the report, which would never be written.
		if f.Rule.Weak {
			continue
		}
		if name := f.Fingerprint(); seen[name] {
			continue
		} else if seen[name] = true; len(seen)*size > maxGuardWork {
			break
		}
		for _, text := range texts {
			if f.Match.Secret.In(text) {
				return refusal(f.Match.Secret.String())
			}
		}
	}
	return nil
}

// maxGuardWork bounds the bytes that guard compares, to about a second's work.
const maxGuardWork = 4 << 30

func refusal(redacted string) error {
	return fault.New(fault.ReportRefused, "%w %s in full, so nothing was written; this is a fault of bbkeys, please report it", errRefused, redacted)
}

// errRefused begins every error of guard.
var errRefused = errors.New("it would hold the credential")

// minRun is the shortest text in base64 that is looked into: shorter than that of any
// credential.
const minRun = 32

// base64Runs returns every stretch of content that could be base64 of either alphabet, at
// least so long.
func base64Runs(content []byte, least int) [][]byte {
	var runs [][]byte
	start := -1
	for i, c := range append(content[:len(content):len(content)], 0) {
		inside := c == '+' || c == '/' || c == '-' || c == '_' ||
			c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			if i-start >= least && !isHex(content[start:i]) {
				runs = append(runs, content[start:i])
			}
			start = -1
		}
	}
	return runs
}

// isHex reports whether run is a name of a commit or a fingerprint, of which a report is full.
func isHex(run []byte) bool {
	return len(bytes.Trim(run, "0123456789abcdef")) == 0
}

// encoded returns the credentials that run holds in base64.
func encoded(run []byte) []scan.Hit {
	for _, text := range decodings(run) {
		if hits := finder().Find(text); len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// decodings returns what run says if its base64 began at any of its first four characters.
func decodings(run []byte) [][]byte {
	std := make([]byte, len(run))
	for i, c := range run {
		switch c {
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		std[i] = c
	}
	var out [][]byte
	for from := range 4 {
		part := std[from:]
		if len(part)%4 == 1 { // no byte ends so
			part = part[:len(part)-1]
		}
		text := make([]byte, base64.RawStdEncoding.DecodedLen(len(part)))
		if _, err := base64.RawStdEncoding.Decode(text, part); err == nil {
			out = append(out, text)
		}
	}
	return out
}
