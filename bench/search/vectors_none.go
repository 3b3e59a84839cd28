//go:build !goexperiment.simd || !amd64

package search

// vectors returns nothing where there is no simd/archsimd.
func vectors() []way { return nil }
