package odb

import "slices"

const (
	// maxIdle is how many bytes of unused buffers a worker keeps.
	maxIdle = 8 << 20
	// maxIdleBig is how many it keeps while it alone puts big objects together:
	// as garbage they would take as much.
	maxIdleBig = 2 * DefaultMaxObject
	// maxIdleBuffers is how many those are at most.
	maxIdleBuffers = 64
)

// buffers are the unused buffers of one goroutine.
type buffers struct {
	idle  [][]byte
	bytes int
	limit int // of bytes
}

// get is a buffer of no bytes with room for n and the inflater's slack: the
// smallest idle one that isn't too small, or else a new one of at most first
// bytes, since who says n may not be right.
func (b *buffers) get(n, first int) []byte {
	n += outputSlack
	best := -1
	for i, buf := range b.idle {
		if cap(buf) >= n && (best < 0 || cap(buf) < cap(b.idle[best])) {
			best = i
		}
	}
	if best < 0 {
		// A little more, so that it does for the next one too.
		if n < outputChunk {
			n += n / 4
		}
		return make([]byte, 0, min(n, first+outputSlack))
	}
	buf := b.idle[best]
	b.idle = slices.Delete(b.idle, best, best+1)
	b.bytes -= cap(buf)
	return buf[:0]
}

// put takes back a buffer.
func (b *buffers) put(buf []byte) {
	if cap(buf) == 0 || cap(buf) > b.limit {
		return
	}
	b.shrink(b.limit-cap(buf), maxIdleBuffers-1)
	b.idle = append(b.idle, buf)
	b.bytes += cap(buf)
}

// shrink lets buffers go, those first that came first.
func (b *buffers) shrink(bytes, count int) {
	for len(b.idle) > 0 && (b.bytes > bytes || len(b.idle) > count) {
		b.bytes -= cap(b.idle[0])
		b.idle = slices.Delete(b.idle, 0, 1)
	}
}
