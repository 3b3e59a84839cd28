package remote

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The packet lines of Git's protocol (gitprotocol-common): four hexadecimal
// digits for a length that counts them in, then the data. Lengths below four
// are marks.
const (
	maxPacket  = 65520 // the digits included
	packetHead = 4

	// maxSaid bounds what is shown of a server's own words.
	maxSaid = 200
)

// mark is what a packet is.
type mark uint8

const (
	data        mark = iota // a packet with data, maybe none
	flush                   // 0000: the end of a message
	delim                   // 0001: the end of a section
	responseEnd             // 0002: the end of a response
)

// said is a server's refusal in its own words.
type said struct{ text string }

func (e *said) Error() string { return fmt.Sprintf("the server says %q", e.text) }

// quote makes a server's words fit to be shown: on one line, short, with nothing a
// terminal or a CI would take for a command.
func quote(text []byte) string {
	s := strings.ToValidUTF8(string(bytes.TrimSpace(text[:min(len(text), 2*maxSaid)])), "?")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || 0x7f <= r && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	if len(s) > maxSaid {
		s = strings.ToValidUTF8(s[:maxSaid], "") + "…"
	}
	for range 2 { // the second time for the odd ones of a long row
		s = strings.ReplaceAll(s, "::", ": :")
	}
	return s
}

// packets reads packet lines.
type packets struct {
	in  *bufio.Reader
	buf []byte
}

func newPackets(r io.Reader) *packets {
	return &packets{in: bufio.NewReaderSize(r, 16<<10), buf: make([]byte, maxPacket-packetHead)}
}

// next reads a packet. Its data is good until the next call. A packet that
// is an error of the server is a *said. The end of the input is io.EOF between packets
// and io.ErrUnexpectedEOF inside one.
func (p *packets) next() (mark, []byte, error) {
	var head [packetHead]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := 0
	for _, c := range head {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, nil, fmt.Errorf("a packet begins with %q and not with its length", head)
		}
		n = n<<4 | digit
	}
	switch {
	case n <= int(responseEnd)-int(flush):
		return mark(n) + flush, nil, nil
	case n < packetHead || n > maxPacket:
		return 0, nil, fmt.Errorf("a packet claims %d bytes, which none can have", n)
	}
	body := p.buf[:n-packetHead]
	if _, err := io.ReadFull(p.in, body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	if refusal, ok := bytes.CutPrefix(body, []byte("ERR ")); ok {
		return 0, nil, &said{quote(refusal)}
	}
	return data, body, nil
}

// line reads a packet of text, its line end cut off.
func (p *packets) line() (mark, string, error) {
	m, body, err := p.next()
	return m, string(bytes.TrimSuffix(body, []byte("\n"))), err
}

// maxLines bounds the lines of a section: some 40 bytes each.
const maxLines = 1_000_000

// lines reads packets of text up to a mark, which it returns.
func (p *packets) lines(each func(string) error) (mark, error) {
	for range maxLines {
		m, line, err := p.line()
		if err != nil {
			return 0, cutOff(err)
		}
		if m != data {
			return m, nil
		}
		if err := each(line); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("the server's answer has more than %d lines", maxLines)
}

// cutOff turns an end that comes too early into an error that says so.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &broken{err: errors.New("the answer is cut off")}
	}
	return err
}

// band is the pack inside the packets of a side-band, which also carry progress and
// errors.
type band struct {
	in   *packets
	rest []byte
	end  error
}

// The channels of a side-band.
const (
	bandPack     = 1
	bandProgress = 2
	bandError    = 3
)

// Read reads the pack; it ends where the packets do.
func (b *band) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.end != nil {
			return 0, b.end
		}
		b.end = b.fill()
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *band) fill() error {
	m, body, err := b.in.next()
	switch {
	case err != nil:
		return cutOff(err)
	case m == flush || m == responseEnd:
		return io.EOF
	case m != data || len(body) == 0:
		return errors.New("the pack is mixed with packets that belong elsewhere")
	}
	switch body[0] {
	case bandPack:
		b.rest = body[1:]
	case bandProgress: // also sent to keep the connection alive
	case bandError:
		return &said{quote(body[1:])}
	default:
		return fmt.Errorf("a packet of channel %d, which is not known", body[0])
	}
	return nil
}

// message is a request under construction.
type message struct{ bytes.Buffer }

// line adds a line as a packet.
func (m *message) line(parts ...string) {
	n := packetHead + 1
	for _, s := range parts {
		n += len(s)
	}
	fmt.Fprintf(m, "%04x", n)
	for _, s := range parts {
		m.WriteString(s)
	}
	m.WriteByte('\n')
}

// mark adds a mark.
func (m *message) mark(k mark) { fmt.Fprintf(m, "%04x", int(k)-int(flush)) }
