package source

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/git/remote"
)

func TestCoded(t *testing.T) {
	for err, want := range map[error]fault.Code{
		remote.ErrDenied: fault.FetchDenied, remote.ErrUnreachable: fault.FetchUnreachable, remote.ErrUnknown: fault.FetchUnknown,
		remote.ErrLimit: fault.FetchLimit, odb.ErrPackLimit: fault.FetchLimit, odb.ErrPromised: fault.PartialClone,
		odb.ErrTooLarge: fault.LargeObject, git.ErrOutside: fault.OutsideMount, git.ErrBadRef: fault.BadRef, errors.ErrUnsupported: fault.Unsupported,
		io.EOF: fault.BadIndex, fault.New(fault.Crashed, "x"): fault.Crashed,
	} {
		got := coded(fault.BadIndex, fmt.Errorf("reading: %w", err))
		if fault.Of(got) != want || !errors.Is(got, err) || got.Error() != "reading: "+err.Error() {
			t.Errorf("%v has the code %v, not %v", err, fault.Of(got), want)
		}
	}
	if got := fault.Of(stored(git.ErrMissing)); got != fault.MissingObject {
		t.Errorf("a missing object has the code %v", got)
	}
	if got := fault.Of(stored(io.EOF)); got != fault.DamagedObject {
		t.Errorf("a damaged object has the code %v", got)
	}
	if coded(fault.BadRef, nil) != nil || stored(nil) != nil {
		t.Error("no error became one")
	}
	if got := unopened(git.ErrNotRepository); got != fault.NotRepository {
		t.Errorf("no repository has the code %v", got)
	}
}

// TestOpened: what fails while an object is read has a code, and its end is its end.
func TestOpened(t *testing.T) {
	if r, err := opened(nil, odb.ErrPromised); r != nil || fault.Of(err) != fault.PartialClone {
		t.Errorf("got %v, %v", r, err)
	}
	whole, err := opened(io.NopCloser(strings.NewReader("text")), nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(whole); err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
	cut, err := opened(io.NopCloser(iotest.ErrReader(errors.New("cut off"))), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(cut); fault.Of(err) != fault.DamagedObject {
		t.Errorf("got %v", err)
	}
}
