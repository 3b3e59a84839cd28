package fake

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

// packed returns a text as an upload has it.
func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// headers sends what GitHub wants with every request.
type headers struct{ version string }

func (h headers) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", "application/vnd.github+json")
	r.Header.Set("X-GitHub-Api-Version", h.version)
	return http.DefaultTransport.RoundTrip(r)
}

// TestGitHubRefuses sends what is right, and what is wrong with it in one way.
func TestGitHubRefuses(t *testing.T) {
	const one = `{"tool":{"driver":{"name":"x"}},"results":[]}`
	w := &witness{TB: t}
	g := OnGitHub(w, "secret")
	at := g.URL + uploads
	body := m{"commit_sha": commit, "ref": "refs/heads/main", "sarif": packed(t, `{"version":"2.1.0","runs":[`+one+`]}`)}
	wrong := func(name, field string, value ...any) exchange {
		return exchange{name, "POST", at, with(body, field, value...), 400}
	}
	many := `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[` + strings.Repeat(`{"message":{"text":"x"}},`, maxResults) + `{"message":{"text":"x"}}]}]}`
	run(t, &http.Client{Transport: headers{"2022-11-28"}}, "Bearer secret", w, []exchange{
		{"right", "POST", at, body, 202}, {"a pull request", "POST", at, with(body, "ref", "refs/pull/7/merge"), 202},
		wrong("short commit", "commit_sha", commit[:12]), wrong("no commit", "commit_sha"), wrong("branch alone", "ref", "main"),
		wrong("pull request alone", "ref", "refs/pull/7"), wrong("no ref", "ref"), wrong("misspelt", "tool", "x"),
		wrong("plain", "sarif", `{"version":"2.1.0"}`), wrong("not packed", "sarif", base64.StdEncoding.EncodeToString([]byte("{}"))),
		wrong("no SARIF", "sarif", packed(t, `{"version":"2.1.0"}`)), wrong("two runs", "sarif", packed(t, `{"version":"2.1.0","runs":[`+one+`,`+one+`]}`)),
		wrong("too many results", "sarif", packed(t, many)), wrong("another kind of checkout", "checkout_uri", "https://x/"), wrong("a day alone", "started_at", "2026-11-23"),
	})
	if n := len(g.Uploads()); n != 2 {
		t.Errorf("%d uploads", n)
	}
	w.faults = nil
	for version, auth := range map[string]string{"2022-11-28": "Bearer other", "1": "Bearer secret"} {
		if got := send(t, &http.Client{Transport: headers{version}}, "POST", at, auth, body); got/100 != 4 || (len(w.faults) > 0) != (version == "1") {
			t.Errorf("version %s, %s: %d, %q", version, auth, got, w.faults)
		}
	}
}
