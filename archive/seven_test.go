package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ulikunitz/xz/lzma"
)

// number spells a number as a 7z does, in as many bytes as it may take.
func number(n int) []byte { return binary.LittleEndian.AppendUint64([]byte{0xff}, uint64(n)) }

func sevenLZMA2Of(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	w, err := lzma.Writer2Config{DictCap: 1 << 16}.NewWriter2(&b)
	must(t, err)
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// streamsOf is what a directory says of one folder packed with LZMA2.
func streamsOf(at int, packed []byte, content []byte, sum bool) []byte {
	var b bytes.Buffer
	b.Write([]byte{kindPackInfo})
	b.Write(number(at))
	b.Write([]byte{1, kindSize})
	b.Write(number(len(packed)))
	b.Write([]byte{kindEnd, kindUnpackInfo, kindFolder, 1, 0, 1, 0x21, sevenLZMA2[0], 1, 8, kindUnpackSize})
	b.Write(number(len(content)))
	if sum {
		b.Write([]byte{kindSum, 1})
		b.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(content)))
	}
	b.WriteByte(kindEnd)
	return b.Bytes()
}

// packSeven packs files as one, and the directory too where it is to be encoded.
func packSeven(encoded bool) func(testing.TB, ...file) []byte {
	return func(t testing.TB, files ...file) []byte {
		var content, sizes, sums, names bytes.Buffer
		empty := make([]byte, (len(files)+7)/8)
		full := 0
		for i, f := range files {
			for _, c := range utf16.Encode([]rune(f.name + "\x00")) {
				names.Write([]byte{byte(c), byte(c >> 8)})
			}
			if len(f.data) == 0 {
				empty[i/8] |= 0x80 >> (i % 8)
				continue
			}
			if full++; full > 1 {
				sizes.Write(number(len(last(files[:i]))))
			}
			content.Write(f.data)
			sums.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(f.data)))
		}
		packed := sevenLZMA2Of(t, content.Bytes())
		var d bytes.Buffer
		d.Write([]byte{kindHeader, kindStreams})
		d.Write(streamsOf(0, packed, content.Bytes(), false))
		d.Write([]byte{kindSubStreams, kindNumSubStreams})
		d.Write(number(full))
		d.WriteByte(kindSize)
		d.Write(sizes.Bytes())
		d.Write([]byte{kindSum, 1})
		d.Write(sums.Bytes())
		d.Write([]byte{kindEnd, kindEnd, kindFiles})
		d.Write(number(len(files)))
		d.WriteByte(kindEmptyStream)
		d.Write(number(len(empty)))
		d.Write(empty)
		d.WriteByte(kindNames)
		d.Write(number(names.Len() + 1))
		d.WriteByte(0)
		d.Write(names.Bytes())
		d.Write([]byte{kindEnd, kindEnd})
		directory := d.Bytes()
		if encoded {
			head := sevenLZMA2Of(t, directory)
			directory = append([]byte{kindEncodedHeader}, streamsOf(len(packed), head, directory, true)...)
			directory = append(directory, kindEnd)
			packed = append(packed, head...)
		}
		return signed(packed, directory)
	}
}

// last is the last of what has content.
func last(files []file) []byte {
	for i := len(files) - 1; i >= 0; i-- {
		if len(files[i].data) > 0 {
			return files[i].data
		}
	}
	return nil
}

// signed puts the signature before what is packed and the directory behind it.
func signed(packed, directory []byte) []byte {
	le := binary.LittleEndian
	head := le.AppendUint64(nil, uint64(len(packed)))
	head = le.AppendUint64(head, uint64(len(directory)))
	head = le.AppendUint32(head, crc32.ChecksumIEEE(directory))
	all := append([]byte(sevenMagic), 0, 4)
	all = le.AppendUint32(all, crc32.ChecksumIEEE(head))
	return append(append(append(all, head...), packed...), directory...)
}

// What 7-Zip itself writes is read as it reads it.
func TestSevenZip(t *testing.T) {
	program := ""
	for _, name := range []string{"7zz", "7z", "7za", "7zr"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		t.Skip("no 7-Zip is installed; what this package's tests pack themselves is tested all the same")
	}
	dir := t.TempDir()
	contents := map[string][]byte{}
	for _, f := range samples() {
		path := filepath.Join(dir, "in", f.name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, f.data, 0o644))
		if len(f.data) > 0 {
			contents[f.name] = f.data
		}
	}
	for name, args := range map[string][]string{
		"default": nil, "LZMA": {"-m0=LZMA"}, "bzip2": {"-m0=BZip2"}, "deflate": {"-m0=Deflate"}, "copy": {"-m0=Copy"},
		"x86": {"-m0=BCJ", "-m1=LZMA2"}, "each for itself": {"-ms=off"}, "plain directory": {"-mhc=off"}, "ultra": {"-mx=9"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.7z")
			c := exec.Command(program, append(append([]string{"a", "-bd", "-mmt=1"}, args...), out, ".")...)
			c.Dir = filepath.Join(dir, "in")
			if text, err := c.CombinedOutput(); err != nil {
				t.Skipf("7-Zip does not write that: %v, %s", err, text)
			}
			data, err := os.ReadFile(out)
			must(t, err)
			walkAll(t, data, DefaultLimits()).want(t, data, contents)
		})
	}
	for name, args := range map[string][]string{"files": {"-psecret"}, "names": {"-psecret", "-mhe=on"}} {
		out := filepath.Join(t.TempDir(), "out.7z")
		c := exec.Command(program, append(append([]string{"a", "-bd"}, args...), out, "a.txt")...)
		c.Dir = filepath.Join(dir, "in")
		must(t, c.Run())
		data, err := os.ReadFile(out)
		must(t, err)
		for way, why := range walkAll(t, data, DefaultLimits()).missed {
			if !errors.Is(why, ErrEncrypted) || way != "" && way != "a.txt" {
				t.Errorf("%s are encrypted: %q: %v", name, way, why)
			}
		}
	}
}

// A directory that claims much gets little.
func TestSevenClaims(t *testing.T) {
	many := append([]byte{kindHeader, kindFiles}, number(200_000)...)
	many = append(append(many, kindDummyOfTest), number(200_000)...)
	for name, directory := range map[string][]byte{
		"files":    append(many, make([]byte, 200_000)...),
		"no end":   bytes.Repeat([]byte{kindHeader}, 100),
		"streams":  append([]byte{kindHeader, kindStreams, kindPackInfo}, bytes.Repeat([]byte{0xff}, 60)...),
		"encoded":  append([]byte{kindEncodedHeader}, bytes.Repeat([]byte{0xff}, 60)...),
		"a folder": {kindHeader, kindStreams, kindUnpackInfo, kindFolder, 1, 0, 33},
	} {
		l, memory := forgetful(t, signed(nil, directory), Limits{Depth: 5, Entries: 1000, Bytes: 1 << 30, Ratio: 500})
		if l.misses != 1 || memory > 4<<20 {
			t.Errorf("%s: %v, %d KiB of memory", name, l.missed, memory>>10)
		}
	}
	// One folder that says it holds more than there is, or asks for 4 GiB.
	for name, change := range map[string]func(s []byte){
		"size":       func(s []byte) { copy(s[bytes.IndexByte(s, kindUnpackSize)+1:], "\xff\xff\xff\xff\xff\xff\xff\xff\x0f") },
		"dictionary": func(s []byte) { s[bytes.Index(s, []byte{0x21, 0x21, 1, 8})+3] = 40 },
	} {
		content := noise(1, 1000)
		packed := sevenLZMA2Of(t, content)
		streams := streamsOf(0, packed, content, true)
		change(streams)
		directory := append(append([]byte{kindHeader, kindStreams}, streams...), kindEnd, kindFiles, 1, kindNames, 5, 0, 'n', 0, 0, 0, kindEnd, kindEnd)
		l, memory := forgetful(t, signed(packed, directory), DefaultLimits())
		if name == "size" && l.misses == 0 || memory > 4<<20 {
			t.Errorf("%s: %v, %d KiB of memory", name, l.missed, memory>>10)
		}
	}
}

// kindDummyOfTest is a kind that nobody needs to know.
const kindDummyOfTest = 0x19

func TestSevenDamage(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	data := packSeven(false)(t, samples()[0], file{"b", noise(1, 500)}, file{"c", nil})
	for range 1000 {
		bad := bytes.Clone(data)
		tail := len(bad) - 200 // where the directory is
		for range 1 + rnd.IntN(5) {
			bad[tail+rnd.IntN(200)] = byte(rnd.IntN(256))
		}
		// With the checksums set right, so that it is read.
		le := binary.LittleEndian
		from := signatureSize + int(le.Uint64(bad[12:]))
		le.PutUint32(bad[28:], crc32.ChecksumIEEE(bad[from:]))
		le.PutUint32(bad[8:], crc32.ChecksumIEEE(bad[12:signatureSize]))
		if l := walkAll(t, bad, DefaultLimits()); !bytes.Equal(l.seen[""], bad) || strings.Contains(errors.Join(reasons(l)...).Error(), "crashed") {
			t.Fatalf("%v", l.missed)
		}
	}
}

func reasons(l *log) []error {
	all := []error{errors.New("none")}
	for _, why := range l.missed {
		all = append(all, why)
	}
	return all
}
