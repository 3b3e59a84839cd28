package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A witness is a test that is let down, on purpose.
type witness struct {
	testing.TB
	faults []string
}

func (w *witness) Errorf(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// send sends a request and returns the status of the answer.
func send(t *testing.T, client *http.Client, method, url, auth string, body any) int {
	t.Helper()
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = strings.NewReader(string(text))
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	return resp.StatusCode
}

type m = map[string]any

// with returns a copy of a body with a field changed, or without it where there is no value.
func with(body m, field string, value ...any) m {
	changed := m{}
	for k, v := range body {
		changed[k] = v
	}
	delete(changed, field)
	if len(value) > 0 {
		changed[field] = value[0]
	}
	return changed
}

func fact(kind string, value any) []any { return []any{m{"title": "x", "type": kind, "value": value}} }

func repeat(n int, one func(i int) any) []any {
	var all []any
	for i := range n {
		all = append(all, one(i))
	}
	return all
}

const commit = "0123456789abcdef0123456789abcdef01234567"

// TestCloudRefuses sends what is right, and what is wrong with it in one way, which must
// let the test down each time.
func TestCloudRefuses(t *testing.T) {
	w := &witness{TB: t}
	b := Cloud(w)
	proxy, err := url.Parse(b.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	const base = "http://api.bitbucket.org/2.0/repositories/w/r/commit/" + commit + "/reports/bbkeys-x"
	report := m{"type": "report", "title": "t", "details": "d", "report_type": "SECURITY", "result": "PASSED", "link": "https://x/", "data": fact("NUMBER", 1)}
	note := m{"type": "report_annotation", "external_id": "i", "annotation_type": "BUG", "summary": "s", "severity": "LOW", "result": "FAILED", "path": "a/b", "line": 1}
	many := func(n, from int) []any {
		return repeat(n, func(i int) any { return with(note, "external_id", fmt.Sprint(from+i)) })
	}
	long := strings.Repeat("ü", 451)
	cases := []exchange{
		{"right", "PUT", base, report, 200}, {"right notes", "POST", base + "/annotations", []any{note}, 200},
		{"other repository's proxy", "PUT", "http://api.example.com/2.0/repositories/w/r/commit/" + commit + "/reports/x", report, 400},
		{"short commit", "PUT", strings.Replace(base, commit, "0123456789ab", 1), report, 400},
		{"no such operation", "POST", base, report, 400}, {"no such path", "PUT", base + "/x", report, 400},
		{"no body", "PUT", base, nil, 400}, {"a body where none is", "DELETE", base, report, 400},
		{"no type", "PUT", base, with(report, "type"), 400}, {"no title", "PUT", base, with(report, "title"), 400},
		{"empty title", "PUT", base, with(report, "title", ""), 400}, {"long details", "PUT", base, with(report, "details", strings.Repeat("x", 2001)), 400},
		{"result of the other", "PUT", base, with(report, "result", "PASS"), 400}, {"relative link", "PUT", base, with(report, "link", "/x"), 400},
		{"misspelt", "PUT", base, with(report, "detials", "x"), 400}, {"number as text", "PUT", base, with(report, "data", fact("NUMBER", "1")), 400},
		{"truth as text", "PUT", base, with(report, "data", fact("BOOLEAN", "true")), 400}, {"half a millisecond", "PUT", base, with(report, "data", fact("DURATION", 0.5)), 400},
		{"link of the other", "PUT", base, with(report, "data", fact("LINK", m{"linktext": "x", "href": "https://x/"})), 400},
		{"unknown fact", "PUT", base, with(report, "data", fact("COLOUR", "x")), 400},
		{"eleven facts", "PUT", base, with(report, "data", repeat(11, func(int) any { return fact("NUMBER", 1)[0] })), 400},
		{"empty notes", "POST", base + "/annotations", []any{}, 400}, {"notes of the other", "POST", base + "/annotations", m{"annotations": []any{note}}, 400},
		{"101 notes", "POST", base + "/annotations", many(101, 0), 400}, {"the same id", "POST", base + "/annotations", []any{note, note}, 400},
		{"no id", "POST", base + "/annotations", []any{with(note, "external_id")}, 400}, {"no summary", "POST", base + "/annotations", []any{with(note, "summary", " ")}, 400},
		{"long summary", "POST", base + "/annotations", []any{with(note, "summary", long)}, 400}, {"line 0", "POST", base + "/annotations", []any{with(note, "line", 0)}, 400},
		{"severity", "POST", base + "/annotations", []any{with(note, "severity", "WORST")}, 400}, {"path out", "POST", base + "/annotations", []any{with(note, "path", "a/../b")}, 400},
		{"path of lines", "POST", base + "/annotations", []any{with(note, "path", "a\nb")}, 400}, {"line of nothing", "POST", base + "/annotations", []any{with(note, "path")}, 400},
	}
	for i := range 10 { // with the one from before, one too many in the end
		want := 200
		if i == 9 {
			want = 400
		}
		cases = append(cases, exchange{fmt.Sprintf("batch %d", i), "POST", base + "/annotations", many(100, 100*i), want})
	}
	run(t, client, "", w, cases)
	w.faults = nil
	if got := send(t, client, "PUT", base, "Bearer x", report); got != 401 {
		t.Errorf("a credential: %d", got)
	}
	run(t, client, "", w, []exchange{{"deleted", "DELETE", base, nil, 204}})
	if got := send(t, client, "DELETE", base, "", nil) + send(t, client, "POST", base+"/annotations", "", []any{note}); got != 808 {
		t.Errorf("nothing is there: %d", got)
	}
}

// An exchange is a request, and the status that answers it.
type exchange struct {
	name, method, url string
	body              any
	want              int
}

func run(t *testing.T, client *http.Client, auth string, w *witness, cases []exchange) {
	t.Helper()
	for _, c := range cases {
		w.faults = nil
		got := send(t, client, c.method, c.url, auth, c.body)
		// What goes to another host is no fault of a body, and told by its status alone.
		let := len(w.faults) > 0 || strings.HasPrefix(c.url, "http://api.example.com")
		if got != c.want || let != (c.want == 400) {
			t.Errorf("%s: %d, %q", c.name, got, w.faults)
		}
	}
}

// TestDataCenterRefuses does the same with Data Center.
func TestDataCenterRefuses(t *testing.T) {
	w := &witness{TB: t}
	b := DataCenter(w, "secret")
	base := b.URL + "/bitbucket/rest/insights/1.0/projects/P/repos/r/commits/" + commit + "/reports/bbkeys-x"
	report := m{"title": "t", "result": "PASS", "data": fact("NUMBER", 1)}
	note := m{"externalId": "i", "message": "s", "severity": "LOW", "type": "BUG", "path": "a/b", "line": 0}
	notes := func(list ...any) any { return m{"annotations": list} }
	run(t, b.Client(), "Bearer secret", w, []exchange{
		{"right", "PUT", base, report, 200}, {"right notes", "POST", base + "/annotations", notes(note), 204},
		{"no data", "PUT", base, with(report, "data"), 400}, {"long title", "PUT", base, with(report, "title", strings.Repeat("x", 451)), 400},
		{"long details", "PUT", base, with(report, "details", strings.Repeat("x", 2001)), 400}, {"result of the other", "PUT", base, with(report, "result", "PASSED"), 400},
		{"seven facts", "PUT", base, with(report, "data", repeat(7, func(int) any { return fact("NUMBER", 1)[0] })), 400},
		{"misspelt", "PUT", base, with(report, "report_type", "SECURITY"), 400}, {"link of the other", "PUT", base, with(report, "data", fact("LINK", m{"text": "x", "href": "https://x/"})), 400},
		{"a list of notes", "POST", base + "/annotations", []any{note}, 400}, {"critical", "POST", base + "/annotations", notes(with(note, "severity", "CRITICAL")), 400},
		{"no message", "POST", base + "/annotations", notes(with(note, "message")), 400}, {"long message", "POST", base + "/annotations", notes(with(note, "message", strings.Repeat("x", 2001))), 400},
		{"a line before the first", "POST", base + "/annotations", notes(with(note, "line", -1)), 400},
		{"too many", "POST", base + "/annotations", notes(repeat(1000, func(i int) any { return with(note, "externalId", fmt.Sprint(i)) })...), 400},
	})
	w.faults = nil
	if got := send(t, b.Client(), "PUT", base, "Bearer other", report); got != 401 || len(w.faults) > 0 {
		t.Errorf("another token: %d, %q", got, w.faults)
	}
	if all := b.Reports(); len(all) != 1 || !strings.Contains(strings.Join(b.Requests(), ""), "Bearer other") {
		t.Errorf("there are %d reports", len(all))
	}
}
