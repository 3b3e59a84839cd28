#include "textflag.h"

// func markAVX2(text *byte, n int, at uint32, t *nibbles, out *Mark, room int) (done, made int)
//
// Y4-Y9 hold the tables of a literal's three bytes, Y10 and Y11 those of the classes, Y12 is
// 0x0f and Y13 inRun in each byte, Y14 is zero.
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
	VPXOR Y14, Y14, Y14
	XORQ R9, R9   // blocks done
	XORQ R10, R10 // marks made

block:
	CMPQ R9, CX
	JGE  end

	// The first byte of a literal, and the classes.
	VMOVDQU (SI), Y0
	VPSRLW  $4, Y0, Y1
	VPAND   Y12, Y0, Y2
	VPAND   Y12, Y1, Y1
	VPSHUFB Y2, Y4, Y3
	VPSHUFB Y1, Y5, Y15
	VPAND   Y15, Y3, Y3
	VPSHUFB Y2, Y10, Y2
	VPSHUFB Y1, Y11, Y1
	VPAND   Y1, Y2, Y2
	VPCMPEQB Y14, Y0, Y0
	VPMOVMSKB Y0, R11 // zeros

	// The second.
	VMOVDQU 1(SI), Y0
	VPSRLW  $4, Y0, Y1
	VPAND   Y12, Y0, Y0
	VPAND   Y12, Y1, Y1
	VPSHUFB Y0, Y6, Y0
	VPSHUFB Y1, Y7, Y1
	VPAND   Y0, Y3, Y3
	VPAND   Y1, Y3, Y3

	// The third.
	VMOVDQU 2(SI), Y0
	VPSRLW  $4, Y0, Y1
	VPAND   Y12, Y0, Y0
	VPAND   Y12, Y1, Y1
	VPSHUFB Y0, Y8, Y0
	VPSHUFB Y1, Y9, Y1
	VPAND   Y0, Y3, Y3
	VPAND   Y1, Y3, Y3

	VPCMPEQB  Y14, Y3, Y3
	VPMOVMSKB Y3, R12
	NOTL      R12 // starts
	VPAND     Y13, Y2, Y0
	VPCMPEQB  Y14, Y0, Y0
	VPMOVMSKB Y0, R13 // what is in no run
	VPANDN    Y2, Y13, Y0
	VPCMPEQB  Y14, Y0, Y0
	VPMOVMSKB Y0, BX // what is not dense

	// Most blocks have nothing.
	XORL  AX, AX
	TESTL $0x0000ffff, R13
	JEQ   letters
	TESTL $0xffff0000, R13
	JEQ   letters

dense:
	TESTL BX, BX
	JNE   wide
	ORL   $2, AX

wide:
	TESTL R11, R11
	JEQ   store
	CMPL  R11, $0xffffffff
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
	MOVL R12, BX
	ORL  AX, BX
	JEQ  next
	MOVL R8, (DI)
	MOVL R12, 4(DI)
	MOVL AX, 8(DI)
	ADDQ $12, DI
	INCQ R10
	DECQ DX
	JEQ  full

next:
	ADDQ $32, SI
	ADDL $32, R8
	INCQ R9
	JMP  block

letters:
	ORL $1, AX
	JMP dense

full:
	INCQ R9

end:
	MOVQ R9, done+48(FP)
	MOVQ R10, made+56(FP)
	VZEROUPPER
	RET
