package source

import (
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bbkeys/bbkeys/scan"
)

// BenchmarkTree reads Go's own source and looks at nothing in it: what walking, opening and
// reading cost by themselves.
func BenchmarkTree(b *testing.B) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Skip("Go is not here: ", err)
	}
	t := &tree{root: filepath.Join(strings.TrimSpace(string(root)), "src")}
	buffers := sync.Pool{New: func() any { return new([256 << 10]byte) }}
	look := func(blob scan.Blob) bool {
		if blob.Open == nil {
			return false
		}
		r, err := blob.Open()
		if err != nil {
			b.Error(err)
			return false
		}
		defer r.Close()                         //nolint:errcheck // nothing was written
		buf := buffers.Get().(*[256 << 10]byte) //nolint:errcheck // the pool holds nothing else
		defer buffers.Put(buf)
		for err == nil {
			_, err = r.Read(buf[:])
		}
		if err != io.EOF {
			b.Error(err)
		}
		return false
	}
	b.ReportAllocs()
	for b.Loop() {
		t.Each(b.Context(), 2, look, func(g *scan.Gap) { b.Error(g) })
	}
}
