package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/rs/zerolog"
)

// stuck is what can't be removed.
type stuck struct{}

func (stuck) Close() error { return errors.New("the folder is busy") }

// TestRemove: what stays behind is told with its code, and that is all.
func TestRemove(t *testing.T) {
	var log bytes.Buffer
	command{log: zerolog.New(&log)}.remove(stuck{})
	for _, want := range []string{`"level":"warn"`, "the folder is busy; " + fault.LeftBehind.String() + " " + fault.LeftBehind.Link() + `"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s: %s", want, log.String())
		}
	}
}

// TestOwnSum: only the binary of a release is one whose checksum others can download.
func TestOwnSum(t *testing.T) {
	if version != "" {
		t.Skip("this is a release")
	}
	if sum := ownSum(); sum != "" {
		t.Errorf("what is no release tells its checksum, %s", sum)
	}
}
