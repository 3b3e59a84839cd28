package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/web"
)

// TestBusy: a server that has no time is asked again when it says, unless that is too late.
func TestBusy(t *testing.T) {
	h := small(t, "sha1")
	for _, c := range []struct {
		answers []int  // the status of each, 0 for what git answers
		after   string // of each that has no time
		waits   string
		works   bool
	}{
		{[]int{429}, "7", "[7s]", true},
		{[]int{503, 502}, "", "[1s 4s]", true},
		{[]int{500, 504, 429}, "", "[1s 4s]", false},
		{[]int{429}, "86400", "[]", false},
		{[]int{0, 503}, "0", "[]", true}, // in the middle, and at once
		{[]int{0, 429}, "3", "[3s]", true},
	} {
		n := 0
		h.before = func(w http.ResponseWriter, _ *http.Request) bool {
			if n++; n > len(c.answers) || c.answers[n-1] == 0 {
				return false
			}
			w.Header().Set("Retry-After", c.after)
			w.WriteHeader(c.answers[n-1])
			return true
		}
		var waits []time.Duration
		s := Server{URL: h.url(), Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }}
		r, err := Connect(t.Context(), s, t.TempDir())
		if err == nil {
			_, err = r.Resolve(t.Context(), "main")
			_ = r.Close()
		}
		if (err == nil) != c.works || !c.works && !errors.Is(err, ErrUnreachable) || fmt.Sprint(waits) != c.waits {
			t.Errorf("%v: %v, waited %v", c.answers, err, waits)
		}
	}
}

// TestProxyOfEnvironment: all goes through the proxy of the environment, and where that is no way,
// the error holds neither its password nor that of the server.
func TestProxyOfEnvironment(t *testing.T) {
	h, pw := small(t, "sha1"), password()
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Proxy-Authorization") == "" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		h.Config.Handler.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	at := strings.TrimPrefix(proxy.URL, "http://")
	s := Server{URL: "http://me:" + pw + "@git.example.com:7990/r.git"}
	s.Network = web.Of(proc.Process{Env: []string{"HTTP_PROXY=http://me:" + pw + "@" + at}})
	r := h.connect(t, func(x *Server) { *x = s })
	if done, err := r.Complete(t.Context(), h.change(t)); err != nil || done.Missed != nil || len(done.Commits) != 3 {
		t.Fatal(err, done)
	}
	if n := asked.Load(); n != int64(r.Stats().Requests) {
		t.Errorf("%d requests went through the proxy, of %d", n, r.Stats().Requests)
	}
	s.Network = web.Of(proc.Process{Env: []string{"HTTP_PROXY=" + at}})
	connectErr(t, s, ErrUnreachable, pw, "the proxy wants credentials")
	s.URL = strings.Replace(s.URL, "http://", "https://", 1)
	s.Network = web.Of(proc.Process{Env: []string{"HTTPS_PROXY=http://:" + pw + "@127.0.0.1:1"}})
	connectErr(t, s, ErrUnreachable, pw, "refused")
}

// TestLingering: an answer that is whole and does not end keeps nobody waiting.
func TestLingering(t *testing.T) {
	h := small(t, "sha1")
	inner := h.Config.Handler
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.Header.Get("X-Again") != "" {
			return false
		}
		r.Header.Set("X-Again", "x")
		got := httptest.NewRecorder()
		inner.ServeHTTP(got, r)
		w.Header().Set("Content-Type", got.Header().Get("Content-Type"))
		_, _ = w.Write(got.Body.Bytes())
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		return true
	}
	r := h.connect(t, func(s *Server) { s.Limits.Time = 10 * time.Second })
	for range 2 {
		if _, err := r.Resolve(t.Context(), "main"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTooSlow: where the time is over, what took it is told, and what ended it where that was
// somebody else.
func TestTooSlow(t *testing.T) {
	slow, enough := errors.New("no answer"), errors.New("that is enough")
	for _, c := range []struct{ first, cause, want, not error }{
		{&broken{err: slow}, ErrLimit, ErrUnreachable, ErrLimit},
		{&broken{err: slow, busy: true}, ErrLimit, slow, ErrLimit},
		{&broken{err: slow}, enough, enough, slow},
		{&broken{err: slow, busy: true}, enough, enough, slow},
		{nil, ErrLimit, ErrLimit, slow},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		r := &Remote{server: Server{Wait: func(context.Context, time.Duration) error { cancel(c.cause); return c.cause }}}
		n := 0
		err := r.again(ctx, func() error {
			if n++; n == 1 && c.first != nil {
				return c.first
			}
			cancel(c.cause)
			return &broken{err: context.Canceled}
		})
		if !errors.Is(err, c.want) || errors.Is(err, c.not) {
			t.Errorf("%v, ended by %v: %v", c.first, c.cause, err)
		}
		cancel(nil)
	}
}
