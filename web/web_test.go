package web_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/web"
)

// of is the network of an environment.
func of(env ...string) web.Network { return web.Of(proc.Process{Env: env}) }

// get asks for an address over a network.
func get(t *testing.T, n web.Network, address string) (string, error) {
	t.Helper()
	transport := n.Transport(0)
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(address)
	if err != nil {
		return "", n.Failure(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// A way is a proxy that leads all to one server, and remembers what it was asked.
type way struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // method, host and credentials
}

func (w *way) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// proxy makes a way to a server, by name for http and as a tunnel for https.
func proxy(t *testing.T, to *httptest.Server) *way {
	t.Helper()
	w := &way{}
	host := to.Listener.Addr().String()
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, strings.TrimSpace(r.Method+" "+r.Host+" "+r.Header.Get("Proxy-Authorization")))
		w.mu.Unlock()
		if r.Method != http.MethodConnect {
			_, _ = io.WriteString(rw, "through")
			return
		}
		out, err := net.Dial("tcp", host)
		if err != nil {
			http.Error(rw, "", http.StatusBadGateway)
			return
		}
		in, buf, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			_ = out.Close()
			return
		}
		_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(out, buf); _ = out.Close() }()
		go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
	}))
	t.Cleanup(w.Close)
	return w
}

// server answers with its own word over TLS; its certificate is for example.com.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "direct") }))
	t.Cleanup(s.Close)
	return s
}

// TestProxies: the proxies of the environment are used, for all hosts but those that it takes out.
func TestProxies(t *testing.T) {
	safe := server(t)
	ca := "SSL_CERT_FILE=" + authority(t, safe)
	pw := password()
	auth := " Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+pw))
	const plain, secure = "http://git.example.com:7990/x", "https://git.example.com:8443/x"
	for _, c := range []struct {
		env     []string // a P at an end stands for the proxy's host and port
		address string
		want    string // what the proxy was asked, "" for nothing
	}{
		{[]string{"http_proxy=http://P"}, plain, "GET git.example.com:7990"},
		{[]string{"HTTP_PROXY=http://P"}, plain, "GET git.example.com:7990"},
		{[]string{"HTTP_PROXY=P"}, plain, "GET git.example.com:7990"},
		{[]string{"https_proxy=http://P"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"HTTPS_PROXY=http://P", "HTTP_PROXY=http://127.0.0.1:1"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"HTTPS_PROXY=http://127.0.0.1:1", "https_proxy=http://P"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"ALL_PROXY=http://P"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"all_proxy=http://P"}, plain, "GET git.example.com:7990"},
		{[]string{"ALL_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://P"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"HTTPS_PROXY=http://me:" + pw + "@P"}, secure, "CONNECT git.example.com:8443" + auth},
		{[]string{"HTTP_PROXY=http://me:" + pw + "@P"}, plain, "GET git.example.com:7990" + auth},
		{[]string{"HTTPS_PROXY=http://P", "NO_PROXY=other.example.com,example.org"}, secure, "CONNECT git.example.com:8443"},
		{[]string{"HTTP_PROXY=http://P"}, "http://git.invalid/", "GET git.invalid"},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=git.invalid"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=http://P", "no_proxy=.invalid"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=a, invalid"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=git.invalid:80"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=git.invalid:81"}, "http://git.invalid/", "GET git.invalid"},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=*"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=0.0.0.0/8"}, "http://0.0.0.0:1/", ""},
		{[]string{"HTTP_PROXY=http://P", "NO_PROXY=240.0.0.0/16"}, "http://240.1.0.1:7990/", "GET 240.1.0.1:7990"},
		{[]string{"HTTPS_PROXY=http://P"}, "http://git.invalid/", ""},
		{[]string{"HTTP_PROXY=no address", "NO_PROXY=git.invalid"}, "http://git.invalid/", ""},
		{[]string{"HTTPS_PROXY=http://P"}, safe.URL, ""}, // this very machine
		{nil, "http://git.invalid/", ""},
	} {
		p := proxy(t, safe)
		env := []string{ca}
		for _, kv := range c.env {
			if head, ok := strings.CutSuffix(kv, "P"); ok {
				kv = head + p.Listener.Addr().String()
			}
			env = append(env, kv)
		}
		text, err := get(t, of(env...), c.address)
		if got := strings.Join(p.seen(), ", "); got != c.want {
			t.Errorf("%q, %s: the proxy was asked %q, want %q (%v)", c.env, c.address, got, c.want, err)
		}
		switch {
		case c.want == "" && c.address != safe.URL:
			if err == nil {
				t.Errorf("%q, %s: got %q", c.env, c.address, text)
			}
		case err != nil || text != "through" && text != "direct":
			t.Errorf("%q, %s: got %q, %v", c.env, c.address, text, err)
		}
	}
}

// TestThrough: one proxy for all requests is used whatever the environment says.
func TestThrough(t *testing.T) {
	p := proxy(t, server(t))
	n := of("HTTP_PROXY=http://127.0.0.1:1", "NO_PROXY=*").Through(p.URL)
	if got := n.Proxy("http://api.example.com/"); got != p.Listener.Addr().String() {
		t.Errorf("the proxy is told as %q", got)
	}
	if got := of("HTTP_PROXY=http://proxy", "NO_PROXY=example.com").Proxy("http://api.example.com/"); got != "" {
		t.Errorf("a proxy %q is told where there is none", got)
	}
	if text, err := get(t, n, "http://api.example.com/"); err != nil || text != "through" || !n.Fixed() || of().Fixed() {
		t.Errorf("got %q, %v", text, err)
	}
}

// password is a credential of this run alone.
func password() string { return fmt.Sprintf("pw%016x", rand.Uint64()) }

// TestProxyFails: however a proxy fails, its password and its words are not told, and what
// no attempt will mend is known.
func TestProxyFails(t *testing.T) {
	pw := password()
	says := func(answer string) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, answer)
				// Closed with something unread, the connection would be reset, and its end not be seen.
				_ = conn.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}
		}()
		return l.Addr().String()
	}
	const word = "::error::word"
	for _, c := range []struct {
		proxy    string
		says     string
		hopeless bool
	}{
		{"http://me:" + pw + "@host:port", "none of a proxy", true},
		{"http://me:" + pw + "@", "none of a proxy", true},
		{"ftp://me:" + pw + "@host", "none of a proxy", true},
		{"http://me:" + pw + "%zz@host", "none of a proxy", true},
		{"me:" + pw + "@ho st", "none of a proxy", true},
		{"http://me:" + pw + "@127.0.0.1:1", "refused", false},
		{"socks5://me:" + pw + "@127.0.0.1:1", "refused", false},
		{"http://me:" + pw + "@" + says("HTTP/1.1 407 "+word+"\r\n\r\n"), "wants credentials (status 407)", true},
		{"http://me:" + pw + "@" + says("HTTP/1.1 403 "+word+"\r\n\r\n"), "let us through (status 403)", true},
		{"http://me:" + pw + "@" + says("HTTP/1.1 503 "+word+"\r\n\r\n"), "fails (status 503)", false},
		{"http://me:" + pw + "@" + says(""), "EOF", false},
		{"http://me:" + pw + "@" + says("nothing\r\n\r\n"), "malformed", false},
		{"https://me:" + pw + "@" + says("nothing\r\n\r\n"), "proxyconnect", false},
		{"http://me:" + pw + "@" + says("HTTP/1.1 200 OK\r\n\r\n"), "EOF", false},
		{"socks5://me:" + pw + "@" + says("HTTP/1.1 200 OK\r\n\r\n"), "socks", false},
	} {
		for _, n := range []web.Network{of("HTTPS_PROXY=" + c.proxy), of().Through(c.proxy)} {
			_, err := get(t, n, "https://git.example.com/x")
			if told := n.Proxy("https://git.example.com/x"); told == "" || strings.Contains(told, pw) {
				t.Errorf("%s: the proxy is told as %q", c.says, told)
			}
			if err == nil || !strings.Contains(err.Error(), c.says) || web.Hopeless(err) != c.hopeless {
				t.Errorf("%s: the error is %v", c.says, err)
			}
			if told := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(told, pw) || strings.Contains(told, word) {
				t.Errorf("%s: a password or a proxy's words are told: %s", c.says, told)
			}
		}
	}
}

func TestRedirect(t *testing.T) {
	for _, c := range []struct{ from, to, why string }{
		{"https://h/a", "https://h/b", ""},
		{"https://h:8443/a", "https://h:8443/b", ""},
		{"http://h/a", "http://h/b", ""},
		{"http://h/a", "https://h/a", ""},
		{"http://h:80/a", "https://h:443/a", ""},
		{"https://h/a", "http://h/a", "without TLS"},
		{"https://h/a", "ftp://h/a", "without TLS"},
		{"https://h/a", "https://i/a", "another address"},
		{"https://h/a", "https://h.i/a", "another address"},
		{"https://h/a", "https://h:8443/a", "another address"},
		{"http://h/a", "https://h:8443/a", "another address"},
		{"https://h/a", "https://u:p@h/a", "password"},
	} {
		from, e1 := url.Parse(c.from)
		to, e2 := url.Parse(c.to)
		if err := errors.Join(e1, e2); err != nil {
			t.Fatal(err)
		}
		if err := web.Redirect(from, to); (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for v, want := range map[string]time.Duration{
		"": -1, "0": 0, "7": 7 * time.Second, "-1": -1, "soon": -1, "1e9": -1, "9999999999": 24 * time.Hour,
		"Mon, 02 Jan 2006 15:04:05 GMT": 0, "Mon, 02 Jan 9999 15:04:05 GMT": 24 * time.Hour,
	} {
		if got := web.RetryAfter(http.Header{"Retry-After": {v}}); got != want {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
	}
}

func TestWait(t *testing.T) {
	if err := web.Wait(t.Context(), 0); err != nil {
		t.Error(err)
	}
	enough := errors.New("that is enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	if err := web.Wait(ctx, time.Hour); !errors.Is(err, enough) {
		t.Error(err)
	}
}

// TestAnswers: an answer begins in time and has headers of a size.
func TestAnswers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
			return
		}
		w.Header().Set("X", strings.Repeat("x", 1<<20))
	}))
	defer s.Close()
	for path, want := range map[string]string{"/slow": "timeout", "/large": "header"} {
		transport := of().Transport(20 * time.Millisecond)
		resp, err := (&http.Client{Transport: transport}).Get(s.URL + path)
		if err == nil {
			_ = resp.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
		transport.CloseIdleConnections()
	}
}
