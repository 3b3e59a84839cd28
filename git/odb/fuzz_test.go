package odb_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// seeds is the parts of a small repository that is sound.
func seeds(f *testing.F) (pack, index, midx, loose []byte) {
	f.Helper()
	dir := f.TempDir()
	git(f, dir, nil, "init", "-q", "--bare", ".")
	git(f, dir, history(3, 1), "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet")
	git(f, dir, nil, "repack", "-adfq")
	git(f, dir, nil, "multi-pack-index", "write")
	h := hash(f, git(f, dir, []byte("loose"), "hash-object", "-w", "--stdin"))
	read := func(pattern string) []byte {
		data, err := os.ReadFile(glob(f, dir, pattern)[0])
		if err != nil {
			f.Fatal(err)
		}
		return data
	}
	return read("objects/pack/*.pack"), read("objects/pack/*.idx"), read("objects/pack/multi-pack-index"), read("objects/" + h.String()[:2] + "/*")
}

// try reads all that a directory of objects has, whatever that is.
func try(t *testing.T, dir string, names []object.Hash) {
	t.Helper()
	db, err := odb.Open(filepath.Join(dir, "objects"), odb.Options{MaxObject: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, h := range names {
		if kind, data, err := db.Read(h); err == nil && object.SHA1.Name(kind, data) != h {
			t.Errorf("Read(%v) gives something else", h)
		}
		_, _, _ = db.Stat(h)
	}
	blobs(t, db, nil)
}

// resum gives a changed file sums that fit, so that it is looked into.
func resum(file []byte) []byte {
	if len(file) < 20 {
		return file
	}
	sum := object.SHA1.New()
	sum.Write(file[:len(file)-20])
	return sum.Sum(bytes.Clone(file[:len(file)-20]))
}

func FuzzPack(f *testing.F) {
	pack, index, _, _ := seeds(f)
	f.Add(pack, index)
	f.Fuzz(func(t *testing.T, pack, index []byte) {
		dir := t.TempDir()
		pack = resum(pack)
		if len(pack) >= 20 && len(index) >= 40 {
			index = append(bytes.Clone(index[:len(index)-40]), pack[len(pack)-20:]...)
			index = resum(append(index, make([]byte, 20)...))
		}
		if len(pack) >= 32 && len(index) > 8+1024 {
			copy(pack[8:12], index[8+1020:]) // as many objects as the index has
		}
		writeFile(t, filepath.Join(dir, "objects/pack/pack-1.pack"), pack)
		writeFile(t, filepath.Join(dir, "objects/pack/pack-1.idx"), index)
		var names []object.Hash
		for i := 8 + 1024; i+20 <= len(index) && len(names) < 20; i += 20 {
			if h, err := object.HashFromBytes(index[i : i+20]); err == nil {
				names = append(names, h)
			}
		}
		try(t, dir, names)
	})
}

func FuzzMultiPackIndex(f *testing.F) {
	pack, _, midx, _ := seeds(f)
	at := bytes.Index(midx, []byte("pack-"))
	base := string(midx[at : at+len("pack-")+40])
	f.Add(midx)
	f.Fuzz(func(t *testing.T, midx []byte) {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "objects/pack", base+".pack"), pack)
		writeFile(t, filepath.Join(dir, "objects/pack/multi-pack-index"), midx)
		try(t, dir, nil)
	})
}

func FuzzLoose(f *testing.F) {
	_, _, _, loose := seeds(f)
	f.Add(loose)
	f.Add(compress([]byte("tree 0\x00")))
	f.Add(compress([]byte("blob 99999999999\x00x")))
	f.Fuzz(func(t *testing.T, loose []byte) {
		dir := t.TempDir()
		h := object.SHA1.Name(object.KindBlob, []byte("loose"))
		writeFile(t, filepath.Join(dir, "objects", h.String()[:2], h.String()[2:]), loose)
		try(t, dir, []object.Hash{h})
	})
}

// TestIndexLies has indexes whose numbers can't be true.
func TestIndexLies(t *testing.T) {
	t.Parallel()
	lies := map[string]struct {
		why string
		lie func(x []byte) []byte
	}{
		"falls":       {"does not rise", func(x []byte) []byte { binary.BigEndian.PutUint32(x[8:], 1<<30); return x }},
		"4 billion":   {"claims", func(x []byte) []byte { copy(x[8:], bytes.Repeat([]byte{0xff}, 1024)); return x }},
		"version 3":   {"version 3", func(x []byte) []byte { x[7] = 3; return x }},
		"cut off":     {"cut off", func(x []byte) []byte { return x[:900] }},
		"half":        {"claims", func(x []byte) []byte { return x[:len(x)-30] }},
		"empty":       {"cut off", func([]byte) []byte { return nil }},
		"longer":      {"claims", func(x []byte) []byte { return append(x, 1, 2, 3) }},
		"other pack":  {"another pack", func(x []byte) []byte { x[len(x)-30] ^= 1; return x }},
		"one too few": {"objects", func(x []byte) []byte { return nil }},
	}
	for title, test := range lies {
		dir := t.TempDir()
		c := newCraft(object.SHA1)
		h, _ := c.blob([]byte("x"))
		c.write(t, dir, "pack-1")
		file := filepath.Join(dir, "objects/pack/pack-1.idx")
		x, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if title == "one too few" {
			more := newCraft(object.SHA1)
			more.pack, more.names = c.pack, map[object.Hash]int64{}
			pack, err := os.ReadFile(filepath.Join(dir, "objects/pack/pack-1.pack"))
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, file, more.index(pack))
		} else {
			writeFile(t, file, test.lie(x))
		}
		db := openAnyway(t, dir, odb.Options{})
		notes := db.Notes()
		if len(notes) != 1 || !strings.Contains(notes[0].Error(), test.why) || !strings.Contains(notes[0].Error(), "pack-1.pack") {
			t.Errorf("%s: notes %v; want one with %q", title, notes, test.why)
		}
		if db.Has(h) {
			t.Errorf("%s: the index is used", title)
		}
	}
}

// BenchmarkBlobs is one pass over every blob, which is what the history costs before anything
// is looked for, with how much is allocated for each: what a pass takes for itself is in it.
func BenchmarkBlobs(b *testing.B) {
	dir := os.Getenv("ODB_BENCH") // a bare repository; a small one is made if it isn't set
	if dir == "" {
		dir = newRepo(b, object.SHA1, 2000)
		git(b, dir, nil, "repack", "-adfq")
	}
	var count, size atomic.Int64
	look := func(blob odb.Blob) error {
		count.Add(1)
		size.Add(blob.Size)
		if blob.Reader != nil {
			_, err := io.Copy(io.Discard, blob.Reader)
			return err
		}
		return blob.Err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rounds := 0
	for b.Loop() {
		rounds++
		if err := openAnyway(b, dir, odb.Options{}).Blobs(b.Context(), 2, nil, look); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if count.Load() == 0 {
		b.Fatal("there are no blobs")
	}
	b.SetBytes(size.Load() / int64(rounds))
	b.ReportAllocs()
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(count.Load()), "allocs/blob")
}

func BenchmarkRead(b *testing.B) {
	dir := newRepo(b, object.SHA1, 500)
	git(b, dir, nil, "repack", "-adfq")
	db := openAnyway(b, dir, odb.Options{})
	var names []object.Hash
	for h := range list(b, dir) {
		names = append(names, h)
	}
	i := 0
	for b.Loop() {
		if _, _, err := db.Read(names[i%len(names)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
