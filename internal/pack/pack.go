// Package pack packs one content into archives and compressed files of every format, for
// the tests of what looks into them.
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

// A Format is a way to pack.
type Format struct {
	Name string
	// Entry is what the content is called inside: the name it was given, or that of the
	// format where it holds one content without a name.
	Entry func(name string) string
	Pack  func(t testing.TB, name string, data []byte) []byte
}

// Formats returns the formats, those that need a program only where that is installed. An
// archive has the content between two others.
func Formats() []Format {
	named := func(name string) string { return name }
	all := []Format{
		{"zip", named, inZip(zip.Deflate)}, {"stored zip", named, inZip(zip.Store)}, {"tar", named, inTar}, {"ar", named, inAr},
	}
	for _, c := range []struct {
		name  string
		begin func(io.Writer) (io.WriteCloser, error)
	}{
		{"gzip", func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.BestSpeed) }},
		{"stored gzip", func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.NoCompression) }},
		{"zstd", func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<17))
		}},
		{"xz", func(w io.Writer) (io.WriteCloser, error) { return xz.WriterConfig{DictCap: 1 << 16}.NewWriter(w) }},
		{"lz4", func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil }},
	} {
		format := c.name[strings.LastIndexByte(c.name, ' ')+1:]
		all = append(all, Format{c.name, func(string) string { return format }, func(t testing.TB, _ string, data []byte) []byte {
			return compressed(t, c.begin, data)
		}})
	}
	if _, err := exec.LookPath("bzip2"); err == nil {
		all = append(all, Format{"bzip2", func(string) string { return "bzip2" }, func(t testing.TB, _ string, data []byte) []byte {
			c := exec.Command("bzip2", "-c")
			c.Stdin = bytes.NewReader(data)
			out, err := c.Output()
			must(t, err)
			return out
		}})
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func compressed(t testing.TB, begin func(io.Writer) (io.WriteCloser, error), data []byte) []byte {
	var b bytes.Buffer
	w, err := begin(&b)
	must(t, err)
	_, err = w.Write(data)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// others is what stands before and behind the content in an archive.
func others() []byte { return []byte(strings.Repeat("nothing of note\n", 100)) }

func inZip(method uint16) func(testing.TB, string, []byte) []byte {
	return func(t testing.TB, name string, data []byte) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, n := range []string{"a", name, "z"} {
			e, err := w.CreateHeader(&zip.FileHeader{Name: n, Method: method})
			must(t, err)
			_, err = e.Write(content(n, name, data))
			must(t, err)
		}
		must(t, w.Close())
		return b.Bytes()
	}
}

func inTar(t testing.TB, name string, data []byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, n := range []string{"a", name, "z"} {
		d := content(n, name, data)
		must(t, w.WriteHeader(&tar.Header{Name: n, Size: int64(len(d)), Mode: 0o600}))
		_, err := w.Write(d)
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

func inAr(_ testing.TB, name string, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("!<arch>\n")
	for _, n := range []string{"a", name, "z"} {
		d := content(n, name, data)
		fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", n+"/", 0, 0, 0, 0o644, len(d))
		b.Write(d)
		if len(d)%2 == 1 {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// content is data for the entry called name, and nothing of note for the others.
func content(entry, name string, data []byte) []byte {
	if entry == name {
		return data
	}
	return others()
}
