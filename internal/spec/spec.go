// Package spec finds the vendors' schemas that tests check against. They are kept beside
// the repository, not in it.
package spec

import (
	"os"
	"path/filepath"
	"testing"
)

// File returns the path of a vendor's file, such as "sarif/oasis/sarif-schema-2.1.0.json".
// Where it is not there, the test is skipped and says so.
func File(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Root(t), "..", "shared", "specs", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("skipped without the vendor's file %s", name)
	}
	return path
}

// Root returns the folder that go.mod is in.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = up
	}
}
