package bitbucket_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/bitbucket"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/rule"
	"github.com/bbkeys/bbkeys/scan"
)

// leaked is the report of a key in a file, and the key.
func leaked(t *testing.T) (*scan.Report, string) {
	t.Helper()
	key := rule.All()[0].Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	rep := scan.Run(t.Context(), one{key}, scan.Options{Rules: rule.All(), Jobs: 1})
	if len(rep.Findings) != 1 || rep.Findings[0].Level != rule.Error {
		t.Fatalf("%d findings in one key", len(rep.Findings))
	}
	return rep, key
}

// one is a source of one file.
type one struct{ text string }

func (s one) Each(_ context.Context, _ int, look func(scan.Blob) bool, _ func(*scan.Gap)) {
	look(scan.Blob{Places: []scan.Place{{Path: "a"}}, Data: []byte(s.text)})
}

func (s one) Scanned() scan.Scanned { return scan.Scanned{Mode: "checkout"} }

func TestLastLine(t *testing.T) {
	found, key := leaked(t)
	gaps := &scan.Report{Gaps: []*scan.Gap{{Why: errors.New("no")}}}
	for _, c := range []struct {
		name   string
		rep    *scan.Report
		policy report.Policy
		env    []string
		start  string
		has    string
	}{
		{"clean", new(scan.Report), report.Policy{FailOn: rule.Warning}, nil, "\x1b[32m✔ ", "no keys found"},
		{"found", found, report.Policy{FailOn: rule.Warning}, nil, "\x1b[31m✖ ", "1 error found in the checkout"},
		{"found and accepted", found, report.Policy{}, nil, "\x1b[32m✔ ", "1 error found"},
		{"incomplete", gaps, report.Policy{FailOn: rule.Warning}, nil, "\x1b[31m✖ ", "incomplete, not looked at: 1"},
		{"incomplete and accepted", gaps, report.Policy{AllowGaps: true}, nil, "\x1b[32m✔ ", "incomplete, not looked at: 1"},
		{"plain", found, report.Policy{FailOn: rule.Error}, []string{"NO_COLOR=1"}, "✖ ", "1 error found"},
	} {
		var out bytes.Buffer
		p := proc.Process{Env: c.env, Stdout: proc.Stream{Writer: &out}}
		for _, pub := range (bitbucket.Provider{}).Publishers(p, ci.Job{}, ci.Delivery{Policy: c.policy}) {
			if err := pub.Publish(t.Context(), c.rep); err != nil {
				t.Fatal(err)
			}
		}
		line := out.String()
		if !strings.HasPrefix(line, c.start) || !strings.Contains(line, c.has) || strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
			t.Errorf("%s: %q", c.name, line)
		}
		if strings.Contains(line, key) {
			t.Errorf("%s: the key is told", c.name)
		}
	}
}

// broken is an output that nobody reads any more.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	p := proc.Process{Stdout: proc.Stream{Writer: broken{}}}
	err := bitbucket.Provider{}.Publishers(p, ci.Job{}, ci.Delivery{})[0].Publish(t.Context(), new(scan.Report))
	if err == nil || !strings.Contains(err.Error(), "last line") {
		t.Errorf("got %v", err)
	}
}

func TestInputs(t *testing.T) {
	p := proc.Process{Env: []string{"FAIL_ON=error", "MODE=range", "BBKEYS_MODE=checkout", "BASE=", "BBKEYS_HAED=x", "ANYBODYS=1", "MODUS=x"}}
	host := bitbucket.Provider{}
	for name, want := range map[string]string{"fail-on": "error", "mode": "checkout", "base": "", "head": ""} {
		if got := host.Input(p, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := strings.Join(host.Unknown(p, []string{"fail-on", "mode", "base", "head"}), " "); got != "BBKEYS_HAED" {
		t.Errorf("unknown are %s", got)
	}
}
