package exit_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
)

func TestOf(t *testing.T) {
	usage := exit.Usagef(fault.BadFlag, "do that", "this is %s", "wrong")
	for _, c := range []struct {
		err  error
		want exit.Status
		hint string
	}{
		{nil, exit.Clean, ""},
		{errors.New("x"), exit.Undelivered, ""},
		{usage, exit.Usage, "do that"},
		{fmt.Errorf("more: %w", usage), exit.Usage, "do that"},
		{errors.Join(&exit.Error{Status: exit.Found, Err: errors.New("a")}, errors.New("b")), exit.Found, ""},
	} {
		if got := exit.Of(c.err); got != c.want {
			t.Errorf("%v: status %d, want %d", c.err, got, c.want)
		}
		if got := exit.Hint(c.err); got != c.hint {
			t.Errorf("%v: hint %q, want %q", c.err, got, c.hint)
		}
	}
	if usage.Error() != "this is wrong" || errors.Unwrap(usage) == nil {
		t.Errorf("got %q", usage)
	}
}

// The numbers are what build scripts compare with.
func TestNumbers(t *testing.T) {
	if exit.Clean != 0 || exit.Found != 1 || exit.Incomplete != 3 || exit.Usage != 4 || exit.Undelivered != 5 {
		t.Error("an exit status changed its number")
	}
}
