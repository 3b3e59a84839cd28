package main

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/proc"
)

// TestProxyOfTheJob: what a clone lacks is fetched through the proxy that the job's
// environment names, and whatever comes of it, nothing that a run says has its password or
// the token of the job.
func TestProxyOfTheJob(t *testing.T) {
	w := newWorld(t)
	password := fmt.Sprintf("pw%016x", rand.Uint64())
	backend, asked := w.backend(), 0
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, pw, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		if asked++; r.URL.Host != "git.example.com" || pw != password {
			rw.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		backend.ServeHTTP(rw, r)
	}))
	defer proxy.Close()
	at := strings.TrimPrefix(proxy.URL, "http://")
	w.server = "http://git.example.com"
	jobs := w.jobs()
	j := jobs[slices.IndexFunc(jobs, func(j job) bool { return j.name == "github pull request" })]
	for _, c := range []struct {
		env   string
		asked bool
		says  string // of what was not looked at; "" for a scan that is whole
	}{
		{"http_proxy=http://me:" + password + "@" + at, true, ""},
		{"ALL_PROXY=http://me:" + password + "@" + at, true, ""},
		{"HTTP_PROXY=http://me:x" + password + "@" + at, true, "the proxy wants credentials"},
		{"HTTP_PROXY=http://me:" + password + "@" + at + ":x", false, "none of a proxy"},
		{"HTTP_PROXY=http://me:" + password + "@127.0.0.1:1", false, "refused"},
	} {
		asked = 0
		env := j.env(w.clone(j.ref, j.commit, 1))
		maps.Copy(env, j.origin)
		env["INPUT_TOKEN"] = "of-the-job-" + password
		name, value, _ := strings.Cut(c.env, "=")
		env[name] = value
		said := w.all(env)
		if (asked > 0) != c.asked {
			t.Errorf("%s: the proxy was asked %d times", name, asked)
		}
		if c.says == "" == strings.Contains(said, "not looked at") || !strings.Contains(said, c.says) {
			t.Errorf("%s: it does not say %q: %s", name, c.says, said)
		}
		if strings.Contains(said, password) {
			t.Errorf("%s: a password is told: %s", name, said)
		}
	}
}

// all returns all that a run says, to files, to the log and to whoever reads along.
func (w *world) all(env map[string]string) string {
	w.t.Helper()
	dir := w.t.TempDir()
	var said bytes.Buffer
	p := proc.Process{Stdout: proc.Stream{Writer: &said}, Stderr: proc.Stream{Writer: &said}, Args: []string{"--log-level", "debug"}}
	for _, format := range []string{"json", "sarif", "html", "junit"} {
		p.Args = append(p.Args, "--"+format, filepath.Join(dir, format))
	}
	for k, v := range env {
		p.Env = append(p.Env, k+"="+v)
	}
	if err := run(w.t.Context(), p); err != nil {
		fmt.Fprintf(&said, "%v %+v %#v\n", err, err, err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 4 {
		w.t.Fatalf("the reports are %v, %v", files, err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		said.Write(text)
	}
	return said.String()
}
