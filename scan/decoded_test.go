package scan

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
)

// A marked is a text in which the characters that spell a credential are marked.
type marked struct {
	text []byte
	mark []bool
}

func plainText(before, key, after string) marked {
	m := marked{text: []byte(before + key + after)}
	m.mark = make([]bool, len(m.text))
	for i := range key {
		m.mark[len(before)+i] = true
	}
	return m
}

func (m *marked) add(s string, mark bool) {
	m.text = append(m.text, s...)
	for range s {
		m.mark = append(m.mark, mark)
	}
}

// within returns m with unmarked text around it.
func (m marked) within(before, after string) marked {
	var out marked
	out.add(before, false)
	out.text, out.mark = append(out.text, m.text...), append(out.mark, m.mark...)
	out.add(after, false)
	return out
}

func (m marked) place() (lo, hi int) {
	lo = slices.Index(m.mark, true)
	for hi = len(m.mark); !m.mark[hi-1]; hi-- {
	}
	return lo, hi
}

// An encoder is a way to write a text, and what reports call it.
type encoder struct {
	name   string
	encode func(marked) marked
	parts  bool // it splits the text, which must then hold nothing but letters, digits, -_+/=
	wide   bool // not twice in a row
}

// each spells every character alone.
func each(format string) func(marked) marked {
	return func(m marked) (out marked) {
		for i, c := range m.text {
			out.add(fmt.Sprintf(format, c), m.mark[i])
		}
		return out
	}
}

// listed spells every character alone, with something between two.
func listed(format, between string) func(marked) marked {
	return func(m marked) (out marked) {
		for i, c := range m.text {
			if i > 0 {
				out.add(between, false)
			}
			out.add(fmt.Sprintf(format, c), m.mark[i])
		}
		return out
	}
}

func inBase64(e *base64.Encoding) func(marked) marked {
	return func(m marked) (out marked) {
		s := e.EncodeToString(m.text)
		for i := range s {
			from := i / 4 * 3
			lo, hi := min(from+max(0, i%4-1), len(m.mark)), min(from+min(i%4, 2)+1, len(m.mark))
			mark := s[i] != '=' && slices.Contains(m.mark[lo:hi], true)
			out.add(s[i:i+1], mark)
		}
		return out
	}
}

func split(width int, between string) func(marked) marked {
	return func(m marked) (out marked) {
		for i := range m.text {
			if i > 0 && i%width == 0 {
				out.add(between, false)
			}
			out.add(string(m.text[i:i+1]), m.mark[i])
		}
		return out
	}
}

func then(f, g func(marked) marked) func(marked) marked {
	return func(m marked) marked { return g(f(m)) }
}

func bytesOf(n int, big bool) func(marked) marked {
	return func(m marked) (out marked) {
		for i, c := range m.text {
			unit := string(c) + strings.Repeat("\x00", n-1)
			if big {
				unit = strings.Repeat("\x00", n-1) + string(c)
			}
			out.add(unit, m.mark[i])
		}
		return out
	}
}

func encoders() []encoder {
	std, raw := inBase64(base64.StdEncoding), inBase64(base64.RawStdEncoding)
	return []encoder{
		{"base64", std, false, false},
		{"base64", raw, false, false},
		{"base64", then(std, split(76, "\r\n")), false, false},
		{"base64", then(std, split(64, "\n      ")), false, false},
		{"base64", then(std, split(77, "\n")), false, false},
		{"base64", then(std, split(60, `\n`)), false, false},
		{"base64", then(std, split(64, `\r\n`)), false, false},
		{"base64", then(std, split(50, "\" +\n\t\t\"")), false, false},
		{"base64", then(std, split(41, "' .\n    '")), false, false},
		{"base64", then(raw, split(45, "\"; \n  s += \"")), false, false},
		{"base64", then(raw, split(34, "\",\n  \"")), false, false},
		{"base64", then(std, split(64, "%0A")), false, false},
		{"base64", then(std, split(64, "&#13;\n")), false, false},
		{"base64", then(std, split(40, "\n# ")), false, false},
		{"base64", then(std, split(75, "=\n")), false, false},
		{"hex", each("%02x"), false, false},
		{"hex", each("%02X"), false, false},
		{"hex", then(each("%02x"), split(60, "\n")), false, false},
		{"hex", listed("%02x", " "), false, false},
		{"hex", listed("%02X", ":"), false, false},
		{"hex", listed("0x%02x", ", "), false, false},
		{"hex", listed("0x%02X", ",\n\t"), false, false},
		{"decimal", listed("%d", ", "), false, false},
		{"percent", each("%%%02X"), false, false},
		{"percent", each("%%%02x"), false, false},
		{"hex-escape", each(`\x%02x`), false, false},
		{"unicode-escape", each(`\u%04x`), false, false},
		{"unicode-escape", each(`\u{%x}`), false, false},
		{"unicode-escape", each(`\U%08x`), false, false},
		{"octal-escape", each(`\%03o`), false, false},
		{"html-entity", each("&#%d;"), false, false},
		{"html-entity", each("&#x%X;"), false, false},
		{"quoted-printable", each("=%02X"), false, false},
		{"utf-16", bytesOf(2, false), false, true},
		{"utf-16", bytesOf(2, true), false, true},
		{"utf-32", bytesOf(4, false), false, true},
		{"utf-32", bytesOf(4, true), false, true},
		{"concatenation", split(37, `" + "`), true, false},
		{"concatenation", split(60, "' .\n  '"), true, false},
		{"concatenation", split(40, "\"\n\t\""), true, false},
		{"concatenation", split(44, "\" & _\n\""), true, false},
		{"concatenation", split(64, "\\\n"), true, false},
		{"concatenation", split(48, "\n    "), true, false},
		{"concatenation", split(33, "\");\nsb.append(\""), true, false},
	}
}

// once wants one hit in m, of r, where m is marked.
func once(t *testing.T, f *Finder, m marked, r *rule.Rule, key string, names []string) {
	t.Helper()
	hits := f.Find(m.text)
	lo, hi := m.place()
	if len(hits) == 1 && hits[0].Lo == lo && hits[0].Hi == hi && hits[0].rule == r && hits[0].Secret.Reveal() == key && slices.Equal(hits[0].Encoding, names) {
		return
	}
	t.Errorf("%s as %v of %d bytes at %d to %d: %d hits", r.ID, names, len(m.text), lo, hi, len(hits))
	for _, h := range hits {
		t.Logf("  %s at %d to %d in %v, %v, whole %v", h.rule.ID, h.Lo, h.Hi, h.Encoding, h.Proof, h.Secret.Reveal() == key)
	}
}

func TestEncoded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(37, 38))
	f := NewFinder(proving())
	for _, r := range proving() {
		for i, e := range encoders() {
			if len(r.Mint(rnd)) < 180 && e.parts {
				continue // too short to be split
			}
			if r.LevelAt != nil && e.parts {
				continue // it has several lines, which its own tests split
			}
			for range 4 {
				key := r.Mint(rnd)
				before := []string{"", "user:", "me@example.org:"}[rnd.IntN(3)]
				if e.parts {
					before = ""
				}
				m := e.encode(plainText(before, key, ""))
				m = m.within("token: \"", "\"\n")
				once(t, f, m, r, key, []string{e.name})
				if t.Failed() {
					t.Fatalf("encoder %d", i)
				}
			}
		}
	}
}

// Any five encodings in any order.
func TestNested(t *testing.T) {
	rnd := rand.New(rand.NewPCG(33, 34))
	f := NewFinder(proving())
	all := encoders()
	for n := range 400 {
		r := proving()[rnd.IntN(len(proving()))]
		key := r.Mint(rnd)
		m := plainText("", key, "")
		var names []string
		wide := false
		for depth := 1 + rnd.IntN(5); len(names) < depth; {
			e := all[rnd.IntN(len(all))]
			if e.parts || e.wide && wide {
				continue
			}
			if next := e.encode(m); len(next.text) > 40<<10 {
				break
			} else {
				m, wide = next, e.wide || wide && e.name == "percent"
			}
			names = append([]string{e.name}, names...)
		}
		once(t, f, m.within("pass = '", "'\n"), r, key, names)
		if t.Failed() {
			t.Fatalf("chain %d", n)
		}
	}
}

// An encoded key over every seam of the windows is found once, as in the whole text.
func TestEncodedSeams(t *testing.T) {
	rnd := rand.New(rand.NewPCG(35, 36))
	f := NewFinder(proving())
	all := encoders()
	const step = 5000
	for range 60 {
		r := proving()[rnd.IntN(len(proving()))]
		key := r.Mint(rnd)
		m := plainText("", key, "")
		for range 1 + rnd.IntN(2) {
			if e := all[rnd.IntN(len(all))]; !e.parts && !e.wide {
				m = e.encode(m)
			}
		}
		if len(m.text) > rule.Reach {
			continue
		}
		seam := rule.Reach + step + rnd.IntN(3)*step
		m = m.within(strings.Repeat("x = 1\n", (seam-rnd.IntN(len(m.text)+1))/6), strings.Repeat("\ny = 2", step))
		lo, hi := m.place()
		hits := streamed(t, f, string(m.text), step, asIs)
		if len(hits) != 1 || hits[0].Lo != lo || hits[0].Hi != hi || !same(hits, f.Find(m.text)) {
			t.Errorf("%s at %d to %d in windows of %d: %d hits", r.ID, lo, hi, step, len(hits))
		}
	}
}

// One text with many keys, in every encoding, without an end and with many, gives the
// same however it is read.
func TestEncodedStreamIsFind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(37, 38))
	f := NewFinder(proving())
	var all marked
	want := 0
	for range 2 {
		for _, e := range encoders() {
			r := proving()[rnd.IntN(len(proving()))]
			key := r.Mint(rnd)
			if e.parts && len(key) < 180 || e.wide {
				continue
			}
			m := e.encode(plainText("", key, ""))
			all.add(strings.Repeat("filler = 1;\n", rnd.IntN(300)), false)
			all.add(`"`, false)
			all.text = append(all.text, m.text...)
			all.add("\";\n", false)
			want++
		}
	}
	whole := f.Find(all.text)
	if len(whole) != want {
		t.Errorf("%d hits, want %d", len(whole), want)
	}
	for _, step := range []int{1000, 4097, 10007, 65536} {
		if hits := streamed(t, f, string(all.text), step, asIs); !same(hits, whole) {
			t.Errorf("%d hits in windows of %d, %d in the whole text", len(hits), step, len(whole))
		}
	}
}

// A token that is split inside its anchor's piece or anywhere behind it, however finely,
// is put together; a changed one is not.
func TestConcatenated(t *testing.T) {
	rnd := rand.New(rand.NewPCG(39, 40))
	f := NewFinder(proving())
	for _, r := range proving() {
		if r.LevelAt != nil {
			continue // it has several lines, which its own tests split
		}
		for range 30 {
			key := r.Mint(rnd)
			width := 12 + rnd.IntN(len(key)-12)
			e := split(width, []string{`" + "`, "' .\n '", "\"\n  \"", "\\\n", "\n    "}[rnd.IntN(5)])
			m := e(plainText("", key, "")).within("x = \"", "\"\n")
			hits := f.Find(m.text)
			lo, hi := m.place()
			// What a token's body cut at the '=' lacks can be computed, so that it is found as it is.
			if len(hits) != 1 || hits[0].Lo != lo || hits[0].Hi != hi && hits[0].Proof != rule.Structure || hits[0].Proof == rule.Layout {
				t.Errorf("%s in pieces of %d: %d hits", r.ID, width, len(hits))
			}
			bad := slices.Clone(m.text)
			if at := lo + width/2; bad[at] != 'Q' {
				bad[at] = 'Q'
			} else {
				bad[at] = 'R'
			}
			for _, h := range f.Find(bad) {
				if h.Proof == rule.Checksum {
					t.Errorf("%s changed, in pieces of %d: %v", r.ID, width, h.Proof)
				}
			}
		}
	}
}

// A look-alike that is encoded is nothing at all.
func TestEncodedLookAlike(t *testing.T) {
	rnd := rand.New(rand.NewPCG(41, 42))
	f := NewFinder(proving())
	for _, r := range proving() {
		for _, e := range encoders() {
			if r.LevelAt != nil && e.parts {
				continue // its own rule reads it in parts
			}
			key := []byte(r.Mint(rnd))
			at := len(key) - 1 - rnd.IntN(8)
			if key[at] = 'B'; rnd.IntN(2) == 0 {
				key[at] = 'D'
			}
			m := e.encode(plainText("", string(key), "")).within("password: '", "'\n")
			for _, h := range f.Find(m.text) {
				if h.Proof == rule.Layout && len(h.Encoding) > 0 {
					t.Errorf("%s as %s: %v in %v", r.ID, e.name, h.Proof, h.Encoding)
				}
			}
		}
	}
}

// What files of well-known kinds hold.
func TestEncodedCarriers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(43, 44))
	f := NewFinder(proving())
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	wide := func(bom, s string, big bool) string {
		return bom + string(bytesOf(2, big)(plainText("", s, "")).text)
	}
	for _, r := range proving() {
		key := r.Mint(rnd)
		for name, tt := range map[string]struct{ text, names string }{
			"Basic header":       {"Authorization: Basic " + b64("me@example.org:"+key) + "\r\n", "base64"},
			".npmrc":             {"//npm.example.org/ws/:_password=" + b64(key), "base64"},
			"Docker":             {`{"auths":{"cr.example.org":{"auth":"` + b64("me@example.org:"+key) + `"}}}`, "base64"},
			"Kubernetes":         {"kind: Secret\ndata:\n  token: " + b64(key) + "\n  user: bWU=\n", "base64"},
			"Kubernetes, twice":  {"kind: Secret\ndata:\n  token: " + b64(b64(key+"\n")) + "\n", "base64 base64"},
			"PowerShell":         {"powershell -EncodedCommand " + b64(wide("", "$t = '"+key+"'", false)), "base64 utf-16"},
			"UTF-16 LE, BOM":     {wide("\xff\xfe", "token = "+key+"\r\n", false), "utf-16"},
			"UTF-16 BE, BOM":     {wide("\xfe\xff", "token = "+key+"\r\n", true), "utf-16"},
			"UTF-16, other text": {"\xff\xfe\x3f\x04\x40\x04" + wide("", key, false) + "\x3f\x04", "utf-16"},
			"JSON in JSON":       {`{"body":"{\"auth\":\"` + b64("u:"+key) + `\"}"}`, "base64"},
			"URL":                {"https://example.org/?state=" + strings.ReplaceAll(b64(`{"t":"`+key+`"}`), "=", "%3D") + "&x=1", "base64"},
			"data URL":           {"data:text/plain;base64," + b64("token "+key), "base64"},
			"heredoc":            {"base64 -d <<EOF\n" + string(split(76, "\n")(plainText("", b64("x "+key+"\n"), "")).text) + "\nEOF\n", "base64"},
		} {
			hits := f.Find([]byte(tt.text))
			if len(hits) != 1 || hits[0].rule != r || hits[0].Secret.Reveal() != key || strings.Join(hits[0].Encoding, " ") != tt.names {
				t.Errorf("%s in %s: %d hits", r.ID, name, len(hits))
				for _, h := range hits {
					t.Logf("  %s in %v, %v", h.rule.ID, h.Encoding, h.Proof)
				}
			}
		}
	}
}
