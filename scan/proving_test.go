package scan

import (
	"slices"

	"github.com/bbkeys/bbkeys/rule"
)

// proving returns the kinds whose credentials are one word and prove themselves wherever
// they stand.
func proving() []*rule.Rule {
	return slices.DeleteFunc(rule.All(), func(r *rule.Rule) bool { return r.LevelAt != nil || r.Context != "" })
}
