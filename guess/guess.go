// Package guess says what a misspelt word was meant to be.
package guess

import "strings"

// Of returns the one of words that word was probably meant to be, or "" where none is near.
// Case counts for nothing, and neither does a hyphen against an underscore. A word that one
// of words begins with, up to a hyphen, is near too, and so is one that goes on behind one.
func Of(word string, words []string) string {
	word = plain(word)
	best, least := "", len(word)
	if least < shortest {
		return ""
	}
	for _, w := range words {
		far := apart(word, plain(w))
		if far <= 1+len(w)/6 && far < least {
			best, least = w, far
		}
	}
	if best != "" {
		return best
	}
	for _, w := range words {
		if part(word, plain(w)) && (best == "" || len(w) > len(best)) {
			best = w
		}
	}
	return best
}

// shortest is how long a word is that could be another one's slip of the fingers.
const shortest = 2

// Question returns the question whether that is what was meant, to begin a hint with, or ""
// where what was meant is not known.
func Question(meant string) string {
	if meant == "" {
		return ""
	}
	return "did you mean " + meant + "? "
}

// plain is a word as it is compared.
func plain(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }

// part reports whether one of two words is the other and more behind a hyphen.
func part(a, b string) bool {
	return a != "" && (strings.HasPrefix(b, a+"-") || strings.HasPrefix(a, b+"-"))
}

// slack is how much longer than another a word can be that is near it.
const slack = 3

// apart returns how many characters are to be changed, added or left out to get from one
// word to the other; more than a few are as good as many.
func apart(a, b string) int {
	if len(a) > len(b)+slack || len(b) > len(a)+slack {
		return len(a) + len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
