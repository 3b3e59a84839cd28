package prefilter

// fast reports that every processor has the instructions of markNEON.
func fast() bool { return true }

// markFast is mark, 32 bytes at a time.
func (f *Filter) markFast(text []byte, n int, at uint32, out []Mark) (done, made int) {
	_, _ = text[:n*Block+margin], out[0] // what markNEON takes for granted
	return markNEON(&text[0], n, at, &f.nibbles, &out[0], len(out))
}

// markNEON reads n blocks and margin bytes from text on, and has room for so many marks
// in out.
//
//go:noescape
func markNEON(text *byte, n int, at uint32, t *nibbles, out *Mark, room int) (done, made int)
