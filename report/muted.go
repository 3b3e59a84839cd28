package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/scan"
)

// Muted says who accepted f, until when and why, in one sentence without a full stop, made
// safe as Clean does it; "" where nobody did.
func Muted(f *scan.Finding) string {
	m := f.Mute
	if m == nil {
		return ""
	}
	by := "accepted by the " + m.By
	if m.Where != "" {
		by += " at " + Clean(m.Where)
	}
	if d := lastDay(m); d != "" {
		by += ", until " + d
	}
	if m.Owner != "" {
		by += ", owner " + Clean(m.Owner)
	}
	return by + ": " + strings.TrimSuffix(Clean(m.Reason), ".")
}

// lastDay is the last day on which a mute counts, or "" for one without end.
func lastDay(m *scan.Mute) string {
	if m.Expires.IsZero() {
		return ""
	}
	return Day(m.Expires.Add(-time.Nanosecond))
}

// maxRemarks is how many remarks a person reads.
const maxRemarks = 20

// Remarks says what is wrong with how something was accepted, each in one sentence without
// a full stop, made safe as Clean does it. What is more than a person reads is counted.
func Remarks(rep *scan.Report) []string {
	var all []string
	for i, r := range rep.Remarks {
		if i == maxRemarks && len(rep.Remarks) > maxRemarks+1 {
			return append(all, fmt.Sprintf("and %d more remarks; the JSON report lists all", len(rep.Remarks)-i))
		}
		text := Clean(r.Text)
		if r.Where != "" {
			text = Clean(r.Where) + ": " + text
		}
		all = append(all, text)
	}
	return all
}
