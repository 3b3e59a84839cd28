package source

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/scan"
)

// grow makes a tree of the given files and contents; a name that ends with a slash is a
// folder, and a content that begins with "-> " is a link.
func grow(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		at := filepath.Join(root, filepath.FromSlash(name))
		dir := filepath.Dir(at)
		if strings.HasSuffix(name, "/") {
			dir = at
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		target, link := strings.CutPrefix(text, "-> ")
		var err error
		switch {
		case dir == at:
		case link:
			err = os.Symlink(target, at)
		default:
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// repository adds what makes a repository of the folder at, where nothing is tracked.
func repository(files map[string]string, at string) map[string]string {
	maps.Copy(files, map[string]string{at + ".git/HEAD": "ref: refs/heads/main\n", at + ".git/objects/": "", at + ".git/refs/": ""})
	return files
}

// content reads a blob.
func content(t *testing.T, b scan.Blob) string {
	t.Helper()
	if b.Open == nil {
		return string(b.Data)
	}
	r, err := b.Open()
	if err != nil {
		t.Errorf("%s: %v", b.Places[0].Path, err)
		return ""
	}
	defer r.Close() //nolint:errcheck // nothing was written
	text, err := io.ReadAll(r)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// walked returns what a walk of tr gives, by path.
func walked(t *testing.T, tr *tree, jobs int) map[string]string {
	t.Helper()
	var mu sync.Mutex
	got := map[string]string{}
	tr.Each(t.Context(), jobs, func(b scan.Blob) bool {
		if b.Name {
			return false
		}
		text, at := content(t, b), b.Places[0].Path
		mu.Lock()
		defer mu.Unlock()
		if _, twice := got[at]; twice {
			t.Errorf("%s came twice", at)
		}
		got[at] = text
		return false
	}, func(g *scan.Gap) { t.Error(g) })
	if t.Failed() {
		t.FailNow() // what came is not worth a word then
	}
	return got
}

// Each file comes once, with its content, however many look and however long a directory
// is.
func TestTreeWhole(t *testing.T) {
	files := map[string]string{"empty/": "", "a": "", "link": "-> a/b", "lost": "-> nowhere", "folder": "-> deep"}
	deep := "deep/"
	for i := range 60 {
		files[fmt.Sprintf("%sf%d", deep, i)] = fmt.Sprint(i)
		files[fmt.Sprintf("wide/d%d/f", i)] = strings.Repeat("x", i*3000)
		deep += "d/"
	}
	for i := range listed + 7 {
		files[fmt.Sprintf("long/f%d", i)] = fmt.Sprint(i)
		if i%3 == 0 {
			files[fmt.Sprintf("long/d%d/f", i)] = fmt.Sprint(-i)
		}
	}
	root := grow(t, files)
	want := map[string]string{}
	for name, text := range files {
		if !strings.HasSuffix(name, "/") {
			want[name] = strings.TrimPrefix(text, "-> ")
		}
	}
	for _, jobs := range []int{0, 1, 3, 16} {
		if got := walked(t, &tree{root: root, within: root}, jobs); !maps.Equal(got, want) {
			t.Errorf("%d jobs: %d files came, not the %d that are there", jobs, len(got), len(want))
		}
	}
}

// What a directory ignores, and that a repository begins there, is known before its
// entries are, even where these don't come at once.
func TestTreeIgnoresInLongDirectories(t *testing.T) {
	files := repository(map[string]string{}, "")
	repository(files, "zone/")
	files[".gitignore"] = "*.log\n"
	files["zone/.gitignore"] = "*.tmp\n"
	var want []string
	for i := range listed {
		for _, name := range []string{"f%d", "f%d.log", "zone/f%d.tmp", "zone/f%d.log"} {
			name = fmt.Sprintf(name, i)
			files[name] = ""
			if !strings.HasSuffix(name, ".tmp") && (name[0] == 'z' || !strings.HasSuffix(name, ".log")) {
				want = append(want, name)
			}
		}
	}
	want = append(want, ".gitignore", "zone/.gitignore")
	slices.Sort(want)
	root := grow(t, files)
	got := slices.Sorted(maps.Keys(walked(t, &tree{root: root, within: root}, 4)))
	if !slices.Equal(got, want) {
		t.Errorf("%d files came, want %d", len(got), len(want))
	}
}

func TestTreeOfOneFile(t *testing.T) {
	root := grow(t, map[string]string{"a": "this", "b": "not this", "in/link": "-> ../a"})
	for _, name := range []string{"a", "in/link"} {
		got := walked(t, &tree{root: filepath.Join(root, name)}, 2)
		if want := map[string]string{filepath.Base(name): "this"}; !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// open returns how many descriptors the process has open.
func open(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("skipped: the system does not tell which files are open")
	}
	return len(list)
}

// A walk holds few directories open, whatever the tree, and none in the end, even if it
// was told to stop.
func TestTreeCloses(t *testing.T) {
	files := map[string]string{}
	for dir, i := "", 0; i < 200; i++ {
		files[dir+"f"], files[dir+"b/f"], files[dir+"c/d/f"] = "", "", ""
		dir += "a/"
	}
	root := grow(t, files)
	const jobs = 3
	before := open(t)
	for _, stop := range []int{len(files), len(files) / 2} {
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		most, n := 0, 0
		(&tree{root: root, within: root}).Each(ctx, jobs, func(b scan.Blob) bool {
			if b.Name {
				return false
			}
			mu.Lock()
			defer mu.Unlock()
			most = max(most, open(t))
			if n++; n == stop {
				cancel()
			}
			return false
		}, func(g *scan.Gap) { t.Error(g) })
		cancel()
		if n < stop || n > stop+jobs {
			t.Errorf("%d files were looked at of %d, to be stopped after %d", n, len(files), stop)
		}
		if most > before+3*jobs {
			t.Errorf("%d descriptors were open at once, %d of them before", most, before)
		}
		if after := open(t); after > before {
			t.Errorf("%d descriptors are open, %d were before", after, before)
		}
	}
}

// What can't be opened or listed is told, in terms of the checkout, and the rest comes.
func TestTreeGaps(t *testing.T) {
	root := grow(t, map[string]string{"a": "", "b": "", "c/d": ""})
	var mu sync.Mutex
	missed := []string{}
	miss := func(g *scan.Gap) {
		mu.Lock()
		defer mu.Unlock()
		missed = append(missed, g.Error())
	}
	(&tree{root: root}).Each(t.Context(), 1, func(b scan.Blob) bool {
		if b.Name || b.Places[0].Path != "a" {
			return false
		}
		for _, name := range []string{"a", "c"} {
			if err := os.RemoveAll(filepath.Join(root, name)); err != nil {
				t.Error(err)
			}
		}
		if _, err := b.Open(); err == nil || err.Error() != "opening it: no such file or directory" {
			t.Errorf("opening what is gone: %v", err)
		}
		return false
	}, miss)
	if want := []string{"c: listing the directory: no such file or directory"}; !slices.Equal(missed, want) {
		t.Errorf("missed %q, want %q", missed, want)
	}
}
