package remote

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/internal/realgit"
)

// FuzzPackets wants what is read to be what encoding it again gives.
func FuzzPackets(f *testing.F) {
	for _, s := range []string{"0000", "0001", "0002", "0003", "0004", "0006a\n", "000AERR no\n", "fff0", "ffff", "00", "0008abc"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		p := newPackets(bytes.NewReader(in))
		var again message
		for {
			m, body, err := p.next()
			if err != nil {
				refusal := new(said)
				if errors.As(err, &refusal) {
					clean(t, refusal.text)
				}
				break
			}
			if m != data {
				again.mark(m)
				continue
			}
			again.line(string(body))
		}
		// line adds a line end, so only the marks and lengths can be compared.
		if marks := again.Len(); marks > 2*len(in)+1 {
			t.Fatalf("%d bytes of %d", marks, len(in))
		}
	})
}

// clean wants a text to be fit to be shown.
func clean(t *testing.T, text string) {
	t.Helper()
	if len(text) > maxSaid*2+10 || !utf8.ValidString(text) || strings.Contains(text, "::") || strings.ContainsFunc(text, unicode.IsControl) {
		t.Fatalf("%q is shown", text)
	}
}

func FuzzQuote(f *testing.F) {
	f.Add([]byte("::error::x\x1b[0m\r\n"))
	f.Add([]byte(strings.Repeat(":", 500)))
	f.Add([]byte("\xff\xfe\u0085"))
	f.Fuzz(func(t *testing.T, in []byte) { clean(t, quote(in)) })
}

func FuzzAdvertisement(f *testing.F) {
	f.Add([]byte("001e# service=git-upload-pack\n0000000eversion 2\n0011fetch=filter\n0000"))
	f.Add([]byte("000eversion 1\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := readAbilities(newPackets(bytes.NewReader(in)))
		if err == nil && !a.fetch {
			t.Fatal("a server without fetch is taken")
		}
		refs, err := readRefs(newPackets(bytes.NewReader(in)), 0)
		if err == nil && len(refs) > len(in)/40 {
			t.Fatalf("%d refs of %d bytes", len(refs), len(in))
		}
	})
}

// FuzzAnswer reads answers to a fetch. Whatever is taken in can be read again.
func FuzzAnswer(f *testing.F) {
	h := small(f, "sha1")
	pack := realgit.Run(f, h.repo, run(f, h.repo, "", "rev-parse", "main")+"\n", "pack-objects", "-q", "--stdout")
	h.Close()
	name := strings.Repeat("1", 40)
	for _, s := range []string{
		"000dpackfile\n" + banded(pack) + "0000",
		"0014acknowledgments\n0031ACK " + name + "\n000aready\n0001000dpackfile\n" + banded(pack) + "0006\x02x0000",
		"0011shallow-info\n0035shallow " + name + "\n0001000dpackfile\n0009\x03no!\n",
		"0014acknowledgments\n0008NAK\n0000", "0010wanted-refs\n0001",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r := &Remote{dir: t.TempDir(), server: Server{Limits: Limits{Bytes: 1 << 16, Objects: 100, Object: 1 << 16}}}
		var p reply
		err := r.receive(t.Context(), newPackets(bytes.NewReader(in)), request{done: true}, &p)
		if err != nil && len(p.fetched) > 0 {
			t.Fatal("objects beside an error")
		}
		if len(p.fetched) == 0 {
			return
		}
		if err := r.reopen(); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.db.Close() }()
		for _, h := range p.fetched {
			if _, _, err := r.db.Read(h); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestRequestsAreSqueezed: a long request is compressed, a short one is not.
func TestRequestsAreSqueezed(t *testing.T) {
	var got []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Content-Encoding"))
		_, _ = io.Copy(io.Discard, r.Body)
		http.Error(w, "no", http.StatusForbidden)
	}))
	defer srv.Close()
	r := &Remote{server: Server{URL: srv.URL}, left: 1 << 20}
	if err := r.prepare(); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{10, 100_000} {
		_, _, err := r.do(t.Context(), http.MethodPost, "/x", make([]byte, n))
		failedWith(t, err, ErrDenied, "")
	}
	if strings.Join(got, ",") != ",gzip" {
		t.Errorf("encodings %q", got)
	}
}
