//go:build unix

package report_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Where the program is root, as in a container, the report belongs to the workspace's owner.
func TestFileBelongsToTheFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 1234, 5678); err != nil {
		t.Skip("this system gives no files away:", err)
	}
	path := filepath.Join(dir, "bbkeys.sarif")
	for range 2 { // new, and replaced
		if err := write(t, dir, path, "content"); err != nil {
			t.Fatal(err)
		}
		i, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := i.Sys().(*syscall.Stat_t); !ok || s.Uid != 1234 || s.Gid != 5678 {
			t.Errorf("it belongs to %+v", i.Sys())
		}
	}
}

// A named pipe in the checkout must not make the program wait for a reader.
func TestFileReplacesAPipe(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bbkeys.sarif")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("this system makes no pipes:", err)
	}
	if err := write(t, dir, path, "content"); err != nil {
		t.Fatal(err)
	}
	is(t, path, "content")
}

// An umask does not keep later steps from reading.
func TestFileModeWithUmask(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "x")
	if err := write(t, filepath.Dir(path), path, "content"); err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(path); err != nil || i.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", i.Mode(), err)
	}
}
