// Package doctor says what a scan would go by, and what would go wrong with it.
package doctor

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/fault"
)

// A Diagnosis is what is known of a scan before it is run. Its texts are one line each and
// safe to show.
type Diagnosis struct {
	CI       string // the name of the CI as its ci.Provider has it
	Facts    []Fact
	Problems []Problem
}

// A Fact is one thing that a scan would go by.
type Fact struct{ Name, Text string }

// A Problem is one thing that would go wrong.
type Problem struct {
	Code fault.Code
	Why  string
	// Unless says what may keep it from going wrong, which can't be told without trying; ""
	// where nothing does.
	Unless string
}

// Know adds a fact.
func (d *Diagnosis) Know(name, format string, args ...any) {
	d.Facts = append(d.Facts, Fact{name, fmt.Sprintf(format, args...)})
}

// Sure returns how many of the problems nothing keeps from happening.
func (d *Diagnosis) Sure() int {
	n := 0
	for _, p := range d.Problems {
		if p.Unless == "" {
			n++
		}
	}
	return n
}

// String returns the diagnosis as text for a person: the facts in two columns, then each
// problem with its cause, its remedy and the lines that mend it in this CI.
func (d *Diagnosis) String() string {
	var b strings.Builder
	width := 0
	for _, f := range d.Facts {
		width = max(width, len(f.Name))
	}
	for _, f := range d.Facts {
		fmt.Fprintf(&b, "%-*s  %s\n", width, f.Name, f.Text)
	}
	told := map[fault.Code]bool{}
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "\n%s: %s\n", p.Code, p.Why)
		if p.Unless != "" {
			fmt.Fprintf(&b, "    This does not happen if %s.\n", p.Unless)
		}
		if e, ok := fault.ByCode(p.Code); ok && !told[p.Code] {
			d.explain(&b, e)
		}
		told[p.Code] = true
	}
	b.WriteString("\nbbkeys doctor: " + d.verdict() + "\n")
	return b.String()
}

func (d *Diagnosis) explain(b *strings.Builder, e fault.Entry) {
	fmt.Fprintf(b, "    %s.\n    %s\n    %s\n", e.Title, e.Why, e.Remedy)
	if f, ok := e.Fix(d.CI); ok {
		fmt.Fprintf(b, "    %s:\n", f.Where())
		for line := range strings.Lines(f.Text) {
			b.WriteString("        " + line)
		}
	}
	fmt.Fprintf(b, "    %s\n", e.Code.Link())
}

func (d *Diagnosis) verdict() string {
	switch sure, all := d.Sure(), len(d.Problems); {
	case all == 0:
		return "nothing is wrong; nothing was scanned, fetched or written"
	case sure == 0:
		return "nothing is wrong for sure; nothing was scanned, fetched or written"
	case sure == 1:
		return "1 problem; nothing was scanned, fetched or written"
	default:
		return fmt.Sprintf("%d problems; nothing was scanned, fetched or written", sure)
	}
}
