package report_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// write publishes content to path as a report of the checkout dir.
func write(t *testing.T, dir, path, content string) error {
	t.Helper()
	return report.File{Name: "test report", Path: path, Dir: dir, Render: func(w io.Writer, _ *scan.Report) error {
		_, err := io.WriteString(w, content)
		return err
	}}.Publish(t.Context(), &scan.Report{})
}

func mustWrite(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skip("this system makes no links:", err)
	}
}

// is checks what a file holds and that nothing else is left beside it.
func is(t *testing.T, path, content string, others ...string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != content {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, content)
	}
	i, err := os.Lstat(path)
	if err != nil || !i.Mode().IsRegular() {
		t.Errorf("%s is %v (%v)", path, i.Mode(), err)
	}
	if !slices.Contains(others, filepath.Base(path)) {
		others = append(others, filepath.Base(path))
	}
	alone(t, filepath.Dir(path), others...)
}

// alone checks that a folder holds just these names.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Errorf("%s holds %v, want %v", dir, entries, names)
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, filepath.Join(dir, "old"), strings.Repeat("long", 1000))
	mustWrite(t, filepath.Join(dir, "sub", "x"), "x")
	for _, path := range []string{"new", "old", "sub/new"} {
		if err := write(t, dir, filepath.Join(dir, path), "content\n"); err != nil {
			t.Error(err)
		}
	}
	is(t, filepath.Join(dir, "new"), "content\n", "old", "sub")
	is(t, filepath.Join(dir, "old"), "content\n", "new", "sub")
	is(t, filepath.Join(dir, "sub", "new"), "content\n", "x")
	for _, path := range []string{"new", "old"} {
		if i, err := os.Stat(filepath.Join(dir, path)); err != nil || i.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v, %v", path, i.Mode(), err)
		}
	}
	// A name relative to the working directory, and a checkout that is named so too.
	t.Chdir(filepath.Join(dir, "sub"))
	if err := write(t, "..", "here", "content\n"); err != nil {
		t.Error(err)
	}
	is(t, filepath.Join(dir, "sub", "here"), "content\n", "x", "new")
}

// The checkout is the enemy's: no link in it leads the report to anything else.
func TestFileFollowsNoLinkOfTheCheckout(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	victim := filepath.Join(outside, "victim")
	mustWrite(t, victim, "precious")
	link(t, victim, filepath.Join(dir, "link"))
	link(t, filepath.Join(outside, "missing"), filepath.Join(dir, "dangling"))
	link(t, outside, filepath.Join(dir, "folder"))
	link(t, "../"+filepath.Base(outside), filepath.Join(dir, "relative"))
	mustWrite(t, filepath.Join(dir, "kept"), "kept")
	link(t, "kept", filepath.Join(dir, "inner"))
	link(t, "loop", filepath.Join(dir, "loop"))

	for _, name := range []string{"link", "dangling", "inner", "loop"} {
		if err := write(t, dir, filepath.Join(dir, name), "content"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		is(t, filepath.Join(dir, name), "content", "link", "dangling", "folder", "relative", "kept", "inner", "loop")
	}
	for _, name := range []string{"folder/x", "folder/victim", "relative/x"} {
		if err := write(t, dir, filepath.Join(dir, name), "content"); err == nil {
			t.Errorf("%s: written", name)
		} else if !strings.Contains(err.Error(), "writing the test report to ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := os.ReadFile(victim); err != nil || string(got) != "precious" {
		t.Errorf("the victim holds %q, %v", got, err)
	}
	alone(t, outside, "victim")
	if got, err := os.ReadFile(filepath.Join(dir, "kept")); err != nil || string(got) != "kept" {
		t.Errorf("kept holds %q, %v", got, err)
	}
}

// A checkout that the user reaches through a link is still the enemy's by its real name.
func TestFileKnowsTheCheckoutByBothNames(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	real := filepath.Join(dir, "real")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, real, filepath.Join(dir, "alias"))
	link(t, outside, filepath.Join(real, "folder"))
	for _, path := range []string{"alias/folder/x", "real/folder/x"} {
		if err := write(t, filepath.Join(dir, "alias"), filepath.Join(dir, path), "content"); err == nil {
			t.Errorf("%s: written", path)
		}
	}
	alone(t, outside)
}

// Outside of the checkout the user's own links and devices are meant as they are.
func TestFileOutside(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	target := filepath.Join(outside, "target")
	mustWrite(t, target, strings.Repeat("long", 1000))
	link(t, target, filepath.Join(outside, "link"))
	if err := write(t, dir, filepath.Join(outside, "link"), "content"); err != nil {
		t.Error(err)
	}
	is(t, target, "content", "link")
	if err := write(t, dir, filepath.Join(outside, "new"), "content"); err != nil {
		t.Error(err)
	}
	if err := write(t, dir, os.DevNull, "content"); err != nil {
		t.Error(err)
	}
	if i, err := os.Stat(os.DevNull); err != nil || i.Mode().IsRegular() {
		t.Fatalf("%s was replaced: %v %v", os.DevNull, i.Mode(), err)
	}
}

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, filepath.Join(dir, "file"), "kept")
	outside := t.TempDir()
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(dir, "no", "such", "x"), "make the folder first"},
		{filepath.Join(outside, "no", "such", "x"), "make the folder first"},
		{filepath.Join(dir, "folder"), "is a folder; name a file"},
		{filepath.Join(outside), "is a folder; name a file"},
		{filepath.Join(dir, "file", "x"), ""},
		{dir, "is a folder; name a file"},
		{"", "name a file"},
	} {
		err := write(t, dir, tt.path, "content")
		if err == nil {
			t.Errorf("%s: written", tt.path)
			continue
		}
		if !strings.Contains(err.Error(), "writing the test report to ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
	alone(t, dir, "folder", "file")
	alone(t, outside)
	if got, _ := os.ReadFile(filepath.Join(dir, "file")); string(got) != "kept" {
		t.Errorf("the file holds %q", got)
	}
}

// A report that cannot be rendered leaves the one that was there.
func TestFileIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	mustWrite(t, path, "before")
	err := report.File{Name: "test report", Path: path, Dir: dir, Render: func(w io.Writer, _ *scan.Report) error {
		_, _ = io.WriteString(w, "half")
		return errDisk
	}}.Publish(t.Context(), &scan.Report{})
	if !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
	is(t, path, "before")
}

func TestFileToStandardOutput(t *testing.T) {
	var out bytes.Buffer
	f := report.File{Name: "JSON report", Path: "-", Dir: t.TempDir(), Stdout: &out, Render: report.JSON{Version: "1"}.Render}
	if err := f.Publish(t.Context(), nothing(t)); err != nil || !bytes.Equal(out.Bytes(), renderJSONVersion(t, "1")) {
		t.Errorf("%v, %s", err, out.String())
	}
	f.Stdout = failing{}
	if err := f.Publish(t.Context(), nothing(t)); !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "JSON report") {
		t.Errorf("got %v", err)
	}
}

func renderJSONVersion(t *testing.T, version string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (report.JSON{Version: version}).Render(&b, nothing(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
