package story

import (
	"encoding/csv"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// answered are the rows of the manual that docs/acceptance.csv answers for: the platform, from its landing page to
// 使用者資訊; 註冊憑證作業; what an engineer sees of a case.
var answered = [][2]int{{16, 115}, {142, 146}, {202, 209}}

// after is the row that follows n among those answered for; 0 after the last.
func after(n int) int {
	for i, r := range answered {
		switch {
		case n >= r[0] && n < r[1]:
			return n + 1
		case n == r[1] && i+1 < len(answered):
			return answered[i+1][0]
		}
	}
	return 0
}

// TestAcceptance: every row of the manual is in docs/acceptance.csv once and in order, and names tests that exist and
// say, in their comment or their source, that they are about that row ("S24", "S16–S25").
func TestAcceptance(t *testing.T) {
	f, err := os.Open(filepath.Join(root, "docs", "acceptance.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "S,part,what,test" {
		t.Fatalf("the columns are %s", got)
	}
	tests := namedTests(t)
	next := answered[0][0]
	for _, row := range rows[1:] {
		if row[0] != "S"+strconv.Itoa(next) {
			t.Errorf("%s stands where S%d is missing", row[0], next)
		}
		n, err := strconv.Atoi(strings.TrimPrefix(row[0], "S"))
		if err != nil {
			t.Fatal(err)
		}
		next = after(n)
		if row[1] == "" || row[2] == "" {
			t.Errorf("%s does not say what it is", row[0])
		}
		if row[3] == "" {
			t.Errorf("%s (%s): nothing tests it", row[0], row[2])
		}
		for _, name := range strings.Fields(row[3]) {
			about, there := tests[name]
			switch {
			case !there:
				t.Errorf("%s: there is no test %s", row[0], name)
			case !slices.Contains(about, n):
				t.Errorf("%s: %s does not say that it is about it", row[0], name)
			}
		}
	}
	if next != 0 {
		t.Errorf("the rows end before S%d", next)
	}
}

// namedTests are the tests of the house by package.Name, each with the rows it says it is about.
func namedTests(t *testing.T) map[string][]int {
	out := map[string][]int{}
	for _, f := range house(t) {
		if !strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.path)))
		if err != nil {
			t.Fatal(err)
		}
		base := fset.File(f.syntax.Pos()).Base()
		for _, d := range f.syntax.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Recv != nil || !strings.HasPrefix(d.Name.Name, "Test") {
				continue
			}
			from := d.Pos()
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
			name := strings.TrimSuffix(f.syntax.Name.Name, "_test") + "." + d.Name.Name
			out[name] = rowsIn(string(b[int(from)-base : int(d.End())-base]))
		}
	}
	return out
}

var rowNames = regexp.MustCompile(`S([0-9]{1,3})(?:(?:–|to)S?([0-9]{1,3}))?(?:[^0-9]|$)`)

// rowsIn are the rows that a text names, ranges whole.
func rowsIn(text string) (out []int) {
	for _, m := range rowNames.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[1])
		to := from
		if m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
		for n := from; n <= to; n++ {
			out = append(out, n)
		}
	}
	return out
}

func TestRowsAreReadFromTests(t *testing.T) {
	for text, want := range map[string][]int{
		"// TestLanding: S16–S18.": {16, 17, 18}, "S62–66": {62, 63, 64, 65, 66}, "TestS5toS7_The": {5, 6, 7}, "S49, S50.": {49, 50},
		"S256x, S1234": {256}, "no row": nil, "S114": {114}, "S19": {19}, "S67–S69, S71": {67, 68, 69, 71},
	} {
		if got := rowsIn(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
