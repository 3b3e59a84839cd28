package git

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/bbkeys/bbkeys/git/object"
)

// A graph is the repository's commit-graph (gitformat-commit-graph(5) of git 2.51, 2025-08): the parents,
// dates and generations of most commits, without their objects. It's one file or a chain
// of them, the oldest first, in which each numbers its commits on from those before.
//
// It is a cache, written by git on this machine and never fetched. What it says of the
// commits of a change is checked against the commits (see painter.verify).
type graph struct {
	layers []*layer
	dates  bool // all layers have generations by date, else by level
}

// A layer is one file of a graph.
type layer struct {
	format object.Format
	first  uint32 // the number of its first commit in the graph
	count  uint32
	fanout []byte
	names  []byte // the hashes, sorted
	data   []byte // for each commit its tree, two parents, level and date
	offset []byte // for each commit what its generation by date is above its date; nil if there are none
	large  []byte // those that don't fit into offset
	edges  []byte // the parents from the second on, of commits with more than two
}

const (
	maxGraph   = 96 << 20 // bytes of a layer that is read: over a million commits
	maxLayers  = 64
	noParent   = 0x70000000
	moreEdges  = 0x80000000 // in a second parent: look in edges; in edges: the last
	largeValue = 0x80000000 // in offset: look in large
)

var errGraph = errors.New("the commit-graph is corrupt")

// openGraph returns the commit-graph, or nil if there is none that can be used. Git doesn't use it
// either in a shallow clone, where some parents are gone.
func (r *Repo) openGraph() *graph {
	if r.Shallow() {
		return nil
	}
	g := &graph{}
	if data, err := readFile(r.common, "objects/info/commit-graph", maxGraph); err == nil {
		if g.add(data, r.format) != nil {
			return nil
		}
		return g.ready()
	}
	chain, err := readFile(r.common, "objects/info/commit-graphs/commit-graph-chain", maxSmall)
	if err != nil {
		return nil
	}
	for name := range strings.FieldsSeq(string(chain)) {
		h, err := object.ParseHash(name)
		if err != nil || len(g.layers) == maxLayers || g.load(r.common, h, r.format) != nil {
			return nil
		}
	}
	return g.ready()
}

func (g *graph) load(common *os.Root, h object.Hash, f object.Format) error {
	data, err := readFile(common, "objects/info/commit-graphs/graph-"+h.String()+".graph", maxGraph)
	if err != nil {
		return err
	}
	return g.add(data, f)
}

// ready finishes a graph whose layers are all there.
func (g *graph) ready() *graph {
	if len(g.layers) == 0 {
		return nil
	}
	g.dates = !slices.ContainsFunc(g.layers, func(l *layer) bool { return l.offset == nil })
	return g
}

// add checks and adds the next layer.
func (g *graph) add(data []byte, f object.Format) error {
	size := f.Size()
	const header = 8
	if len(data) < header+size || string(data[:5]) != "CGPH\x01" || int(data[5]) != 1+int(f) || int(data[7]) != len(g.layers) {
		return errGraph
	}
	body, sum := data[:len(data)-size], data[len(data)-size:]
	h := f.New()
	_, _ = h.Write(body) // a hash never fails
	if !bytes.Equal(h.Sum(nil), sum) {
		return errGraph
	}
	chunks, err := readChunks(body, header, int(data[6]))
	if err != nil {
		return err
	}
	l := &layer{format: f, fanout: chunks["OIDF"], names: chunks["OIDL"], data: chunks["CDAT"], offset: chunks["GDA2"], large: chunks["GDO2"], edges: chunks["EDGE"]}
	if len(l.fanout) != 1024 {
		return errGraph
	}
	for i := 4; i < len(l.fanout); i += 4 {
		if binary.BigEndian.Uint32(l.fanout[i:]) < binary.BigEndian.Uint32(l.fanout[i-4:]) {
			return errGraph
		}
	}
	l.count = binary.BigEndian.Uint32(l.fanout[1020:])
	n := int(l.count)
	if len(l.names) != n*size || len(l.data) != n*(size+16) || l.offset != nil && len(l.offset) != n*4 {
		return errGraph
	}
	if len(g.layers) > 0 {
		before := g.layers[len(g.layers)-1]
		l.first = before.first + before.count
	}
	if l.count > noParent-l.first-1 {
		return errGraph
	}
	g.layers = append(g.layers, l)
	return nil
}

// readChunks reads the table of contents of a file in git's chunk format.
func readChunks(body []byte, header, count int) (map[string][]byte, error) {
	if len(body) < header+12*(count+1) {
		return nil, errGraph
	}
	chunks := map[string][]byte{}
	for i := range count {
		row := body[header+12*i:]
		start, end := binary.BigEndian.Uint64(row[4:]), binary.BigEndian.Uint64(row[16:])
		if start > end || end > uint64(len(body)) {
			return nil, errGraph
		}
		chunks[string(row[:4])] = body[start:end:end]
	}
	return chunks, nil
}

// find returns the place of a commit in the layer.
func (l *layer) find(h object.Hash) (int, bool) {
	var space [32]byte
	name := h.Append(space[:0])
	size := l.format.Size()
	if len(name) != size {
		return 0, false
	}
	low, high := 0, int(binary.BigEndian.Uint32(l.fanout[4*int(name[0]):]))
	if name[0] > 0 {
		low = int(binary.BigEndian.Uint32(l.fanout[4*int(name[0])-4:]))
	}
	for low < high {
		mid := (low + high) / 2
		switch c := bytes.Compare(l.names[mid*size:(mid+1)*size], name); {
		case c == 0:
			return mid, true
		case c < 0:
			low = mid + 1
		default:
			high = mid
		}
	}
	return 0, false
}

// fill sets what the graph knows of a commit; it reports false if it doesn't know it.
func (g *graph) fill(n *node) bool {
	for _, l := range slices.Backward(g.layers) {
		i, ok := l.find(n.hash)
		if !ok {
			continue
		}
		size := l.format.Size()
		row := l.data[i*(size+16) : (i+1)*(size+16)]
		tree, err := object.HashFromBytes(row[:size])
		if err != nil {
			return false
		}
		parents, err := g.parents(l, binary.BigEndian.Uint32(row[size:]), binary.BigEndian.Uint32(row[size+4:]))
		if err != nil {
			return false
		}
		bits := binary.BigEndian.Uint64(row[size+8:])
		date, rank := bits&(1<<34-1), bits>>34
		if g.dates {
			if rank, err = l.byDate(i, date); err != nil {
				return false
			}
		} else if rank == 0 {
			return false // written by a git that didn't know levels
		}
		n.tree, n.parents, n.date, n.rank, n.graphed = tree, parents, int64(date), rank, true
		return true
	}
	return false
}

// byDate returns the generation by date of a commit: its date or, where a clock ran wrong, one above all its ancestors'.
func (l *layer) byDate(i int, date uint64) (uint64, error) {
	above := uint64(binary.BigEndian.Uint32(l.offset[4*i:]))
	if above&largeValue != 0 {
		at := 8 * int(above&^largeValue)
		if at+8 > len(l.large) {
			return 0, errGraph
		}
		above = binary.BigEndian.Uint64(l.large[at:])
	}
	return date + above, nil
}

// parents returns the hashes of the parents with these two numbers.
func (g *graph) parents(l *layer, first, second uint32) ([]object.Hash, error) {
	if first == noParent {
		return nil, nil
	}
	h, err := g.name(first)
	if err != nil || second == noParent {
		return []object.Hash{h}, err
	}
	parents := []object.Hash{h}
	if second&moreEdges == 0 {
		h, err = g.name(second)
		return append(parents, h), err
	}
	for at := 4 * int(second&^moreEdges); at+4 <= len(l.edges); at += 4 {
		edge := binary.BigEndian.Uint32(l.edges[at:])
		if h, err = g.name(edge &^ moreEdges); err != nil {
			return nil, err
		}
		parents = append(parents, h)
		if edge&moreEdges != 0 {
			return parents, nil
		}
	}
	return nil, errGraph
}

// name returns the hash of the commit with a number.
func (g *graph) name(number uint32) (object.Hash, error) {
	for _, l := range slices.Backward(g.layers) {
		if number >= l.first {
			i, size := int(number-l.first), l.format.Size()
			if i >= int(l.count) {
				return object.Hash{}, errGraph
			}
			return object.HashFromBytes(l.names[i*size : (i+1)*size])
		}
	}
	return object.Hash{}, fmt.Errorf("%w: no commit has number %d", errGraph, number)
}
