// Package api sends what is published to the HTTP interface of a product: JSON in small
// requests, answers that are hardly read.
//
// The network and the server are taken for unreliable, and for worse: each attempt has a
// time, answers have a size, what a server says is shown shortened and cleaned, nobody is
// followed to another host, and no error holds a credential.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// A Server is where requests go, and how.
type Server struct {
	// URL is what the paths of requests are put behind, such as https://api.github.com. It
	// is http or https, and holds no password.
	URL string
	// Network is what requests go over. Where it has one proxy for all of them, that is not
	// waited for: whether it is there is what the first request asks.
	Network web.Network
	// Authorization is the value of the header of that name; it may be empty. It goes to
	// the host of URL alone.
	Authorization secret.Text
	// Header holds more headers for every request.
	Header map[string]string
	// Timeout is for one attempt, from dialling to the end of the answer; 0 is 30 seconds.
	Timeout time.Duration
	// Wait waits between attempts until the time is over or the context is; nil does.
	Wait func(context.Context, time.Duration) error
}

// A Client sends requests to one Server.
type Client struct {
	server Server
	base   string // what the paths of requests are put behind
	http   *http.Client
}

// A Request is one thing to ask of a Server.
type Request struct {
	Method string
	Path   string // escaped, from a slash on
	Body   []byte // JSON; empty for none
	Into   any    // what the answer's JSON is decoded into; nil where it is of no interest
	// Again says that the request may be carried out twice without harm, as every request
	// but a POST may: it is sent again where nobody knows what became of the first one.
	Again bool
}

// ErrUnreachable is in the error of a request for which no connection could be made.
var ErrUnreachable = errors.New("it can't be reached")

// A Refusal is the error of a request that the server answered with a status of failure.
type Refusal struct {
	Status int
	Said   string        // what the server says about it, in one clean line; may be empty
	after  time.Duration // how long the server wants us to wait; -1 where it does not say
}

// Error says the status and the server's own words.
func (r *Refusal) Error() string {
	if r.Said == "" {
		return fmt.Sprintf("status %d", r.Status)
	}
	return fmt.Sprintf("status %d: %s", r.Status, r.Said)
}

// Denied reports whether other credentials or rights are wanted.
func (r *Refusal) Denied() bool {
	return r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden
}

// Missing reports whether there is no such thing, or none that we may know of.
func (r *Refusal) Missing() bool { return r.Status == http.StatusNotFound }

const (
	attempts       = 4 // of one request
	maxRedirects   = 3
	maxAnswer      = 1 << 20
	defaultTimeout = 30 * time.Second
	firstPause     = time.Second // doubled from attempt to attempt
	maxPause       = time.Minute // who wants us to wait for longer is not waited for
)

// New returns a client for s. Nothing is sent yet. Its error repeats no address, since
// one that is malformed can hold a password anywhere.
func New(s Server) (*Client, error) {
	base, err := address(s.URL)
	if err != nil {
		return nil, fmt.Errorf("the server's address is %w", err)
	}
	if s.Timeout <= 0 {
		s.Timeout = defaultTimeout
	}
	if s.Wait == nil {
		s.Wait = web.Wait
	}
	transport := s.Network.Transport(0)
	transport.DisableCompression = true // so that an answer is no larger than it is
	return &Client{s, strings.TrimRight(base.String(), "/"), &http.Client{CheckRedirect: redirect, Transport: transport}}, nil
}

// Close ends the connections that are kept for later requests.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func address(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("no http or https URL")
	case u.User != nil:
		return nil, errors.New("a URL with a password in it")
	}
	return u, nil
}

// Do sends r, again where that may help, until ctx ends. Its error says which request
// failed; a *Refusal or ErrUnreachable is in its chain where it is of that kind.
func (c *Client) Do(ctx context.Context, r Request) error {
	var err error
	for n, pause := 0, firstPause; ; n, pause = n+1, 2*pause {
		var again time.Duration
		if again, err = c.once(ctx, r); err == nil {
			return nil
		}
		if again == noPause {
			again = pause
		}
		if again < 0 || again > maxPause || n+1 == attempts || ctx.Err() != nil {
			break
		}
		if c.server.Wait(ctx, again) != nil {
			break
		}
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("%s %s: %w", r.Method, c.base+r.Path, err)
}

// What once says of another attempt, besides how long to wait before it.
const (
	never   time.Duration = -1 // it makes no sense
	noPause time.Duration = -2 // the server does not say how long to wait
)

// once sends r once. Where that fails, it says whether and when to try again.
func (c *Client) once(ctx context.Context, r Request) (time.Duration, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.server.Timeout, fmt.Errorf("no answer within %v", c.server.Timeout))
	defer cancel()
	unsure := never // where the request may have been carried out
	if r.Again || r.Method != http.MethodPost {
		unsure = noPause
	}
	resp, err := c.send(ctx, r)
	if err != nil {
		return c.failed(ctx, err, unsure)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if resp.StatusCode/100 != 2 {
		refusal := &Refusal{Status: resp.StatusCode, Said: said(resp.Header.Get("Content-Type"), body), after: web.RetryAfter(resp.Header)}
		return refusal.again(unsure), refusal
	}
	switch {
	case r.Into == nil:
		return 0, nil // it is done, whatever becomes of the rest of the answer
	case err != nil:
		return c.failed(ctx, err, unsure)
	case len(body) > maxAnswer:
		return never, fmt.Errorf("the answer has more than %d bytes", maxAnswer)
	}
	if err := json.Unmarshal(body, r.Into); err != nil {
		// What encoding/json says quotes the answer.
		return never, errors.New("the answer is not the JSON that belongs there; there may be a login page or a proxy in between")
	}
	return 0, nil
}

// send makes the request and waits for the head of its answer.
func (c *Client) send(ctx context.Context, r Request) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, c.base+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	if len(r.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "bbkeys")
	for k, v := range c.server.Header {
		req.Header.Set(k, v)
	}
	if value := c.server.Authorization.Reveal(); value != "" {
		req.Header.Set("Authorization", value)
	}
	return c.http.Do(req)
}

// failed says what became of a request without an answer.
func (c *Client) failed(ctx context.Context, err error, unsure time.Duration) (time.Duration, error) {
	err = c.server.Network.Failure(err)
	if web.Hopeless(err) {
		return never, err
	}
	if elsewhere := new(misled); errors.As(err, &elsewhere) {
		return never, elsewhere
	}
	if op := new(net.OpError); errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		// Whether a proxy of the CI's is there is what the first request asks.
		if c.server.Network.Fixed() {
			return never, fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
		return noPause, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return unsure, err
}
