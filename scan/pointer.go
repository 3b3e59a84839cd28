package scan

import (
	"bytes"
	"errors"
)

// errPointer says that a blob names a content that is kept elsewhere and not with it.
var errPointer = errors.New("it is a pointer of Git LFS, and what it points to is not here")

// pointer returns errPointer where text is a pointer of Git LFS: at most 1024 bytes that begin
// with a version and name an object (git-lfs's specification, docs/spec.md, 2026-11).
func pointer(text []byte) error {
	if len(text) < 1024 && bytes.HasPrefix(text, []byte("version https://git-lfs.github.com/spec/v1\n")) && bytes.Contains(text, []byte("\noid sha256:")) {
		return errPointer
	}
	return nil
}
