package rule_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bbkeys/bbkeys/rule"
)

// TestDocumented holds every rule, present and future, to saying all a person needs.
func TestDocumented(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)
	dated := regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`)
	seen := map[string]bool{}
	for _, r := range rule.All() {
		t.Run(r.ID, func(t *testing.T) {
			if !id.MatchString(r.ID) || seen[r.ID] || seen[r.Name] {
				t.Error("the ID is malformed, or the ID or name is taken")
			}
			seen[r.ID], seen[r.Name] = true, true
			if rule.ByID(r.ID) != r {
				t.Error("ByID does not find it")
			}
			if !regexp.MustCompile(`^\d+\.\d+$`).MatchString(r.Since) {
				t.Errorf("Since is %q", r.Since)
			}
			if r.Level < rule.Note || r.Level > rule.Error || r.Severity < 0.1 || r.Severity > 10 {
				t.Errorf("level %s, severity %v", r.Level, r.Severity)
			}
			if r.Level == rule.Error && r.Severity < 7 || r.Level == rule.Note && r.Severity >= 4 {
				t.Errorf("level %s does not go with severity %v", r.Level, r.Severity)
			}
			if r.Dead != "" {
				if _, err := time.Parse(time.DateOnly, r.Dead); err != nil || r.Level == rule.Error {
					t.Errorf("Dead is %q, level %s", r.Dead, r.Level)
				}
			}
			if len(r.Anchors) == 0 || r.Context == "" && slices.ContainsFunc(r.Anchors, func(a string) bool { return len(a) < 4 }) {
				t.Error("an anchor is missing, or so short that it is everywhere")
			}
			if r.Context != "" && (strings.Count(r.Context, "%") != 1 || !strings.Contains(r.Context, "%s")) {
				t.Errorf("Context is %q", r.Context)
			}
			d := r.Doc
			for _, s := range append([]string{r.Name, d.What, d.Opens, d.Format}, d.Steps...) {
				if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "\n") || !regexp.MustCompile(`^[A-Z0-9]`).MatchString(s) {
					t.Errorf("not a sentence: %q", s)
				}
			}
			for _, s := range append([]string{d.What, d.Opens, d.Format}, d.Steps...) {
				if !strings.HasSuffix(s, ".") {
					t.Errorf("no full stop: %q", s)
				}
			}
			if len(d.Steps) < 3 || len(d.Links) < 2 || !dated.MatchString(d.Format) {
				t.Error("too few steps or links, or a format without a date")
			}
			for _, s := range append([]string{d.Revoke}, d.Links...) {
				if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
					t.Errorf("not an address: %q", s)
				}
			}
		})
	}
}

// TestNames checks the words that reports use.
func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{rule.Note.String(), "note"}, {rule.Warning.String(), "warning"}, {rule.Error.String(), "error"}, {rule.Level(0).String(), "none"},
		{rule.Layout.String(), "layout"}, {rule.Context.String(), "context"}, {rule.Structure.String(), "structure"}, {rule.Checksum.String(), "checksum"}, {rule.Proof(0).String(), "none"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	if rule.ByID("no-such-rule") != nil {
		t.Error("ByID finds a rule that is not there")
	}
}
