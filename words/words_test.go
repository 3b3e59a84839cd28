package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/words"
)

// What is cut is the longest beginning of whole characters that the limit has room for.
func TestCut(t *testing.T) {
	for _, s := range []string{"", "a", "abc", "aé", "日本語", "a\xff\xfeb", "é\u0301😀x"} {
		for limit := range len(s) + 3 {
			got := words.Cut(s, limit)
			if !strings.HasPrefix(s, got) || len(got) > limit || utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("of %q, %d bytes: %q", s, limit, got)
			}
			if _, n := utf8.DecodeRuneInString(s[len(got):]); n > 0 && len(got)+n <= limit {
				t.Errorf("of %q, %d bytes: %q, and there is room for more", s, limit, got)
			}
		}
	}
}

func TestRest(t *testing.T) {
	for _, c := range []struct{ s, head, want string }{{"", "", ""}, {"ab", "ab", ""}, {"abé", "ab", "…(2 bytes more)"}} {
		if got := words.Rest(c.s, c.head); got != c.want {
			t.Errorf("%q of %q: %q", c.head, c.s, got)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range []string{"0 keys", "1 key", "2 keys"} {
		if got := words.Count(n, "key"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
