package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// The layout of a multi-pack-index, from Git's gitformat-pack.
const (
	midxName      = "pack/multi-pack-index"
	midxHeadBytes = 12
	midxChunkSize = 12
	midxLarge     = 1 << 31
	// maxMidxNames bounds the list of packs, some fifty bytes for each.
	maxMidxNames = 16 << 20
)

// midx is a multi-pack-index. It is used for those packs alone that have no
// index of their own; Git leaves each pack its index, though it needs it no more.
type midx struct {
	file    io.ReaderAt
	hash    int
	packs   []string // without ".idx"
	count   int
	names   int64
	offsets int64
	wide    int64
	wides   int64
}

// newMidx reads the head of a multi-pack-index of size bytes.
func newMidx(file io.ReaderAt, size int64, f object.Format) (*midx, error) {
	var head [midxHeadBytes]byte
	if _, err := file.ReadAt(head[:], 0); err != nil {
		return nil, fmt.Errorf("read its head: %w", short(err))
	}
	format := byte(1)
	if f == object.SHA256 {
		format = 2
	}
	switch {
	case string(head[:4]) != "MIDX":
		return nil, errors.New("it is no multi-pack-index")
	case head[4] != 1:
		return nil, fmt.Errorf("version %d is not known", head[4])
	case head[5] != format:
		return nil, fmt.Errorf("it is of another object format than the repository, which has %v", f)
	}
	m := &midx{file: file, hash: f.Size()}
	chunks, err := readChunks(file, size, int(head[6]))
	if err != nil {
		return nil, err
	}
	if err := m.readPacks(chunks["PNAM"], int(binary.BigEndian.Uint32(head[8:]))); err != nil {
		return nil, err
	}
	fan := make([]byte, fanoutBytes)
	if chunks["OIDF"].size != fanoutBytes {
		return nil, errors.New("it has no fan-out table")
	}
	if _, err := file.ReadAt(fan, chunks["OIDF"].from); err != nil {
		return nil, fmt.Errorf("read its fan-out table: %w", short(err))
	}
	m.count = int(binary.BigEndian.Uint32(fan[fanoutBytes-4:]))
	if n := int64(m.count); chunks["OIDL"].size != n*int64(m.hash) || chunks["OOFF"].size != n*8 {
		return nil, fmt.Errorf("it claims %d objects and has tables of other sizes", n)
	}
	m.names, m.offsets = chunks["OIDL"].from, chunks["OOFF"].from
	m.wide, m.wides = chunks["LOFF"].from, chunks["LOFF"].size/8
	return m, nil
}

// chunk is a part of a multi-pack-index.
type chunk struct{ from, size int64 }

// readChunks reads the table of n parts, which must lie inside the file in order.
func readChunks(file io.ReaderAt, size int64, n int) (map[string]chunk, error) {
	table := make([]byte, (n+1)*midxChunkSize)
	if _, err := file.ReadAt(table, midxHeadBytes); err != nil {
		return nil, fmt.Errorf("read its table of parts: %w", short(err))
	}
	chunks := make(map[string]chunk, n)
	for ; len(table) > midxChunkSize; table = table[midxChunkSize:] {
		from := binary.BigEndian.Uint64(table[4:])
		to := binary.BigEndian.Uint64(table[midxChunkSize+4:])
		if from > to || to > uint64(size) {
			return nil, errors.New("a part lies outside the file")
		}
		chunks[string(table[:4])] = chunk{int64(from), int64(to - from)}
	}
	return chunks, nil
}

// readPacks reads the list of n packs.
func (m *midx) readPacks(c chunk, n int) error {
	if c.size > maxMidxNames {
		return fmt.Errorf("its list of packs has %d bytes, and %d are allowed", c.size, maxMidxNames)
	}
	text := make([]byte, c.size)
	if _, err := m.file.ReadAt(text, c.from); err != nil {
		return fmt.Errorf("read its list of packs: %w", short(err))
	}
	for range n {
		name, rest, found := bytes.Cut(text, []byte{0})
		if !found {
			return errors.New("its list of packs is cut off")
		}
		text = rest
		base := strings.TrimSuffix(strings.TrimSuffix(string(name), ".idx"), ".pack")
		m.packs = append(m.packs, base)
	}
	return nil
}

// indexes makes an index for each pack that wanted has, as far as the
// multi-pack-index knows: of an object in several packs it names one only.
func (m *midx) indexes(wanted map[string]error, f object.Format) (map[string]*index, error) {
	const atOnce = 4096
	makers := make(map[uint32]*indexMaker)
	for i, name := range m.packs {
		if wanted[name] != nil {
			makers[uint32(i)] = &indexMaker{}
		}
	}
	names, places := make([]byte, atOnce*m.hash), make([]byte, atOnce*8)
	for from := 0; from < m.count; from += atOnce {
		n := min(atOnce, m.count-from)
		if _, err := m.file.ReadAt(names[:n*m.hash], m.names+int64(from)*int64(m.hash)); err != nil {
			return nil, fmt.Errorf("read its names: %w", short(err))
		}
		if _, err := m.file.ReadAt(places[:n*8], m.offsets+int64(from)*8); err != nil {
			return nil, fmt.Errorf("read its offsets: %w", short(err))
		}
		for i := range n {
			maker := makers[binary.BigEndian.Uint32(places[i*8:])]
			if maker == nil {
				continue
			}
			offset, err := m.offset(binary.BigEndian.Uint32(places[i*8+4:]))
			if err != nil {
				return nil, err
			}
			maker.add(names[i*m.hash:(i+1)*m.hash], offset)
		}
	}
	made := make(map[string]*index)
	for i, maker := range makers {
		x, err := maker.index(f)
		if err != nil {
			return nil, err
		}
		made[m.packs[i]] = x
	}
	return made, nil
}

// offset is what an entry of the table of offsets stands for.
func (m *midx) offset(short32 uint32) (int64, error) {
	if short32 < midxLarge || m.wides == 0 {
		return int64(short32), nil
	}
	at := int64(short32 - midxLarge)
	if at >= m.wides {
		return 0, errors.New("an offset lies beyond its table")
	}
	var space [8]byte
	if _, err := m.file.ReadAt(space[:], m.wide+at*8); err != nil {
		return 0, fmt.Errorf("read its offsets: %w", short(err))
	}
	return int64(binary.BigEndian.Uint64(space[:])), nil
}

// indexMaker puts an index of version 2 together in memory, from names in order.
type indexMaker struct {
	fanout  [256]uint32
	names   []byte
	offsets []byte
	wide    []byte
}

// add adds an object.
func (k *indexMaker) add(name []byte, offset int64) {
	k.fanout[name[0]]++
	k.names = append(k.names, name...)
	if offset < largeOffset {
		k.offsets = binary.BigEndian.AppendUint32(k.offsets, uint32(offset))
		return
	}
	k.offsets = binary.BigEndian.AppendUint32(k.offsets, largeOffset|uint32(len(k.wide)/8))
	k.wide = binary.BigEndian.AppendUint64(k.wide, uint64(offset))
}

// index is the finished index. It knows no checksums.
func (k *indexMaker) index(f object.Format) (*index, error) {
	data := append([]byte(indexMagic), 0, 0, 0, 2)
	sum := uint32(0)
	for _, n := range k.fanout {
		sum += n
		data = binary.BigEndian.AppendUint32(data, sum)
	}
	data = append(data, k.names...)
	data = append(data, make([]byte, len(k.offsets))...) // for the CRC-32s
	data = append(data, k.offsets...)
	data = append(data, k.wide...)
	data = append(data, make([]byte, 2*f.Size())...)
	x, err := newIndex(bytes.NewReader(data), int64(len(data)), f)
	if err != nil {
		return nil, err
	}
	x.partial = true
	return x, nil
}

// openMidx opens the packs of s that have no index of their own but are in its
// multi-pack-index. It returns those that it can't open.
func (db *DB) openMidx(s *store, wanted map[string]error) (packs []*pack, left map[string]error, err error) {
	file, err := openRegular(s.root, midxName)
	if err != nil {
		return nil, wanted, err
	}
	defer func() { _ = file.Close() }() // only read
	info, err := file.Stat()
	if err != nil {
		return nil, wanted, err
	}
	m, err := newMidx(file, info.Size(), db.format)
	if err != nil {
		return nil, wanted, err
	}
	indexes, err := m.indexes(wanted, db.format)
	if err != nil {
		return nil, wanted, err
	}
	left = make(map[string]error)
	var errs []error
	for name, why := range wanted {
		x := indexes[name]
		if x == nil {
			left[name] = why
			continue
		}
		p, err := newPack(s, "pack/"+name+".pack", x, db.format)
		if err != nil {
			left[name] = why
			errs = append(errs, err)
			continue
		}
		packs = append(packs, p)
	}
	return packs, left, errors.Join(errs...)
}
