package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// A host is a server that answers with one handler after the other, the last one again
// and again, and remembers what it was asked.
type host struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // method, path, body
	header http.Header
}

// requests returns what was asked so far.
func (h *host) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.asked)
}

func serve(t *testing.T, answers ...http.HandlerFunc) *host {
	h := new(host)
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		answer := answers[min(len(h.asked), len(answers)-1)]
		h.asked = append(h.asked, fmt.Sprintf("%s %s %s", r.Method, r.URL.Path, body))
		h.header = r.Header
		h.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

func status(code int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// cut ends the connection in the middle of an answer.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, "{")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// gone ends the connection before an answer.
func gone(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// waits remembers how long a client would have waited.
type waits []time.Duration

func (w *waits) wait(_ context.Context, d time.Duration) error {
	*w = append(*w, d)
	return nil
}

func client(t *testing.T, s api.Server) *api.Client {
	t.Helper()
	c, err := api.New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestDo(t *testing.T) {
	ok := status(200, `{"id":"x"}`)
	for _, c := range []struct {
		name    string
		method  string
		again   bool
		answers []http.HandlerFunc
		fails   string // part of the error, or "" where there is none
		asked   int
		waited  string
	}{
		{"works", "POST", false, []http.HandlerFunc{ok}, "", 1, "[]"},
		{"too many", "POST", false, []http.HandlerFunc{status(429, "", "Retry-After", "7"), ok}, "", 2, "[7s]"},
		{"too many, no matter when", "POST", false, []http.HandlerFunc{status(429, ""), status(503, ""), ok}, "", 3, "[1s 2s]"},
		{"too many, as GitHub says it", "POST", false, []http.HandlerFunc{status(403, "", "Retry-After", "0"), ok}, "", 2, "[0s]"},
		{"too many for long", "PUT", false, []http.HandlerFunc{status(429, "", "Retry-After", "86400")}, "status 429", 1, "[]"},
		{"too many, a date that is over", "PUT", false, []http.HandlerFunc{status(429, "", "Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT"), ok}, "", 2, "[0s]"},
		{"too many, nonsense", "PUT", false, []http.HandlerFunc{status(429, "", "Retry-After", "-9999999999999"), ok}, "", 2, "[1s]"},
		{"forbidden", "PUT", false, []http.HandlerFunc{status(403, `{"message":"no"}`), ok}, "status 403: no", 1, "[]"},
		{"gateway", "PUT", false, []http.HandlerFunc{status(502, ""), status(500, ""), status(504, ""), ok}, "", 4, "[1s 2s 4s]"},
		{"gateway, always", "DELETE", false, []http.HandlerFunc{status(502, "")}, "status 502", 4, "[1s 2s 4s]"},
		{"gateway, once only", "POST", false, []http.HandlerFunc{status(502, ""), ok}, "status 502", 1, "[]"},
		{"gateway, harmless", "POST", true, []http.HandlerFunc{status(502, ""), ok}, "", 2, "[1s]"},
		{"broken", "GET", false, []http.HandlerFunc{cut, ok}, "", 2, "[1s]"},
		{"broken, once only", "POST", false, []http.HandlerFunc{cut, ok}, "unexpected EOF", 1, "[]"},
		{"broken, always", "PUT", false, []http.HandlerFunc{cut}, "unexpected EOF", 4, "[1s 2s 4s]"},
		{"hangs up, once only", "POST", false, []http.HandlerFunc{gone, ok}, "EOF", 1, "[]"},
		{"a page", "GET", false, []http.HandlerFunc{status(200, "<html>log in: hunter2")}, "login page", 1, "[]"},
		{"another type", "GET", false, []http.HandlerFunc{status(200, `{"id":[]}`)}, "login page", 1, "[]"},
		{"huge", "GET", false, []http.HandlerFunc{status(200, strings.Repeat("x", 2<<20))}, "more than 1048576 bytes", 1, "[]"},
		{"huge failure", "GET", false, []http.HandlerFunc{status(400, strings.Repeat("x", 2<<20))}, "status 400", 1, "[]"},
		{"huge header", "POST", false, []http.HandlerFunc{status(200, `{}`, "X", strings.Repeat("x", 1<<20))}, "header", 1, "[]"},
		{"nothing there", "GET", false, []http.HandlerFunc{status(204, "")}, "login page", 1, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, w := serve(t, c.answers...), waits{}
			var into struct{ ID string }
			err := client(t, api.Server{URL: h.URL + "/base/", Wait: w.wait}).Do(t.Context(),
				api.Request{Method: c.method, Path: "/a%2Fb", Body: []byte("{}"), Into: &into, Again: c.again})
			if c.fails == "" && (err != nil || into.ID != "x") || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("got %q and %v", into.ID, err)
			}
			if err != nil && (!strings.HasPrefix(err.Error(), c.method+" "+h.URL+"/base/a%2Fb: ") || len(err.Error()) > 500 || strings.Contains(err.Error(), "hunter2")) {
				t.Errorf("the error is %v", err)
			}
			if asked := h.requests(); len(asked) != c.asked || fmt.Sprint(w) != c.waited {
				t.Errorf("asked %d times, waited %v", len(asked), w)
			}
			for _, a := range h.requests() {
				if a != c.method+" /base/a/b {}" {
					t.Errorf("asked %q", a)
				}
			}
		})
	}
}

// TestNobodyLooks: an answer that nobody asked for may be anything.
func TestNobodyLooks(t *testing.T) {
	for _, answer := range []http.HandlerFunc{status(200, strings.Repeat("x", 2<<20)), status(204, ""), cut} {
		if err := client(t, api.Server{URL: serve(t, answer).URL}).Do(t.Context(), api.Request{Method: "POST"}); err != nil {
			t.Error(err)
		}
	}
}

func TestHeaders(t *testing.T) {
	h := serve(t, status(200, ""))
	c := client(t, api.Server{URL: h.URL, Authorization: secret.New("Bearer x"), Header: map[string]string{"Accept": "a/b", "X-Version": "1"}})
	if err := c.Do(t.Context(), api.Request{Method: "POST", Body: []byte("[]")}); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]string{"Authorization": "Bearer x", "Accept": "a/b", "X-Version": "1", "User-Agent": "bbkeys", "Content-Type": "application/json"} {
		if got := h.header.Get(k); got != want {
			t.Errorf("%s is %q", k, got)
		}
	}
	if err := c.Do(t.Context(), api.Request{Method: "DELETE"}); err != nil || h.header.Get("Content-Type") != "" {
		t.Errorf("%v; a type of nothing: %q", err, h.header.Get("Content-Type"))
	}
}

// TestRedirects: another path of the same server, with the same request, and nothing else.
func TestRedirects(t *testing.T) {
	other := serve(t, status(200, `{"id":"stolen"}`))
	for _, c := range []struct {
		name string
		code int
		to   string // behind the server's own address, unless it is one
		want string
	}{
		{"moved", 307, "/new", ""},
		{"moved for good", 308, "/new", ""},
		{"without the body", 302, "/new", "without what was to be sent"},
		{"elsewhere", 307, other.URL + "/x", "another address"},
		{"to another scheme", 308, "https://" + other.Listener.Addr().String(), "another address"},
		{"in circles", 307, "/loop", "again and again"},
		{"nowhere", 307, "http://%zz\x7f", "the server"},
	} {
		h := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/new" {
				_, _ = io.WriteString(w, `{"id":"x"}`)
				return
			}
			w.Header().Set("Location", c.to)
			w.WriteHeader(c.code)
		})
		var into struct{ ID string }
		w := waits{}
		err := client(t, api.Server{URL: h.URL, Authorization: secret.New("Bearer x"), Wait: w.wait}).Do(t.Context(),
			api.Request{Method: "POST", Path: "/old", Body: []byte(`"b"`), Into: &into})
		if c.want == "" && (err != nil || into.ID != "x" || h.requests()[1] != `POST /new "b"`) || c.want != "" && (err == nil || c.name != "nowhere" && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v after %q", c.name, err, h.requests())
		}
		if err != nil && strings.Contains(err.Error(), other.URL) {
			t.Errorf("%s: the error repeats the server's address: %v", c.name, err)
		}
	}
	if len(other.requests()) > 0 {
		t.Errorf("another server was asked %q", other.requests())
	}
}

// TestSaid: the server's own words are shown, cleaned and short, and without a key.
func TestSaid(t *testing.T) {
	key := rule.All()[0].Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	for _, c := range []struct{ kind, body, want string }{
		{"application/json", `{"message":"Resource not accessible"}`, "status 400: Resource not accessible"},
		{"application/json", `{"type":"error","error":{"message":"Bad","detail":"no such thing"}}`, "status 400: Bad no such thing"},
		{"application/json", `{"key":"x","message":"The summary is long.","arguments":{}}`, "status 400: The summary is long."},
		{"application/json", `{"errors":[{"context":null,"message":"No commit"},{"message":"No key"}]}`, "status 400: No commit No key"},
		{"application/json", `{"message":"a","errors":["b"]}`, "status 400: a"},
		{"application/json", `{"message":"a\u001b[2Jb\n::error::c"}`, `status 400: "a\x1b[2Jb ::error::c"`},
		{"text/plain; charset=utf-8", " proxy\n says no ", "status 400: proxy says no"},
		{"text/html", "<html>no</html>", "status 400"},
		{"application/json", `[1,2]`, "status 400"},
		{"application/json", `{"message":"` + strings.Repeat("ü", 1000) + `"}`, "status 400: " + strings.Repeat("ü", 150) + "…"},
		{"application/json", `{"message":"you sent ` + key + `"}`, "status 400: you sent " + secret.New(key).String()},
		{"application/json", `{"message":"` + strings.Repeat("x", 280) + " " + key + `"}`, "status 400: " + strings.Repeat("x", 280) + " " + secret.New(key).String()},
	} {
		h := serve(t, status(400, c.body, "Content-Type", c.kind))
		err := client(t, api.Server{URL: h.URL}).Do(t.Context(), api.Request{Method: "PUT"})
		var refused *api.Refusal
		if !errors.As(err, &refused) || refused.Error() != c.want || refused.Status != 400 || strings.Contains(err.Error(), key) {
			t.Errorf("%.80s: %v", c.body, err)
		}
	}
}

// TestSlow: an attempt that takes too long is given up, whatever part of it does.
func TestSlow(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"head": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"body": func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		h, w := serve(t, answer), waits{}
		err := client(t, api.Server{URL: h.URL, Timeout: 20 * time.Millisecond, Wait: w.wait}).Do(t.Context(),
			api.Request{Method: "GET", Into: new(struct{})})
		if err == nil || !strings.Contains(err.Error(), "no answer within 20ms") || len(w) != 3 {
			t.Errorf("%s: %v, waited %v", name, err, w)
		}
	}
}

// TestEnds: nothing is tried or waited for once the context is over, and its cause is told.
func TestEnds(t *testing.T) {
	enough := errors.New("that is enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	h := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel(enough)
		w.Header().Set("Retry-After", "50")
		w.WriteHeader(503)
	})
	if err := client(t, api.Server{URL: h.URL}).Do(ctx, api.Request{Method: "GET"}); !errors.Is(err, enough) || len(h.requests()) != 1 {
		t.Errorf("%v after %d requests", err, len(h.requests()))
	}
}

// through is a network with one proxy.
func through(proxy string) web.Network { return web.Network{}.Through(proxy) }

// TestUnreachable: a proxy that is not there is known at once.
func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		server api.Server
		waits  int
	}{
		{api.Server{URL: closed}, 3},
		{api.Server{URL: "http://api.example.com", Network: through(closed)}, 0},
		{api.Server{URL: "https://api.example.com", Network: through(closed)}, 0},
		{api.Server{URL: "http://api.example.com", Network: through("http://nobody.invalid:29418")}, 0},
	} {
		w := waits{}
		c.server.Wait = w.wait
		if err := client(t, c.server).Do(t.Context(), api.Request{Method: "POST"}); !errors.Is(err, api.ErrUnreachable) || len(w) != c.waits {
			t.Errorf("%+v: %v, waited %v", c.server, err, w)
		}
	}
}

// TestProxy: the proxy gets the whole address, and sees what is asked of it.
func TestProxy(t *testing.T) {
	var seen string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Method + " " + r.RequestURI
		w.WriteHeader(204)
	}))
	defer proxy.Close()
	err := client(t, api.Server{URL: "http://api.example.com/2.0", Network: through(proxy.URL)}).Do(t.Context(), api.Request{Method: "DELETE", Path: "/x%20y"})
	if err != nil || seen != "DELETE http://api.example.com/2.0/x%20y" {
		t.Errorf("%v, the proxy saw %q", err, seen)
	}
}

// TestAddresses: what is no address is refused, and not repeated.
func TestAddresses(t *testing.T) {
	for _, bad := range []string{"", "x", "ftp://h/", "http://", "//h", "https://user:hunter2@h/", "https://h/?hunter2", "https://h/#hunter2", "http://h\x00hunter2", "http://[hunter2"} {
		if _, err := api.New(api.Server{URL: bad}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
