// Package decode finds text that is written in another form, such as base64, and reads it.
//
// It knows nothing of credentials except how short the shortest is, and does no I/O. Its
// answer to "where" is always the place of the encoded characters in the text it was given.
//
// What it reads is text: every decoded text is a run of ASCII characters, NUL included.
// That is what tells encoded text from the digests, keys and images that look alike, and
// for base64 and hexadecimal digits it does so before anything is decoded.
//
// It reads base64 and base64url from any of their characters on, with or without padding,
// in one run, in the lines of a file, a comment or a quotation, and in the literals
// of a concatenation; two hexadecimal digits or a decimal number for each character, with
// or without what separates list items; texts in which every character is escaped as in
// URLs, C, Java, JavaScript, JSON, HTML, XML or mail; and UTF-16 and UTF-32 of either
// byte order. Characters between escapes are taken as they are. A credential of which
// only some characters are escaped is read by package rule.
//
// It does not read: base64 of which no line or literal has minRun letters and digits in a
// row; literals of single characters; the columns of a hex dump; words that are put
// together by a program; what is encrypted or compressed.
package decode

import (
	"slices"

	"github.com/bbkeys/bbkeys/prefilter"
)

const (
	// Depth is how many encodings may lie inside one another.
	Depth = 5
	// Shortest is the length in characters below which a decoded text is not of interest:
	// that of the shortest credential that has an anchor.
	Shortest = 36
	// Work bounds what a hostile text can ask for: everything that is decoded from a text, at
	// all depths together, has at most Work times its length and Slack bytes. A text that
	// is all in five encodings, each of which can be read in two ways, stays below it.
	Work = 8
	// Slack is for short texts that can be read in very many ways, such as FRFRFR… in base64.
	Slack = 256 << 10
)

// Names of encodings as reports give them. Those of a single character's spelling are the
// ones that package rule uses.
const (
	asBackslash     = "backslash"
	asBase64        = "base64"
	asBase64URL     = "base64url"
	asConcatenation = "concatenation"
	asDecimal       = "decimal"
	asEntity        = "html-entity"
	asHex           = "hex"
	asHexEscape     = "hex-escape"
	asOctalEscape   = "octal-escape"
	asPercent       = "percent"
	asQuoted        = "quoted-printable"
	asUnicodeEscape = "unicode-escape"
	asUTF16         = "utf-16"
	asUTF32         = "utf-32"
)

// A Decoder holds the buffers that decoding needs, to be used again. One goroutine at a
// time may use it.
type Decoder struct {
	filter *prefilter.Filter
	visit  func(*Text)
	packed func(head []byte) bool // nil where nothing packed is visited
	frames []*frame               // what is decoded right now, the outermost first
	spare  []*frame
	parts  []span
	depth  int
	left   int  // how many bytes may still be decoded from the text
	again  bool // what is decoded now is a part of what was decoded as a whole before
	cut    bool // something was not decoded, for there was nothing left
}

// New returns a Decoder of texts that filter marks.
func New(filter *prefilter.Filter) *Decoder { return &Decoder{filter: filter} }

// A Text is a decoded text. It is valid until the visit ends.
type Text struct {
	Bytes []byte           // at least Shortest
	Marks []prefilter.Mark // what is to be looked at of Bytes
	// Part says that Bytes was read from a part of what was also read as a whole, and may
	// begin and end within a word.
	Part bool
	// Packed says that Bytes is no text but begins something packed, and may hold what
	// follows it too. It has no marks, and Place knows where all of it is, not parts of it.
	Packed bool
	in     []*frame
}

// Encodings returns the names of the encodings the text is in, the outermost first.
func (t *Text) Encodings() []string {
	var names []string
	for _, f := range t.in {
		if f.name != "" {
			names = append(names, f.name)
		}
	}
	return names
}

// Place returns where in the text that Each was given Bytes[lo:hi] is spelled. It wants
// lo < hi.
func (t *Text) Place(lo, hi int) (from, to int) {
	for _, f := range slices.Backward(t.in) {
		lo, _ = f.place(lo)
		_, hi = f.place(hi - 1)
	}
	return lo, hi
}

// Each calls visit for every text that is encoded in text, whose marks these are. A text in
// several encodings is visited once for each step of its decoding. It reports whether all
// was decoded, which Work and Slack bound.
func (d *Decoder) Each(text []byte, marks []prefilter.Mark, visit func(*Text)) (whole bool) {
	d.visit, d.cut, d.left = visit, false, Work*len(text)+Slack
	defer func() {
		d.visit, d.depth, d.again = nil, 0, false
		d.spare = append(d.spare, d.frames...)
		d.frames = d.frames[:0]
	}()
	d.walk(text, marks)
	return !d.cut
}

// A frame is one decoding: a text, and where it was read from.
type frame struct {
	name   string // empty for a joining of lines that is part of the encoding inside
	out    []byte
	marks  []prefilter.Mark // of out
	pieces []piece
}

// A piece says where a stretch of decoded bytes was read from: byte to+k from the wide
// source bytes at from+k*step. In base64, where step is 0, it is from the two characters
// that hold its bits.
type piece struct{ to, from, step, wide int32 }

// place returns which source bytes spell out[i].
func (f *frame) place(i int) (from, to int) {
	n, found := slices.BinarySearchFunc(f.pieces, int32(i), func(p piece, i int32) int { return int(p.to - i) })
	if !found {
		n--
	}
	p := f.pieces[n]
	k := i - int(p.to)
	if p.step == 0 {
		q := k + int(p.wide)
		from = int(p.from) + q/3*4 + q%3
		return from, from + 2
	}
	from = int(p.from) + k*int(p.step)
	return from, from + int(p.wide)
}

// add appends c, which is spelled by wide source bytes at from.
func (f *frame) add(c byte, from, wide int) {
	f.out = append(f.out, c)
	if n := len(f.pieces); n > 0 {
		p := &f.pieces[n-1]
		if k := int32(len(f.out)) - 1 - p.to; p.wide == int32(wide) {
			if k == 1 {
				p.step = int32(from) - p.from
				return
			}
			if p.from+k*p.step == int32(from) {
				return
			}
		}
	}
	f.pieces = append(f.pieces, piece{int32(len(f.out)) - 1, int32(from), int32(wide), int32(wide)})
}

// copy appends src[lo:hi] as it is.
func (f *frame) copy(src []byte, lo, hi int) {
	f.pieces = append(f.pieces, piece{int32(len(f.out)), int32(lo), 1, 1})
	f.out = append(f.out, src[lo:hi]...)
}

// open begins a frame inside those that are open.
func (d *Decoder) open(name string) *frame {
	var f *frame
	if n := len(d.spare); n > 0 {
		f, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		f = new(frame)
	}
	f.name, f.out, f.pieces = name, f.out[:0], f.pieces[:0]
	d.frames = append(d.frames, f)
	return f
}

// shut ends the innermost frame.
func (d *Decoder) shut() {
	n := len(d.frames) - 1
	d.spare = append(d.spare, d.frames[n])
	d.frames = d.frames[:n]
}

// show visits the innermost frame's text if that is worth it and may still be done, and
// reports whether it was.
func (d *Decoder) show() bool {
	f := d.frames[len(d.frames)-1]
	if len(f.out) < Shortest {
		return false
	}
	if len(f.out) > d.left {
		d.cut = true
		return false
	}
	d.left -= len(f.out)
	f.marks = d.filter.Marks(f.out, f.marks[:0])
	d.visit(&Text{Bytes: f.out, Marks: f.marks, Part: d.again, in: d.frames})
	return true
}

// give shows the innermost frame's text, looks for what is encoded in it, and ends the
// frame.
func (d *Decoder) give() {
	if d.show() && d.depth+1 < Depth {
		f := d.frames[len(d.frames)-1]
		d.depth++
		d.walk(f.out, f.marks)
		d.depth--
	}
	d.shut()
}

// A span is text[lo:hi].
type span struct{ lo, hi int }
