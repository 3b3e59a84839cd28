package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
)

// explain writes what can go wrong: a line for each code, or, where code names one, why
// it comes to that and what to do.
func explain(w io.Writer, code string) error {
	var b strings.Builder
	if code == "" {
		for _, e := range fault.Table() {
			fmt.Fprintf(&b, "%s  %s\n", e.Code, e.Title)
		}
	} else {
		c, _ := fault.Parse(code)
		e, ok := fault.ByCode(c)
		if !ok {
			return exit.Usagef(fault.UnknownCode, "bbkeys errors lists them", "looking up an error: there is none with the code %q", report.Clean(code))
		}
		b.WriteString(e.Markdown("#"))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fault.New(fault.OutputUnwritable, "writing to standard output: %w", err)
	}
	return nil
}
