//go:build !race

package main

// racing says that the race detector runs, which makes everything slow. The carriers are
// left out then: what they hold takes the same way as all else.
const racing = false
