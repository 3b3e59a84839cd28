package html_test

import (
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/report"
)

// What is accepted is in a table of its own, with why, and none of it among what counts.
func TestShowsWhatIsAccepted(t *testing.T) {
	rep := sample.Accepted("ci/a.env", "b/c.env", "d")
	counting, cells := 0, []string{}
	for _, e := range elements(t, render(t, rep)) {
		switch {
		case e.name == "tr" && e.attr["data-level"] != "":
			counting++
		case e.name == "td", e.name == "li":
			cells = append(cells, e.text)
		}
	}
	if counting != len(rep.Findings) {
		t.Errorf("%d rows for %d findings that count", counting, len(rep.Findings))
	}
	shown := strings.Join(cells, "\n")
	for i := range rep.Muted {
		for _, want := range []string{report.Muted(&rep.Muted[i]), report.Remarks(rep)[i]} {
			if strings.Count(shown, want) != 1 {
				t.Errorf("the page says %d times %q", strings.Count(shown, want), want)
			}
		}
	}
}

// A page with very much that is accepted counts what it leaves out.
func TestAcceptedIsBounded(t *testing.T) {
	paths := make([]string, 1010)
	for i := range paths {
		paths[i] = "a"
	}
	rep := sample.Accepted(paths...)
	if text := render(t, rep); !strings.Contains(text, "And 10 more; the JSON report lists all.") {
		t.Error("nobody says what is left out")
	}
}
