package html_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/secret"
)

// dated returns a report of one key for each date; a date may be said twice.
func dated(dates ...string) *scan.Report {
	rep := &scan.Report{}
	for i, d := range dates {
		at, _ := time.Parse(time.DateOnly, d) // the zero time for ""
		m := rule.Match{Secret: secret.New(fmt.Sprint("\x01", i)), Proof: rule.Checksum}
		rep.Findings = append(rep.Findings, scan.Finding{Rule: rule.All()[0], Match: m, Level: rule.Error, Place: scan.Place{Path: "x", AuthorDate: at}})
	}
	return rep
}

func TestHistory(t *testing.T) {
	for _, tt := range []struct {
		dates             []string
		unit, first, last string
		label             string
		bars              int
	}{
		{[]string{"2026-11-02"}, "day", "2026-10-26", "2026-11-02", "1 key from 2026-10-26 to 2026-11-02; the most, 1, in 2026-11-02", 1},
		{[]string{"2026-11-02", "2026-11-02", "2026-10-01"}, "day", "2026-10-01", "2026-11-02", "3 keys from 2026-10-01 to 2026-11-02; the most, 2, in 2026-11-02", 2},
		{[]string{"2024-12-31", "2025-01-01", "2026-01-31"}, "month", "2024-12", "2026-01", "3 keys from 2024-12 to 2026-01; the most, 1, in 2024-12", 3},
		{[]string{"1999-01-01", "2026-01-01"}, "year", "1999", "2026", "2 keys from 1999 to 2026; the most, 1, in 1999", 2},
		{[]string{"1970-01-01", "2026-01-01"}, "decade", "1950s", "2020s", "2 keys from 1950s to 2020s; the most, 1, in 1970s", 2},
		{[]string{"0001-01-02", "9999-12-31"}, "century", "0000s", "9900s", "2 keys from 0000s to 9900s; the most, 1, in 0000s", 2},
		{[]string{"0001-01-02"}, "day", "0001-01-01", "0001-01-02", "1 key from 0001-01-01 to 0001-01-02; the most, 1, in 0001-01-02", 1},
		{[]string{"1969-12-31", "1970-01-01"}, "day", "1969-12-25", "1970-01-01", "2 keys from 1969-12-25 to 1970-01-01; the most, 1, in 1969-12-31", 2},
	} {
		text := render(t, dated(tt.dates...))
		for _, want := range []string{
			"by " + tt.unit + " of the commit", `<p class="axis"><span>` + tt.first + "</span>", "<span>" + tt.last + "</span></p>", `aria-label="` + tt.label + `"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: no %q", tt.dates, want)
			}
		}
		bars := 0
		for _, e := range elements(t, text) {
			if e.name != "rect" || e.attr["x"] == "" {
				continue
			}
			bars++
			y, err1 := strconv.ParseFloat(e.attr["y"], 64)
			h, err2 := strconv.ParseFloat(e.attr["height"], 64)
			if err1 != nil || err2 != nil || y < 0 || h <= 0 || y+h > 100.01 {
				t.Errorf("%v: a bar of %v", tt.dates, e.attr)
			}
		}
		if bars != tt.bars {
			t.Errorf("%v: %d bars, want %d", tt.dates, bars, tt.bars)
		}
	}
}

// A key counts when it came first, and what has no date is counted beside the chart.
func TestHistoryCountsKeysOnce(t *testing.T) {
	rep := dated("2026-11-02", "2026-11-03", "")
	rep.Findings[1].Match.Secret = rep.Findings[0].Match.Secret
	text := render(t, rep)
	if !strings.Contains(text, `aria-label="1 key from 2026-10-26 to 2026-11-02;`) || !strings.Contains(text, "1 more without a date.") {
		t.Error("it counts otherwise")
	}
	if text := render(t, dated("", "")); strings.Contains(text, "When they came in") {
		t.Error("a chart of nothing")
	}
}
