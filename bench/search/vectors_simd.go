//go:build goexperiment.simd && amd64

package search

import (
	"math/bits"
	"simd/archsimd"

	"github.com/bbkeys/bbkeys/prefilter"
)

// vectors returns the prefilter's own method, written with simd/archsimd in place of assembly: as it
// is, and with vectors twice as wide where the processor has them. It cannot take the place of the
// assembly as long as it takes an experiment of the compiler's, which nobody sets who installs the
// program.
func vectors() (all []way) {
	if archsimd.X86.AVX2() {
		all = append(all, way{"the prefilter by simd/archsimd, AVX2", marked(1, withAVX2)})
	}
	if archsimd.X86.AVX512() {
		all = append(all, way{"the prefilter by simd/archsimd, AVX-512", marked(2, withAVX512)})
	}
	return all
}

// inRun are the classes that Letters counts.
const inRun = 0x07

// withAVX2 looks at a block at once.
func withAVX2(f *prefilter.Filter) marker {
	tables := f.Tables()
	return func(text []byte, n, base int, marks []prefilter.Mark) []prefilter.Mark {
		var t [len(tables)]archsimd.Uint8x32
		for i := range tables {
			half := archsimd.LoadUint8x16(&tables[i])
			t[i] = t[i].SetLo(half).SetHi(half)
		}
		low0, high0, low1, high1, low2, high2, lowClass, highClass := t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]
		half, run, zero := archsimd.BroadcastUint8x32(0x0f), archsimd.BroadcastUint8x32(inRun), archsimd.Uint8x32{}
		for i := range n {
			b := text[i*prefilter.Block:][:prefilter.Block+2]
			x := archsimd.LoadUint8x32Slice(b)
			low, high := x.And(half).AsInt8x32(), x.AsUint16x16().ShiftAllRight(4).AsUint8x32().And(half).AsInt8x32()
			at := low0.PermuteOrZeroGrouped(low).And(high0.PermuteOrZeroGrouped(high))
			class := lowClass.PermuteOrZeroGrouped(low).And(highClass.PermuteOrZeroGrouped(high))
			zeros := x.Equal(zero).ToBits()

			x = archsimd.LoadUint8x32Slice(b[1:])
			low, high = x.And(half).AsInt8x32(), x.AsUint16x16().ShiftAllRight(4).AsUint8x32().And(half).AsInt8x32()
			at = at.And(low1.PermuteOrZeroGrouped(low)).And(high1.PermuteOrZeroGrouped(high))

			x = archsimd.LoadUint8x32Slice(b[2:])
			low, high = x.And(half).AsInt8x32(), x.AsUint16x16().ShiftAllRight(4).AsUint8x32().And(half).AsInt8x32()
			at = at.And(low2.PermuteOrZeroGrouped(low)).And(high2.PermuteOrZeroGrouped(high))

			starts := ^at.Equal(zero).ToBits()
			noRun, notDense := class.And(run).Equal(zero).ToBits(), class.AndNot(run).Equal(zero).ToBits()
			marks = marking(marks, base+i*prefilter.Block, starts, noRun, notDense, zeros)
		}
		archsimd.ClearAVXUpperBits()
		return marks
	}
}

// withAVX512 looks at two blocks at once.
func withAVX512(f *prefilter.Filter) marker {
	tables := f.Tables()
	return func(text []byte, n, base int, marks []prefilter.Mark) []prefilter.Mark {
		var t [len(tables)]archsimd.Uint8x64
		for i := range tables {
			quarter := archsimd.LoadUint8x16(&tables[i])
			var half archsimd.Uint8x32
			half = half.SetLo(quarter).SetHi(quarter)
			t[i] = t[i].SetLo(half).SetHi(half)
		}
		low0, high0, low1, high1, low2, high2, lowClass, highClass := t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]
		half, run, zero := archsimd.BroadcastUint8x64(0x0f), archsimd.BroadcastUint8x64(inRun), archsimd.Uint8x64{}
		for i := 0; i < n; i += 2 {
			b := text[i*prefilter.Block:][:2*prefilter.Block+2]
			x := archsimd.LoadUint8x64Slice(b)
			low, high := x.And(half).AsInt8x64(), x.AsUint16x32().ShiftAllRight(4).AsUint8x64().And(half).AsInt8x64()
			at := low0.PermuteOrZeroGrouped(low).And(high0.PermuteOrZeroGrouped(high))
			class := lowClass.PermuteOrZeroGrouped(low).And(highClass.PermuteOrZeroGrouped(high))
			zeros := x.Equal(zero).ToBits()

			x = archsimd.LoadUint8x64Slice(b[1:])
			low, high = x.And(half).AsInt8x64(), x.AsUint16x32().ShiftAllRight(4).AsUint8x64().And(half).AsInt8x64()
			at = at.And(low1.PermuteOrZeroGrouped(low)).And(high1.PermuteOrZeroGrouped(high))

			x = archsimd.LoadUint8x64Slice(b[2:])
			low, high = x.And(half).AsInt8x64(), x.AsUint16x32().ShiftAllRight(4).AsUint8x64().And(half).AsInt8x64()
			at = at.And(low2.PermuteOrZeroGrouped(low)).And(high2.PermuteOrZeroGrouped(high))

			starts := at.NotEqual(zero).ToBits()
			noRun, notDense := class.And(run).Equal(zero).ToBits(), class.AndNot(run).Equal(zero).ToBits()
			marks = marking(marks, base+i*prefilter.Block, uint32(starts), uint32(noRun), uint32(notDense), uint32(zeros))
			marks = marking(marks, base+(i+1)*prefilter.Block, uint32(starts>>32), uint32(noRun>>32), uint32(notDense>>32), uint32(zeros>>32))
		}
		archsimd.ClearAVXUpperBits()
		return marks
	}
}

// marking appends the mark of a block, if there is something to say of it.
func marking(marks []prefilter.Mark, at int, starts, noRun, notDense, zeros uint32) []prefilter.Mark {
	s := signs(noRun, notDense, zeros)
	if starts == 0 && s == 0 {
		return marks
	}
	return append(marks, prefilter.Mark{At: uint32(at), Starts: starts, Signs: s})
}

// A marker appends the marks of the first n blocks of text, which begins at base in the text that
// the marks are of. There are at least two more bytes behind the blocks.
type marker func(text []byte, n, base int, marks []prefilter.Mark) []prefilter.Mark

// marked makes a find of another way to do the prefilter's first half. It finds what lies behind
// the last whole group of blocks with zeros behind it, as the prefilter does.
func marked(group int, with func(*prefilter.Filter) marker) func([]prefilter.Literal) (find, error) {
	return func(literals []prefilter.Literal) (find, error) {
		const margin = 2
		f := prefilter.New(literals)
		mark := with(f)
		rest := make([]byte, 2*group*prefilter.Block+margin)
		var marks []prefilter.Mark
		return func(text []byte, yield func(literal, at int)) {
			n := max(0, (len(text)-margin)/prefilter.Block/group*group)
			marks = mark(text, n, 0, marks[:0])
			at := n * prefilter.Block
			clear(rest)
			left := (copy(rest, text[at:]) + prefilter.Block - 1) / prefilter.Block
			marks = mark(rest, (left+group-1)/group*group, at, marks)
			f.Each(text, marks, yield)
		}, nil
	}
}

// signs says what may be encoded in a block, by a bit for each of its bytes: what is in no run of
// letters, what is not dense, and what is zero.
func signs(noRun, notDense, zeros uint32) (s prefilter.Signs) {
	const even, odd = 0x55555555, 0xaaaaaaaa
	if noRun&0xffff == 0 || noRun>>16 == 0 {
		s |= prefilter.Letters
	}
	if notDense == 0 {
		s |= prefilter.Dense
	}
	if bits.OnesCount32(zeros) < 32 && (zeros&even == even || zeros&odd == odd) {
		s |= prefilter.Wide
	}
	return s
}
