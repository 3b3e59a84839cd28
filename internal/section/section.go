// Package section holds the parts of documents that tests write: what they counted.
package section

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/internal/spec"
)

// Check compares the part of a document that stands between <!-- name --> and
// <!-- /name --> with text, or puts text there where update says so. The document is named
// from the module's root.
func Check(t testing.TB, document, name, text string, update bool) {
	t.Helper()
	path := filepath.Join(spec.Root(t), filepath.FromSlash(document))
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	before, rest, ok := strings.Cut(string(old), begin)
	part, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no part between %sand %s", document, begin, end)
	}
	if part == text {
		return
	}
	if !update {
		t.Errorf("the part %q of %s is not what was counted; run this package's tests with -update. Counted:\n%s", name, document, text)
		return
	}
	if err := os.WriteFile(path, []byte(before+begin+text+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
