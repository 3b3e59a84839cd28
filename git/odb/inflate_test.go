package odb

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// deflated is a zlib stream made by the standard library.
func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflated decompresses a stream that lies at an offset of a file.
func inflated(z *inflater, file []byte, offset, want, limit int) ([]byte, error) {
	if err := z.in.seek(bytes.NewReader(file), int64(offset), int64(len(file)), want); err != nil {
		return nil, err
	}
	return z.inflate(nil, limit)
}

// text makes data with matches of many lengths and distances.
func text(r *rand.Rand, n int) []byte {
	data := make([]byte, 0, n)
	letters := 1 + r.IntN(256)
	for len(data) < n {
		if k := len(data); k > 0 && r.IntN(3) > 0 {
			back, length := 1+r.IntN(min(k, 1<<r.IntN(16))), 1+r.IntN(1<<r.IntN(9))
			for range min(length, n-len(data)) {
				data = append(data, data[len(data)-back])
			}
			continue
		}
		for range min(1+r.IntN(20), n-len(data)) {
			data = append(data, byte(r.IntN(letters)))
		}
	}
	return data
}

func TestInflate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	z := newInflater(lookupChunk)
	for range 120 {
		data := text(r, r.IntN(1<<r.IntN(18)+1))
		level := r.IntN(12) + flate.HuffmanOnly
		before, behind := r.IntN(100), r.IntN(40)
		file := append(append(make([]byte, before), deflated(t, data, level)...), make([]byte, behind)...)
		got, err := inflated(z, file, before, r.IntN(len(file)), len(data))
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes of level %d: got %d, %v", len(data), level, len(got), err)
		}
		if limit := r.IntN(len(data) + 1); limit < len(data) {
			got, err = inflated(z, file, before, r.IntN(len(file)), limit)
			if !errors.Is(err, errTooMuch) || !bytes.Equal(got, data[:limit]) {
				t.Fatalf("the first %d of %d bytes: got %d, %v", limit, len(data), len(got), err)
			}
		}
		cut := before + r.IntN(len(file)-before-behind-4)
		if got, err = inflated(z, file[:cut], before, 100, len(data)); err == nil {
			t.Fatalf("%d bytes of level %d, cut off at %d of %d, give %d", len(data), level, cut-before, len(file)-before-behind, len(got))
		}
	}
}

func TestInflateGrows(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789"), 5*outputChunk/10+3)
	stream := deflated(t, data, 6)
	z := newInflater(inputChunk)
	got, err := inflated(z, stream, 0, len(stream), 1<<40)
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("got %d bytes, %v; want %d", len(got), err, len(data))
	}
	if cap(got) > 2*len(data)+outputChunk {
		t.Errorf("%d bytes take %d", len(got), cap(got))
	}
}

// FuzzInflate compares with the standard library, but for the checksum, which
// an inflater leaves to whoever knows the object's name.
func FuzzInflate(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	for level := flate.HuffmanOnly; level <= 9; level++ {
		f.Add(deflated(f, text(r, 2000), level)[2:])
	}
	f.Add(deflated(f, nil, 6)[2:])
	z := newInflater(lookupChunk)
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 1 << 20
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(stream)), limit+1))
		file := append([]byte{0x78, 0x9c}, stream...)
		got, err := inflated(z, file, 0, 10, limit)
		switch {
		case len(want) > limit:
			if !errors.Is(err, errTooMuch) || !bytes.Equal(got, want[:limit]) {
				t.Fatalf("got %d bytes, %v; want the first %d", len(got), err, limit)
			}
		case wantErr == nil && (err != nil || !bytes.Equal(got, want)):
			t.Fatalf("got %d bytes, %v; want %d", len(got), err, len(want))
		case wantErr != nil && err == nil:
			t.Fatalf("got %d bytes; want %v", len(got), wantErr)
		}
	})
}

// FuzzDelta applies anything to anything.
func FuzzDelta(f *testing.F) {
	f.Add([]byte("a base"), []byte("\x06\x07\x90\x06\x01x"))
	f.Add([]byte("a base"), []byte("\x06\x03\x91\x02\x03"))
	f.Add([]byte(""), []byte("\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x80"))
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		const limit = 1 << 20
		got, err := applyDelta(nil, base, delta, limit)
		if len(got) > limit {
			t.Fatalf("it makes %d bytes, and %d are allowed", len(got), limit)
		}
		_, size, _, headErr := deltaSizes(delta)
		if err == nil && (headErr != nil || size != int64(len(got))) {
			t.Fatalf("it makes %d bytes and claims %d, %v", len(got), size, headErr)
		}
	})
}

// FuzzEntry reads the head of anything.
func FuzzEntry(f *testing.F) {
	f.Add([]byte("\xb5\x0a rest of it"), int64(100))
	f.Add([]byte("\xe5\x0a\x80\x01 rest of it"), int64(10000))
	f.Add([]byte("\x75"+"01234567890123456789"), int64(12))
	f.Fuzz(func(t *testing.T, head []byte, offset int64) {
		offset = max(offset, packHeadBytes)
		e, err := parseEntry(head, offset, 20)
		if err != nil {
			return
		}
		if e.size < 0 || e.data <= offset || e.data > offset+int64(len(head)) {
			t.Fatalf("entry %+v at %d", e, offset)
		}
		if e.kind == kindOffsetDelta && (e.offset < packHeadBytes || e.offset >= offset) {
			t.Fatalf("entry %+v at %d has its base outside", e, offset)
		}
	})
}
