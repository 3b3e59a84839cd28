package main

import (
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/rule"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite what is made from the code: documents, and the expected output in scripts")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"bbkeys": main}) }

// TestScript runs each script with the real program as a real process.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				env.Setenv("GIT_"+who+"_NAME", "Ann")
				env.Setenv("GIT_"+who+"_EMAIL", "ann@example.com")
				env.Setenv("GIT_"+who+"_DATE", "2026-01-02T03:04:05Z")
			}
			env.Values["minted"] = new([]string)
			return nil
		},
		Condition: func(c string) (bool, error) {
			if c == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", c)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"mint":    mint,
			"status":  status,
			"nokeys":  noKeys,
			"replace": replace,
			"setenv":  setenvFromFile,
		},
	})
}

// mint KIND FILE [BEFORE [AFTER]] puts a new credential of a kind at the end of FILE,
// between BEFORE and AFTER, in which \n is a line feed; BEFORE is "key = " and AFTER \n
// where they are not given. With ! one character of it is changed, and it looks like one still. A KIND that begins
// with = repeats the credential that was minted last.
func mint(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 4 {
		ts.Fatalf("usage: mint kind file [before [after]]")
	}
	keys := ts.Value("minted").(*[]string)
	var key string
	if args[0] == "=" {
		key = (*keys)[len(*keys)-1]
	} else {
		r := rule.ByID(args[0])
		if r == nil {
			ts.Fatalf("no rule %q", args[0])
		}
		key = r.Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
		for neg {
			at := len(key) / 3
			swap := "a"
			if key[at] == 'a' {
				swap = "b"
			}
			key = key[:at] + swap + key[at+1:]
			if _, ok := r.Match([]byte(key), 0); ok {
				break // else it looks as if a person had made it up, as a few in a hundred do
			}
			key = r.Mint(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
		}
		*keys = append(*keys, key)
	}
	before, after := "key = ", `\n`
	if len(args) > 2 {
		before = args[2]
	}
	if len(args) > 3 {
		after = args[3]
	}
	text := strings.ReplaceAll(before, `\n`, "\n") + key + strings.ReplaceAll(after, `\n`, "\n")
	f, err := os.OpenFile(ts.MkAbs(args[1]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = f.WriteString(text)
	ts.Check(err)
	ts.Check(f.Close())
}

// status N COMMAND... runs a command and requires that exit status. What it printed is
// kept for stdout, stderr and nokeys.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status n command...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != strconv.Itoa(want) {
		ts.Fatalf("exit status %s, want %d", got, want)
	}
	noKeys(ts, false, []string{"stdout", "stderr"})
	toldWithCode(ts, want)
}

// nokeys FILE... requires that no credential that was minted in this script is in a
// file, plain or spelled in a way that tools use.
func noKeys(ts *testscript.TestScript, neg bool, args []string) {
	for _, key := range *ts.Value("minted").(*[]string) {
		for _, name := range args {
			text := ts.ReadFile(name)
			if neg {
				ts.Fatalf("nokeys has no negation")
			}
			for _, spelled := range []string{
				key, url.QueryEscape(key), url.PathEscape(key), strconv.Quote(key)[1 : len(key)-1],
				base64.RawStdEncoding.EncodeToString([]byte(key[:min(18, len(key))])), key[:min(24, len(key))],
			} {
				if strings.Contains(text, spelled) {
					ts.Fatalf("%s holds a credential of %d characters", name, len(key))
				}
			}
		}
	}
}

// replace FILE OLD NEW replaces every OLD in FILE.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace file old new")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}

// setenv NAME FILE sets a variable to what a file holds, without white space around it.
func setenvFromFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: setenv name file")
	}
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}
