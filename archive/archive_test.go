package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// A log is a visitor that remembers.
type log struct {
	seen   map[string][]byte // by way
	missed map[string]error
	misses int
	total  int
	forget bool // of content
	fail   error
}

const (
	sep   = " > "
	again = " again"
)

func (l *log) Open(inside []string) io.WriteCloser {
	way := strings.Join(inside, sep)
	if _, ok := l.seen[way]; ok {
		way += again // the tar within a compressed file, which stands for that
	}
	l.seen[way] = nil
	return &logged{l, way}
}

func (l *log) Miss(inside []string, why error) {
	l.misses++
	l.missed[strings.Join(inside, sep)] = why
}

type logged struct {
	log *log
	way string
}

func (l *logged) Write(p []byte) (int, error) {
	l.log.total += len(p)
	if !l.log.forget {
		l.log.seen[l.way] = append(l.log.seen[l.way], p...)
	}
	return len(p), l.log.fail
}

func (l *logged) Close() error { return nil }

func newLog() *log { return &log{seen: map[string][]byte{}, missed: map[string]error{}} }

func walkAll(t testing.TB, data []byte, limits Limits) *log {
	t.Helper()
	l := newLog()
	if err := New(limits).Walk(t.Context(), bytes.NewReader(data), l); err != nil {
		t.Fatalf("%v", err)
	}
	return l
}

// want checks that exactly these contents, and the file itself, were seen.
func (l *log) want(t testing.TB, outer []byte, contents map[string][]byte) {
	t.Helper()
	for way, why := range l.missed {
		t.Errorf("missed %q: %v", way, why)
	}
	for way, data := range contents {
		if got, ok := l.seen[way]; !ok || !bytes.Equal(got, data) {
			t.Errorf("%q: %d bytes, %v, want %d", way, len(got), ok, len(data))
		}
	}
	for way := range l.seen {
		if _, ok := contents[way]; !ok && way != "" && !strings.HasSuffix(way, again) {
			t.Errorf("%q: nobody packed that", way)
		}
	}
	if outer != nil && !bytes.Equal(l.seen[""], outer) {
		t.Errorf("of the file itself %d of %d bytes were seen", len(l.seen[""]), len(outer))
	}
}

// noise is n bytes that shrink to about a half.
func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[r.IntN(16)]
	}
	return b
}

func samples() []file {
	return []file{{"a.txt", []byte("hello")}, {"empty", nil}, {"dir/b", noise(1, 70_001)}, {"c", noise(2, 40_000)}, {"d", []byte("x")}}
}

func TestContainers(t *testing.T) {
	for name, pack := range containers() {
		t.Run(name, func(t *testing.T) {
			data := pack(t, samples()...)
			if !Is(data[:min(len(data), HeadSize)]) {
				t.Error("not known for an archive")
			}
			contents := map[string][]byte{}
			for _, f := range samples() {
				if contents[f.name] = f.data; len(f.data) == 0 && strings.HasPrefix(name, "7z") {
					delete(contents, f.name) // nothing of it is stored
				}
			}
			walkAll(t, data, DefaultLimits()).want(t, data, contents)
		})
	}
}

func TestCompressors(t *testing.T) {
	for name, pack := range compressors() {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{0, 1, 511, 512, 513, 90_000} {
				text := noise(3, size)
				data := pack(t, text)
				if size > 0 && !Is(data[:min(len(data), HeadSize)]) {
					t.Errorf("%d bytes are not known for an archive", size)
				}
				want := map[string][]byte{name: text}
				if !Is(data) {
					want = nil
				}
				walkAll(t, data, DefaultLimits()).want(t, data, want)
				// Two of them in a row are one, and what follows does no harm.
				if size > 0 {
					twice := append(bytes.Clone(data), data...)
					walkAll(t, twice, DefaultLimits()).want(t, twice, map[string][]byte{name: append(bytes.Clone(text), text...)})
				}
				// A tar in it stands for it.
				tarred := pack(t, packTar(t, 0, file{"f", text}))
				walkAll(t, tarred, DefaultLimits()).want(t, nil, map[string][]byte{"f": text})
			}
		})
	}
}

// Any nesting up to the depth is opened, whatever is in what, and however little comes at
// a time.
func TestNesting(t *testing.T) {
	type layer struct {
		name string
		pack func(testing.TB, string, []byte) ([]byte, string)
	}
	var layers []layer
	for name, pack := range containers() {
		layers = append(layers, layer{name, func(t testing.TB, entry string, data []byte) ([]byte, string) {
			return pack(t, file{"before", []byte("before")}, file{entry, data}, file{"after", []byte("after")}), entry
		}})
	}
	for name, pack := range compressors() {
		layers = append(layers, layer{name, func(t testing.TB, _ string, data []byte) ([]byte, string) { return pack(t, data), name }})
	}
	slices.SortFunc(layers, func(a, b layer) int { return strings.Compare(a.name, b.name) })
	rnd := rand.New(rand.NewPCG(4, 4))
	for i := range 70 {
		data, want, names := noise(uint64(i), rnd.IntN(1500)), []string{}, []string{}
		text, wasTar := data, false
		for depth := range 5 {
			l := layers[rnd.IntN(len(layers))]
			var entry string
			if data, entry = l.pack(t, fmt.Sprint("level", depth), data); !wasTar || compressors()[l.name] == nil {
				want = append([]string{entry}, want...)
			}
			wasTar = strings.HasPrefix(l.name, "tar") || strings.HasPrefix(l.name, "cpio")
			names = append([]string{l.name}, names...)
		}
		l := newLog()
		var r io.Reader = bytes.NewReader(data)
		if i%3 == 0 {
			r = iotest.HalfReader(r)
		} else if i%7 == 0 {
			r = iotest.DataErrReader(r)
		}
		if err := New(DefaultLimits()).Walk(t.Context(), r, l); err != nil || l.misses > 0 {
			t.Fatalf("%v: %v, %v", names, err, l.missed)
		}
		if got := l.seen[strings.Join(want, sep)]; !bytes.Equal(got, text) {
			t.Fatalf("%v: %d of %d bytes at %v", names, len(got), len(text), want)
		}
		if !bytes.Equal(l.seen[""], data) {
			t.Fatalf("%v: of the file itself %d of %d bytes were seen", names, len(l.seen[""]), len(data))
		}
	}
}

func TestText(t *testing.T) {
	for _, text := range []string{"", "P", "PK", "BZh", "BZhello world", "# a title\n", "#!/bin/sh\nPK", "7zip", "!<arch>", "package main\n", strings.Repeat("0000000 ", 100), strings.Repeat("0", 600)} {
		if Is([]byte(text)) {
			t.Errorf("%q is no archive", text)
		}
		walkAll(t, []byte(text), DefaultLimits()).want(t, []byte(text), nil)
	}
}

func TestDepth(t *testing.T) {
	data := []byte("deep")
	for range 3 {
		data = packZip(t, 8, file{"in", data})
	}
	for depth := range 5 {
		limits := DefaultLimits()
		limits.Depth = depth
		l := walkAll(t, data, limits)
		if seen := len(l.seen) - 1; seen != min(depth, 3) {
			t.Errorf("depth %d: %d seen", depth, seen)
		}
		why := l.missed[strings.Join(slices.Repeat([]string{"in"}, depth), sep)]
		if missed := depth > 0 && depth < 3; missed != errors.Is(why, ErrLimit) || missed != (l.misses == 1) {
			t.Errorf("depth %d: %v", depth, l.missed)
		}
	}
}

func TestStops(t *testing.T) {
	data := packZip(t, 8, file{"a", noise(1, 1<<20)}, file{"b", noise(2, 1<<20)})
	ctx, cancel := context.WithCancel(t.Context())
	l := newLog()
	err := New(DefaultLimits()).Walk(ctx, io.MultiReader(bytes.NewReader(data[:len(data)/3]), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, errors.New("read after the end")
	})), l)
	if !errors.Is(err, context.Canceled) && err == nil || l.misses > 0 {
		t.Errorf("%v, %v", err, l.missed)
	}
	l = newLog()
	l.fail = errors.New("no more")
	if err := New(DefaultLimits()).Walk(t.Context(), bytes.NewReader(data), l); !errors.Is(err, l.fail) || l.misses > 0 {
		t.Errorf("%v, %v", err, l.missed)
	}
	l = newLog()
	broken := errors.New("the disk broke")
	r := io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(broken))
	if err := New(DefaultLimits()).Walk(t.Context(), r, l); !errors.Is(err, broken) || l.misses > 0 {
		t.Errorf("%v, %v", err, l.missed)
	}
	if got := l.seen[""]; !bytes.Equal(got, data[:len(data)/2]) {
		t.Errorf("%d bytes seen before it broke", len(got))
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
