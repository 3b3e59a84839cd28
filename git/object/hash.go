package object

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // Git names its objects by SHA-1; it is a name here, not a defence.
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
)

// maxSize is the number of bytes of the longest object name, a SHA-256.
const maxSize = sha256.Size

// Hash is the name of an object, a SHA-1 or a SHA-256. Two Hashes are equal
// (==) if they have the same format and the same bytes. The zero value names
// nothing.
type Hash struct {
	size  uint8
	bytes [maxSize]byte
}

// ParseHash reads a full object name: 40 (SHA-1) or 64 (SHA-256) hexadecimal
// digits of either case.
func ParseHash(digits string) (Hash, error) {
	var h Hash
	switch len(digits) {
	case 2 * sha1.Size, 2 * sha256.Size:
	default:
		return Hash{}, fmt.Errorf("parse object name: it has %d characters, want 40 or 64 hexadecimal digits", len(digits))
	}
	for i := 0; i < len(digits)/2; i++ {
		high, low := nibble(digits[2*i]), nibble(digits[2*i+1])
		if high|low > 0xf {
			return Hash{}, fmt.Errorf("parse object name %q: it has characters other than hexadecimal digits", digits)
		}
		h.bytes[i] = high<<4 | low
	}
	h.size = uint8(len(digits) / 2)
	return h, nil
}

// nibble is the value of a hexadecimal digit, above 15 if it is none.
func nibble(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// HashFromBytes makes a Hash of the 20 or 32 bytes of a raw object name, which
// it copies.
func HashFromBytes(raw []byte) (Hash, error) {
	if len(raw) != sha1.Size && len(raw) != sha256.Size {
		return Hash{}, fmt.Errorf("read object name: it has %d bytes, want 20 or 32", len(raw))
	}
	var h Hash
	h.size = uint8(copy(h.bytes[:], raw))
	return h, nil
}

// String is the name in lower-case hexadecimal digits, empty for the zero value.
func (h Hash) String() string { return hex.EncodeToString(h.bytes[:h.size]) }

// Bytes is a copy of the raw name: 20 or 32 bytes, none for the zero value.
func (h Hash) Bytes() []byte { return bytes.Clone(h.bytes[:h.size]) }

// Append appends the raw name to dst: 20 or 32 bytes, none for the zero value.
func (h Hash) Append(dst []byte) []byte { return append(dst, h.bytes[:h.size]...) }

// IsZero tells whether h names nothing: it is the zero value, or the name made
// of zeros alone that Git writes for "no object".
func (h Hash) IsZero() bool { return h.bytes == [maxSize]byte{} }

// Format is the format that h belongs to; SHA1 for the zero value.
func (h Hash) Format() Format {
	if h.size == sha256.Size {
		return SHA256
	}
	return SHA1
}

// Compare orders names as Git's indexes do: by their bytes. It returns -1, 0
// or +1.
func (h Hash) Compare(other Hash) int {
	return bytes.Compare(h.bytes[:h.size], other.bytes[:other.size])
}

// Format is the hash function that a repository names its objects with. The
// zero value is SHA1, the format of a repository that does not say.
type Format uint8

// The formats (extensions.objectFormat in a repository's config).
const (
	SHA1   Format = iota // 20 bytes
	SHA256               // 32 bytes
)

// String is the format's name as extensions.objectFormat spells it.
func (f Format) String() string {
	if f == SHA256 {
		return "sha256"
	}
	return "sha1"
}

// Size is the number of bytes of a raw name.
func (f Format) Size() int {
	if f == SHA256 {
		return sha256.Size
	}
	return sha1.Size
}

// New is a fresh hash function of the format.
func (f Format) New() hash.Hash {
	if f == SHA256 {
		return sha256.New()
	}
	return sha1.New() //nolint:gosec // see the import
}

// Name is the name of the object of kind k that holds data.
func (f Format) Name(k Kind, data []byte) Hash {
	var space [sha256.Size]byte
	sum := f.New()
	_, _ = sum.Write(AppendHeader(space[:0], k, int64(len(data)))) // a hash.Hash never fails
	_, _ = sum.Write(data)
	h, _ := HashFromBytes(sum.Sum(space[:0]))
	return h
}

// AppendHeader appends to dst the header that is hashed and stored before the
// size bytes of an object of kind k: "blob 12" and a zero byte.
func AppendHeader(dst []byte, k Kind, size int64) []byte {
	dst = append(dst, k.String()...)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, size, 10)
	return append(dst, 0)
}
