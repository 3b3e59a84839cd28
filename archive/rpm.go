package archive

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// An RPM is a lead, two headers of the same form, the first of them filled up to eight
// bytes, and a compressed cpio: the format's description of rpm.org, version 4, 2024.
const (
	rpmMagic    = "\xed\xab\xee\xdb"
	rpmLead     = 96
	rpmHeader   = "\x8e\xad\xe8\x01"
	rpmHeadSize = 16
	// An index of a header has as many entries as there are tags, and its data is bounded by
	// rpm itself.
	maxRPMIndex, maxRPMData = 1 << 16, 256 << 20
)

func isRPM(head []byte) bool {
	return len(head) >= rpmLead+rpmHeadSize && string(head[:4]) == rpmMagic && string(head[rpmLead:rpmLead+4]) == rpmHeader
}

func openRPM(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	if _, err := buf.Discard(rpmLead); err != nil {
		return corrupt(err)
	}
	for _, align := range []int{8, 1} {
		var head [rpmHeadSize]byte
		if _, err := io.ReadFull(buf, head[:]); err != nil {
			return corrupt(err)
		}
		index, data := binary.BigEndian.Uint32(head[8:]), binary.BigEndian.Uint32(head[12:])
		if string(head[:4]) != rpmHeader || index > maxRPMIndex || data > maxRPMData {
			return fmt.Errorf("%w: it has no header where one belongs", ErrCorrupt)
		}
		if _, err := io.CopyN(io.Discard, buf, int64(index)*16+int64(data)); err != nil {
			return corrupt(err)
		}
		if err := pad(buf, int(data), align); err != nil {
			return err
		}
	}
	head, err := buf.Peek(headSize)
	if f := formatOf(head); f != nil {
		return f.open(w, c, below, buf)
	} else if len(head) == 0 && err == io.EOF {
		return nil
	}
	return fmt.Errorf("%w: its payload is of no known format", ErrUnsupported)
}
