// Package fake stands in for the servers that reports are sent to. It is strict: a request
// that the vendor's own description does not allow, or that is over one of the limits that
// the description leaves out, fails the test.
package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A desk is where the requests for a server come in.
type desk struct {
	*httptest.Server
	t        testing.TB
	mu       sync.Mutex
	before   Unruly
	requests []string
}

// An Unruly is asked before a server answers a request, the first of which is number 1, and
// may answer itself, to misbehave.
type Unruly func(n int, w http.ResponseWriter, r *http.Request) bool

// asked is one request with its body.
type asked struct {
	*http.Request
	body []byte
}

func (d *desk) open(t testing.TB, h http.Handler) {
	d.t = t
	d.Server = httptest.NewServer(h)
	t.Cleanup(d.Close)
}

// Requests returns all that came in, each as method, path, headers and body.
func (d *desk) Requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.requests)
}

// receive notes a request, and reports whether it is still to be answered.
func (d *desk) receive(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.t.Errorf("reading a request: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	d.mu.Lock()
	d.requests = append(d.requests, fmt.Sprintf("%s %s\n%v\n%s", r.Method, r.URL.EscapedPath(), r.Header, body))
	n, before := len(d.requests), d.before
	d.mu.Unlock()
	return body, before == nil || !before(n, w, r)
}

// refuse fails the test: what the vendor would refuse is a fault of ours.
func (d *desk) refuse(r asked, wrong []string) (int, any) {
	d.t.Errorf("%s %s is refused:\n%s\nthe body is %.2000s", r.Method, r.URL, strings.Join(wrong, "\n"), r.body)
	return http.StatusBadRequest, failure(wrong[0])
}

func failure(why string) any { return map[string]any{"message": why} }

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(answer)
	}
}
