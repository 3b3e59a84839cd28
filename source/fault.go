package source

import (
	"errors"
	"io"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/git"
	"github.com/bbkeys/bbkeys/git/odb"
	"github.com/bbkeys/bbkeys/git/remote"
)

// coded gives an error of git's rooms, which know nothing of codes, the one that a user
// looks up: that of what is behind it, as far as that can be told, and else the one given.
func coded(otherwise fault.Code, err error) error {
	for _, known := range []struct {
		err  error
		code fault.Code
	}{
		{remote.ErrDenied, fault.FetchDenied},
		{remote.ErrUnreachable, fault.FetchUnreachable},
		{remote.ErrUnknown, fault.FetchUnknown},
		{remote.ErrLimit, fault.FetchLimit},
		{odb.ErrPackLimit, fault.FetchLimit},
		{odb.ErrPromised, fault.PartialClone},
		{odb.ErrTooLarge, fault.LargeObject},
		{git.ErrOutside, fault.OutsideMount},
		{errors.ErrUnsupported, fault.Unsupported},
		{git.ErrBadRef, fault.BadRef},
	} {
		if errors.Is(err, known.err) {
			return fault.Or(known.code, err)
		}
	}
	return fault.Or(otherwise, err)
}

// unopened is the code of a repository that can't be opened, where one is needed.
func unopened(err error) fault.Code { return fault.Of(coded(fault.NotRepository, err)) }

// absent gives an error of finding the ends of a change in a clone its code.
func absent(repo *git.Repo, err error) error {
	switch {
	case repo.Shallow():
		return coded(fault.ShallowChange, err)
	case errors.Is(err, git.ErrMissing):
		return coded(fault.MissingObject, err)
	}
	return coded(fault.NoBeginning, err)
}

// stored gives an error of reading what a repository holds its code.
func stored(err error) error {
	if errors.Is(err, git.ErrMissing) {
		return coded(fault.MissingObject, err)
	}
	return coded(fault.DamagedObject, err)
}

// opened is an object that was opened, or its error, with codes.
func opened(r io.ReadCloser, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, stored(err)
	}
	return codedReader{r}, nil
}

// A codedReader is the content of an object whose errors have codes.
type codedReader struct{ io.ReadCloser }

// Read implements io.Reader.
func (r codedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = stored(err)
	}
	return n, err
}
