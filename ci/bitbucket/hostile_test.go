package bitbucket

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bbkeys/bbkeys/api"
	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/internal/fake"
	"github.com/bbkeys/bbkeys/internal/sample"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/rule"
)

// TestUnruly has servers that do anything but what they should, at each request of a
// report in turn. What helps is that they come to their senses, and nothing else.
func TestUnruly(t *testing.T) {
	for _, c := range []struct {
		name  string
		does  func(w http.ResponseWriter, r *http.Request)
		waits bool   // and is asked again, which works
		want  string // of the error
	}{
		{"busy", answer(503, "", "Retry-After", "1"), true, ""},
		{"overrun", answer(429, `{"type":"error","error":{"message":"Rate limit"}}`), true, ""},
		{"gateway", answer(502, "<html>"), true, ""}, // but for annotations of Data Center
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true, ""},
		{"denies", answer(401, "\x00\xff"), false, "status 401; "},
		{"refuses", answer(400, `{"key":"report-service.general.bad-request","message":"The summary is\n::error::long."}`), false, "status 400: The summary is ::error::long."},
		{"shouts", answer(400, strings.Repeat(`{"message":`, 1<<18)), false, "status 400"},
		{"sends away", answer(307, "", "Location", "http://evil.example/collect"), false, "another address"},
		{"sends in circles", answer(302, "", "Location", "/2.0/loop"), false, ""},
	} {
		for _, p := range products() {
			b, rep := p.server(t), sample.Many(101)
			for at := 1; at <= 4; at++ {
				if !c.waits && at%2 == 0 {
					continue // nothing else than before, and slow
				}
				b.Restart(func(n int, w http.ResponseWriter, r *http.Request) bool {
					if n != at && (c.waits || n < at) {
						return false
					}
					c.does(w, r)
					return true
				})
				_, err := p.put(t, b, rep, nil)
				once := p.name == "data center" && at > 2 // nobody knows whether they are there
				switch works := c.waits && !(once && (c.name == "gateway" || c.name == "hangs up")); {
				case works && err != nil:
					t.Errorf("%s, %s at request %d: %v", p.name, c.name, at, err)
				case works:
					if got := only(t, b, p.path+"pull-request"); len(got.Annotations) != 101 {
						t.Errorf("%s, %s at request %d: %d annotations", p.name, c.name, at, len(got.Annotations))
					}
				case err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 || !utf8.ValidString(err.Error()):
					t.Errorf("%s, %s at request %d: %v", p.name, c.name, at, err)
				}
			}
		}
	}
}

func answer(code int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// TestSlowServer: nobody is waited for without end.
func TestSlowServer(t *testing.T) {
	for _, p := range products() {
		b := p.server(t)
		b.Restart(func(_ int, _ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return true
		})
		pauses := 0
		_, err := p.put(t, b, sample.Nothing(), func(i *insights) {
			i.host.servers[0].Timeout = 10 * time.Millisecond
			i.wait = func(context.Context, time.Duration) error {
				pauses++
				return nil
			}
		})
		if err == nil || !strings.Contains(err.Error(), "no answer within 10ms") || pauses != 3 {
			t.Errorf("%s: %v after %d pauses", p.name, err, pauses)
		}
	}
}

// TestGoneInTheMiddle: a proxy that was there and is gone is no proxy that nobody expected.
func TestGoneInTheMiddle(t *testing.T) {
	cloud := products()[0]
	b := cloud.server(t)
	b.Restart(func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		_ = b.Listener.Close() // before the answer, for the next request to find nobody
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusNoContent)
		return true
	})
	said, err := cloud.put(t, b, sample.Nothing(), nil)
	if err == nil || !strings.Contains(err.Error(), api.ErrUnreachable.Error()) || said != "" {
		t.Errorf("%q, %v", said, err)
	}
}

// TestCaughtInTime: a key that slips into a body is seen before it leaves.
func TestCaughtInTime(t *testing.T) {
	for _, p := range products() {
		b, rep := p.server(t), sample.Report()
		_, err := p.put(t, b, rep, func(i *insights) {
			i.scan.link = "https://jenkins.example.com/" + rep.Findings[0].Match.Secret.Reveal()
		})
		if err == nil || !strings.Contains(err.Error(), "fault of bbkeys") || len(b.Requests()) > 0 {
			t.Errorf("%s: %v after %d requests", p.name, err, len(b.Requests()))
		}
	}
}

// TestTexts holds every text of every hostile name to its limits, and to telling nothing
// that a reader's browser might take for more than text.
func TestTexts(t *testing.T) {
	rep := sample.Report(sample.Hostile()...)
	p := newPage(rep, scanned{kind: "range", policy: fails})
	texts := map[string]int{p.details: maxDetails}
	for _, r := range p.remarks {
		texts[r.summary], texts[r.details] = maxSummary, maxDetails
		if r.path != "" && (!utf8.ValidString(r.path) || strings.ContainsAny(r.path, "\n\x1b\x00") || strings.HasPrefix(r.path, ".git/")) {
			t.Errorf("the path is %q", r.path)
		}
		if !strings.HasPrefix(r.link, "https://") {
			t.Errorf("the link is %q", r.link)
		}
	}
	for text, limit := range texts {
		if text == "" || len(text) > limit || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) {
			t.Errorf("%d bytes, at most %d: %q", len(text), limit, text)
		}
		for _, bad := range []string{"<script", "<!--", "![", "](", "@everyone", "http://evil", "`", "<svg"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q is in %q", bad, text)
			}
		}
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("a", 99), strings.Repeat("ü", 99), strings.Repeat("日", 99), strings.Repeat("😀", 99), strings.Repeat("\x80", 99)} {
		for limit := 4; limit < 110; limit++ {
			got := cut(s, limit)
			if len(got) > limit || len(s) <= limit && got != s || len(s) > limit && (!strings.HasSuffix(got, "…") || !strings.HasPrefix(s, strings.TrimSuffix(got, "…"))) ||
				utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("%q cut at %d is %q", s, limit, got)
			}
		}
	}
}

// TestSeverity ranks a key that can work above one that only looks like one.
func TestSeverity(t *testing.T) {
	rep := sample.Report()
	for i := range rep.Findings {
		f := &rep.Findings[i]
		s := severityOf(f)
		if f.Match.Proof == rule.Layout && s != low || f.Match.Proof != rule.Layout && (s == critical) != (f.Rule.Severity > 9) {
			t.Errorf("%s of severity %v and proof %v is %s", f.Rule.ID, f.Rule.Severity, f.Match.Proof, s)
		}
	}
}

func TestParseRepository(t *testing.T) {
	for address, want := range map[string]string{
		"https://bb.example.com/projects/PRJ/repos/shop":                                "https://bb.example.com PRJ shop",
		"https://bb.example.com/projects/PRJ/repos/shop/browse/src?at=refs%2Fheads%2Fx": "https://bb.example.com PRJ shop",
		"https://bb.example.com:8443/bitbucket/projects/PRJ/repos/shop/":                "https://bb.example.com:8443/bitbucket PRJ shop",
		"https://bb.example.com/users/ann/repos/dot.files":                              "https://bb.example.com ~ann dot.files",
		"https://bb.example.com/scm/prj/shop.git":                                       "https://bb.example.com prj shop",
		"http://bb.example.com:7990/a/b/scm/~ann/shop.git":                              "http://bb.example.com:7990/a/b ~ann shop",
		"https://bb.example.com/scm/projects/PRJ/repos/shop":                            "https://bb.example.com/scm PRJ shop",
	} {
		r, err := ParseRepository(address)
		if got := fmt.Sprintf("%s %s %s", r.server, r.project, r.slug); err != nil || got != want {
			t.Errorf("%s: %s, %v", address, got, err)
		}
	}
	for _, bad := range []string{
		"", "shop", "https://bitbucket.org/acme/shop", "ssh://git@bb.example.com:7999/prj/shop.git", "git@bb.example.com:prj/shop.git", "https:///scm/prj/shop.git",
		"https://ann:hunter2@bb.example.com/scm/prj/shop.git", "https://bb.example.com/scm/prj", "https://bb.example.com/projects/PRJ/repos/",
		"https://bb.example.com/scm/prj/shop/hunter2", "file:///scm/prj/shop", "https://bb.example.com/scm/%zz/hunter2",
	} {
		if r, err := ParseRepository(bad); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %+v, %v", bad, r, err)
		}
	}
}

// TestToken: a Data Center is asked with a token that was meant for it, or not at all.
func TestToken(t *testing.T) {
	for _, c := range []struct {
		name, token string
		job         ci.Job
		want        string
	}{
		{"none", "", ci.Job{Commit: tip}, "the input token is empty"},
		{"a stranger's change", token, ci.Job{Commit: tip, Change: ci.Change{Elsewhere: true}}, "no token is used"},
		{"another's", "not " + token, ci.Job{Commit: tip}, "status 401: You are not permitted to access this resource; the input token"},
	} {
		b := fake.DataCenter(t, token)
		r, err := ParseRepository(b.URL + "/bitbucket/projects/PR/repos/shop")
		if err != nil {
			t.Fatal(err)
		}
		err = r.Publisher(proc.Process{Stdout: proc.Stream{Writer: new(bytes.Buffer)}}, c.job, ci.Delivery{Insights: "auto"}, c.token).Publish(t.Context(), sample.Nothing())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), token) || len(b.Reports()) > 0 {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestSegments: a name is one segment of a path, whatever it is.
func TestSegments(t *testing.T) {
	for s, want := range map[string]string{"a": "a", "..": "%2E%2E", ".": "%2E", "a/b": "a%2Fb", "{x y}": "%7Bx%20y%7D", "~ann": "~ann", "?": "%3F", "": ""} {
		if got := segment(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	for s, want := range map[string]string{"": "", "x": "", "javascript:alert(1)": "", "https://u:p@h/": "", "https://h/7": "https://h/7", "https://h/" + strings.Repeat("x", 1000): ""} {
		if got := webPage(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// TestNetworks: a report for Data Center goes through the proxy of the environment, and one for Cloud through
// that of the build alone.
func TestNetworks(t *testing.T) {
	p := proc.Process{Env: []string{"HTTPS_PROXY=proxy.example.com:3128", "HTTP_PROXY=proxy.example.com:3128"}}
	r, err := ParseRepository("https://bitbucket.example.com/projects/PR/repos/shop")
	if err != nil {
		t.Fatal(err)
	}
	server, ok := r.Publisher(p, ci.Job{}, ci.Delivery{}, "").(insights)
	if !ok {
		t.Fatal("it is another publisher")
	}
	for _, c := range []struct {
		from insights
		want []string
	}{
		{server, []string{"proxy.example.com:3128"}},
		{cloudInsights(p, ci.Job{}, ci.Delivery{}), []string{"localhost:29418", "host.docker.internal:29418"}},
	} {
		var got []string
		for _, s := range c.from.host.servers {
			got = append(got, s.Network.Proxy(s.URL))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the proxies are %q, want %q", got, c.want)
		}
	}
}
