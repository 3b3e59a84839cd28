package odb_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// shapes are the ways in which one history can be stored.
var shapes = map[string]func(t *testing.T, dir string){
	"one pack": func(t *testing.T, dir string) {
		git(t, dir, nil, "repack", "-adfq", "--depth=200", "--window=20")
	},
	"named deltas": func(t *testing.T, dir string) {
		git(t, dir, nil, "-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50")
	},
	"loose": unpackAll,
	"loose, not compressed": func(t *testing.T, dir string) {
		git(t, dir, nil, "config", "core.compression", "0")
		unpackAll(t, dir)
	},
	"not compressed": func(t *testing.T, dir string) {
		git(t, dir, nil, "-c", "pack.compression=0", "repack", "-adfFq")
	},
	"packs that overlap": func(t *testing.T, dir string) {
		git(t, dir, nil, "repack", "-adfq")
		var names strings.Builder
		for h := range list(t, dir) {
			if h.Bytes()[0]%2 == 0 {
				fmt.Fprintln(&names, h)
			}
		}
		git(t, dir, []byte(names.String()), "pack-objects", "-q", filepath.Join(dir, "objects/pack/pack"))
	},
	"packs and loose": func(t *testing.T, dir string) {
		git(t, dir, nil, "repack", "-adfq")
		git(t, dir, history(30, 2), "-c", "fastimport.unpackLimit=10000", "fast-import", "--quiet", "--force")
	},
	"multi-pack-index": func(t *testing.T, dir string) {
		twoPacks(t, dir)
		git(t, dir, nil, "multi-pack-index", "write")
	},
	"index of version 1": func(t *testing.T, dir string) {
		git(t, dir, nil, "repack", "-adfq")
		if filepath.Base(t.Name()) == "sha256" {
			return // there is none for SHA-256
		}
		for _, name := range glob(t, dir, "objects/pack/*.pack") {
			git(t, dir, nil, "index-pack", "--index-version=1", "-o", name+".1", name)
			data, err := os.ReadFile(name + ".1")
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(name + ".1"); err != nil {
				t.Fatal(err)
			}
			writeFile(t, strings.TrimSuffix(name, ".pack")+".idx", data)
		}
	},
	"64-bit offsets": func(t *testing.T, dir string) {
		git(t, dir, nil, "repack", "-adfq")
		for _, name := range glob(t, dir, "objects/pack/*.pack") {
			index := strings.TrimSuffix(name, ".pack") + ".idx"
			if err := os.Remove(index); err != nil {
				t.Fatal(err)
			}
			git(t, dir, nil, "index-pack", "--index-version=2,0x100", "-o", index, name)
		}
	},
}

// unpackAll stores each object in a file of its own.
func unpackAll(t *testing.T, dir string) {
	for _, name := range glob(t, dir, "objects/pack/*.pack") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, old := range glob(t, dir, "objects/pack/*") {
			if err := os.Remove(old); err != nil {
				t.Fatal(err)
			}
		}
		git(t, dir, data, "unpack-objects", "-q")
	}
}

// twoPacks stores the history in two packs.
func twoPacks(t *testing.T, dir string) {
	git(t, dir, nil, "repack", "-adfq")
	git(t, dir, history(10, 2), "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--force")
}

func TestSameAsGit(t *testing.T) {
	for name, shape := range shapes {
		for _, f := range []object.Format{object.SHA1, object.SHA256} {
			t.Run(name+"/"+f.String(), func(t *testing.T) {
				t.Parallel()
				dir := newRepo(t, f, 60)
				shape(t, dir)
				check(t, dir, list(t, dir), odb.Options{Format: f})
			})
		}
	}
}

func TestMultiPackIndexAlone(t *testing.T) {
	t.Parallel()
	// Where packs overlap, the index tells of an object in one of them only,
	// so that bases in the other have no names.
	for i, shape := range []string{"multi-pack-index", "packs that overlap", "named deltas"} {
		f := []object.Format{object.SHA1, object.SHA256}[i%2]
		dir := newRepo(t, f, 60)
		shapes[shape](t, dir)
		git(t, dir, nil, "multi-pack-index", "write")
		want := list(t, dir)
		for _, name := range glob(t, dir, "objects/pack/*.idx") {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		check(t, dir, want, odb.Options{Format: f})
	}
}

func TestLargeBlobs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q", "--bare", ".")
	noise := make([]byte, odb.LargeBlob+1000)
	if _, err := rand.Read(noise[:len(noise)/4]); err != nil {
		t.Fatal(err)
	}
	contents := [][]byte{
		noise, append(noise, "one more line"...),
		{}, []byte("x"),
	}
	var names strings.Builder
	for _, content := range contents {
		names.WriteString(git(t, dir, content, "hash-object", "-w", "--stdin"))
	}
	t.Run("loose", func(t *testing.T) {
		if got, errs := blobs(t, open(t, dir, odb.Options{}), nil); len(got) != len(contents) || len(errs) != 0 {
			t.Errorf("Blobs delivers %d blobs of %d, errors %v", len(got), len(contents), errs)
		}
	})
	t.Run("packed", func(t *testing.T) {
		git(t, dir, []byte(names.String()), "pack-objects", "-q", "--window=10", filepath.Join(dir, "objects/pack/pack"))
		git(t, dir, nil, "prune-packed", "-q")
		check(t, dir, list(t, dir), odb.Options{})
	})
	t.Run("beyond the limit", func(t *testing.T) {
		db := open(t, dir, odb.Options{MaxObject: 1 << 20})
		got, errs := blobs(t, db, nil)
		// What is stored whole comes as a stream; the deltas of it can't be had.
		if len(got) < 3 || len(got)+len(errs) != len(contents) || len(errs) == 0 {
			t.Errorf("Blobs delivers %d blobs and %d errors of %d", len(got), len(errs), len(contents))
		}
		for _, err := range errs {
			if !errors.Is(err, odb.ErrTooLarge) {
				t.Errorf("Blobs: %v; want ErrTooLarge", err)
			}
		}
		for name := range strings.Lines(names.String()) {
			h := hash(t, name)
			_, size, err := db.Stat(h)
			if err != nil {
				t.Errorf("Stat(%v): %v", h, err)
			}
			if _, _, err := db.Read(h); (size > 1<<20) != errors.Is(err, odb.ErrTooLarge) {
				t.Errorf("Read(%v) of %d bytes: %v", h, size, err)
			}
		}
	})
}

func TestMissing(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, object.SHA1, 5)
	absent := hash(t, strings.Repeat("ab", 20))
	db := open(t, dir, odb.Options{})
	calls := map[string]func() error{
		"Read":   func() error { _, _, err := db.Read(absent); return err },
		"Stat":   func() error { _, _, err := db.Stat(absent); return err },
		"Stream": func() error { _, _, _, err := db.Stream(absent); return err },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, odb.ErrMissing) || errors.Is(err, odb.ErrPromised) || !strings.Contains(fmt.Sprint(err), absent.String()) {
			t.Errorf("%s of a missing object: %v", name, err)
		}
	}
	for _, h := range []object.Hash{absent, {}, hash(t, strings.Repeat("0", 40)), hash(t, strings.Repeat("ab", 32))} {
		if db.Has(h) {
			t.Errorf("Has(%v) = true", h)
		}
		if _, _, err := db.Read(h); !errors.Is(err, odb.ErrMissing) {
			t.Errorf("Read(%v): %v", h, err)
		}
	}
}

func TestPromised(t *testing.T) {
	t.Parallel()
	from := newRepo(t, object.SHA1, 20)
	git(t, from, nil, "config", "uploadpack.allowFilter", "true")
	to := filepath.Join(t.TempDir(), "clone")
	git(t, from, nil, "clone", "-q", "--bare", "--filter=blob:none", "--no-local", "file://"+from, to)
	db := open(t, to, odb.Options{})
	promised := 0
	for h, s := range list(t, from) {
		_, _, err := db.Read(h)
		if s.kind != "blob" {
			if err != nil {
				t.Errorf("Read(%v), a %s: %v", h, s.kind, err)
			}
			continue
		}
		promised++
		if !errors.Is(err, odb.ErrPromised) || !errors.Is(err, odb.ErrMissing) {
			t.Errorf("Read(%v), a blob: %v; want ErrPromised", h, err)
		}
	}
	if promised == 0 {
		t.Error("the repository has no blobs")
	}
}

func TestAbbrev(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, object.SHA1, 60)
	git(t, dir, nil, "repack", "-adfq")
	git(t, dir, history(30, 2), "-c", "fastimport.unpackLimit=10000", "fast-import", "--quiet", "--force")
	db := open(t, dir, odb.Options{})
	for h := range list(t, dir) {
		for _, n := range []int{4, 5, 7, 12, 39, 40} {
			prefix := h.String()[:n]
			want := strings.Fields(git(t, dir, nil, "rev-parse", "--disambiguate="+prefix))
			got, err := db.Abbrev(strings.ToUpper(prefix))
			if err != nil || len(got) != len(want) {
				t.Fatalf("Abbrev(%s) = %v, %v; git says %v", prefix, got, err, want)
			}
			for i := range got {
				if got[i].String() != want[i] {
					t.Errorf("Abbrev(%s) = %v; git says %v", prefix, got, want)
				}
			}
		}
		if h.Bytes()[0] > 16 {
			break // enough, git takes its time
		}
	}
	for _, bad := range []string{"", "abc", "xyz12", "abcd/", strings.Repeat("a", 41)} {
		if got, err := db.Abbrev(bad); err == nil {
			t.Errorf("Abbrev(%q) = %v, want an error", bad, got)
		}
	}
}

func TestBlobsKeepsWhatIsWanted(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, object.SHA1, 120)
	git(t, dir, nil, "repack", "-adfq", "--depth=100")
	keep := func(h object.Hash) bool { return h.Bytes()[0]%7 == 0 }
	want := 0
	for h, s := range list(t, dir) {
		if s.kind == "blob" && keep(h) {
			want++
		}
	}
	got, errs := blobs(t, open(t, dir, odb.Options{}), keep)
	if len(got) != want || len(errs) != 0 || want == 0 {
		t.Errorf("Blobs delivers %d blobs, want %d; errors %v", len(got), want, errs)
	}
	for h := range got {
		if !keep(h) {
			t.Errorf("Blobs delivers %v", h)
		}
	}
}

func TestBlobsEnds(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, object.SHA1, 60)
	db := open(t, dir, odb.Options{})
	enough := errors.New("enough")
	if err := db.Blobs(context.Background(), 2, nil, func(odb.Blob) error { return enough }); err != enough {
		t.Errorf("Blobs = %v, want the callback's error", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := db.Blobs(ctx, 1, nil, func(odb.Blob) error { n++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Blobs = %v, want that it was cancelled", err)
	}
	if n > 2 {
		t.Errorf("Blobs went on for %d blobs after it was cancelled", n)
	}
}

// TestBuiltin reads the empty objects of a repository that doesn't store them, of which git reads the tree too.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	for _, f := range []object.Format{object.SHA1, object.SHA256} {
		dir := t.TempDir()
		git(t, dir, nil, "init", "-q", "--bare", "--object-format="+f.String())
		db := open(t, dir, odb.Options{Format: f})
		for _, kind := range []object.Kind{object.KindTree, object.KindBlob, object.KindCommit} {
			h := f.Name(kind, nil)
			is, data, err := db.Read(h)
			stat, size, statErr := db.Stat(h)
			stream, _, r, streamErr := db.Stream(h)
			if kind == object.KindCommit {
				if !errors.Is(err, odb.ErrMissing) || !errors.Is(statErr, odb.ErrMissing) || !errors.Is(streamErr, odb.ErrMissing) {
					t.Errorf("%v %v: %v, %v, %v", f, kind, err, statErr, streamErr)
				}
				continue
			}
			if err != nil || statErr != nil || streamErr != nil || is != kind || stat != kind || stream != kind || len(data)+int(size) > 0 {
				t.Errorf("%v %v: %v, %v, %v", f, kind, err, statErr, streamErr)
				continue
			}
			if data, err := io.ReadAll(r); len(data) > 0 || err != nil {
				t.Errorf("%v %v: %d bytes, %v", f, kind, len(data), err)
			}
			if kind == object.KindBlob {
				continue // which git would fetch
			}
			if says := strings.TrimSpace(string(git(t, dir, nil, "cat-file", "-t", h.String()))); says != kind.String() {
				t.Errorf("%v %v: git says %s", f, kind, says)
			}
		}
	}
}
