package git

import (
	"os"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/git/object"
)

func openRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	return root
}

func FuzzPackedRefs(f *testing.F) {
	digits := strings.Repeat("12", 20)
	f.Add("# pack-refs with: peeled fully-peeled sorted\n"+digits+" refs/heads/main\n"+digits+" refs/tags/v1\n^"+digits+"\n", "refs/heads/main")
	f.Add("^\n^^\n"+digits+" refs/heads/main", "refs/tags/v1")
	f.Fuzz(func(t *testing.T, text, name string) {
		root := openRoot(t)
		if err := root.WriteFile("packed-refs", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := &fileRefs{git: root, common: root}
		all := map[string]Ref{}
		for ref, err := range s.all() {
			if err == nil {
				if !validRef(ref.Name) || ref.Hash == (object.Hash{}) {
					t.Errorf("ref %q is %s", ref.Name, ref.Hash)
				}
				if _, ok := all[ref.Name]; !ok {
					all[ref.Name] = ref
				}
			}
		}
		ref, ok, err := s.get(name)
		if want, there := all[name]; err == nil && (ok != there || ref != want) {
			t.Errorf("%q by itself is %v, among all %v", name, ref, want)
		}
	})
}

func FuzzLooseRef(f *testing.F) {
	f.Add("ref: refs/heads/main\n")
	f.Add(strings.Repeat("12", 20) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := parseRef("HEAD", text)
		if err == nil && (ref.Target == "") == (ref.Hash == object.Hash{}) {
			t.Errorf("%q is both or neither: %v", text, ref)
		}
		if strings.Contains(ref.Target, "..") {
			t.Errorf("%q leads to %q", text, ref.Target)
		}
	})
}

func FuzzConfig(f *testing.F) {
	f.Add("[core]\n\trepositoryformatversion = 0\n[remote \"a \\\" b\"]\nurl = \"x\\n\" ; c\n[a.b]\nc\n d = e\\\n f\n")
	f.Fuzz(func(t *testing.T, text string) {
		values, line := parseConfig(text)
		if line < 0 || line > strings.Count(text, "\n")+2 || (line > 0) != (values == nil) {
			t.Errorf("stopped at line %d with %d values", line, len(values))
		}
	})
}

func FuzzShallow(f *testing.F) {
	f.Add(strings.Repeat("12", 20) + "\n# x\n" + strings.Repeat("34", 20) + " " + strings.Repeat("56", 20) + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		ends, err := parseShallow("shallow", text, object.SHA1)
		for h := range ends {
			if h.Format() != object.SHA1 {
				t.Errorf("a line of %v", h)
			}
		}
		if err == nil && strings.Contains(text, "zz") && !strings.Contains(text, "#") {
			t.Error("garbage is taken for hashes")
		}
	})
}

func FuzzGraph(f *testing.F) {
	seed := []byte("CGPH\x01\x01\x03\x00")
	seed = append(seed, make([]byte, 4*12)...)
	f.Add(seed, make([]byte, 20))
	f.Fuzz(func(t *testing.T, data, name []byte) {
		if len(data) > 20 { // put the checksum right, so that the rest is read
			sum := object.SHA1.New()
			sum.Write(data[:len(data)-20])
			copy(data[len(data)-20:], sum.Sum(nil))
		}
		g := &graph{}
		if g.add(data, object.SHA1) != nil || g.ready() == nil {
			return
		}
		h, err := object.HashFromBytes(name)
		if err != nil {
			return
		}
		n := &node{hash: h}
		if !g.fill(n) {
			return
		}
		for _, p := range n.parents {
			if p.IsZero() && p == (object.Hash{}) {
				t.Error("a parent is no hash")
			}
		}
	})
}
