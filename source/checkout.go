package source

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/remote"
	"github.com/bbkeys/bbkeys/web"
)

// A Checkout is what a job is about: a folder or a file, the repository that it belongs to
// and the server that it came from. The repository is opened once and the server connected
// to once, each when it is first needed, whatever of a run needs it. One goroutine at a time
// may use a Checkout.
type Checkout struct {
	job     ci.Job
	network web.Network
	path    string // what the user asked for; may be empty
	dir     string // what is to be looked at
	home    string // the same, or the folder that the file is in
	// repo opens the repository of home; what comes of it the first time is kept.
	repo   func() (*git.Repo, error)
	opened *git.Repo // once it is

	origin  *remote.Remote // once it is connected to
	refused error          // why it could not be, once that was tried
	folder  string         // of what was fetched; "" where nothing was
}

// Open returns the checkout at path, or, where that is empty, where the job says that it is,
// and reaches its server over a network. Its error is an *exit.Error of status Usage. The caller closes the Checkout once nothing
// that came from it is used any more.
func Open(path string, job ci.Job, network web.Network) (*Checkout, error) {
	dir, err := directory(path, job.Dir)
	if err != nil {
		return nil, err
	}
	c := &Checkout{job: job, network: network, path: path, dir: dir, home: dir}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		c.home = filepath.Dir(dir)
	}
	c.repo = sync.OnceValues(func() (repo *git.Repo, err error) {
		c.opened, err = git.Open(c.home, git.Options{Within: c.within("")})
		return c.opened, err
	})
	return c, nil
}

// Close closes the repository, ends the connection and removes what was fetched.
func (c *Checkout) Close() error {
	var errs []error
	if c.opened != nil {
		errs = append(errs, c.opened.Close())
	}
	if c.origin != nil {
		errs = append(errs, c.origin.Close())
	}
	if c.folder != "" {
		errs = append(errs, os.RemoveAll(c.folder))
	}
	return errors.Join(errs...)
}

// whole opens the repository for what is about commits. A file that is to be looked at alone
// is no repository.
func (c *Checkout) whole() (*git.Repo, error) {
	if c.dir != c.home {
		return git.Open(c.dir, git.Options{})
	}
	return c.repo()
}

// within returns the directory that all of a repository must be in, which is dir on a CI.
// A person may well work in a worktree whose repository is elsewhere.
func (c *Checkout) within(dir string) string {
	if c.job.Own {
		return "/"
	}
	return dir
}

// objects is the folder of the objects that were fetched.
func (c *Checkout) objects() string { return filepath.Join(c.folder, "objects") }

// server connects to where the checkout came from. What comes of it the first time is kept:
// a server that can't be reached is not waited for again.
func (c *Checkout) server(ctx context.Context) (*remote.Remote, error) {
	if c.origin == nil && c.refused == nil {
		c.origin, c.refused = c.connect(ctx)
	}
	return c.origin, c.refused
}

// connect makes a folder for what is fetched, and connects to the first of the ways to the
// origin that is there.
func (c *Checkout) connect(ctx context.Context) (*remote.Remote, error) {
	origin := c.job.Origin
	if origin.URL == "" {
		return nil, errNoOrigin
	}
	var err error
	if c.folder, err = os.MkdirTemp("", "bbkeys-"); err == nil {
		err = os.Mkdir(c.objects(), 0o700)
	}
	if err != nil {
		return nil, fault.New(fault.NoTempFolder, "making a folder for what is fetched: %w", err)
	}
	var ways []web.Network
	for _, proxy := range origin.Proxies {
		ways = append(ways, c.network.Through(proxy))
	}
	if len(ways) == 0 {
		ways = []web.Network{c.network}
	}
	var failed error
	for _, way := range ways {
		from, err := remote.Connect(ctx, remote.Server{URL: origin.URL, Authorization: origin.Authorization, Network: way}, c.objects())
		if err == nil || !errors.Is(err, remote.ErrUnreachable) {
			return from, err
		}
		failed = cmp.Or(failed, err)
	}
	return nil, failed
}
