package logs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/logs"
	"github.com/bbkeys/bbkeys/proc"
)

// end returns the last line of the log of a run that ended with err.
func end(t *testing.T, level string, err error) map[string]any {
	t.Helper()
	var out bytes.Buffer
	logs.End(logs.New(proc.Process{Stderr: proc.Stream{Writer: &out}}, level, "json"), err, strings.ToUpper)
	if out.Len() == 0 {
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// TestEnd: an error is one line, made safe, and ends with where each of its codes is
// explained.
func TestEnd(t *testing.T) {
	link := func(c fault.Code) string { return "; " + c.String() + " " + c.Link() }
	file, output := fault.New(fault.FileUnwritable, "a file"), fault.New(fault.OutputUnwritable, "an output")
	verdict := &exit.Error{Status: exit.Found, Err: errors.New("1 key")}
	for _, c := range []struct {
		name, level string
		err         error
		want        string
	}{
		{"usage", "info", exit.Usagef(fault.BadFlag, "do that", "no flag"), "NO FLAG" + link(fault.BadFlag)},
		{"reports", "info", errors.Join(file, output, file), "A FILE; AN OUTPUT; A FILE" + link(fault.FileUnwritable) + link(fault.OutputUnwritable)},
		{"keys and a report", "info", errors.Join(verdict, file), "1 KEY; A FILE" + link(fault.FileUnwritable)},
		{"no code", "info", errors.New("x"), "X" + link(fault.Unnamed)},
		{"keys", "debug", verdict, "1 KEY"},
	} {
		got := end(t, c.level, c.err)
		if got["error"] != c.want || got["status"] != float64(exit.Of(c.err)) {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
		if hint := exit.Hint(c.err); hint != "" && got["hint"] != hint {
			t.Errorf("%s: the hint is %v", c.name, got["hint"])
		}
	}
	title, text := logs.Reason(exit.Usagef(fault.BadFlag, "do that", "no flag"), strings.ToUpper)
	if title != "wrong usage" || text != "NO FLAG"+link(fault.BadFlag)+"\nDo that." {
		t.Errorf("the reason is %q: %q", title, text)
	}
	for _, err := range []error{nil, verdict} {
		if title, text := logs.Reason(err, strings.ToUpper); title+text != "" {
			t.Errorf("%v wants no reason: %q: %q", err, title, text)
		}
		if got := end(t, "info", err); got != nil {
			t.Errorf("%v is news: %v", err, got)
		}
	}
}
