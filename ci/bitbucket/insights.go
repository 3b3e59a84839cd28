package bitbucket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

// insights puts the report on a commit, where Bitbucket shows it: Code Insights.
type insights struct {
	host   host
	commit string // which commit; "" for the head of what was scanned
	scan   scanned
	began  time.Time
	out    io.Writer // for a line about what was done
	must   bool      // that there is no proxy is an error
	absent error     // why there is nowhere to put it, or nil
	wait   func(context.Context, time.Duration) error
}

// A host is one Bitbucket: where it takes reports, and in which words.
type host struct {
	servers []api.Server                   // the ways there, in the order in which they are tried
	path    func(commit, id string) string // of a report
	// encode returns the bodies of the requests for a page: that of the report, and those
	// of its annotations.
	encode func(page) ([][]byte, error)
	again  bool   // annotations can be sent twice without harm
	denied string // what to do where the server denies access
}

const (
	// batch is how many annotations Cloud takes in a request (its API description, 2026-08).
	batch = 100
	// timeLimit is for all requests together: no build waits long for a report.
	timeLimit = 2 * time.Minute
	// commitName is how long the name of a commit is that Bitbucket takes: a whole SHA-1.
	commitName = 40
)

// An absence is the error for a server that is not there at all.
type absence struct{ err error }

func (a *absence) Error() string { return a.err.Error() }
func (a *absence) Unwrap() error { return a.err }

// Publish implements report.Publisher. It says in a line what it has done.
func (i insights) Publish(ctx context.Context, rep *scan.Report) error {
	err := i.publish(ctx, rep)
	if err == nil {
		return nil
	}
	if a := new(absence); errors.As(err, &a) && !i.must {
		// Outside of Pipelines, or on a runner without the proxy, nobody expects a report.
		return i.say("no report on the commit in Bitbucket: %s", report.Clean(a.Error()))
	}
	return fault.Or(fault.InsightsFailed, fmt.Errorf("putting the report on the commit in Bitbucket: %w%s", err, i.hint(err)))
}

func (i insights) publish(ctx context.Context, rep *scan.Report) error {
	if i.absent != nil {
		return &absence{i.absent}
	}
	commit := ci.Or(i.commit, ci.Commit(rep.Scanned.Head))
	if len(commit) != commitName {
		return errors.New("it is not known which commit it is for; name it in full with the input insights-commit")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, fmt.Errorf("it was not done within %v", timeLimit))
	defer cancel()
	i.scan.took = time.Since(i.began)
	page := newPage(rep, i.scan)
	bodies, err := i.bodies(ctx, rep, page)
	if err != nil {
		return err
	}
	id := "bbkeys-" + i.scan.kind
	var missed *absence
	for _, server := range i.host.servers {
		err = i.deliver(ctx, server, i.host.path(commit, id), bodies)
		if a := new(absence); !errors.As(err, &a) {
			break
		} else if missed == nil {
			missed = a
		}
		err = missed
	}
	if err != nil {
		return err
	}
	return i.say("the report %s is on commit %.10s in Bitbucket, with annotations: %d", id, commit, len(page.remarks))
}

// bodies returns the bodies of all requests, after the last look that every report gets
// before it leaves.
func (i insights) bodies(ctx context.Context, rep *scan.Report, p page) ([][]byte, error) {
	var all [][]byte
	looked := report.File{Name: "report for Bitbucket", Path: "-", Stdout: io.Discard, Render: func(w io.Writer, _ *scan.Report) error {
		var err error
		if all, err = i.host.encode(p); err != nil {
			return err
		}
		_, err = w.Write(bytes.Join(all, []byte("\n")))
		return err
	}}
	err := looked.Publish(ctx, rep)
	return all, err
}

// deliver replaces the report at path. Bitbucket keeps the annotations of a report that is
// written over, so it is taken away first.
func (i insights) deliver(ctx context.Context, server api.Server, path string, bodies [][]byte) error {
	server.Wait = i.wait
	client, err := api.New(server)
	if err != nil {
		return err
	}
	defer client.Close()
	err = client.Do(ctx, api.Request{Method: "DELETE", Path: path})
	refused := new(api.Refusal)
	switch {
	case errors.Is(err, api.ErrUnreachable):
		return &absence{err}
	case errors.As(err, &refused) && refused.Missing(): // the first report on the commit
	case err != nil:
		return err
	}
	for n, body := range bodies {
		r := api.Request{Method: "PUT", Path: path, Body: body}
		if n > 0 {
			r = api.Request{Method: "POST", Path: path + "/annotations", Body: body, Again: i.host.again}
		}
		if err := client.Do(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// hint says what to do about an error, as far as that is known.
func (i insights) hint(err error) string {
	refused := new(api.Refusal)
	switch {
	case !errors.As(err, &refused):
	case refused.Denied():
		return "; " + i.host.denied
	case refused.Missing():
		return "; Bitbucket knows no such repository, or no such commit in it: a merge that only the build has is none, so name the tip of the branch with the input insights-commit"
	}
	return ""
}

func (i insights) say(format string, args ...any) error {
	if _, err := fmt.Fprintf(i.out, "bbkeys: "+format+"\n", args...); err != nil {
		return fault.New(fault.OutputUnwritable, "writing what became of the report for Bitbucket: %w", err)
	}
	return nil
}

// kind names a scan, so that another one of the same kind on the same commit takes its
// place, and no other: by its mode, or by what the job was started for.
func kind(mode, event string) string {
	const most = 30
	if mode != "" && mode != "auto" {
		event = mode
	}
	slug := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, event)
	return ci.Or(strings.Trim(slug[:min(len(slug), most)], "-"), "checkout")
}

// encodeAll returns JSON for a report and for its annotations, in batches.
func encodeAll[R any](rep any, remarks []R, wrap func([]R) any) ([][]byte, error) {
	parts := []any{rep}
	for part := range slices.Chunk(remarks, batch) {
		parts = append(parts, wrap(part))
	}
	var bodies [][]byte
	for _, part := range parts {
		body, err := json.Marshal(part)
		if err != nil {
			return nil, fmt.Errorf("encoding the report: %w", err)
		}
		bodies = append(bodies, body)
	}
	return bodies, nil
}

// segment returns a name as one segment of a path.
func segment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}
