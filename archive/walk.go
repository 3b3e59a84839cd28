package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Walk goes through one outermost file and all that is in it. It is for one goroutine.
type Walk struct {
	*Walker
	ctx     context.Context
	visitor Visitor

	outer    *content // the file itself
	entries  int
	unpacked int64
	memory   int64 // taken now
	inTurn   bool
	missed   int
	// unreadable counts the misses that are Unreadable, which must not crowd out the others.
	unreadable int
	full       bool  // a limit was met: nothing more is unpacked
	stopped    error // ctx ended, or what the visitor opened failed
}

// errFull unwinds a walk that met a limit, of which the visitor knows already.
var errFull = errors.New("a limit was met")

// over tells the visitor of a limit for the file as a whole and ends all unpacking.
func (w *Walk) over(inside []string, format string, args ...any) error {
	if !w.full {
		w.full = true
		w.miss(inside, fmt.Errorf("%w: %s", ErrLimit, fmt.Sprintf(format, args...)))
	}
	return errFull
}

func (w *Walk) miss(inside []string, why error) {
	n := &w.missed
	if Unreadable(why) {
		n = &w.unreadable
	}
	if *n++; *n <= maxMisses {
		w.visitor.Miss(inside, why)
	}
}

// take accounts for n bytes of memory. What is taken is to be given back.
func (w *Walk) take(n int64) error {
	if w.memory+n > maxMemory {
		return fmt.Errorf("%w: unpacking it takes %d MiB of memory, where %d are left", ErrLimit, n>>20, (maxMemory-w.memory)>>20)
	}
	w.memory += n
	if w.memory <= ownMemory || w.inTurn {
		return nil
	}
	select {
	case w.turn <- struct{}{}:
		w.inTurn = true
		return nil
	case <-w.ctx.Done():
		w.memory -= n
		w.stopped = w.ctx.Err()
		return w.stopped
	}
}

func (w *Walk) give(n int64) { w.memory -= n }

func (w *Walk) leave() {
	if w.inTurn {
		<-w.turn
	}
}

// A content is something that is looked at: what is read of it goes to its sink.
type content struct {
	walk   *Walk
	inside []string
	parent *content // what it is in; nil for the file itself
	r      io.Reader
	sink   io.Writer
	n      int64
	err    error // the first of r, which stays
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	w := c.walk
	if c.err != nil {
		return 0, c.err
	}
	if w.stopped == nil {
		w.stopped = w.ctx.Err()
	}
	if w.stopped != nil {
		return 0, w.stopped
	}
	if c.parent != nil {
		if err := w.afford(c.inside); err != nil {
			return 0, err
		}
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.err = err; c.parent != nil {
		w.unpacked += int64(n)
	}
	if _, e := c.sink.Write(p[:n]); e != nil {
		w.stopped = e
		return n, e
	}
	return n, err
}

// afford reports whether more may be unpacked.
func (w *Walk) afford(inside []string) error {
	switch {
	case w.full:
		return errFull
	case w.unpacked > w.limits.Bytes:
		return w.over(inside, "it unpacks to more than %d MiB; raise archive-size if it is to be trusted", w.limits.Bytes>>20)
	case w.unpacked > w.free && w.unpacked/max(1, w.limits.Ratio) > w.outer.n:
		return w.over(inside, "it unpacks to more than %d times its size, as a bomb does; raise archive-ratio if it is to be trusted", w.limits.Ratio)
	}
	return nil
}

// failed reports whether what c is in cannot be read on, which is told there and once.
func (c *content) failed() bool {
	for c = c.parent; c != nil; c = c.parent {
		if c.err != nil && c.err != io.EOF {
			return true
		}
	}
	return false
}

// look gives all of r to the visitor, and looks into it where it is an archive, whose
// entries are then in the way below. Its error ends the walk: w.stopped, errFull, or that
// of the file itself.
func (w *Walk) look(inside, below []string, r io.Reader, parent *content) (err error) {
	if w.entries++; w.entries > w.limits.Entries && parent != nil {
		return w.over(parent.inside, "there are more than %d things in it; raise archive-entries if it is to be trusted", w.limits.Entries)
	}
	sink := w.visitor.Open(inside)
	c := &content{walk: w, inside: inside, parent: parent, r: r, sink: sink}
	if parent == nil {
		w.outer = c
	}
	defer func() {
		if e := sink.Close(); e != nil && err == nil {
			w.stopped, err = e, e
		}
	}()
	buf := w.readers.get(c)
	defer w.readers.put(buf)

	missed := w.open(c, below, buf)
	if w.stopped == nil && (!w.full || parent == nil) {
		_, _ = io.Copy(io.Discard, onlyReader{buf}) // for the sink; c has the error
	}
	switch {
	case w.stopped != nil:
		return w.stopped
	case w.full && parent != nil:
		return errFull
	case c.err != nil && c.err != io.EOF && parent == nil:
		return c.err
	case c.failed() || errors.Is(missed, errFull):
	case c.err != nil && c.err != io.EOF:
		w.miss(inside, c.err)
	case missed != nil:
		w.miss(inside, missed)
	}
	return nil
}

// open looks into c, which buf reads, if it is an archive.
func (w *Walk) open(c *content, below []string, buf *bufio.Reader) (err error) {
	head, _ := buf.Peek(headSize) // what is wrong with it shows again
	f := formatOf(head)
	if f == nil || w.limits.Depth == 0 {
		return nil
	}
	if len(below) >= w.limits.Depth {
		return fmt.Errorf("%w: it is an archive at depth %d; raise archive-depth to look into it", ErrLimit, len(below)+1)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("unpacking the %s: %w: %v", f.name, ErrCrashed, p)
		}
	}()
	if err := f.open(w, c, below, buf); err != nil {
		return fmt.Errorf("unpacking the %s: %w", f.name, err)
	}
	return nil
}

// stream looks at what a decompressor gives. A tar or a cpio in it stands for it.
func (w *Walk) stream(c *content, below []string, name string, r io.Reader) error {
	buf := w.readers.get(r)
	defer w.readers.put(buf)
	if head, _ := buf.Peek(headSize); isTar(head) || isCpio(head) {
		return w.look(c.inside, below, buf, c)
	}
	inside := enter(below, name)
	return w.look(inside, inside, buf, c)
}

// entry looks at an entry of c.
func (w *Walk) entry(c *content, below []string, name string, r io.Reader) error {
	inside := enter(below, name)
	return w.look(inside, inside, r, c)
}

// enter returns the way to an entry.
func enter(below []string, name string) []string {
	if len(name) > maxName {
		cut := maxName
		for cut > maxName-utf8.UTFMax && !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = name[:cut] + "…"
	}
	return append(slices.Clip(below), strings.ToValidUTF8(name, "\ufffd"))
}

// onlyReader hides that a reader can write itself, so that its own buffer is used.
type onlyReader struct{ io.Reader }

// A pool has buffered readers, since archives have many entries.
type pool struct{ p sync.Pool }

const bufferSize = 32 << 10

func (p *pool) get(r io.Reader) *bufio.Reader {
	if b, ok := p.p.Get().(*bufio.Reader); ok {
		b.Reset(r)
		return b
	}
	return bufio.NewReaderSize(r, bufferSize)
}

func (p *pool) put(b *bufio.Reader) {
	b.Reset(nil)
	p.p.Put(b)
}
