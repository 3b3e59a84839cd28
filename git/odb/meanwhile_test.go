package odb_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// TestRepackedMeanwhile has git pack everything anew, and take away what it packed, before a
// pass over the objects, in the midst of the packed ones and in the midst of the loose ones. Each object is
// to be delivered once all the same, and can be read.
func TestRepackedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before", "packed", "loose"} {
		dir := newRepo(t, object.SHA1, 30)
		git(t, dir, nil, "repack", "-adfq")
		packed := list(t, dir)
		git(t, dir, history(30, 2), "-c", "fastimport.unpackLimit=10000", "fast-import", "--quiet", "--force")
		want := list(t, dir)
		db := open(t, dir, odb.Options{})
		repack := sync.OnceFunc(func() { git(t, dir, nil, "repack", "-adfq") })
		if when == "before" {
			repack()
		}
		got := map[object.Hash]int{}
		err := db.Blobs(t.Context(), 1, nil, func(b odb.Blob) error {
			if b.Err != nil {
				t.Error(b.Err)
			}
			got[b.Hash]++
			if _, old := packed[b.Hash]; len(got) > 3 && old == (when == "packed") {
				repack()
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if loose, err := filepath.Glob(filepath.Join(dir, "objects", "??", "*")); err != nil || len(loose) > 0 {
			t.Fatalf("%d objects are still loose, %v", len(loose), err)
		}
		for h, s := range want {
			if n := got[h]; s.kind == "blob" && n != 1 || s.kind != "blob" && n != 0 {
				t.Errorf("packed anew %s: %s %s was delivered %d times", when, s.kind, h, n)
			}
			if _, data, err := db.Read(h); err != nil || int64(len(data)) != s.size {
				t.Errorf("packed anew %s: %s can't be read: %v", when, h, err)
			}
		}
	}
}
