package main

import (
	"fmt"
	"strings"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
)

// explain returns what can go wrong: a line for each code, or, where code names one, why
// it comes to that and what to do.
func explain(code string) (string, error) {
	var b strings.Builder
	if code == "" {
		for _, e := range fault.Table() {
			fmt.Fprintf(&b, "%s  %s\n", e.Code, e.Title)
		}
	} else {
		c, _ := fault.Parse(code)
		e, ok := fault.ByCode(c)
		if !ok {
			return "", exit.Usagef(fault.UnknownCode, "bbkeys errors lists them", "looking up an error: there is none with the code %q", report.Clean(code))
		}
		b.WriteString(e.Markdown("#"))
	}
	return b.String(), nil
}
