package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/internal/carrier"
	"github.com/bbkeys/bbkeys/internal/encode"
	"github.com/bbkeys/bbkeys/internal/fake"
	"github.com/bbkeys/bbkeys/internal/hunt"
	"github.com/bbkeys/bbkeys/internal/pack"
	"github.com/bbkeys/bbkeys/internal/realgit"
	"github.com/bbkeys/bbkeys/internal/section"
	"github.com/bbkeys/bbkeys/proc"
	"github.com/bbkeys/bbkeys/rule"
)

// A plant is a repository with credentials wherever a repository can have them.
type plant struct {
	t          *testing.T
	dir        string
	base, head string // commits
	branch     string
	rnd        *rand.Rand
	hunt       *hunt.Hunt
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{t: t, dir: t.TempDir(), rnd: rand.New(rand.NewPCG(91, 92)), hunt: hunt.New()}
	p.git(nil, "init", "-q", "-b", "main")
	p.write("README.md", "a repository\n")
	p.base = p.commit("the first", nil)
	return p
}

// mint returns a new credential of r, which is searched for from now on.
func (p *plant) mint(r *rule.Rule) string {
	key := r.Mint(p.rnd)
	p.hunt.Add(r.ID, key, r.Weak)
	return key
}

// named returns a new credential of r that a file may be called.
func (p *plant) named(r *rule.Rule) string {
	key := r.Mint(p.rnd)
	for strings.Contains(key, "/") {
		key = r.Mint(p.rnd)
	}
	p.hunt.Add(r.ID, key, r.Weak)
	return key
}

// word returns a new credential that can be a part of a name.
func (p *plant) word() string { return p.mint(rule.All()[p.rnd.IntN(2)]) }

// write writes a file. A name that no file system takes is left out.
func (p *plant) write(name, text string) {
	p.t.Helper()
	for _, part := range strings.Split(name, "/") {
		if len(part) > 250 {
			return
		}
	}
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// git runs git in the repository, with nobody's settings.
func (p *plant) git(env []string, args ...string) string {
	p.t.Helper()
	const when = "2026-01-02T03:04:05Z"
	out, err := realgit.Try(p.dir, "", append([]string{"GIT_AUTHOR_DATE=" + when, "GIT_COMMITTER_DATE=" + when}, env...), args...)
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func (p *plant) commit(message string, env []string) string {
	p.t.Helper()
	p.git(nil, "add", "-A")
	p.git(env, "commit", "-q", "--allow-empty", "-m", message)
	return p.git(nil, "rev-parse", "HEAD")
}

// kinds plants a credential of every kind as a file, in an archive, in every encoding,
// and as the name of files, by itself and with what carries it.
func (p *plant) kinds() {
	for i, r := range rule.All() {
		p.write(fmt.Sprintf("kind/%d.env", i), "# a comment\n"+r.Plant(p.mint(r)))
		p.write(fmt.Sprintf("pack/%d.zip", i), string(pack.Zip(p.t, zip.Deflate, pack.File{Name: "in/" + p.word() + ".env", Data: []byte(r.Plant(p.mint(r)))})))
		e := encode.Encoders()[i%len(encode.Encoders())]
		if !e.Parts {
			p.write(fmt.Sprintf("code/%d.txt", i), string(e.Encode(encode.Around(r.Plant(p.mint(r)), "", "")).Bytes))
		}
		if r.LevelAt != nil {
			continue // it has lines, which no name has
		}
		key := p.named(r)
		p.write(fmt.Sprintf("name/%d.env", i), r.Plant(key))
		for _, name := range []string{key, base64.RawURLEncoding.EncodeToString([]byte(key)), "x" + key + "y.txt"} {
			if !r.Weak { // which is a word like others, and known to nobody from a name
				p.write("name/"+name, r.Plant(p.mint(r)))
			}
		}
		if !strings.Contains(r.Plant(""), "/") {
			p.write("name/"+strings.TrimSpace(r.Plant(p.named(r))), r.Plant(p.mint(r)))
		}
	}
}

// carriers plants a credential in every carrier, of one after the other of the kinds that
// it may hold.
func (p *plant) carriers() {
	for i, c := range carrier.All() {
		kinds := slices.DeleteFunc(rule.All(), func(r *rule.Rule) bool {
			return !slices.Contains(c.Kinds, r.ID) && (r.Context != "" || r.LevelAt != nil)
		})
		text, _, _ := c.Plant(p.mint(kinds[i%len(kinds)]))
		p.write(fmt.Sprintf("carrier/%d/%s", i, c.Path), text)
	}
}

// settle makes what was planted a commit whose author, message, branch and tag hold
// credentials too, and stages some more.
func (p *plant) settle() {
	p.branch = "feature/" + p.word()
	p.git(nil, "checkout", "-q", "-b", p.branch)
	message := "a change of " + p.word() + "\n\n"
	for _, r := range rule.All() {
		message += r.Plant(p.mint(r)) + "\n"
	}
	p.head = p.commit(message, []string{"GIT_AUTHOR_NAME=" + p.word(), "GIT_AUTHOR_EMAIL=" + p.word() + "@example.org", "GIT_COMMITTER_NAME=" + p.word()})
	p.git(nil, "tag", "-a", "-m", "a tag\n"+rule.All()[0].Plant(p.mint(rule.All()[0])), "v-"+p.word())
	p.write("staged/"+p.word()+".env", "T="+p.word()+"\n")
	p.git(nil, "add", "-A")
}

// A told is what one run let out.
type told struct {
	name   string
	texts  map[string]string
	status exit.Status
}

// outside are the reports that go to files.
var outside = []string{"sarif", "json", "junit", "gitlab", "gitlab-quality", "html"}

// run runs the program with reports of all formats, and returns all that it let out.
func (p *plant) run(name string, env []string, terminal bool, args ...string) told {
	p.t.Helper()
	dir := p.t.TempDir()
	var stdout, stderr bytes.Buffer
	for i, kv := range env {
		env[i] = strings.ReplaceAll(kv, "OUT", dir)
	}
	for _, format := range outside {
		args = append(args, "--"+format, filepath.Join(dir, format))
	}
	err := run(p.t.Context(), proc.Process{
		Args: append(args, "--log-level", "debug"), Env: env,
		Stdout: proc.Stream{Writer: &stdout, Terminal: terminal}, Stderr: proc.Stream{Writer: &stderr, Terminal: terminal},
	})
	out := told{name, map[string]string{"standard output": stdout.String(), "standard error": stderr.String()}, exit.Of(err)}
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		out.texts[filepath.Base(path)] = string(text)
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// A count says how much was searched, and how often something was told.
type count struct{ runs, texts, bytes, told int }

// search looks for every credential in all that a run let out.
func (p *plant) search(c *count, o told) {
	p.t.Helper()
	c.runs++
	for name, text := range o.texts {
		c.texts++
		c.bytes += len(text)
		for _, of := range p.hunt.In(text) {
			c.told++
			p.t.Errorf("%s: %s tells %s", o.name, name, of)
		}
	}
}

// wantAll wants a run to have found keys, and to have delivered every report.
func (p *plant) wantAll(o told) {
	p.t.Helper()
	if o.status != exit.Found {
		p.t.Errorf("%s: status %d\n%s", o.name, o.status, o.texts["standard error"][:min(2000, len(o.texts["standard error"]))])
	}
	for _, format := range outside {
		if o.texts[format] == "" {
			p.t.Errorf("%s: there is no %s report\n%s", o.name, format, o.texts["standard error"][:min(2000, len(o.texts["standard error"]))])
		}
	}
}

// modes are the ways to call for a scan of a plant.
func (p *plant) modes() map[string][]string {
	return map[string][]string{
		"checkout": {"--mode=checkout", p.dir}, "range": {"--mode=range", "--base=" + p.base, "--head=" + p.head, p.dir},
		"history": {"--mode=history", "--unreachable", p.dir}, "staged": {"--mode=staged", p.dir},
	}
}

// No credential of any kind, in any carrier, name or message, is told by any report, log,
// annotation, summary or request of any mode in any CI, in any encoding.
func TestRedaction(t *testing.T) {
	p := newPlant(t)
	p.kinds()
	if !testing.Short() && !racing {
		p.carriers()
	}
	p.settle()
	var all count
	rows := "| run | texts that told a credential |\n| --- | --- |\n"
	row := func(name string, runs ...told) {
		var c count
		for _, o := range runs {
			p.search(&c, o)
		}
		all.runs, all.texts, all.bytes, all.told = all.runs+c.runs, all.texts+c.texts, all.bytes+c.bytes, all.told+c.told
		rows += fmt.Sprintf("| %s | %d |\n", name, c.told)
	}
	for _, mode := range []string{"checkout", "range", "history", "staged"} {
		o := p.run(mode, nil, mode == "range", p.modes()[mode]...)
		p.wantAll(o)
		row("mode "+mode+", all reports, debug log", o)
	}
	small := newPlant(t)
	small.kinds()
	small.settle()
	for i, host := range hosts() {
		if racing && i%4 != 0 {
			continue
		}
		o := small.run(host.name, host.env(small), false, append(host.args(small), "--insights=false")...)
		small.wantAll(o)
		row("CI "+host.name+", all that it is shown", o)
	}
	row("Code Insights, all requests", small.insights())
	row("upload to GitHub, all requests, unpacked", small.upload())
	row("wrong inputs and places that can't be written, all errors", small.mistakes()...)
	t.Logf("%d and %d credentials, %d signs of them, %d runs, %d texts, %d bytes: %d told", p.hunt.Credentials(), small.hunt.Credentials(), p.hunt.Signs(), all.runs, all.texts, all.bytes, all.told)
	if !t.Failed() && !racing && !testing.Short() {
		section.Check(t, "docs/DETECTION.md", "redaction", rows, *update)
	}
}

// insights puts a report into a Data Center and returns what was sent.
func (p *plant) insights() told {
	const token = "a token of this test"
	b := fake.DataCenter(p.t, token)
	o := p.run("Code Insights", []string{"BBKEYS_TOKEN=" + token}, false, "--mode=range", "--base="+p.base, "--head="+p.head, "--insights-url="+b.URL+"/bitbucket/projects/PRJ/repos/shop/browse", p.dir)
	p.wantAll(o)
	requests := b.Requests()
	if len(requests) == 0 {
		p.t.Error("nothing was sent")
	}
	o.texts = map[string]string{}
	for i, r := range requests {
		o.texts[fmt.Sprint("request ", i)] = r
	}
	return o
}

// upload uploads a report to a GitHub and returns what was sent, and what it holds.
func (p *plant) upload() told {
	const token = "a token of this test"
	g := fake.OnGitHub(p.t, token)
	o := p.run("upload", []string{
		"GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + p.dir, "GITHUB_REPOSITORY=acme/shop", "GITHUB_API_URL=" + g.URL + "/api/v3", "GITHUB_SHA=" + p.head,
		"GITHUB_REF=refs/heads/main", "INPUT_UPLOAD=true", "INPUT_TOKEN=" + token,
	}, false, "--mode=range", "--base="+p.base, "--head="+p.head, p.dir)
	p.wantAll(o)
	said := o.texts["standard output"] + o.texts["standard error"]
	o.texts = map[string]string{}
	for i, r := range g.Requests() {
		o.texts[fmt.Sprint("request ", i)] = r
	}
	for i, u := range g.Uploads() {
		o.texts[fmt.Sprint("report ", i)] = u.SARIF + u.Ref + u.Checkout
	}
	if len(g.Uploads()) != 1 {
		p.t.Errorf("%d reports were taken\n%s", len(g.Uploads()), said)
	}
	return o
}
