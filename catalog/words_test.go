package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// vocabulary are the exported names of package permit.
func vocabulary(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../permit/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of permit: %v", err)
	}
	names := map[string]bool{}
	add := func(id *ast.Ident) { names[id.Name] = id.IsExported() }
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name)
					case *ast.ValueSpec:
						for _, id := range spec.Names {
							add(id)
						}
					}
				}
			}
		}
	}
	return names
}

// Every Go name in docs/words.md is a word of permit.
func TestWordsAreTrue(t *testing.T) {
	page, err := os.ReadFile("../docs/words.md")
	if err != nil {
		t.Fatal(err)
	}
	known := vocabulary(t)
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("`permit\\.([A-Za-z]+)`").FindAllStringSubmatch(string(page), -1) {
		if told[m[1]] = true; !known[m[1]] {
			t.Errorf("docs/words.md names permit.%s, which does not exist", m[1])
		}
	}
	if len(told) < 100 {
		t.Errorf("docs/words.md names only %d words", len(told))
	}
	for _, line := range strings.Split(string(page), "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 5 {
			t.Errorf("docs/words.md: not four cells: %s", line)
		}
	}
}
