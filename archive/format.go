package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A format is one kind of archive.
type format struct {
	name string
	// open gives every entry of c to w.entry or w.stream, and returns what kept it from
	// going on. It reads c through buf alone.
	open func(w *Walk, c *content, below []string, buf *bufio.Reader) error
}

// HeadSize is how much of a content Is wants to see, in bytes, where there is as much.
const HeadSize = headSize

// Is reports whether a content that begins like head is an archive that Walk opens. It
// costs next to nothing where that is no archive, and seldom takes one for an archive
// that is none.
func Is(head []byte) bool { return formatOf(head) != nil }

// The magic numbers: for zip APPNOTE.TXT 6.3.10 4.3.7 and 8.5.3, gzip RFC 1952 2.3, xz
// file format 1.2.1 2.1.1.1, zstd RFC 8878 3.1, lz4 frame format 1.6.4, 7z 7zFormat.txt of
// 7-Zip 24, tar POSIX.1-2017 pax, ar that of System V.
const (
	localMagic = "PK\x03\x04"
	zstdMagic  = "\x28\xb5\x2f\xfd"
	lz4Magic   = "\x04\x22\x4d\x18"
	arMagic    = "!<arch>\n"
	sevenMagic = "7z\xbc\xaf\x27\x1c"
)

func formatOf(head []byte) *format {
	starts := func(magic string) bool { return len(head) >= len(magic) && string(head[:len(magic)]) == magic }
	switch {
	case starts(localMagic) && isLocal(head), starts("PK\x07\x08" + localMagic), starts("PK00" + localMagic), starts("#!") && isZipapp(head):
		return &format{"zip", openZip}
	case starts("\x1f\x8b\x08") && len(head) >= 10 && head[3]&0xe0 == 0:
		return &format{"gzip", openGzip}
	case starts("BZh") && isBzip2(head):
		return &format{"bzip2", openBzip2}
	case starts(xzMagic) && isXZ(head):
		return &format{"xz", openXZ}
	case starts(zstdMagic), len(head) > 8 && isSkippable(head):
		return &format{"zstd", openZstd}
	case starts(lz4Magic) && len(head) >= 7 && head[4]>>6 == 1 && head[5]&0x8f == 0:
		return &format{"lz4", openLZ4}
	case starts(arMagic) && (len(head) == len(arMagic) || isMember(head[len(arMagic):])):
		return &format{"ar", openAr}
	case starts(sevenMagic) && len(head) >= signatureSize && crc32.ChecksumIEEE(head[12:signatureSize]) == binary.LittleEndian.Uint32(head[8:]):
		return &format{"7z", openSeven}
	case isTar(head):
		return &format{"tar", openTar}
	}
	return rarer(head)
}

// rarer is formatOf for what is seen less often.
func rarer(head []byte) *format {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("Cr24"):
		return &format{"zip", openZip} // behind its signature
	case starts("MZ") && len(head) >= exeSize, starts("\x7fELF"):
		return &format{"zip", openBehind}
	case starts(pdfMagic):
		return &format{"pdf", openPDF}
	case isZlib(head):
		return &format{"zlib", openZlib}
	case isLZMA(head):
		return &format{"lzma", openLZMA}
	case starts(lzipMagic):
		return &format{"lzip", openLzip}
	case isCpio(head):
		return &format{"cpio", openCpio}
	case isRPM(head):
		return &format{"rpm", openRPM}
	}
	return unopenedOf(head)
}

// isZipapp reports whether a line for the kernel comes before a zip, as in Python's pex
// and zipapp files.
func isZipapp(head []byte) bool {
	i := bytes.IndexByte(head, '\n')
	return i > 0 && bytes.HasPrefix(head[i+1:], []byte(localMagic)) && isLocal(head[i+1:])
}

func isBzip2(head []byte) bool {
	const block, end = "\x31\x41\x59\x26\x53\x59", "\x17\x72\x45\x38\x50\x90"
	if len(head) < 10 || head[3] < '1' || head[3] > '9' {
		return false
	}
	next := string(head[4:10])
	return next == block || next == end
}

func isXZ(head []byte) bool {
	return len(head) >= xzHeaderSize && crc32.ChecksumIEEE(head[6:8]) == binary.LittleEndian.Uint32(head[8:])
}

// isSkippable reports whether head is a frame for zstd to skip and then one that it
// decompresses. Some write an index or a signature to the front.
func isSkippable(head []byte) bool {
	if binary.LittleEndian.Uint32(head)&^0xf != 0x184d2a50 {
		return false
	}
	next := 8 + uint64(binary.LittleEndian.Uint32(head[4:]))
	return next < uint64(len(head)) && bytes.HasPrefix(head[next:], []byte(zstdMagic))
}

// isTar reports whether head is a header of a tar, by its checksum: the oldest ones have
// no magic.
func isTar(head []byte) bool {
	const at, size = 148, 8 // of the checksum, which is of the header with blanks there
	if len(head) < headSize || head[0] == 0 {
		return false
	}
	told, ok := octal(head[at : at+size])
	if !ok {
		return false
	}
	sum, signed := int64(size*' '), int64(size*' ')
	for i, b := range head[:headSize] {
		if i < at || i >= at+size {
			sum += int64(b)
			signed += int64(int8(b))
		}
	}
	return told == sum || told == signed // some old ones counted signed characters
}

// octal reads a number of a tar: digits with blanks or zero bytes around them.
func octal(field []byte) (n int64, ok bool) {
	ended := false
	for _, b := range field {
		switch {
		case b == ' ' || b == 0:
			ended = ok
		case b < '0' || b > '7' || ended:
			return 0, false
		default:
			n, ok = n<<3|int64(b-'0'), true
		}
	}
	return n, ok
}
