package rule

import "bytes"

// The random part of a credential is told from what people write in its place. Both
// functions are for texts whose checksum proves nothing: what has a right checksum is no
// placeholder.

// filled reports whether body is too uniform to be random: too few distinct characters
// for its length, or eight times the same character. Of random bodies of the kinds here
// less than one in 10^9 is.
func filled(body []byte) bool {
	var seen [256]bool
	distinct, run := 0, 0
	for i, c := range body {
		if !seen[c] {
			seen[c] = true
			distinct++
		}
		if run++; i == 0 || c != body[i-1] {
			run = 1
		}
		if run == 8 {
			return true
		}
	}
	return distinct < min(20, (len(body)+1)*2/5)
}

// invented reports whether body looks as if a person had typed it: filled, or with five
// times the same letter, six characters in alphabetical order, or a word. Of
// random bodies less than one in a thousand is, so this decides about notes only.
func invented(body []byte) bool {
	if filled(body) {
		return true
	}
	var low [maxToken]byte
	n := copy(low[:], body)
	same, up, down := 0, 0, 0
	for i := range low[:n] {
		low[i] = lower(low[i])
		if i == 0 {
			continue
		}
		same = count(same, low[i] == low[i-1])
		up = count(up, low[i] == low[i-1]+1)
		down = count(down, low[i] == low[i-1]-1)
		if same == 4 || up == 5 || down == 5 {
			return true
		}
	}
	for _, word := range []string{"example", "sample", "token", "secret", "password", "redacted", "placeholder", "dummy", "insert", "replace", "changeme", "bitbucket", "atlassian"} {
		if bytes.Contains(low[:n], []byte(word)) {
			return true
		}
	}
	return false
}

// count adds one to n where more is true and starts again where it is not.
func count(n int, more bool) int {
	if more {
		return n + 1
	}
	return 0
}

// mixed reports whether body holds digits and letters of both cases, as random text of
// some length does and names do not.
func mixed(body []byte) bool {
	var digit, upper, lower bool
	for _, c := range body {
		digit, upper, lower = digit || isDigit(c), upper || isUpper(c), lower || isLower(c)
	}
	return digit && upper && lower
}
