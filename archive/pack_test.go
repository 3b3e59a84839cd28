package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"os/exec"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// A file is an entry to pack.
type file struct {
	name string
	data []byte
}

// containers pack files, and name them.
func containers() map[string]func(testing.TB, ...file) []byte {
	all := map[string]func(testing.TB, ...file) []byte{
		"ar": packAr, "zip of known sizes": packSized, "7z": packSeven(false), "7z of a packed directory": packSeven(true),
	}
	for _, method := range []uint16{zip.Store, zip.Deflate, byZstd, byXZ} {
		all[fmt.Sprintf("zip of method %d", method)] = func(t testing.TB, files ...file) []byte { return packZip(t, method, files...) }
	}
	for _, format := range []tar.Format{tar.FormatUSTAR, tar.FormatPAX, tar.FormatGNU} {
		all["tar of "+format.String()] = func(t testing.TB, files ...file) []byte { return packTar(t, format, files...) }
	}
	return all
}

// compressors pack one content, by the name of their format.
func compressors() map[string]func(testing.TB, []byte) []byte {
	all := map[string]func(testing.TB, []byte) []byte{
		"gzip": compress(func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }),
		"zstd": compress(func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<17))
		}),
		"xz":  compress(func(w io.Writer) (io.WriteCloser, error) { return smallXZ(w) }),
		"lz4": compress(func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil }),
	}
	if _, err := exec.LookPath("bzip2"); err == nil {
		all["bzip2"] = func(t testing.TB, data []byte) []byte { return run(t, data, "bzip2", "-c") }
	}
	return all
}

// smallXZ writes with a dictionary that costs little to make.
func smallXZ(w io.Writer) (io.WriteCloser, error) {
	return xz.WriterConfig{DictCap: 1 << 16}.NewWriter(w)
}

func compress(begin func(io.Writer) (io.WriteCloser, error)) func(testing.TB, []byte) []byte {
	return func(t testing.TB, data []byte) []byte {
		var b bytes.Buffer
		w, err := begin(&b)
		must(t, err)
		_, err = w.Write(data)
		must(t, err)
		must(t, w.Close())
		return b.Bytes()
	}
}

func run(t testing.TB, in []byte, name string, args ...string) []byte {
	t.Helper()
	c := exec.Command(name, args...)
	c.Stdin = bytes.NewReader(in)
	out, err := c.Output()
	must(t, err)
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func packZip(t testing.TB, method uint16, files ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(byZstd, func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<17))
	})
	w.RegisterCompressor(byXZ, func(w io.Writer) (io.WriteCloser, error) { return smallXZ(w) })
	for _, f := range files {
		if method != zip.Store && method != zip.Deflate { // those that can't tell their own end have sizes
			raw(t, w, method, f)
			continue
		}
		e, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: method})
		must(t, err)
		_, err = e.Write(f.data)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

// raw adds a file with its sizes before it.
func raw(t testing.TB, w *zip.Writer, method uint16, f file) {
	packed := f.data
	switch method {
	case byZstd:
		packed = compressors()["zstd"](t, f.data)
	case byXZ:
		packed = compressors()["xz"](t, f.data)
	}
	e, err := w.CreateRaw(&zip.FileHeader{
		Name: f.name, Method: method, CRC32: crc32.ChecksumIEEE(f.data),
		CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(len(f.data)),
	})
	must(t, err)
	_, err = e.Write(packed)
	must(t, err)
}

func packSized(t testing.TB, files ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		raw(t, w, zip.Store, f)
	}
	must(t, w.SetComment("a comment"))
	must(t, w.Close())
	return b.Bytes()
}

func packTar(t testing.TB, format tar.Format, files ...file) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		must(t, w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o644, Format: format, Typeflag: tar.TypeReg}))
		_, err := w.Write(f.data)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func packAr(_ testing.TB, files ...file) []byte {
	var b bytes.Buffer
	b.WriteString(arMagic)
	for _, f := range files {
		fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", f.name+"/", 0, 0, 0, 0o644, len(f.data))
		b.Write(f.data)
		if len(f.data)%2 == 1 {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}
