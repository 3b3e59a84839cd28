package remote

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// password is a credential of this run alone.
func password() string { return fmt.Sprintf("pw%016x%016x", rand.Uint64(), rand.Uint64()) }

// through is a network with one proxy.
func through(proxy string) web.Network { return web.Network{}.Through(proxy) }

// trusting is a network that trusts the certificate of a server.
func trusting(t *testing.T, s *httptest.Server) web.Network {
	t.Helper()
	at := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(at, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return web.Of(proc.Process{Env: []string{"SSL_CERT_FILE=" + at}})
}

// patient waits for nothing.
func patient(context.Context, time.Duration) error { return nil }

// small serves a repository of a few commits on main.
func small(t testing.TB, format string) *host {
	t.Helper()
	repo := bare(t, format, "uploadpack.allowFilter")
	s := newStory(5)
	at := s.commit("main", 1_700_000_000)
	for i := range 5 {
		at = s.commit("main", 1_700_000_001+i, at)
	}
	run(t, repo, s.String(), "fast-import", "--quiet")
	return serve(t, repo)
}

// change is the last three commits of main for an empty clone.
func (h *host) change(t testing.TB) Change {
	return Change{Local: open(t, bare(t, "sha1"), 0), Head: parse(t, run(t, h.repo, "", "rev-parse", "main")), Base: parse(t, run(t, h.repo, "", "rev-parse", "main~3"))}
}

// connectErr connects, wants that to fail, and that the error says each of the words and
// nothing of the password.
func connectErr(t *testing.T, s Server, is error, pw string, words ...string) {
	t.Helper()
	if s.Wait == nil {
		s.Wait = patient
	}
	r, err := Connect(t.Context(), s, t.TempDir())
	if err == nil {
		_ = r.Close()
		t.Fatal("it connected")
	}
	failedWith(t, err, is, pw, words...)
}

func failedWith(t *testing.T, err, is error, pw string, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	if is != nil && !errors.Is(err, is) {
		t.Errorf("error %q is no %q", err, is)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
	if pw != "" && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), pw) {
		t.Errorf("the error shows the password")
	}
}

// guard lets only requests with the password in.
func guard(h *host, pw string) {
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if _, got, _ := r.BasicAuth(); got == pw {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		http.Error(w, "no", http.StatusUnauthorized)
		return true
	}
}

func TestCredentials(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	guard(h, pw)
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth("x-access-token", pw)
	value := basic.Header.Get("Authorization")
	u, _ := url.Parse(h.url())
	u.User = url.UserPassword("me", pw)
	for _, s := range []Server{{URL: h.url(), Authorization: secret.New(value)}, {URL: u.String()}} {
		r := h.connect(t, func(to *Server) { *to = s })
		done, err := r.Complete(t.Context(), h.change(t))
		if err != nil || done.Missed != nil || len(done.Commits) != 3 {
			t.Fatal(err, done)
		}
	}
	connectErr(t, Server{URL: h.url()}, ErrDenied, pw, "permissions: contents: read", "fetch-depth: 0", h.url())
	u.User = url.UserPassword("me", pw+"x")
	connectErr(t, Server{URL: u.String()}, ErrDenied, pw, "status 401", h.url())
	connectErr(t, Server{URL: "https://me:" + pw + "@host:port/x"}, nil, pw, "no http or https URL")
	connectErr(t, Server{URL: h.url(), Network: through("http://me:" + pw + "@host:port/x")}, ErrUnreachable, pw, "proxy's address")
	connectErr(t, Server{URL: h.url(), Network: through("http://me:" + pw + "@127.0.0.1:1")}, ErrUnreachable, pw)
	connectErr(t, Server{URL: "ssh://git@host/x"}, nil, "", "no http or https URL")
}

func TestProxy(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	guard(h, pw)
	var passed atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passed.Add(1)
		if r.URL.Host != "bitbucket.invalid" || r.Header.Get("Authorization") != "" {
			http.Error(w, "not as expected", http.StatusBadRequest)
			return
		}
		out := r.Clone(r.Context())
		out.RequestURI, out.URL.Host = "", strings.TrimPrefix(h.URL, "http://")
		out.SetBasicAuth("x-token-auth", pw) // it signs what the job sends
		resp, err := http.DefaultTransport.RoundTrip(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		for k, v := range resp.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	defer proxy.Close()
	r := h.connect(t, func(s *Server) { s.URL, s.Network = "http://bitbucket.invalid/r.git", through(proxy.URL) })
	done, err := r.Complete(t.Context(), h.change(t))
	if err != nil || done.Missed != nil || len(done.Commits) != 3 {
		t.Fatal(err, done)
	}
	if passed.Load() != int64(r.Stats().Requests) {
		t.Errorf("%d requests went through the proxy, of %d", passed.Load(), r.Stats().Requests)
	}
}

func TestRedirects(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	var leaked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { leaked.Add(1) }))
	defer other.Close()
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth("x", pw)
	s := Server{URL: h.URL + "/old.git", Authorization: secret.New(basic.Header.Get("Authorization"))}
	to := ""
	guard(h, pw)
	auth := h.before
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if path, ok := strings.CutPrefix(r.URL.Path, "/old.git"); ok {
			http.Redirect(w, r, to+path+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
			return true
		}
		return auth(w, r)
	}
	to = "/r.git"
	r := h.connect(t, func(x *Server) { *x = s })
	if done, err := r.Complete(t.Context(), h.change(t)); err != nil || len(done.Commits) != 3 {
		t.Fatal(err)
	}
	for where, words := range map[string]string{
		other.URL + "/r.git":                       "to another address",
		"http://me:" + pw + "@" + h.URL[7:] + "/r": "password",
		"/old.git":  "again and again",
		"ftp://x/y": "without TLS",
	} {
		to = where
		connectErr(t, s, nil, pw, words)
	}
	// In the middle, not even the same host may send us elsewhere.
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return auth(w, r)
		}
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		return true
	}
	r = h.connect(t, func(x *Server) { *x = s; x.URL = h.url() })
	_, err := r.Complete(t.Context(), h.change(t))
	failedWith(t, err, nil, pw, "in the middle")
	if leaked.Load() != 0 {
		t.Error("the other host got a request")
	}
}

// TestTLS fetches over TLS and HTTP/2, with the credential.
func TestTLS(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	guard(h, pw)
	safe := httptest.NewUnstartedServer(h.Config.Handler)
	safe.EnableHTTP2 = true
	safe.StartTLS()
	defer safe.Close()
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth("x-access-token", pw)
	r := h.connect(t, func(s *Server) {
		s.URL, s.Network = safe.URL+"/r.git/", trusting(t, safe)
		s.Authorization = secret.New(basic.Header.Get("Authorization"))
	})
	if done, err := r.Complete(t.Context(), h.change(t)); err != nil || done.Missed != nil || len(done.Commits) != 3 {
		t.Fatal(err, done)
	}
}

func TestRedirectFromTLS(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	safe := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, h.URL+r.URL.Path+"?"+r.URL.RawQuery, http.StatusFound)
	}))
	safe.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of the handshake that fails below
	safe.StartTLS()
	defer safe.Close()
	s := Server{URL: safe.URL + "/r.git", Network: trusting(t, safe), Authorization: secret.New("Bearer " + pw)}
	connectErr(t, s, nil, pw, "without TLS")
	if h.requests.Load() != 0 {
		t.Error("a request went out in the clear")
	}
	s.Network = web.Network{} // so that the certificate is not trusted
	connectErr(t, s, ErrUnreachable, pw, "certificate", "SSL_CERT_FILE")
}

func TestStatus(t *testing.T) {
	h := small(t, "sha1")
	for code, is := range map[int]error{403: ErrDenied, 404: ErrDenied, 407: ErrUnreachable, 429: ErrUnreachable, 503: ErrUnreachable, 500: ErrUnreachable, 418: nil} {
		h.before = func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(code); return true }
		connectErr(t, Server{URL: h.url()}, is, "", fmt.Sprintf("status %d", code))
	}
	// A type with a charset, as a proxy adds one, is the same type.
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		got := httptest.NewRecorder()
		h.before = nil
		h.Config.Handler.ServeHTTP(got, r)
		w.Header().Set("Content-Type", strings.ToUpper(got.Header().Get("Content-Type"))+" ; charset=utf-8")
		_, _ = w.Write(got.Body.Bytes())
		return true
	}
	h.connect(t, nil)
	h.before = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<h1>Log in</h1>")
		return true
	}
	connectErr(t, Server{URL: h.url()}, nil, "", "text/html", "login page")
	h.before = func(_ http.ResponseWriter, r *http.Request) bool { r.Header.Del("Git-Protocol"); return false }
	connectErr(t, Server{URL: h.url()}, errNoVersion2, "", "version 2", "fetch-depth: 0")
	h.before = func(_ http.ResponseWriter, r *http.Request) bool {
		r.Header.Set("Git-Protocol", "version=1")
		return false
	}
	connectErr(t, Server{URL: h.url()}, errNoVersion2, "", "version 2")
	h.Close()
	connectErr(t, Server{URL: h.url()}, ErrUnreachable, "", "clone the whole history")
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// TestRetries: a connection that breaks once does no harm, wherever that is.
func TestRetries(t *testing.T) {
	h := small(t, "sha1")
	var n atomic.Int64
	for at := int64(1); at <= 4; at++ {
		n.Store(0)
		h.before = func(w http.ResponseWriter, _ *http.Request) bool {
			if n.Add(1) != at {
				return false
			}
			hangUp(w)
			return true
		}
		r := h.connect(t, nil)
		done, err := r.Complete(t.Context(), h.change(t))
		if err != nil || done.Missed != nil || len(done.Commits) != 3 {
			t.Fatalf("request %d: %v", at, err)
		}
	}
	h.before = func(w http.ResponseWriter, _ *http.Request) bool { n.Add(1); hangUp(w); return true }
	n.Store(0)
	connectErr(t, Server{URL: h.url()}, ErrUnreachable, "")
	// Go's transport may repeat a GET by itself on a connection that it used before; here none was.
	if n.Load() != 2 {
		t.Errorf("%d attempts, want 2", n.Load())
	}
	// An answer that breaks off in the middle counts as well.
	var cut atomic.Int64
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || cut.Load() > 0 {
			return false
		}
		cut.Add(1)
		w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "000dpackfile\n0100\x01PACK\x00\x00")
		return true
	}
	r := h.connect(t, nil)
	if done, err := r.Complete(t.Context(), h.change(t)); err != nil || len(done.Commits) != 3 || cut.Load() != 1 {
		t.Fatal(err)
	}
}
