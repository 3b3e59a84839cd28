package odb_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1" //nolint:gosec // the format of packs
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

// packable makes a repository of commits that change a few of some files.
func packable(t testing.TB, format string, commits int) string {
	t.Helper()
	dir := t.TempDir()
	realgit.Run(t, dir, "", "init", "-q", "--bare", "--object-format="+format, ".")
	r := rand.New(rand.NewPCG(1, 2))
	lines := make([][]string, 6)
	var s strings.Builder
	for c := range commits {
		fmt.Fprintf(&s, "commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata 2\nc\n", 1700000000+c)
		for range 2 {
			f := r.IntN(len(lines))
			lines[f] = slices.Insert(lines[f], r.IntN(len(lines[f])+1), fmt.Sprintf("line %d %d", c, r.Uint64()))
			text := strings.Join(lines[f], "\n")
			fmt.Fprintf(&s, "M 100644 inline dir%d/file%d\ndata %d\n%s\n", f%3, f, len(text), text)
		}
	}
	realgit.Run(t, dir, s.String(), "fast-import", "--quiet")
	return dir
}

// indexed opens what IndexPack made of a pack.
func indexed(t *testing.T, pack []byte, o odb.PackOptions) (*odb.DB, []object.Hash, string) {
	t.Helper()
	dir := t.TempDir()
	names, err := odb.IndexPack(t.Context(), bytes.NewReader(pack), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	db, err := odb.Open(dir, odb.Options{Format: o.Format})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if notes := db.Notes(); len(notes) > 0 {
		t.Fatal(notes)
	}
	return db, names, dir
}

func TestIndexPackAsGit(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		for _, args := range [][]string{
			{"--window=0"},
			{"--window=50", "--depth=4000", "--delta-base-offset"},
			{"--window=50", "--depth=10"}, // the bases are named
		} {
			t.Run(format+strings.Join(args, ""), func(t *testing.T) {
				repo := packable(t, format, 120)
				pack := []byte(realgit.Run(t, repo, "", append([]string{"pack-objects", "-q", "--all", "--revs", "--no-reuse-delta", "--stdout"}, args...)...))
				o := odb.PackOptions{}
				if format == "sha256" {
					o.Format = object.SHA256
				}
				db, names, dir := indexed(t, pack, o)
				list := strings.Fields(realgit.Run(t, repo, "", "rev-list", "--objects", "--no-object-names", "--all"))
				slices.Sort(list)
				if len(list) < 300 || len(list) != len(names) {
					t.Fatalf("%d objects, want %d", len(names), len(list))
				}
				for i, h := range names {
					if h.String() != list[i] {
						t.Fatalf("object %d is %v, want %s", i, h, list[i])
					}
					if _, _, err := db.Read(h); err != nil {
						t.Fatal(err)
					}
				}
				files, _ := filepath.Glob(dir + "/pack/*")
				if len(files) != 2 {
					t.Fatalf("files %v, want a pack and an index", files)
				}
				// git's own index of the same pack is the same file.
				check := filepath.Join(t.TempDir(), "check.idx")
				realgit.Run(t, repo, "", "index-pack", "--object-format="+format, "-o", check, files[1])
				ours, err := os.ReadFile(files[0])
				gits, err2 := os.ReadFile(check)
				if err = errors.Join(err, err2); err != nil || !bytes.Equal(ours, gits) {
					t.Fatalf("the index differs from git's: %v", err)
				}
			})
		}
	}
}

func TestIndexPackThin(t *testing.T) {
	repo := packable(t, "sha1", 60)
	pack := []byte(realgit.Run(t, repo, "main\n^main~3\n", "pack-objects", "-q", "--revs", "--thin", "--stdout", "--delta-base-offset", "--window=50"))
	local, err := odb.Open(repo+"/objects", odb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = local.Close() }()
	if _, err := odb.IndexPack(t.Context(), bytes.NewReader(pack), t.TempDir(), odb.PackOptions{}); err == nil || !strings.Contains(err.Error(), "neither in the pack nor here") {
		t.Fatalf("a thin pack without its bases: %v", err)
	}
	var bases int
	db, names, dir := indexed(t, pack, odb.PackOptions{Base: func(h object.Hash) (object.Kind, []byte, error) {
		bases++
		return local.Read(h)
	}})
	if bases == 0 {
		t.Fatal("the pack was not thin")
	}
	for _, h := range names {
		if _, _, err := db.Read(h); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(dir + "/pack/*.pack")
	realgit.Run(t, repo, "", "verify-pack", files[0])
	lie := func(object.Hash) (object.Kind, []byte, error) { return object.KindBlob, []byte("another"), nil }
	if _, err := odb.IndexPack(t.Context(), bytes.NewReader(pack), t.TempDir(), odb.PackOptions{Base: lie}); err == nil {
		t.Fatal("a base that is another object was taken")
	}
}

// raw builds a pack by hand.
type raw struct {
	bytes.Buffer
	offsets []int
	w       *zlib.Writer // made once: it is large
}

func newRaw(objects int) *raw {
	p := &raw{}
	p.WriteString("PACK\x00\x00\x00\x02")
	p.Write(binary.BigEndian.AppendUint32(nil, uint32(objects)))
	return p
}

func (p *raw) entry(kind, size int, ref, data []byte) {
	p.offsets = append(p.offsets, p.Len())
	head := []byte{byte(kind<<4 | size&0xf)}
	for size >>= 4; size > 0; size >>= 7 {
		head[len(head)-1] |= 0x80
		head = append(head, byte(size&0x7f))
	}
	p.Write(head)
	p.Write(ref)
	if p.w == nil {
		p.w = zlib.NewWriter(p)
	}
	p.w.Reset(p)
	_, _ = p.w.Write(data)
	_ = p.w.Close()
}

// back is the reference of an offset delta to a base that begins n bytes before it.
func back(n int) []byte {
	out := []byte{byte(n & 0x7f)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		out = append([]byte{byte(0x80 | n&0x7f)}, out...)
	}
	return out
}

func (p *raw) end() []byte {
	sum := sha1.Sum(p.Bytes()) //nolint:gosec // the format of packs
	return append(bytes.Clone(p.Bytes()), sum[:]...)
}

// copyAll is a delta that makes its base of size bytes, and one byte more.
func copyAll(size int) []byte {
	d := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(size)), uint64(size+1))
	if size > 0 {
		d = append(d, 0xf0, byte(size), byte(size>>8), byte(size>>16))
	}
	return append(d, 1, 'x')
}

func TestIndexPackLongChain(t *testing.T) {
	const n = 10_000
	p := newRaw(n + 1)
	p.entry(3, 1, nil, []byte("x"))
	for i := range n {
		d := copyAll(i + 1)
		p.entry(6, len(d), back(p.Len()-p.offsets[i]), d)
	}
	_, names, _ := indexed(t, p.end(), odb.PackOptions{MaxObject: 1 << 20})
	want := object.SHA1.Name(object.KindBlob, bytes.Repeat([]byte("x"), n+1))
	if !slices.Contains(names, want) || len(names) != n+1 {
		t.Fatal("the end of the chain is missing")
	}
}

func TestIndexPackHostile(t *testing.T) {
	blob := []byte("hello")
	name := object.SHA1.Name(object.KindBlob, blob).Bytes()
	good := newRaw(1)
	good.entry(3, len(blob), nil, blob)
	zero := bytes.Repeat([]byte{0}, 20)
	build := func(n int, add func(p *raw)) []byte { p := newRaw(n); add(p); return p.end() }
	for _, c := range []struct {
		what, want string
		pack       []byte
		limit      error
	}{
		{"empty", "cut off", nil, nil},
		{"no pack", "not a pack", []byte("hello, I am not what you want"), nil},
		{"version", "version 9", []byte("PACK\x00\x00\x00\x09\x00\x00\x00\x00"), nil},
		{"too many objects", "objects", build(1000, func(*raw) {}), odb.ErrPackLimit},
		{"cut off", "cut off", good.Bytes(), nil},
		{"wrong sum", "checksum", append(bytes.Clone(good.Bytes()), zero...), nil},
		{"more behind", "more data", append(good.end(), 'x'), nil},
		{"fewer than claimed", "object 2 of 2", build(2, func(p *raw) { p.entry(3, 5, nil, blob) }), nil},
		{"size too small", "claims 4", build(1, func(p *raw) { p.entry(3, 4, nil, blob) }), nil},
		{"size too large", "claims 6", build(1, func(p *raw) { p.entry(3, 6, nil, blob) }), nil},
		{"kind", "kind 5", build(1, func(p *raw) { p.entry(5, 5, nil, blob) }), nil},
		{"base between objects", "no object begins", build(2, func(p *raw) {
			p.entry(3, 5, nil, blob)
			p.entry(6, 9, back(p.Len()-13), copyAll(5))
		}), nil},
		{"base of itself", "outside", build(1, func(p *raw) { p.entry(6, 9, back(0), copyAll(5)) }), nil},
		{"base not there", "neither in the pack", build(1, func(p *raw) { p.entry(7, 8, zero, copyAll(5)) }), nil},
		{"two bases of each other", "neither in the pack", build(2, func(p *raw) {
			p.entry(7, 8, name, copyAll(5))
			p.entry(7, 8, zero, copyAll(5))
		}), nil},
		{"delta for another size", "base of 4", build(2, func(p *raw) {
			p.entry(3, 5, nil, blob)
			p.entry(7, 8, name, copyAll(4))
		}), nil},
		{"large delta", "delta of", build(1, func(p *raw) { p.entry(7, 1<<20, name, nil) }), odb.ErrTooLarge},
		{"large base", "deltas are of it", build(2, func(p *raw) {
			big := make([]byte, 1<<17)
			p.entry(3, len(big), nil, big)
			p.entry(6, 12, back(p.Len()-12), copyAll(1<<17))
		}), odb.ErrTooLarge},
		{"bomb", "unpacks to more", build(1, func(p *raw) { p.entry(3, 1<<40, nil, nil) }), odb.ErrPackLimit},
		{"many bytes", "limit of 100000 bytes", build(1, func(p *raw) {
			noise := make([]byte, 200_000)
			r := rand.New(rand.NewPCG(3, 4))
			for i := range noise {
				noise[i] = byte(r.Uint32())
			}
			p.entry(3, len(noise), nil, noise)
		}), odb.ErrPackLimit},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			_, err := odb.IndexPack(t.Context(), bytes.NewReader(c.pack), dir, odb.PackOptions{MaxObjects: 100, MaxObject: 1 << 16, MaxBytes: 100_000})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one about %q", err, c.want)
			}
			if c.limit != nil && !errors.Is(err, c.limit) {
				t.Fatalf("error %v is no %v", err, c.limit)
			}
			if files, _ := filepath.Glob(dir + "/pack/*"); len(files) > 0 {
				t.Fatalf("left behind: %v", files)
			}
		})
	}
}

func TestIndexPackEmpty(t *testing.T) {
	dir := t.TempDir()
	names, err := odb.IndexPack(t.Context(), bytes.NewReader(newRaw(0).end()), dir, odb.PackOptions{})
	if err != nil || len(names) != 0 {
		t.Fatalf("%v, %v", names, err)
	}
	if files, _ := filepath.Glob(dir + "/pack/*"); len(files) > 0 {
		t.Fatalf("left behind: %v", files)
	}
}

func TestIndexPackStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := newRaw(1)
	p.entry(3, 1, nil, []byte("x"))
	if _, err := odb.IndexPack(ctx, bytes.NewReader(p.end()), t.TempDir(), odb.PackOptions{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
}

// FuzzIndexPack gives the checksum that belongs to the data, and wants that
// whatever is taken in can be read again under the names returned.
func FuzzIndexPack(f *testing.F) {
	p := newRaw(3)
	p.entry(3, 1, nil, []byte("x"))
	p.entry(6, len(copyAll(1)), back(p.Len()-p.offsets[0]), copyAll(1))
	p.entry(7, len(copyAll(2)), object.SHA1.Name(object.KindBlob, []byte("xx")).Bytes(), copyAll(2))
	f.Add(p.Bytes())
	f.Add(newRaw(0).Bytes())
	repo := packable(f, "sha1", 4)
	pack := []byte(realgit.Run(f, repo, "", "pack-objects", "-q", "--all", "--revs", "--stdout", "--delta-base-offset"))
	f.Add(pack[:len(pack)-20])
	f.Fuzz(func(t *testing.T, data []byte) {
		p := raw{Buffer: *bytes.NewBuffer(data)}
		dir := t.TempDir()
		names, err := odb.IndexPack(t.Context(), bytes.NewReader(p.end()), dir, odb.PackOptions{MaxBytes: 1 << 16, MaxObject: 1 << 16, MaxObjects: 1000})
		if err != nil || len(names) == 0 {
			return
		}
		db, err := odb.Open(dir, odb.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		for _, h := range names {
			if _, _, err := db.Read(h); err != nil {
				t.Fatal(err)
			}
		}
	})
}
