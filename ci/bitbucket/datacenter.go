package bitbucket

import (
	"errors"
	"net/url"
	"strings"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/secret"
	"github.com/bbkeys/bbkeys/web"
)

// A Repository is one of a Bitbucket Data Center.
type Repository struct {
	server        string // its address, with the path that it is installed under
	project, slug string // the project's key, and the repository's name in addresses
}

// errNoRepository does not repeat the address, which may hold a password.
var errNoRepository = errors.New("the value is no address of a repository in Bitbucket Data Center, such as https://bitbucket.example.com/projects/KEY/repos/NAME or one to clone it from, without a user and a password")

// ParseRepository reads the address of a repository: that of its page in a browser, or one
// that it is cloned from over http.
func ParseRepository(address string) (Repository, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return Repository{}, errNoRepository
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	for i, part := range parts {
		rest := parts[i+1:]
		r := Repository{server: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + strings.Join(parts[:i], "/")}).String()}
		switch {
		case part == "projects" && len(rest) >= 3 && rest[1] == "repos":
			r.project, r.slug = rest[0], rest[2]
		case part == "users" && len(rest) >= 3 && rest[1] == "repos":
			r.project, r.slug = "~"+rest[0], rest[2] // somebody's own repository
		case part == "scm" && len(rest) == 2:
			r.project, r.slug = rest[0], strings.TrimSuffix(rest[1], ".git")
		}
		if r.project != "" && r.project != "~" && r.slug != "" {
			r.server = strings.TrimRight(r.server, "/")
			return r, nil
		}
	}
	return Repository{}, errNoRepository
}

// Publisher returns what puts the report on the commit in r, by Code Insights of Data
// Center. The job's CI may be any; token is an HTTP access token that may read r.
func (r Repository) Publisher(p proc.Process, j ci.Job, d ci.Delivery, token string) report.Publisher {
	i := insights{
		commit: j.Commit, began: d.Began, out: p.Stdout, must: true,
		scan: scanned{kind: kind(d.Mode, j.Change.Event), policy: d.Policy, link: webPage(j.Page)},
		host: host{
			path: func(commit, id string) string {
				return "/rest/insights/1.0/projects/" + segment(r.project) + "/repos/" + segment(r.slug) + "/commits/" + commit + "/reports/" + id
			},
			encode: serverBodies,
			denied: "the input token must be an HTTP access token that may read the repository, and a report that another account made is its own to replace",
		},
	}
	s := api.Server{URL: r.server, Network: web.Of(p)}
	switch {
	case j.Change.Elsewhere:
		i.absent = errors.New("no token is used for a change that the checkout does not hold")
	case token == "":
		i.absent = errors.New("the input token is empty; give it an HTTP access token that may read the repository")
	default:
		s.Authorization = secret.New("Bearer " + token)
	}
	i.host.servers = []api.Server{s}
	return i
}

// webPage returns s if it is the address of a page; Data Center refuses a report with
// anything else in its place.
func webPage(s string) string {
	if u, err := url.Parse(s); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(s) > maxPath {
		return ""
	}
	return s
}

// The bodies of requests to Data Center (API description of Bitbucket 9.4).
type (
	serverReport struct {
		Title    string `json:"title"`
		Details  string `json:"details"`
		Reporter string `json:"reporter"`
		Link     string `json:"link,omitempty"`
		Result   string `json:"result"`
		Data     []fact `json:"data"`
	}
	serverAnnotation struct {
		ID       string   `json:"externalId"`
		Path     string   `json:"path,omitempty"`
		Line     int      `json:"line"`
		Message  string   `json:"message"`
		Severity severity `json:"severity"`
		Link     string   `json:"link,omitempty"`
		Type     string   `json:"type"`
	}
	serverAnnotations struct {
		Annotations []serverAnnotation `json:"annotations"`
	}
)

// serverBodies says p in the words of Data Center, which takes six facts and knows nothing
// that is critical.
func serverBodies(p page) ([][]byte, error) {
	r := serverReport{Title: p.title, Details: p.details, Reporter: "bbkeys", Link: p.link, Result: "FAIL", Data: p.facts}
	if p.passed {
		r.Result = "PASS"
	}
	var all []serverAnnotation
	for _, m := range p.remarks {
		a := serverAnnotation{ID: m.id, Path: m.path, Line: m.line, Message: m.summary, Severity: m.severity, Link: m.link, Type: "VULNERABILITY"}
		if a.Severity == critical {
			a.Severity = high
		}
		all = append(all, a)
	}
	return encodeAll(r, all, func(part []serverAnnotation) any { return serverAnnotations{part} })
}
