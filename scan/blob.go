package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/bbkeys/bbkeys/rule"
)

// A Blob is one piece of content and every place it was found at.
type Blob struct {
	Places []Place // at least one

	// Data is the content, where it is in memory already. It is not kept.
	Data []byte
	// Open gives the content where Data is nil. It may be called again: what holds a
	// credential is read a second time to say where.
	Open func() (io.ReadCloser, error)

	// Old reports whether a place held a credential before the change that is looked
	// at, so that it is not new there. Nil where everything counts. After an error the
	// credential counts as new.
	Old func(ctx context.Context, p Place, m rule.Match) (bool, error)
}

// reader returns the blob's content from its start.
func (b *Blob) reader() (io.ReadCloser, error) {
	if b.Data != nil || b.Open == nil {
		return io.NopCloser(bytes.NewReader(b.Data)), nil
	}
	return b.Open()
}

// A Place is where a blob is.
type Place struct {
	Path       string    // slash-separated, relative to the root of the checkout
	Commit     string    // the commit that brought it, in full, or "" for the checkout
	AuthorDate time.Time // of that commit; zero where there is none
}

// A Source knows what is to be looked at.
type Source interface {
	// Each calls look once for each distinct blob, from up to jobs goroutines at once,
	// and miss for each thing that was asked for and cannot be read; it goes on after
	// that. When ctx ends it returns soon. look does not keep a blob's Data.
	Each(ctx context.Context, jobs int, look func(Blob), miss func(*Gap))
	// Scanned says what Each looked at, as far as the source knows it: all but Blobs and
	// Bytes. It is asked after Each has returned.
	Scanned() Scanned
}

// A Gap is something that was asked for and was not looked at.
type Gap struct {
	Place Place // as much of it as is known
	Why   error
}

// Error says where the gap is and why.
func (g *Gap) Error() string {
	switch {
	case g.Place.Path != "" && g.Place.Commit != "":
		return fmt.Sprintf("%s in commit %s: %v", g.Place.Path, g.Place.Commit, g.Why)
	case g.Place.Path != "":
		return fmt.Sprintf("%s: %v", g.Place.Path, g.Why)
	}
	return g.Why.Error()
}

// Unwrap returns why.
func (g *Gap) Unwrap() error { return g.Why }

// ErrInterrupted is why a scan that was told to stop is incomplete.
var ErrInterrupted = errors.New("the scan was interrupted before it was done")
