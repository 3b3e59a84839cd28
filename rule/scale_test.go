//go:build !race

package rule_test

// scale divides the number of samples. Nothing here is shared between goroutines but
// rules that never change, so the race detector, which is slow, is shown a tenth.
const scale = 1
