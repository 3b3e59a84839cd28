package prefilter

import "golang.org/x/sys/cpu"

// fast reports whether the processor has the instructions of markAVX2.
func fast() bool { return cpu.X86.HasAVX2 }

// markFast is mark, 32 bytes at a time.
func (f *Filter) markFast(text []byte, n int, at uint32, out []Mark) (done, made int) {
	_, _ = text[:n*Block+margin], out[0] // what markAVX2 takes for granted
	return markAVX2(&text[0], n, at, &f.nibbles, &out[0], len(out))
}

// markAVX2 reads n blocks and margin bytes from text on, and has room for so many marks
// in out.
//
//go:noescape
func markAVX2(text *byte, n int, at uint32, t *nibbles, out *Mark, room int) (done, made int)
