package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/web"
)

// A misled request is one that the server sends where it must not go.
type misled struct{ why string }

func (e *misled) Error() string { return e.why }

// redirect follows a server that knows the thing under another path, as of a repository
// that was renamed, and nobody to another host.
func redirect(req *http.Request, via []*http.Request) error {
	from, to := via[0], req
	switch {
	case len(via) > maxRedirects:
		return &misled{"the server sends us elsewhere again and again"}
	case to.Method != from.Method:
		return &misled{"the server sends us elsewhere, and without what was to be sent"}
	}
	if err := web.Redirect(from.URL, to.URL); err != nil {
		return &misled{err.Error()}
	}
	return nil
}

// again says whether and when a refused request is sent again: where the server says that
// it has not looked at it, or, if that does no harm, where it does not say.
func (r *Refusal) again(unsure time.Duration) time.Duration {
	switch r.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
	case http.StatusForbidden: // so GitHub says that there were too many
		if r.after < 0 {
			return never
		}
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		if unsure == never {
			return never
		}
	default:
		return never
	}
	if r.after < 0 {
		return noPause
	}
	return r.after
}

// maxSaid is how many bytes of a server's words are shown.
const maxSaid = 300

// said returns what a server says about a failure: in JSON, as the products do that this
// program speaks to, or in plain text.
func said(kind string, body []byte) string {
	var words struct {
		Message string
		Error   struct{ Message, Detail string }
		Errors  []struct{ Message string }
	}
	// One field of another type than expected does not keep the others from being read.
	err := json.Unmarshal(body, &words)
	text := words.Message
	if text == "" {
		text = strings.TrimSpace(words.Error.Message + " " + words.Error.Detail)
	}
	for _, e := range words.Errors {
		text = strings.TrimSpace(text + " " + e.Message)
	}
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) && strings.HasPrefix(kind, "text/plain") {
		text = strings.TrimSpace(string(body))
	}
	if text == "" {
		return ""
	}
	// Redacted before it is cut, so that no part of a credential stays whole.
	text = strings.ToValidUTF8(report.Redact(text), "\uFFFD")
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + "…"
	}
	return report.Clean(strings.Join(strings.Fields(text), " "))
}
