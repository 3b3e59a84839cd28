package mute

import (
	"testing"
	"time"
)

func TestExpired(t *testing.T) {
	end := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		expires, now time.Time
		want         bool
	}{
		{time.Time{}, end, false},
		{end, end.Add(-1), false},
		{end, end, true},
		{end, end.AddDate(1, 0, 0), true},
		{end, end.In(time.FixedZone("", 14*3600)), true},
	} {
		if e := (Entry{Expires: c.expires}); e.Expired(c.now) != c.want {
			t.Errorf("one that expires on %v at %v: %v", c.expires, c.now, !c.want)
		}
	}
}
