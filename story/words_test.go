package story

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// pair is a sentence in both languages as it stands in the source.
type pair struct {
	at      string
	by      string // what was called
	zh, en  string
	format  bool // the halves are formats with the same arguments
	refusal bool // it says no to a person
}

// takes says at which arguments a function takes the halves of a sentence; a function that is not named takes none.
var takes = map[string]struct {
	at              int
	format, refusal bool
}{
	"say.T": {at: 0}, "say.F": {at: 0, format: true}, "say.To": {at: 1},
	"fault.Of": {at: 1, refusal: true}, "fault.Bad": {at: 1, refusal: true},
	"….Bad": {at: 1, refusal: true}, "….To": {at: 0},
}

// pairs are all sentences of a file whose halves are written out.
func pairs(f *file) []pair {
	var out []pair
	refused := map[*ast.CallExpr]bool{} // say.T inside fault.Say, BadText, At or Add
	each(f, func(c *ast.CallExpr) {
		on, name := called(c)
		if on == "fault" && (name == "Say" || name == "BadText") || name == "At" {
			for _, a := range c.Args {
				if in, ok := a.(*ast.CallExpr); ok {
					refused[in] = true
				}
			}
		}
		how, ok := takes[on+"."+name]
		if !ok && on != "say" && on != "fault" {
			how, ok = takes["…."+name]
		}
		if !ok || len(c.Args) < how.at+2 {
			return
		}
		zh, isZh := literal(c.Args[how.at])
		en, isEn := literal(c.Args[how.at+1])
		if isZh && isEn {
			out = append(out, pair{f.at(c), on + "." + name, zh, en, how.format, how.refusal || refused[c]})
		}
	})
	each(f, func(l *ast.CompositeLit) {
		if s, ok := l.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Text" && len(l.Elts) == 2 {
			if x, ok := s.X.(*ast.Ident); !ok || x.Name != "say" {
				return
			}
			zh, isZh := literal(value(l.Elts[0]))
			en, isEn := literal(value(l.Elts[1]))
			if isZh && isEn {
				out = append(out, pair{at: f.at(l), by: "say.Text", zh: zh, en: en})
			}
		}
	})
	return out
}

func value(e ast.Expr) ast.Expr {
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		return kv.Value
	}
	return e
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func latin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Latin, r) })
}

var (
	verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(\.[0-9]+)?(\[[0-9]+\])?([a-zA-Z%])`)
	// half-width marks between Chinese characters, and the simplified 台 in names written with 臺
	marks = regexp.MustCompile(`\p{Han}[,;?!:]\p{Han}|\p{Han}\.($|\p{Han})`)
	tai   = regexp.MustCompile(`台(灣|北|中|南|東)`)
)

// arguments are what a format takes: the verb by the number of the argument.
func arguments(format string) map[int]string {
	out, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		if m[2] != "" {
			next, _ = strconv.Atoi(strings.Trim(m[2], "[]"))
		}
		out[next] = m[3]
		next++
	}
	return out
}

// TestPairs: every sentence has both halves, in the writing of the agency.
func TestPairs(t *testing.T) {
	n := 0
	for _, f := range product(t) {
		for _, p := range pairs(f) {
			n++
			switch {
			case han(p.zh) && p.en == "", latin(p.en) && p.zh == "":
				t.Errorf("%s: %s has one half only: %q, %q", p.at, p.by, p.zh, p.en)
			case han(p.en) && !han(p.zh):
				t.Errorf("%s: %s has its halves the wrong way round: %q, %q", p.at, p.by, p.zh, p.en)
			case han(p.zh) && p.zh == p.en:
				t.Errorf("%s: %s says the Chinese twice: %q", p.at, p.by, p.zh)
			}
			if a, b := arguments(p.zh), arguments(p.en); p.format && !maps.Equal(a, b) {
				t.Errorf("%s: the halves take different arguments: %v in %q, %v in %q", p.at, a, p.zh, b, p.en)
			}
			if m := marks.FindString(p.zh); m != "" {
				t.Errorf("%s: half-width punctuation in Chinese: %q in %q", p.at, m, p.zh)
			}
			if m := tai.FindString(p.zh); m != "" {
				t.Errorf("%s: write 臺: %q in %q", p.at, m, p.zh)
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d sentences found; does this test still know how they are written?", n)
	}
}

// TestRefusals: who is told no is told how to mend it, not that they were wrong.
func TestRefusals(t *testing.T) {
	zh := regexp.MustCompile(`無效|格式錯誤|格式不正確|不合法|系統異常|抱歉|對不起|^請|請確認|請重新`)
	en := regexp.MustCompile(`(?i)\b(in)?valid\b|\bforbidden\b|\billegal\b|\bsorry\b|\bplease\b|\boops\b|\bwrong format\b`)
	n := 0
	for _, f := range product(t) {
		for _, p := range pairs(f) {
			if !p.refusal {
				continue
			}
			n++
			if m := zh.FindString(p.zh); m != "" {
				t.Errorf("%s: %q in %q: say how to mend it, verb first", p.at, m, p.zh)
			}
			if m := en.FindString(p.en); m != "" {
				t.Errorf("%s: %q in %q: say how to mend it, verb first", p.at, m, p.en)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d refusals found; does this test still know how they are written?", n)
	}
}

// TestTemplates: no template says anything in one language only. (zh-Hant names of a language switch stand in both.)
func TestTemplates(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>?`)
	for _, f := range product(t) {
		if !strings.HasSuffix(f.name, "_templ.go") {
			continue
		}
		each(f, func(c *ast.CallExpr) {
			if on, name := called(c); on != "templruntime" || name != "WriteString" {
				return
			}
			for _, a := range c.Args {
				s, ok := literal(a)
				if ok && han(tags.ReplaceAllString(s, "")) && !strings.Contains(s, `lang="zh`) {
					t.Errorf("%s: Chinese without its English: %.80q", f.at(c), s)
				}
			}
		})
	}
}

// TestWords: each Go name in docs/words.md is a name of permit.
func TestWords(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "words.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := vocabulary(t)
	ticked := regexp.MustCompile("`([^`]+)`")
	column, rows := -1, 0
	for n, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(strings.Trim(line, " |"), "|")
		if !strings.HasPrefix(line, "|") {
			column = -1
			continue
		}
		if column < 0 {
			for i, c := range cells {
				if strings.Contains(c, "Go") {
					column = i
				}
			}
			continue
		}
		if column < 0 || column >= len(cells) || strings.Trim(cells[column], " -:") == "" {
			continue
		}
		for _, m := range ticked.FindAllStringSubmatch(cells[column], -1) {
			rows++
			name := strings.TrimPrefix(strings.TrimSuffix(m[1], "()"), "permit.")
			if room, _, ok := strings.Cut(name, "."); ok && strings.ToLower(room) == room {
				continue // a word of another room: see its doc.go
			}
			if !names[name] {
				t.Errorf("docs/words.md:%d: permit has no %s", n+1, m[1])
			}
		}
	}
	if rows < 20 {
		t.Errorf("only %d Go names found in docs/words.md", rows)
	}
}

// vocabulary is every exported name of permit: Type, Type.Fees, Role, Architect.
func vocabulary(t *testing.T) map[string]bool {
	out := map[string]bool{}
	for _, f := range product(t) {
		if f.dir != "permit" {
			continue
		}
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = receiver(d.Recv.List[0].Type) + "." + name
				}
				out[name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.ValueSpec:
						for _, n := range s.Names {
							out[n.Name] = true
						}
					case *ast.TypeSpec:
						out[s.Name.Name] = true
						if st, ok := s.Type.(*ast.StructType); ok {
							for _, field := range st.Fields.List {
								for _, n := range field.Names {
									out[s.Name.Name+"."+n.Name] = true
								}
							}
						}
					}
				}
			}
		}
	}
	return out
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
