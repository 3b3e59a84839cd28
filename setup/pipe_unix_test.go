//go:build unix

package setup_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/bbkeys/bbkeys/setup"
)

// TestPipes: what is no file is not waited for.
func TestPipes(t *testing.T) {
	dir := repository(t, ".git/HEAD")
	for _, name := range []string{".git/config", "bitbucket-pipelines.yml"} {
		if err := syscall.Mkfifo(filepath.Join(dir, filepath.FromSlash(name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kinds, _, err := setup.Find(dir)
	if err != nil || names(kinds) != "bitbucket" {
		t.Fatalf("found %q, %v", names(kinds), err)
	}
	if o, err := kinds[0].For(dir, setup.Pin{}); err != nil || o.New || o.Has(dir) {
		t.Errorf("%+v, %v", o, err)
	}
}
