package scan

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/rule"
)

// A Blob is one piece of content and every place it was found at.
type Blob struct {
	// Places may be empty in a blob that is looked at for what it holds alone: then look
	// tells, and the source, which can find out the places, has it looked at Again.
	Places []Place
	Again  bool // it was looked at before and is not to be counted twice
	// Name says that Data is what the place is called and not what it holds: a credential in it
	// has no line, and what people choose is left alone, since it could not be told from the
	// path that is reported.
	Name bool

	// Data is the content, where it is in memory already. It is not kept.
	Data []byte
	// Open gives the content where Data is nil. It may be called again: what holds a
	// credential is read a second time to say where.
	Open func() (io.ReadCloser, error)

	// Old reports whether a place held a credential before the change that is looked
	// at, so that it is not new there. Nil where everything counts. After an error the
	// credential counts as new.
	Old func(ctx context.Context, p Place, m rule.Match) (bool, error)

	// Beside returns another file of the tree that a place is in, by its path, or nil where
	// there is none or it is large. Nil where there are no others.
	Beside func(p Place, path string) []byte
}

// place returns the first of the places, as far as they are known.
func (b *Blob) place() Place {
	if len(b.Places) == 0 {
		return Place{}
	}
	return b.Places[0]
}

// A Place is where a blob is.
type Place struct {
	Path       string    // slash-separated, relative to the root of the checkout
	Commit     string    // the commit that brought it, in full, or "" for the checkout
	AuthorDate time.Time // of that commit; zero where there is none
	Gone       bool      // the path no longer holds the blob at HEAD; told of the history alone
}

// A Source knows what is to be looked at.
type Source interface {
	// Each calls look once for each distinct blob, from up to jobs goroutines at once,
	// and miss for each thing that was asked for and cannot be read; it goes on after
	// that. look tells whether the blob holds a credential, or inside it something that
	// can't be looked at, and does not keep its Data.
	// When ctx ends, Each returns soon.
	Each(ctx context.Context, jobs int, look func(Blob) bool, miss func(*Gap))
	// Scanned says what Each looked at, as far as the source knows it: all but Blobs and
	// Bytes. It is asked after Each has returned.
	Scanned() Scanned
}

// A Gap is something that was asked for and was not looked at.
type Gap struct {
	Place Place // as much of it as is known
	Why   error // with its code
}

// Code returns the code under which users look the gap up.
func (g *Gap) Code() fault.Code { return fault.Of(g.Why) }

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
var ErrInterrupted = fault.New(fault.Interrupted, "the scan was interrupted before it was done")
