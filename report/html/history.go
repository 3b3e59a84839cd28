package html

import (
	"fmt"
	"time"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

// A history is a chart of when keys came in.
type history struct {
	Unit, Label, First, Last string
	Width, Most, Undated     int
	Levels                   []string
	Bars                     []bar
}

// A bar is the keys of one level that came in one stretch of time; the chart is 100 high.
type bar struct {
	Class, Y, Height, Title string
	X                       int
}

// How wide the chart is, in bars. Fewer look like a wall, more like hair.
const (
	minBars = 8
	maxBars = 48
	step    = 10 // units from one bar to the next
	top     = 96 // height of the highest
)

// A unit is a stretch of time that a bar stands for.
type unit struct {
	name  string
	index func(time.Time) int
	label func(int) string
}

// units returns the units, the finest first. What a commit claims may be any year that
// has four digits, so the last one takes at most a hundred bars.
func units() []unit {
	const day = 24 * 60 * 60
	year := func(t time.Time) int { return t.Year() }
	return []unit{
		{"day", func(t time.Time) int { return int((t.Unix() - year1) / day) }, func(i int) string { return time.Unix(year1+int64(i)*day, 0).UTC().Format(time.DateOnly) }},
		{"month", func(t time.Time) int { return 12*t.Year() + int(t.Month()) - 1 }, func(i int) string { return fmt.Sprintf("%04d-%02d", i/12, i%12+1) }},
		{"year", year, func(i int) string { return fmt.Sprintf("%04d", i) }},
		{"decade", func(t time.Time) int { return t.Year() / 10 }, func(i int) string { return fmt.Sprintf("%03d0s", i) }},
		{"century", func(t time.Time) int { return t.Year() / 100 }, func(i int) string { return fmt.Sprintf("%02d00s", i) }},
	}
}

// year1 is the first second of the year 1, before which there is no date in a report.
const year1 = -62135596800

// An arrival is when one key came in.
type arrival struct {
	at    time.Time
	level rule.Level
}

// historyOf returns the chart of kinds, or nil where no key has a date.
func historyOf(kinds []*report.Kind) *history {
	var all []arrival
	undated := 0
	for _, k := range kinds {
		for _, places := range k.Keys {
			if at := earliest(places); at.IsZero() {
				undated++
			} else {
				all = append(all, arrival{at, k.First.Level})
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	first, last := all[0].at, all[0].at
	for _, a := range all {
		if a.at.Before(first) {
			first = a.at
		}
		if a.at.After(last) {
			last = a.at
		}
	}
	var u unit
	for _, u = range units() {
		if u.index(last)-u.index(first) < maxBars {
			break
		}
	}
	from, to := u.index(first), u.index(last)
	from = max(0, min(from, to-minBars+1))
	h := &history{Unit: u.name, First: u.label(from), Last: u.label(to), Width: (to - from + 1) * step, Undated: undated}
	h.draw(all, u, from, to)
	return h
}

// draw fills in the bars, those of the higher level below.
func (h *history) draw(all []arrival, u unit, from, to int) {
	perLevel := map[rule.Level][]int{}
	total := make([]int, to-from+1)
	for _, a := range all {
		if perLevel[a.level] == nil {
			perLevel[a.level] = make([]int, len(total))
		}
		i := u.index(a.at) - from
		perLevel[a.level][i]++
		total[i]++
	}
	at := 0
	for i, n := range total {
		if n > h.Most {
			h.Most, at = n, i
		}
	}
	h.Label = fmt.Sprintf("%s from %s to %s; the most, %d, in %s", words.Count(len(all), "key"), u.label(from), u.label(to), h.Most, u.label(from+at))
	for l := rule.Error; l >= rule.Note; l-- {
		if perLevel[l] != nil {
			h.Levels = append(h.Levels, l.String())
		}
	}
	for i := range total {
		below := 0.0
		for l := rule.Error; l >= rule.Note; l-- {
			if perLevel[l] == nil || perLevel[l][i] == 0 {
				continue
			}
			height := top * float64(perLevel[l][i]) / float64(h.Most)
			below += height
			h.Bars = append(h.Bars, bar{
				Class: l.String(), X: i*step + 1, Y: fmt.Sprintf("%.2f", 100-below), Height: fmt.Sprintf("%.2f", height),
				Title: fmt.Sprintf("%s: %s", u.label(from+i), words.Count(perLevel[l][i], l.String())),
			})
		}
	}
}

// earliest returns when a key came in first, or the zero time where no commit that
// brought it has a date that calendars know.
func earliest(places []*scan.Finding) time.Time {
	var first time.Time
	for _, f := range places {
		if at := f.Place.AuthorDate; report.Day(at) != "" && (first.IsZero() || at.Before(first)) {
			first = at.UTC()
		}
	}
	return first
}
