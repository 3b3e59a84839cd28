package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/bbkeys/bbkeys/fault"
	"github.com/bbkeys/bbkeys/rule"
)

// A shelf is a source of blobs at hand.
type shelf struct {
	blobs   []Blob
	gaps    []*Gap
	scanned Scanned
	hits    []bool // what look said of each blob
}

func (s *shelf) Each(ctx context.Context, jobs int, look func(Blob) bool, miss func(*Gap)) {
	s.hits = make([]bool, len(s.blobs))
	var wg sync.WaitGroup
	slots := make(chan struct{}, jobs)
	for i, b := range s.blobs {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			s.hits[i] = look(b)
		})
	}
	wg.Wait()
	for _, g := range s.gaps {
		miss(g)
	}
}

func (s *shelf) Scanned() Scanned { return s.scanned }

func at(path string, commits ...string) []Place {
	if len(commits) == 0 {
		return []Place{{Path: path}}
	}
	var all []Place
	for _, c := range commits {
		all = append(all, Place{Path: path, Commit: c, AuthorDate: time.Unix(1, 0)})
	}
	return all
}

func run(t *testing.T, s *shelf) *Report {
	t.Helper()
	return Run(t.Context(), s, Options{Rules: []*rule.Rule{toy}})
}

// list says the findings of a report as their places.
func list(rep *Report) string {
	var all []string
	for _, f := range rep.Findings {
		all = append(all, fmt.Sprintf("%s@%s:%d:%d", f.Place.Path, f.Place.Commit, f.From.Line, f.From.Column))
	}
	return strings.Join(all, " ")
}

func TestRun(t *testing.T) {
	s := &shelf{
		blobs: []Blob{
			{Places: at("z"), Data: []byte("\n " + toyKey)},
			{Places: at("b", "2", "1"), Data: []byte(toyKey + "\n" + toyKey)},
			{Places: at("none"), Data: []byte("nothing")},
			{Places: at("empty")},
			{Places: at("a"), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(toyKey)), nil }},
		},
		gaps:    []*Gap{{Place: Place{Path: "y"}, Why: errors.New("later")}, {Why: errors.New("first")}},
		scanned: Scanned{Mode: "checkout", Commits: 7},
	}
	rep := run(t, s)
	if got, want := list(rep), "a@:1:1 b@1:1:1 b@1:2:1 b@2:1:1 b@2:2:1 z@:2:2"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if rep.Scanned != (Scanned{Mode: "checkout", Commits: 7, Blobs: 5, Bytes: 13 + 23 + 7 + 11}) {
		t.Errorf("%+v", rep.Scanned)
	}
	if len(rep.Gaps) != 2 || rep.Gaps[0].Error() != "first" || rep.Gaps[1].Error() != "y: later" || rep.Complete() || rep.Interrupted() {
		t.Errorf("%v", rep.Gaps)
	}
	if fmt.Sprint(s.hits) != "[true true false false true]" {
		t.Errorf("told the source %v", s.hits)
	}
	f := rep.Findings[0]
	if f.Rule != toy || f.Level != rule.Error || len(f.Fingerprint()) != 32 || f.Fingerprint() != rep.Findings[5].Fingerprint() {
		t.Errorf("%+v", f)
	}
}

func TestLevels(t *testing.T) {
	rep := run(t, &shelf{blobs: []Blob{{Places: at("x"), Data: []byte("KEY12345670 KEY12345671 KEY12345672")}}})
	if rep.Count(rule.Note) != 3 || rep.Count(rule.Warning) != 2 || rep.Count(rule.Error) != 2 {
		t.Errorf("%d, %d, %d", rep.Count(rule.Note), rep.Count(rule.Warning), rep.Count(rule.Error))
	}
	worst := rep.Worst()
	if len(worst) != 3 || worst[0].From.Column != 13 || worst[1].From.Column != 25 || worst[2].Level != rule.Note || rep.Findings[0].Level != rule.Note {
		t.Errorf("%v", worst)
	}
	if worst[0].Fingerprint() == worst[1].Fingerprint() {
		t.Error("two keys have one fingerprint")
	}
}

// What was there before the change is not new; where that cannot be told, it is.
func TestOld(t *testing.T) {
	rep := run(t, &shelf{blobs: []Blob{{
		Places: at("x", "1", "2", "3"), Data: []byte(toyKey),
		Old: func(_ context.Context, p Place, m rule.Match) (bool, error) {
			if m.Secret.Reveal() != toyKey {
				t.Errorf("asked for another")
			}
			return p.Commit != "1", map[bool]error{true: errors.New("unknown")}[p.Commit == "3"]
		},
	}}})
	if got, want := list(rep), "x@1:1:1 x@3:1:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A blob whose places are found out only if it holds something counts once.
func TestAgain(t *testing.T) {
	rep := run(t, &shelf{blobs: []Blob{
		{Data: []byte(toyKey)},
		{Places: at("x", "1"), Data: []byte(toyKey), Again: true},
	}})
	if list(rep) != "x@1:1:1" || rep.Scanned.Blobs != 1 || rep.Scanned.Bytes != int64(len(toyKey)) {
		t.Errorf("%s, %+v", list(rep), rep.Scanned)
	}
}

func TestFaultsAreGaps(t *testing.T) {
	errBad := errors.New("bad block")
	crash := &rule.Rule{ID: "crash", Anchors: []string{"BOOM"}, Match: func([]byte, int) (rule.Match, bool) { panic("at " + toyKey) }}
	s := &shelf{blobs: []Blob{
		{Places: at("a"), Data: []byte(toyKey)},
		{Places: at("b"), Data: []byte(toyKey + "BOOM " + toyKey)},
		{Places: at("c", "1"), Open: func() (io.ReadCloser, error) { return nil, errBad }},
		{Places: at("d"), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(toyKey), iotest.ErrReader(errBad))), nil
		}},
		{Data: []byte("BOOM")},
	}}
	rep := Run(t.Context(), s, Options{Rules: []*rule.Rule{toy, crash}, Jobs: 2})
	if got, want := list(rep), "a@:1:1 b@:1:1 b@:1:17 d@:1:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if rep.Complete() || rep.Interrupted() || len(rep.Gaps) != 4 {
		t.Fatalf("%v", rep.Gaps)
	}
	for i, want := range []string{"crashed", "b: looking for credentials crashed", "c in commit 1: bad block", "d: bad block"} {
		if got := rep.Gaps[i].Error(); !strings.Contains(got, want) {
			t.Errorf("gap %d: %s, want %s", i, got, want)
		}
	}
	for i, want := range []fault.Code{fault.Crashed, fault.Crashed, fault.Unreadable, fault.Unreadable} {
		if got := rep.Gaps[i].Code(); got != want {
			t.Errorf("gap %d has the code %v, not %v", i, got, want)
		}
	}
	if all := rep.Faults(); len(all) != 2 || all[0].Code != fault.Unreadable || all[1].Code != fault.Crashed {
		t.Errorf("the faults are %v", all)
	}
	if strings.Contains(fmt.Sprint(rep.Gaps), toyKey) {
		t.Error("a crash tells the credential")
	}
	if !errors.Is(rep.Gaps[2], errBad) {
		t.Error("the cause is lost")
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &shelf{blobs: []Blob{
		{Places: at("a"), Data: []byte(toyKey)},
		{Places: at("b"), Open: func() (io.ReadCloser, error) {
			cancel()
			return io.NopCloser(strings.NewReader(toyKey)), nil
		}},
		{Places: at("c"), Data: []byte(toyKey)},
	}}
	rep := Run(ctx, s, Options{Rules: []*rule.Rule{toy}, Jobs: 1})
	if rep.Complete() || !rep.Interrupted() || !strings.HasPrefix(list(rep), "a@:1:1") {
		t.Errorf("%s, %v", list(rep), rep.Gaps)
	}
}

// What crashes outside of a rule, such as the source's own code, costs its blob.
func TestAnyFaultIsAGap(t *testing.T) {
	var none []int
	rep := run(t, &shelf{blobs: []Blob{
		{Places: at("a"), Open: func() (io.ReadCloser, error) { return nil, fmt.Errorf("%d", none[1]) }},
		{Places: at("b"), Data: []byte(toyKey)},
	}})
	if list(rep) != "b@:1:1" || len(rep.Gaps) != 1 || !strings.Contains(rep.Gaps[0].Error(), "a: looking for credentials crashed") || !strings.Contains(rep.Gaps[0].Error(), "out of range") {
		t.Errorf("%s, %v", list(rep), rep.Gaps)
	}
}

// A repository made to fill the report is counted, not kept.
func TestReportIsBounded(t *testing.T) {
	places := make([]Place, maxFindings+5)
	for i := range places {
		places[i].Path = fmt.Sprintf("%06d", i)
	}
	rep := run(t, &shelf{blobs: []Blob{{Places: places, Data: []byte(toyKey)}, {Places: at("more"), Data: []byte(toyKey)}}})
	if len(rep.Findings) != maxFindings || len(rep.Gaps) != 1 || rep.Gaps[0].Code() != fault.TooMany || !strings.Contains(rep.Gaps[0].Error(), "6 more findings") {
		t.Errorf("%d findings, %v", len(rep.Findings), rep.Gaps)
	}
}

// Nor does a blob made of credentials fill the memory, and no number of look-alikes hides
// a key, whether it comes after them in one blob or in another.
func TestLookAlikesHideNothing(t *testing.T) {
	many := strings.Repeat("KEY00000000 ", maxFindings+7)
	for name, blobs := range map[string][]Blob{
		"one blob":  {{Places: at("a"), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(many + toyKey)), nil }}},
		"two blobs": {{Places: at("a"), Data: []byte(many)}, {Places: at("b"), Data: []byte("KEY00000000 " + toyKey)}},
	} {
		rep := Run(t.Context(), &shelf{blobs: blobs}, Options{Rules: []*rule.Rule{toy}, Jobs: 1})
		if rep.Count(rule.Error) != 1 || rep.Count(rule.Note) != maxFindings+1 || rep.Complete() {
			t.Errorf("%s: %d errors of %d findings, %v", name, rep.Count(rule.Error), len(rep.Findings), rep.Gaps)
		}
		if text := fmt.Sprint(rep.Gaps); !strings.Contains(text, "7 more findings in it are not listed") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if hits := toys.Find([]byte(many)); len(hits) != maxFindings+7 {
		t.Errorf("Find returns %d", len(hits))
	}
}

func TestProgress(t *testing.T) {
	var p Progress
	Run(t.Context(), &shelf{blobs: []Blob{{Places: at("a"), Data: []byte("abc")}, {Places: at("b"), Data: []byte("de")}}}, Options{Meter: &p})
	if p.Blobs.Load() != 2 || p.Bytes.Load() != 5 {
		t.Errorf("%d blobs, %d bytes", p.Blobs.Load(), p.Bytes.Load())
	}
}
