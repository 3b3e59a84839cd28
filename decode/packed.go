package decode

import (
	"bytes"
	"slices"
)

// What is packed before it is written as text, as in releases of Helm, states of Terraform,
// data for cloud-init and attachments of mail, is no ASCII text, and nothing tells it from
// other bytes but how it begins. So it is looked for only where base64 or a list of numbers
// may begin, and is decoded up to where the next one begins.

// headSize is how many bytes are decoded to see whether they begin something packed.
const headSize = 512

// Packed makes d visit what is packed in a text too: bytes of which is says that they begin
// so, given as many of them as there are, and no more than 512.
func (d *Decoder) Packed(is func(head []byte) bool) { d.packed = is }

// A spelling is a way to write bytes.
type spelling struct {
	name string
	// read appends to out what text[i:end] spells, up to most bytes, and returns where what
	// can be read so ends.
	read func(out, text []byte, i, end, most int) ([]byte, int)
}

// packedBase64 visits what is packed in src[s.lo:s.hi] in base64. It may begin at any of
// starts, and behind an equals sign.
func (d *Decoder) packedBase64(src []byte, s span, starts []int) {
	if d.packed == nil {
		return
	}
	for at := s.lo; ; {
		i := bytes.IndexByte(src[at:s.hi], '=')
		if i < 0 {
			break
		}
		at += i + 1
		starts = append(starts, at)
	}
	for i, at := range starts {
		if at < s.hi && (src[at] == '+' || src[at] == '-') { // as a line of a difference
			starts[i]++
		}
	}
	slices.Sort(starts)
	d.unpack(src, s.hi, slices.Compact(starts), spelling{asBase64, readBase64})
}

// starts returns where in f's text what was put together begins.
func (f *frame) starts() []int {
	starts := make([]int, len(f.pieces))
	for i, p := range f.pieces {
		starts[i] = int(p.to)
	}
	return starts
}

// readBase64 reads base64 and base64url.
func readBase64(out, text []byte, i, end, most int) ([]byte, int) {
	var bits uint32
	n := 0
	for ; i < end && most > 0; i++ {
		c := text[i]
		if values[c] == 0 && c != 'A' {
			break
		}
		bits = bits<<6 | uint32(values[c])
		if n++; n&3 != 1 {
			out = append(out, byte(bits>>(6-2*((n-1)&3))))
			most--
		}
	}
	return out, i
}

// packedNumbers visits what is packed in text[s.lo:s.hi] in numbers, one for each byte.
func (d *Decoder) packedNumbers(text []byte, s span) {
	if d.packed == nil {
		return
	}
	// The first bytes of what is packed mostly: of gzip, zlib and zip.
	for _, by := range [...]struct {
		spelling
		first []string
	}{
		{spelling{asHex, readHex}, []string{"1f", "1F", "78", "50"}},
		{spelling{asDecimal, readDecimal}, []string{"31", "120", "80"}},
	} {
		var starts []int
		for _, first := range by.first {
			for at := s.lo; ; at += len(first) {
				i := bytes.Index(text[at:s.hi], []byte(first))
				if i < 0 {
					break
				}
				if at += i; beginsList(text, at) {
					starts = append(starts, at-lead(text, at))
				}
			}
		}
		slices.Sort(starts)
		d.unpack(text, s.hi, starts, by.spelling)
	}
}

// beginsList reports whether no number of the same list, or of the same literal of one,
// precedes the one at text[at].
func beginsList(text []byte, at int) bool {
	for ; at > 0; at-- {
		switch c := text[at-1]; {
		case class[c]&isQuote != 0:
			return true
		case lead(text, at) > 0:
			at--
		case !separates(c):
			return class[c]&isHex == 0
		}
	}
	return true
}

// lead returns the length of the 0x or \x before text[at:], or 0.
func lead(text []byte, at int) int {
	if at >= 2 && text[at-1]|0x20 == 'x' && (text[at-2] == '0' || text[at-2] == '\\') {
		return 2
	}
	return 0
}

// readHex reads two hexadecimal digits for each byte, in groups of whatever length, with
// separators, 0x or \x between them.
func readHex(out, text []byte, i, end, most int) ([]byte, int) {
	for ; most > 0; most-- {
		at := i
		for at < end && separates(text[at]) {
			at++
		}
		if at+1 < end && text[at]|0x20 == 'x' && at > 0 && text[at-1] == '\\' {
			at++
		} else if at+2 < end && text[at] == '0' && text[at+1]|0x20 == 'x' {
			at += 2
		}
		if at+2 > end || class[text[at]]&class[text[at+1]]&isHex == 0 {
			break
		}
		out = append(out, byte(digit(text[at])<<4|digit(text[at+1])))
		i = at + 2
	}
	return out, i
}

// readDecimal reads a decimal number for each byte, with separators between them.
func readDecimal(out, text []byte, i, end, most int) ([]byte, int) {
	for ; most > 0; most-- {
		at, v := i, 0
		for at < end && separates(text[at]) {
			at++
		}
		first := at
		for ; at < end && text[at]-'0' < 10 && v < 256; at++ {
			v = v*10 + int(text[at]-'0')
		}
		if at == first || v > 255 {
			break
		}
		out = append(out, byte(v))
		i = at
	}
	return out, i
}

// unpack visits what is packed in text[:end] from any of starts on, which are in order.
func (d *Decoder) unpack(text []byte, end int, starts []int, by spelling) {
	f := d.open(by.name)
	defer d.shut()
	starts = slices.DeleteFunc(starts, func(at int) bool {
		const least = 10 // more than any beginning has
		if f.out, _ = by.read(f.out[:0], text, at, end, least); len(f.out) < least || !mayBePacked(f.out[0]) {
			return true
		}
		f.out, _ = by.read(f.out[:0], text, at, end, headSize)
		return !d.packed(f.out)
	})
	for len(starts) > 0 {
		at, hi := starts[0], 0
		f.out = f.out[:0]
		for ended := false; !ended; {
			from, next := starts[0], end
			if starts = starts[1:]; len(starts) > 0 {
				next = starts[0]
			}
			if d.left <= 0 {
				d.cut = true
				return
			}
			before := len(f.out)
			f.out, hi = by.read(f.out, text, from, next, d.left)
			d.left -= len(f.out) - before
			ended = len(starts) == 0 || f.out[0] != 'P' || bytes.Contains(f.out[max(0, before-3):], []byte(zipEnd))
		}
		// Where it begins and ends is all that is asked of its place.
		f.pieces = append(f.pieces[:0], piece{0, int32(at), 1, 1}, piece{int32(len(f.out)) - 1, int32(hi) - 1, 1, 1})
		d.visit(&Text{Bytes: f.out, Packed: true, in: d.frames})
	}
}

// zipEnd begins the end of a zip. Before it, what begins like one is an entry of the same.
const zipEnd = "PK\x05\x06"

// mayBePacked reports whether anything packed begins with c: gzip, zip, zlib, zstd, xz,
// bzip2, 7z or lz4. It saves most texts from being decoded any further.
func mayBePacked(c byte) bool { return bytes.IndexByte([]byte("\x1fPx\x28\xfdB7\x04"), c) >= 0 }
