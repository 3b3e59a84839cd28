package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// zeros gzips n zero bytes.
func zeros(t testing.TB, n int) []byte {
	return compressors()["gzip"](t, make([]byte, n))
}

// forgetful walks without keeping what it sees, and returns how much memory was taken in
// all, in bytes.
func forgetful(t testing.TB, data []byte, limits Limits) (*log, uint64) {
	t.Helper()
	l := newLog()
	l.forget = true
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w := New(limits)
	w.free = freeOfTest
	if err := w.Walk(t.Context(), bytes.NewReader(data), l); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return l, after.TotalAlloc - before.TotalAlloc
}

// limited wants exactly one miss, at a way, because of a limit.
func (l *log) limited(t testing.TB, inside string) {
	t.Helper()
	if why := l.missed[inside]; l.misses != 1 || !errors.Is(why, ErrLimit) {
		t.Errorf("want a limit met at %q, got %d misses: %v", inside, l.misses, l.missed)
	}
}

// freeOfTest stands for freeBytes, which takes long to unpack.
const freeOfTest = 4 << 20

func TestBombs(t *testing.T) {
	big := zeros(t, 10<<20)
	nested := big
	for i := range 4 {
		var files []file
		for j := range 16 {
			files = append(files, file{fmt.Sprint("b", i, "-", j), nested})
		}
		nested = packZip(t, zip.Deflate, files...)
	}
	many := Limits{Depth: 5, Entries: 1000, Bytes: 1 << 30, Ratio: 1 << 40}
	for _, tt := range []struct {
		name   string
		data   []byte
		limits Limits
		at     string
		most   int // bytes looked at
	}{
		{"ratio", big, DefaultLimits(), "gzip", freeOfTest},
		{"packed twice", compressors()["xz"](t, big), DefaultLimits(), "xz > gzip", freeOfTest},
		{"bytes", big, Limits{Depth: 5, Entries: 1000, Bytes: 2 << 20, Ratio: 1 << 40}, "gzip", 2 << 20},
		{"16 to the power of 4", nested, DefaultLimits(), "b3-0 > b2-0 > b1-0 > b0-0 > gzip", max(freeOfTest, 500*len(nested))},
		{"entries", packTar(t, tar.FormatUSTAR, slices.Repeat([]file{{"f", nil}}, 3000)...), many, "", 0},
		{"entries of a zip", packZip(t, zip.Store, slices.Repeat([]file{{"f", []byte("x")}}, 3000)...), many, "", 1000},
	} {
		l, memory := forgetful(t, tt.data, tt.limits)
		l.limited(t, tt.at)
		// The raw bytes of each depth count too.
		if l.total > tt.most+len(tt.data)+1<<20 || memory > 24<<20 {
			t.Errorf("%s: %d MiB looked at, %d MiB of memory", tt.name, l.total>>20, memory>>20)
		}
	}
}

// What claims to need much memory is refused before it gets any.
func TestClaims(t *testing.T) {
	var b bytes.Buffer
	w, err := xz.WriterConfig{DictCap: 1 << 16}.NewWriter(&b)
	must(t, err)
	_, err = w.Write([]byte(strings.Repeat("text ", 100)))
	must(t, err)
	must(t, w.Close())
	for prop, refused := range map[byte]bool{40: true, 37: true, 30: true, 28: false, 18: false} {
		claim := bytes.Clone(b.Bytes())
		head := claim[xzHeaderSize : xzHeaderSize+(int(claim[xzHeaderSize])+1)*4]
		i := bytes.Index(head, []byte{filterLZMA2, 1})
		head[i+2] = prop
		binary.LittleEndian.PutUint32(head[len(head)-4:], crc32.ChecksumIEEE(head[:len(head)-4]))
		l, memory := forgetful(t, claim, DefaultLimits())
		if refused {
			l.limited(t, "xz")
		} else if l.misses > 0 {
			t.Errorf("a dictionary of kind %d: %v", prop, l.missed)
		}
		if most := uint64(80 << 20); memory > most || refused && memory > 1<<20 {
			t.Errorf("a dictionary of kind %d took %d MiB", prop, memory>>20)
		}
	}
	for _, window := range []int{zstd.MaxWindowSize, 128 << 20, 64 << 20, 1 << 20} {
		b.Reset()
		z, err := zstd.NewWriter(&b, zstd.WithWindowSize(1<<20), zstd.WithEncoderConcurrency(1))
		must(t, err)
		_, err = io.Copy(z, io.LimitReader(rand.NewChaCha8([32]byte{}), 3<<20)) // too much for one segment
		must(t, err)
		must(t, z.Close())
		claim := b.Bytes()
		if claim[4]&0x20 != 0 {
			t.Fatal("the writer writes single segments")
		}
		claim[5] = byte(exponent(window)-10) << 3
		l, memory := forgetful(t, claim, DefaultLimits())
		if window > 64<<20 {
			l.limited(t, "")
		} else if l.misses > 0 {
			t.Errorf("a window of %d: %v", window, l.missed)
		}
		if memory > uint64(2*window+16<<20) || memory > 200<<20 || window > 64<<20 && memory > 1<<20 {
			t.Errorf("a window of %d MiB took %d MiB", window>>20, memory>>20)
		}
	}
}

func exponent(n int) (e int) {
	for ; n > 1; n >>= 1 {
		e++
	}
	return e
}

// Walks that need much memory take turns, and those that need little do not wait for them.
func TestTurns(t *testing.T) {
	w := New(DefaultLimits())
	a, b, c := &Walk{Walker: w, ctx: t.Context()}, &Walk{Walker: w, ctx: t.Context()}, &Walk{Walker: w, ctx: t.Context()}
	must(t, a.take(ownMemory))
	must(t, b.take(maxMemory))
	must(t, c.take(ownMemory))
	if a.inTurn || !b.inTurn || c.inTurn {
		t.Error("the wrong one has the turn")
	}
	if err := b.take(1); !errors.Is(err, ErrLimit) {
		t.Errorf("over the limit: %v", err)
	}
	got := make(chan error)
	go func() { got <- a.take(1) }()
	select {
	case err := <-got:
		t.Errorf("a did not wait: %v", err)
	default:
	}
	b.leave()
	must(t, <-got)
	if !a.inTurn {
		t.Error("a has no turn")
	}
	a.leave()
}

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 30_000)
	for name, data := range map[string][]byte{
		"zip": packZip(t, zip.Deflate, file{long, []byte("x")}, file{"bad \xff\x00\n", []byte("y")}),
		"tar": packTar(t, tar.FormatPAX, file{long, []byte("x")}, file{"bad \xff\n", []byte("y")}),
	} {
		l := walkAll(t, data, DefaultLimits())
		if len(l.seen) != 3 || l.misses > 0 {
			t.Errorf("%s: %d seen, %v", name, len(l.seen), l.missed)
		}
		for way := range l.seen {
			if len(way) > maxName+len("…") || strings.ToValidUTF8(way, "") != way {
				t.Errorf("%s: a name of %d bytes, %.20q", name, len(way), way)
			}
		}
	}
}

// What is encrypted or unknown is told, and what is around it is looked at.
func TestEntriesThatCantBeOpened(t *testing.T) {
	files := []file{{"a", noise(1, 999)}, {"b", noise(2, 9999)}, {"c", noise(3, 999)}}
	for name, tt := range map[string]struct {
		change func(header []byte)
		why    error
	}{
		"encrypted":      {func(h []byte) { h[6] |= isEncrypted }, ErrEncrypted},
		"AES":            {func(h []byte) { h[8] = byAES }, ErrEncrypted},
		"unknown method": {func(h []byte) { h[8] = 98 }, ErrUnsupported},
		"wrong sum":      {func(h []byte) { h[14] ^= 1 }, ErrCorrupt},
		"wrong method":   {func(h []byte) { h[8] = deflated }, ErrCorrupt},
		"too large":      {func(h []byte) { h[21] = 0x7f }, ErrCorrupt},
	} {
		data := packSized(t, files...)
		at := bytes.Index(data[1:], []byte(localMagic)) + 1
		tt.change(data[at:])
		l := walkAll(t, data, DefaultLimits())
		if !errors.Is(l.missed["b"], tt.why) {
			t.Errorf("%s: %v", name, l.missed)
		}
		if _, seen := l.seen["c"]; !bytes.Equal(l.seen["a"], files[0].data) || !seen && name != "too large" {
			t.Errorf("%s: what is around it was not looked at", name)
		}
		if !bytes.Equal(l.seen[""], data) {
			t.Errorf("%s: the file itself was not looked at", name)
		}
	}
}

// A directory that lists what is nowhere is told of; one that lists the same twice is none
// the worse.
func TestDirectoryLies(t *testing.T) {
	data := packSized(t, samples()...)
	at := bytes.Index(data, []byte(centralMagic))
	lying := bytes.Clone(data)
	lying[at+centralSize-4] = 7
	if l := walkAll(t, lying, DefaultLimits()); !errors.Is(l.missed[""], ErrCorrupt) || l.misses != 1 {
		t.Errorf("%v", l.missed)
	}
	twice := append(append(bytes.Clone(data[:at]), data[at:at+centralSize+5]...), data[at:]...)
	if l := walkAll(t, twice, DefaultLimits()); l.misses > 0 {
		t.Errorf("%v", l.missed)
	}
	// An entry that the directory forgot is looked at all the same, as is one behind a stub.
	contents := map[string][]byte{}
	for _, f := range samples() {
		contents[f.name] = f.data
	}
	walkAll(t, append(bytes.Clone(data[:at]), data[at+centralSize+5:]...), DefaultLimits()).want(t, nil, contents)
	walkAll(t, append([]byte("#!/usr/bin/env python3\n"), data...), DefaultLimits()).want(t, nil, contents)
	walkAll(t, append([]byte("PK00"), data...), DefaultLimits()).want(t, nil, contents)
	if l := walkAll(t, data[:at], DefaultLimits()); l.misses != 1 {
		t.Errorf("a zip without a directory: %v", l.missed)
	}
}

func TestTarLies(t *testing.T) {
	data := packTar(t, tar.FormatUSTAR, file{"a", []byte("text")}, file{"b", []byte("text")})
	header := data[1024:1536]
	copy(header[124:136], "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00") // a negative size, in base 256
	sum := 8 * int(' ')
	for i, b := range header {
		if i < 148 || i >= 156 {
			sum += int(b)
		}
	}
	copy(header[148:156], fmt.Sprintf("%06o\x00 ", sum))
	l := walkAll(t, data, DefaultLimits())
	if !errors.Is(l.missed[""], ErrCorrupt) || string(l.seen["a"]) != "text" {
		t.Errorf("%v", l.missed)
	}
}

// However it is cut or changed: no crash, all of the file itself is looked at, what can't
// be is told, and nothing is told without end.
func TestDamage(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var all [][]byte
	for _, pack := range containers() {
		inner := pack(t, file{"in", noise(9, 700)}, file{"then", []byte("x")})
		all = append(all, pack(t, file{"a", noise(8, 900)}, file{"b", inner}, file{"c", nil}))
	}
	for _, pack := range compressors() {
		all = append(all, pack(t, noise(8, 2000)))
	}
	for i, data := range all {
		for range 25 {
			bad := bytes.Clone(data)
			for range 1 + rnd.IntN(4) {
				bad[rnd.IntN(len(bad))] ^= 1 << rnd.IntN(8)
			}
			if rnd.IntN(3) == 0 {
				bad = bad[:rnd.IntN(len(bad))]
			}
			l := walkAll(t, bad, DefaultLimits())
			if !bytes.Equal(l.seen[""], bad) || l.misses > maxMisses+1 {
				t.Fatalf("%d: %d of %d bytes, %d misses", i, len(l.seen[""]), len(bad), l.misses)
			}
		}
	}
	// A tar that ends between two entries is a tar.
	whole := compressors()
	whole["zip"] = func(t testing.TB, data []byte) []byte { return packZip(t, zip.Deflate, file{"a", data}) }
	for name, pack := range whole {
		data := pack(t, noise(8, 20_000))
		for cut := headSize; cut < len(data)-22; cut += 1 + 996*min(1, (len(data)-cut)/100) {
			l := walkAll(t, data[:cut], DefaultLimits())
			if l.misses == 0 {
				t.Errorf("%s: cut at %d of %d, and nobody was told", name, cut, len(data))
			}
			for way, why := range l.missed {
				if !Unreadable(why) {
					t.Errorf("%s: cut at %d of %d, %q is no damage: %v", name, cut, len(data), way, why)
				}
			}
		}
	}
}

func FuzzWalk(f *testing.F) {
	for _, pack := range containers() {
		f.Add(pack(f, file{"a", noise(1, 100)}, file{"b", pack(f, file{"c", []byte("text")})}))
	}
	for _, pack := range compressors() {
		f.Add(pack(f, noise(1, 300)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := newLog()
		limits := Limits{Depth: 5, Entries: 1000, Bytes: 4 << 20, Ratio: 500}
		if err := New(limits).Walk(t.Context(), bytes.NewReader(data), l); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(l.seen[""], data) {
			t.Errorf("of the file itself %d of %d bytes were seen", len(l.seen[""]), len(data))
		}
		if most := 4<<20 + 1<<20 + 2*len(data); l.total > most || l.misses > maxMisses+1 {
			t.Errorf("%d bytes, %d misses", l.total, l.misses)
		}
	})
}
