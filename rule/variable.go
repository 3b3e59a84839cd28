package rule

import "strings"

// maxScope is how far from where a variable is used, in bytes, it may be set.
const maxScope = 4 << 10

// resolve puts the value of a variable in place of its name, where that is all that a claim
// has and the text around sets it, and reports whether the claim is one to go on with.
func (r *carrierReader) resolve(c *claim) bool {
	if user, ok := variable(c.account); ok {
		if v, ok := r.setting(user, c.lo); ok && !reference(v.value) && len(v.value) <= maxAccount {
			c.account = v.value
		}
	}
	name, ok := variable(c.value)
	if !ok {
		return true
	}
	v, ok := r.setting(name, c.lo)
	if !ok || v.bare && !stated(v.value) {
		return true
	}
	c.lo, c.hi, c.value, c.undone, c.key = v.lo, v.hi, v.value, v.undone, v.key
	return r.try(c)
}

// stated reports whether a value without quotes is one, and not an expression: that has no
// digit, or says where in something else the value is.
func stated(v string) bool {
	_, marks := classesOf(v)
	return (hasDigit(v) || marks > 0) && !strings.ContainsAny(v, ".([")
}

// variable returns the name of the variable that a value is a reference to, and to nothing
// else: in shells, Make, PowerShell, batch files, strings that are formatted and templates.
func variable(v string) (name string, ok bool) {
	for _, form := range [...][2]string{{"${", "}"}, {"$(", ")"}, {"#{", "}"}, {"{{", "}}"}, {"$env:", ""}, {"$", ""}, {"%", "%"}, {"{", "}"}} {
		name, ok = strings.CutPrefix(v, form[0])
		if !ok {
			continue
		}
		if name, ok = strings.CutSuffix(name, form[1]); !ok {
			return "", false
		}
		name = strings.TrimSpace(name)
		return name, isVariable(name)
	}
	return "", false
}

// variableOf reads the variable that a field, which key names, is given as its value.
func (r *carrierReader) variableOf(key span, c *claim) bool {
	i := r.blanks(r.closed(key.hi))
	n := r.separator(i)
	v := span{r.blanks(i + n), r.blanks(i + n)}
	for v.hi < len(r.text) && v.hi-v.lo < maxName && (isAlnum(r.text[v.hi]) || r.text[v.hi] == '_') {
		v.hi++
	}
	name := string(r.text[v.lo:v.hi])
	if next := r.byteAt(v.hi); n == 0 || !isVariable(name) || next != ',' && next != ')' && next != '}' {
		return false
	}
	c.lo, c.hi, c.value, c.undone, c.bare, c.key = v.lo, v.hi, "$"+name, nil, true, string(r.text[key.lo:key.hi])
	return true
}

// isVariable reports whether s may be the name of a variable.
func isVariable(s string) bool {
	if s == "" || len(s) > maxName || isDigit(s[0]) {
		return false
	}
	for _, c := range []byte(s) {
		if !isAlnum(c) && c != '_' {
			return false
		}
	}
	return true
}

// setting reads the value that a variable is set to nearest before text[at], or else nearest
// behind it.
func (r *carrierReader) setting(name string, at int) (found claim, ok bool) {
	in := span{max(0, at-maxScope), min(len(r.text), at+maxScope)}
	r.know(in)
	first := r.markAt(at)
	for i := first - 1; i >= 0 && r.marks[i].lo >= in.lo; i-- {
		if r.spells(r.marks[i], name) {
			return r.set(r.marks[i].span, at)
		}
	}
	for i := first; i < len(r.marks) && r.marks[i].hi <= in.hi; i++ {
		if r.spells(r.marks[i], name) {
			return r.set(r.marks[i].span, at)
		}
	}
	return found, false
}

// spells reports whether a mark is a field of a name, and no use of it.
func (r *carrierReader) spells(m mark, name string) bool {
	before := r.byteAt(m.lo - 1)
	used := before == '$' && r.byteAt(m.hi) == ':' || before == '{' && r.byteAt(m.lo-2) == '$'
	return !used && m.bracket == 0 && m.hi-m.lo == len(name) && string(r.text[m.lo:m.hi]) == name
}

// set reads the value that key names, unless that is at text[at] or elsewhere.
func (r *carrierReader) set(key span, at int) (c claim, ok bool) {
	ok = r.fieldOf(key, &c) && c.lo != at && !reference(c.value)
	return c, ok
}

// object returns where the object begins that a variable used at text[at] is set to.
func (r *carrierReader) object(name string, at int) (open int, ok bool) {
	in := span{max(0, at-maxScope), at}
	r.fields(in, func(f field) {
		if f.key.hi-f.key.lo != len(name) || string(r.text[f.key.lo:f.key.hi]) != name {
			return
		}
		i := r.blanks(r.closed(f.key.hi))
		if i = r.blanks(i + r.separator(i)); r.byteAt(i) == '{' {
			open, ok = i, true
		}
	})
	return open, ok
}
