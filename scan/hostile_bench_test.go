package scan

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// hostileTexts are made of nothing but what makes rules look around: each is the worst
// that one sort of carrier can cost.
func hostileTexts() map[string]string {
	return map[string]string{
		"names":      "BITBUCKET_PASSWORD=a ",
		"named":      "BITBUCKET_PASSWORD=aB3!xyzw\n",
		"bare":       "bitbucket",
		"bare lines": "bitbucket\n",
		"lists":      "bitbucket: [bitbucket, ",
		"blocks":     "bitbucket:\n token: x\n",
		"objects":    `{"host":"bitbucket.org","token":"x",`,
		"flat":       `"host":"bitbucket.org",`,
		"sections":   "[bitbucket]\ntoken=x\n",
		"hosts":      "https://bitbucket.org/ ",
		"curls":      `curl -u x https://bitbucket.org \` + "\n",
		"users":      "https://a:b@bitbucket.org ",
		"ats":        "a@b",
		"netrc":      "machine bitbucket.org login x ",
		"headers":    "Authorization: Basic bitbucket.org ",
		"secrets":    "kind: Secret\ndata:\n bitbucket: ",
		"servers":    "<server><id>bitbucket</id>",
		"stashes":    "stash:\n host: stash\n",
		"yaml":       "- host: bitbucket.org\n",
	}
}

// BenchmarkHostile measures a search of texts made to be slow.
func BenchmarkHostile(b *testing.B) {
	f := NewFinder(rule.All())
	for name, unit := range hostileTexts() {
		text := []byte(strings.Repeat(unit, 1<<18/len(unit)))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				f.Find(text)
			}
		})
	}
}
