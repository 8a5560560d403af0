package taiwan_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestSentences reads every sentence this package refuses with, from its source, and holds it to the house's rules:
// both languages, verb first, at most 30 Han characters, none of the words that blame or say nothing.
func TestSentences(t *testing.T) {
	verbs := map[string]bool{"Enter": true, "Add": true, "Compare": true, "Change": true, "Remove": true, "Shorten": true, "Replace": true, "Delete": true}
	starts := []string{"輸入", "補上", "核對", "改", "把", "刪掉", "縮短", "換成", "建築師證號只要填四個數字，其他文字都不要打"} // the last is the manual's own
	banned := []string{"無效", "格式錯誤", "不合法", "有誤", "請確認", "系統異常", "抱歉", "invalid", "not valid", "forbidden", "sorry", "please", "oops", "illegal", "wrong"}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			first := map[string]int{"refuse": 0, "freeNumber": 1, "F": 0, "T": 0}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.Ident:
				name = fun.Name
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			}
			i, ok := first[name]
			if !ok || len(call.Args) < i+2 {
				return true
			}
			zh, okZh := sentence(call.Args[i])
			en, okEn := sentence(call.Args[i+1])
			if !okZh || !okEn || name == "T" || strings.HasPrefix(zh, "%") {
				return true // built from names, not a sentence
			}
			found++
			if !begins(zh, starts) || !verbs[strings.Fields(en + " ")[0]] {
				t.Errorf("%s: 「%s」 / %q does not begin with what to do", file.Name(), zh, en)
			}
			length := 0
			for _, r := range zh {
				if unicode.Is(unicode.Han, r) {
					length++
				}
			}
			if length > 30 {
				t.Errorf("%s: 「%s」 has %d Han characters, at most 30", file.Name(), zh, length)
			}
			for _, word := range banned {
				if strings.Contains(zh, word) || strings.Contains(strings.ToLower(en), word) {
					t.Errorf("%s: 「%s」 / %q says %q", file.Name(), zh, en, word)
				}
			}
			return true
		})
	}
	if found < 50 {
		t.Errorf("only %d sentences found: the reader of the source has gone blind", found)
	}
}

func sentence(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil && s != ""
}

func begins(s string, starts []string) bool {
	for _, start := range starts {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	return false
}
