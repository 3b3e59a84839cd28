// Package pack packs archives and compressed files, for the tests of what looks into them.
package pack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// A File is an entry of an archive.
type File struct {
	Name string
	Data []byte
}

// Compress returns data as what begin returns compresses it.
func Compress(t testing.TB, data []byte, begin func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := begin(&b)
	must(t, err)
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// Compressors returns all compressions by their formats' names, those that need a program
// only where that is installed. Their windows are small, so that it costs little to make many.
func Compressors() map[string]func(testing.TB, []byte) []byte {
	all := map[string]func(testing.TB, []byte) []byte{}
	for name, begin := range map[string]func(io.Writer) (io.WriteCloser, error){
		"gzip": func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
		"zstd": func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<17))
		},
		"xz":  func(w io.Writer) (io.WriteCloser, error) { return xz.WriterConfig{DictCap: 1 << 16}.NewWriter(w) },
		"lz4": func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil },
	} {
		all[name] = func(t testing.TB, data []byte) []byte { return Compress(t, data, begin) }
	}
	if _, err := exec.LookPath("bzip2"); err == nil {
		all["bzip2"] = func(t testing.TB, data []byte) []byte {
			c := exec.Command("bzip2", "-c")
			c.Stdin = bytes.NewReader(data)
			out, err := c.Output()
			must(t, err)
			return out
		}
	}
	return all
}

// Zip returns a zip file with entries that method packs, of those of archive/zip.
func Zip(t testing.TB, method uint16, files ...File) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		e, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: method})
		must(t, err)
		_, err = e.Write(f.Data)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

// Tar returns a tar file of a format.
func Tar(t testing.TB, format tar.Format, files ...File) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		must(t, w.WriteHeader(&tar.Header{Name: f.Name, Size: int64(len(f.Data)), Mode: 0o644, Format: format, Typeflag: tar.TypeReg}))
		_, err := w.Write(f.Data)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

// Ar returns an archive of Unix's ar, with names as System V's writes them.
func Ar(files ...File) []byte {
	var b bytes.Buffer
	b.WriteString("!<arch>\n")
	for _, f := range files {
		fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", f.Name+"/", 0, 0, 0, 0o644, len(f.Data))
		b.Write(f.Data)
		if len(f.Data)%2 == 1 {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// A Format is a way to pack one content.
type Format struct {
	Name string
	// Entry is what the content is called inside: the name it was given, or that of the
	// format where it holds one content without a name.
	Entry func(name string) string
	Pack  func(t testing.TB, name string, data []byte) []byte
}

// Formats returns the formats in a fixed order, those that need a program only where that
// is installed. An archive has the content between two others.
func Formats() []Format {
	archive := func(format string, pack func(testing.TB, ...File) []byte) Format {
		return Format{format, func(name string) string { return name }, func(t testing.TB, name string, data []byte) []byte {
			other := []byte(strings.Repeat("nothing of note\n", 100))
			return pack(t, File{"a", other}, File{name, data}, File{"z", other})
		}}
	}
	inZip := func(method uint16) func(testing.TB, ...File) []byte {
		return func(t testing.TB, files ...File) []byte { return Zip(t, method, files...) }
	}
	all := []Format{
		archive("zip", inZip(zip.Deflate)), archive("stored zip", inZip(zip.Store)),
		archive("tar", func(t testing.TB, files ...File) []byte { return Tar(t, tar.FormatUnknown, files...) }),
		archive("ar", func(_ testing.TB, files ...File) []byte { return Ar(files...) }),
	}
	compressors := Compressors()
	compressors["stored gzip"] = func(t testing.TB, data []byte) []byte {
		return Compress(t, data, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.NoCompression) })
	}
	for _, name := range []string{"gzip", "stored gzip", "zstd", "xz", "lz4", "bzip2"} {
		pack := compressors[name]
		if pack == nil {
			continue
		}
		format := strings.TrimPrefix(name, "stored ")
		all = append(all, Format{name, func(string) string { return format }, func(t testing.TB, _ string, data []byte) []byte { return pack(t, data) }})
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
