package rule_test

import (
	"slices"

	"github.com/bbkeys/bbkeys/rule"
)

// proving returns the kinds whose credentials are one word and prove themselves wherever
// they stand, which the contract's tests are about. Keys of SSH, and what counts in a
// carrier alone, have tests of their own.
func proving() []*rule.Rule {
	return slices.DeleteFunc(rule.All(), func(r *rule.Rule) bool { return r.LevelAt != nil || r.Context != "" })
}
