package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/prefilter"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// word returns n random letters and digits.
func word(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// find returns how often want is found in what is encoded in text, and the place of the
// last.
func find(text, want string) (n, lo, hi int) {
	each([]byte(text), func(t *Text) {
		if i := bytes.Index(t.Bytes, []byte(want)); i >= 0 {
			n++
			lo, hi = t.Place(i, i+len(want))
		}
	})
	return n, lo, hi
}

// Whatever is before and behind it, in the text that is encoded and in the one it is in.
func TestEveryOffset(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for inside := range 4 {
		for outside := range 9 {
			for tail := range 4 {
				want := word(r, Shortest)
				plain := strings.Repeat("\xff", inside) + want + strings.Repeat("\xff", tail)
				coded := base64.RawStdEncoding.EncodeToString([]byte(plain))
				text := word(r, outside) + coded + word(r, tail)
				n, lo, hi := find(text, want)
				from := outside + inside/3*4 + inside%3
				to := outside + (inside+Shortest-1)/3*4 + (inside+Shortest-1)%3 + 2
				if n != 1 || lo != from || hi != to {
					t.Errorf("%d bytes before, %d characters before: %d times, last at %d to %d, want %d to %d", inside, outside, n, lo, hi, from, to)
				}
				text = word(r, outside) + " " + strings.Repeat("0", outside) + hex.EncodeToString([]byte(plain))
				if n, lo, hi := find(text, want); n != 1 || lo != 2*outside+1+2*inside || hi != lo+2*Shortest {
					t.Errorf("hex after %d: %d times, last at %d to %d of %d", outside, n, lo, hi, len(text))
				}
			}
		}
	}
}

// A text at every offset of the distance between looks is seen.
func TestEveryStart(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	coders := map[string]func(string) string{
		"base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
		"utf-16":    func(s string) string { return string(widened(s, 2, false)) },
		"utf-16 be": func(s string) string { return string(widened(s, 2, true)) },
		"utf-32":    func(s string) string { return string(widened(s, 4, false)) },
	}
	for name, code := range coders {
		for at := 0; at <= 4*prefilter.Block; at += 4 {
			for shift := range 4 {
				if shift > 0 && strings.HasPrefix(name, "utf") {
					continue // stored at a multiple of its width
				}
				want := word(r, Shortest)
				coded := code(want)
				for _, behind := range []string{"", "\n"} {
					text := strings.Repeat("~", at+shift) + coded + behind
					n, lo, hi := find(text, want)
					if n != 1 || lo != at+shift || hi != lo+len(coded) {
						t.Fatalf("%s at %d: %d times, last at %d to %d", name, at+shift, n, lo, hi)
					}
				}
			}
		}
	}
}

func widened(s string, n int, big bool) []byte {
	out := make([]byte, 0, n*len(s))
	for i := range len(s) {
		unit := make([]byte, n)
		if unit[0] = s[i]; big {
			unit[0], unit[n-1] = 0, s[i]
		}
		out = append(out, unit...)
	}
	return out
}

// Base64 in lines and literals of whatever width, as long as one holds minRun characters.
func TestWrapped(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	gaps := []string{
		"\n", "\r\n", "\n  ", "\n\t\t\t", "\n\n", `\n`, `\r\n`, `\\n`, `\` + "\n", "\n# ", "\n// ", "\n * ", "\n> ", "\n+    ", "=\n",
		`" + "`, "' . '", `" "`, "\"\n\"", "\" +\n    \"", "\", \"", "\" \\\n\t\"", "\" & _\n  \"", `" || "`, `" ++ "`, `" <> "`, "` + `",
		"\");\n  out.append(\"", "\";\n$s .= \"", "\"\ns += \"", `\" + \"`, "%0A", "%0D%0A", "&#10;", "&#xA;", "\" // first\n\"",
	}
	for _, gap := range gaps {
		for range 40 {
			want := word(r, 40+r.IntN(200))
			coded := base64.StdEncoding.EncodeToString([]byte(want))
			width := minRun + r.IntN(50)
			var b strings.Builder
			end := 0
			for i := range len(coded) {
				if i > 0 && i%width == 0 {
					b.WriteString(gap)
				}
				if b.WriteByte(coded[i]); coded[i] != '=' {
					end = b.Len()
				}
			}
			text := `x: "` + b.String() + `"`
			n, lo, hi := find(text, want)
			if strings.Contains(gap, "first") {
				if len(coded) > width && n != 0 {
					t.Errorf("%q joins", gap)
				}
				continue
			}
			// Where it lies within the first line it is read from that, too.
			if n == 0 || lo != 4 || hi != 4+end {
				t.Fatalf("%q every %d: %d times, last at %d to %d of %d", gap, width, n, lo, hi, len(text))
			}
		}
	}
}

// What is not joined is no text.
func TestNotWrapped(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, gap := range []string{" ", "  ", ", ", " = ", "(", "foo", "\n\n---:\n", ": ", "\": \"", "=", "\x00", "é", "\n" + strings.Repeat(" ", maxGap)} {
		want := word(r, 60)
		coded := base64.StdEncoding.EncodeToString([]byte(want))
		if n, _, _ := find(coded[:40]+gap+coded[40:], want); n != 0 {
			t.Errorf("%q joins", gap)
		}
	}
}

func TestJoined(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`"ANCHOR` + strings.Repeat("a", 20) + `" + "` + strings.Repeat("b", 20) + `"`, "ANCHOR" + strings.Repeat("a", 20) + strings.Repeat("b", 20)},
		{"xANCHOR" + strings.Repeat("-", 20) + "\n  " + strings.Repeat("b", 20) + " c", "xANCHOR" + strings.Repeat("-", 20) + strings.Repeat("b", 20)},
		{"ANCHOR" + strings.Repeat("a", 40), ""},
		{"ANCHOR" + strings.Repeat("a", 40) + " " + strings.Repeat("b", 40), ""},
		{"ANCHOR\nb", ""},
		{"ANCHOR", ""},
	} {
		got := ""
		d := new(Decoder)
		d.Joined([]byte(tt.text), strings.Index(tt.text, "ANCHOR"), func(x *Text, at int) {
			got = string(x.Bytes)
			lo, hi := x.Place(at, len(x.Bytes))
			if lo != strings.Index(tt.text, "ANCHOR") || hi != strings.LastIndex(tt.text, "b")+1 || !strings.HasPrefix(got[at:], "ANCHOR") || fmt.Sprint(x.Encodings()) != "[concatenation]" {
				t.Errorf("%q: at %d, %d to %d, %v", tt.text, at, lo, hi, x.Encodings())
			}
		})
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// However often a text is encoded, it is read up to Depth and no deeper.
func TestDepth(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	want := word(r, Shortest)
	text := want
	for depth := 1; depth <= Depth+2; depth++ {
		text = base64.StdEncoding.EncodeToString([]byte(text))
		n, lo, hi := find(text, want)
		if (n == 1) != (depth <= Depth) || n == 1 && (lo != 0 || hi < len(text)*9/10) {
			t.Errorf("at depth %d: %d times, at %d to %d of %d", depth, n, lo, hi, len(text))
		}
	}
}

// hostile are texts that can be read in more than one way, over and over.
func hostile(r *rand.Rand) []string {
	mixed := ""
	for range 5000 {
		mixed += []string{"%25", "=3D", `\x25`, "&#37;", `\\`, "41 ", "65, ", "0x3D,"}[r.IntN(8)]
	}
	deep := word(r, 40)
	for range 12 {
		deep = base64.StdEncoding.EncodeToString([]byte(deep))
	}
	lines := ""
	for range 4000 {
		lines += word(r, 32) + "\n" + word(r, 1+r.IntN(3)) + strings.Repeat(" ", r.IntN(40)) + "\n"
	}
	return []string{
		mixed, deep, lines, strings.Repeat("A", 1<<17), strings.Repeat("Aa0", 1<<15), strings.Repeat("%25", 1<<15), strings.Repeat("%", 1<<16),
		strings.Repeat(`\`, 1<<16), strings.Repeat("&amp;", 1<<14), strings.Repeat("=3D", 1<<15), strings.Repeat("41", 1<<16), strings.Repeat("3431", 1<<15),
		strings.Repeat("A\x00", 1<<16), strings.Repeat("A\x00\x00\x00", 1<<15), strings.Repeat("0x34,0x31,", 1<<13), strings.Repeat("52, 49, ", 1<<13),
		strings.Repeat("QUFB", 1<<15), strings.Repeat("\" + \"", 1<<14), strings.Repeat(word(r, 40)+"\n", 1<<11), strings.Repeat(word(r, 33)+`\n`, 1<<11),
		strings.Repeat("ANCHOR\n"+strings.Repeat(" ", 190), 1<<9),
	}
}

// No text makes more work than Work and Slack say.
func TestWorkIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, text := range hostile(r) {
		checkEach(t, []byte(text))
	}
}

// each calls visit for every text that is encoded in text, and returns what decoded it.
func each(text []byte, visit func(*Text)) *Decoder {
	filter := prefilter.New(nil)
	d := New(filter)
	d.Each(text, filter.Marks(text, nil), visit)
	return d
}

// checkEach checks what must hold of any text.
func checkEach(t *testing.T, text []byte) {
	t.Helper()
	total := 0
	d := each(text, func(x *Text) {
		n := len(x.Bytes)
		total += n
		names := x.Encodings()
		if n < Shortest || len(names) == 0 || len(names) > Depth {
			t.Fatalf("%d bytes in %v", n, names)
		}
		// In order, in range, and what is longer is no shorter where it is spelled.
		end := 0
		for _, i := range []int{0, n / 3, n / 2, n - 1} {
			lo, hi := x.Place(i, i+1)
			if lo < 0 || lo >= hi || hi > len(text) || hi < end {
				t.Fatalf("byte %d of %d in %v is at %d to %d of %d", i, n, names, lo, hi, len(text))
			}
			end = hi
		}
		if lo, hi := x.Place(0, n); hi-lo < n {
			t.Fatalf("%d bytes in %v are at %d to %d", n, names, lo, hi)
		}
	})
	if total > Work*len(text)+Slack {
		t.Errorf("%d bytes decoded from %d", total, len(text))
	}
	if len(d.frames) != 0 || len(d.spare) > 2*Depth+1 {
		t.Errorf("%d frames in use, %d not", len(d.frames), len(d.spare))
	}
}

func FuzzEach(f *testing.F) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, text := range hostile(r) {
		f.Add([]byte(text[:min(len(text), 400)]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkEach(t, text)
		for at := 0; at < len(text); at += 50 {
			new(Decoder).Joined(text, at, func(x *Text, i int) {
				if lo, _ := x.Place(i, i+1); lo != at {
					t.Fatalf("%d became %d", at, lo)
				}
			})
		}
	})
}

// TestJoinedFirst checks that only a part as long as a credential's may be goes on in
// another: what begins anywhere in a longer run is not read to its end each time.
func TestJoinedFirst(t *testing.T) {
	for n, want := range map[int]bool{40: true, maxFirst - 1: true, maxFirst: false, 10 * maxFirst: false} {
		text := []byte(strings.Repeat("a", n) + "\n" + strings.Repeat("b", 40) + "\n")
		got := false
		new(Decoder).Joined(text, 0, func(*Text, int) { got = true })
		if got != want {
			t.Errorf("a first part of %d bytes: joined %v", n, got)
		}
	}
}
