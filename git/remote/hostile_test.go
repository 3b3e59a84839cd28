package remote

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/internal/realgit"
)

// result begins an answer to a POST.
func result(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost {
		return false
	}
	w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
	return true
}

func TestLimits(t *testing.T) {
	h := small(t, "sha1")
	endless := func(head, body string, squeezed bool) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !result(w, r) {
				return false
			}
			var out io.Writer = w
			if squeezed {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				defer func() { _ = z.Close() }()
				out = z
			}
			_, err := io.WriteString(out, head)
			for err == nil && r.Context().Err() == nil {
				_, err = io.WriteString(out, body)
			}
			return true
		}
	}
	progress := "0015\x02counting...    "
	progress = fmt.Sprintf("%04x%s", len(progress), progress[4:])
	for what, answer := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"progress":         endless("000dpackfile\n", progress, false),
		"keepalive":        endless("000dpackfile\n", "0005\x02", false),
		"acknowledgments":  endless("0014acknowledgments\n", "0008NAK\n", false),
		"shallow":          endless("0011shallow-info\n", "000cshallow\n", false),
		"squeezed":         endless("000dpackfile\n", strings.Repeat(progress, 100), true),
		"objects in packs": endless("000dpackfile\n0011\x01PACK\x00\x00\x00\x02\xff\xff\xff\xff", progress, false),
	} {
		h.before = answer
		r := h.connect(t, func(s *Server) { s.Limits.Bytes = 100_000 })
		_, err := r.Complete(t.Context(), h.change(t))
		failedWith(t, err, ErrLimit, "", "clone the whole history")
		if t.Failed() {
			t.Fatal(what)
		}
	}
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if !result(w, r) {
			return false
		}
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return true
	}
	r := h.connect(t, func(s *Server) { s.Limits.Time = 300 * time.Millisecond })
	_, err := r.Complete(t.Context(), h.change(t))
	failedWith(t, err, ErrLimit, "", "300ms")
}

func TestHostileAnswers(t *testing.T) {
	h := small(t, "sha1")
	c := h.change(t)
	foreign := run(t, h.repo, "", "rev-parse", "main~4")
	pack := realgit.Run(t, h.repo, foreign+"\n", "pack-objects", "-q", "--stdout")
	for body, words := range map[string]string{
		"":                                       "cut off",
		"0000":                                   "does not have it",
		"zzzz":                                   "begins with",
		"0003":                                   "claims 3",
		"fffff":                                  "claims 65535",
		"0008what":                               "not known",
		"0010ERR \x1b[31mno\n":                   `[31mno"`,
		"001eERR ::error::this is a line":        `": :error: :this`,
		"0014acknowledgments\n000eACK hello\n":   "no object name",
		"0014acknowledgments\n0008NAK\n0000":     "the base",
		"000dpackfile\n0009\x03boo\n0000":        `"boo"`,
		"000dpackfile\n0009\x07boo\n0000":        "channel 7",
		"000dpackfile\n0004":                     "belong elsewhere",
		"000dpackfile\n0001":                     "belong elsewhere",
		"000dpackfile\n0000":                     "cut off",
		"000dpackfile\n000d\x01not a p\n0000":    "index pack",
		"000dpackfile\n" + banded(pack) + "0000": "not asked for",
		"0011shallow-info\n0034shallow " + foreign + "0001000dpackfile\n" + banded(pack) + "0000": "history is cut off",
	} {
		h.before = func(w http.ResponseWriter, r *http.Request) bool {
			if result(w, r) {
				_, _ = io.WriteString(w, body)
				return true
			}
			return false
		}
		r := h.connect(t, nil)
		done, err := r.Complete(t.Context(), c)
		if err == nil {
			t.Fatalf("%q: %+v", body, done)
		}
		if failedWith(t, err, nil, "", words); t.Failed() {
			t.Fatalf("%q", body)
		}
		if strings.ContainsAny(err.Error(), "\x1b\n") || strings.Contains(err.Error(), "::") {
			t.Errorf("error %q shows control characters", err)
		}
	}
}

func banded(pack string) string { return fmt.Sprintf("%04x\x01%s", len(pack)+5, pack) }

func TestUnknownEnds(t *testing.T) {
	h := small(t, "sha1")
	gone := parse(t, strings.Repeat("ab", 20))
	c := h.change(t)
	c.Base = gone
	_, err := h.connect(t, nil).Complete(t.Context(), c)
	failedWith(t, err, ErrUnknown, "", gone.String(), "base")
	c = h.change(t)
	c.Head = gone
	_, err = h.connect(t, nil).Complete(t.Context(), c)
	failedWith(t, err, ErrUnknown, "", gone.String(), "nor does the clone")
	c.Base = parse(t, strings.Repeat("ab", 32))
	_, err = h.connect(t, nil).Complete(t.Context(), c)
	failedWith(t, err, nil, "", "sha1")
	c = h.change(t)
	c.Head = c.Base
	r := h.connect(t, nil)
	done, err := r.Complete(t.Context(), c)
	if err != nil || len(done.Commits) != 0 || len(done.Boundary) != 1 || done.Boundary[0] != c.Head || !r.db.Has(c.Head) {
		t.Fatal(err, done)
	}
}

// TestMissingBlob: a server that lacks one of the files still gives the others.
func TestMissingBlob(t *testing.T) {
	h := small(t, "sha1")
	blob := strings.Fields(run(t, h.repo, "", "diff-tree", "-r", "--no-commit-id", "--diff-filter=AM", "main"))[3]
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "want "+blob) {
			result(w, r)
			text := "ERR upload-pack: not our ref " + blob
			_, _ = fmt.Fprintf(w, "%04x%s", len(text)+4, text)
			return true
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		return false
	}
	r := h.connect(t, nil)
	done, err := r.Complete(t.Context(), h.change(t))
	if err != nil {
		t.Fatal(err)
	}
	failedWith(t, done.Missed, nil, "", "1 of ", "not our ref", blob)
}
