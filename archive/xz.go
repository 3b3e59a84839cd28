package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// The container of xz, as its file format 1.2.1 says (2024-04-08). It is read here and
// not by the library that decompresses, since a block may ask for 4 GiB of memory and
// must be refused before it gets them.
const (
	xzMagic      = "\xfd7zXZ\x00"
	xzHeaderSize = 12
	xzFooter     = "YZ"
)

// Filters of a block.
const (
	filterDelta = 3
	filterX86   = 4
	filterRISCV = 11 // the last of those for machine code
	filterLZMA2 = 0x21
)

func openXZ(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	x := &xzReader{walk: w, buf: buf}
	defer x.release()
	return w.stream(c, below, "xz", x)
}

// An xzReader reads streams of blocks.
type xzReader struct {
	walk   *Walk
	buf    *bufio.Reader
	begun  bool
	check  int       // kind of the checks in the stream
	block  io.Reader // nil between blocks
	sum    hash.Hash // of the block; nil where there is none
	dict   int64     // memory that the block takes
	packed int64     // of the block, as far as it was read
	err    error
}

func (x *xzReader) release() {
	x.walk.give(x.dict)
	x.dict = 0
}

// Read implements io.Reader.
func (x *xzReader) Read(p []byte) (int, error) {
	for x.err == nil {
		if x.block == nil {
			if x.err = corruptUnlessEnd(x.next()); x.err != nil {
				break
			}
			continue
		}
		n, err := x.block.Read(p)
		if x.sum != nil {
			x.sum.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		x.err = corruptUnlessEnd(err)
		if n > 0 {
			return n, nil
		}
	}
	return 0, x.err
}

// errEnd is io.EOF where it belongs.
var errEnd = errors.New("the end of the last stream")

func corruptUnlessEnd(err error) error {
	if errors.Is(err, errEnd) {
		return io.EOF
	}
	return corrupt(err)
}

// next goes to the next block, over the end of a stream and the beginning of another.
func (x *xzReader) next() error {
	if !x.begun {
		return x.begin()
	}
	size, err := x.buf.ReadByte()
	if err != nil {
		return err
	}
	if size == 0 {
		return x.endStream()
	}
	head := make([]byte, (int(size)+1)*4)
	head[0] = size
	if _, err := io.ReadFull(x.buf, head[1:]); err != nil {
		return err
	}
	body, sum := head[:len(head)-4], head[len(head)-4:]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(sum) {
		return fmt.Errorf("%w: the checksum of a block's header is wrong", ErrCorrupt)
	}
	return x.beginBlock(body)
}

// begin reads the header of a stream.
func (x *xzReader) begin() error {
	var head [xzHeaderSize]byte
	if _, err := io.ReadFull(x.buf, head[:]); err != nil {
		return err
	}
	if string(head[:6]) != xzMagic || !isXZ(head[:]) || head[6] != 0 || head[7] > 0xf {
		return fmt.Errorf("%w: the header of a stream is wrong", ErrCorrupt)
	}
	x.check, x.begun = int(head[7]), true
	return nil
}

// beginBlock begins a block by its header.
func (x *xzReader) beginBlock(head []byte) error {
	flags, rest := head[1], bytes.NewReader(head[2:])
	unpacked := int64(1) << 62
	for i, bit := range []byte{0x40, 0x80} {
		if flags&bit != 0 {
			n, err := binary.ReadUvarint(rest)
			if err != nil {
				return err
			}
			if i == 1 && n < 1<<62 {
				unpacked = int64(n)
			}
		}
	}
	for range flags&3 + 1 {
		id, err := binary.ReadUvarint(rest)
		if err != nil {
			return err
		}
		size, err := binary.ReadUvarint(rest)
		if err != nil || size > uint64(rest.Len()) {
			return fmt.Errorf("%w: the header of a block is wrong", ErrCorrupt)
		}
		props := make([]byte, size)
		_, _ = rest.Read(props)
		switch {
		case id >= filterX86 && id <= filterRISCV:
			// These change addresses within machine code and leave ASCII as it is, so
			// that there is no need to undo it; the checksum, made before, is no use then.
			x.check = -max(x.check, -x.check)
		case id == filterLZMA2 && size == 1:
			return x.lzma2(props[0], unpacked)
		default:
			return fmt.Errorf("%w: the filter %#x of xz", ErrUnsupported, id)
		}
	}
	return fmt.Errorf("%w: a block has no filter that unpacks it", ErrCorrupt)
}

// lzma2 begins the content of a block.
func (x *xzReader) lzma2(prop byte, unpacked int64) error {
	dict, err := lzma.DecodeDictCap(prop)
	if err != nil {
		return err
	}
	// No more is ever looked back at than there is.
	dict = max(min(dict, unpacked), lzma.MinDictCap)
	if err := x.walk.take(dict); err != nil {
		return err
	}
	x.dict, x.packed = dict, 0
	r, err := lzma.Reader2Config{DictCap: int(dict)}.NewReader2(&counted{x.buf, &x.packed})
	if err != nil {
		return err
	}
	x.block, x.sum = r, xzSum(x.check)
	return nil
}

// counted counts what is read.
type counted struct {
	r *bufio.Reader
	n *int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

// xzSum returns the checksum of a kind, or nil where it is unknown or not to be checked.
func xzSum(kind int) hash.Hash {
	switch kind {
	case 1:
		return crc32.NewIEEE()
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		return sha256.New()
	}
	return nil
}

// endBlock reads what follows the content of a block: padding and the checksum.
func (x *xzReader) endBlock() error {
	x.release()
	x.block = nil
	kind := max(x.check, -x.check)
	sizes := [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}
	padding := int(-x.packed & 3)
	tail := make([]byte, padding+sizes[kind])
	if _, err := io.ReadFull(x.buf, tail); err != nil {
		return err
	}
	if x.sum == nil {
		return nil
	}
	told, sum := tail[padding:], x.sum.Sum(nil)
	if x.check != 10 { // they are little endian
		for i, j := 0, len(sum)-1; i < j; i, j = i+1, j-1 {
			sum[i], sum[j] = sum[j], sum[i]
		}
	}
	if !bytes.Equal(told, sum) {
		return fmt.Errorf("%w: the checksum of what was unpacked is wrong", ErrCorrupt)
	}
	return nil
}

// endStream skips the index, whose first byte was read, and the footer, and begins the
// stream that follows, if any. The index says what the blocks said.
func (x *xzReader) endStream() error {
	size := int64(1)
	varint := func() (uint64, error) {
		var n uint64
		for shift := 0; shift < 63; shift += 7 {
			b, err := x.buf.ReadByte()
			if err != nil {
				return 0, err
			}
			size++
			n |= uint64(b&0x7f) << shift
			if b < 0x80 {
				return n, nil
			}
		}
		return 0, fmt.Errorf("%w: the index is wrong", ErrCorrupt)
	}
	records, err := varint()
	if err != nil {
		return err
	}
	for i := uint64(0); i < records; i++ {
		for range 2 {
			if _, err := varint(); err != nil {
				return err
			}
		}
	}
	tail := make([]byte, int(-size&3)+4+xzHeaderSize)
	if _, err := io.ReadFull(x.buf, tail); err != nil {
		return err
	}
	if !bytes.HasSuffix(tail, []byte(xzFooter)) {
		return fmt.Errorf("%w: the footer is wrong", ErrCorrupt)
	}
	x.begun = false
	return x.afterStream()
}

// afterStream skips padding. What follows and is no stream was looked at as it is.
func (x *xzReader) afterStream() error {
	for {
		head, err := x.buf.Peek(4)
		switch {
		case len(head) == 4 && binary.LittleEndian.Uint32(head) == 0:
			_, _ = x.buf.Discard(4)
		case len(head) == 4 && string(head) == xzMagic[:4]:
			return nil
		case err != nil && err != io.EOF:
			return err
		default:
			return errEnd
		}
	}
}
