package archive

import (
	"bufio"
	"bytes"
	"strings"
)

// unopened returns the formats that are known for what they are and not opened, by what
// they begin with: RAR 5.0 technote, MS-CAB 2.2.1, squashfs 4.0, lzop 1.04, (N)compress 5,
// wimlib 1.14, xar 1.6, LZFSE 1.0 and framing_format.txt of Snappy.
func unopened() []unknown {
	return []unknown{
		{"rar", "Rar!\x1a\x07"}, {"cab", "MSCF\x00\x00\x00\x00"}, {"lzop", "\x89LZO\x00\r\n\x1a\n"}, {"wim", "MSWIM\x00\x00\x00"},
		{"xar", "xar!\x00\x1c\x00\x01"}, {"lzfse", "bvx2"}, {"snappy", "\xff\x06\x00\x00sNaPpY"},
	}
}

// An unknown format is known by its magic number alone.
type unknown struct {
	name, magic string
}

// unopenedOf returns the format that head begins, or nil.
func unopenedOf(head []byte) *format {
	if len(head) == 0 || strings.IndexByte("RM\x89xb\xffh\x1f", head[0]) < 0 { // which costs next to nothing
		return nil
	}
	for _, u := range unopened() {
		if bytes.HasPrefix(head, []byte(u.magic)) {
			return &format{u.name, refuse}
		}
	}
	switch {
	case len(head) >= 96 && string(head[:4]) == "hsqs" && head[28] == 4 && head[29] == 0:
		return &format{"squashfs", refuse}
	case len(head) >= 16 && head[0] == 0x1f && head[1] == 0x9d && head[2]&0x60 == 0 && head[2]&0x1f >= 9 && head[2]&0x1f <= 16:
		return &format{"compress", refuse}
	}
	return nil
}

// refuse says that the format is not opened.
func refuse(*Walk, *content, []string, *bufio.Reader) error { return ErrUnsupported }
