package mute

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/scan"
)

// BaselineFile is the name of the baseline where nobody names another.
const BaselineFile = ".bbkeys-baseline.json"

// A Baseline is what was accepted on the day that it was made.
type Baseline struct {
	name string
	mode string // of the scan that it was made from
	keys map[string]key
}

// A key is one line of a baseline.
type key struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	// Passwords says how many different ones have the fingerprint, of a kind that can be
	// guessed: their fingerprint does not depend on them. 0 for all other kinds.
	Passwords int    `json:"passwords,omitempty"`
	Since     string `json:"since"` // the day on which it was accepted
	Path      string `json:"path"`  // where it was then, for people

	line int
}

// A head is the first element of a baseline.
type head struct {
	Version int    `json:"bbkeys-baseline"`
	Mode    string `json:"mode"`
}

const (
	// baselineVersion changes when an older program would misread a baseline.
	baselineVersion = 1
)

// MaxBaseline is the size of the largest baseline that is read, in bytes: more than a line
// for each finding that a report holds takes.
const MaxBaseline = 64 << 20

// ReadBaseline reads a baseline. Its error says in which line of the file called name what
// is wrong, and what to do; it repeats nothing of the file.
func ReadBaseline(name string, data []byte) (*Baseline, error) {
	if len(data) > MaxBaseline {
		return nil, fmt.Errorf("%s: it has more than %d MiB; make it anew with bbkeys baseline", name, MaxBaseline>>20)
	}
	if line := conflict(data); line > 0 {
		return nil, fmt.Errorf("%s:%d: it holds the marks of a merge that was not ended; keep the lines of both sides and delete the marks", name, line)
	}
	r := reader{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.DisallowUnknownFields()
	b, err := r.baseline()
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w; make it anew with bbkeys baseline", name, r.line(), err)
	}
	b.name = name
	return b, nil
}

// conflict returns the first line that git wrote because it could not merge, or 0.
func conflict(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		for _, mark := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
			if bytes.HasPrefix(line, []byte(mark)) {
				return n
			}
		}
	}
	return 0
}

// A reader reads the file element by element, so that an error has a line.
type reader struct {
	data []byte
	dec  *json.Decoder
	at   int64 // where the element starts that is being read

	counted, lines int // how many lines end before a place
}

// line returns the line of what is being read.
func (r *reader) line() int {
	at := min(int(r.at), len(r.data))
	for at < len(r.data) && strings.IndexByte(" \t\r\n,", r.data[at]) >= 0 {
		at++ // it is before the next element
	}
	r.lines += bytes.Count(r.data[r.counted:at], []byte{'\n'})
	r.counted = at
	return 1 + r.lines
}

var errNotList = errors.New("it is no list of accepted keys")

func (r *reader) baseline() (*Baseline, error) {
	if t, err := r.dec.Token(); err != nil || t != json.Delim('[') {
		return nil, errNotList
	}
	if !r.dec.More() {
		return nil, errNotList
	}
	var h head
	if err := r.next(&h); err != nil {
		return nil, err
	}
	if h.Version != baselineVersion {
		return nil, fmt.Errorf("it is not of version %d, which this program reads", baselineVersion)
	}
	b := &Baseline{mode: h.Mode, keys: map[string]key{}}
	for r.dec.More() {
		var k key
		if err := r.next(&k); err != nil {
			return nil, err
		}
		k.line = r.line()
		if err := k.check(); err != nil {
			return nil, err
		}
		// A merge of two branches that accepted the same key may leave both lines.
		if had, ok := b.keys[k.Fingerprint]; ok {
			k.Since, k.Passwords = min(k.Since, had.Since), min(k.Passwords, had.Passwords)
		}
		b.keys[k.Fingerprint] = k
	}
	r.at = r.dec.InputOffset()
	if _, err := r.dec.Token(); err != nil {
		return nil, errors.New("it ends in the middle")
	}
	if r.at = r.dec.InputOffset(); len(bytes.TrimSpace(r.data[r.at:])) > 0 {
		return nil, errors.New("something follows its list")
	}
	return b, nil
}

// next reads the next element into v.
func (r *reader) next(v any) error {
	r.at = r.dec.InputOffset()
	err := r.dec.Decode(v)
	bad := new(json.UnmarshalTypeError)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends in the middle")
	case errors.As(err, new(*json.SyntaxError)):
		return errors.New("it is no JSON")
	case errors.As(err, &bad):
		return fmt.Errorf("there is a %s where none belongs", bad.Value)
	}
	return errors.New("there is a name that nothing in a baseline has")
}

// check returns what is wrong with a line.
func (k *key) check() error {
	if raw, err := hex.DecodeString(k.Fingerprint); err != nil || len(raw) != fingerprintSize || strings.ToLower(k.Fingerprint) != k.Fingerprint {
		return fmt.Errorf("its fingerprint is no %d lower-case hexadecimal digits", 2*fingerprintSize)
	}
	if _, err := time.Parse(time.DateOnly, k.Since); err != nil {
		return errors.New("the day since when it is accepted is none; write it as 2026-11-30")
	}
	if k.Passwords < 0 {
		return errors.New("a number of passwords is below 0")
	}
	return nil
}

// fingerprintSize is how many bytes a fingerprint has.
const fingerprintSize = 16

// A Snapshot is a baseline about to be written.
type Snapshot struct {
	// Old is the baseline that it replaces, whose days are kept; nil for none.
	Old *Baseline
	Now time.Time // the day of what is accepted now
	// Redact makes a path safe to keep.
	Redact func(string) string
}

// Render writes a baseline that accepts all findings of rep that count. Of a run that
// could not look at everything, it keeps what was accepted before and was not found.
// It has a line for each fingerprint, in their order, and every line but the first and the
// last can be added and deleted by itself, so that git merges what two branches accept.
func (s Snapshot) Render(w io.Writer, rep *scan.Report) error {
	keys := s.keys(rep)
	var b bytes.Buffer
	first, err := json.Marshal(head{baselineVersion, rep.Scanned.Mode})
	if err != nil {
		return fmt.Errorf("encoding the baseline: %w", err)
	}
	fmt.Fprintf(&b, "[%s\n", first)
	for _, k := range keys {
		line, err := json.Marshal(k)
		if err != nil {
			return fmt.Errorf("encoding the baseline: %w", err)
		}
		fmt.Fprintf(&b, ",%s\n", line)
	}
	b.WriteString("]\n")
	_, err = w.Write(b.Bytes())
	return err
}

// keys returns the lines.
func (s Snapshot) keys(rep *scan.Report) []key {
	all := map[string]key{}
	counts := passwords(rep.Findings)
	for i := range rep.Findings {
		f := &rep.Findings[i]
		name := f.Fingerprint()
		if _, ok := all[name]; ok {
			continue
		}
		k := key{Fingerprint: name, Rule: f.Rule.ID, Passwords: counts[name], Since: s.Now.UTC().Format(time.DateOnly), Path: s.Redact(f.Place.Path)}
		if s.Old != nil {
			if had, ok := s.Old.keys[name]; ok {
				k.Since = had.Since
			}
		}
		all[name] = k
	}
	if s.Old != nil && !rep.Complete() {
		for name, had := range s.Old.keys {
			if _, ok := all[name]; !ok {
				all[name] = had
			}
		}
	}
	lines := make([]key, 0, len(all))
	for _, k := range all {
		lines = append(lines, k)
	}
	slices.SortFunc(lines, func(a, b key) int { return strings.Compare(a.Fingerprint, b.Fingerprint) })
	return lines
}

// Changes returns how many keys the snapshot of rep accepts, how many of these are not in
// the old baseline, and how many of that are not in it any more.
func (s Snapshot) Changes(rep *scan.Report) (all, added, dropped int) {
	keys := s.keys(rep)
	kept := 0
	if s.Old != nil {
		for _, k := range keys {
			if _, ok := s.Old.keys[k.Fingerprint]; ok {
				kept++
			}
		}
		dropped = len(s.Old.keys) - kept
	}
	return len(keys), len(keys) - kept, dropped
}
