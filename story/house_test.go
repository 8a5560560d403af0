package story

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudbm/catalog"
)

// order is the order of the rooms: a room may import the rooms before it. ARCHITECTURE.md gives the reasons.
var order = []string{
	"say", "fault", "taiwan", "permit", "catalog",
	"cms", "proof", "store", "blob", "jobs", "pdf", "web", "openid", "pki", "pades", "deeds",
	"egov", "accounts", "factors", "doors", "roles", "sso", "cards", "cases", "drawings", "seals", "stamps", "submission", "ledger", "review", "register", "verdict", "notices", "portal",
	"sim", "cmd", "story",
}

// TestOrder: a room uses the rooms the paper has already passed, never the ones ahead.
func TestOrder(t *testing.T) {
	for _, f := range product(t) {
		here := slices.Index(order, f.room)
		if here < 0 {
			t.Errorf("%s: the room %s has no place in the order", f.path, f.room)
			continue
		}
		for _, path := range f.imports() {
			path, ours := strings.CutPrefix(path, "cloudbm/")
			if !ours {
				continue
			}
			room, _, _ := strings.Cut(path, "/")
			if there := slices.Index(order, room); there > here || there < 0 {
				t.Errorf("%s must not use %s, which lies ahead of %s", f.path, room, f.room)
			}
			if furniture(path) {
				t.Errorf("%s uses %s, which is for tests", f.path, path)
			}
		}
	}
}

// TestSQL: SQL stands in rows.go and in store, and only rows.go runs it.
func TestSQL(t *testing.T) {
	verbs := regexp.MustCompile(`(?s)^\s*(SELECT\s.*\bFROM\b|INSERT\s+INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|(CREATE|ALTER|DROP)\s+\w+\s|WITH\s+\w+.*\bAS\s*\(|PRAGMA\s)`)
	runs := []string{"Exec", "Must", "Row", "All", "Column", "Get"}
	for _, f := range product(t) {
		if f.room == "store" || strings.HasPrefix(f.name, "rows") {
			continue
		}
		each(f, func(l *ast.BasicLit) {
			if s, ok := literal(l); ok && verbs.MatchString(s) {
				t.Errorf("%s: SQL belongs in rows.go: %.60q", f.at(l), s)
			}
		})
		each(f, func(c *ast.CallExpr) {
			on, name := called(c)
			if slices.Contains(runs, name) && (on == "store" || on == "tx" && name != "Get" && name != "All") {
				t.Errorf("%s: only rows.go runs SQL: %s.%s", f.at(c), on, name)
			}
		})
	}
}

// protocols are the files besides pages*.go in which a room speaks HTTP, because HTTP is its protocol.
var protocols = []string{"openid/oidc", "pki/fetch", "deeds/tsa", "doors/health", "sim/", "blob/tus", "blob/s3"}

// TestHTTP: net/http stands in pages*.go, in the hall, at the front door, and where a protocol is spoken.
func TestHTTP(t *testing.T) {
	for _, f := range product(t) {
		if f.room == "web" || f.room == "cmd" || strings.HasPrefix(f.name, "pages") || !slices.Contains(f.imports(), "net/http") {
			continue
		}
		if !slices.ContainsFunc(protocols, func(p string) bool { return strings.HasPrefix(f.path, p) }) {
			t.Errorf("%s: net/http belongs in pages.go (or in a protocol file: see protocols in story/house_test.go)", f.path)
		}
	}
}

// TestClock: what time it is comes from the transaction or as an argument.
func TestClock(t *testing.T) {
	for _, f := range product(t) {
		if f.room == "store" || f.room == "cmd" {
			continue
		}
		each(f, func(s *ast.SelectorExpr) {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && s.Sel.Name == "Now" {
				t.Errorf("%s: time.Now; take tx.Now, or the time as an argument", f.at(s))
			}
		})
	}
}

// TestDoc: every folder says what it is for, a room in its doc.go.
func TestDoc(t *testing.T) {
	said := map[string]bool{}
	for _, f := range house(t) {
		said[f.dir] = said[f.dir] || f.syntax.Doc != nil && len(f.syntax.Doc.Text()) > 40
		if f.dir == f.room && f.room != "story" && f.name == "doc.go" && f.syntax.Doc == nil {
			t.Errorf("%s has no package comment", f.path)
		}
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("%s: nothing says what this package is for", dir)
		}
	}
}

// TestNames: a room is called after what it is about.
func TestNames(t *testing.T) {
	never := regexp.MustCompile(`^(util|utils|common|commons|helper|helpers|core|model|models|service|services|manager|managers|internal|pkg|lib|misc|shared|base|types|impl)$`)
	for _, f := range house(t) {
		for _, part := range append(strings.Split(f.dir, "/"), f.syntax.Name.Name) {
			if never.MatchString(part) {
				t.Errorf("%s: %q says nothing", f.path, part)
			}
		}
	}
}

// TestLength: a file one cannot hold in one's head is two files.
func TestLength(t *testing.T) {
	for _, f := range product(t) {
		if !f.generated && f.lines > 600 {
			t.Errorf("%s has %d lines; 600 is the end", f.path, f.lines)
		}
	}
}

// TestArchitecture: the rooms of ARCHITECTURE.md are the rooms there are, in the order of this test.
func TestArchitecture(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z]+)/` \\|").FindAllStringSubmatch(string(page), -1) {
		named = append(named, m[1])
	}
	there := map[string]bool{}
	for _, f := range product(t) {
		there[f.room] = true
	}
	for _, n := range named {
		if !there[n] {
			t.Errorf("ARCHITECTURE.md names %s/, and there is no such room", n)
		}
	}
	for room := range there {
		if !slices.Contains(named, room) {
			t.Errorf("%s/ is not in ARCHITECTURE.md", room)
		}
	}
	if !slices.IsSortedFunc(named, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) }) {
		t.Errorf("ARCHITECTURE.md lists the rooms out of order: %v", named)
	}
}

// TestKinds: what differs between case types is said in their declarations. A room that asks which type it has before
// it does not know what to ask. Seeds open cases, so they may name what they open.
func TestKinds(t *testing.T) {
	kinds, codes, vars := map[string]bool{}, map[string]bool{}, declared(t)
	for _, d := range catalog.All {
		kinds[d.Kind], codes[d.Code] = true, true
	}
	for _, f := range product(t) {
		if f.room == "catalog" || f.room == "permit" || f.room == "cmd" || strings.HasPrefix(f.name, "seed") {
			continue
		}
		named := func(e ast.Expr) {
			if s, ok := literal(e); ok && (kinds[s] || codes[s]) {
				t.Errorf("%s: the case type %q is named outside catalog", f.at(e), s)
			}
		}
		each(f, func(n ast.Node) { kindsOf(n, named) })
		each(f, func(s *ast.SelectorExpr) {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "catalog" && vars[s.Sel.Name] {
				t.Errorf("%s: the case type catalog.%s is named outside catalog", f.at(s), s.Sel.Name)
			}
		})
	}
}

// kindsOf calls named with each expression in n that stands where a kind of case is meant.
func kindsOf(n ast.Node, named func(ast.Expr)) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if isKind(n.X) {
			named(n.Y)
		}
		if isKind(n.Y) {
			named(n.X)
		}
	case *ast.SwitchStmt:
		if n.Tag != nil && isKind(n.Tag) {
			for _, c := range n.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					named(e)
				}
			}
		}
	case *ast.KeyValueExpr:
		if isKind(n.Key) {
			named(n.Value)
		}
	case *ast.CallExpr:
		if on, _ := called(n); on == "catalog" || on == "cases" {
			for _, a := range n.Args {
				named(a)
			}
		}
	}
}

// isKind reports whether e is the kind or the code of a case type, as far as its name tells.
func isKind(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.EqualFold(e.Name, "kind") || e.Name == "Code"
	case *ast.SelectorExpr:
		return e.Sel.Name == "Kind" || e.Sel.Name == "Code"
	}
	return false
}

// declared are the variables of catalog that hold a case type.
func declared(t *testing.T) map[string]bool {
	out := map[string]bool{}
	for _, f := range product(t) {
		if f.dir != "catalog" {
			continue
		}
		each(f, func(v *ast.ValueSpec) {
			if len(v.Names) != 1 || len(v.Values) != 1 || v.Names[0].Name != "All" {
				return
			}
			list, ok := v.Values[0].(*ast.CompositeLit)
			if !ok {
				t.Fatalf("%s: catalog.All is no list", f.at(v))
			}
			for _, e := range list.Elts {
				if id, ok := e.(*ast.Ident); ok {
					out[id.Name] = true
				}
			}
		})
	}
	if len(out) == 0 {
		t.Fatal("no case types found in catalog.All")
	}
	return out
}
