package rule

import (
	"bytes"
	"strings"
)

// An argument is what a call is given: a string, or a variable by its name.
type argument struct {
	claim
	name string // of the variable; empty for a string
}

// manyArguments is how many arguments of a call are looked at.
const manyArguments = 8

// given returns what the call is given whose arguments begin at i. An argument that is
// neither a string nor a variable is one without value and name.
func (r *carrierReader) given(i int) (all []argument) {
	depth, end := 0, min(len(r.text), i+maxRequest)
	fresh := true
	for i < end && len(all) < manyArguments {
		switch c := r.text[i]; {
		case space(c):
			i++
			continue
		case c == ',' && depth == 0:
			fresh = true
			i++
			continue
		case (c == ')' || c == ']') && depth == 0:
			return all
		case c == ')' || c == ']' || c == '}':
			depth--
		case fresh:
			a, next := r.argumentAt(i)
			all, fresh = append(all, a), false
			if i = next; a.value == "" && a.name == "" {
				continue
			}
			continue
		case c == '(' || c == '[' || c == '{':
			depth++
		}
		i++
	}
	return nil
}

// argumentAt reads the argument that begins at i, and returns where what follows it begins.
func (r *carrierReader) argumentAt(i int) (a argument, next int) {
	if label := r.keyAround(i); label.lo == i && label.hi > i {
		if j := r.blanks(label.hi); r.separator(j) == 1 {
			i = r.blanks(j + 1)
		}
	}
	at, nested := r.opened(i)
	if r.stringAt(at) && r.value(at, false, &a.claim) && !a.bare {
		next = r.closed(a.hi)
		for at != i && next < len(r.text) && r.text[next] != ',' && r.text[next] != ')' {
			next++ // of PowerShell's command
		}
		if nested {
			next++
		}
		return a, next
	}
	a = argument{}
	k := span{i, i}
	for k.hi < len(r.text) && (nameChar(r.text[k.hi]) || r.text[k.hi] == '$') {
		k.hi++
	}
	if c := r.byteAt(r.blanks(k.hi)); c == ',' || c == ')' || c == ']' {
		name := strings.TrimPrefix(string(r.text[k.lo:k.hi]), "$")
		if isVariable(name) {
			a.name, a.lo, a.hi = name, k.lo, k.hi
		}
	}
	return a, max(k.hi, i+1)
}

// stringAt reports whether a string may begin at i, after letters that say of what sort.
func (r *carrierReader) stringAt(i int) bool {
	c := r.byteAt(i)
	return quote(c) || c == '\\' || quote(r.byteAt(i+1)) && isAlnum(c) || c == '@'
}

// opened returns where the string begins that is told at i to be kept secret or to be
// something else: by PowerShell's command, Rust's Some, Go's []byte; and whether that has a
// bracket to close. Without such it is i.
func (r *carrierReader) opened(i int) (at int, nested bool) {
	for _, open := range []string{"Some(", "[]byte("} {
		if stands(r.text, i, open) {
			return i + len(open), true
		}
	}
	at = r.secured(i)
	return at, at != i && r.text[i] == '('
}

// claimArgument claims an argument as c says; of a variable what the text sets it to.
func (r *carrierReader) claimArgument(a argument, c claim) {
	c.strong = true
	if a.name != "" {
		v, ok := r.setting(a.name, a.lo)
		if !ok || v.bare {
			return
		}
		a.claim = v
	}
	c.lo, c.hi, c.value, c.undone = a.lo, a.hi, a.value, a.undone
	if c.value != "" && r.try(&c) {
		r.claimValue(c)
	}
}

// argumentText returns an argument's value, or what the text sets its variable to, or "".
func (r *carrierReader) argumentText(a argument) string {
	if a.name == "" {
		return a.value
	}
	if v, ok := r.setting(a.name, a.lo); ok {
		return v.value
	}
	return ""
}

// arguments claims the last argument of the call whose arguments begin at i as the password
// of the one before.
func (r *carrierReader) arguments(i int, c claim) {
	const credential = "etworkCredential(" // whose third is a domain
	all := r.given(i)
	if bytes.HasSuffix(r.text[:i], []byte(credential)) {
		all = all[:min(len(all), 2)]
	}
	r.pairOf(all, password, c)
}

// encodes claims the account and password that a call is given as one string, to put them
// into base64.
func (r *carrierReader) encodes(i int, c claim) {
	var v claim
	at, _ := r.opened(i)
	if !r.stringAt(at) || !r.value(at, false, &v) || v.bare || strings.IndexByte(v.value, ':') <= 0 || !bytes.Contains(r.near(2*maxRequest, 2*maxRequest), []byte("asic")) {
		return
	}
	c.as, c.lo, c.hi, c.value, c.undone = userPass, v.lo, v.hi, v.value, v.undone
	if r.try(&c) {
		r.claimValue(c)
	}
}

// encoder reports whether the parenthesis at i opens the arguments of what puts text into
// base64, or makes bytes of it for that.
func (r *carrierReader) encoder(i int) bool {
	const longest = 32
	name := r.text[max(0, i-longest):i]
	for _, end := range []string{"btoa", "Buffer.from", "b64encode", "encode64", "base64_encode", "ncodeToString", "GetBytes"} {
		if bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	return false
}
