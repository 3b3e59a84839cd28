package git

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

// tableOf writes a reftable, version 2 for SHA-256, with blocks of the given size; a Ref with neither Hash nor Target is a deletion.
func tableOf(f object.Format, blockSize int, refs []Ref) []byte {
	head := append([]byte("REFT\x01"), byte(blockSize>>16), byte(blockSize>>8), byte(blockSize))
	head = append(head, make([]byte, 16)...)
	if f == object.SHA256 {
		head[4] = 2
		head = append(head, "s256"...)
	}
	out := slices.Clone(head)
	last := ""
	var block []byte
	var restarts []int
	flush := func() {
		if block == nil {
			return
		}
		base := 0
		if len(out) == len(head) {
			base = len(head) // the first block's size counts the header
		}
		for _, r := range restarts {
			block = append(block, byte((r+base)>>16), byte((r+base)>>8), byte(r+base))
		}
		block = binary.BigEndian.AppendUint16(block, uint16(len(restarts)))
		size := base + len(block)
		block[1], block[2], block[3] = byte(size>>16), byte(size>>8), byte(size)
		out = append(out, block...)
		for blockSize > 0 && len(out)%blockSize != 0 {
			out = append(out, 0)
		}
		block, restarts, last = nil, nil, ""
	}
	for _, r := range refs {
		if block == nil {
			block = []byte{'r', 0, 0, 0}
			restarts = []int{4}
			last = ""
		}
		n := 0
		for n < min(len(last), len(r.Name)) && last[n] == r.Name[n] {
			n++
		}
		kind, value := 0, []byte(nil)
		switch {
		case r.Target != "":
			kind, value = 3, append(number(uint64(len(r.Target))), r.Target...)
		case !r.Peeled.IsZero():
			kind, value = 2, append(r.Hash.Bytes(), r.Peeled.Bytes()...)
		case !r.Hash.IsZero():
			kind, value = 1, r.Hash.Bytes()
		}
		block = append(block, number(uint64(n))...)
		block = append(block, number(uint64((len(r.Name)-n)<<3|kind))...)
		block = append(block, r.Name[n:]...)
		block = append(block, number(3)...)
		block = append(block, value...)
		last = r.Name
		if len(block) > blockSize-200 {
			flush()
		}
	}
	flush()
	out = append(out, "g\x00\x00\x08"...) // the reflog's blocks follow; they're not read
	foot := append(slices.Clone(head), make([]byte, 40)...)
	foot = binary.BigEndian.AppendUint32(foot, crc32.ChecksumIEEE(foot))
	return append(out, foot...)
}

func number(v uint64) []byte {
	b := []byte{byte(v & 0x7f)}
	for v >>= 7; v > 0; v >>= 7 {
		v--
		b = append([]byte{byte(v&0x7f) | 0x80}, b...)
	}
	return b
}

func TestReftable(t *testing.T) {
	for _, f := range []object.Format{object.SHA1, object.SHA256} {
		s := newSandbox(t, "--object-format="+f.String())
		h := s.commit("one")
		other := s.commit("two")
		s.git("config", "core.repositoryFormatVersion", "1")
		s.git("config", "extensions.refStorage", "reftable")
		if err := errors.Join(os.RemoveAll(s.path(".git/refs")), os.Remove(s.path(".git/HEAD"))); err != nil {
			t.Fatal(err)
		}
		s.write(".git/HEAD", "ref: refs/heads/.invalid\n")
		s.write(".git/refs/heads", "this repository uses the reftable format\n")
		refs := []Ref{{Name: "HEAD", Target: "refs/heads/main"}}
		for i := range 500 {
			refs = append(refs, Ref{Name: fmt.Sprintf("refs/heads/b%03d", i), Hash: h})
		}
		refs = append(refs, Ref{Name: "refs/heads/main", Hash: other}, Ref{Name: "refs/tags/v1", Hash: other, Peeled: h})
		s.write(".git/reftable/one.ref", string(tableOf(f, 1024, refs)))
		s.write(".git/reftable/two.ref", string(tableOf(f, 0, []Ref{{Name: "refs/heads/b007"}, {Name: "refs/heads/main", Hash: h}})))
		s.write(".git/reftable/tables.list", "one.ref\ntwo.ref\n")
		r := s.open()
		want := map[string]Ref{}
		for _, ref := range refs {
			want[ref.Name] = ref
		}
		delete(want, "refs/heads/b007")
		want["refs/heads/main"] = Ref{Name: "refs/heads/main", Hash: h}
		want["HEAD"] = Ref{Name: "HEAD", Hash: h, Target: "refs/heads/main"}
		got := map[string]Ref{}
		for ref, err := range r.Refs() {
			if err != nil {
				t.Fatal(err)
			}
			got[ref.Name] = ref
		}
		if !maps.Equal(got, want) {
			t.Errorf("%d refs, want %d", len(got), len(want))
		}
		if got, err := r.Resolve("HEAD"); err != nil || got != h {
			t.Errorf("HEAD is %s, %v", got, err)
		}
		if _, err := r.Resolve("b007"); !errors.Is(err, ErrUnknownRevision) {
			t.Errorf("a deleted branch: %v", err)
		}
	}
}

// TestReftableAgainstGit reads what git itself has written, where it's new enough to write it.
func TestReftableAgainstGit(t *testing.T) {
	for _, f := range []object.Format{object.SHA1, object.SHA256} {
		s := &sandbox{t, t.TempDir()}
		if _, err := s.try("", "init", "-q", "-b", "main", "--ref-format=reftable", "--object-format="+f.String()); err != nil {
			t.Skipf("needs git 2.45 or later, which knows reftables: %v", err)
		}
		one := s.commit("one")
		s.git("tag", "-a", "-m", "t", "v1")
		var in strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&in, "create refs/heads/b/%d %s\n", i, one)
		}
		s.feed(in.String(), "update-ref", "--stdin")
		s.git("pack-refs")
		s.git("update-ref", "-d", "refs/heads/b/7")
		two := s.commit("two")
		s.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main")
		s.git("worktree", "add", "-q", "--detach", "w", one.String())
		s.git("-C", "w", "update-ref", "refs/worktree/x", one.String())
		want := map[string]string{"HEAD": two.String(), "main-worktree/HEAD": two.String(), "worktrees/w/HEAD": one.String(), "worktrees/w/refs/worktree/x": one.String()}
		for line := range strings.SplitSeq(s.git("for-each-ref", "--format=%(refname) %(objectname)"), "\n") {
			name, digits, _ := strings.Cut(line, " ")
			want[name] = digits
		}
		got := map[string]string{}
		for ref, err := range s.open().Refs() {
			if err != nil {
				t.Error(err)
			}
			got[ref.Name] = ref.Hash.String()
		}
		if !maps.Equal(got, want) {
			t.Errorf("%d refs, want %d", len(got), len(want))
		}
		if h, err := openRepo(t, s.path("w"), Options{Within: s.dir}).Resolve("HEAD"); err != nil || h != one {
			t.Errorf("the other worktree's HEAD is %s, %v", h, err)
		}
	}
}

func TestReftableDamaged(t *testing.T) {
	h := hash(t, strings.Repeat("12", 20))
	whole := tableOf(object.SHA1, 256, []Ref{{Name: "refs/heads/a", Hash: h}, {Name: "refs/heads/b", Target: "refs/heads/a"}})
	if err := readTable(whole, object.SHA1, map[string]Ref{}); err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if err := readTable(whole[:i], object.SHA1, map[string]Ref{}); err == nil {
			t.Errorf("cut off at byte %d, and no error", i)
		}
	}
	if err := readTable(whole, object.SHA256, map[string]Ref{}); !errors.Is(err, errTable) {
		t.Errorf("a table of the wrong object format: %v", err)
	}
}

func FuzzReftable(f *testing.F) {
	h, err := object.ParseHash(strings.Repeat("12", 20))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tableOf(object.SHA1, 256, []Ref{{Name: "refs/heads/a", Hash: h}, {Name: "refs/heads/b", Target: "refs/heads/a"}, {Name: "refs/heads/c"}, {Name: "refs/tags/d", Hash: h, Peeled: h}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		const header, footer = 24, 68
		if len(data) >= header+footer { // put the footer right, so that the blocks are read
			foot := data[len(data)-footer:]
			copy(foot, data[:header])
			binary.BigEndian.PutUint32(foot[footer-4:], crc32.ChecksumIEEE(foot[:footer-4]))
		}
		refs := map[string]Ref{}
		_ = readTable(data, object.SHA1, refs) // damage is an error, not a crash
		for name, ref := range refs {
			if !validRef(name) || ref.Hash.IsZero() && ref.Target != "" && !validRef(ref.Target) {
				t.Errorf("ref %q names %q", name, ref.Target)
			}
		}
	})
}
