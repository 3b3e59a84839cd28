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
)

const (
	advertisement = "/info/refs"
	service       = "git-upload-pack"
	greetTime     = 30 * time.Second // for the first answer: where packets vanish, nothing says so
	answerTime    = 60 * time.Second // until an answer begins
	maxRedirects  = 5
	maxHeaders    = 1 << 20
	squeezeFrom   = 1024 // bytes of a request from which on it is compressed, as Git does
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
	transport := r.server.Transport
	if transport == nil {
		own := &http.Transport{
			ForceAttemptHTTP2: true, TLSHandshakeTimeout: greetTime, ResponseHeaderTimeout: answerTime,
			MaxResponseHeaderBytes: maxHeaders, MaxIdleConnsPerHost: 1,
		}
		if r.server.Proxy != "" {
			proxy, err := url.Parse(r.server.Proxy)
			if err != nil || proxy.Scheme != "http" && proxy.Scheme != "https" || proxy.Host == "" {
				return errors.New("the proxy's address is no http or https URL")
			}
			own.Proxy = http.ProxyURL(proxy)
		}
		transport = own
	} else if r.server.Proxy != "" {
		return errors.New("both a transport and a proxy are given")
	}
	r.client = &http.Client{Transport: transport, CheckRedirect: r.redirect}
	return nil
}

// redirect allows the first request, and no other, to be sent elsewhere on the same
// host, as happens to a repository that was renamed. The credential goes along.
func (r *Remote) redirect(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	switch {
	case via[0].Method != http.MethodGet:
		return errors.New("the server sends us elsewhere in the middle")
	case len(via) > maxRedirects:
		return errors.New("the server sends us elsewhere again and again")
	case to.Scheme != "https" && to.Scheme != from.Scheme:
		return errors.New("the server sends us to an address without TLS")
	case to.Hostname() != from.Hostname(), to.Scheme == from.Scheme && to.Port() != from.Port(), to.Scheme != from.Scheme && to.Port() != "" && to.Port() != "443":
		return fmt.Errorf("the server sends us to another one, %q; give that one's address", quote([]byte(to.Host)))
	case to.User != nil:
		return errors.New("the server sends us to an address with a password in it")
	}
	return nil
}

// greet makes the first request and reads what the server can do.
func (r *Remote) greet(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, greetTime, fmt.Errorf("%w within %v", ErrUnreachable, greetTime))
	defer cancel()
	return r.twice(ctx, func() error {
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

// broken is an error of the connection, after which another attempt makes sense.
type broken struct{ err error }

func (e *broken) Error() string { return e.err.Error() }
func (e *broken) Unwrap() error { return e.err }

// twice makes a second attempt if the connection broke in the first.
func (r *Remote) twice(ctx context.Context, attempt func() error) error {
	err := attempt()
	if b := new(broken); errors.As(err, &b) && ctx.Err() == nil {
		err = attempt()
	}
	if cause := context.Cause(ctx); cause != nil && err != nil {
		return cause
	}
	if b := new(broken); errors.As(err, &b) {
		return fmt.Errorf("%w: %w", ErrUnreachable, b.err)
	}
	return err
}

// do makes a request, with the body given, and returns the answer's body if it is a
// Git server's. The caller closes it.
func (r *Remote) do(ctx context.Context, method, path string, body []byte) (*answer, *http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base.String()+path, nil)
	if err != nil {
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
		// A *url.Error repeats the address, which is said anyway and may be one that the server chose.
		if u := new(url.Error); errors.As(err, &u) {
			err = u.Err
		}
		if resp != nil { // a redirect that was refused
			return nil, nil, err
		}
		return nil, nil, &broken{err}
	}
	a := &answer{r, resp.Body}
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
		return fmt.Errorf("%w: it has had too many requests (status %d)", ErrUnreachable, code)
	case code == http.StatusBadGateway, code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout:
		return &broken{fmt.Errorf("status %d", code)}
	case code != http.StatusOK:
		return fmt.Errorf("the server answers with status %d; try again", code)
	}
	if got := resp.Header.Get("Content-Type"); got != kind {
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
}

func (a *answer) Read(p []byte) (int, error) {
	left := a.remote.left
	if left <= 0 {
		return 0, fmt.Errorf("%w: over %d bytes", ErrLimit, a.remote.server.Limits.Bytes)
	}
	n, err := a.body.Read(p[:min(int64(len(p)), left)])
	a.remote.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &broken{err}
	}
	return n, err
}

// close ends the answer. What is left of it is read if it is little, so that the
// connection can be used again.
func (a *answer) close() {
	_, _ = io.CopyN(io.Discard, a.body, squeezeFrom)
	_ = a.body.Close() // only read
}
