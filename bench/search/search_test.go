package search

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A place is where a literal stands.
type place struct{ at, literal int }

// places returns what a find finds in text, in order.
func places(find find, text []byte) []place {
	var all []place
	find(text, func(literal, at int) { all = append(all, place{at, literal}) })
	slices.SortFunc(all, func(a, b place) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return a.literal - b.literal
	})
	return all
}

// finds makes a find in every way, and the plainest one that there is.
func finds(tb testing.TB) (by map[string]find, plainest find) {
	tb.Helper()
	sought := literals()
	by = map[string]find{}
	for _, w := range ways() {
		f, err := w.make(sought)
		if err != nil {
			tb.Fatalf("%s: %v", w.name, err)
		}
		by[w.name] = f
	}
	return by, func(text []byte, yield func(literal, at int)) {
		for at := range text {
			for i, l := range sought {
				if stands(l, text, at) {
					yield(i, at)
				}
			}
		}
	}
}

// same wants every way to find what the plainest one finds.
func same(t *testing.T, by map[string]find, plainest find, text []byte) int {
	t.Helper()
	want := places(plainest, text)
	for name, f := range by {
		if got := places(f, text); !slices.Equal(got, want) {
			t.Errorf("%s: finds %d places, there are %d; the first that differs is %s", name, len(got), len(want), difference(got, want))
		}
	}
	return len(want)
}

// difference says where two lists differ first.
func difference(got, want []place) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("%v in place of %v", got[i], want[i])
		}
	}
	return "behind the shorter one"
}

// pieces returns a text of n bytes that is put together from literals, parts of them and anything.
func pieces(r *rand.Rand, n int) []byte {
	sought := literals()
	var b []byte
	for len(b) < n {
		all := spellings(sought[r.IntN(len(sought))])
		s := all[r.IntN(len(all))]
		switch r.IntN(6) {
		case 0:
			b = append(b, s...)
		case 1:
			b = append(b, strings.ToUpper(s)...)
		case 2:
			b = append(b, s[:r.IntN(len(s))]...)
		case 3:
			b = append(b, byte(r.Uint32()))
		case 4:
			b = append(b, "\u212a\u017f\xff\x00"...) // the first two are a K and an S in other cases
		case 5:
			b = append(b, strings.Repeat(" ", r.IntN(70))...)
		}
	}
	return b[:n]
}

func TestSame(t *testing.T) {
	by, plainest := finds(t)
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for n := range 200 {
		found += same(t, by, plainest, pieces(r, n))
	}
	found += same(t, by, plainest, pieces(r, 3*block+block/2))
	if found < 1000 {
		t.Errorf("only %d places: that says little", found)
	}
}

// Where nothing was put in to be found, too.
func TestSameTexts(t *testing.T) {
	by, plainest := finds(t)
	for name, text := range texts(t, 256<<10) {
		if n := same(t, by, plainest, text); n == 0 && name == "source" {
			t.Errorf("%s: nothing is found", name)
		}
	}
}

func TestSmaller(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			text := bytes.Repeat([]byte{'z' + 1}, 20)
			text[at] = byte(c)
			want := bytes.Clone(text)
			want[at] = small(byte(c))
			if got := smaller(nil, text); !bytes.Equal(got, want) {
				t.Fatalf("%q: %q", text, got)
			}
		}
	}
}

func FuzzSame(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 10 {
		f.Add(pieces(r, 150))
	}
	by, plainest := finds(f)
	f.Fuzz(func(t *testing.T, text []byte) { same(t, by, plainest, text) })
}

// texts returns what is searched, size bytes of each: Go's own source, text that is packed close,
// and what looks like nothing.
func texts(tb testing.TB, size int) map[string][]byte {
	tb.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		tb.Skip("Go is not here: ", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "*", "*", "*.go"))
	if err != nil || len(files) == 0 {
		tb.Skip("Go's own source is not here")
	}
	var source []byte
	for _, f := range files {
		if len(source) >= size {
			break
		}
		text, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		source = append(source, text...)
	}
	if len(source) < size {
		tb.Skipf("Go's own source has only %d bytes here", len(source))
	}
	random := make([]byte, size)
	rnd := rand.NewChaCha8([32]byte{1})
	_, _ = rnd.Read(random) // it never fails
	packed := slices.Concat(bytes.Join(bytes.Fields(source[:size/2]), nil), []byte(base64.StdEncoding.EncodeToString(random)))
	return map[string][]byte{"source": source[:size], "packed": packed[:size], "random": random}
}

// used returns the processor time of this process. Other load on the machine changes it little.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFind says how much of a text each way takes in a second of processor time, that of the
// garbage collector with it, when it takes the least: what other load there is makes it more.
func BenchmarkFind(b *testing.B) {
	const size = 1 << 20
	all := texts(b, size)
	for _, w := range ways() {
		f, err := w.make(literals())
		if err != nil {
			b.Fatalf("%s: %v", w.name, err)
		}
		for _, name := range []string{"source", "packed", "random"} {
			b.Run(w.name+": "+name, func(b *testing.B) {
				best := time.Duration(math.MaxInt64)
				for b.Loop() {
					began := used(b)
					f(all[name], func(int, int) {})
					best = min(best, used(b)-began)
				}
				b.ReportMetric(size/float64(best), "GB/s")
			})
		}
	}
}
