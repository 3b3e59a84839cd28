// Package archive looks into archives and compressed files as they stream by, in bounded
// memory and time, whoever made them.
//
// It opens zip (jar, war, whl, nupkg, docx and the like are zips, and programs may end in
// one), tar, ar (deb), cpio, rpm, gzip, zlib, bzip2, xz, LZMA, lzip, zstd, lz4, 7z and the
// streams of PDF, within one another in any order, and knows them by what they begin with
// and never by their names. Of rar, cab, squashfs and some others it says that it does not
// open them. Everything is read once from front to back; it needs no file and no second look.
package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// ErrLimit is why something was not looked at that would cost more than the limits allow.
var ErrLimit = errors.New("over a limit for archives")

// ErrCrashed: the program met a state that it was not written for.
var ErrCrashed = errors.New("it crashed, which is a fault of this program")

// ErrEncrypted is why something was not looked at that takes a password.
var ErrEncrypted = errors.New("it is encrypted; look at what it holds before it is packed")

// ErrUnsupported is why something was not looked at that is packed in a way this package
// does not know.
var ErrUnsupported = errors.New("it is packed in a way that is not supported")

// ErrCorrupt is why something was not looked at that is not as its format says.
var ErrCorrupt = errors.New("it is damaged")

// Limits bound what one outermost file may cost. They hold for all that is in it at all
// depths together, so that no nesting multiplies them. Errors call them as the inputs
// that set them are called.
type Limits struct {
	// Depth is how many archives may be within one another; a tar that is compressed
	// counts once. With 0 nothing is opened.
	Depth int
	// Entries is how many things there may be in it.
	Entries int
	// Bytes is how much may be unpacked, in bytes. What is unpacked to be unpacked again
	// counts each time, since it costs time each time.
	Bytes int64
	// Ratio is how many bytes may be unpacked for each byte of the outermost file read,
	// once that is more than the first 64 MiB, which everything may be unpacked to. Text
	// shrinks to a hundredth at the most, a bomb to a thousandth and less.
	Ratio int64
}

// DefaultLimits returns limits that a real file seldom meets and that a bomb meets within
// seconds: the largest jars, wheels and source tarballs of public registries have some
// 100,000 entries and 1 GiB (looked at in November 2026).
func DefaultLimits() Limits {
	return Limits{Depth: 5, Entries: 250_000, Bytes: 2 << 30, Ratio: 500}
}

// The memory that unpacking takes beyond the buffers of each depth, which are small.
const (
	// maxMemory is what one walk may take for dictionaries, windows and what cannot be
	// streamed: 64 MiB is what xz -9 asks for, and more than zstd --ultra -20 does.
	maxMemory = 80 << 20
	// ownMemory is what each walk may take at any time. For more, walks take turns.
	ownMemory = 10 << 20
	// freeBytes may be unpacked whatever the ratio.
	freeBytes = 64 << 20
	// maxMisses is how many misses one file may have of its own; the rest is counted.
	maxMisses = 5
	// maxName is the length, in bytes, at which an entry's name is cut. Paths on Linux
	// end at 4096, and those that people type much earlier.
	maxName = 512
	// headSize is how much of a content tells what it is: a header of tar.
	headSize = 512
)

// Unreadable reports whether a miss is of something that can't be looked at as it is:
// damaged, encrypted, or packed in a way that is not supported. Its bytes were looked at
// like those of any other file.
func Unreadable(miss error) bool {
	return errors.Is(miss, ErrCorrupt) || errors.Is(miss, ErrEncrypted) || errors.Is(miss, ErrUnsupported)
}

// A Walker walks through archives. It may be used by many goroutines at once; all of them
// together take little more memory than the hungriest.
type Walker struct {
	limits  Limits
	free    int64         // may be unpacked whatever the ratio, in bytes
	turn    chan struct{} // held by the walk that takes more than its own memory
	readers pool
}

// New returns a Walker with limits.
func New(l Limits) *Walker { return &Walker{limits: l, free: freeBytes, turn: make(chan struct{}, 1)} }

// A Visitor is told what a walk comes across. A way into archives, inside, is the names
// of the entries that lead there, outermost first, as their makers wrote them but for
// what is no UTF-8 and what is too long; a compressed file that is no tar has the name of
// its format. The slice is not to be changed.
type Visitor interface {
	// Open returns what the content there is to be written to. It is closed when the
	// content ends, also where that is too early. An error of it ends the walk. The first
	// call is for the file itself, with an empty way.
	Open(inside []string) io.WriteCloser
	// Miss says that something there cannot be looked at, or not all of it.
	Miss(inside []string, why error)
}

// Walk gives the visitor all of r and, where that is an archive, everything in it. Its
// error is that of r, of ctx or of what the visitor opened; all else is a miss, and the
// walk goes on after it where that can be done.
func (a *Walker) Walk(ctx context.Context, r io.Reader, v Visitor) error {
	w := a.Begin(ctx, v)
	defer w.End()
	return w.File(r)
}

// Begin begins a walk through one outermost file. It is to be ended.
func (a *Walker) Begin(ctx context.Context, v Visitor) *Walk {
	return &Walk{Walker: a, ctx: ctx, visitor: v}
}

// File gives the visitor all of r, as Walker.Walk does. It may be called once.
func (w *Walk) File(r io.Reader) error { return w.look(nil, nil, r, nil) }

// Packed gives the visitor what is in data, an archive that is spelled as text in the
// content that inside leads to, and not data itself. It may be called while that content is
// written to what the visitor opened, or with no File at all where that is no archive; read
// is then how much of it was read so far, in bytes. The limits hold for all that one walk
// opens together.
func (w *Walk) Packed(inside []string, read int64, data []byte) {
	if w.limits.Depth == 0 || w.full || w.stopped != nil {
		return
	}
	if w.outer == nil || w.outer.r == nil {
		w.outer = &content{walk: w, n: read}
	}
	c := &content{walk: w, inside: inside, parent: w.outer, r: bytes.NewReader(data), sink: io.Discard}
	buf := w.readers.get(c)
	defer w.readers.put(buf)
	if missed := w.open(c, inside, buf); missed != nil && w.stopped == nil && !errors.Is(missed, errFull) {
		w.miss(inside, missed)
	}
}

// End ends the walk, and says what it did not of what it missed.
func (w *Walk) End() {
	w.leave()
	if w.missed > maxMisses {
		w.visitor.Miss(nil, fmt.Errorf("%w: %d more things in it were not looked at", ErrLimit, w.missed-maxMisses))
	}
	if w.unreadable > maxMisses {
		w.visitor.Miss(nil, fmt.Errorf("%d more things in it are like that: %w", w.unreadable-maxMisses, ErrCorrupt))
	}
}
