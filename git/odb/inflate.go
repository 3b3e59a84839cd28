package odb

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// errInflateShort: the compressed data goes on behind what was given.
var errInflateShort = errors.New("the compressed data is cut off")

// inflate appends to dst the size bytes that src, a zlib stream and whatever
// follows it, holds.
func inflate(dst, src []byte, size int64) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(src))
	if err != nil {
		return dst, inflateError(err)
	}
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(z, size+1))
	if err != nil {
		return dst, inflateError(err)
	}
	if n != size {
		return dst, fmt.Errorf("the object claims %d bytes and its compressed data has another number", size)
	}
	return append(dst, b.Bytes()...), nil
}

func inflateError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errInflateShort
	}
	return err
}
