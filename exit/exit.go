// Package exit holds the exit statuses and the errors that carry them.
package exit

import (
	"errors"

	"github.com/bbkeys/bbkeys/fault"
)

// A Status is what the process tells its caller. The numbers are a contract: no number
// ever changes its meaning.
type Status int

// The statuses. Where several hold, Found wins over Incomplete and Incomplete over
// Undelivered.
const (
	Clean       Status = 0 // everything asked for was looked at, and nothing is to be acted on
	Found       Status = 1 // at least one finding is at or above the level that fails
	_           Status = 2 // what the Go runtime exits with on a crash: never ours
	Incomplete  Status = 3 // no key, but something asked for was not looked at
	Usage       Status = 4 // the inputs are wrong; nothing was scanned
	Undelivered Status = 5 // scanned, but a report could not be delivered
)

// An Error is an error that knows the status the process must end with.
type Error struct {
	Status Status
	Err    error
	Hint   string // what to do about it, in one sentence; may be empty
}

// Error returns the sentence without the hint.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error that e carries.
func (e *Error) Unwrap() error { return e.Err }

// Usagef returns the error of a wrong input, with its code and a hint at what to do about
// it.
func Usagef(code fault.Code, hint, format string, args ...any) *Error {
	return &Error{Status: Usage, Err: fault.New(code, format, args...), Hint: hint}
}

// Of returns the status for err: Clean for nil, what an *Error in its chain says, or
// Undelivered for any other error, since all that can fail without a status of its own
// is delivery.
func Of(err error) Status {
	if err == nil {
		return Clean
	}
	if e := new(Error); errors.As(err, &e) {
		return e.Status
	}
	return Undelivered
}

// Hint returns the hint of the first *Error in err's chain that has one, or "".
func Hint(err error) string {
	if e := new(Error); errors.As(err, &e) {
		return e.Hint
	}
	return ""
}
