package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

func renderJSON(t *testing.T, rep *scan.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (report.JSON{Version: "1.2.3"}).Render(&b, rep); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// strict compiles the documented schema so that it allows no key that it does not name:
// what the program writes is all documented.
func strict(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`"type": "object",`).ReplaceAll(text, []byte(`"type": "object", "additionalProperties": false,`))
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("report.schema.json")
}

func TestJSONIsAsDocumented(t *testing.T) {
	odd := sample(t)
	odd.Findings[0].Place.AuthorDate = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Findings[1].Place.AuthorDate = time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", 99*3600))
	odd.Findings[2].Inside, odd.Findings[2].Match.Encoding = []string{"a.zip"}, []string{"base64"}
	odd.Findings[2].From, odd.Findings[2].To = scan.Position{}, scan.Position{}
	schema := strict(t)
	for name, rep := range map[string]*scan.Report{
		"nothing": nothing(t), "some": sample(t), "hostile": sample(t, hostile...), "odd": odd,
		"none": {Scanned: scan.Scanned{Mode: "none", Note: "the branch was deleted"}},
	} {
		out := renderJSON(t, rep)
		if !utf8.Valid(out) || !bytes.HasSuffix(out, []byte("}\n")) {
			t.Errorf("%s: no text file", name)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The example in the documentation has all the keys, and they are where the program puts them.
func TestJSONExample(t *testing.T) {
	doc, err := os.ReadFile("../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```json\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("no example")
	}
	rep := sample(t, "gap")
	rep.Findings, rep.Gaps, rep.Remarks = rep.Findings[:1], rep.Gaps[:1], []scan.Remark{{Where: "x", Text: "y"}}
	if got, want := shape(t, []byte(example)), shape(t, renderJSON(t, rep)); !slices.Equal(got, want) {
		t.Errorf("the example has\n%q\nand the program writes\n%q", got, want)
	}
}

// shape lists the keys of a JSON text in order.
func shape(t *testing.T, text []byte) []string {
	t.Helper()
	var keys []string
	d := json.NewDecoder(bytes.NewReader(text))
	type level struct{ object, key bool }
	stack := []level{{}}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return keys
		} else if err != nil {
			t.Fatal(err)
		}
		top := &stack[len(stack)-1]
		if s, ok := tok.(string); ok && top.object && top.key {
			keys, top.key = append(keys, s), false
			continue
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			stack = append(stack, level{tok == json.Delim('{'), true})
			continue
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
		stack[len(stack)-1].key = true
	}
}

func TestJSONSaysWhatTheReportSays(t *testing.T) {
	rep := sample(t, "x\xffy", "a\nb")
	rep.Findings[0].Inside = []string{"in.zip"}
	rep.Findings[0].Match.ID, rep.Findings[1].Match.ID = "4711", ""
	var got struct {
		Tool    struct{ Version string }
		Scanned struct {
			Base, Head, Note string
			Blobs            int
			Complete         bool
		}
		Findings []struct {
			Rule, Level, Path, Commit, Redacted, Fingerprint, Proof, Live string
			Line, Column                                                  int
			EndLine                                                       int    `json:"end_line"`
			EndColumn                                                     int    `json:"end_column"`
			AuthorDate                                                    string `json:"author_date"`
			ID                                                            *string
			Inside                                                        []string
			Suppressed                                                    any
		}
		Gaps []struct{ Path, Commit, Why string }
	}
	if err := json.Unmarshal(renderJSON(t, rep), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tool.Version != "1.2.3" || got.Scanned.Head != commit || got.Scanned.Complete || got.Scanned.Blobs != rep.Scanned.Blobs {
		t.Errorf("got %+v", got)
	}
	if len(got.Findings) != len(rep.Findings) || len(got.Gaps) != 2 {
		t.Fatalf("%d findings and %d gaps", len(got.Findings), len(got.Gaps))
	}
	for i, f := range got.Findings {
		w := rep.Findings[i]
		if f.Rule != w.Rule.ID || f.Level != w.Level.String() || f.Line != w.From.Line || f.EndColumn != w.To.Column || f.EndLine != w.To.Line || f.Column != w.From.Column ||
			f.Path != strings.ToValidUTF8(w.Place.Path, "\ufffd") || f.Fingerprint != w.Fingerprint() || f.AuthorDate != "2026-11-03T04:30:00Z" || f.Suppressed != nil ||
			f.Proof != w.Match.Proof.String() || len(f.Inside) != len(w.Inside) {
			t.Errorf("finding %d: %+v", i, f)
		}
	}
	if id := got.Findings[0].ID; id == nil || *id != "4711" || got.Findings[1].ID != nil {
		t.Errorf("ids %v and %v", id, got.Findings[1].ID)
	}
	if got.Gaps[0].Path != "a\nb" || got.Gaps[0].Why != "cannot read a\nb" {
		t.Errorf("gap: %+v", got.Gaps[0])
	}
}

func TestJSONRedactsPaths(t *testing.T) {
	key := rule.All()[1].Mint(random())
	rep := sample(t, "keys/"+key)
	rep.Scanned.Note, rep.Scanned.Base = "because of "+key, key
	rep.Findings[0].Inside = []string{key}
	if bytes.Contains(renderJSON(t, rep), []byte(key)) {
		t.Error("a credential is told")
	}
}
