package archive

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"

	"github.com/bbkeys/bbkeys/internal/pack"
)

// packCpio packs in the form that a magic number names.
func packCpio(magic string) func(testing.TB, ...file) []byte {
	return func(_ testing.TB, files ...file) []byte {
		var b bytes.Buffer
		entry := func(name string, data []byte) {
			align := 1
			if magic == odcMagic {
				fmt.Fprintf(&b, "%s%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o%s\x00", magic, 1, 2, 0o100644, 0, 0, 1, 0, 0, len(name)+1, len(data), name)
			} else {
				fmt.Fprintf(&b, "%s%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00", magic, 1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0, name)
				align = 4
			}
			b.Write(make([]byte, (align-b.Len()%align)%align))
			b.Write(data)
			b.Write(make([]byte, (align-b.Len()%align)%align))
		}
		for _, f := range files {
			entry(f.name, f.data)
		}
		entry(cpioEnd, nil)
		b.Write(make([]byte, 512-b.Len()%512))
		return b.Bytes()
	}
}

// packRPM packs as rpm does, with headers of some length.
func packRPM(t testing.TB, files ...file) []byte {
	b := append([]byte(rpmMagic), make([]byte, rpmLead-len(rpmMagic))...)
	for i, n := range []int{3, 50} {
		b = append(append(b, rpmHeader...), 0, 0, 0, 0)
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, uint32(n)), 101)
		b = append(b, make([]byte, 16*n+101)...)
		if i == 0 {
			b = append(b, make([]byte, 3)...) // 101 is filled up to 104
		}
	}
	return append(b, compressors()["gzip"](t, packCpio(newcMagic)(t, files...))...)
}

// packLZMA compresses; where ended an end marker tells the end and not a size.
func packLZMA(t testing.TB, data []byte, ended bool) []byte {
	return pack.Compress(t, data, func(w io.Writer) (io.WriteCloser, error) {
		c := lzma.WriterConfig{DictCap: 1 << 16, EOSMarker: ended, SizeInHeader: !ended, Size: int64(len(data))}
		return c.NewWriter(w)
	})
}

func packLzip(t testing.TB, data []byte) []byte {
	raw := packLZMA(t, data, true)
	return append(append([]byte(lzipMagic+"\x10"), raw[lzmaHeadSize:]...), make([]byte, lzipTail)...)
}

func packZlib(level int) func(testing.TB, []byte) []byte {
	return func(t testing.TB, data []byte) []byte {
		return pack.Compress(t, data, func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) })
	}
}

func packPDF(t testing.TB, dictionary string, streams ...[]byte) []byte {
	b := []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	for i, s := range streams {
		s = packZlib(6)(t, s)
		b = fmt.Appendf(b, "%d 0 obj\n<</Length %d /Filter %s>>\nstream\r\n%s\r\nendstream\nendobj\n", i+1, len(s), dictionary, s)
	}
	return append(b, "xref\n0 1\ntrailer <</Size 9>>\nstartxref\n9\n%%EOF\n"...)
}

// What holds one content without a name.
func TestAlone(t *testing.T) {
	for name, write := range map[string]func(testing.TB, []byte) []byte{
		"zlib": packZlib(9), "zlib 0": packZlib(0), "zlib 1": packZlib(1), "zlib 2": packZlib(2),
		"lzma": func(t testing.TB, data []byte) []byte { return packLZMA(t, data, false) }, "lzma ended": func(t testing.TB, data []byte) []byte { return packLZMA(t, data, true) },
	} {
		name, _, _ = strings.Cut(name, " ")
		for _, size := range []int{1, 511, 70_000} {
			text := noise(5, size)
			data := write(t, text)
			if !Is(data[:min(len(data), HeadSize)]) {
				t.Errorf("%d bytes of %s are not known for an archive", size, name)
			}
			walkAll(t, data, DefaultLimits()).want(t, data, map[string][]byte{name: text})
			walkAll(t, write(t, packTar(t, 0, file{"f", text})), DefaultLimits()).want(t, nil, map[string][]byte{"f": text})
			if l := walkAll(t, data[:len(data)*3/4], DefaultLimits()); size > 1 && (l.misses != 1 || !errors.Is(l.missed[name], ErrCorrupt)) {
				t.Errorf("%d bytes of %s, cut: %v", size, name, l.missed)
			}
		}
	}
}

func TestPDF(t *testing.T) {
	first, big := []byte("BT (hello) Tj ET "+strings.Repeat("x", 100)), noise(6, 200_000)
	data := packPDF(t, "/FlateDecode", first, big, packZip(t, 8, file{"a", []byte("attached")}))
	l := walkAll(t, data, DefaultLimits())
	delete(l.seen, "stream 3")
	l.want(t, data, map[string][]byte{"stream 1": first, "stream 2": big, "stream 3 > a": []byte("attached")})
	// The word may be anywhere in what is read at once.
	for shift := range 80 {
		padded := append([]byte("%PDF-1.4\n"+strings.Repeat(" ", bufferSize-100+shift)), data[15:]...)
		if l := walkAll(t, padded, DefaultLimits()); !bytes.Equal(l.seen["stream 1"], first) || !bytes.Equal(l.seen["stream 2"], big) {
			t.Fatalf("%d: %d streams", shift, len(l.seen)-1)
		}
	}
	for text, want := range map[string]error{"trailer <</Encrypt 9 0 R>>": ErrEncrypted, "<</Filter [/ASCII85Decode /FlateDecode]>> stream": ErrUnsupported} {
		if l := walkAll(t, append(bytes.Clone(data), text...), DefaultLimits()); l.misses != 1 || !errors.Is(l.missed[""], want) {
			t.Errorf("%s: %v", text, l.missed)
		}
	}
}

// Behind a program or a signature a zip is opened, and where there is none nothing is amiss.
func TestZipBehind(t *testing.T) {
	zip := packZip(t, 8, samples()...)
	for _, front := range []string{"Cr24\x03\x00\x00\x00\x05\x00\x00\x00proof", "MZ" + strings.Repeat("\x00", 40_000), "\x7fELF" + string(noise(7, bufferSize-30)) + "PK\x03\x04 PK"} {
		l := walkAll(t, append([]byte(front), zip...), DefaultLimits())
		for _, f := range samples() {
			if got, ok := l.seen[f.name]; !ok || !bytes.Equal(got, f.data) || l.misses > 0 {
				t.Errorf("%.4q: %s has %d bytes, %v", front, f.name, len(got), l.missed)
			}
		}
	}
	for _, bare := range []string{"MZ" + strings.Repeat("\x00", 70_000), "\x7fELF" + strings.Repeat("PK\x03\x04AAAAAA", 9000), "MZ says hello"} {
		if l := walkAll(t, []byte(bare), DefaultLimits()); l.misses > 0 || len(l.seen) != 1 {
			t.Errorf("%.4q: %v", bare, l.missed)
		}
	}
}

// What Linux starts from is several archives behind one another.
func TestCpioRow(t *testing.T) {
	row := append(packCpio(newcMagic)(t, file{"early", []byte("microcode")}), compressors()["gzip"](t, packCpio(newcMagic)(t, file{"init", []byte("script")}))...)
	walkAll(t, row, DefaultLimits()).want(t, row, map[string][]byte{"early": []byte("microcode"), "init": []byte("script")})
}

// What is known and not opened is told of, and text that begins alike is not taken for it.
func TestUnopened(t *testing.T) {
	for _, u := range unopened() {
		data := append([]byte(u.magic), make([]byte, 200)...)
		if l := walkAll(t, data, DefaultLimits()); l.misses != 1 || !errors.Is(l.missed[""], ErrUnsupported) || !Unreadable(l.missed[""]) {
			t.Errorf("%s: %v", u.name, l.missed)
		}
	}
	for _, text := range []string{
		"x^2 + y^2 = z^2, as everybody knows", "Rar! he said", "hsqs" + strings.Repeat("text", 40), "070701 is a number", "LZIP is a program", "xar!", "MSCF", "]\x00\x00 and so on and on", "x\x9cabcdefgh",
	} {
		if l := walkAll(t, []byte(text), DefaultLimits()); l.misses > 0 || Is([]byte(text)) {
			t.Errorf("%q is taken for an archive: %v", text, l.missed)
		}
	}
}

// Whatever is broken costs what it is in and nothing else, in bounded memory.
func TestRarerDamage(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	whole := [][]byte{packRPM(t, samples()...), packCpio(odcMagic)(t, samples()...), packCpio(crcMagic)(t, samples()...), packLzip(t, noise(8, 5000)), packLZMA(t, noise(8, 5000), true), packPDF(t, "/FlateDecode", noise(8, 5000)), packZlib(6)(t, noise(8, 5000))}
	for _, data := range whole {
		for range 60 {
			bad := bytes.Clone(data)
			for range 1 + rnd.IntN(4) {
				bad[rnd.IntN(min(len(bad), 2000))] = byte(rnd.IntN(256))
			}
			l, memory := forgetful(t, bad[:1+rnd.IntN(len(bad))], DefaultLimits())
			if memory > 2*maxMemory {
				t.Fatalf("%d bytes of memory", memory)
			}
			for _, why := range l.missed {
				if errors.Is(why, ErrCrashed) {
					t.Fatal(why)
				}
			}
		}
	}
}
