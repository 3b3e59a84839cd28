package report

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// finder knows every kind of credential.
var finder = sync.OnceValue(func() *scan.Finder { return scan.NewFinder(rule.All()) })

// Redact returns s with each credential in it in its redacted form, and without each
// stretch of base64 that holds one. Paths, branch names and errors come from the scanned
// repository and may hold one as files do.
func Redact(s string) string {
	s = redactPlain(s)
	for _, run := range base64Runs([]byte(s), minRun) {
		if len(encoded(run)) > 0 {
			s = strings.Replace(s, string(run), fmt.Sprintf("…(%d)", len(run)), 1)
		}
	}
	return s
}

func redactPlain(s string) string {
	hits := finder().Find([]byte(s))
	if len(hits) == 0 {
		return s
	}
	var out strings.Builder
	done := 0
	for _, h := range hits {
		if h.Lo >= done {
			out.WriteString(s[done:h.Lo])
			out.WriteString(h.Secret.String())
		}
		done = max(done, h.Hi)
	}
	out.WriteString(s[done:])
	return out.String()
}

// maxClean is how many bytes of one text Clean shows: more than any path that a file
// system can hold.
const maxClean = 4096

// Clean returns foreign text in a form that is safe on a terminal and in the log of any
// CI: one line, nothing that moves the cursor or turns the direction of writing, nothing
// that a CI takes for a command, and no credential. Harmless text comes back as it is,
// any other in Go's quotes.
func Clean(s string) string {
	s = Redact(s)
	head := words.Cut(s, maxClean)
	tail := words.Rest(s, head)
	if harmless(head) {
		return head + tail
	}
	// Neither "##[" nor "##vso[" nor "##teamcity[" is left, wherever in a line it is looked for.
	return strings.ReplaceAll(strconv.Quote(head), "##", `#\x23`) + tail
}

func harmless(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "##") || !utf8.ValidString(s) {
		return false
	}
	// GitHub reads "::" at the start of a line as a command, and Buildkite folds the log
	// at the others. What starts like a quoted text would be taken for one.
	for _, start := range []string{"::", "---", "+++", "~~~", "^^^", `"`} {
		if strings.HasPrefix(s, start) {
			return false
		}
	}
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}
