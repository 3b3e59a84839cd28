package odb

import (
	"errors"
	"fmt"
	"slices"
)

var errDeltaShort = errors.New("the delta ends inside an instruction")

// deltaSizes reads the head of a delta: the size of the base it applies to,
// the size of its result, and the instructions.
func deltaSizes(delta []byte) (base, result int64, rest []byte, err error) {
	if base, delta, err = deltaSize(delta); err != nil {
		return 0, 0, nil, err
	}
	if result, delta, err = deltaSize(delta); err != nil {
		return 0, 0, nil, err
	}
	return base, result, delta, nil
}

// deltaSize reads a little-endian number of seven bits a byte.
func deltaSize(delta []byte) (int64, []byte, error) {
	var size int64
	for i, c := range delta {
		if i == 9 {
			return 0, nil, errors.New("the delta claims a size beyond 2^63")
		}
		size |= int64(c&0x7f) << (7 * i)
		if c&0x80 == 0 {
			return size, delta[i+1:], nil
		}
	}
	return 0, nil, errDeltaShort
}

// applyDelta appends to dst what delta makes of base, at most limit bytes. The
// result can't outgrow what the instructions really copy.
func applyDelta(dst, base, delta []byte, limit int64) ([]byte, error) {
	baseSize, size, delta, err := deltaSizes(delta)
	if err != nil {
		return dst, err
	}
	if baseSize != int64(len(base)) {
		return dst, fmt.Errorf("the delta is for a base of %d bytes, and its base has %d", baseSize, len(base))
	}
	if size > limit {
		return dst, fmt.Errorf("%w: %d bytes as a delta, and %d are allowed", ErrTooLarge, size, limit)
	}
	if size > int64(cap(dst)-len(dst)) {
		// An instruction copies at most 2^24-1 bytes, and never more than the
		// base: a delta of ten bytes may not have us allocate what it claims.
		if size > int64(len(delta))*int64(max(0x7f, min(1<<24, len(base)))) {
			return dst, fmt.Errorf("the delta claims %d bytes and can't make so many", size)
		}
		dst = slices.Grow(dst, int(size))
	}
	return patch(dst, base, delta, int(size))
}

// patch carries out the instructions of a delta, which must make size bytes.
func patch(dst, base, delta []byte, size int) ([]byte, error) {
	start := len(dst)
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		if op == 0 {
			return dst, errors.New("the delta has an instruction of a reserved kind")
		}
		if op&0x80 == 0 { // add the next op bytes
			n := int(op)
			if n > len(delta) {
				return dst, errDeltaShort
			}
			if n > size-(len(dst)-start) {
				return dst, errors.New("the delta makes more than it claims")
			}
			dst = append(dst, delta[:n]...)
			delta = delta[n:]
			continue
		}
		offset, n, rest, err := copyArguments(op, delta)
		if err != nil {
			return dst, err
		}
		delta = rest
		if offset > len(base) || n > len(base)-offset {
			return dst, errors.New("the delta copies from beyond its base")
		}
		if n > size-(len(dst)-start) {
			return dst, errors.New("the delta makes more than it claims")
		}
		dst = append(dst, base[offset:offset+n]...)
	}
	if len(dst)-start != size {
		return dst, fmt.Errorf("the delta claims %d bytes and makes %d", size, len(dst)-start)
	}
	return dst, nil
}

// copyArguments reads the offset and size of a copy: of each, those bytes that
// op has a bit for.
func copyArguments(op byte, delta []byte) (offset, n int, rest []byte, err error) {
	at := 0
	for bit := range 7 {
		if op&(1<<bit) == 0 {
			continue
		}
		if at == len(delta) {
			return 0, 0, nil, errDeltaShort
		}
		if bit < 4 {
			offset |= int(delta[at]) << (8 * bit)
		} else {
			n |= int(delta[at]) << (8 * (bit - 4))
		}
		at++
	}
	if n == 0 {
		n = 0x10000
	}
	return offset, n, delta[at:], nil
}
