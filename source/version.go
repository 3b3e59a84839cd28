package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/object"
	"github.com/bbkeys/bbkeys/git/remote"
)

// A Version is the version of the repository's files that says how a run is to look at the
// others. A change must not say that of itself, so it is what the change goes to:
//
//   - of a change that nobody has accepted yet, such as a pull request's, the commit that it
//     goes to, whatever of the checkout is looked at;
//   - of a push, the commit before it, or what stands for that;
//   - everywhere else, and on somebody's own machine, the files of the checkout.
type Version struct {
	p    planner
	repo *git.Repo   // nil where the files of the checkout are meant
	base object.Hash // the commit, in repo or on the server
	why  error       // why there is no version that counts, where one is needed
	told string      // why the last file could not be read
}

// Version decides which version counts, and fetches its commit where the clone lacks it.
// What can't be had is no error: then there is no version.
func (c *Checkout) Version(ctx context.Context, req Request) *Version {
	v := &Version{p: planner{c, req}}
	ends := v.begins()
	if len(ends) == 0 {
		return v
	}
	repo, err := c.repo()
	if err != nil {
		v.why = err
		return v
	}
	ctx, cancel := soon(ctx)
	defer cancel()
	if v.why = v.find(ctx, repo, ends); v.why != nil {
		guess := c.job.Change.Guess && !c.job.Change.Proposed
		if guess && !named(req.Base) {
			v.why = nil // the CI names nothing that it could be
		}
	}
	return v
}

// begins returns where the change may begin, the best first, or nothing where the files of
// the checkout are meant.
func (v *Version) begins() []ci.Ends {
	req, change := v.p.req, v.p.job.Change
	whole := req.Mode == "checkout" || req.Mode == "history" || req.Mode == "staged"
	switch {
	case v.p.job.Own, change.Nothing != "", whole && !change.Proposed:
		return nil
	case named(req.Base) && !change.Proposed:
		return []ci.Ends{{Base: req.Base}}
	}
	ends := change.Ends
	for _, ref := range change.Upstream {
		ends = append(ends[:len(ends):len(ends)], ci.Ends{Base: ref})
	}
	if len(ends) == 0 && change.Proposed && named(req.Base) {
		ends = []ci.Ends{{Base: req.Base}}
	}
	return ends
}

// find finds the first of the beginnings that there is. Its error is about the best.
func (v *Version) find(ctx context.Context, repo *git.Repo, all []ci.Ends) error {
	var why error
	for _, ends := range all {
		h, err := v.p.begin(repo, ends)
		if err == nil {
			_, err = repo.Commit(h)
		}
		if err == nil {
			v.repo, v.base = repo, h
			return nil
		}
		why = cmp.Or(why, err)
	}
	from, err := v.p.server(ctx)
	if errors.Is(err, errNoOrigin) {
		return why
	}
	if err != nil {
		return fmt.Errorf("%w; %w", why, err)
	}
	f := finder{v.p, repo, from, v.p.target()}
	for _, ends := range all {
		h, err := f.begin(ctx, ends)
		if err == nil {
			v.repo, v.base = repo, h
			return nil
		}
		why = fmt.Errorf("%w; %w", why, err)
	}
	return why
}

// begin returns the commit that a change begins at, where the clone knows it.
func (p planner) begin(repo *git.Repo, ends ci.Ends) (object.Hash, error) {
	if ends.Merges != "" {
		head, err := p.commit(repo, ends.Head)
		if err != nil {
			return head, err
		}
		if err := merges(repo, head, ends); err != nil {
			return head, err
		}
	}
	return p.commit(repo, ends.Base)
}

// begin finds the commit that a change begins at on the server.
func (f finder) begin(ctx context.Context, ends ci.Ends) (object.Hash, error) {
	if ends.Merges != "" {
		head, err := f.find(ctx, ends.Head)
		if err != nil {
			return head, err
		}
		if err := merges(f.repo, head, ends); err != nil {
			return head, err
		}
	}
	h, err := f.find(ctx, ends.Base)
	if err != nil {
		return h, err
	}
	_, _, err = f.from.File(ctx, remote.Wanted{Local: f.repo.Objects(), Commit: h})
	return h, err
}

// A File is a file that somebody named to say how a run is to look at the others.
type File struct {
	Path string // as errors and reports tell it
	Data []byte // nil where there is none
	// Commit is the one whose version it is, in full; "" for the file on disk.
	Commit string
	// Note says why there is none although one may be meant, one sentence; may be empty.
	Note string
}

// Named is the name of a file.
type Named struct {
	Path string
	// Flag says that a relative path is relative to the working directory, and else to the
	// checkout.
	Flag bool
	// Sought says that nobody named the file: it counts if it is there.
	Sought bool
	// Max is the size of the largest file that is read, in bytes.
	Max int64
}

// Read reads a file in the version that counts. Outside the checkout, and for a run that
// no change is behind, somebody with a say in the run named the file: then it is the one on
// disk. Its error is an *exit.Error of status Usage: the file is not there although it was
// named, or can't be read.
func (v *Version) Read(ctx context.Context, n Named) (File, error) {
	at := n.Path
	if !n.Flag && !filepath.IsAbs(at) {
		at = filepath.Join(v.p.home, at)
	}
	rel, inside := v.inside(at)
	f := File{Path: n.Path}
	if inside {
		f.Path = rel
	}
	settled := v.repo != nil || v.why != nil
	if !settled || !inside || !n.Sought && !v.p.job.Change.Proposed {
		data, err := readDisk(at, n.Max)
		return f.read(n, data, err)
	}
	if v.why != nil {
		f.Note = v.unread(rel, v.why)
		return f, nil
	}
	f.Commit = v.base.String()
	data, err := v.blob(ctx, rel, n.Max)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(at); n.Sought && err != nil {
			return File{Path: rel}, nil // and nobody expects it to be
		}
		f.Note = rel + " is not in the commit that this change goes to, so there is none; that of the change itself does not count"
		return f, nil
	}
	if errors.Is(err, git.ErrMissing) || errors.Is(err, errUnfetched) {
		f.Note = v.unread(rel, err)
		return f, nil
	}
	return f.read(n, data, err)
}

// unread says that a file could not be read in the version that counts. A reason that was
// told for another file, mostly that of a server, is not told again.
func (v *Version) unread(rel string, err error) string {
	note := fmt.Sprintf("the version of %s that this change goes to could not be read, so there is none", rel)
	if why := err.Error(); v.told != why {
		v.told = why
		return note + ": " + why
	}
	return note + ", for the same reason"
}

// read fills f with what came of reading it.
func (f File) read(n Named, data []byte, err error) (File, error) {
	if n.Sought && errors.Is(err, fs.ErrNotExist) {
		return File{Path: f.Path}, nil
	}
	if pe := new(fs.PathError); errors.As(err, &pe) {
		err = pe.Err
	}
	if err != nil {
		return f, exit.Usagef(fault.NoSettings, "name a file that is there and can be read; a relative name in an input is relative to the checkout", "reading %s: %w", f.Path, err)
	}
	f.Data = append([]byte{}, data...)
	return f, nil
}

// inside returns where a file is below the checkout, with slashes, and whether it is. Links
// are followed up to the checkout and not in it: those are the change's, which would choose
// by them what counts.
func (v *Version) inside(at string) (string, bool) {
	root, err := real(v.p.home)
	if err != nil {
		return "", false
	}
	abs, err := filepath.Abs(at)
	if err != nil {
		return "", false
	}
	for i := range len(abs) { // each folder on the way, from the top
		if abs[i] != filepath.Separator {
			continue
		}
		dir, err := filepath.EvalSymlinks(abs[:max(1, i)])
		if err != nil {
			return "", false
		}
		if under, err := filepath.Rel(root, dir); err == nil && filepath.IsLocal(under) {
			return filepath.ToSlash(filepath.Join(under, abs[i:])), true
		}
	}
	return "", false
}

// real returns a path without links in it.
func real(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

var errNoFile = errors.New("it is no plain file; a link is not followed")

// blob returns what a path holds in the commit that counts.
func (v *Version) blob(ctx context.Context, path string, most int64) ([]byte, error) {
	data, err := v.stored(path, most)
	if !errors.Is(err, git.ErrMissing) {
		return data, err
	}
	ctx, cancel := soon(ctx)
	defer cancel()
	from, failed := v.p.server(ctx)
	if errors.Is(failed, errNoOrigin) {
		return nil, err
	}
	if failed == nil {
		var e object.Entry
		if e, data, failed = from.File(ctx, remote.Wanted{Local: v.repo.Objects(), Commit: v.base, Path: path}); failed == nil {
			return data, plain(e, int64(len(data)), most)
		}
	}
	if errors.Is(failed, fs.ErrNotExist) {
		return nil, failed
	}
	return nil, fmt.Errorf("%w: %w", errUnfetched, failed)
}

// errUnfetched is why a file is not known that the commit may have.
var errUnfetched = errors.New("it could not be fetched")

// patience is how long a run waits for each step to the few things that its settings take: a
// commit, or a file of it. The change itself may take longer.
const patience = 30 * time.Second

// soon is ctx for as long as patience lasts.
func soon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, patience, fmt.Errorf("%w: it does not answer within %v", remote.ErrUnreachable, patience))
}

// stored is blob as far as the clone has it.
func (v *Version) stored(path string, most int64) ([]byte, error) {
	c, err := v.repo.Commit(v.base)
	if err != nil {
		return nil, err
	}
	e, err := v.repo.Lookup(c.Tree, path)
	if err != nil {
		return nil, err
	}
	_, size, err := v.repo.Objects().Stat(e.Hash)
	if err == nil || !e.IsBlob() {
		err = plain(e, size, most)
	}
	if err != nil {
		return nil, err
	}
	_, data, err := v.repo.Objects().Read(e.Hash)
	return data, err
}

// plain is an error unless e is a file of at most so many bytes, and no link.
func plain(e object.Entry, size, most int64) error {
	if !e.IsBlob() || e.Mode&0o170000 == 0o120000 {
		return errNoFile
	}
	if size > most {
		return fmt.Errorf("it has %d bytes; over %d are not read", size, most)
	}
	return nil
}

// readDisk reads a file that is no link.
func readDisk(at string, most int64) ([]byte, error) {
	info, err := os.Lstat(at)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	dir, err := openDir(filepath.Dir(at))
	if err != nil {
		return nil, err
	}
	defer dir.Close() //nolint:errcheck // nothing was written
	f, err := openIn(dir, filepath.Base(at))
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it has over %d bytes, more than are read", most)
	}
	return data, err
}
