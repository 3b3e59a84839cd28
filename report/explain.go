package report

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/scan"
)

// Explanation returns a publisher that says to t's Writer why each thing that looked like a
// key is a finding or is none, one on a line, without telling any of it.
func (t Text) Explanation() Publisher { return explanation(t) }

type explanation Text

// maxExplained is how many findings, how many that are accepted, and how many others it
// tells of.
const maxExplained = 1000

// Publish implements Publisher.
func (e explanation) Publish(_ context.Context, rep *scan.Report) error {
	var b strings.Builder
	say := func(where, verdict, why string) {
		fmt.Fprintf(&b, "why: %s: %s: %s\n", where, verdict, strings.TrimSuffix(why, "."))
	}
	for i := range rep.Findings[:min(len(rep.Findings), maxExplained)] {
		f := &rep.Findings[i]
		say(place(f, e.Prefix), f.Level.String(), Message(f))
	}
	for i := range rep.Muted[:min(len(rep.Muted), maxExplained)] {
		f := &rep.Muted[i]
		say(place(f, e.Prefix), "muted", f.Rule.Name+": "+Muted(f))
	}
	for _, x := range rep.Explained[:min(len(rep.Explained), maxExplained)] {
		f := scan.Finding{Place: x.Place, From: x.From}
		say(place(&f, e.Prefix), "no finding", kindOf(&x)+": "+x.Why)
	}
	more := max(0, len(rep.Findings)-maxExplained) + max(0, len(rep.Muted)-maxExplained) + max(0, len(rep.Explained)-maxExplained) + rep.Unexplained
	if more > 0 {
		fmt.Fprintf(&b, "why: and %s more that nothing is said of\n", number(more))
	}
	if _, err := io.WriteString(e.Writer, b.String()); err != nil {
		return fault.New(fault.OutputUnwritable, "writing the explanation: %w", err)
	}
	return nil
}

// kindOf says what something looked like.
func kindOf(x *scan.Explained) string {
	if x.Rule == nil {
		return "what stands where a credential belongs"
	}
	return x.Rule.Name
}
