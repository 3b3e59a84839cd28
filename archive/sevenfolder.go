package archive

import "strings"

// A folder is what was packed as one.
type folder struct {
	at, packed uint64   // where its bytes are, and how many
	streams    int      // in which they are
	chain      []*coder // from what is packed to what is not; nil where it is no chain
	files      []sevenFile
	sum        uint32
	hasSum     bool
}

// size returns how much comes out of it, in bytes.
func (f *folder) size() uint64 {
	if len(f.chain) == 0 {
		return 0
	}
	return f.chain[len(f.chain)-1].size
}

// filtered reports whether a filter is left undone, so that a checksum is no use.
func (f *folder) filtered() bool {
	for _, c := range f.chain {
		if c.isFilter() {
			return true
		}
	}
	return false
}

// A coder is one step of packing.
type coder struct {
	id    string
	props []byte
	ins   int
	outs  int
	size  uint64 // of what comes out when it is undone
}

// isFilter reports whether c changes addresses in machine code and leaves ASCII as it is,
// so that there is no need to undo it.
func (c coder) isFilter() bool {
	return c.ins == 1 && (len(c.id) == 4 && strings.HasPrefix(c.id, "\x03\x03") || len(c.id) == 1 && c.id[0] >= filterX86 && c.id[0] <= filterRISCV)
}

// A sevenFile is one file of a folder.
type sevenFile struct {
	size   uint64
	sum    uint32
	hasSum bool
}

func (d *directoryReader) packInfo() (at uint64, sizes []uint64) {
	at = d.number()
	n := d.count()
	for !d.bad {
		switch d.byte() {
		case kindEnd:
			return at, sizes
		case kindSize:
			for i := 0; i < n && !d.bad; i++ {
				sizes = append(sizes, d.number())
			}
		case kindSum:
			d.sums(n, func(int, uint32) {})
		default:
			d.bad = true
		}
	}
	return at, sizes
}

func (d *directoryReader) unpackInfo() (folders []*folder) {
	d.expect(kindFolder)
	n := d.count()
	if n > maxFolders {
		d.bad, d.over = true, true
	}
	d.expect(0) // else they are in another stream, which nobody writes
	var coders [][]*coder
	for i := 0; i < n && !d.bad; i++ {
		f, own := d.folder()
		folders, coders = append(folders, f), append(coders, own)
	}
	d.expect(kindUnpackSize)
	for _, own := range coders {
		for _, c := range own {
			for range c.outs {
				c.size = d.number()
			}
		}
	}
	for !d.bad {
		switch d.byte() {
		case kindEnd:
			return folders
		case kindSum:
			d.sums(len(folders), func(i int, sum uint32) { folders[i].sum, folders[i].hasSum = sum, true })
		default:
			d.bad = true
		}
	}
	return folders
}

// 7-Zip itself takes no more steps than that, and writes fewer folders, one a file at the
// most, than what would fill the memory.
const (
	maxCoders  = 32
	maxFolders = 1 << 16
)

// folder reads the coders of a folder, and in which order they follow one another.
func (d *directoryReader) folder() (*folder, []*coder) {
	f := &folder{}
	n := d.count()
	if n == 0 || n > maxCoders {
		d.bad = true
		return f, nil
	}
	var coders []*coder
	ins, outs := 0, 0
	for range n {
		c := d.coder()
		coders = append(coders, c)
		ins, outs = ins+c.ins, outs+c.outs
	}
	if d.bad || outs < 1 || ins > maxCoders || outs > maxCoders || ins < outs {
		d.bad = true
		return f, nil
	}
	next := map[uint64]uint64{} // the input that an output goes to
	for range outs - 1 {
		in, out := d.number(), d.number()
		next[out] = in
	}
	f.streams = ins - (outs - 1)
	if f.streams > 1 {
		for range f.streams {
			d.number()
		}
	}
	if ins == n && outs == n {
		f.chain = d.chain(coders, next)
	}
	return f, coders
}

// chain returns coders in the order in which they are undone.
func (d *directoryReader) chain(coders []*coder, next map[uint64]uint64) (chain []*coder) {
	n := uint64(len(coders))
	at := n * (n - 1) / 2 // the input that no output goes to is what is left of all
	for _, in := range next {
		at -= in
	}
	for range n {
		if at >= n {
			d.bad = true
			return nil
		}
		chain = append(chain, coders[at])
		var ok bool
		if at, ok = next[at]; !ok {
			break
		}
	}
	if len(chain) != len(coders) {
		d.bad = true
	}
	return chain
}

func (d *directoryReader) coder() *coder {
	const complicated, hasProps = 0x10, 0x20
	c := &coder{ins: 1, outs: 1}
	flags := d.byte()
	c.id = string(d.bytes(uint64(flags & 0xf)))
	if flags&complicated != 0 {
		c.ins, c.outs = d.count(), d.count()
	}
	if flags&hasProps != 0 {
		c.props = d.bytes(d.number())
	}
	return c
}

// subStreams reads which files a folder is made of.
func (d *directoryReader) subStreams(folders []*folder) {
	kind := d.byte()
	counts := make([]int, len(folders))
	for i := range counts {
		counts[i] = 1
		if kind == kindNumSubStreams {
			counts[i] = d.count()
		}
	}
	if kind == kindNumSubStreams {
		kind = d.byte()
	}
	total := 0
	var unsummed []*sevenFile
	for i, f := range folders {
		f.files = []sevenFile{}
		left := f.size()
		for j := 0; j < counts[i] && !d.bad; j++ {
			size := left
			if j < counts[i]-1 {
				if size = d.number(); kind != kindSize || size > left && f.chain != nil {
					d.bad = true
				}
			}
			left -= size
			f.files = append(f.files, sevenFile{size: size})
			if total++; total > d.most {
				d.bad, d.over = true, true
			}
		}
		for j := range f.files {
			if len(f.files) == 1 && f.hasSum {
				f.files[j].sum, f.files[j].hasSum = f.sum, true
			} else {
				unsummed = append(unsummed, &f.files[j])
			}
		}
	}
	if kind == kindSize {
		kind = d.byte()
	}
	if kind == kindSum {
		d.sums(len(unsummed), func(i int, sum uint32) { unsummed[i].sum, unsummed[i].hasSum = sum, true })
		kind = d.byte()
	}
	if kind != kindEnd {
		d.bad = true
	}
}
