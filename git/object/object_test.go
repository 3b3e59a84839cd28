package object_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/internal/realgit"
)

func parse(t testing.TB, digits string) object.Hash {
	t.Helper()
	h, err := object.ParseHash(digits)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHash(t *testing.T) {
	for _, digits := range []string{strings.Repeat("01ef", 10), strings.Repeat("9aBc", 16)} {
		h := parse(t, digits)
		if h.String() != strings.ToLower(digits) {
			t.Errorf("%q is written as %q", digits, h)
		}
		again, err := object.HashFromBytes(h.Bytes())
		if err != nil || again != h || h.IsZero() || h.Compare(again) != 0 {
			t.Errorf("%v from its bytes is %v, %v", h, again, err)
		}
		if got := h.Append([]byte("x")); !bytes.Equal(got[1:], h.Bytes()) {
			t.Errorf("Append = %x", got)
		}
		if h.Format().Size() != len(h.Bytes()) {
			t.Errorf("%v is of format %v", h, h.Format())
		}
	}
	for _, bad := range []string{"", "ab", strings.Repeat("0", 39), strings.Repeat("0", 41), strings.Repeat("g", 40), strings.Repeat("é", 20)} {
		if h, err := object.ParseHash(bad); err == nil {
			t.Errorf("ParseHash(%q) = %v", bad, h)
		}
	}
	if _, err := object.HashFromBytes(make([]byte, 21)); err == nil {
		t.Error("a name of 21 bytes is taken")
	}
	if !(object.Hash{}).IsZero() || !parse(t, strings.Repeat("0", 64)).IsZero() || (object.Hash{}).String() != "" {
		t.Error("no object is taken for one")
	}
	if parse(t, strings.Repeat("01", 20)).Compare(parse(t, strings.Repeat("02", 20))) >= 0 {
		t.Error("names are in the wrong order")
	}
}

// TestNames compares with git hash-object.
func TestNames(t *testing.T) {
	for _, f := range []object.Format{object.SHA1, object.SHA256} {
		dir := t.TempDir()
		realgit.Run(t, dir, "", "init", "-q", "--object-format="+f.String(), ".")
		for _, data := range []string{"", "x", strings.Repeat("long", 10000)} {
			for _, k := range []object.Kind{object.KindBlob, object.KindTree, object.KindCommit, object.KindTag} {
				want := strings.TrimSpace(realgit.Run(t, dir, data, "hash-object", "--literally", "-t", k.String(), "--stdin"))
				if got := f.Name(k, []byte(data)).String(); got != want {
					t.Errorf("%v of %d bytes is named %s, git says %s", k, len(data), got, want)
				}
			}
		}
	}
}

func TestKinds(t *testing.T) {
	for _, k := range []object.Kind{object.KindCommit, object.KindTree, object.KindBlob, object.KindTag} {
		if got, err := object.ParseKind(k.String()); err != nil || got != k {
			t.Errorf("ParseKind(%q) = %v, %v", k, got, err)
		}
	}
	for _, bad := range []string{"", "blobs", "unknown", strings.Repeat("x", 1000)} {
		if k, err := object.ParseKind(bad); err == nil || len(err.Error()) > 200 {
			t.Errorf("ParseKind(%q) = %v, %v", bad, k, err)
		}
	}
	if object.Kind(5).String() != "unknown" {
		t.Errorf("kind 5 is called %v", object.Kind(5))
	}
}

var (
	tree   = strings.Repeat("1a", 20)
	first  = strings.Repeat("2b", 20)
	second = strings.Repeat("3c", 20)
)

func TestParseCommit(t *testing.T) {
	h := parse(t, strings.Repeat("0d", 20))
	zone := time.FixedZone("", -(3*60+30)*60)
	tests := map[string]struct {
		data string
		want object.Commit
		bad  string
	}{
		"ordinary": {
			data: "tree " + tree + "\nparent " + first + "\nparent " + second + "\nauthor A U <a@b> 1700000000 -0330\ncommitter C <c@d> 1700000001 +0000\n\nmessage\n\nmore\n",
			want: object.Commit{Parents: []object.Hash{parse(t, first), parse(t, second)}, Author: "A U <a@b>", Committer: []byte("C <c@d>"),
				AuthorDate: time.Unix(1700000000, 0).In(zone), CommitDate: time.Unix(1700000001, 0).UTC(), Message: []byte("message\n\nmore\n")},
		},
		"signed, with a merged tag and an encoding": {
			data: "tree " + tree + "\nauthor A <a> 5 +0000\ncommitter C <c> 6 +0000\nmergetag object " + first + "\n type commit\n \n parent " + second + "\n committer X <x> 9 +0000\nencoding ISO-8859-1\ngpgsig -----BEGIN\n \n abc\n -----END\n\n\xe4\n",
			want: object.Commit{Author: "A <a>", Committer: []byte("C <c>"), AuthorDate: time.Unix(5, 0).UTC(), CommitDate: time.Unix(6, 0).UTC(), Message: []byte("\xe4\n")},
		},
		"a tree alone":             {data: "tree " + tree, want: object.Commit{}},
		"no message":               {data: "tree " + tree + "\nauthor A <a> 5 +0000\n", want: object.Commit{Author: "A <a>", AuthorDate: time.Unix(5, 0).UTC()}},
		"an empty message":         {data: "tree " + tree + "\n\n", want: object.Commit{Message: []byte{}}},
		"a parent behind":          {data: "tree " + tree + "\nauthor A <a> 5 +0000\nparent " + first + "\n\n", want: object.Commit{Author: "A <a>", AuthorDate: time.Unix(5, 0).UTC(), Message: []byte{}}},
		"a name with brackets":     {data: "tree " + tree + "\nauthor <A> <a>b> 7 +0000\n\n", want: object.Commit{Author: "<A> <a>b>", AuthorDate: time.Unix(7, 0).UTC(), Message: []byte{}}},
		"no brackets":              {data: "tree " + tree + "\nauthor someone\n\n", want: object.Commit{Author: "someone", Message: []byte{}}},
		"no date":                  {data: "tree " + tree + "\nauthor A <a>\ncommitter C <c> never +0100\n\n", want: object.Commit{Author: "A <a>", Committer: []byte("C <c>"), Message: []byte{}}},
		"a date before time":       {data: "tree " + tree + "\nauthor A <a> -5 +0000\n\n", want: object.Commit{Author: "A <a>", Message: []byte{}}},
		"a date beyond all":        {data: "tree " + tree + "\nauthor A <a> 99999999999999999999999 +0000\n\n", want: object.Commit{Author: "A <a>", AuthorDate: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), Message: []byte{}}},
		"an odd zone":              {data: "tree " + tree + "\nauthor A <a> 5 +9999\ncommitter C <c> 6 UTC\n\n", want: object.Commit{Author: "A <a>", Committer: []byte("C <c>"), AuthorDate: time.Unix(5, 0).UTC(), CommitDate: time.Unix(6, 0).UTC(), Message: []byte{}}},
		"empty":                    {data: "", bad: "begin with a tree"},
		"no tree":                  {data: "author A <a> 5 +0000\n\nx", want: object.Commit{Message: []byte("x")}, bad: "begin with a tree"},
		"half a tree":              {data: "tree 1a1a\n\nx", want: object.Commit{Message: []byte("x")}, bad: "tree"},
		"a parent of another kind": {data: "tree " + tree + "\nparent " + strings.Repeat("0", 64) + "\nauthor A <a> 5 +0000\n\n", want: object.Commit{Author: "A <a>", AuthorDate: time.Unix(5, 0).UTC(), Message: []byte{}}, bad: "another format"},
	}
	for title, test := range tests {
		got, err := object.ParseCommit(h, []byte(test.data))
		if (err != nil) != (test.bad != "") || err != nil && !strings.Contains(err.Error(), test.bad) {
			t.Errorf("%s: error %v, want %q", title, err, test.bad)
		}
		test.want.Hash = h
		if strings.HasPrefix(test.data, "tree "+tree) {
			test.want.Tree = parse(t, tree)
		}
		if !bytes.HasSuffix([]byte(test.data), got.Said) {
			t.Errorf("%s: it says %q", title, got.Said)
		}
		got.Said = nil
		if is, want := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", test.want); is != want {
			t.Errorf("%s:\n got %s\nwant %s", title, is, want)
		}
	}
}

// TestHeaders wants all that a commit or tag says beside its people and message.
func TestHeaders(t *testing.T) {
	h := parse(t, strings.Repeat("0d", 20))
	const author, committer = "author A <a> 5 +0000\n", "committer C <c> 6 -0100\n"
	for headers, want := range map[string]string{
		"":                                  "",
		author + committer:                  "",
		author + committer + "encoding x\n": "encoding x\n",
		author + committer + "mergetag object 1\n tag v1\n \n text\ngpgsig -\n -\n": "mergetag object 1\n tag v1\n \n text\ngpgsig -\n -\n",
		author + "x y\n" + committer:              author + "x y\n" + committer,
		author + author + committer:               author + author + committer,
		"author A <a> 5 +0000 more\n" + committer: "author A <a> 5 +0000 more\n" + committer,
		author + "committer C\n":                  author + "committer C\n",
		committer + author:                        committer + author,
		author:                                    author,
	} {
		for _, message := range []string{"\nmessage\n", "\n", ""} {
			c, err := object.ParseCommit(h, []byte("tree "+tree+"\nparent "+first+"\n"+headers+message))
			if err != nil {
				t.Fatal(err)
			}
			got, _ := strings.CutSuffix(string(c.Headers()), "\n")
			if got != strings.TrimSuffix(want, "\n") && got != want {
				t.Errorf("of %q and %q the headers are %q, want %q", headers, message, got, want)
			}
		}
	}
	for headers, want := range map[string]string{
		"":                                    "",
		"tag v1\n":                            "tag v1\n",
		"tag v1\ntagger T <t> 5 +0000\n":      "tag v1\n",
		"tag v1\ntagger T <t> 5 +0000\nx y\n": "tag v1\nx y\n",
		"tagger T <t> 5 +0000 x\n":            "tagger T <t> 5 +0000 x\n",
	} {
		tag, err := object.ParseTag(h, []byte("object "+first+"\ntype commit\n"+headers+"\nmessage"))
		if err != nil || string(tag.Headers) != want {
			t.Errorf("of %q the headers of the tag are %q, %v; want %q", headers, tag.Headers, err, want)
		}
	}
}

func TestParseTag(t *testing.T) {
	h := parse(t, strings.Repeat("0d", 20))
	got, err := object.ParseTag(h, []byte("object "+first+"\ntype commit\ntag v1\ntagger T <t@x> 1700000000 +0000\n\nmessage\n"))
	want := object.Tag{Hash: h, Object: parse(t, first), Kind: object.KindCommit, Name: "v1", Tagger: "T <t@x>", TaggerDate: time.Unix(1700000000, 0).UTC(), Message: []byte("message\n"), Headers: []byte("tag v1\n")}
	if err != nil || fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", want) {
		t.Errorf("ParseTag = %+v, %v; want %+v", got, err, want)
	}
	old, err := object.ParseTag(h, []byte("object "+first+"\ntype blob\ntag v0\n\nno tagger"))
	if err != nil || old.Name != "v0" || old.Kind != object.KindBlob || string(old.Message) != "no tagger" {
		t.Errorf("ParseTag of one without a tagger = %+v, %v", old, err)
	}
	for _, bad := range []string{"", "type commit\n\n", "object " + first + "\n\n", "object " + first + "\ntype house\n\n", "object 12\ntype commit\n\n"} {
		if got, err := object.ParseTag(h, []byte(bad)); err == nil {
			t.Errorf("ParseTag(%q) = %+v", bad, got)
		}
	}
}

// entry is an entry as trees store it.
func entry(mode, name, digits string) string {
	return mode + " " + name + "\x00" + string(mustBytes(digits))
}

func mustBytes(digits string) []byte {
	h, err := object.ParseHash(digits)
	if err != nil {
		panic(err) // the digits are written in this file
	}
	return h.Bytes()
}

func TestEntries(t *testing.T) {
	names := []string{"file", "..", ".GIT", "a/b", "", "new\nline", "file", strings.Repeat("x", 5000)}
	modes := []string{"100644", "40000", "120000", "160000", "100755", "040000", "100664", "0"}
	var data string
	for i := range names {
		data += entry(modes[i], names[i], first)
	}
	kinds := []string{"blob", "tree", "blob", "gitlink", "blob", "tree", "blob", "blob"}
	hostile := []bool{false, true, true, true, true, false, false, false}
	i := 0
	for e, err := range object.Entries([]byte(data), object.SHA1) {
		if err != nil {
			t.Fatal(err)
		}
		kind := "blob"
		switch {
		case e.IsTree():
			kind = "tree"
		case e.IsGitlink():
			kind = "gitlink"
		}
		if e.Name != names[i] || e.Hash != parse(t, first) || kind != kinds[i] || e.Hostile() != hostile[i] || e.IsBlob() == (kind == "tree" || kind == "gitlink") {
			t.Errorf("entry %d is %+v, a %s, hostile: %v", i, e, kind, e.Hostile())
		}
		i++
	}
	if i != len(names) {
		t.Errorf("%d entries of %d", i, len(names))
	}
	for range object.Entries([]byte(data), object.SHA1) {
		break // must not be called any more
	}
}

func TestEntriesOfBrokenTrees(t *testing.T) {
	sound := entry("100644", "file", first)
	for cut := 1; cut < len(sound); cut++ {
		n, failed := 0, 0
		for e, err := range object.Entries([]byte(sound+sound[:cut]), object.SHA1) {
			if err != nil {
				failed++
				continue
			}
			if n++; e.Name != "file" {
				t.Errorf("entry %+v", e)
			}
		}
		if n != 1 || failed != 1 {
			t.Errorf("cut off at %d: %d entries, %d errors", cut, n, failed)
		}
	}
	for _, bad := range []string{" file\x00" + first, "9 file\x00" + first, "file", "100644file\x00" + first} {
		for _, err := range object.Entries([]byte(bad), object.SHA1) {
			if err == nil {
				t.Errorf("%q gives an entry", bad)
			}
		}
	}
}

func FuzzEntries(f *testing.F) {
	f.Add([]byte(entry("100644", "file", first) + entry("40000", "dir", second)))
	f.Fuzz(func(t *testing.T, data []byte) {
		left := len(data)
		for e, err := range object.Entries(data, object.SHA1) {
			if err == nil {
				left -= len(e.Name) + 22
			}
			if left < 0 {
				t.Fatal("more entries than data")
			}
		}
	})
}

func FuzzParseCommit(f *testing.F) {
	f.Add([]byte("tree " + tree + "\nparent " + first + "\nauthor A <a> 5 +0100\ncommitter C <c> 6 -0100\n\nmessage"))
	h := parse(f, first)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := object.ParseCommit(h, data)
		if c == nil || err == nil && c.Tree.String() == "" {
			t.Fatalf("ParseCommit = %+v, %v", c, err)
		}
		for _, date := range []time.Time{c.AuthorDate, c.CommitDate} {
			if _, err := date.MarshalText(); err != nil {
				t.Fatalf("a date that can't be written: %v", err)
			}
		}
		if !bytes.HasSuffix(data, c.Message) {
			t.Fatal("the message is not the end of the data")
		}
		if !bytes.HasSuffix(data, c.Said) || !bytes.HasSuffix(c.Said, c.Message) {
			t.Fatalf("it says %q of %q", c.Said, data)
		}
	})
}

func FuzzParseTag(f *testing.F) {
	f.Add([]byte("object " + first + "\ntype commit\ntag v1\ntagger T <t> 5 +0100\n\nmessage"))
	h := parse(f, first)
	f.Fuzz(func(t *testing.T, data []byte) {
		tag, err := object.ParseTag(h, data)
		if tag == nil || err == nil && tag.Kind.String() == "unknown" {
			t.Fatalf("ParseTag = %+v, %v", tag, err)
		}
		if _, err := tag.TaggerDate.MarshalText(); err != nil {
			t.Fatalf("a date that can't be written: %v", err)
		}
	})
}

func BenchmarkEntries(b *testing.B) {
	data := []byte(strings.Repeat(entry("100644", "some-file.txt", first), 100))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range object.Entries(data, object.SHA1) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
