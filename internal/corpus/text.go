package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/bbkeys/bbkeys/rule"
)

// A maker makes texts.
type maker struct {
	*rand.Rand
	minted int
}

// words returns what texts are made of, what is frequent first.
func words() []string {
	return []string{
		"if", "err", "!=", "nil", "{", "return", "}", "func", "(", ")", "range", ":=", "for", "string", "[]byte", "len", "append", "ctx", "the", "of", "a", "to", "is",
		"switch", "case", "default:", "struct", "type", "const", "var", "import", "package", "fmt.Errorf", "\"%s: %w\"", "t.Helper()", "// The", "//", "b.buf", "i++", "0x1f",
		"index", "offset", "window", "request", "response", "client", "server", "handler", "context.Context", "int64", "uint32", "map[string]int", "true", "false", "&&", "||",
		"https://example.com/a/b", "token", "export", "api_key:", "name =", "TestReadAll", "BuildConfiguration", "XMLHttpRequest", "ERR_NOT_FOUND", "@Override", "éàü", "\\n",
	}
}

// baits returns what a search for credentials stops at for a moment.
func baits() []string {
	return []string{"bitbucket", "password", "user@example.com", "0123456789abcdef0123456789abcdef", "ATLAS", "-----", "${TOKEN}", "PRIVATE", "https://bitbucket.org/a/b"}
}

// word returns one of words, or now and then one of baits.
func (m *maker) word() string {
	from, at := words(), m.Float64()*m.Float64()
	if m.IntN(400) == 0 {
		from = baits()
	}
	return from[int(float64(len(from))*at)]
}

// file returns the name and the content of a project's n-th file.
func (m *maker) file(n int) (name string, text []byte) {
	size := 500 + int(12000*m.ExpFloat64()*m.Float64())
	switch n % 40 {
	case 3, 17, 31:
		return fmt.Sprintf("data%d.json", n), m.json(2 * size)
	case 8:
		return fmt.Sprintf("app%d.min.js", n), m.minified(4 * size)
	case 13, 27:
		return fmt.Sprintf("go%d.sum", n), m.digests(size)
	case 19:
		return fmt.Sprintf("cert%d.txt", n), m.wrapped(size)
	case 23:
		return fmt.Sprintf("logo%d.png", n), append([]byte("\x89PNG\r\n\x1a\n\x00"), m.noise(2*size)...)
	case 35:
		return fmt.Sprintf("deploy%d.env", n), m.settings()
	}
	return fmt.Sprintf("file%d.go", n), m.source(size)
}

// joined returns about size bytes of words with separators between them, of which the
// first is the most frequent.
func (m *maker) joined(size int, separators ...string) []byte {
	var b bytes.Buffer
	for b.Len() < size {
		b.WriteString(m.word())
		separator := separators[0]
		if m.IntN(6) == 0 {
			separator = separators[m.IntN(len(separators))]
		}
		b.WriteString(separator)
	}
	return b.Bytes()
}

func (m *maker) source(size int) []byte   { return m.joined(size, " ", "\n\t", "\n\n", ", ") }
func (m *maker) minified(size int) []byte { return m.joined(size, "", ";", ",") }

func (m *maker) json(size int) []byte {
	var b bytes.Buffer
	for b.WriteString("[\n"); b.Len() < size; {
		fmt.Fprintf(&b, "  {\"id\": %d, %q: %q, \"at\": \"2026-11-%02dT10:00:00Z\", \"weight\": %.4f},\n",
			m.IntN(1e6), m.word(), m.word(), 1+m.IntN(28), m.Float64())
	}
	b.WriteString("  {}\n]\n")
	return b.Bytes()
}

// digests returns lines as of a lock file.
func (m *maker) digests(size int) []byte {
	var b bytes.Buffer
	for b.Len() < size {
		sum := m.noise(32)
		fmt.Fprintf(&b, "example.com/module%d v1.%d.0 h1:%s\nsha256:%s\n", m.IntN(1000), m.IntN(50), base64.StdEncoding.EncodeToString(sum), hex.EncodeToString(sum))
	}
	return b.Bytes()
}

// wrapped returns noise in lines of base64, as certificates are.
func (m *maker) wrapped(size int) []byte {
	var b bytes.Buffer
	b.WriteString("-----BEGIN CERTIFICATE-----\n")
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(m.noise(size))), 64) {
		b.Write(line)
		b.WriteByte('\n')
	}
	b.WriteString("-----END CERTIFICATE-----\n")
	return b.Bytes()
}

// settings returns a short file with a credential, of another kind each time.
func (m *maker) settings() []byte {
	kinds := rule.All()
	var b bytes.Buffer
	b.Write(m.source(800))
	for ; ; m.minted++ {
		if r := kinds[m.minted%len(kinds)]; r.Context == "" {
			fmt.Fprintf(&b, "\nTOKEN=%s\n", r.Mint(m.Rand))
			break
		}
	}
	m.minted++
	return append(b.Bytes(), m.source(800)...)
}

// noise returns size random bytes.
func (m *maker) noise(size int) []byte {
	b := make([]byte, 0, size+7)
	for len(b) < size {
		b = binary.LittleEndian.AppendUint64(b, m.Uint64())
	}
	return b[:size]
}

// edit returns text with some of it replaced.
func (m *maker) edit(text []byte) []byte {
	at := m.IntN(len(text))
	return slices.Concat(text[:at], m.source(20+m.IntN(300)), text[min(len(text), at+m.IntN(200)):])
}
