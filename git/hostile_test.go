package git

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// put stores any object, wrong or not.
func (s *sandbox) put(kind, data string) object.Hash {
	s.t.Helper()
	return hash(s.t, s.feed(data, "hash-object", "-t", kind, "-w", "--literally", "--stdin"))
}

func entry(mode, name string, h object.Hash) string {
	return mode + " " + name + "\x00" + string(h.Bytes())
}

func (s *sandbox) commitOf(tree object.Hash, parents ...object.Hash) object.Hash {
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", tree)
	for _, p := range parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	b.WriteString("author A <a@example.com> 1600000000 +0000\ncommitter C <c@example.com> 1600000000 +0000\n\nm\n")
	return s.put("commit", b.String())
}

// changes lists what a commit brings, and counts the errors.
func changes(t *testing.T, r *Repo, h object.Hash) (paths []string, gaps []error) {
	t.Helper()
	c, err := r.Commit(h)
	if err != nil {
		t.Fatal(err)
	}
	for ch, err := range r.Changes(t.Context(), c) {
		if err != nil {
			gaps = append(gaps, err)
			continue
		}
		if !filepath.IsLocal(ch.Path) || strings.Contains(strings.ToLower(ch.Path)+"/", ".git/") {
			t.Errorf("path %q leads astray", ch.Path)
		}
		paths = append(paths, ch.Path)
	}
	return paths, gaps
}

func TestHostileNames(t *testing.T) {
	s := newSandbox(t)
	b1, b2 := s.put("blob", "1"), s.put("blob", "2")
	inner := s.put("tree", entry("100644", "x", b1))
	names := []string{"..", ".", ".git", ".GIT", "", "/etc/passwd", "a/../../b", "%2E", "ok"}
	var data string
	for _, name := range names {
		data += entry("100644", name, b1) + entry("40000", name, inner)
	}
	data += entry("100644", "ok", b2) + entry("100644", "a", b1) + entry("160000", "module", b1) + entry("120000", "link", b2) + entry("777", "odd", b1)
	paths, gaps := changes(t, s.open(), s.commitOf(s.put("tree", data)))
	if len(gaps) > 0 || len(paths) != 2*len(names)+4 {
		t.Errorf("%d paths, gaps %v: %q", len(paths), gaps, paths)
	}
	for _, want := range []string{"%2E%2E", "%2E%2E/x", "%2Egit", "%", "%/x", "%2Fetc%2Fpasswd", "ok", "link", "odd"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%q isn't among the paths", want)
		}
	}
}

// TestUnsorted finds the one new blob between trees whose entries are in no order.
func TestUnsorted(t *testing.T) {
	s := newSandbox(t)
	b1, b2 := s.put("blob", "1"), s.put("blob", "2")
	before := s.commitOf(s.put("tree", entry("100644", "z", b1)+entry("100644", "a", b1)+entry("100644", "m", b1)))
	after := s.commitOf(s.put("tree", entry("100644", "m", b2)+entry("100644", "z", b1)+entry("100644", "a", b1)), before)
	if paths, gaps := changes(t, s.open(), after); len(gaps) > 0 || !slices.Equal(paths, []string{"m"}) {
		t.Errorf("%q, gaps %v", paths, gaps)
	}
}

// TestDeepTree nests directories far deeper than a stack would bear, by a pack made here.
func TestDeepTree(t *testing.T) {
	s := newSandbox(t)
	blob := s.put("blob", "deep")
	var in strings.Builder
	in.WriteString("commit refs/heads/deep\ncommitter C <c@example.com> 1600000000 +0000\ndata 0\n")
	fmt.Fprintf(&in, "M 100644 %s %s\nM 100644 %s shallow/file\n\n", blob, strings.Repeat("d/", 5000)+"f", blob)
	s.feed(in.String(), "fast-import", "--quiet")
	r := s.open()
	h := s.hash("deep")
	paths, gaps := changes(t, r, h)
	if !slices.Equal(paths, []string{"shallow/file"}) || len(gaps) != 1 || !errors.Is(gaps[0], errTooDeep) {
		t.Errorf("%q, gaps %.300v", paths, gaps)
	}
	if found, gaps, err := trace(t, r, []object.Hash{blob}, nil); err != nil || len(gaps) != 1 || len(found) != 1 {
		t.Errorf("%d found, gaps %.300v, %v", len(found), gaps, err)
	}
}

// TestTreeBomb unfolds a tree of ten trees to 10^12 files.
func TestTreeBomb(t *testing.T) {
	s := newSandbox(t)
	h := s.put("blob", "1")
	mode := "100644"
	for range 12 {
		var data string
		for i := range 10 {
			data += entry(mode, fmt.Sprint(i), h)
		}
		h, mode = s.put("tree", data), "40000"
	}
	r := s.open()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range r.Files(ctx, h) {
		if n++; n == 100_000 {
			cancel()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) || n > 100_100 {
		t.Errorf("%d files, then %v", n, last)
	}
	w := walker{repo: r, additions: true, seen: maxEntries - 1000, yield: func(_ Change, err error) bool { last = err; return true }}
	if w.walk(t.Context(), h, nil); !errors.Is(last, errTooLarge) {
		t.Errorf("it ends with %v", last)
	}
	// Its commit is traced quickly all the same, since each distinct tree is read once.
	s.git("update-ref", "refs/heads/bomb", s.commitOf(h).String())
	if found, gaps, err := trace(t, s.open(), []object.Hash{hash(t, strings.Repeat("12", 20))}, nil); err != nil || len(gaps)+len(found) > 0 {
		t.Errorf("%v, %v, %v", found, gaps, err)
	}
}

func TestBrokenTrees(t *testing.T) {
	s := newSandbox(t)
	b := s.put("blob", "1")
	missing := hash(t, strings.Repeat("12", 20))
	cut := s.put("tree", entry("100644", "x", b)[:15])
	root := s.put("tree", entry("40000", "cut", cut)+entry("40000", "gone", missing)+entry("40000", "noblob", b)+entry("100644", "z", b))
	h := s.commitOf(root)
	r := s.open()
	paths, gaps := changes(t, r, h)
	if len(gaps) != 3 || !slices.Equal(paths, []string{"z"}) {
		t.Errorf("%q, gaps %v", paths, gaps)
	}
	if _, err := r.Lookup(root, "gone/x"); !errors.Is(err, ErrMissing) {
		t.Errorf("a path in a missing directory: %v", err)
	}
	if _, err := r.Lookup(root, "z/x"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a path below a file: %v", err)
	}
	if e, err := r.Lookup(root, "z"); err != nil || e.Hash != b {
		t.Errorf("a file: %v, %v", e, err)
	}
}

// TestHidden wants what is stored where git shows something else in its place: anybody who
// pushes a ref below refs/replace could hide a commit, a tree or the way to them.
func TestHidden(t *testing.T) {
	for name, hide := range map[string]func(s *sandbox, base, key, head string){
		"commit": func(s *sandbox, base, key, _ string) {
			s.git("replace", key, s.git("commit-tree", "-p", base, "-m", "two", base+"^{tree}"))
		},
		"tree": func(s *sandbox, base, key, _ string) {
			s.git("replace", s.git("rev-parse", key+"^{tree}"), s.git("rev-parse", base+"^{tree}"))
		},
		"parents": func(s *sandbox, base, _, head string) { s.git("replace", "--graft", head, base) },
		"base": func(s *sandbox, base, _, head string) {
			s.git("update-ref", "refs/replace/"+base, s.git("commit-tree", "-p", head, "-m", "one", base+"^{tree}"))
		},
		"grafts": func(s *sandbox, base, _, head string) { s.write(".git/info/grafts", head+" "+base+"\n") },
		"packed": func(s *sandbox, base, _, head string) {
			s.git("replace", "--graft", head, base)
			s.git("pack-refs", "--all")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSandbox(t)
			base := s.commit("one")
			s.write("d/key", "key")
			key := s.commit("two")
			blob := s.hash("HEAD:d/key")
			s.git("rm", "-q", "d/key")
			head := s.commit("three")
			hide(s, base.String(), key.String(), head.String())
			r := s.open()
			span, err := r.Range(t.Context(), []object.Hash{head}, []object.Hash{base})
			if err != nil || !slices.Equal(span.Commits, []object.Hash{head, key}) {
				t.Fatalf("the range has %v, %v", span, err)
			}
			if paths, gaps := changes(t, r, key); len(gaps) > 0 || !slices.Equal(paths, []string{"d/key"}) {
				t.Errorf("the commit brings %q, gaps %v", paths, gaps)
			}
			found, gaps, err := trace(t, r, []object.Hash{blob}, nil)
			if err != nil || len(gaps) > 0 || found[blob] == nil || found[blob].Commits[0] != key {
				t.Errorf("the history has %v, gaps %v, %v", found, gaps, err)
			}
		})
	}
}

// TestBadShallow opens no repository of which it can't be told where its history ends.
func TestBadShallow(t *testing.T) {
	s := newSandbox(t)
	s.commit("one")
	s.write(".git/shallow", "garbage\n")
	if _, err := Open(s.dir, Options{}); err == nil {
		t.Error("garbage in shallow, and no error")
	}
}

// TestManyRefs opens and asks a repository of 100,000 refs.
func TestManyRefs(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	h := s.commit("one")
	var packed bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&packed, "%s refs/heads/n%06d\n", h, i)
	}
	packed.WriteString("garbage\nmore garbage\n")
	s.write(".git/packed-refs", packed.String())
	r := s.open()
	for range 100 {
		if got, err := r.Resolve("n099999"); err != nil || got != h {
			t.Fatalf("%s, %v", got, err)
		}
	}
	n, bad := 0, 0
	for _, err := range r.Refs() {
		if n++; err != nil {
			bad++
		}
	}
	if n != 100_003 || bad != 1 {
		t.Errorf("%d refs, %d errors", n, bad)
	}
}

// TestPipe must not wait for one that nobody writes to.
func TestPipe(t *testing.T) {
	for _, name := range []string{"index", "config", "packed-refs", "shallow", "info/exclude", "HEAD"} {
		s := newSandbox(t)
		s.commit("one")
		if err := os.RemoveAll(s.path(".git/" + name)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/zero", s.path(".git/"+name)); err != nil {
			t.Fatal(err)
		}
		r, err := Open(s.dir, Options{})
		if err != nil {
			continue
		}
		_, indexErr := r.Index()
		_, excludeErr := r.Exclude()
		_, headErr := r.Resolve("HEAD")
		if indexErr == nil && excludeErr == nil && headErr == nil {
			t.Errorf("%s is a device outside, and it was read", name)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestLyingGraph gives a commit-graph that has a right checksum and wrong parents.
func TestLyingGraph(t *testing.T) {
	s := newSandbox(t)
	one, _, three := s.commit("one"), s.commit("two"), s.commit("three")
	want := hashes(t, s.git("rev-list", three.String(), "^"+one.String()))
	s.git("commit-graph", "write", "--reachable")
	file := s.path(".git/objects/info/commit-graph")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	check := func(what string, data []byte, used bool) {
		t.Helper()
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		r := s.open()
		if has := r.graph() != nil; has != used {
			t.Errorf("%s: used is %v", what, has)
		}
		span, err := r.Range(t.Context(), []object.Hash{three}, []object.Hash{one})
		if err != nil || !slices.Equal(span.Commits, want) {
			t.Errorf("%s: %v, %v; want %v", what, span, err, want)
		}
	}
	check("whole", whole, true)
	for i := 0; i < len(whole); i += 7 {
		check(fmt.Sprint("bit of byte ", i), slices.Concat(whole[:i], []byte{whole[i] ^ 4}, whole[i+1:]), false)
	}
	lie := slices.Clone(whole[:len(whole)-20])
	for row := bytes.Index(lie, s.hash("HEAD^{tree}").Bytes()); row >= 0 && row+36 <= len(lie) && binary.BigEndian.Uint32(lie[row+24:]) == noParent; row += 36 {
		binary.BigEndian.PutUint32(lie[row+20:], noParent)
	}
	sum := object.SHA1.New()
	sum.Write(lie)
	check("no parents", sum.Sum(lie), true)
}
