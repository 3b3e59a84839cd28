package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// TestNames wants each name that holds something told by itself, once, whatever the others are
// and however many.
func TestNames(t *testing.T) {
	var told []string
	most := 0
	look := func(b scan.Blob) bool {
		if !b.Name || !b.Again || b.Data[0] != '\n' {
			t.Errorf("looked at %+v", b)
		}
		most = max(most, len(b.Data))
		hit := strings.Contains(string(b.Data), "key")
		if hit && len(b.Places) > 0 {
			told = append(told, b.Places[0].Path)
		}
		return hit
	}
	n := &names{look: look}
	n.flush()
	for i := range 9000 {
		n.add(scan.Place{Path: fmt.Sprintf("folder-key/file%d", i)})
		if i%4000 == 0 {
			n.add(scan.Place{Path: fmt.Sprintf("a/key%d/", i)})
		}
	}
	n.flush()
	if want := []string{"a/key0/", "a/key4000/", "a/key8000/"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	if most > maxNames+100 {
		t.Errorf("%d bytes were looked at together", most)
	}
}

// TestCalls wants each path and each folder on the way to it once.
func TestCalls(t *testing.T) {
	met := map[string]int{}
	n := newNews(nil, nil)
	c := n.called(func(b scan.Blob) bool {
		for _, p := range b.Places {
			met[p.Path]++
			if old, err := b.Old(t.Context(), p, rule.Match{}); old || err != nil {
				t.Errorf("%s is old: %v, %v", p.Path, old, err)
			}
		}
		return true
	})
	for _, path := range []string{"a/b/c", "a/b/d", "a", "e", "e"} {
		c.add(scan.Place{Path: path})
	}
	c.flush()
	want := map[string]int{"a/b/c": 1, "a/b": 1, "a": 1, "a/b/d": 1, "e": 1}
	if !maps.Equal(met, want) {
		t.Errorf("met %v, want %v", met, want)
	}
}
