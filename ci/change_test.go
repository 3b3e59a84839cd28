package ci_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/ci"
	"github.com/bbkeys/bbkeys/ci/github"
	"github.com/bbkeys/bbkeys/ci/local"
	"github.com/bbkeys/bbkeys/internal/realgit"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/report"
	"github.com/bbkeys/bbkeys/scan"
)

func TestCommit(t *testing.T) {
	for s, want := range map[string]bool{
		older: true, strings.ToUpper(older): true, older[:12]: true, older[:7]: true, older + older[:24]: true, "0000001": true,
		"": false, older[:6]: false, older + older: false, zeros: false, zeros[:12]: false, "HEAD": false, older[:39] + "g": false, older + "^1": false, " " + older: false, older + "\n": false,
	} {
		if got := ci.Commit(s); got != "" != want || want && got != strings.ToLower(s) {
			t.Errorf("Commit(%q) is %q", s, got)
		}
	}
}

// TestRemoteIsGits asks git itself which names a branch may have.
func TestRemoteIsGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("skipped without git")
	}
	names := []string{
		"main", "feature/x", "a.b", "a-b", "ü", "日本", "x@y", "@", "a@{b", "-x", "x-", ".x", "x.", "a/.b", "a..b", "a.lock", "a.lock/b", "a/b.lock", "/a", "a/", "a//b",
		"a b", "a~b", "a^b", "a:b", "a?b", "a*b", "a[b", "a]b", "a\\b", "a\x7fb", "a\tb", "a{b}", "#1", "a%b", "a'b", "refs/heads", "a/-b", "lock", ".lock", "a.lockx", "a/@", "@/a", "{", "a@",
	}
	rnd := rand.New(rand.NewPCG(3, 7))
	const alphabet = "ab./-@{~^:?*[\\ lock"
	for range 120 {
		b := make([]byte, 1+rnd.IntN(7))
		for i := range b {
			b[i] = alphabet[rnd.IntN(len(alphabet))]
		}
		names = append(names, string(b))
	}
	for _, name := range names {
		_, err := realgit.Try(t.TempDir(), "", nil, "check-ref-format", "refs/heads/"+name)
		// git lets old repositories keep branches whose names look like options.
		ok := err == nil && name != "" && name[0] != '-' && name != "@" && name != "HEAD"
		if got := ci.Remote(name) != ""; got != ok {
			t.Errorf("Remote(%q) takes it: %v; git: %v", name, got, ok)
		}
		if got := ci.Remote("refs/heads/" + name); ok && got != "refs/remotes/origin/"+name {
			t.Errorf("Remote(refs/heads/%s) is %q", name, got)
		}
	}
}

// TestNoBranchIsItsOwnUpstream: what a branch brings is nothing if it is compared with
// itself, which would pass everything.
func TestNoBranchIsItsOwnUpstream(t *testing.T) {
	for _, trunk := range []string{"", "main", "trunk", "refs/heads/trunk"} {
		for _, branch := range []string{"main", "master", "trunk", "topic", "refs/heads/main", "refs/heads/trunk"} {
			for _, before := range []string{"", zeros, older} {
				for _, c := range []ci.Change{ci.Push("push", branch, trunk, before, newer), ci.Branch("push", branch, trunk, newer)} {
					own := ci.Remote(branch)
					for i, ref := range c.Upstream {
						if ref == own && i == 0 {
							t.Errorf("branch %s, trunk %s, before %s: it is measured by itself", branch, trunk, before)
						}
						if ref == originHead && !c.OrCheckout && (trunk == "" || ci.Remote(trunk) == own) {
							t.Errorf("branch %s, trunk %s, before %s: it may be measured by itself", branch, trunk, before)
						}
					}
					for _, e := range c.Ends {
						if e.Base == own {
							t.Errorf("branch %s, trunk %s, before %s: its base is itself", branch, trunk, before)
						}
					}
				}
			}
		}
	}
}

func TestMerged(t *testing.T) {
	if got := ci.Merged(merged, newer); got != (ci.Ends{Base: merged + "^1", Head: merged, Merges: newer}) {
		t.Errorf("got %+v", got)
	}
	for _, e := range []ci.Ends{ci.Merged("", newer), ci.Merged(merged, ""), ci.Merged(zeros, newer), ci.Merged("HEAD", newer), ci.Merged(merged, "x")} {
		if e != (ci.Ends{}) {
			t.Errorf("got %+v for an unknown commit", e)
		}
	}
}

func TestPrefixedInputs(t *testing.T) {
	p := proc.Process{Env: []string{"BBKEYS_FAIL_ON=error", "BBKEYS_FAIL-ON=x", "BBKEYS_EMPTY=", "BBKEYS_MOD=range", "BBKEYS_=x", "XBBKEYS_Y=1", "broken"}}
	var host ci.Provider = local.Provider{}
	if got := host.Input(p, "fail-on"); got != "error" {
		t.Errorf("fail-on is %q", got)
	}
	want := []string{"BBKEYS_FAIL-ON", "BBKEYS_MOD", "BBKEYS_"}
	if got := host.Unknown(p, []string{"fail-on", "mode"}); !reflect.DeepEqual(got, want) {
		t.Errorf("unknown are %q, want %q", got, want)
	}
	if pubs := host.Publishers(p, ci.Job{}, ci.Delivery{}); len(pubs) != 0 {
		t.Errorf("a local run has %d publishers", len(pubs))
	}
}

// said is a publisher that was told to say something.
type said struct {
	p    proc.Process
	text string
	err  error
}

func (s *said) Publish(context.Context, *scan.Report) error {
	if _, err := s.p.Stdout.Write([]byte(s.text)); err != nil {
		return err
	}
	return s.err
}

func TestQuoted(t *testing.T) {
	var out strings.Builder
	p := proc.Process{Stdout: proc.Stream{Writer: &out}}
	text := &said{p: p, text: "x\n"}
	if got := ci.Quoted(local.Provider{}, p, text); got != report.Publisher(text) {
		t.Errorf("a local run quotes: %v", got)
	}
	text.err = errors.New("no more room")
	if err := ci.Quoted(github.Provider{}, p, text).Publish(t.Context(), new(scan.Report)); !errors.Is(err, text.err) {
		t.Errorf("got %v", err)
	}
	lines := strings.Split(out.String(), "\n")
	if word, ok := strings.CutPrefix(lines[0], "::stop-commands::"); !ok || len(lines) != 4 || lines[1] != "x" || lines[2] != "::"+word+"::" {
		t.Errorf("got %q", out.String())
	}
}
