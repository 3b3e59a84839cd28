package archive

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/ulikunitz/xz/lzma"
)

// 7z keeps its directory at the end, so that a 7z is held in memory as a whole. It is read
// here, as 7zFormat.txt of 7-Zip 24 (2024) says, since what reads it in Go takes
// memory as its directory claims.
const (
	signatureSize = 32
	maxSeven      = 32 << 20 // what is larger is not opened
	maxDirectory  = 8 << 20  // unpacked
)

// Methods of 7z, by their ids: Methods.txt of 7-Zip 24.
const (
	sevenCopy    = "\x00"
	sevenLZMA2   = "\x21"
	sevenLZMA    = "\x03\x01\x01"
	sevenDeflate = "\x04\x01\x08"
	sevenBzip2   = "\x04\x02\x02"
	sevenZstd    = "\x04\xf7\x11\x01"
	sevenAES     = "\x06\xf1\x07\x01"
)

func openSeven(w *Walk, c *content, below []string, buf *bufio.Reader) error {
	data, err := w.hold(buf)
	if err != nil {
		return err
	}
	defer w.give(int64(cap(data)))
	s := &seven{walk: w, c: c, below: below, data: data[signatureSize:]}
	le := binary.LittleEndian
	at, size := le.Uint64(data[12:]), le.Uint64(data[20:])
	if size == 0 {
		return nil // nothing is in it
	}
	if at > uint64(len(s.data)) || size > uint64(len(s.data))-at {
		return fmt.Errorf("%w: it ends before its directory", ErrCorrupt)
	}
	directory := s.data[at : at+size]
	if crc32.ChecksumIEEE(directory) != le.Uint32(data[28:]) {
		return fmt.Errorf("%w: the checksum of the directory is wrong", ErrCorrupt)
	}
	d := &directoryReader{rest: directory, most: w.limits.Entries}
	kind := d.byte()
	if kind == kindEncodedHeader {
		folders := d.streams()
		if d.bad || len(folders) != 1 {
			return fmt.Errorf("%w: the directory is wrong", ErrCorrupt)
		}
		if directory, err = s.directory(folders[0]); err != nil {
			return fmt.Errorf("reading the directory: %w", err)
		}
		defer w.give(int64(len(directory)))
		d.rest = directory
		kind = d.byte()
	}
	d.bad = d.bad || kind != kindHeader
	folders, names := d.header()
	if err := d.wrong(); err != nil {
		return err
	}
	return s.folders(folders, names)
}

// hold returns all that is left of buf, whose memory is taken and to be given back.
func (w *Walk) hold(buf *bufio.Reader) ([]byte, error) {
	data := make([]byte, 0, 64<<10)
	if err := w.take(int64(cap(data))); err != nil {
		return nil, err
	}
	for {
		n, err := buf.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			break
		} else if err != nil {
			w.give(int64(cap(data)))
			return nil, err
		}
		if len(data) < cap(data) {
			continue
		}
		more := int64(cap(data))
		if err := w.take(more); err != nil || cap(data) >= maxSeven {
			w.give(more)
			return nil, fmt.Errorf("%w: a 7z of more than %d MiB is not opened", ErrLimit, maxSeven>>20)
		}
		data = append(make([]byte, 0, 2*cap(data)), data...)
	}
	return data, nil
}

// A seven is a 7z in memory.
type seven struct {
	walk  *Walk
	c     *content
	below []string
	data  []byte // behind the signature, from where places count
}

// directory unpacks the directory, whose memory is taken and to be given back.
func (s *seven) directory(f *folder) ([]byte, error) {
	if f.size() > maxDirectory {
		return nil, fmt.Errorf("%w: it is larger than %d MiB", ErrLimit, maxDirectory>>20)
	}
	r, done, err := s.unpack(f)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.walk.take(int64(f.size())); err != nil {
		return nil, err
	}
	text := make([]byte, f.size())
	if _, err := io.ReadFull(r, text); err != nil {
		s.walk.give(int64(len(text)))
		return nil, corrupt(err)
	}
	if f.hasSum && crc32.ChecksumIEEE(text) != f.sum {
		s.walk.give(int64(len(text)))
		return nil, fmt.Errorf("%w: its checksum is wrong", ErrCorrupt)
	}
	return text, nil
}

// folders looks at every file: a folder is some files packed as one.
func (s *seven) folders(folders []*folder, names []string) error {
	for _, f := range folders {
		if len(f.files) > len(names) {
			return fmt.Errorf("%w: there are more files than names", ErrCorrupt)
		}
		mine := names[:len(f.files)]
		names = names[len(f.files):]
		if err := s.folder(f, mine); err != nil {
			return err
		}
	}
	return nil
}

func (s *seven) folder(f *folder, names []string) error {
	if len(names) == 0 {
		return nil
	}
	r, done, err := s.unpack(f)
	if err != nil {
		if s.walk.stopped != nil {
			return s.walk.stopped
		}
		for _, name := range names {
			s.walk.miss(enter(s.below, name), err)
		}
		return nil
	}
	defer done()
	for i, name := range names {
		file := f.files[i]
		one := &exactly{r: r, left: clamp(file.size)}
		check := func(_ int64, sum uint32) error {
			if file.hasSum && sum != file.sum && !f.filtered() {
				return fmt.Errorf("%w: its checksum is wrong", ErrCorrupt)
			}
			return nil
		}
		if err := s.walk.entry(s.c, s.below, name, &summed{r: one, sum: crc32.NewIEEE(), check: check}); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, one); err != nil {
			return err // the entry was told of, and no other is to be had
		}
	}
	return nil
}

// unpack returns what reads a folder, and what ends that.
func (s *seven) unpack(f *folder) (r io.Reader, done func(), err error) {
	if f.at > uint64(len(s.data)) || f.packed > uint64(len(s.data))-f.at {
		return nil, nil, fmt.Errorf("%w: what it is packed in is not there", ErrCorrupt)
	}
	if f.chain == nil {
		return nil, nil, fmt.Errorf("%w: it is in several streams, as 7z packs programs (BCJ2)", ErrUnsupported)
	}
	r, done = bytes.NewReader(s.data[f.at:f.at+f.packed]), func() {}
	for _, coder := range f.chain {
		next, end, err := s.decode(coder, r)
		if err != nil {
			done()
			return nil, nil, err
		}
		before := done
		r, done = next, func() {
			end()
			before()
		}
	}
	return r, done, nil
}

// decode returns what undoes one coder, and what ends that.
func (s *seven) decode(c *coder, r io.Reader) (io.Reader, func(), error) {
	nothing := func() {}
	if c.isFilter() || c.id == sevenCopy {
		return r, nothing, nil
	}
	buf := bufio.NewReaderSize(r, bufferSize)
	switch c.id {
	case sevenLZMA:
		return s.walk.lzma(buf, c.props, c.size)
	case sevenLZMA2:
		if len(c.props) != 1 {
			return nil, nil, fmt.Errorf("%w: the properties of LZMA2 are wrong", ErrCorrupt)
		}
		dict, err := lzma.DecodeDictCap(c.props[0])
		if err != nil {
			return nil, nil, corrupt(err)
		}
		dict = max(min(dict, clamp(c.size)), lzma.MinDictCap)
		if err := s.walk.take(dict); err != nil {
			return nil, nil, err
		}
		z, err := lzma.Reader2Config{DictCap: int(dict)}.NewReader2(buf)
		if err != nil {
			s.walk.give(dict)
			return nil, nil, corrupt(err)
		}
		return judge{z}, func() { s.walk.give(dict) }, nil
	case sevenDeflate:
		return judge{flate.NewReader(buf)}, nothing, nil
	case sevenBzip2:
		return s.walk.bzip2(buf)
	case sevenZstd:
		return s.walk.zstd(buf)
	case sevenAES:
		return nil, nil, ErrEncrypted
	}
	return nil, nil, fmt.Errorf("%w: method %x of 7z", ErrUnsupported, c.id)
}
