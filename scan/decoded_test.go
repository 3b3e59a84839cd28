package scan

import (
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/rule"
)

// once wants one hit in m, of r, where m is marked.
func once(t *testing.T, f *Finder, m encode.Text, r *rule.Rule, key string, names []string) {
	t.Helper()
	hits := f.Find(m.Bytes)
	lo, hi := m.Place()
	if len(hits) == 1 && hits[0].Lo == lo && hits[0].Hi == hi && hits[0].rule == r && hits[0].Secret.Reveal() == key && slices.Equal(hits[0].Encoding, names) {
		return
	}
	t.Errorf("%s as %v of %d bytes at %d to %d: %d hits", r.ID, names, len(m.Bytes), lo, hi, len(hits))
	for _, h := range hits {
		t.Logf("  %s at %d to %d in %v, %v, whole %v", h.rule.ID, h.Lo, h.Hi, h.Encoding, h.Proof, h.Secret.Reveal() == key)
	}
}

func TestEncoded(t *testing.T) {
	rnd := rand.New(rand.NewPCG(37, 38))
	f := NewFinder(proving())
	for _, r := range proving() {
		for i, e := range encode.Encoders() {
			if len(r.Mint(rnd)) < 180 && e.Parts {
				continue // too short to be split
			}
			if r.LevelAt != nil && e.Parts {
				continue // it has several lines, which its own tests split
			}
			for range 4 {
				key := r.Mint(rnd)
				before := []string{"", "user:", "me@example.org:"}[rnd.IntN(3)]
				if e.Parts {
					before = ""
				}
				m := e.Encode(encode.Around(before, key, ""))
				m = m.Within("token: \"", "\"\n")
				once(t, f, m, r, key, []string{e.Name})
				if t.Failed() {
					t.Fatalf("encoder %d", i)
				}
			}
		}
	}
}

// Text of several bytes a character is found between any bytes of other text. Which of the
// zeros around a character are its own cannot always be told.
func TestWideAnywhere(t *testing.T) {
	rnd := rand.New(rand.NewPCG(45, 46))
	f := NewFinder(proving())
	for _, r := range proving() {
		for _, e := range encode.Encoders() {
			if !e.Wide {
				continue
			}
			for from := range 10 {
				for _, after := range []string{"", "\"", "\n\n", "\x00", "\x00\x00\x00\x00", "\x80", " end"} {
					key, around := r.Mint(rnd), []string{"", "'"}[rnd.IntN(2)]
					m := e.Encode(encode.Around(around, key, around)).Within("0123456789"[:from], after)
					lo, hi := m.Place()
					hits := f.Find(m.Bytes)
					if len(hits) != 1 || hits[0].Secret.Reveal() != key || max(lo-hits[0].Lo, hits[0].Lo-lo) > 3 || max(hi-hits[0].Hi, hits[0].Hi-hi) > 3 {
						t.Fatalf("%s in %s, %s, from byte %d on, before %q: %d hits", r.ID, e.Name, e.Sample, from, after, len(hits))
					}
				}
			}
		}
	}
}

// What would take too much decoding is told of, and costs nothing else of the file.
func TestTooMuchToDecode(t *testing.T) {
	rnd := rand.New(rand.NewPCG(47, 48))
	r := proving()[0]
	key := r.Mint(rnd)
	text := []byte(strings.Repeat("plain text ", 3000))
	for range 5 {
		// Each of the lines may be a text of its own, and the first and last none of it.
		m := encode.Split(76, "\n")(encode.Around(base64.StdEncoding.EncodeToString(text), "", ""))
		text = slices.Concat([]byte("begin\n"), m.Bytes, []byte("\nend"))
	}
	hits, err := NewFinder(proving()).Hits(t.Context(), &Blob{Data: []byte(key + "\n\n" + string(text) + "\n\n" + key)})
	if !errors.Is(err, errWork) || len(hits) != 2 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

// Any five encodings in any order.
func TestNested(t *testing.T) {
	rnd := rand.New(rand.NewPCG(33, 34))
	f := NewFinder(proving())
	all := encode.Encoders()
	for n := range 400 {
		r := proving()[rnd.IntN(len(proving()))]
		key := r.Mint(rnd)
		m := encode.Around("", key, "")
		var names []string
		wide := false
		for depth := 1 + rnd.IntN(5); len(names) < depth; {
			e := all[rnd.IntN(len(all))]
			if e.Parts || e.Wide && wide {
				continue
			}
			if next := e.Encode(m); len(next.Bytes) > 40<<10 {
				break
			} else {
				m, wide = next, e.Wide || wide && e.Name == "percent"
			}
			names = append([]string{e.Name}, names...)
		}
		once(t, f, m.Within("pass = '", "'\n"), r, key, names)
		if t.Failed() {
			t.Fatalf("chain %d", n)
		}
	}
}

// An encoded key over every seam of the windows is found once, as in the whole text.
func TestEncodedSeams(t *testing.T) {
	rnd := rand.New(rand.NewPCG(35, 36))
	f := NewFinder(proving())
	all := encode.Encoders()
	const step = 5000
	for range 60 {
		r := proving()[rnd.IntN(len(proving()))]
		key := r.Mint(rnd)
		m := encode.Around("", key, "")
		for range 1 + rnd.IntN(2) {
			if e := all[rnd.IntN(len(all))]; !e.Parts && !e.Wide {
				m = e.Encode(m)
			}
		}
		if len(m.Bytes) > rule.Reach {
			continue
		}
		seam := rule.Reach + step + rnd.IntN(3)*step
		m = m.Within(strings.Repeat("x = 1\n", (seam-rnd.IntN(len(m.Bytes)+1))/6), strings.Repeat("\ny = 2", step))
		lo, hi := m.Place()
		hits := streamed(t, f, string(m.Bytes), step, asIs)
		if len(hits) != 1 || hits[0].Lo != lo || hits[0].Hi != hi || !same(hits, f.Find(m.Bytes)) {
			t.Errorf("%s at %d to %d in windows of %d: %d hits", r.ID, lo, hi, step, len(hits))
		}
	}
}

// One text with many keys, in every encoding, without an end and with many, gives the
// same however it is read.
func TestEncodedStreamIsFind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(37, 38))
	f := NewFinder(proving())
	var all encode.Text
	want := 0
	for range 2 {
		for _, e := range encode.Encoders() {
			r := proving()[rnd.IntN(len(proving()))]
			key := r.Mint(rnd)
			if e.Parts && len(key) < 180 || e.Wide {
				continue
			}
			m := e.Encode(encode.Around("", key, ""))
			all.Append(m.Within(strings.Repeat("filler = 1;\n", rnd.IntN(300))+`"`, "\";\n"))
			want++
		}
	}
	whole := f.Find(all.Bytes)
	if len(whole) != want {
		t.Errorf("%d hits, want %d", len(whole), want)
	}
	for _, step := range []int{1000, 4097, 10007, 65536} {
		if hits := streamed(t, f, string(all.Bytes), step, asIs); !same(hits, whole) {
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
			e := encode.Split(width, []string{`" + "`, "' .\n '", "\"\n  \"", "\\\n", "\n    "}[rnd.IntN(5)])
			m := e(encode.Around("", key, "")).Within("x = \"", "\"\n")
			hits := f.Find(m.Bytes)
			lo, hi := m.Place()
			// What a token's body cut at the '=' lacks can be computed, so that it is found as it is.
			if len(hits) != 1 || hits[0].Lo != lo || hits[0].Hi != hi && hits[0].Proof != rule.Structure || hits[0].Proof == rule.Layout {
				t.Errorf("%s in pieces of %d: %d hits", r.ID, width, len(hits))
			}
			bad := slices.Clone(m.Bytes)
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
		for _, e := range encode.Encoders() {
			if r.LevelAt != nil && e.Parts {
				continue // its own rule reads it in parts
			}
			key := []byte(r.Mint(rnd))
			at := len(key) - 1 - rnd.IntN(8)
			if key[at] = 'B'; rnd.IntN(2) == 0 {
				key[at] = 'D'
			}
			m := e.Encode(encode.Around("", string(key), "")).Within("password: '", "'\n")
			for _, h := range f.Find(m.Bytes) {
				if h.Proof == rule.Layout && len(h.Encoding) > 0 {
					t.Errorf("%s as %s: %v in %v", r.ID, e.Name, h.Proof, h.Encoding)
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
		return bom + string(encode.Units(2, big)(encode.Around("", s, "")).Bytes)
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
			"heredoc":            {"base64 -d <<EOF\n" + string(encode.Split(76, "\n")(encode.Around("", b64("x "+key+"\n"), "")).Bytes) + "\nEOF\n", "base64"},
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

// Base64 is found in lines and literals of any width that programs break it at.
func TestWrapped(t *testing.T) {
	rnd := rand.New(rand.NewPCG(47, 48))
	f := NewFinder(proving())
	for width := 31; width <= 80; width++ {
		for _, between := range []string{"\n    ", "\r\n", "\" +\n    \""} {
			r := proving()[rnd.IntN(len(proving()))]
			if r.LevelAt != nil {
				continue
			}
			key := r.Mint(rnd)
			encoded := base64.StdEncoding.EncodeToString([]byte("user:" + key))
			var b strings.Builder
			for i := 0; i < len(encoded); i += width {
				b.WriteString(encoded[i:min(len(encoded), i+width)])
				b.WriteString(between)
			}
			if hits := f.Find([]byte("data: \"" + b.String() + "\"\n")); len(hits) != 1 || hits[0].Secret.Reveal() != key {
				t.Errorf("%s at width %d between %q: %d hits", r.ID, width, between, len(hits))
			}
		}
	}
}
