#include "textflag.h"

// func markAVX2(text *byte, n int, at uint32, t *nibbles, out *Mark, room int) (done, made int)
//
// Y4-Y9 hold the tables of a literal's three bytes, Y10 and Y11 those of the classes. In each
// byte Y12 is 0x0f, Y13 inRun, Y14 zero and Y15 what makes 0x80 or more of any other class.
//
// How many instructions a block takes is what counts. So text is read where it is needed and
// not kept in a register: an instruction that computes reads it for nothing.
TEXT ·markAVX2(SB), NOSPLIT, $0-64
	MOVQ text+0(FP), SI
	MOVQ n+8(FP), CX
	MOVL at+16(FP), R8
	MOVQ t+24(FP), AX
	MOVQ out+32(FP), DI
	MOVQ room+40(FP), DX
	VBROADCASTI128 0(AX), Y4
	VBROADCASTI128 16(AX), Y5
	VBROADCASTI128 32(AX), Y6
	VBROADCASTI128 48(AX), Y7
	VBROADCASTI128 64(AX), Y8
	VBROADCASTI128 80(AX), Y9
	VBROADCASTI128 96(AX), Y10
	VBROADCASTI128 112(AX), Y11
	VBROADCASTI128 128(AX), Y12
	VBROADCASTI128 144(AX), Y13
	VBROADCASTI128 176(AX), Y15
	VPXOR Y14, Y14, Y14
	MOVQ  SI, R9   // where text begins
	XORQ  R10, R10 // marks made
	TESTQ CX, CX
	JEQ   end

	PCALIGN $32
block:
	// The first byte of a literal, and the classes.
	VPAND     (SI), Y12, Y2
	VPANDN    (SI), Y12, Y1
	VPSRLW    $4, Y1, Y1
	VPSHUFB   Y2, Y4, Y3
	VPSHUFB   Y1, Y5, Y0
	VPAND     Y0, Y3, Y3
	VPSHUFB   Y2, Y10, Y2
	VPSHUFB   Y1, Y11, Y1
	VPAND     Y1, Y2, Y2
	VPCMPEQB  (SI), Y14, Y0
	VPMOVMSKB Y0, R11 // zeros

	// The second.
	VPAND   1(SI), Y12, Y0
	VPANDN  1(SI), Y12, Y1
	VPSRLW  $4, Y1, Y1
	VPSHUFB Y0, Y6, Y0
	VPSHUFB Y1, Y7, Y1
	VPAND   Y0, Y3, Y3
	VPAND   Y1, Y3, Y3

	// The third.
	VPAND   2(SI), Y12, Y0
	VPANDN  2(SI), Y12, Y1
	VPSRLW  $4, Y1, Y1
	VPSHUFB Y0, Y8, Y0
	VPSHUFB Y1, Y9, Y1
	VPAND   Y0, Y3, Y3
	VPAND   Y1, Y3, Y3

	VPCMPEQB  Y14, Y3, Y3
	VPMOVMSKB Y3, R12 // where nothing starts
	VPAND     Y13, Y2, Y0
	VPCMPEQB  Y14, Y0, Y0
	VPMOVMSKB Y0, R13 // what is in no run
	VPADDUSB  Y15, Y2, Y2
	VPMOVMSKB Y2, BX // what is dense

	// Most blocks have nothing.
	TESTL $0x0000ffff, R13
	JEQ   some
	TESTL $0xffff0000, R13
	JEQ   some
	CMPL  BX, $-1
	JEQ   some
	TESTL R11, R11
	JNE   some
	CMPL  R12, $-1
	JNE   some

next:
	ADDQ $32, SI
	DECQ CX
	JNE  block

end:
	SUBQ R9, SI
	SHRQ $5, SI
	MOVQ SI, done+48(FP)
	MOVQ R10, made+56(FP)
	VZEROUPPER
	RET

some:
	XORL  AX, AX
	TESTL $0x0000ffff, R13
	JEQ   letters
	TESTL $0xffff0000, R13
	JNE   dense

letters:
	ORL $1, AX

dense:
	CMPL BX, $-1
	JNE  wide
	ORL  $2, AX

wide:
	TESTL R11, R11
	JEQ   store
	CMPL  R11, $-1
	JEQ   store
	MOVL  R11, BX
	ANDL  $0x55555555, BX
	CMPL  BX, $0x55555555
	JEQ   zeros
	ANDL  $0xaaaaaaaa, R11
	CMPL  R11, $0xaaaaaaaa
	JNE   store

zeros:
	ORL $4, AX

store:
	NOTL R12
	MOVL R12, BX
	ORL  AX, BX
	JEQ  next
	MOVQ SI, BX
	SUBQ R9, BX
	ADDL R8, BX
	MOVL BX, (DI)
	MOVL R12, 4(DI)
	MOVL AX, 8(DI)
	ADDQ $12, DI
	INCQ R10
	DECQ DX
	JNE  next
	ADDQ $32, SI
	JMP  end
