package remote

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

const (
	advertisement = "/info/refs"
	service       = "git-upload-pack"
	greetTime     = 30 * time.Second // for the first answer: where packets vanish, nothing says so
	answerTime    = 60 * time.Second // until an answer begins
	maxRedirects  = 5
	drainTime     = time.Second // for what is left of an answer
	squeezeFrom   = 1024        // bytes of a request from which on it is compressed, as Git does
)

// prepare reads the addresses. Their text is in no error: it can hold a password
// anywhere once it is malformed.
func (r *Remote) prepare() error {
	u, err := url.Parse(r.server.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("the repository's address is no http or https URL")
	}
	if user := u.User; user != nil && r.server.Authorization.Reveal() == "" {
		password, _ := user.Password()
		r.server.Authorization = secret.New("Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	r.base = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}
	r.shown = r.base.String()
	r.client = &http.Client{Transport: r.server.Network.Transport(answerTime), CheckRedirect: r.redirect}
	return nil
}

// redirect allows the first request, and no other, to be sent elsewhere on the same
// host, as happens to a repository that was renamed. The credential goes along.
func (r *Remote) redirect(req *http.Request, via []*http.Request) error {
	switch {
	case via[0].Method != http.MethodGet:
		return errors.New("the server sends us elsewhere in the middle")
	case len(via) > maxRedirects:
		return errors.New("the server sends us elsewhere again and again")
	}
	return web.Redirect(via[0].URL, req.URL)
}

// greet makes the first request and reads what the server can do.
func (r *Remote) greet(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, greetTime, fmt.Errorf("%w within %v", ErrUnreachable, greetTime))
	defer cancel()
	return r.again(ctx, func() error {
		body, resp, err := r.do(ctx, http.MethodGet, advertisement+"?service="+service, nil)
		if err != nil {
			return err
		}
		defer body.close()
		if at := resp.Request.URL; at.Host != r.base.Host || at.Path != r.base.Path+advertisement {
			path, ok := strings.CutSuffix(at.Path, advertisement)
			if !ok {
				return errors.New("the server sends us to an address that is none of a Git repository")
			}
			r.base = &url.URL{Scheme: at.Scheme, Host: at.Host, Path: path}
		}
		if r.can, err = readAbilities(newPackets(body)); err == nil && !r.can.filter {
			r.filters = nothing
		}
		return err
	})
}

// broken is an error after which another attempt makes sense: of the connection, or, with
// what it asks of us, of a server that is busy.
type broken struct {
	err   error
	busy  bool
	after time.Duration // how long the server wants us to wait; -1 where it does not say
}

func (e *broken) Error() string { return e.err.Error() }
func (e *broken) Unwrap() error { return e.err }

const (
	attempts = 3                // of a request that the server is too busy for
	maxPause = 20 * time.Second // who wants us to wait for longer is not waited for
)

// pause returns how long to wait before another attempt after n of them, or -1 for none.
func (e *broken) pause(n int) time.Duration {
	switch {
	case !e.busy && n == 1:
		return 0
	case !e.busy || n >= attempts || e.after > maxPause:
		return -1
	case e.after >= 0:
		return e.after
	}
	return time.Second << (2 * (n - 1))
}

// again makes another attempt where one breaks.
func (r *Remote) again(ctx context.Context, attempt func() error) error {
	var before error // what broke the attempt before
	ended := func(cause error) error {
		if before != nil && errors.Is(cause, ErrLimit) {
			return before // which took the time
		}
		return cause
	}
	for n := 1; ; n++ {
		err := attempt()
		if cause := context.Cause(ctx); cause != nil && err != nil {
			return ended(cause)
		}
		b := new(broken)
		if !errors.As(err, &b) {
			return err
		}
		before = fmt.Errorf("%w: %w", ErrUnreachable, b.err)
		switch pause := b.pause(n); {
		case pause < 0:
			return before
		case pause > 0:
			if err := r.server.Wait(ctx, pause); err != nil {
				return ended(err)
			}
		}
	}
}

// do makes a request, with the body given, and returns the answer's body if it is a
// Git server's. The caller closes it.
func (r *Remote) do(ctx context.Context, method, path string, body []byte) (*answer, *http.Response, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, method, r.base.String()+path, nil)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	kind := "advertisement"
	if body != nil {
		kind = "result"
		req.Header.Set("Content-Type", "application/x-"+service+"-request")
		if len(body) >= squeezeFrom {
			body = squeeze(body)
			req.Header.Set("Content-Encoding", "gzip")
		}
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	kind = "application/x-" + service + "-" + kind
	req.Header.Set("Accept", kind)
	req.Header.Set("Git-Protocol", "version=2")
	req.Header.Set("User-Agent", r.server.Agent)
	if value := r.server.Authorization.Reveal(); value != "" {
		req.Header.Set("Authorization", value)
	}
	r.stats.Requests++
	resp, err := r.client.Do(req)
	if err != nil {
		cancel()
		err = r.server.Network.Failure(err)
		switch {
		case resp != nil: // a redirect that was refused
			return nil, nil, err
		case web.Hopeless(err):
			return nil, nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
		return nil, nil, &broken{err: err}
	}
	a := &answer{r, resp.Body, cancel}
	if err := status(resp, kind); err != nil {
		a.close()
		return nil, nil, err
	}
	return a, resp, nil
}

// status is an error unless the answer is one of a Git server.
func status(resp *http.Response, kind string) error {
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound:
		return fmt.Errorf("%w (status %d)", ErrDenied, code)
	case code == http.StatusProxyAuthRequired:
		return fmt.Errorf("%w: the proxy wants credentials (status %d)", ErrUnreachable, code)
	case code == http.StatusTooManyRequests:
		return &broken{fmt.Errorf("it has had too many requests (status %d)", code), true, web.RetryAfter(resp.Header)}
	case code >= http.StatusInternalServerError:
		return &broken{fmt.Errorf("it fails (status %d)", code), true, web.RetryAfter(resp.Header)}
	case code != http.StatusOK:
		return fmt.Errorf("the server answers with status %d; try again", code)
	}
	// As git does, we go by the type alone: a proxy may have added a charset.
	got := resp.Header.Get("Content-Type")
	if base, _, _ := strings.Cut(got, ";"); !strings.EqualFold(strings.TrimSpace(base), kind) {
		return fmt.Errorf("the answer is of type %q and not a Git server's; there may be a login page or a proxy in between", quote([]byte(got)))
	}
	return nil
}

// squeeze compresses a request.
func squeeze(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(body) // a bytes.Buffer never fails
	_ = w.Close()
	return out.Bytes()
}

// answer is the body of an answer, counted.
type answer struct {
	remote *Remote
	body   io.ReadCloser
	cancel context.CancelFunc // ends the request
}

func (a *answer) Read(p []byte) (int, error) {
	left := a.remote.left
	if left <= 0 {
		return 0, fmt.Errorf("%w: over %d bytes", ErrLimit, a.remote.server.Limits.Bytes)
	}
	n, err := a.body.Read(p[:min(int64(len(p)), left)])
	a.remote.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &broken{err: err}
	}
	return n, err
}

// close ends the answer. What is left of it is read if it is little and comes at once, so
// that the connection can be used again.
func (a *answer) close() {
	defer a.cancel()
	defer time.AfterFunc(drainTime, a.cancel).Stop()
	_, _ = io.CopyN(io.Discard, a.body, squeezeFrom)
	_ = a.body.Close() // only read
}
