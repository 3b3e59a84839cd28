package odb_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
)

// name makes up an object's name.
func name(n int) object.Hash {
	h, err := object.HashFromBytes(append(bytes.Repeat([]byte{0xee}, 16), byte(n>>24), byte(n>>16), byte(n>>8), byte(n)))
	if err != nil {
		panic(err) // it has 20 bytes
	}
	return h
}

// hostile are packs with something wrong in them. Each function puts in an
// object that can't be read and returns its name, and the error says why.
var hostile = map[string]struct {
	why string
	put func(c *craft) object.Hash
}{
	"10 GB": {"larger than the limit", func(c *craft) object.Hash {
		c.entry(name(1), object.KindBlob, 10<<30, nil, compress([]byte("little")))
		return name(1)
	}},
	"60 MB": {"claims 62914560 bytes and has 6", func(c *craft) object.Hash {
		c.entry(name(1), object.KindTree, 60<<20, nil, compress([]byte("little")))
		return name(1)
	}},
	"bomb": {"holds more than the object claims", func(c *craft) object.Hash {
		c.entry(name(1), object.KindBlob, 10, nil, compress(make([]byte, 4<<20)))
		return name(1)
	}},
	"less than claimed": {"claims 7 bytes and has 6", func(c *craft) object.Hash {
		c.entry(name(1), object.KindBlob, 7, nil, compress([]byte("little")))
		return name(1)
	}},
	"not compressed": {"not compressed data", func(c *craft) object.Hash {
		c.entry(name(1), object.KindBlob, 7, nil, []byte("not compressed"))
		return name(1)
	}},
	"another object": {"what is stored there is", func(c *craft) object.Hash {
		c.entry(name(1), object.KindBlob, 6, nil, compress([]byte("little")))
		return name(1)
	}},
	"kind 5": {"kind 5", func(c *craft) object.Hash {
		c.entry(name(1), 5, 6, nil, compress([]byte("little")))
		return name(1)
	}},
	"offset beyond the pack": {"outside the pack", func(c *craft) object.Hash {
		c.names[name(1)] = 1 << 40
		return name(1)
	}},
	"offset in the pack's head": {"outside the pack", func(c *craft) object.Hash {
		c.names[name(1)] = 4
		return name(1)
	}},
	"circle": {"delta of a delta", func(c *craft) object.Hash {
		c.onName(name(1), name(2), delta(1, 1, addOp("x")...))
		c.onName(name(2), name(1), delta(1, 1, addOp("x")...))
		return name(2)
	}},
	"delta of itself": {"delta of a delta", func(c *craft) object.Hash {
		c.onName(name(1), name(1), delta(1, 1, addOp("x")...))
		return name(1)
	}},
	"base missing": {"which is missing", func(c *craft) object.Hash {
		c.onName(name(1), name(2), delta(1, 1, addOp("x")...))
		return name(1)
	}},
	"base before the pack": {"outside the pack", func(c *craft) object.Hash {
		c.entry(name(1), offsetDelta, 4, distance(1<<20), compress([]byte("delt")))
		return name(1)
	}},
	"base at itself": {"outside the pack", func(c *craft) object.Hash {
		c.entry(name(1), offsetDelta, 4, distance(0), compress([]byte("delt")))
		return name(1)
	}},
	"base between objects": {"", func(c *craft) object.Hash {
		_, at := c.blob([]byte("a sound object"))
		c.onOffset(name(1), at+3, delta(14, 1, addOp("x")...))
		return name(1)
	}},
	"delta of 1 GB": {"larger than the limit", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 1<<30, addOp("x")...))
		return name(1)
	}},
	"delta that claims too much": {"can't make so many", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 60<<20, addOp("x")...))
		return name(1)
	}},
	"delta of another base": {"and its base has 4", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(5, 1, addOp("x")...))
		return name(1)
	}},
	"delta copies too much": {"beyond its base", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 4, copyOp(1, 4)...))
		return name(1)
	}},
	"delta makes too much": {"makes more than it claims", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 3, copyOp(0, 4)...))
		return name(1)
	}},
	"delta makes too little": {"makes 4", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 5, copyOp(0, 4)...))
		return name(1)
	}},
	"delta of reserved kind": {"reserved", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 4, 0, 1))
		return name(1)
	}},
	"delta cut off": {"ends inside", func(c *craft) object.Hash {
		_, at := c.blob([]byte("base"))
		c.onOffset(name(1), at, delta(4, 4, 10, 'x'))
		return name(1)
	}},
}

func TestHostilePack(t *testing.T) {
	t.Parallel()
	for title, test := range hostile {
		t.Run(title, func(t *testing.T) {
			dir := t.TempDir()
			c := newCraft(object.SHA1)
			sound, _ := c.blob([]byte("sound"))
			bad := test.put(c)
			after, _ := c.blob([]byte("sound as well"))
			c.write(t, dir, "pack-1")
			db := open(t, dir, odb.Options{})

			for _, h := range []object.Hash{sound, after} {
				if _, _, err := db.Read(h); err != nil {
					t.Errorf("Read of a sound neighbour: %v", err)
				}
			}
			_, _, err := db.Read(bad)
			var corrupt *odb.CorruptError
			if err == nil || !errors.As(err, &corrupt) && !errors.Is(err, odb.ErrTooLarge) || errors.Is(err, odb.ErrMissing) {
				t.Errorf("Read = %v, want a CorruptError or ErrTooLarge", err)
			}
			if !strings.Contains(fmt.Sprint(err), test.why) || !strings.Contains(fmt.Sprint(err), bad.String()) {
				t.Errorf("Read: %v; want it to say %q and the object", err, test.why)
			}
			_, _, _ = db.Stat(bad) // from the head alone, it may be fine
			if _, _, r, err := db.Stream(bad); err == nil {
				if _, err = io.Copy(io.Discard, r); err == nil {
					t.Error("Stream reads it to the end")
				}
			}
			got, errs := blobs(t, db, nil)
			if _, ok := got[sound]; !ok {
				t.Error("Blobs leaves out a sound blob before it")
			}
			if _, ok := got[after]; !ok {
				t.Error("Blobs leaves out a sound blob behind it")
			}
			if _, ok := got[bad]; ok || len(errs) == 0 && title != "60 MB" {
				t.Errorf("Blobs delivers it (%v); errors %v", ok, errs)
			}
		})
	}
}

// TestHostileMemory reads all of the above once more, and counts.
func TestHostileMemory(t *testing.T) {
	dir := t.TempDir()
	for i, title := range slices.Sorted(maps.Keys(hostile)) {
		if title == "circle" || title == "delta of itself" {
			continue // they end at the longest chain, which takes some room
		}
		c := newCraft(object.SHA1)
		hostile[title].put(c)
		c.write(t, dir, fmt.Sprintf("pack-%d", i))
	}
	db := open(t, dir, odb.Options{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 3 {
		blobs(t, db, nil)
		for n := range 4 {
			_, _, _ = db.Read(name(n)) // only what it allocates is of interest
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
		t.Errorf("%d MiB were allocated", n>>20)
	}
}

func TestLongChains(t *testing.T) {
	t.Parallel()
	for _, length := range []int{10_000, 17_000} {
		dir := t.TempDir()
		c := newCraft(object.SHA1)
		text := "first"
		h, at := c.blob([]byte(text))
		for i := range length {
			next := fmt.Sprintf("then %d", i)
			h = object.SHA1.Name(object.KindBlob, []byte(next))
			at = c.onOffset(h, at, delta(len(text), len(next), addOp(next)...))
			text = next
		}
		c.write(t, dir, "pack-1")
		db := open(t, dir, odb.Options{})
		got, errs := blobs(t, db, nil)
		if len(got) != length+1 || len(errs) != 0 {
			t.Errorf("Blobs delivers %d blobs of a chain of %d and %d errors", len(got), length, len(errs))
		}
		_, data, err := db.Read(h)
		switch {
		case length <= 10_000 && (err != nil || string(data) != text):
			t.Errorf("Read at the end of a chain of %d = %q, %v", length, data, err)
		case length > 10_000 && err == nil:
			t.Errorf("Read at the end of a chain of %d has no limit", length)
		}
	}
}

// TestWideTree has deltas with many deltas each, and blobs so large that bases
// have to be let go and put together again.
func TestWideTree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newCraft(object.SHA1)
	big := bytes.Repeat([]byte("0123456789abcdef"), 2<<20/16)
	r := rand.New(rand.NewPCG(1, 2))
	type made struct {
		at   int64
		text []byte
	}
	_, at := c.blob(big)
	all := []made{{at, big}}
	for i := range 40 {
		base := all[r.IntN(min(len(all), 12))]
		line := fmt.Sprintf("line %d\n", i)
		text := append([]byte(line), base.text...)
		h := object.SHA1.Name(object.KindBlob, text)
		at := c.onOffset(h, base.at, delta(len(base.text), len(text), append(addOp(line), copyOp(0, len(base.text))...)...))
		all = append(all, made{at, text})
	}
	c.write(t, dir, "pack-1")
	got, errs := blobs(t, open(t, dir, odb.Options{}), nil)
	if len(got) != len(all) || len(errs) != 0 {
		t.Errorf("Blobs delivers %d blobs, want %d; errors %v", len(got), len(all), errs)
	}
}

// TestOtherCopy damages an object that is stored elsewhere too.
func TestOtherCopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	damaged, sound := newCraft(object.SHA1), newCraft(object.SHA1)
	text := []byte("a base of some length")
	h, _ := sound.blob(text)
	next := []byte("delta")
	onIt := object.SHA1.Name(object.KindBlob, next)
	at := damaged.entry(h, object.KindBlob, int64(len(text)), nil, compress([]byte("a base of same length")))
	damaged.onOffset(onIt, at, delta(len(text), len(next), addOp("delta")...))
	damaged.write(t, dir, "pack-1")
	sound.write(t, dir, "pack-2")
	db := open(t, dir, odb.Options{})
	for _, h := range []object.Hash{h, onIt} {
		if _, _, err := db.Read(h); err != nil {
			t.Errorf("Read: %v", err)
		}
	}
	if got, errs := blobs(t, db, nil); len(got) != 2 || len(errs) != 0 {
		t.Errorf("Blobs delivers %v, %v", got, errs)
	}
}

// TestBaseElsewhere has deltas whose bases are in another pack or loose.
func TestBaseElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	git(t, dir, nil, "init", "-q", "--bare", ".")
	loose := hash(t, git(t, dir, []byte("loose base"), "hash-object", "-w", "--stdin"))
	one, two := newCraft(object.SHA1), newCraft(object.SHA1)
	packed, _ := one.blob([]byte("packed base"))
	want := []object.Hash{loose, packed}
	for _, base := range []struct {
		h object.Hash
		n int
	}{{loose, 10}, {packed, 11}} {
		text := fmt.Sprintf("on %v", base.h)
		h := object.SHA1.Name(object.KindBlob, []byte(text))
		two.onName(h, base.h, delta(base.n, len(text), addOp(text)...))
		want = append(want, h)
	}
	// A circle through both packs.
	one.onName(name(1), name(2), delta(1, 1, addOp("x")...))
	two.onName(name(2), name(1), delta(1, 1, addOp("x")...))
	one.write(t, dir, "pack-1")
	two.write(t, dir, "pack-2")
	db := open(t, dir, odb.Options{})
	for _, h := range want {
		if kind, _, err := db.Read(h); err != nil || kind != object.KindBlob {
			t.Errorf("Read(%v): %v, %v", h, kind, err)
		}
		if kind, _, err := db.Stat(h); err != nil || kind != object.KindBlob {
			t.Errorf("Stat(%v): %v, %v", h, kind, err)
		}
	}
	if _, _, err := db.Read(name(1)); err == nil || !strings.Contains(err.Error(), "from pack to pack") {
		t.Errorf("Read in a circle of packs: %v", err)
	}
	if got, errs := blobs(t, db, nil); len(got) != len(want) || len(errs) != 2 {
		t.Errorf("Blobs delivers %d blobs, want %d; errors %v", len(got), len(want), errs)
	}
}

// TestBitFlips damages every file of a repository in many places. What is read
// then must be right or an error.
func TestBitFlips(t *testing.T) {
	t.Parallel()
	dir := newRepo(t, object.SHA1, 12)
	twoPacks(t, dir)
	git(t, dir, nil, "multi-pack-index", "write")
	git(t, dir, []byte("a loose object, too"), "hash-object", "-w", "--stdin")
	all := list(t, dir)
	files := slices.Concat(glob(t, dir, "objects/pack/*.pack"), glob(t, dir, "objects/pack/*.idx"), glob(t, dir, "objects/??/*"))
	for _, x := range glob(t, dir, "objects/pack/*.idx")[:1] {
		if err := os.Remove(x); err != nil { // so that the multi-pack-index is of use
			t.Fatal(err)
		}
		files = append(slices.DeleteFunc(files, func(f string) bool { return f == x }), filepath.Join(dir, "objects/pack/multi-pack-index"))
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, file := range files {
		sound, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 12 {
			bad := bytes.Clone(sound)
			switch at := r.IntN(len(bad)); {
			case i%10 == 0:
				bad = bad[:at]
			case i%10 == 1:
				copy(bad[at:], make([]byte, 100))
			case i%3 == 0:
				bad[at%min(len(bad), 1100)] ^= 1 << r.IntN(8) // heads and fan-outs
			default:
				bad[at] ^= 1 << r.IntN(8)
			}
			writeFile(t, file, bad)
			readAll(t, dir, all)
		}
		writeFile(t, file, sound)
	}
}
