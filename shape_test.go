package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The shape of the code: how long its pieces get, and what none of them does.
const (
	maxFileLines     = 400
	maxFuncLines     = 70
	maxExportedNames = 25
)

// revealers may read the text of a credential.
var revealers = []string{"secret", "rule", "scan", "report", "git/remote", "api"}

func TestShape(t *testing.T) {
	exported := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || len(path) > 1 && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if strings.HasSuffix(path, "_test.go") {
			return nil
		}
		shapeOfFile(t, set, f, path, room)
		exported[room] = append(exported[room], exports(t, set, f)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room, names := range exported {
		if slices.Sort(names); len(slices.Compact(names)) > maxExportedNames {
			t.Errorf("%s exports %d names, over %d: %v", room, len(names), maxExportedNames, names)
		}
	}
}

func shapeOfFile(t *testing.T, set *token.FileSet, f *ast.File, path, room string) {
	if n := set.File(f.Pos()).LineCount(); n > maxFileLines {
		t.Errorf("%s has %d lines, over %d", path, n, maxFileLines)
	}
	main := f.Name.Name == "main"
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if lines := set.Position(n.End()).Line - set.Position(n.Pos()).Line + 1; lines > maxFuncLines {
				t.Errorf("%s: %s has %d lines, over %d", path, n.Name.Name, lines, maxFuncLines)
			}
			if n.Name.Name == "init" && n.Recv == nil {
				t.Errorf("%s: has an init function", path)
			}
		case *ast.SelectorExpr:
			what := n.Sel.Name
			if x, ok := n.X.(*ast.Ident); ok {
				what = x.Name + "." + what
			}
			switch what {
			case "os.Exit", "context.Background", "context.TODO", "fmt.Print", "fmt.Printf", "fmt.Println":
				if !main {
					t.Errorf("%s: %s", set.Position(n.Pos()), what)
				}
			case "os.Getenv", "os.LookupEnv", "os.Environ", "os.Stdout", "os.Stderr", "os.Args":
				if !main && room != "proc" {
					t.Errorf("%s: %s, the process is a proc.Process", set.Position(n.Pos()), what)
				}
			}
			if n.Sel.Name == "Reveal" && !slices.Contains(revealers, room) && room != "internal/mint" {
				t.Errorf("%s: a credential stays a secret.Text", set.Position(n.Pos()))
			}
			if n.Sel.Name == "AddMask" || n.Sel.Name == "WriteFile" && strings.HasPrefix(room, "sarif") {
				t.Errorf("%s: %s prints or leaves what it must not", set.Position(n.Pos()), n.Sel.Name)
			}
		}
		return true
	})
}

// exports returns the exported names that f declares, and wants a comment on each.
func exports(t *testing.T, set *token.FileSet, f *ast.File) []string {
	var names []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !d.Name.IsExported() {
				continue
			}
			if d.Doc == nil && (d.Recv == nil || isExported(d.Recv.List[0].Type)) {
				t.Errorf("%s: %s has no comment", set.Position(d.Pos()), d.Name.Name)
			}
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() {
						names = append(names, s.Name.Name)
						if d.Doc == nil && s.Doc == nil {
							t.Errorf("%s: %s has no comment", set.Position(s.Pos()), s.Name.Name)
						}
					}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							t.Errorf("%s: %s has no comment", set.Position(n.Pos()), n.Name)
						}
						if n.IsExported() && !d.Lparen.IsValid() {
							names = append(names, n.Name)
						}
					}
				}
			}
		}
	}
	return names
}

// isExported reports whether the type of a receiver has an exported name.
func isExported(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.StarExpr:
		return isExported(t.X)
	case *ast.IndexExpr:
		return isExported(t.X)
	case *ast.Ident:
		return t.IsExported()
	}
	return false
}
