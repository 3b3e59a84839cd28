package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"testing"

	"github.com/bbkeys/bbkeys/internal/pack"
)

// A file is an entry to pack.
type file struct {
	name string
	data []byte
}

// containers pack files, and name them.
func containers() map[string]func(testing.TB, ...file) []byte {
	all := map[string]func(testing.TB, ...file) []byte{
		"cpio": packCpio(newcMagic), "cpio with sums": packCpio(crcMagic), "cpio of POSIX": packCpio(odcMagic), "rpm": packRPM,
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

// packed are files as package pack wants them.
func packed(files []file) []pack.File {
	var all []pack.File
	for _, f := range files {
		all = append(all, pack.File{Name: f.name, Data: f.data})
	}
	return all
}

// compressors pack one content, by the name of their format.
func compressors() map[string]func(testing.TB, []byte) []byte {
	all := pack.Compressors()
	all["lzip"] = packLzip
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func packZip(t testing.TB, method uint16, files ...file) []byte {
	if method == zip.Store || method == zip.Deflate {
		return pack.Zip(t, method, packed(files)...)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files { // those that can't tell their own end have sizes
		raw(t, w, method, f)
	}
	must(t, w.Close())
	return b.Bytes()
}

// raw adds a file with its sizes before it.
func raw(t testing.TB, w *zip.Writer, method uint16, f file) {
	body := f.data
	switch method {
	case byZstd:
		body = compressors()["zstd"](t, f.data)
	case byXZ:
		body = compressors()["xz"](t, f.data)
	}
	e, err := w.CreateRaw(&zip.FileHeader{
		Name: f.name, Method: method, CRC32: crc32.ChecksumIEEE(f.data),
		CompressedSize64: uint64(len(body)), UncompressedSize64: uint64(len(f.data)),
	})
	must(t, err)
	_, err = e.Write(body)
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
	return pack.Tar(t, format, packed(files)...)
}

func packAr(_ testing.TB, files ...file) []byte { return pack.Ar(packed(files)...) }
