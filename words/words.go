// Package words makes short texts for people.
package words

import (
	"fmt"
	"unicode/utf8"
)

// Cut returns as many characters of s, from its beginning, as limit bytes hold. What is no
// UTF-8 has none, and is cut anywhere.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for n := limit; n >= 0 && n > limit-utf8.UTFMax; n-- {
		if utf8.RuneStart(s[n]) {
			return s[:n]
		}
	}
	return s[:limit]
}

// Rest says that s, of which head was shown, has more: "…(12 bytes more)", or "" where it
// has not.
func Rest(s, head string) string {
	if len(head) == len(s) {
		return ""
	}
	return fmt.Sprintf("…(%d bytes more)", len(s)-len(head))
}

// Count says how many there are of what has a plural with an s: "1 key", "2 keys".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
