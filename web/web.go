// Package web is the way from a job to servers over HTTP: through the proxies and by the
// certificate authorities that the job's environment names, with a time for each step, and
// to no other host than the one that was meant. No error of it holds a credential, a
// proxy's among them, nor words that a proxy chose.
package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/proc"
	"golang.org/x/net/http/httpproxy"
)

const (
	// dialTime is for a connection, and for TLS on it: where packets vanish, nothing says so.
	dialTime = 10 * time.Second
	// maxHeaders is how many bytes of headers an answer may have.
	maxHeaders = 256 << 10
)

// A Network is the network as a job may use it. The zero Network is one without proxies.
type Network struct {
	env   proc.Process
	proxy string // for all requests; "" for those of the environment
}

// Of returns the network of a process: with the proxies that HTTPS_PROXY, HTTP_PROXY,
// ALL_PROXY and NO_PROXY name, in either case of letters, and trusting, besides the system's
// certificate authorities, those in the files that SSL_CERT_FILE, GIT_SSL_CAINFO and
// CI_SERVER_TLS_CA_FILE name.
func Of(p proc.Process) Network { return Network{env: p} }

// Through returns n with one proxy, given by its http or https address, for all requests,
// whatever the environment says.
func (n Network) Through(proxy string) Network {
	n.proxy = proxy
	return n
}

// Fixed reports whether n has one proxy for all requests.
func (n Network) Fixed() bool { return n.proxy != "" }

// Transport returns what carries out requests. Each answer must begin within a time; 0 is as
// long as the request's context lasts.
func (n Network) Transport(answer time.Duration) *http.Transport {
	dialer := net.Dialer{Timeout: dialTime}
	return &http.Transport{
		Proxy: n.proxyOf, OnProxyConnectResponse: connected, DialContext: dialer.DialContext,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: n.authorities()}, TLSHandshakeTimeout: dialTime,
		ResponseHeaderTimeout: answer, MaxResponseHeaderBytes: maxHeaders, MaxIdleConnsPerHost: 1, ForceAttemptHTTP2: true,
	}
}

// first returns the name and the value of the first variable that has one; each is looked
// for in lower case before it is in upper case, as git does.
func (n Network) first(names ...string) (name, value string) {
	for _, name := range names {
		for _, name := range []string{strings.ToLower(name), name} {
			if value := n.env.Getenv(name); value != "" {
				return name, value
			}
		}
	}
	return "", ""
}

// proxyOf returns the proxy of a request, or nil for none.
func (n Network) proxyOf(r *http.Request) (*url.URL, error) {
	if n.proxy != "" {
		return address("the proxy's address", n.proxy)
	}
	name, value := n.first(strings.ToUpper(r.URL.Scheme)+"_PROXY", "ALL_PROXY")
	if value == "" {
		return nil, nil
	}
	// Whether a host has none is asked apart: what is no address would be passed over in silence.
	_, none := n.first("NO_PROXY")
	some := httpproxy.Config{HTTPProxy: "http://some", HTTPSProxy: "http://some", NoProxy: none}
	if via, err := some.ProxyFunc()(r.URL); via == nil || err != nil {
		return nil, err
	}
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	return address("the address in the variable "+name, value)
}

// Proxy says which proxy requests to an address go through, in words that may be shown: its
// host, or what is wrong with it; "" where there is none.
func (n Network) Proxy(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return ""
	}
	via, err := n.proxyOf(&http.Request{URL: to})
	switch {
	case err != nil:
		return err.Error()
	case via == nil:
		return ""
	}
	return via.Host
}

// address reads the address of a proxy. What it holds is not repeated: where it is
// malformed, that can be a password anywhere.
func address(of, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err == nil && u.Host != "" {
		switch u.Scheme {
		case "http", "https", "socks5", "socks5h":
			return u, nil
		}
	}
	return nil, &blocked{of + " is none of a proxy, such as http://proxy.example.com:3128"}
}

// A blocked error is why there is no way through a proxy.
type blocked struct{ why string }

func (b *blocked) Error() string { return b.why }

// connected is an error unless a proxy leads on. What it says itself is not told.
func connected(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	switch code := resp.StatusCode; {
	case code == http.StatusOK:
		return nil
	case code == http.StatusProxyAuthRequired:
		return &blocked{fmt.Sprintf("the proxy wants credentials (status %d); write them into its address, http://user:password@host", code)}
	case code >= http.StatusInternalServerError:
		return fmt.Errorf("the proxy fails (status %d)", code)
	default:
		return &blocked{fmt.Sprintf("the proxy does not let us through (status %d)", code)}
	}
}

// Redirect says why a server may not send us from one address to another: it is another
// server, it is one without TLS, or it has a password in it. It is nil where there is no
// reason: another path, or the same host with TLS.
func Redirect(from, to *url.URL) error {
	switch {
	case to.Scheme != "https" && to.Scheme != from.Scheme:
		return errors.New("the server sends us to an address without TLS, which bbkeys does not follow")
	case to.Hostname() != from.Hostname(), to.Scheme == from.Scheme && to.Port() != from.Port(), to.Scheme != from.Scheme && to.Port() != "" && to.Port() != "443":
		return errors.New("the server sends us to another address, which bbkeys does not follow; name the server by the address that it has now")
	case to.User != nil:
		return errors.New("the server sends us to an address with a password in it, which bbkeys does not follow")
	}
	return nil
}

// RetryAfter returns how long an answer asks us to wait, or -1 where it does not say.
func RetryAfter(h http.Header) time.Duration {
	const most = 24 * time.Hour // more is not told apart
	v := h.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n >= 0 {
		return time.Duration(min(n, int(most/time.Second))) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(0, time.Until(t)), most)
	}
	return -1
}

// Wait waits for d, or until ctx ends, and then returns why it did.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
