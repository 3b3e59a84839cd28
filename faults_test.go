package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bbkeys/bbkeys/exit"
	"github.com/bbkeys/bbkeys/fault"
	"github.com/rogpeppe/go-internal/testscript"
)

// coders are the functions that give an error its code: those of fault, and those of a
// room that choose among several.
var coders = []string{"New", "As", "Or", "coded", "stored", "absent", "before"}

// TestShapeOfFaults holds every place where a user is told that something went wrong to
// the table of faults, and the table to those places.
func TestShapeOfFaults(t *testing.T) {
	used := map[string]bool{}
	for path, f := range parsed(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "Publish" && n.Recv != nil && uncoded(n) {
					t.Errorf("%s: what Publish returns wants a code: fault.New or fault.Or", path)
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "fault" {
					used[n.Sel.Name] = true
				}
			case *ast.CallExpr:
				if name(n.Fun) == "Usagef" && len(n.Args) > 0 && !isCode(n.Args[0]) {
					t.Errorf("%s: exit.Usagef wants a code of fault as it is, so that it can be found", path)
				}
			case *ast.CompositeLit:
				if name(n.Type) == "Gap" && !saysWhy(n) {
					t.Errorf("%s: the Why of a Gap wants a code: %s", path, strings.Join(coders, ", "))
				}
			}
			return true
		})
	}
	used["Unnamed"] = true // by fault itself, for what has none
	for constant, code := range codes(t) {
		if !used[constant] {
			t.Errorf("fault.%s is used nowhere", constant)
		}
		if _, ok := fault.Parse(code); !ok {
			t.Errorf("fault.%s is %s, which is not in the table", constant, code)
		}
	}
}

// uncoded reports whether a function returns an error that it makes without a code.
func uncoded(f *ast.FuncDecl) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		r, ok := n.(*ast.ReturnStmt)
		if !ok || len(r.Results) == 0 {
			return true
		}
		if call, ok := r.Results[len(r.Results)-1].(*ast.CallExpr); ok {
			s, ok := call.Fun.(*ast.SelectorExpr)
			found = found || ok && slices.Contains([]string{"fmt", "errors"}, name(s.X)) && slices.Contains([]string{"Errorf", "New"}, s.Sel.Name)
		}
		return true
	})
	return found
}

// parsed returns every file of the program, without tests and what is for tests, by path.
func parsed(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (slices.Contains([]string{"testdata", "internal", "fault"}, path) || len(path) > 1 && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// name returns the last part of what names a function or a type.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// isCode reports whether e is a constant of fault, or the call of what chooses one.
func isCode(e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		return name(call.Fun) == "unopened"
	}
	s, ok := e.(*ast.SelectorExpr)
	return ok && name(s.X) == "fault"
}

// saysWhy reports whether the Why of a gap has a code: it is the call of a coder, or an
// error that was made by one.
func saysWhy(gap *ast.CompositeLit) bool {
	for _, e := range gap.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok || name(pair.Key) != "Why" {
			continue
		}
		if call, ok := pair.Value.(*ast.CallExpr); ok {
			return slices.Contains(coders, name(call.Fun))
		}
		return strings.HasPrefix(name(pair.Value), "Err")
	}
	return false
}

// codes returns the codes that fault declares, as written, by the constant's name.
func codes(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "fault/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			all[v.Names[0].Name] = v.Values[0].(*ast.BasicLit).Value
		}
		return true
	})
	if len(all) != len(fault.Table()) {
		t.Errorf("fault declares %d codes and its table has %d", len(all), len(fault.Table()))
	}
	return all
}

// TestShapeOfTriedFaults: no code is only said to be told. Each is told by a test or a
// script, under its number or its name.
func TestShapeOfTriedFaults(t *testing.T) {
	var tests strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "faults_test.go" || !strings.HasSuffix(path, "_test.go") && filepath.Ext(path) != ".txtar" {
			return err
		}
		text, err := os.ReadFile(path)
		tests.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for constant, code := range codes(t) {
		c, _ := fault.Parse(code)
		if !regexp.MustCompile(c.String() + `|\bfault\.` + constant + `\b`).MatchString(tests.String()) {
			t.Errorf("no test tries fault.%s, %v", constant, c)
		}
	}
}

// TestShapeOfReleasedFaults holds the codes to what they have meant so far: a code may
// come to the list, with -update, and none goes or changes.
func TestShapeOfReleasedFaults(t *testing.T) {
	const path = "testdata/faults.txt"
	old, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, e := range fault.Table() {
		fmt.Fprintf(&b, "%s %s\n", e.Code, e.Title)
	}
	for line := range strings.Lines(string(old)) {
		if !strings.Contains(b.String(), line) {
			t.Errorf("this was a fault and is none any more: %s", line)
		}
	}
	switch {
	case *update && !t.Failed():
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	case !bytes.Equal(old, b.Bytes()):
		t.Errorf("%s lacks a fault; run go test . -update", path)
	}
}

// What a log line ends its error with, and a line about a gap.
var (
	cited   = regexp.MustCompile(`BBK\d{3} https://github\.com/bbkeys/bbkeys/blob/main/docs/errors\.md#bbk\d{3}"`)
	gapLine = regexp.MustCompile(`(?m)^not looked at: .*$`)
	coded   = regexp.MustCompile(`\(BBK\d{3}\)$|\d things? more$`)
)

// toldWithCode requires that what a run said of an error, or of what was not looked at,
// has a code of its own: an error of the log ends with the link to it.
func toldWithCode(ts *testscript.TestScript, status int) {
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, `"level":"error"`) && !cited.MatchString(line) {
			ts.Fatalf("an error is told without its code: %s", line)
		}
	}
	if (status == int(exit.Usage) || status == int(exit.Undelivered)) && !cited.MatchString(stderr) {
		ts.Fatalf("status %d and no code is told", status)
	}
	for _, line := range gapLine.FindAllString(stdout, -1) {
		if !coded.MatchString(line) {
			ts.Fatalf("a gap is told without its code: %s", line)
		}
	}
	if unnamed := fault.Unnamed.String(); strings.Contains(stderr, unnamed) || strings.Contains(stdout, "("+unnamed+")") {
		ts.Fatalf("something that went wrong has no code of its own: %s%s", stdout, stderr)
	}
}
