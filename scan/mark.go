package scan

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Mark is a comment beside a credential that asks to accept it, such as
// "# bbkeys:ignore a key of the test server". Whether it is followed is not decided here.
type Mark struct {
	Line int // that it is in
	// Reason is the rest of the comment, on one line and no longer than markTail. It holds no
	// credential of the same file.
	Reason string
	// Fault says what keeps the mark from counting, as the end of a sentence about it; it
	// is "" where nothing does.
	Fault string
}

const (
	markWord  = "bbkeys:ignore"
	markTail  = 1024 // how far behind the word the end of the comment is looked for
	markLead  = 256  // how far before the word the start of its line is looked for
	markReach = 4096 // how far from a credential in the same line a mark counts, in bytes
	maxMarks  = 100_000
	// maxMarkWork bounds how many marks of one file are compared with how many credentials.
	maxMarkWork = 1_000_000
)

// An opener begins a comment. One that has a closer ends there, and else with its line.
type opener struct{ text, closer string }

// openers are what comments begin with, longer ones before their endings.
func openers() []opener {
	return []opener{
		{"<!--", "-->"}, {"--[[", "]]"}, {"<%--", "--%>"}, {"<%#", "%>"}, {"{{!", "}}"}, {"{#", "#}"}, {"<#", "#>"}, {"/**", "*/"}, {"/*", "*/"}, {"(*", "*)"}, {"{-", "-}"},
		{"//", ""}, {"--", ""}, {"::", ""}, {"REM", ""}, {"rem", ""}, {"#", ""}, {";", ""}, {"%", ""}, {"!", ""}, {"*", ""},
	}
}

// A mark is a Mark in a blob.
type mark struct {
	Mark
	lo, hi int  // of the word and what follows it up to the end of the comment
	alone  bool // its line holds nothing else, so that it is about the next one
}

// marksIn returns the marks in b, in order. Whatever can't be read has none.
func marksIn(b *Blob) (all []mark, err error) {
	done := 0
	err = pieces(b, func(base int, text []byte, last bool) int {
		end := len(text)
		if !last {
			end = max(0, end-markTail)
		}
		for i := max(0, done-base); i < end; {
			j := bytes.Index(text[i:], []byte(markWord))
			if j < 0 || i+j >= end {
				break
			}
			if m, ok := readMark(text, i+j, base == 0); ok && len(all) < maxMarks {
				m.lo, m.hi = m.lo+base, m.hi+base
				all = append(all, m)
			}
			i += j + len(markWord)
		}
		done = max(done, base+end)
		if last {
			return len(text)
		}
		return max(0, end-markLead)
	})
	return all, err
}

// readMark reads the mark whose word starts at text[at]. Only a comment that begins with
// the word is one: whoever writes about marks makes none. First says that the text is the
// beginning of the blob.
func readMark(text []byte, at int, first bool) (m mark, ok bool) {
	from := max(0, at-markLead)
	start := bytes.LastIndexByte(text[from:at], '\n')
	known := start >= 0 || first && from == 0
	lead := strings.TrimRight(string(text[from+start+1:at]), " \t")
	i := slices.IndexFunc(openers(), func(o opener) bool { return opens(lead, o.text) })
	if i < 0 {
		return m, false
	}
	by := openers()[i]
	m.alone = known && strings.Trim(strings.TrimSuffix(lead, by.text), " \t\ufeff") == ""
	m.lo = at
	rest := text[at+len(markWord) : min(len(text), at+markTail)]
	if i := bytes.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	if by.closer != "" {
		if i := bytes.Index(rest, []byte(by.closer)); i >= 0 {
			m.alone = m.alone && len(bytes.TrimSpace(rest[i+len(by.closer):])) == 0
			rest = rest[:i]
		}
	}
	if len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return m, false // another word that begins alike
	}
	m.hi = at + len(markWord) + len(rest)
	if m.Reason = oneLine(rest); m.Reason == "" {
		m.Fault = "gives no reason; write why the finding is accepted behind " + markWord
	}
	return m, true
}

// opens reports whether what precedes a mark ends with an opener. One of letters is a word
// of its own.
func opens(lead, by string) bool {
	if !strings.HasSuffix(lead, by) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(lead, by))
	return !unicode.IsLetter(rune(by[0])) || !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// oneLine returns a text in one line of characters that can be seen, or "" where it has no
// letter and no digit.
func oneLine(text []byte) string {
	s := strings.ToValidUTF8(string(text), "\ufffd")
	if !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
}

// checkMarks finds the marks at fault that hold one of hits. A reason is shown in reports,
// and it could tell the very key, or another one of the file, that nobody would know again.
func checkMarks(marks []mark, hits []Hit) {
	if len(marks)*len(hits) > maxMarkWork {
		for i := range marks {
			marks[i].Reason, marks[i].Fault = "", "is one of too many in its file; accept its findings in the settings"
		}
		return
	}
	for i := range marks {
		m := &marks[i]
		if slices.ContainsFunc(hits, func(h Hit) bool { return m.holds(h) }) {
			m.Reason, m.Fault = "", "holds a credential in its reason; write why, without it"
		}
	}
}

// holds reports whether the text of the mark has the credential in it.
func (m *mark) holds(h Hit) bool {
	if h.Lo < m.hi && h.Hi > m.lo || h.Secret.In(m.Reason) {
		return true
	}
	return h.spelled != "" && strings.Contains(m.Reason, h.spelled)
}

// byLine returns the marks by their lines, which are at their places in at; of several in
// one line it is the first that counts.
func byLine(marks []mark, at map[int]Position) map[int]*mark {
	all := make(map[int]*mark, len(marks))
	for i := range marks {
		m := &marks[i]
		m.Line = at[m.lo].Line
		if had := all[m.Line]; had == nil || had.Fault != "" && m.Fault == "" {
			all[m.Line] = m
		}
	}
	return all
}

// markOf returns the mark that is about a hit at a line: one in the same line and not far,
// or else one that has the line before to itself.
func markOf(h *Hit, line int, marks map[int]*mark) *Mark {
	if m := marks[line]; m != nil && m.lo-h.Hi <= markReach && h.Lo-m.hi <= markReach {
		return &m.Mark
	}
	if m := marks[line-1]; m != nil && m.alone {
		return &m.Mark
	}
	return nil
}
