//go:build !unix

package source

import "os"

// openFile opens a file that was listed as regular.
func openFile(name string) (*os.File, error) { return os.Open(name) }
