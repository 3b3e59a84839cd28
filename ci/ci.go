// Package ci is what every CI product has in common. Each product has a room of its own
// below this one.
package ci

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/secret"
)

// A Provider is one CI product: how it passes inputs, what it says about a job, and where
// it shows results.
type Provider interface {
	// Name is the provider's name in logs and documentation.
	Name() string
	// Here reports whether p runs in this CI.
	Here(p proc.Process) bool
	// Input returns the user's value for an input, named as in the table of inputs, or "".
	Input(p proc.Process, name string) string
	// Unknown returns what looks like an input of ours by its spelling and is none of
	// the names, as the user spelled it.
	Unknown(p proc.Process, names []string) []string
	// Job reads the environment and the event.
	Job(p proc.Process) (Job, error)
	// Publishers returns where this CI shows a report, besides the files that were asked
	// for. They are published to last, in order.
	Publishers(p proc.Process, j Job, d Delivery) []report.Publisher
}

// A Delivery is what publishers must know of the run besides the report.
type Delivery struct {
	SARIF  string        // the SARIF file as the user named it, or "" where none is written
	Policy report.Policy // what fails
	Prefix string        // put before paths that a person reads, such as "../other/", or ""
	Mode   string        // what was asked for: "auto", "range"
	Began  time.Time     // when the run did
	// Insights says whether the report is put on the commit, by a CI whose server shows it
	// there: "auto" where that can be had, "true", and anything else for no.
	Insights string
	Upload   report.Render // renders what is uploaded to the CI's server; nil for no upload
}

// A Job is what a CI says about the run that the scanner is part of.
type Job struct {
	Dir    string // the checkout
	SARIF  string // the SARIF file that is written unless the user names another, or ""
	Change Change // what the job was started for; the zero Change where it is no change
	// Cloned says that the CI made the checkout for this job alone, so that a credential
	// in its .git/config is one that the job was handed.
	Cloned bool
	// Origin is where the job can fetch commits that its checkout lacks; the zero Origin
	// where it can't.
	Origin Origin
	// Commit is the full name of the commit that the server shows results on, which is not
	// that of a merge that the CI made for itself; "" where the CI names none.
	Commit string
	// Page is the address of the build's page, as the CI names it, or "".
	Page string
	// Index is the index that git makes a commit from while it runs a hook; "" where it is
	// the repository's own.
	Index string
	// Fork says that the CI tells of a change from another repository, whose jobs have no
	// secrets and a token that may read and no more.
	Fork bool
	// Own says that this is somebody's own machine and no CI: what the repository has
	// elsewhere on it, such as that of a worktree, is theirs.
	Own bool
}

// An Origin is the repository on the server that the checkout was made from, as the CI
// names it: nothing that the scanned repository says is part of it.
type Origin struct {
	URL string // of git over http
	// Authorization is the value of the header of that name; empty where there is none.
	Authorization secret.Text
	// Proxies are the addresses of proxies that let the job in, in the order in which they
	// are tried; empty where there is none.
	Proxies []string
}

// Signed reports whether requests to o carry a credential of the job.
func (o Origin) Signed() bool {
	u, err := url.Parse(o.URL)
	return o.Authorization != secret.Text{} || err == nil && u.User != nil
}

// String returns the address of o as it may be shown: without a user and a password, and
// nothing of one that is malformed, which can hold a password anywhere.
func (o Origin) String() string {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" {
		return "an address that is none"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Basic returns the value of an Authorization header for a user and a password.
func Basic(user, password string) secret.Text {
	return secret.New("Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// A Change is what a job says about the commits that it was started for.
type Change struct {
	// Event names what happened, for the report and the log: "pull_request", "push".
	Event string
	// Ends are the ends of the change as the CI names them, the best first. The first
	// pair that the repository has is the range. Where there are some and the
	// repository has none of them, that is a gap.
	Ends []Ends
	// Upstream names refs whose commits are not the change's own, the best first, for a
	// change that begins at no commit that the CI could name, such as a new branch. It
	// is asked only when Ends is empty. Where the repository has none of them, the change
	// is all of Head's history, and a gap where a shallow clone does not have that.
	Upstream []string
	// Guess says that Upstream is a guess at what the CI leaves open, so that the checkout
	// stands in where the repository has none of it.
	Guess bool
	// Head is the commit that a change without Ends ends with.
	Head string
	// OrCheckout says that a change that brings no commit stands for the whole checkout,
	// as a tag does.
	OrCheckout bool
	// Elsewhere says that the checkout does not hold the change, so that scanning it
	// says nothing about the change.
	Elsewhere bool
	// Proposed says that the change is not accepted yet, as that of a pull request, a merge
	// queue or of a fork: what it brings does not decide how it is looked at.
	Proposed bool
	// Nothing says why there is nothing to scan, such as a deleted branch.
	Nothing string
}

// Ends are the two ends of a range: what Head reaches and Base does not.
type Ends struct {
	Base, Head string
	// Merges says what the pair stands on, where it stands on something: it holds only
	// if Head is a merge whose second parent is the commit Merges. A first parent is a
	// base where a CI made a merge to test it, and would hide commits anywhere else.
	Merges string
}

// Named reports whether there is a change at all.
func (c Change) Named() bool { return len(c.Ends) > 0 || c.Head != "" || c.Nothing != "" }

// A Quoter is a Provider whose CI takes lines of what a program prints for commands.
type Quoter interface {
	// Quote returns a publisher that shows what text shows, where text writes to the
	// standard output of p, such that the CI takes none of it for a command.
	Quote(p proc.Process, text report.Publisher) report.Publisher
}

// Quoted returns text as c must have it, which is text itself unless c is a Quoter.
func Quoted(c Provider, p proc.Process, text report.Publisher) report.Publisher {
	if q, ok := c.(Quoter); ok {
		return q.Quote(p, text)
	}
	return text
}

// Pick returns the first provider that is Here, or else the last one.
func Pick(p proc.Process, all []Provider) Provider {
	for _, c := range all {
		if c.Here(p) {
			return c
		}
	}
	return all[len(all)-1]
}

// EnvName returns an input's name the way environments spell it: SARIF_FILE.
func EnvName(input string) string {
	return strings.ReplaceAll(strings.ToUpper(input), "-", "_")
}

// EnvPrefix begins the name of every variable that is an input of ours on any CI.
const EnvPrefix = "BBKEYS_"

// Strays returns the variables that begin with prefix and go on with the spelling of no
// name, sorted as the environment has them. An empty value is as good as none.
func Strays(p proc.Process, prefix string, names []string, spell func(string) string) []string {
	known := make(map[string]bool, len(names))
	for _, n := range names {
		known[prefix+spell(n)] = true
	}
	var strays []string
	for _, kv := range p.Env {
		k, v, _ := strings.Cut(kv, "=")
		if v != "" && strings.HasPrefix(k, prefix) && !known[k] {
			strays = append(strays, k)
		}
	}
	return strays
}
