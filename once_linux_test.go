package main

import (
	"encoding/binary"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/proc"
)

// TestOnce: a run opens its repository once and connects to the server once, whatever it
// takes from there, and leaves nothing open or behind.
func TestOnce(t *testing.T) {
	w := makeWorld(t, func(work, _ string) {
		if err := os.WriteFile(filepath.Join(work, ".bbkeys.yml"), []byte("archive-depth: 1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	var greetings atomic.Int64
	backend := w.backend()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/info/refs") {
			greetings.Add(1)
		}
		backend.ServeHTTP(rw, r)
	}))
	defer server.Close()
	w.server = server.URL
	t.Setenv("TMPDIR", t.TempDir())
	j := w.job("github pull request")
	for _, mode := range []string{"auto", "checkout", "history", "staged", "doctor"} {
		for _, depth := range []int{0, 1} {
			dir := w.clone(j.ref, j.commit, depth)
			w.git(dir, "pack-refs", "--all")
			env := j.env(dir)
			maps.Copy(env, j.origin)
			opened := opens(t, filepath.Join(dir, ".git", "packed-refs"))
			greetings.Store(0)
			want := int64(depth) // only a shallow clone lacks anything
			if mode == "doctor" {
				want = 0
				w.doctor(env)
			} else {
				env["INPUT_MODE"] = mode
				if got := w.scan(env); got.settings != w.main {
					t.Errorf("%s, depth %d: the settings are those of %q", mode, depth, got.settings)
				}
			}
			if n := opened(); n != 1 {
				t.Errorf("%s, depth %d: the repository was opened %d times", mode, depth, n)
			}
			if n := greetings.Load(); n != want {
				t.Errorf("%s, depth %d: the server was connected to %d times, want %d", mode, depth, n, want)
			}
			if left := files(t, os.Getenv("TMPDIR")); len(left) > 0 {
				t.Errorf("%s, depth %d: %q was left behind", mode, depth, left)
			}
			if left := held(t, dir, os.Getenv("TMPDIR")); len(left) > 0 {
				t.Errorf("%s, depth %d: %q was left open", mode, depth, left)
			}
		}
	}
}

// TestRefusedOnce: a server that does not let the run in is not asked a second time.
func TestRefusedOnce(t *testing.T) {
	w := newWorld(t)
	t.Setenv("TMPDIR", t.TempDir())
	for status, attempts := range map[int]int64{http.StatusNotFound: 1, http.StatusFound: 1, 0: 2} {
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			if asked.Add(1); status == 0 {
				panic(http.ErrAbortHandler)
			}
			rw.Header().Set("Location", "http://elsewhere.invalid/login")
			rw.WriteHeader(status)
		}))
		w.server = server.URL
		for _, j := range w.jobs() {
			if j.name != "gitlab merge request" { // which has several bases to try
				continue
			}
			env := j.env(w.clone(j.ref, j.commit, 1))
			maps.Copy(env, j.origin)
			if got := w.scan(env); got.whole {
				t.Errorf("status %d: the scan is whole", status)
			}
		}
		if n := asked.Load(); n != attempts {
			t.Errorf("status %d: the server was asked %d times, want %d", status, n, attempts)
		}
		server.Close()
	}
	if left := files(t, os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("%q was left behind", left)
	}
}

// doctor runs bbkeys doctor in an environment.
func (w *world) doctor(env map[string]string) {
	w.t.Helper()
	var out strings.Builder
	p := proc.Process{Args: []string{"doctor"}, Stdout: proc.Stream{Writer: &out}, Stderr: proc.Stream{Writer: &out}}
	for k, v := range env {
		p.Env = append(p.Env, k+"="+v)
	}
	if got := exit.Of(run(w.t.Context(), p)); got == exit.Usage {
		w.t.Errorf("the doctor ends with %d: %s", got, &out)
	}
}

// opens counts how often a file is opened until the function is called that it returns.
func opens(t *testing.T, path string) func() int {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	// Closing is watched too, since the kernel makes one of two like events in a row.
	if _, err := syscall.InotifyAddWatch(fd, path, syscall.IN_OPEN|syscall.IN_CLOSE); err != nil {
		t.Fatal(err)
	}
	return func() int {
		defer syscall.Close(fd) //nolint:errcheck // nothing was written
		count, buf := 0, make([]byte, 1<<16)
		n, err := syscall.Read(fd, buf)
		if err != nil {
			t.Error(err)
		}
		for ; n >= syscall.SizeofInotifyEvent; n -= syscall.SizeofInotifyEvent { // of a file they have no name
			if binary.NativeEndian.Uint32(buf[4:])&syscall.IN_OPEN != 0 {
				count++
			}
			buf = buf[syscall.SizeofInotifyEvent:]
		}
		return count
	}
}

// held returns what this process has open below one of some folders.
func held(t *testing.T, dirs ...string) []string {
	t.Helper()
	const own = "/proc/self/fd"
	entries, err := os.ReadDir(own)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		at, err := os.Readlink(filepath.Join(own, e.Name()))
		for _, dir := range dirs {
			if err == nil && strings.HasPrefix(at, dir) {
				all = append(all, at)
			}
		}
	}
	return all
}
