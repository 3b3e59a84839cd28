// Package mute marks findings as accepted: by a comment beside them, by an entry of the
// settings file, or by a baseline of what was there on a day.
package mute

import "time"

// An Entry accepts findings: the one of a fingerprint, or those of a rule at paths.
type Entry struct {
	// Fingerprint names one credential (scan.Finding.Fingerprint). Where it is empty, Path
	// and Rule say what is meant; where Path or Rule are set beside it, they narrow it.
	Fingerprint string
	// Path is a glob over the path of a finding, from the top of the checkout: `*` and `?`
	// stay within a folder, `**` is any number of folders.
	Path string
	// Rule is the ID of a rule.
	Rule string
	// Reason says why the findings are accepted. An entry without one accepts nothing.
	Reason string
	// Owner is whom to ask; it may be empty.
	Owner string
	// Expires is the first moment at which the entry accepts nothing any more. The zero
	// time is never.
	Expires time.Time
	// Where is the place of the entry, as "FILE:LINE:COLUMN", for what is said of it.
	Where string
}

// Expired reports whether the entry accepts nothing any more.
func (e *Entry) Expired(now time.Time) bool { return !e.Expires.IsZero() && !now.Before(e.Expires) }
