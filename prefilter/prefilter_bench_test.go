package prefilter

import "testing"

// BenchmarkNew is what each start of the program pays.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(sought)
	}
}
