package odb_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// lend makes a repository below dir with one blob of its own.
func lend(t *testing.T, dir, text string) object.Hash {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	git(t, dir, nil, "init", "-q", "--bare", ".")
	return hash(t, git(t, dir, []byte(text), "hash-object", "-w", "--stdin"))
}

// borrow writes info/alternates.
func borrow(t *testing.T, dir string, lines ...string) {
	t.Helper()
	writeFile(t, filepath.Join(dir, "objects/info/alternates"), []byte(strings.Join(lines, "\n")+"\n"))
}

func TestAlternates(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	a, b, c := filepath.Join(top, "a"), filepath.Join(top, "b"), filepath.Join(top, "odd \"name")
	inA, inB, inC := lend(t, a, "in a"), lend(t, b, "in b"), lend(t, c, "in c")
	borrow(t, a, "# a comment", "", "../../b/objects")
	borrow(t, b, fmt.Sprintf("%q", c+"/objects"), a+"/objects", "../objects") // circles
	git(t, c, nil, "repack", "-adq")

	db := open(t, a, odb.Options{AlternatesWithin: top})
	for _, h := range []object.Hash{inA, inB, inC} {
		if !db.Has(h) {
			t.Errorf("%v is missing", h)
		}
	}
	if got, errs := blobs(t, db, nil); len(got) != 3 || len(errs) != 0 {
		t.Errorf("Blobs delivers %d blobs, %v", len(got), errs)
	}
	check(t, a, list(t, a), odb.Options{AlternatesWithin: "/"})

	for _, within := range []string{"", a} {
		db := openAnyway(t, a, odb.Options{AlternatesWithin: within})
		if notes := db.Notes(); len(notes) != 1 || !strings.Contains(notes[0].Error(), "outside") {
			t.Errorf("within %q: notes %v", within, notes)
		}
		if db.Has(inB) || !db.Has(inA) {
			t.Errorf("within %q: reads the wrong directories", within)
		}
	}
	db = openAnyway(t, a, odb.Options{})
	for range 2 {
		if err := db.Add(filepath.Join(b, "objects")); err != nil {
			t.Fatal(err)
		}
		if !db.Has(inA) || !db.Has(inB) || db.Has(inC) {
			t.Error("a further directory isn't read, or its alternates are")
		}
	}
	if err := db.Add(filepath.Join(b, "nowhere")); err == nil || !db.Has(inB) {
		t.Errorf("a directory that isn't there: %v", err)
	}
}

func TestAlternatesAreBounded(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	var last object.Hash
	for i := range 9 {
		dir := filepath.Join(top, fmt.Sprint(i))
		last = lend(t, dir, fmt.Sprint("in ", i))
		borrow(t, dir, fmt.Sprintf("../../%d/objects", i+1))
	}
	db := openAnyway(t, filepath.Join(top, "0"), odb.Options{AlternatesWithin: top})
	if db.Has(last) || len(db.Notes()) != 1 {
		t.Errorf("notes %v", db.Notes())
	}

	lost := filepath.Join(top, "lost")
	lend(t, lost, "lost")
	borrow(t, lost, "../../nowhere/objects", "info", strings.Repeat("x", 300))
	link := filepath.Join(lost, "objects/link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	borrow(t, lost, "../../nowhere/objects", link)
	db = openAnyway(t, lost, odb.Options{AlternatesWithin: top})
	if notes := db.Notes(); len(notes) != 2 || !strings.Contains(notes[1].Error(), "outside") {
		t.Errorf("notes %v", notes)
	}
}

// TestLinksOut has parts of the database that are links to elsewhere.
func TestLinksOut(t *testing.T) {
	t.Parallel()
	out := newRepo(t, object.SHA1, 30)
	twoPacks(t, out)
	secret := hash(t, git(t, out, []byte("a file of the host"), "hash-object", "-w", "--stdin"))
	for _, part := range []string{"objects/pack", "objects/" + secret.String()[:2], "objects/pack/*.pack", "objects/pack/*.idx"} {
		t.Run(part, func(t *testing.T) {
			dir := t.TempDir()
			git(t, dir, nil, "init", "-q", "--bare", ".")
			if err := os.Remove(filepath.Join(dir, "objects/pack")); err != nil {
				t.Fatal(err)
			}
			for _, from := range glob(t, out, part) {
				to := filepath.Join(dir, strings.TrimPrefix(from, out))
				if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(from, to); err != nil {
					t.Fatal(err)
				}
				index := strings.TrimSuffix(from, ".pack") + ".idx"
				if data, err := os.ReadFile(index); err == nil && index != from {
					writeFile(t, filepath.Join(dir, strings.TrimPrefix(index, out)), data)
				}
			}
			db := openAnyway(t, dir, odb.Options{})
			for h := range list(t, out) {
				if _, _, err := db.Read(h); err == nil {
					t.Fatalf("%v was read from outside", h)
				}
			}
			got, errs := blobs(t, db, nil)
			if len(got) != 0 || len(errs)+len(db.Notes()) == 0 {
				t.Errorf("Blobs delivers %d blobs; errors %v, notes %v", len(got), errs, db.Notes())
			}
		})
	}
	t.Run("objects", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Symlink(filepath.Join(out, "objects"), filepath.Join(dir, "objects")); err != nil {
			t.Fatal(err)
		}
		if db, err := odb.Open(filepath.Join(dir, "objects"), odb.Options{}); err == nil || !strings.Contains(err.Error(), "outside") {
			t.Errorf("Open = %v, %v", db, err)
		}
		open(t, dir, odb.Options{AlternatesWithin: "/"})
	})
}

// TestPipes has named pipes where files should be, which nobody will write to.
func TestPipes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newCraft(object.SHA1)
	h, _ := c.blob([]byte("x"))
	c.write(t, dir, "pack-1")
	if err := os.MkdirAll(filepath.Join(dir, "objects/ee"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"pack/pack-1.pack", "pack/pack-2.idx", "info/alternates", "pack/multi-pack-index", "ee/" + name(1).String()[2:]} {
		writeFile(t, filepath.Join(dir, "objects", file), nil)
		if err := os.Remove(filepath.Join(dir, "objects", file)); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(filepath.Join(dir, "objects", file), 0o644); err != nil {
			t.Skipf("no named pipes here: %v", err)
		}
	}
	db := openAnyway(t, dir, odb.Options{})
	if len(db.Notes()) < 3 || db.Has(h) {
		t.Errorf("notes %v", db.Notes())
	}
	if _, _, err := db.Read(name(1)); err == nil {
		t.Error("a pipe was read as an object")
	}
	if got, errs := blobs(t, db, nil); len(got) != 0 || len(errs) != 1 {
		t.Errorf("Blobs delivers %v, %v", got, errs)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "file"), nil)
	for _, bad := range []string{"absent", "file"} {
		if db, err := odb.Open(filepath.Join(dir, bad), odb.Options{}); err == nil {
			t.Errorf("Open(%s) = %v", bad, db)
		}
	}
	if db, err := odb.Open(dir, odb.Options{AlternatesWithin: filepath.Join(dir, "absent")}); err == nil {
		t.Errorf("Open with a bound that isn't there = %v", db)
	}
}
