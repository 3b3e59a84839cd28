//go:build !amd64 && !arm64

package prefilter

// fast reports whether there is a markFast.
func fast() bool { return false }

// markFast is mark where there is nothing faster.
func (f *Filter) markFast(text []byte, n int, at uint32, out []Mark) (done, made int) {
	return f.mark(text, n, at, out)
}
