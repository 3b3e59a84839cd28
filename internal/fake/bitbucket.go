package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A Bitbucket takes the reports of Code Insights, of Cloud or of Data Center.
type Bitbucket struct {
	desk
	law     law
	reports map[string]*Report
}

// A Report is what a Bitbucket has at one path.
type Report struct {
	Body        map[string]any
	Annotations []map[string]any // in the order in which they came
}

// Restart forgets all that came in, and misbehaves from now on; before may be nil.
func (b *Bitbucket) Restart(before Unruly) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.before, b.requests, b.reports = before, nil, map[string]*Report{}
}

// A law is what one product allows.
type law struct {
	description *description
	prefix      string // before the paths of the description
	spelling    func(path string) string
	admits      func(r *http.Request) (status int, why string) // 0 admits
	report      func(map[string]any) []string                  // what is wrong with it
	annotation  func(map[string]any) []string
	list        func(body []byte) ([]map[string]any, error)
	id          string // the field that names an annotation
	unique      bool   // of annotations with one id the last counts
	created     int    // the status of annotations that were taken
}

// maxAnnotations is how many a report can have, in both products.
const maxAnnotations = 1000

// Cloud returns a Bitbucket Cloud behind the proxy of a pipeline: requests come for
// http://api.bitbucket.org, through it, and without a credential. Where the vendor's
// description is missing, the test is skipped.
func Cloud(t testing.TB) *Bitbucket {
	return start(t, law{
		description: cloudDescription(t), prefix: "/2.0", spelling: strings.Clone,
		admits: func(r *http.Request) (int, string) {
			if !strings.HasPrefix(r.RequestURI, "http://api.bitbucket.org/2.0/") || r.Host != "api.bitbucket.org" {
				return http.StatusBadRequest, "the proxy signs for http://api.bitbucket.org alone"
			}
			if r.Header.Get("Authorization") != "" {
				return http.StatusUnauthorized, "the proxy takes no credential"
			}
			return 0, ""
		},
		report: cloudReport, annotation: cloudAnnotation, id: "external_id", unique: true, created: http.StatusOK,
		list: func(body []byte) (list []map[string]any, err error) { return list, json.Unmarshal(body, &list) },
	})
}

// DataCenter returns a Bitbucket Data Center below the path /bitbucket, which lets in
// whoever has the token. Where the vendor's description is missing, the test is skipped.
func DataCenter(t testing.TB, token string) *Bitbucket {
	return start(t, law{
		description: dataCenterDescription(t), prefix: "/bitbucket/rest",
		spelling: func(path string) string { return strings.Replace(path, "/insights/1.0/", "/insights/latest/", 1) },
		admits: func(r *http.Request) (int, string) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				return http.StatusUnauthorized, "You are not permitted to access this resource"
			}
			return 0, ""
		},
		report: serverReport, annotation: serverAnnotation, id: "externalId", created: http.StatusNoContent,
		list: func(body []byte) ([]map[string]any, error) {
			var in struct{ Annotations []map[string]any }
			err := json.Unmarshal(body, &in)
			return in.Annotations, err
		},
	})
}

func start(t testing.TB, l law) *Bitbucket {
	b := &Bitbucket{law: l, reports: map[string]*Report{}}
	b.open(t, b)
	return b
}

// Reports returns what is there now, by the path of the vendor's API.
func (b *Bitbucket) Reports() map[string]Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := map[string]Report{}
	for path, r := range b.reports {
		all[path] = *r
	}
	return all
}

// ServeHTTP implements http.Handler.
func (b *Bitbucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := b.receive(w, r)
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	status, answer := b.answer(asked{r, body})
	reply(w, status, answer)
}

// wholeCommit is the end of a path as both products want it: a commit's full name.
var wholeCommit = regexp.MustCompile(`/commits?/[0-9a-f]{40}/reports/[A-Za-z0-9._-]{1,50}(/annotations)?$`)

// answer does what a request asks for.
func (b *Bitbucket) answer(r asked) (int, any) {
	if status, why := b.law.admits(r.Request); status != 0 {
		return status, failure(why)
	}
	path := b.law.spelling(r.URL.EscapedPath())
	wrong := b.law.description.check(r, strings.TrimPrefix(path, b.law.prefix))
	if !strings.HasPrefix(path, b.law.prefix) || !wholeCommit.MatchString(path) {
		wrong = append(wrong, "the path is none of a report")
	}
	if len(wrong) > 0 {
		return b.refuse(r, wrong)
	}
	if at, ok := strings.CutSuffix(path, "/annotations"); ok {
		return b.annotate(r, at)
	}
	had := b.reports[path]
	switch r.Method {
	case http.MethodDelete:
		if had == nil {
			return http.StatusNotFound, failure("there is no such report")
		}
		delete(b.reports, path)
		return http.StatusNoContent, nil
	case http.MethodPut:
		body := map[string]any{}
		if err := json.Unmarshal(r.body, &body); err != nil {
			return b.refuse(r, []string{err.Error()})
		}
		if wrong := b.law.report(body); len(wrong) > 0 {
			return b.refuse(r, wrong)
		}
		if had == nil {
			had = new(Report)
			b.reports[path] = had
		}
		had.Body = body // its annotations stay
		return http.StatusOK, body
	}
	return b.refuse(r, []string{"nothing is to be done this way"})
}

// annotate adds annotations to the report at a path.
func (b *Bitbucket) annotate(r asked, at string) (int, any) {
	report := b.reports[at]
	if report == nil {
		return http.StatusNotFound, failure("there is no such report")
	}
	list, err := b.law.list(r.body)
	if err != nil {
		return b.refuse(r, []string{err.Error()})
	}
	var wrong []string
	seen := map[any]bool{}
	for n, a := range list {
		for _, w := range b.law.annotation(a) {
			wrong = append(wrong, fmt.Sprintf("annotation %d: %s", n, w))
		}
		id, _ := a[b.law.id].(string)
		if id == "" || len(id) > 450 || seen[id] {
			wrong = append(wrong, fmt.Sprintf("annotation %d: its id %q is none, or another one's", n, id))
		}
		seen[id] = true
	}
	var all []map[string]any
	for _, old := range report.Annotations {
		if !b.law.unique || !seen[old[b.law.id]] {
			all = append(all, old)
		}
	}
	if all = append(all, list...); len(all) > maxAnnotations {
		wrong = append(wrong, fmt.Sprintf("the report would have %d annotations", len(all)))
	}
	if len(wrong) > 0 {
		return b.refuse(r, wrong)
	}
	report.Annotations = all
	return b.law.created, list
}
