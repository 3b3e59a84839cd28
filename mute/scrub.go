package mute

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/words"
)

const (
	// maxText is how much of a reason or an owner is told, in bytes.
	maxText = 500
	// maxScrub bounds how many texts are searched for how many credentials.
	maxScrub = 1_000_000
	// hidden stands for a text that is not told.
	hidden = "(not shown, since it may hold a credential)"
)

// scrub takes reasons and owners that hold a credential of the report out of it. Most kinds
// are known wherever they are written; but some only by what is around them, and what
// somebody wrote about one could tell it.
func scrub(muted, all []scan.Finding) {
	seen := map[[32]byte]bool{}
	all = slices.DeleteFunc(slices.Clone(all), func(f scan.Finding) bool {
		d := f.Match.Secret.Digest("")
		had := seen[d]
		seen[d] = true
		return had
	})
	told := map[string]string{"": ""}
	for i := range muted {
		m := muted[i].Mute
		for _, text := range []*string{&m.Reason, &m.Owner} {
			shown, ok := told[*text]
			if !ok {
				shown = clip(*text, maxText)
				// What is cut off may be the end of a credential that is shown in part.
				if (len(told)+1)*len(all) > maxScrub || tells(clip(*text, 4*maxText), all) {
					shown = hidden
				}
				told[*text] = shown
			}
			*text = shown
		}
	}
}

// tells reports whether a text holds one of the credentials, in any form that a reader
// could undo at sight.
func tells(text string, all []scan.Finding) bool {
	forms := []string{text, html.UnescapeString(text)}
	if plain, err := url.PathUnescape(text); err == nil {
		forms = append(forms, plain)
	}
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isDigit64(r) }) {
		if raw, err := hex.DecodeString(run); err == nil {
			forms = append(forms, string(raw))
		}
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for from := range min(4, len(run)) { // wherever its base64 began
			part := run[from:]
			if len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			if raw, err := base64.RawStdEncoding.DecodeString(part); err == nil {
				forms = append(forms, string(raw))
			}
		}
	}
	return slices.ContainsFunc(all, func(f scan.Finding) bool {
		return slices.ContainsFunc(forms, f.Match.Secret.In)
	})
}

// isDigit64 reports whether r is a character of base64 or base64url.
func isDigit64(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("+/-_", r)
}

// clip returns at most limit bytes of a text, and says if that is not all.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return words.Cut(s, limit) + "…"
}
