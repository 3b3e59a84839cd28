// Package fault holds the one table of what can go wrong where a user sees it, and the
// errors that name a row of it. A fault has a number for good, so that it can be searched
// for, written into a script and looked up in docs/errors.md, whatever the words of the
// error say.
package fault

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Code is the number of a fault. Those below 100 are of usage, and each hundred above
// has a subject; see groups.
type Code int

// prefix begins a code wherever it is written.
const prefix = "BBK"

// page is where each code has a section of its own name.
const page = "https://github.com/bbkeys/bbkeys/blob/main/docs/errors.md#"

// String returns the code as it is written, such as BBK012.
func (c Code) String() string { return fmt.Sprintf("%s%03d", prefix, int(c)) }

// Link returns the address of the code's section in the documentation.
func (c Code) Link() string { return page + strings.ToLower(c.String()) }

// Parse returns the code that a person wrote as BBK012, bbk012 or 12, and whether there
// is such a code.
func Parse(s string) (Code, bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(s), prefix))
	if err != nil {
		return 0, false
	}
	_, ok := ByCode(Code(n))
	return Code(n), ok
}

// A failure is an error with the code of what went wrong.
type failure struct {
	code Code
	err  error
}

// Error returns the words of the error, without the code.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap returns the error that f names.
func (f *failure) Unwrap() error { return f.err }

// New returns an error with a code. Its words are those of fmt.Errorf.
func New(c Code, format string, args ...any) error { return As(c, fmt.Errorf(format, args...)) }

// As gives err a code in the place of what it may have had. It returns nil for nil.
func As(c Code, err error) error {
	if err == nil {
		return nil
	}
	return &failure{c, err}
}

// Or gives err a code unless it has one already: what is deeper down knows better what
// went wrong. It returns nil for nil.
func Or(c Code, err error) error {
	if err == nil || errors.As(err, new(*failure)) {
		return err
	}
	return As(c, err)
}

// Of returns the code of err: the first on the way through what it wraps, Unnamed where
// there is none, and 0 for nil.
func Of(err error) Code {
	if f := new(failure); errors.As(err, &f) {
		return f.code
	}
	if err == nil {
		return 0
	}
	return Unnamed
}

// Codes returns the codes of all that is joined in err, each once, in order.
func Codes(err error) []Code {
	var all []Code
	seen := map[Code]bool{}
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) { //nolint:errorlint // each step of the way is looked at
		case *failure:
			if !seen[e.code] {
				seen[e.code] = true
				all = append(all, e.code)
			}
		case interface{ Unwrap() error }:
			walk(e.Unwrap())
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner)
			}
		}
	}
	walk(err)
	if len(all) == 0 && err != nil {
		return []Code{Unnamed}
	}
	return all
}
