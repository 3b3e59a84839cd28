// Package remote fetches what a shallow or partial clone lacks of a change: exactly the
// commits, trees and blobs that looking at the change needs, over version 2 of Git's
// smart HTTP protocol and without the git program. The clone is read and never written:
// what is fetched goes to an object directory of its own.
//
// Both sides are taken for hostile. The server's answers are bounded in bytes, objects
// and time, every object is named by what it holds, and what a server says is shown
// shortened and without control characters. What a crafted repository can have asked for
// is bounded in the same way. One thing is taken from the server at its word, as every
// fetch does: which commits the base of a change reaches.
//
// The protocol is the one that Git documents in gitprotocol-v2, gitprotocol-http and
// gitprotocol-common; the tests hold this package to Git's own server.
package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// A Server is a repository on a server, and how it is reached.
type Server struct {
	// URL is the repository's http or https address, such as
	// https://github.com/owner/repo. A user and password in it are used where
	// Authorization is empty, and shown nowhere.
	URL string
	// Authorization is the value of the header of that name, such as "Basic …" or "Bearer
	// …"; it may be empty. It goes to the URL's host alone, and never in the clear if URL
	// is https.
	Authorization secret.Text
	// Network is what the requests go over.
	Network web.Network
	// Wait waits between attempts until the time is over or the context is; nil does.
	Wait func(context.Context, time.Duration) error
	// Agent is what the program calls itself, such as "bbkeys/1.0"; empty is "bbkeys".
	Agent string
	// Limits bound the whole exchange.
	Limits Limits
}

// Limits bound what is fetched from a Server in all. A zero field stands for its default.
type Limits struct {
	Bytes   int64         // in all answers, after decompression of what HTTP compressed; default 300 MB
	Objects int           // in one pack; default 500,000
	Object  int64         // bytes of an object that deltas are made of; default 32 MiB
	Time    time.Duration // from Connect on; default 2 minutes
}

const (
	defaultBytes   = 300_000_000
	defaultObjects = 500_000
	defaultObject  = 32 << 20
	defaultTime    = 2 * time.Minute
)

// The errors that callers tell apart with errors.Is. Each comes in a sentence that says what to do.
var (
	// ErrDenied: the server wants other credentials, or hides the repository.
	ErrDenied = errors.New("the server denies access")
	// ErrUnreachable: there is no way to the server.
	ErrUnreachable = errors.New("the server can't be reached")
	// ErrUnknown: the server has no such ref or commit.
	ErrUnknown = errors.New("the server does not have it")
	// ErrLimit: there is more to fetch than Limits allow.
	ErrLimit = errors.New("it is more than is fetched")
)

// A Remote is a connection to a Server, and the object directory that is filled from
// there. One goroutine at a time may use it.
type Remote struct {
	server   Server
	base     *url.URL // what the requests' paths are appended to
	shown    string   // the repository's address in errors
	client   *http.Client
	deadline time.Time
	left     int64 // bytes that may still be read

	can     abilities
	filters filter // the finest that the server hasn't refused
	dir     string
	db      *odb.DB              // what was fetched so far
	bare    map[object.Hash]bool // commits that came for single files, without the rest of their trees
	stats   Stats
}

// Stats count what an exchange took.
type Stats struct {
	Requests int
	Bytes    int64 // of the bodies of all answers
	Objects  int   // in all packs
}

// Connect asks the server what it can do. What is fetched afterwards goes to dir, an
// object directory that exists, is the caller's alone and outlives the Remote; a git.Repo
// can be made to have it beside its own. The context's end, like that of
// the time in Limits, ends the call; so it does for the Remote's other methods.
func Connect(ctx context.Context, s Server, dir string) (*Remote, error) {
	r := &Remote{server: s, dir: dir, bare: map[object.Hash]bool{}}
	l := &r.server.Limits
	if l.Bytes <= 0 {
		l.Bytes = defaultBytes
	}
	if l.Objects <= 0 {
		l.Objects = defaultObjects
	}
	if l.Object <= 0 {
		l.Object = defaultObject
	}
	if l.Time <= 0 {
		l.Time = defaultTime
	}
	if r.server.Agent == "" {
		r.server.Agent = "bbkeys"
	}
	if r.server.Wait == nil {
		r.server.Wait = web.Wait
	}
	r.left, r.deadline = l.Bytes, time.Now().Add(l.Time)
	if err := r.prepare(); err != nil {
		return nil, fmt.Errorf("fetch what the clone lacks: %w", err)
	}
	ctx, cancel := r.bounded(ctx)
	defer cancel()
	if err := r.greet(ctx); err != nil {
		r.client.CloseIdleConnections()
		return nil, r.failed("fetch what the clone lacks from", err)
	}
	return r, nil
}

// Close ends the connections to the server. What was fetched stays.
func (r *Remote) Close() error {
	r.client.CloseIdleConnections()
	if r.db == nil {
		return nil
	}
	db := r.db
	r.db = nil
	return db.Close()
}

// Stats tells what the exchange took so far.
func (r *Remote) Stats() Stats {
	s := r.stats
	s.Bytes = r.server.Limits.Bytes - r.left
	return s
}

// Format is the hash function that the server's repository names its objects with.
func (r *Remote) Format() object.Format { return r.can.format }

// bounded is ctx with the deadline of the exchange.
func (r *Remote) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, r.deadline, fmt.Errorf("%w in %v", ErrLimit, r.server.Limits.Time))
}

// failed says what went wrong with what, and what to do where that is known. The address
// follows what was being done.
func (r *Remote) failed(doing string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, ErrDenied):
		hint = "; let the job's token read the repository (on GitHub: permissions: contents: read) and pass it on, or clone the whole history"
	case errors.Is(err, ErrUnreachable):
		hint = "; try again, let the job reach the server, or clone the whole history"
	case errors.Is(err, ErrLimit), errors.Is(err, errNoVersion2):
		hint = "; clone the whole history instead"
	}
	if hint != "" {
		hint += " (fetch-depth: 0 in actions/checkout, clone: depth: full in Bitbucket Pipelines)"
	}
	if errors.Is(err, ErrUnknown) {
		hint = "; a forced push or the end of its branch may have removed it"
	}
	return fmt.Errorf("%s %s: %w%s", doing, r.shown, err, hint)
}
