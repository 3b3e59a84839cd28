package decode

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/prefilter"
)

// packedIn returns what is packed in text, and whether all was decoded. What is packed
// begins with \x1f\x8b\x08.
func packedIn(text string) (found [][]byte, places []string, whole bool) {
	filter := prefilter.New(nil)
	d := New(filter)
	d.Packed(func(head []byte) bool { return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) })
	whole = d.Each([]byte(text), filter.Marks([]byte(text), nil), func(t *Text) {
		if t.Packed {
			lo, hi := t.Place(0, len(t.Bytes))
			found, places = append(found, bytes.Clone(t.Bytes)), append(places, text[lo:hi])
		}
	})
	return found, places, whole
}

// Every byte of what is packed is read, of any length, and its place is that of all of it.
func TestPackedBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	runs, unseen := 0, 0
	for n := 60; n < 200; n++ {
		data := []byte("\x1f\x8b\x08")
		for range n {
			data = append(data, byte(rnd.IntN(256)))
		}
		for name, spelled := range map[string]string{
			"base64": base64.RawStdEncoding.EncodeToString(data), "base64url": base64.RawURLEncoding.EncodeToString(data), "hex": fmt.Sprintf("%x", data),
			"bytes": strings.Trim(strings.ReplaceAll(fmt.Sprintf("% x", data), " ", ", 0x"), " "), "decimal": strings.Trim(strings.ReplaceAll(fmt.Sprint(data), " ", ", "), "[]"),
		} {
			for _, before := range []string{"", "data = '", "+", "x="} {
				found, places, whole := packedIn(before + spelled + "'\n")
				if runs++; len(found) == 0 && strings.HasPrefix(name, "base64") {
					unseen++ // it has no run of letters and digits that is long enough
					continue
				}
				if !whole || len(found) != 1 || !bytes.Equal(found[0], data) || places[0] != spelled {
					t.Fatalf("%d bytes in %s behind %q: %d found, %v", n, name, before, len(found), whole)
				}
			}
		}
	}
	if unseen > runs/50 {
		t.Errorf("%d of %d not seen", unseen, runs)
	}
}

// However many things seem to begin in a text, no more of it is decoded than Work allows.
func TestPackedWork(t *testing.T) {
	for _, unit := range []string{"H4sIAAAAAAAAA" + strings.Repeat("Ab1", 12) + "\n", "=H4sIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "1f 8b 08 00 00 00 00 00 00 03 ", "31,139,8,0,0,0,0,0,0,3,"} {
		text := strings.Repeat(unit, 2000)
		found, _, _ := packedIn(text)
		total := 0
		for _, f := range found {
			total += len(f)
		}
		if len(found) == 0 || total > Work*len(text)+Slack {
			t.Errorf("%q: %d bytes of %d in %d", unit, total, len(text), len(found))
		}
	}
}
