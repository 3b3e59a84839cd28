package contract

import (
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/section"
	"github.com/bbkeys/bbkeys/rule"
)

func keys(m map[string]int) iter.Seq[string] { return maps.Keys(m) }

// kinds returns the tally as a table with a row for each kind, and wants something in each.
func (t *tally) kinds(tb testing.TB, columns []string) string {
	var rows []string
	for _, r := range rule.All() {
		rows = append(rows, r.ID)
	}
	return t.table(tb, "kind", rows, columns)
}

// table returns the tally as a table.
func (t *tally) table(tb testing.TB, head string, rows, columns []string) string {
	tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n|%s\n", head, strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)+1))
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |", row)
		counted := 0
		for _, column := range columns {
			c := t.cells[[2]string{row, column}]
			fmt.Fprintf(&b, " %v |", c)
			if c != nil {
				counted += c.total
			}
		}
		b.WriteByte('\n')
		if counted == 0 && !tb.Failed() {
			tb.Errorf("%s: nothing was tried", row)
		}
	}
	return b.String()
}

// compare holds a table of docs/DETECTION.md to what was counted. With fewer samples than
// it was made with there is nothing to compare.
func compare(t *testing.T, name, table string) {
	t.Helper()
	if t.Failed() {
		return // there is enough to tell
	}
	if samples() < 1000 || *whole {
		t.Logf("%d samples each: the table in docs/DETECTION.md, of 1,000 each, is not compared\n%s", samples(), table)
		return
	}
	section.Check(t, "docs/DETECTION.md", name, table, *update)
}
