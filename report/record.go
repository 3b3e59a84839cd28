package report

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/scan"
)

// Record says what a run left out as it should be, and by whose settings it went, each in one
// sentence without a full stop, made safe as Clean does it. What there is nothing to say
// of is left out.
func Record(s scan.Scanned) []string {
	var all, left []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{s.Skipped.Ignored, "%s ignored by git"},
		{s.Skipped.Absent, "%s not in the sparse checkout"},
		{s.Skipped.Pointers, "%s whose content is with Git LFS and not here"},
		{s.Skipped.Accepted, "%s of values that the settings accept"},
		{s.Skipped.Known, "%s there before the change"},
	} {
		if part.n > 0 {
			left = append(left, fmt.Sprintf(part.what, number(part.n)))
		}
	}
	if len(left) > 0 {
		all = append(all, "left out: "+strings.Join(left, ", "))
	}
	if used := settingsOf(s.Settings); used != "" {
		all = append(all, "settings: "+used)
	}
	return all
}

// settingsOf says whose settings were in force, or "" where nobody asked for any.
func settingsOf(s scan.Settings) string {
	var parts []string
	switch {
	case s.Path != "" && s.Commit != "":
		parts = append(parts, fmt.Sprintf("%s of commit %s", Clean(s.Path), short(s.Commit)))
	case s.Path != "":
		parts = append(parts, Clean(s.Path)+" as it is on disk")
	case s.Note != "":
		parts = append(parts, "none")
	}
	if s.Note != "" {
		parts = append(parts, strings.TrimSuffix(Clean(s.Note), "."))
	}
	return strings.Join(parts, "; ")
}

// number is a count with its thousands apart.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
