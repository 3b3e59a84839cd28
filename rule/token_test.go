package rule

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestChecksum compares the checksum with the standard library's.
func TestChecksum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 300 {
		s := pick(rng, alnumChars+"=", n)
		sum := checksum([]byte(s))
		if want := fmt.Sprintf("%08X", crc32.ChecksumIEEE([]byte(s))); string(sum[:]) != want {
			t.Fatalf("%d characters: %s, want %s", n, sum, want)
		}
		if !checked([]byte(withSum(s))) || checked([]byte(withSum(s)+"0")) {
			t.Fatalf("%d characters: checked is wrong", n)
		}
	}
	if checked([]byte("00000")) {
		t.Error("a text shorter than a checksum has one")
	}
}

// TestMintedForms checks minted credentials against the formats, each by other means than
// those that match it.
func TestMintedForms(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		for r, tag := range map[*Rule]string{apiToken: "O|E|at", accessToken: "O|E|ct"} {
			s := r.Mint(rng)
			raw, err := base64.URLEncoding.DecodeString(s[4:184])
			if err != nil || len(s) != 192 || len(raw) != 134 || !strings.HasPrefix(string(raw), tag) || strings.IndexByte(envelopeLast, s[182]) < 0 {
				t.Fatalf("%s: %d characters, %v", r.ID, len(s), err)
			}
		}
		if s := appPassword.Mint(rng); len(s) != 36 || strings.Trim(s[4:28], unambiguousChars) != "" {
			t.Fatal("app password")
		}
		if s := oauthSecret.Mint(rng); len(s) != 76 {
			t.Fatal("client secret")
		}
		s := dataCenterToken.Mint(rng)
		raw, err := base64.StdEncoding.DecodeString(s[5:])
		if err != nil || len(raw) != 33 {
			t.Fatal("Data Center token")
		}
		m, ok := dataCenterToken.Match([]byte(s), 0)
		if !ok || m.ID != string(raw[:12]) {
			t.Fatalf("id %q, want %q", m.ID, raw[:12])
		}
	}
	if len(unambiguousChars) != 55 || strings.ContainsAny(unambiguousChars, "01IOilo") {
		t.Error("the alphabet without look-alikes has look-alikes")
	}
}

// TestNext reads single characters in every spelling.
func TestNext(t *testing.T) {
	for _, c := range []struct {
		text  string
		mail  bool
		want  byte
		n     int
		names string
	}{
		{"", false, 0, 0, ""},
		{"a", false, 'a', 1, ""},
		{"=3D", false, '=', 1, ""},
		{"=3D", true, '=', 3, "quoted-printable"},
		{"=3d", true, '=', 3, "quoted-printable"},
		{"=\na", true, 'a', 3, "quoted-printable"},
		{"=\r\n=3D", true, '=', 6, "quoted-printable"},
		{"=\n=\n=\nx", true, 'x', 7, "quoted-printable"},
		{"=\n", true, 0, 0, ""},
		{"=", true, 0, 1, ""},
		{"=ZZ", true, 0, 1, ""},
		{"=80", true, 0, 1, ""},
		{"=25\n", true, '%', 3, "quoted-printable"},
		{"%3D", false, '=', 3, "percent"},
		{"%3d", false, '=', 3, "percent"},
		{"%3", false, '%', 1, ""},
		{"%zz", false, '%', 1, ""},
		{"%FF", false, '%', 1, ""},
		{"%25", false, '%', 3, "percent"},
		{"%253D", false, '=', 5, "percent percent"},
		{"%2525252525252525253D", false, '%', 11, "percent percent percent percent percent"},
		{"%25%33%44", false, '=', 9, "percent percent"},
		{`\=`, false, '=', 2, "backslash"},
		{`\_`, false, '_', 2, "backslash"},
		{`\\=`, false, '=', 3, "backslash backslash"},
		{`\n`, false, '\\', 1, ""},
		{`\`, false, '\\', 1, ""},
		{"\\\n", false, '\\', 1, ""},
		{`\u003d`, false, '=', 6, "unicode-escape"},
		{`\u003D`, false, '=', 6, "unicode-escape"},
		{`\u{3d}`, false, '=', 6, "unicode-escape"},
		{`\u{00003d}`, false, '=', 10, "unicode-escape"},
		{`\u{3d`, false, '\\', 1, ""},
		{`\u{}`, false, '\\', 1, ""},
		{`\u{ff}`, false, '\\', 1, ""},
		{`\U0000003d`, false, '=', 10, "unicode-escape"},
		{`\U00003d`, false, '\\', 1, ""},
		{`\u03d`, false, '\\', 1, ""},
		{`\u2026`, false, '\\', 1, ""},
		{`\x3d`, false, '=', 4, "hex-escape"},
		{`\x3`, false, '\\', 1, ""},
		{`\\u003d`, false, '=', 7, "backslash unicode-escape"},
		{`\\\\u003d`, false, '=', 9, "backslash backslash unicode-escape"},
		{`\u005cu003d`, false, '=', 11, "unicode-escape unicode-escape"},
		{"&#61;", false, '=', 5, "html-entity"},
		{"&#061;", false, '=', 6, "html-entity"},
		{"&#x3D;", false, '=', 6, "html-entity"},
		{"&#X3d;", false, '=', 6, "html-entity"},
		{"&#61", false, '&', 1, ""},
		{"&#x;", false, '&', 1, ""},
		{"&#;", false, '&', 1, ""},
		{"&#6a;", false, '&', 1, ""},
		{"&#8230;", false, '&', 1, ""},
		{"&#99999999999;", false, '&', 1, ""},
		{"&equals;", false, '=', 8, "html-entity"},
		{"&plus;", false, '+', 6, "html-entity"},
		{"&sol;", false, '/', 5, "html-entity"},
		{"&lowbar;", false, '_', 8, "html-entity"},
		{"&UnderBar;", false, '_', 10, "html-entity"},
		{"&amp;equals;", false, '=', 12, "html-entity html-entity"},
		{"&percnt;3D", false, '=', 10, "html-entity percent"},
		{"&bsol;=", false, '=', 7, "html-entity backslash"},
		{"&amp;&num;61&semi;", false, '=', 18, "html-entity html-entity"},
		{"&num;", false, '#', 5, "html-entity"},
		{"&semi;", false, ';', 6, "html-entity"},
		{"&colon;", false, ':', 7, "html-entity"},
		{"&lt;", false, '&', 1, ""},
		{"&b=1", false, '&', 1, ""},
		{"%26%2361%3B", false, '=', 11, "percent html-entity"},
		{"=26=2361=3B", true, '=', 11, "quoted-printable html-entity"},
		{"%=\n3D", true, '=', 5, "percent"},
	} {
		got, n, how := (&reader{text: []byte(c.text), mail: c.mail}).next(0)
		var names []string
		for _, s := range how[:how.len()] {
			names = append(names, s.String())
		}
		if got != c.want || n != c.n || strings.Join(names, " ") != c.names {
			t.Errorf("%q: %q, %d bytes, %q; want %q, %d, %q", c.text, got, n, names, c.want, c.n, c.names)
		}
	}
	if literal.String() != "literal" || slices.Contains([]string{percent.String(), quotedPrintable.String()}, "literal") {
		t.Error("names of spellings")
	}
}

// TestDeep checks that endless nesting is given up on.
func TestDeep(t *testing.T) {
	for _, s := range []string{strings.Repeat(`\`, 4096), strings.Repeat("%25", 2000), strings.Repeat("&amp;", 1000), strings.Repeat("%", 4096), strings.Repeat("&#", 2000)} {
		_, n, _ := (&reader{text: []byte(s)}).next(0)
		if n > 64 {
			t.Errorf("%.9q…: one character takes %d bytes", s, n)
		}
	}
}

// TestAlphabets checks what take relies on: nothing that begins an escape is in any.
func TestAlphabets(t *testing.T) {
	for i, a := range []alphabet{alnum, base64Std, base64URL, upperHex} {
		for c := range 256 {
			if a[c] && escapes(byte(c)) {
				t.Errorf("alphabet %d holds %q", i, byte(c))
			}
		}
	}
}

func TestOpens(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " ": true, "\n": true, "\"": true, "=": true, ":": true, "/": true, "+": true, "é": true, ".": true,
		"a": false, "Z": false, "9": false, "_": false, "-": false, "abcdef": false,
		`\n`: true, `x\t`: true, `\r\n`: true, `\q`: false, "%3A": true, "%3D": true, "=3D": true, "x%22": true,
		"3D": false, "%D": false, `\x3d`: true, `\u003d`: true, `\u03d`: false, "u003d": false, "%zz": false, "=0": false,
	} {
		if got := opens([]byte(text+"ATBB"), len(text)); got != want {
			t.Errorf("after %q: %v", text, got)
		}
	}
}

func TestInvented(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	wrong := 0
	for range 5000 {
		for _, n := range []int{24, 26, 64, 171} {
			body := []byte(pick(rng, base64URLChars, n))
			if n == 24 {
				body = []byte(pick(rng, unambiguousChars, n))
			}
			if filled(body) {
				t.Fatalf("random text of %d characters counts as filled", n)
			}
			if invented(body) {
				wrong++
			}
		}
	}
	if wrong > 20 {
		t.Errorf("%d of 20,000 random texts count as invented", wrong)
	}
	for _, s := range []string{
		strings.Repeat("x", 24), strings.Repeat("aB3", 8), strings.Repeat("deadbeef", 3), "k3" + strings.Repeat("Z", 8) + "qwErTy9uPa5dFg",
	} {
		if !filled([]byte(s)) {
			t.Errorf("not filled: %q", s)
		}
	}
	for _, s := range []string{"qTabcdefRw7KpV2mX9sHtYzN", "qT654321Rw7KpVmX9sHtYzNc", "qTzyxwvuRw7KpV2mX9sHtYzN", "MyEXAMPLEw7KpV2mX9sHtYzN", "xXxXxRw7KpV2mX9sHtYzNqTc", "mySecretRw7KpV2mX9HtYzNq"} {
		if !invented([]byte(s)) {
			t.Errorf("not invented: %q", s)
		}
	}
	if mixed([]byte("abcDEF")) || mixed([]byte("abc123")) || !mixed([]byte("aB3")) {
		t.Error("mixed")
	}
}
