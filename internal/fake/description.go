package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/bbkeys/bbkeys/internal/spec"
)

// A description is a vendor's description of its API, as far as it is about reports.
type description struct{ router routers.Router }

// check returns what is wrong with a request for a path of the description.
func (d *description) check(r asked, path string) []string {
	u, err := url.Parse(path)
	if err != nil {
		return []string{err.Error()}
	}
	req := r.Clone(r.Context())
	req.URL, req.Host = u, ""
	req.Body = io.NopCloser(bytes.NewReader(r.body))
	route, params, err := d.router.FindRoute(req)
	if err != nil {
		return []string{fmt.Sprintf("%s %s: %v", r.Method, path, err)}
	}
	input := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		return []string{err.Error()}
	}
	body := route.Operation.RequestBody
	if body == nil {
		if len(r.body) > 0 {
			return []string{"there is a body, and there is none to be"}
		}
		return nil
	}
	var v any
	if err := json.Unmarshal(r.body, &v); err != nil {
		return []string{err.Error()}
	}
	return unknown(body.Value.Content.Get("application/json").Schema.Value, v, "")
}

// unknown returns the fields that a value has and its schema has not: the vendors' schemas
// let any pass, also one that is misspelt.
func unknown(s *openapi3.Schema, v any, at string) []string {
	var wrong []string
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if s.Items != nil {
				wrong = append(wrong, unknown(s.Items.Value, e, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		fields := properties(s)
		for k, e := range v {
			switch p := fields[k]; {
			case p != nil:
				wrong = append(wrong, unknown(p, e, at+"."+k)...)
			case len(fields) > 0:
				wrong = append(wrong, at+"."+k+" is no field")
			}
		}
	}
	return wrong
}

// properties returns the fields of an object of a schema.
func properties(s *openapi3.Schema) map[string]*openapi3.Schema {
	fields := map[string]*openapi3.Schema{}
	for name, p := range s.Properties {
		fields[name] = p.Value
	}
	for _, part := range s.AllOf {
		for name, p := range properties(part.Value) {
			fields[name] = p
		}
	}
	return fields
}

// parsed returns a vendor's file as JSON.
func parsed(t testing.TB, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(spec.File(t, file))
	if err != nil {
		t.Fatal(err)
	}
	doc := map[string]any{}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// prune keeps of a description the paths about reports and the schemas that these use.
func prune(doc, schemas map[string]any, ref string) {
	paths := doc["paths"].(map[string]any)
	var queue []any
	for path, item := range paths {
		if !strings.Contains(path, "/reports/{") {
			delete(paths, path)
			continue
		}
		queue = append(queue, item)
	}
	used := map[string]bool{}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		switch v := v.(type) {
		case []any:
			queue = append(queue, v...)
		case map[string]any:
			for k, e := range v {
				if to, ok := e.(string); ok && k == "$ref" {
					if name, ok := strings.CutPrefix(to, ref); ok && !used[name] {
						used[name] = true
						queue = append(queue, schemas[name])
					}
				}
				queue = append(queue, e)
			}
		}
	}
	for name := range schemas {
		if !used[name] {
			delete(schemas, name)
		}
	}
}

// anyValue lets a fact have any value. The descriptions say that it is an object, and tell
// in words, with examples, that it is one for links alone; limits.go holds it to those.
func anyValue(schemas map[string]any, name string) {
	delete(schemas[name].(map[string]any)["properties"].(map[string]any)["value"].(map[string]any), "type")
}

// router finds the operations of a description, whose paths begin at the root.
func router(t testing.TB, doc *openapi3.T) *description {
	t.Helper()
	doc.Servers = openapi3.Servers{{URL: "/"}}
	// An example may be wrong, and a description without its other parts is.
	r, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	if err != nil {
		t.Fatal(err)
	}
	return &description{r}
}

// cloudDescription reads Cloud's, of 2026-08-03.
func cloudDescription(t testing.TB) *description {
	t.Helper()
	doc := parsed(t, "bitbucket/cloud/bitbucket-cloud-swagger2-2026-08-03.json")
	schemas := doc["definitions"].(map[string]any)
	prune(doc, schemas, "#/definitions/")
	anyValue(schemas, "report_data")
	delete(schemas["object"].(map[string]any), "discriminator") // among kinds that are not here
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		t.Fatal(err)
	}
	// What a body is of, where an operation does not say so.
	old.Consumes = []string{"application/json"}
	converted, err := openapi2conv.ToV3(&old)
	if err != nil {
		t.Fatal(err)
	}
	return router(t, converted)
}

// dataCenterDescription reads that of Data Center 9.4.
func dataCenterDescription(t testing.TB) *description {
	t.Helper()
	doc := parsed(t, "bitbucket/datacenter/bitbucket-9.4-openapi.json")
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	prune(doc, schemas, "#/components/schemas/")
	anyValue(schemas, "RestInsightReportData")
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return router(t, loaded)
}

var _ http.Handler = (*Bitbucket)(nil)
