package odb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

// git runs the real git, with no configuration but that of the repository.
func git(t testing.TB, dir string, stdin []byte, args ...string) string {
	t.Helper()
	return realgit.Run(t, dir, string(stdin), args...)
}

// newRepo makes a bare repository with a history of generated files.
func newRepo(t testing.TB, f object.Format, commits int) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q", "--bare", "--object-format="+f.String(), ".")
	git(t, dir, history(commits, 1), "fast-import", "--quiet")
	return dir
}

// history is a fast-import stream: a few files that grow and change from
// commit to commit, so that packs of it have deep delta chains.
func history(commits int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, seed))
	var b bytes.Buffer
	files := make([][]byte, 5)
	for i := range commits {
		message := fmt.Sprintf("change %d of %d", i, seed)
		fmt.Fprintf(&b, "commit refs/heads/main\ncommitter C <c@example.com> %d +0100\ndata %d\n%s\n", 1700000000+i*60, len(message), message)
		for n := range files {
			if r.IntN(3) > 0 && i > 0 {
				continue
			}
			files[n] = edit(r, files[n])
			fmt.Fprintf(&b, "M 100644 inline dir%d/file%d\ndata %d\n%s\n", n%2, n, len(files[n]), files[n])
		}
	}
	fmt.Fprintf(&b, "tag v%d\nfrom refs/heads/main\ntagger C <c@example.com> 1700000000 +0000\ndata 3\ntag\n", seed)
	return b.Bytes()
}

// edit changes a text a little.
func edit(r *rand.Rand, text []byte) []byte {
	line := make([]byte, 0, 80)
	for range 5 + r.IntN(60) {
		line = append(line, "abcdefgh 01234567\t(){}"[r.IntN(22)])
	}
	line = append(line, '\n')
	at := r.IntN(len(text) + 1)
	return append(append(bytes.Clone(text[:at]), line...), text[at:]...)
}

// stored is an object as git lists it.
type stored struct {
	kind string
	size int64
}

// list asks git for all objects.
func list(t testing.TB, dir string) map[object.Hash]stored {
	t.Helper()
	all := make(map[object.Hash]stored)
	for line := range strings.Lines(git(t, dir, nil, "cat-file", "--batch-all-objects", "--batch-check")) {
		var name string
		var s stored
		if _, err := fmt.Sscan(line, &name, &s.kind, &s.size); err != nil {
			t.Fatalf("git cat-file: %q: %v", line, err)
		}
		all[hash(t, name)] = s
	}
	if len(all) == 0 {
		t.Fatal("git lists no objects")
	}
	return all
}

func hash(t testing.TB, name string) object.Hash {
	t.Helper()
	h, err := object.ParseHash(strings.TrimSpace(name))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// open opens the database of a bare repository, which must be whole.
func open(t testing.TB, dir string, o odb.Options) *odb.DB {
	t.Helper()
	db := openAnyway(t, dir, o)
	for _, note := range db.Notes() {
		t.Errorf("open: %v", note)
	}
	return db
}

// openAnyway opens the database of a bare repository that may be damaged.
func openAnyway(t testing.TB, dir string, o odb.Options) *odb.DB {
	t.Helper()
	db, err := odb.Open(filepath.Join(dir, "objects"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// blobs collects what Blobs delivers: the size of each blob and the errors.
func blobs(t testing.TB, db *odb.DB, keep func(object.Hash) bool) (map[object.Hash]int64, []error) {
	t.Helper()
	return collect(t, object.KindBlob, func(each func(odb.Blob) error) error {
		return db.Blobs(context.Background(), 3, keep, each)
	})
}

// trees is blobs for what Trees delivers.
func trees(t testing.TB, db *odb.DB) (map[object.Hash]int64, []error) {
	t.Helper()
	return collect(t, object.KindTree, func(each func(odb.Blob) error) error {
		return db.Objects(context.Background(), 3, object.KindTree, func(tree odb.Object) error {
			return each(odb.Blob{Hash: tree.Hash, Size: int64(len(tree.Data)), Data: tree.Data, Err: tree.Err})
		})
	})
}

// collect collects what a walk over the objects of a kind delivers.
func collect(t testing.TB, kind object.Kind, walk func(func(odb.Blob) error) error) (map[object.Hash]int64, []error) {
	t.Helper()
	var mu sync.Mutex
	sizes := make(map[object.Hash]int64)
	var errs []error
	err := walk(func(b odb.Blob) error {
		data := b.Data
		var failed error
		if b.Reader != nil {
			data, failed = io.ReadAll(b.Reader)
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case b.Err != nil || failed != nil:
			errs = append(errs, errors.Join(b.Err, failed))
			return nil
		case int64(len(data)) != b.Size:
			t.Errorf("%v %v: %d bytes of %d", kind, b.Hash, len(data), b.Size)
		case b.Hash.Format().Name(kind, data) != b.Hash:
			t.Errorf("%v %v holds something else", kind, b.Hash)
		}
		if _, twice := sizes[b.Hash]; twice {
			t.Errorf("%v %v was delivered twice", kind, b.Hash)
		}
		sizes[b.Hash] = b.Size
		return nil
	})
	if err != nil {
		t.Errorf("the walk over every %v: %v", kind, err)
	}
	return sizes, errs
}

// check compares all that a database gives with what git lists.
func check(t testing.TB, dir string, want map[object.Hash]stored, o odb.Options) {
	t.Helper()
	db := open(t, dir, o)
	wanted := map[string]map[object.Hash]int64{"blob": {}, "tree": {}}
	for h, s := range want {
		if wanted[s.kind] != nil {
			wanted[s.kind][h] = s.size
		}
		kind, size, err := db.Stat(h)
		if err != nil || kind.String() != s.kind || size != s.size {
			t.Errorf("Stat(%v) = %v, %d, %v; want %v", h, kind, size, err, s)
		}
		kind, data, err := db.Read(h) // which checks it against its name
		if err != nil || kind.String() != s.kind || int64(len(data)) != s.size {
			t.Errorf("Read(%v) = %v, %d bytes, %v; want %v", h, kind, len(data), err, s)
		}
		kind, size, r, err := db.Stream(h)
		if err != nil {
			t.Errorf("Stream(%v): %v", h, err)
			continue
		}
		streamed, err := io.ReadAll(r)
		if err != nil || kind.String() != s.kind || size != s.size || !bytes.Equal(streamed, data) {
			t.Errorf("Stream(%v) = %v, %d, %d bytes, %v; want %v", h, kind, size, len(streamed), err, s)
		}
		if err := r.Close(); err != nil {
			t.Errorf("close stream of %v: %v", h, err)
		}
		if !db.Has(h) {
			t.Errorf("Has(%v) = false", h)
		}
	}
	gotBlobs, errs := blobs(t, db, nil)
	gotTrees, more := trees(t, db)
	for _, err := range append(errs, more...) {
		t.Errorf("a walk: %v", err)
	}
	if !maps.Equal(gotBlobs, wanted["blob"]) || !maps.Equal(gotTrees, wanted["tree"]) {
		t.Errorf("%d blobs and %d trees are delivered, and git lists %d and %d, or other ones",
			len(gotBlobs), len(gotTrees), len(wanted["blob"]), len(wanted["tree"]))
	}
}

// writeFile writes a file, over a read-only one too.
func writeFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// glob is the files that match a pattern below dir, at least one.
func glob(t testing.TB, dir, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no file %s in %s (%v)", pattern, dir, err)
	}
	return names
}

// readAll reads what can be read of a damaged repository.
func readAll(t *testing.T, dir string, all map[object.Hash]stored) {
	t.Helper()
	db, err := odb.Open(filepath.Join(dir, "objects"), odb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	lost := 0
	for h, s := range all {
		kind, data, err := db.Read(h)
		if err != nil {
			lost++
		} else if kind.String() != s.kind || object.SHA1.Name(kind, data) != h {
			t.Errorf("Read(%v) gives something else", h)
		}
		_, _, _ = db.Stat(h) // may be wrong, must end
	}
	_, errs := blobs(t, db, nil) // which checks what it gets
	_, more := trees(t, db)
	if lost > 0 && len(db.Notes()) == 0 {
		silent := map[string]bool{"blob": len(errs) == 0, "tree": len(more) == 0}
		for h, s := range all {
			if _, _, err := db.Read(h); err != nil && silent[s.kind] && !errors.Is(err, odb.ErrMissing) {
				t.Errorf("a walk says nothing of %v, which can't be read: %v", h, err)
			}
		}
	}
}
