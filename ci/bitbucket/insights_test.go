package bitbucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/internal/fake"
	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
	"github.com/bbkeys/bbkeys/web"
)

// tip is the commit that Bitbucket shows.
var tip = strings.Repeat("5e", 20)

const token = "the token of a test"

var fails = report.Policy{FailOn: rule.Warning}

// A product is one Bitbucket with what publishes to it.
type product struct {
	name    string
	server  func(*testing.T) *fake.Bitbucket
	publish func(b *fake.Bitbucket, d ci.Delivery, event string) insights
	path    string // of the report, before its kind
	id      string // the field with an annotation's name
	text    string // the field with its summary
}

func products() []product {
	cloud := product{
		name: "cloud", server: func(t *testing.T) *fake.Bitbucket { return fake.Cloud(t) },
		publish: func(b *fake.Bitbucket, d ci.Delivery, event string) insights {
			p := proc.Process{Env: []string{"BITBUCKET_WORKSPACE=acme", "BITBUCKET_REPO_SLUG=shop", "BITBUCKET_BUILD_NUMBER=7"}}
			i := cloudInsights(p, ci.Job{Commit: tip, Change: ci.Change{Event: event}}, d)
			i.host.servers = i.host.servers[:1]
			i.host.servers[0].Network = web.Network{}.Through(b.URL)
			return i
		},
		path: "/2.0/repositories/acme/shop/commit/" + tip + "/reports/bbkeys-", id: "external_id", text: "summary",
	}
	server := product{
		name: "data center", server: func(t *testing.T) *fake.Bitbucket { return fake.DataCenter(t, token) },
		publish: func(b *fake.Bitbucket, d ci.Delivery, event string) insights {
			r, err := ParseRepository(b.URL + "/bitbucket/scm/pr/shop.git")
			if err != nil {
				panic(err)
			}
			j := ci.Job{Commit: tip, Change: ci.Change{Event: event}, Page: "https://jenkins.example.com/job/shop/7/"}
			return r.Publisher(proc.Process{}, j, d, token).(insights)
		},
		path: "/bitbucket/rest/insights/latest/projects/pr/repos/shop/commits/" + tip + "/reports/bbkeys-", id: "externalId", text: "message",
	}
	return []product{cloud, server}
}

// put publishes a report and returns what was said.
func (p product) put(t *testing.T, b *fake.Bitbucket, rep *scan.Report, change func(*insights)) (string, error) {
	t.Helper()
	var out bytes.Buffer
	i := p.publish(b, ci.Delivery{Policy: fails, Began: time.Now(), Mode: "auto", Insights: "auto"}, "pull request")
	i.out, i.wait = &out, func(context.Context, time.Duration) error { return nil }
	if change != nil {
		change(&i)
	}
	err := i.Publish(t.Context(), rep)
	return out.String(), err
}

// only returns the one report that is there.
func only(t *testing.T, b *fake.Bitbucket, path string) fake.Report {
	t.Helper()
	all := b.Reports()
	if r, ok := all[path]; ok && len(all) == 1 {
		return r
	}
	t.Fatalf("there are %d reports, and not the one at %s", len(all), path)
	return fake.Report{}
}

// quiet fails where a request holds a key of the report, or the header of one that it
// must not.
func quiet(t *testing.T, b *fake.Bitbucket, rep *scan.Report) {
	t.Helper()
	all := strings.Join(b.Requests(), "\n")
	for i := range rep.Findings {
		if i < 200 && rep.Findings[i].Match.Secret.In(all) {
			t.Fatalf("finding %d is told", i)
		}
	}
}

// TestReports puts reports of every kind, twice: the second takes the place of the first.
func TestReports(t *testing.T) {
	allowed := &scan.Report{Gaps: []*scan.Gap{{Why: errors.New("no")}}, Scanned: scan.Scanned{Mode: "checkout"}}
	for _, p := range products() {
		b := p.server(t)
		for _, c := range []struct {
			name        string
			rep         *scan.Report
			policy      report.Policy
			passed      bool
			annotations int
		}{
			{"nothing", sample.Nothing(), fails, true, 0},
			{"each kind", sample.Report(), fails, false, len(sample.Report().Findings)},
			{"accepted", sample.Report(), report.Policy{}, true, len(sample.Report().Findings)},
			{"hostile", sample.Report(sample.Hostile()...), fails, false, len(sample.Report(sample.Hostile()...).Findings)},
			{"one more than a batch", sample.Many(101), fails, false, 101},
			{"one more than a report", sample.Many(1001), fails, false, 1000},
			{"incomplete", allowed, fails, false, 0},
			{"incomplete and accepted", allowed, report.Policy{AllowGaps: true}, true, 0},
		} {
			t.Run(p.name+"/"+c.name, func(t *testing.T) {
				b.Restart(nil)
				times := 2
				if c.annotations > batch+1 {
					times = 1 // for it to be quick
				}
				var first fake.Report
				for n := range times {
					said, err := p.put(t, b, c.rep, func(i *insights) { i.scan.policy = c.policy })
					if err != nil || said != fmt.Sprintf("bbkeys: the report bbkeys-pull-request is on commit %.10s in Bitbucket, with annotations: %d\n", tip, c.annotations) {
						t.Fatalf("%q, %v", said, err)
					}
					got := only(t, b, p.path+"pull-request")
					if len(got.Annotations) != c.annotations || slices.Contains([]any{"PASSED", "PASS"}, got.Body["result"]) != c.passed {
						t.Errorf("%d annotations, %v", len(got.Annotations), got.Body["result"])
					}
					for k, a := range got.Annotations {
						if n == 0 {
							break
						}
						if a[p.id] != first.Annotations[k][p.id] {
							t.Fatalf("annotation %d was %v and is %v", k, first.Annotations[k][p.id], a[p.id])
						}
					}
					first = got
				}
				quiet(t, b, c.rep)
			})
		}
	}
}

// TestFacts: what people read at a glance.
func TestFacts(t *testing.T) {
	rep := sample.Report("a.env")
	rep.Muted, rep.Findings = rep.Findings[:1], rep.Findings[1:]
	for _, p := range products() {
		b := p.server(t)
		if _, err := p.put(t, b, rep, func(i *insights) { i.began = time.Now().Add(-time.Hour) }); err != nil {
			t.Fatal(err)
		}
		body := only(t, b, p.path+"pull-request").Body
		facts := map[string]any{}
		for _, f := range body["data"].([]any) {
			facts[f.(map[string]any)["title"].(string)] = f.(map[string]any)["value"]
		}
		errs, warnings := rep.Count(rule.Error), rep.Count(rule.Warning)
		for title, want := range map[string]any{
			"Errors": float64(errs), "Warnings": float64(warnings - errs), "Notes": float64(len(rep.Findings) - warnings),
			"Scanned": report.Scanned(rep.Scanned), "Complete": false,
		} {
			if facts[title] != want {
				t.Errorf("%s: %s is %v, want %v", p.name, title, facts[title], want)
			}
		}
		if took := facts["Duration"].(float64); took < 3_600_000 || took > 7_200_000 {
			t.Errorf("%s: it took %v ms", p.name, took)
		}
		page := map[string]string{"cloud": "https://bitbucket.org/acme/shop/pipelines/results/7", "data center": "https://jenkins.example.com/job/shop/7/"}[p.name]
		if body["link"] != page || body["title"] != "Leaked keys: pull request" || body["reporter"] != "bbkeys" ||
			!strings.Contains(body["details"].(string), "Incomplete, not looked at: 1, first a.env in commit 0123456789: cannot read a.env (BBK") || !strings.Contains(body["details"].(string), "Accepted, and not counted: 1.") {
			t.Errorf("%s: %v", p.name, body)
		}
	}
}

// TestAnnotations: each level, place and kind, the worst first.
func TestAnnotations(t *testing.T) {
	rep := sample.Report("src/ü.env", "a\nb", ".git/COMMIT_EDITMSG", "/etc/passwd", strings.Repeat("long/", 300)+"x")
	for _, p := range products() {
		b := p.server(t)
		if _, err := p.put(t, b, rep, nil); err != nil {
			t.Fatal(err)
		}
		got := only(t, b, p.path+"pull-request").Annotations
		place := map[string]string{} // summaries by path and line
		ranks := map[any]int{"FAILED": 0, "SKIPPED": 1}
		for k, a := range got {
			path, _ := a["path"].(string)
			place[fmt.Sprintf("%s:%v", path, a["line"])] += a[p.text].(string) + "\n"
			if k > 0 && ranks[a["result"]] < ranks[got[k-1]["result"]] {
				t.Errorf("%s: %v comes after %v", p.name, a["result"], got[k-1]["result"])
			}
		}
		none := ":<nil>"
		packed := "conf/a.zip:<nil>"
		if p.name != "cloud" {
			none, packed = ":0", "conf/a.zip:0"
		}
		for at, want := range map[string]string{
			"src/ü.env:1": "commit 0123456789",
			packed:        "It is inside an archive: conf/a.zip, inside b.tar, inside c.env, written as base64.",
			none:          "It is in .git/COMMIT_EDITMSG:1:9.",
		} {
			if !strings.Contains(place[at], want) {
				t.Errorf("%s: at %s it says %q", p.name, at, place[at])
			}
		}
		for _, want := range []string{`It is in "a?nb":1:9.`, "It is in /etc/passwd:1:9.", "It is in long/long/"} {
			if !strings.Contains(place[none], want) {
				t.Errorf("%s: where no file can be named, %q is not said: %q", p.name, want, place[none])
			}
		}
	}
}

// TestSameKeyAgain: keys that stand in one file more than once have names of their own,
// which stay when lines move.
func TestSameKeyAgain(t *testing.T) {
	names := func(lines ...int) (ids []string) {
		rep := sample.Report()
		f := rep.Findings[0]
		rep.Findings = nil
		for _, l := range lines {
			f.From.Line = l
			rep.Findings = append(rep.Findings, f)
		}
		remarks, _ := remarksOf(rep, fails)
		for _, r := range remarks {
			ids = append(ids, r.id)
		}
		return ids
	}
	before := names(3, 9, 9, 12)
	if len(before) != 3 || before[0] == before[1] || before[1] == before[2] || before[0] == before[2] {
		t.Errorf("the names are %q", before)
	}
	if after := names(4, 10, 13); !slices.Equal(before, after) {
		t.Errorf("%q became %q when lines moved", before, after)
	}
}

// TestStatus: whether the report can be delivered never covers what the scan says.
func TestStatus(t *testing.T) {
	gap := &scan.Report{Gaps: []*scan.Gap{{Why: errors.New("no")}}}
	for _, p := range products() {
		b := p.server(t)
		b.Restart(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusForbidden)
			return true
		})
		i := p.publish(b, ci.Delivery{Policy: fails, Insights: "auto"}, "push")
		i.out = new(bytes.Buffer)
		for want, rep := range map[exit.Status]*scan.Report{exit.Undelivered: sample.Nothing(), exit.Found: sample.Report(), exit.Incomplete: gap} {
			if err := report.To(t.Context(), rep, fails, i); exit.Of(err) != want || !strings.Contains(err.Error(), "putting the report on the commit in Bitbucket: DELETE http") {
				t.Errorf("%s: status %v, %v", p.name, exit.Of(err), err)
			}
		}
	}
}

// nowhere is an address of this machine where nobody listens.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return "http://" + l.Addr().String()
}

// TestProxies: the one that is there is used, in whatever order.
func TestProxies(t *testing.T) {
	cloud := products()[0]
	b := cloud.server(t)
	for n := range 2 {
		_, err := cloud.put(t, b, sample.Nothing(), func(i *insights) {
			gone := i.host.servers[0]
			gone.Network = web.Network{}.Through(nowhere(t))
			i.host.servers = slices.Insert(i.host.servers, n, gone)
		})
		if err != nil {
			t.Error(err)
		}
	}
	only(t, b, cloud.path+"pull-request")
	for env, want := range map[string]string{
		"X=": "http://localhost:29418 http://host.docker.internal:29418",
		"BITBUCKET_DOCKER_HOST_INTERNAL=10.0.0.1": "http://host.docker.internal:29418 http://localhost:29418",
	} {
		if got := strings.Join(proxies(proc.Process{Env: []string{env}}), " "); got != want {
			t.Errorf("%s: %s", env, got)
		}
	}
}

// TestAbsent: no proxy is news where nobody asked, and an error where somebody did.
func TestAbsent(t *testing.T) {
	for _, c := range []struct {
		insights string
		env      []string
		said     string // by the log or the error
		fails    bool
	}{
		{"auto", []string{"BITBUCKET_WORKSPACE=acme", "BITBUCKET_REPO_SLUG=shop"}, "it can't be reached", false},
		{"true", []string{"BITBUCKET_WORKSPACE=acme", "BITBUCKET_REPO_SLUG=shop"}, "it can't be reached", true},
		{"auto", []string{"BITBUCKET_REPO_FULL_NAME=acme/shop"}, "/acme/shop/", false},
		{"auto", nil, "BITBUCKET_WORKSPACE", false},
		{"true", []string{"BITBUCKET_REPO_FULL_NAME=acme"}, "BITBUCKET_WORKSPACE", true},
	} {
		var out bytes.Buffer
		p := proc.Process{Env: c.env, Stdout: proc.Stream{Writer: &out}}
		i := cloudInsights(p, ci.Job{Commit: tip}, ci.Delivery{Insights: c.insights})
		for k := range i.host.servers {
			i.host.servers[k].Network = web.Network{}.Through(nowhere(t))
		}
		err := i.Publish(t.Context(), sample.Nothing())
		said := out.String()
		if c.fails && err != nil {
			said = err.Error()
		}
		if (err != nil) != c.fails || !strings.Contains(said, c.said) || strings.Count(said, "\n") > 1 {
			t.Errorf("%s with %q: %q, %v", c.insights, c.env, said, err)
		}
	}
}

// TestInput: whether there is a publisher at all.
func TestInput(t *testing.T) {
	for insights, want := range map[string]int{"auto": 2, "true": 2, "false": 1, "": 1} {
		if got := len(Provider{}.Publishers(proc.Process{}, ci.Job{}, ci.Delivery{Insights: insights})); got != want {
			t.Errorf("%q: %d publishers", insights, got)
		}
	}
}

// TestCommit: the commit that Bitbucket shows, in full.
func TestCommit(t *testing.T) {
	for _, p := range products() {
		b := p.server(t)
		rep := sample.Report()
		if _, err := p.put(t, b, rep, func(i *insights) { i.commit = "" }); err != nil {
			t.Fatal(err)
		}
		only(t, b, strings.Replace(p.path, tip, sample.Commit, 1)+"pull-request")
		for _, short := range []string{"abcdef123456", strings.Repeat("a", 64)} {
			if _, err := p.put(t, b, rep, func(i *insights) { i.commit = short }); err == nil || !strings.Contains(err.Error(), "insights-commit") {
				t.Errorf("%s: commit %s: %v", p.name, short, err)
			}
		}
	}
	job, err := Provider{}.Job(proc.Process{Env: []string{"BITBUCKET_COMMIT=" + strings.ToUpper(tip)}})
	if err != nil || job.Commit != tip {
		t.Errorf("the commit is %q, %v", job.Commit, err)
	}
}

func TestKind(t *testing.T) {
	for _, c := range []struct{ mode, event, want string }{
		{"auto", "pull request", "pull-request"}, {"auto", "push", "push"}, {"auto", "", "checkout"}, {"", "", "checkout"},
		{"history", "pull request", "history"}, {"checkout", "", "checkout"}, {"auto", "A::b\n/../x", "a--b-----x"},
		{"auto", strings.Repeat("x", 99), strings.Repeat("x", 30)}, {"auto", "日本", "checkout"},
	} {
		if got := kind(c.mode, c.event); got != c.want {
			t.Errorf("%q, %q: %q", c.mode, c.event, got)
		}
	}
}
