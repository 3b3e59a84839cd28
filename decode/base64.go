package decode

import (
	"bytes"
	"math/bits"
)

const (
	// minBase64 is how many base64 characters hold at least Shortest bytes, whatever their
	// offset.
	minBase64 = 47
	// block is how many characters are looked at in one go. Wherever minBase64 characters
	// lie, they hold a whole block.
	block = 24
)

// Base64 has four characters for three bytes. If the bytes are ASCII, one bit of the
// first, one of the second and one of the third character is 0: the highest bit of a
// byte. So it can be told where in a run of characters text is encoded, and which
// of the four ways to divide them into groups is meant, without decoding any. In fits,
// bit w of [i%4][c] says that c may be the i-th character if the w-th starts a group.
var fits, values = base64Tables()

func base64Tables() (fits [4][256]uint8, values [256]uint8) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for v := range len(alphabet) {
		values[alphabet[v]] = uint8(v)
	}
	values['-'], values['_'] = values['+'], values['/']
	for c := range 256 {
		v := values[c]
		if v == 0 && c != 'A' {
			continue
		}
		roles := [4]bool{v&32 == 0, v&8 == 0, v&2 == 0, true}
		for i := range 4 {
			for way := range 4 {
				if roles[(i-way+4)%4] {
					fits[i][c] |= 1 << way
				}
			}
		}
	}
	return fits, values
}

// base64 reads the ASCII texts that are encoded in src[s.lo:s.hi].
func (d *Decoder) base64(src []byte, s span) {
	var done [4]int
	for p := s.lo; p+block <= s.hi; p += block {
		ways := uint8(15)
		for i := p; i < p+block && ways != 0; i++ {
			ways &= fits[i&3][src[i]]
		}
		for ; ways != 0; ways &= ways - 1 {
			if way := bits.TrailingZeros8(ways); p >= done[way] {
				done[way] = d.base64At(src, s, p, way)
			}
		}
	}
}

// base64At reads the text around src[p] whose groups begin at the way-th of each four
// characters, and returns its end.
func (d *Decoder) base64At(src []byte, s span, p, way int) (end int) {
	may := uint8(1) << way
	lo, hi := p, p
	for lo > s.lo && fits[(lo-1)&3][src[lo-1]]&may != 0 {
		lo--
	}
	for hi < s.hi && fits[hi&3][src[hi]]&may != 0 {
		hi++
	}
	if hi-lo < minBase64 {
		return hi
	}
	end = hi
	// What follows ends no ASCII character, and may still hold the last bits of one.
	if hi < s.hi && fits[hi&3][src[hi]] != 0 {
		hi++
	}
	if (lo-way)&3 == 3 {
		lo++ // the last character of a group alone holds no byte
	}
	name := asBase64
	if bytes.IndexByte(src[lo:hi], '-') >= 0 || bytes.IndexByte(src[lo:hi], '_') >= 0 {
		name = asBase64URL
	}
	f := d.open(name)
	role := (lo - way) & 3
	f.pieces = append(f.pieces, piece{0, int32(lo - role), 0, int32(role)})
	for i := lo; i+1 < hi; i++ {
		if role == 0 {
			for i+4 <= hi {
				a, b, c, e := values[src[i]], values[src[i+1]], values[src[i+2]], values[src[i+3]]
				f.out = append(f.out, a<<2|b>>4, b<<4|c>>2, c<<6|e)
				i += 4
			}
			if i+1 >= hi {
				break
			}
		}
		if role < 3 {
			f.out = append(f.out, values[src[i]]<<(2*role+2)|values[src[i+1]]>>(4-2*role))
		}
		role = (role + 1) & 3
	}
	d.give()
	return end
}
