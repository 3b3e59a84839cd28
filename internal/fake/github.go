package fake

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bbkeys/bbkeys/internal/spec"
)

// A GitHub takes SARIF reports for code scanning, for the repository acme/shop below the
// path /api/v3, as a server of a company's own has it.
type GitHub struct {
	desk
	token   string
	schema  *jsonschema.Schema
	fate    []Fate
	uploads []Upload
}

// An Upload is a report that was taken.
type Upload struct {
	Commit, Ref, Checkout, Tool string
	Started                     time.Time
	SARIF                       string // as it was before it was packed
}

// A Fate is what GitHub says of a report while and after it looks at it. The zero Fate is
// that it does not know of it yet.
type Fate struct {
	Status string   `json:"processing_status"`
	Errors []string `json:"errors"`
}

// OnGitHub returns a GitHub that lets in whoever has the token. Where the schema of SARIF is
// missing, the test is skipped.
func OnGitHub(t testing.TB, token string) *GitHub {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(spec.File(t, "sarif/oasis/sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	g := &GitHub{token: token, schema: schema}
	g.Restart(nil)
	g.open(t, g)
	return g
}

// Restart forgets all that came in, and misbehaves from now on; before may be nil. A report
// has the fates one after the other, the last one again and again; without any it is
// complete at once.
func (g *GitHub) Restart(before Unruly, fate ...Fate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(fate) == 0 {
		fate = []Fate{{Status: "complete"}}
	}
	g.before, g.requests, g.uploads, g.fate = before, nil, nil, fate
}

// Uploads returns the reports that were taken.
func (g *GitHub) Uploads() []Upload {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.uploads)
}

const (
	uploads  = "/api/v3/repos/acme/shop/code-scanning/sarifs"
	uploadID = "47177e22-5596-11eb-80a1-c1e54ef945c6"
)

// ServeHTTP implements http.Handler.
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := g.receive(w, r)
	if !ok {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	status, answer := g.answer(asked{r, body})
	reply(w, status, answer)
}

func (g *GitHub) answer(r asked) (int, any) {
	if r.Header.Get("Authorization") != "Bearer "+g.token {
		return http.StatusForbidden, failure("Resource not accessible by integration")
	}
	if r.Header.Get("Accept") != "application/vnd.github+json" || r.Header.Get("X-GitHub-Api-Version") != "2022-11-28" || r.Header.Get("User-Agent") == "" {
		return g.refuse(r, []string{"a header is missing"})
	}
	switch r.Method + " " + r.URL.EscapedPath() {
	case "POST " + uploads:
		u, wrong := g.read(r.body)
		if len(wrong) > 0 {
			return g.refuse(r, wrong)
		}
		g.uploads = append(g.uploads, u)
		return http.StatusAccepted, map[string]any{"id": uploadID, "url": g.URL + uploads + "/" + uploadID}
	case "GET " + uploads + "/" + uploadID:
		if len(g.uploads) == 0 {
			break
		}
		now := g.fate[0]
		if len(g.fate) > 1 {
			g.fate = g.fate[1:]
		}
		if now.Status == "" {
			return http.StatusNotFound, failure("Not Found")
		}
		return http.StatusOK, now
	}
	return http.StatusNotFound, failure("Not Found")
}

// What an upload's fields must be (REST API description of GitHub, 2022-11-28, "Upload an
// analysis as SARIF data").
var (
	uploadCommit = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	uploadRef    = regexp.MustCompile(`^refs/(heads/.+|tags/.+|pull/\d+/(merge|head))$`)
)

// maxPacked is how large a packed report may be, and maxResults how many results it may
// have (docs.github.com, "SARIF support for code scanning", 2026-11).
const (
	maxPacked  = 10 << 20
	maxResults = 25_000
)

// read returns the report in a body, and what GitHub would not like of it.
func (g *GitHub) read(body []byte) (u Upload, wrong []string) {
	var in struct {
		Commit   *string `json:"commit_sha"`
		Ref      *string `json:"ref"`
		SARIF    *string `json:"sarif"`
		Checkout string  `json:"checkout_uri"`
		Started  string  `json:"started_at"`
		Tool     string  `json:"tool_name"`
		Validate bool    `json:"validate"`
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return u, []string{err.Error()}
	}
	if in.Commit == nil || in.Ref == nil || in.SARIF == nil {
		return u, []string{"a field is missing"}
	}
	u = Upload{Commit: *in.Commit, Ref: *in.Ref, Checkout: in.Checkout, Tool: in.Tool}
	if !uploadCommit.MatchString(u.Commit) || !uploadRef.MatchString(u.Ref) {
		wrong = append(wrong, fmt.Sprintf("no commit %q or no ref %q", u.Commit, u.Ref))
	}
	if u.Checkout != "" && !strings.HasPrefix(u.Checkout, "file:///") {
		wrong = append(wrong, "the checkout is no file URL")
	}
	if in.Started != "" {
		var err error
		if u.Started, err = time.Parse("2006-01-02T15:04:05Z", in.Started); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	packed, err := base64.StdEncoding.Strict().DecodeString(*in.SARIF)
	if err == nil && len(packed) > maxPacked {
		err = fmt.Errorf("the report has %d bytes", len(packed))
	}
	if err == nil {
		u.SARIF, err = g.unpack(packed)
	}
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	return u, wrong
}

// unpack returns a packed report, if it is one by its schema.
func (g *GitHub) unpack(packed []byte) (string, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	if err := g.schema.Validate(doc); err != nil {
		return "", err
	}
	runs, _ := doc.(map[string]any)["runs"].([]any)
	if len(runs) != 1 {
		return "", fmt.Errorf("the report has %d runs", len(runs))
	}
	if results, _ := runs[0].(map[string]any)["results"].([]any); len(results) > maxResults {
		return "", fmt.Errorf("the report has %d results", len(results))
	}
	return string(text), nil
}
