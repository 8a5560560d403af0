package story

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const root = ".."

// file is one Go file of the house.
type file struct {
	path      string // from the root, with slashes: cases/rows.go
	dir       string // cases
	room      string // the first part of dir
	name      string // rows.go
	lines     int
	generated bool
	test      bool // a test, or what only tests use
	syntax    *ast.File
}

// at is the place of a node, as a compiler would print it.
func (f *file) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", f.path, fset.Position(n.Pos()).Line)
}

// imports are the paths that f imports.
func (f *file) imports() []string {
	var out []string
	for _, i := range f.syntax.Imports {
		out = append(out, text(i.Path))
	}
	return out
}

var fset = token.NewFileSet()

// source is every Go file of the house, parsed once.
var source = sync.OnceValues(func() ([]*file, error) {
	var out []*file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"node_modules", "testdata", "build", "data"}, d.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		f, err := read(path)
		out = append(out, f)
		return err
	})
	return out, err
})

func read(path string) (*file, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(fset, path, b, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return nil, err
	}
	rel = filepath.ToSlash(rel)
	dir, name, _ := cutLast(rel)
	room, _, _ := strings.Cut(dir, "/")
	return &file{
		path: rel, dir: dir, room: room, name: name, lines: strings.Count(string(b), "\n"),
		generated: ast.IsGenerated(syntax), test: strings.HasSuffix(name, "_test.go") || furniture(dir), syntax: syntax,
	}, nil
}

func cutLast(path string) (dir, name string, ok bool) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:], true
	}
	return "", path, false
}

// furniture reports whether a folder holds what only tests use: store/storetest, web/webtest.
func furniture(dir string) bool {
	for _, p := range strings.Split(dir, "/") {
		if p != "story" && strings.HasSuffix(p, "test") {
			return true
		}
	}
	return false
}

// house is the source, without the programs in tools, which are modules of their own.
func house(t *testing.T) []*file {
	t.Helper()
	all, err := source()
	if err != nil {
		t.Fatal(err)
	}
	all = slices.Clone(all)
	all = slices.DeleteFunc(all, func(f *file) bool { return f.room == "tools" })
	if len(all) < 100 {
		t.Fatalf("only %d files found; is this the house?", len(all))
	}
	return all
}

// product is the source of the program itself.
func product(t *testing.T) []*file {
	t.Helper()
	return slices.DeleteFunc(house(t), func(f *file) bool { return f.test })
}

// text is what a string literal says.
func text(e ast.Expr) string {
	s, _ := literal(e)
	return s
}

// literal is the value of a string made of literals alone.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.ParenExpr:
		return literal(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			a, ok := literal(e.X)
			b, too := literal(e.Y)
			return a + b, ok && too
		}
	}
	return "", false
}

// called is how a call is written: "say.T", "Form.Bad" is "….Bad" with the name of the receiver in front.
func called(c *ast.CallExpr) (on, name string) {
	fun := c.Fun
	if i, ok := fun.(*ast.IndexExpr); ok { // store.Get[int]
		fun = i.X
	}
	switch f := fun.(type) {
	case *ast.Ident:
		return "", f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name, f.Sel.Name
		}
		return "…", f.Sel.Name
	}
	return "", ""
}

// each calls visit with every node of one kind.
func each[N ast.Node](f *file, visit func(N)) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if n, ok := n.(N); ok {
			visit(n)
		}
		return true
	})
}
