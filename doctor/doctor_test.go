package doctor_test

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/doctor"
	"github.com/bbkeys/bbkeys/fault"
)

func TestString(t *testing.T) {
	d := &doctor.Diagnosis{CI: "gitlab"}
	d.Know("CI", "%s", "GitLab CI")
	d.Know("checkout", "/src")
	if got, want := d.String(), "CI        GitLab CI\ncheckout  /src\n\nbbkeys doctor: nothing is wrong; nothing was scanned, fetched or written\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	d.Problems = []doctor.Problem{{Code: fault.ShallowChange, Why: "no commit", Unless: "it is fetched"}}
	if got := d.String(); d.Sure() != 0 || !strings.Contains(got, "This does not happen if it is fetched.") || !strings.Contains(got, "nothing is wrong for sure") {
		t.Errorf("%d sure problems: %s", d.Sure(), got)
	}
	d.Problems = append(d.Problems, doctor.Problem{Code: fault.ShallowChange, Why: "another"}, doctor.Problem{Code: fault.Unreadable, Why: "a file"})
	got := d.String()
	for want, n := range map[string]int{
		"\nBBK102: no commit\n": 1, "\nBBK102: another\n": 1, "    The clone is too shallow for the change.\n": 1, // explained once
		"    GitLab CI:\n        variables:\n          GIT_DEPTH: \"0\"\n": 1, fault.ShallowChange.Link(): 1,
		"    A command line:\n": 1, fault.Unreadable.Link(): 1, "bbkeys doctor: 2 problems;": 1,
	} {
		if strings.Count(got, want) != n {
			t.Errorf("%q is not there %d times: %s", want, n, got)
		}
	}
}
