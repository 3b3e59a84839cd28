package rule

import (
	"slices"
	"strings"
)

// chosen reports whether a claim's value is a password that somebody uses, and not what
// people write in its place. Where the carrier holds other things than credentials too,
// the value must look the part: a name or an expression must not pass for one.
func chosen(c *claim) bool {
	v := c.value
	if len(v) < 4 || len(v) > 128 || reference(v) || standIn(v, c) {
		return false
	}
	for _, b := range []byte(v) {
		if b <= ' ' || b == 0x7f || b == '<' || b == '>' {
			return false
		}
	}
	if c.strong && (c.own || !sampleHost(c.host)) {
		return distinct(v) >= 3
	}
	classes, marks := classesOf(v)
	switch {
	case len(v) < 6 || distinct(v) < 5 || classes < 2:
		return false
	case c.bare && marks == 0:
		// A name with a digit, such as a variable's, is built alike.
		return len(v) >= 8 && isRandom(v) || allCaps(c.key) && hasDigit(v)
	}
	return hasDigit(v) || marks > 0 && !pathLike(v) || isRandom(v)
}

// reference reports whether a value says where the credential is, rather than what.
func reference(v string) bool {
	if v == "" {
		return true
	}
	low := strings.ToLower(v)
	for _, mark := range []string{
		"${", "$(", "{{", "}}", "<%", "%>", "#{", "%(", "://", "...", "…", "***", "•••", "os.environ", "getenv", "process.env", "system.env", "secrets.",
		"enc[", "enc(", "{cipher}", "{aq", "{atl_secured}", "credentials(", "!ref", "!sub", "fn::", "->", "()", ".get(", "lookup(",
	} {
		if strings.Contains(low, mark) {
			return true
		}
	}
	for _, head := range []string{
		"$", "%", "!", "&", "__", "<", "{", "[", "(", "@{", "#", "env.", "env:", "var.", "local.", "data.", "vault:", "vault/", "ssm:", "arn:", "op:", "sops:", "kms:", "ref+", "ref:",
		"file:", "secret:", "secret/", "secrets/", "aws:", "gcp:", "azure:", "keyring:", "keychain:", "path:", "exec:", "cmd:", "self.", "this.", "config.", "settings.", "args.", "params.",
		"options.", "props.", "input.", "conf.", "cfg.", "ctx.", "context.", "values.", "module.", "each.", "steps.", "needs.", "github.", "vars.", "inputs.", "parameters.", "variables.",
		"/", "./", "../", "~/", "c:\\",
	} {
		if !strings.HasPrefix(low, head) || len(head) == 1 && strings.ContainsAny(head, "!&(#") && hasDigit(v) && len(v) >= 8 || head == "__" && mixed([]byte(v)) {
			continue
		}
		return true
	}
	// Verbs of formats.
	for _, verb := range []string{"%s", "%v", "%q", "%d", "%w", "{}", "{0}", "{1}", "\\("} {
		if strings.Contains(v, verb) {
			return true
		}
	}
	return strings.HasPrefix(v, "{") && strings.HasSuffix(v, "}")
}

// standIn reports whether a value is what people write where a password belongs: words
// about passwords, sequences, fills, or the names around it.
func standIn(v string, c *claim) bool {
	low := strings.ToLower(v)
	if strings.EqualFold(v, c.account) || strings.EqualFold(v, c.key) || flatten([]byte(v)) == flatten([]byte(c.key)) {
		return true
	}
	for _, word := range []string{
		"example", "changeme", "change-me", "change_me", "placeholder", "redacted", "dummy", "foobar", "your", "xxx", "todo", "insert", "replace", "sample", "fake", "mock", "hidden",
		"masked", "censored", "undefined", "notreal", "not-real", "not_real", "removed", "abcdef", "123456", "654321", "qwerty", "asdf", "lorem", "deadbeef", "notsosecret", "supersecret", "s3cr3t",
		"verysecret", "topsecret", "letmein", "p@ssw0rd", "passw0rd", "hunter2", "correct-horse",
	} {
		if strings.Contains(low, word) {
			return true
		}
	}
	for run := range strings.FieldsFuncSeq(low, func(c rune) bool { return c < 'a' || c > 'z' }) {
		if slices.Contains([]string{"test", "tests", "tester", "testing", "demo", "password", "passwd", "changeit", "default", "placeholder"}, run) {
			return true
		}
	}
	same := 0
	for i := 1; i < len(v); i++ {
		if same = count(same, v[i] == v[i-1]); same == 3 {
			return true
		}
	}
	// What is left once digits and marks are gone is a word, or several, about passwords.
	letters := make([]byte, 0, len(low))
	for _, b := range []byte(low) {
		if isLower(b) || b >= 0x80 {
			letters = append(letters, b)
		}
	}
	return len(letters) == 0 && len(v) < 12 || len(letters) > 0 && madeOf(string(letters), commonWords)
}

// commonWords are what stand-ins for passwords are put together of.
const commonWords = " a test tests testing demo access account admin api app apppass application aps as atlassian auth b bar basic baz bb bearer bitbucket bot bob alice joe john jane jdoe c ci client cloud code company consumer " +
	"credential credentials creds d data db deploy dev developer e email empty encoded enter env f fail false field file foo g generated git github gitlab goes go h has hash hello her here host hook http id in invalid " +
	"is it jira key l legacy local login long m me mail machine manager my n name new nil no none not null o oauth of ok old on one op or org own p pass passcode passphrase password passwd passwort pat plain " +
	"prod production project pw pwd q r random read real repo repository root s sa scm secret secrets secure secured server service set sha some something ssh stash string super system t team the this that to token tokens " +
	"true two u ui unknown upper user username userpass users v valid value variable very w web webhook what whatever with word workspace write wrong x y z private personal public three world bad good any other " +
	"another first second hunter letme enc decrypted encrypted required optional default runner build builds int stg stage staging uat qa owner reader writer master main " +
	// The word itself, with a digit or a mark for one of its letters or two.
	"passwrd psswrd pssword pasword psword passord psswd paswrd "

// madeOf reports whether s is nothing but words of a list, which blanks surround.
func madeOf(s, words string) bool {
	if len(s) > 40 {
		return false
	}
	can := make([]bool, len(s)+1)
	can[0] = true
	for i := range len(s) {
		if !can[i] {
			continue
		}
		for j := i + 1; j <= len(s); j++ {
			// Single letters would make words of everything.
			if (j-i > 1 || len(s) <= 3) && strings.Contains(words, " "+s[i:j]+" ") {
				can[j] = true
			}
		}
	}
	return can[len(s)]
}

// sampleHost reports whether a host is one that documentation makes up (RFC 2606, 1999, and
// custom), or the machine itself: a password for it is often made up, too.
func sampleHost(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	for label := range strings.SplitSeq(name, ".") {
		switch label {
		case "example", "test", "invalid", "localhost", "company", "mycompany", "yourcompany", "my-company", "your-company", "acme", "domain", "yourdomain", "mydomain", "foo", "bar",
			"host", "hostname", "your-domain", "my-domain", "myorg", "yourorg", "organization", "yourserver", "myserver", "somewhere", "abc", "xyz", "0", "127":
			return true
		}
	}
	return false
}

// classesOf returns how many of lower case, upper case, digits and marks a value has, and
// how many marks.
func classesOf(v string) (classes, marks int) {
	var has [4]bool
	for _, b := range []byte(v) {
		switch {
		case isLower(b):
			has[0] = true
		case isUpper(b):
			has[1] = true
		case isDigit(b):
			has[2] = true
		case b == '_' || b == '-' || b == '.':
		default:
			has[3] = true
			marks++
		}
	}
	for _, h := range has {
		if h {
			classes++
		}
	}
	return classes, marks
}

// isRandom reports whether letters and digits follow one another as a person would not
// choose them: their sort changes at least at every third.
func isRandom(v string) bool {
	if !mixed([]byte(v)) {
		return false
	}
	changes := 0
	for i := 1; i < len(v); i++ {
		a, b := v[i-1], v[i]
		if isLower(a) != isLower(b) || isUpper(a) != isUpper(b) || isDigit(a) != isDigit(b) {
			changes++
		}
	}
	return changes >= len(v)/3
}

// pathLike reports whether a value is a path, a list or a sentence rather than a password.
func pathLike(v string) bool { return strings.ContainsAny(v, "/,;|()[]{}=") }

func hasDigit(v string) bool { return strings.ContainsAny(v, "0123456789") }

// allCaps reports whether a name is one of the environment's.
func allCaps(key string) bool { return key != "" && strings.ToUpper(key) == key }

func distinct(v string) int {
	var seen [256]bool
	n := 0
	for _, b := range []byte(v) {
		if !seen[b] {
			seen[b] = true
			n++
		}
	}
	return n
}

// alike reports whether a value is so many random characters of an alphabet.
func alike(v string, n int, in *alphabet) bool {
	if len(v) != n {
		return false
	}
	for _, b := range []byte(v) {
		if !in[b] {
			return false
		}
	}
	return mixed([]byte(v)) && !invented([]byte(v))
}
