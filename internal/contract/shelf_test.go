package contract

import (
	"context"
	"maps"
	"slices"

	"github.com/bbkeys/bbkeys/scan"
)

// A shelf is a source of files at hand, by path.
type shelf map[string][]byte

func (s shelf) Each(ctx context.Context, _ int, look func(scan.Blob) bool, _ func(*scan.Gap)) {
	for _, path := range slices.Sorted(maps.Keys(s)) {
		if ctx.Err() != nil {
			return
		}
		look(scan.Blob{Places: []scan.Place{{Path: path}}, Data: s[path]})
	}
}

func (s shelf) Scanned() scan.Scanned { return scan.Scanned{Mode: "checkout"} }
