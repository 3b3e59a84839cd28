package bitbucket

import (
	"errors"
	"strconv"
	"strings"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/web"
)

// apiURL is the address of Cloud's API for the proxy of a build, which makes it https and
// signs for the build (integrate code insights, support.atlassian.com, 2026-11).
const apiURL = "http://api.bitbucket.org/2.0"

// proxies returns the proxies that let a build in, in the order in which they are tried. A
// step and a pipe reach the same one under different names (advanced techniques for
// writing pipes, support.atlassian.com, 2026-11).
func proxies(p proc.Process) []string {
	step, pipe := "http://localhost:29418", "http://host.docker.internal:29418"
	if p.Getenv("BITBUCKET_DOCKER_HOST_INTERNAL") != "" {
		return []string{pipe, step}
	}
	return []string{step, pipe}
}

// cloudInsights returns the publisher that puts the report on the commit of a pipeline,
// without a credential.
func cloudInsights(p proc.Process, j ci.Job, d ci.Delivery) insights {
	workspace, repo := p.Getenv("BITBUCKET_WORKSPACE"), p.Getenv("BITBUCKET_REPO_SLUG")
	if owner, name, ok := strings.Cut(p.Getenv("BITBUCKET_REPO_FULL_NAME"), "/"); ok && (workspace == "" || repo == "") {
		workspace, repo = owner, name
	}
	i := insights{
		commit: j.Commit, began: d.Began, out: p.Stdout, must: d.Insights == "true",
		scan: scanned{kind: kind(d.Mode, j.Change.Event), policy: d.Policy},
		host: host{
			path: func(commit, id string) string {
				return "/repositories/" + segment(workspace) + "/" + segment(repo) + "/commit/" + commit + "/reports/" + id
			},
			encode: cloudBodies,
			again:  true, // an annotation has an identifier by which it is replaced
			denied: "the proxy of the pipeline may write reports on commits of its own repository alone",
		},
	}
	for _, proxy := range proxies(p) {
		i.host.servers = append(i.host.servers, api.Server{URL: apiURL, Network: web.Of(p).Through(proxy)})
	}
	if workspace == "" || repo == "" {
		i.absent = errors.New("BITBUCKET_WORKSPACE and BITBUCKET_REPO_SLUG do not say which repository it is for")
	} else if n, err := strconv.Atoi(p.Getenv("BITBUCKET_BUILD_NUMBER")); err == nil {
		i.scan.link = "https://bitbucket.org/" + segment(workspace) + "/" + segment(repo) + "/pipelines/results/" + strconv.Itoa(n)
	}
	return i
}

// The bodies of requests to Cloud (Bitbucket Cloud API description, 2026-08).
type (
	cloudReport struct {
		Type       string `json:"type"`
		Title      string `json:"title"`
		Details    string `json:"details"`
		ReportType string `json:"report_type"`
		Reporter   string `json:"reporter"`
		Link       string `json:"link,omitempty"`
		Result     string `json:"result"`
		Data       []fact `json:"data"`
	}
	cloudAnnotation struct {
		Type     string   `json:"type"`
		ID       string   `json:"external_id"`
		Kind     string   `json:"annotation_type"`
		Path     string   `json:"path,omitempty"`
		Line     int      `json:"line,omitempty"`
		Summary  string   `json:"summary"`
		Details  string   `json:"details"`
		Result   string   `json:"result"`
		Severity severity `json:"severity"`
		Link     string   `json:"link,omitempty"`
	}
)

// cloudBodies says p in Cloud's words.
func cloudBodies(p page) ([][]byte, error) {
	r := cloudReport{
		Type: "report", Title: p.title, Details: p.details, ReportType: "SECURITY", Reporter: "bbkeys", Link: p.link, Result: "FAILED",
		Data: append(p.facts, fact{"Detected kinds", isLink, link{"bbkeys rules", rulesPage}}),
	}
	if p.passed {
		r.Result = "PASSED"
	}
	var all []cloudAnnotation
	for _, m := range p.remarks {
		a := cloudAnnotation{
			Type: "report_annotation", ID: m.id, Kind: "VULNERABILITY", Path: m.path, Line: m.line,
			Summary: m.summary, Details: m.details, Result: "SKIPPED", Severity: m.severity, Link: m.link,
		}
		if m.fails {
			a.Result = "FAILED"
		}
		all = append(all, a)
	}
	return encodeAll(r, all, func(part []cloudAnnotation) any { return part })
}

// rulesPage tells what is detected and how each kind is revoked.
const rulesPage = "https://github.com/bbkeys/bbkeys/blob/main/docs/rules.md"
