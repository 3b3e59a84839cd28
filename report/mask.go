package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// A mask knows the credentials of a report, and takes them out of the report's other texts:
// paths, names and errors, which come from the scanned repository. Redact, which it asks
// too, can't know a credential there that counts only by what carries it; and what a
// publisher puts beside a text could make Redact see less than there is.
type mask struct {
	keys    map[string]rule.Match // the credentials
	lengths map[string][]int      // which of those are, the longest first, by their first beginLen characters
	done    map[string]string     // what was masked before: paths come again and again
}

// beginLen is how many characters a credential has at the least to be looked for. A shorter
// one may be a word of a path, and whoever saw it masked would know it.
const beginLen = 8

// base64Len is how many characters of base64 beginLen bytes have at the least.
const base64Len = (beginLen*8 + 5) / 6

// masked returns rep without its credentials in any of its texts. What people choose stays,
// for the same reason: it may be a word.
func masked(rep *scan.Report) *scan.Report {
	m := &mask{map[string]rule.Match{}, map[string][]int{}, map[string]string{}}
	for _, all := range [][]scan.Finding{rep.Findings, rep.Muted} {
		for i := range all {
			if f := &all[i]; !f.Rule.Weak {
				m.learn(f.Match)
			}
		}
	}
	return rewritten(rep, m.text)
}

func (m *mask) learn(match rule.Match) {
	key := match.Secret.Reveal()
	if len(key) < beginLen {
		return
	}
	m.keys[key] = match
	begin := key[:beginLen]
	// There may be a hundred thousand keys that begin alike, and they are of few lengths.
	at, known := slices.BinarySearchFunc(m.lengths[begin], len(key), func(a, b int) int { return b - a })
	if !known {
		m.lengths[begin] = slices.Insert(m.lengths[begin], at, len(key))
	}
}

// find returns the first credential in s, the longest there, and where it is.
func (m *mask) find(s string) (at int, key rule.Match, ok bool) {
	for i := 0; i+beginLen <= len(s); i++ {
		for _, n := range m.lengths[s[i:i+beginLen]] {
			if key, ok = m.keys[s[i:min(i+n, len(s))]]; ok {
				return i, key, true
			}
		}
	}
	return 0, key, false
}

// text returns s with each credential in its redacted form, and without what spells one.
func (m *mask) text(s string) string {
	if t, ok := m.done[s]; ok {
		return t
	}
	var out strings.Builder
	rest := s
	for {
		at, key, ok := m.find(rest)
		if !ok {
			break
		}
		out.WriteString(rest[:at])
		out.WriteString(key.Secret.String())
		rest = rest[at+len(key.Secret.Reveal()):]
	}
	out.WriteString(rest)
	t := out.String()
	for _, run := range base64Runs([]byte(t), base64Len) {
		if slices.ContainsFunc(decodings(run), func(text []byte) bool { _, _, ok := m.find(string(text)); return ok }) {
			t = strings.Replace(t, string(run), hidden(len(run)), 1)
		}
	}
	if plain, err := url.PathUnescape(t); err == nil && plain != t {
		if _, _, ok := m.find(plain); ok {
			t = hidden(len(t))
		}
	}
	t = Redact(t)
	m.done[s] = t
	return t
}

// hidden stands for n bytes that are not told.
func hidden(n int) string { return fmt.Sprintf("…(%d)", n) }

// blurred returns s without each stretch that could be a credential, or a part of one.
func blurred(s string) string {
	for _, run := range base64Runs([]byte(s), minRun) {
		s = strings.Replace(s, string(run), hidden(len(run)), 1)
	}
	return s
}

// rewritten returns rep with each of its foreign texts as write has it. Names of commits
// and settings are none.
func rewritten(rep *scan.Report, write func(string) string) *scan.Report {
	out := *rep
	out.Scanned.Note = write(rep.Scanned.Note)
	out.Scanned.Settings.Path, out.Scanned.Settings.Note = write(rep.Scanned.Settings.Path), write(rep.Scanned.Settings.Note)
	out.Findings, out.Muted = renamed(rep.Findings, write), renamed(rep.Muted, write)
	out.Remarks = slices.Clone(rep.Remarks)
	for i := range out.Remarks {
		r := &out.Remarks[i]
		r.Where, r.Text = write(r.Where), write(r.Text)
	}
	out.Gaps = make([]*scan.Gap, len(rep.Gaps))
	for i, g := range rep.Gaps {
		gap := *g
		gap.Place.Path, gap.Why = write(g.Place.Path), rewrittenError{g.Why, write(g.Why.Error())}
		out.Gaps[i] = &gap
	}
	return &out
}

func renamed(all []scan.Finding, write func(string) string) []scan.Finding {
	out := slices.Clone(all)
	for i := range out {
		f := &out[i]
		f.Place.Path = write(f.Place.Path)
		f.Match.Account, f.Match.Host, f.Match.Key, f.Match.ID = write(f.Match.Account), write(f.Match.Host), write(f.Match.Key), write(f.Match.ID)
		f.Said = write(f.Said)
		if f.Mark != nil {
			mark := *f.Mark
			mark.Reason = write(mark.Reason)
			f.Mark = &mark
		}
		if f.Mute != nil {
			mute := *f.Mute
			mute.Where, mute.Reason, mute.Owner = write(mute.Where), write(mute.Reason), write(mute.Owner)
			f.Mute = &mute
		}
		if len(f.Inside) > 0 {
			inside := make([]string, len(f.Inside))
			for k, name := range f.Inside {
				inside[k] = write(name)
			}
			f.Inside = inside
		}
	}
	return out
}

// A rewrittenError is an error in other words.
type rewrittenError struct {
	err  error
	text string
}

func (e rewrittenError) Error() string { return e.text }
func (e rewrittenError) Unwrap() error { return e.err }
