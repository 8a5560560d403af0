package drawings

import (
	"regexp"
	"slices"
	"strings"
)

// What words of a title belong to which class (domain §3.7). They only ever keep a number from being believed, or
// confirm one that could be read in two ways; they never make a number.

type hint struct {
	words   *regexp.Regexp
	classes []string
}

var structural = regexp.MustCompile(`結構|配筋|鋼筋|鋼構|筏基|樁|樑|梁|STRUCTUR|FOUNDATION|FRAMING|REBAR|BEAM`)

var structuralHints = []hint{
	{regexp.MustCompile(`計算書|CALCULATION`), []string{"S8"}},
	{regexp.MustCompile(`樑|梁|BEAM`), []string{"S2"}},
	{regexp.MustCompile(`柱|COLUMN`), []string{"S3"}},
	{regexp.MustCompile(`版|板|SLAB`), []string{"S4"}},
	{regexp.MustCompile(`牆|WALL`), []string{"S5"}},
	{regexp.MustCompile(`樓梯|水箱|STAIR`), []string{"S6"}},
	{regexp.MustCompile(`平面|配置|FRAMING|PLAN`), []string{"S1"}},
}

var anyStructural = []string{"S1", "S2", "S3", "S4", "S5", "S6", "S7", "S9"}

var equipment = regexp.MustCompile(`電氣|電力|弱電|給水|排水|給排水|污水|消防|空調|機電|瓦斯|ELECTRICAL|PLUMBING|FIRE`)

var architecturalHints = []hint{
	{regexp.MustCompile(`位置圖|現況|配置|日照|面積|基地圖|SITE|LOCATION|BLOCK PLAN`), []string{"A0"}},
	{regexp.MustCompile(`剖立面`), []string{"A2", "A3"}},
	{regexp.MustCompile(`平面|FLOOR|ROOF PLAN|(?:^|\W)PLAN`), []string{"A1"}},
	{regexp.MustCompile(`立面|ELEVATION`), []string{"A2"}},
	{regexp.MustCompile(`剖面|SECTION`), []string{"A3"}},
	{regexp.MustCompile(`樓梯|昇降|車道|坡道|STAIR|RAMP`), []string{"A4"}},
	{regexp.MustCompile(`門窗|窗表|DOOR|WINDOW`), []string{"A5"}},
	{regexp.MustCompile(`大樣|DETAIL`), []string{"A6"}},
	{regexp.MustCompile(`套繪|地籍`), []string{"A8"}},
	{regexp.MustCompile(`照片|相片|PHOTO`), []string{"AA", "H1"}},
}

var barrierFree = regexp.MustCompile(`無障礙`)

// speaksOf lists the classes that a title speaks of; none if it speaks of nothing known.
func speaksOf(title string) []string {
	t := strings.ToUpper(title)
	switch {
	case t == "":
		return nil
	case barrierFree.MatchString(t):
		return []string{"N1", "N2", "N3", "N4", "N5", "A1", "A4", "A6", "A9"}
	case structural.MatchString(t):
		if set := gather(t, structuralHints); len(set) > 0 {
			return set
		}
		return anyStructural
	case equipment.MatchString(t):
		return []string{"A9", "D1"}
	case strings.Contains(t, "綠建築"):
		return []string{"I1", "A9"}
	}
	return gather(t, architecturalHints)
}

func gather(t string, hints []hint) []string {
	var set []string
	for _, h := range hints {
		if h.words.MatchString(t) {
			set = append(set, h.classes...)
		}
	}
	return set
}

// Classes that take all kinds of sheets.
var (
	anything      = []string{"D1", "AB", "AA", "G1", "G2", "H1", "H2", "H3", "I1", "N5"}
	anyArchitect  = []string{"A6", "A9", "E1", "E2"}
	anyStructured = []string{"S7", "S9"}
)

// fits reports whether a sheet that speaks of these classes may be of this one.
func fits(class string, set []string) bool {
	begins := func(letter string) bool {
		return slices.ContainsFunc(set, func(c string) bool { return strings.HasPrefix(c, letter) })
	}
	switch {
	case len(set) == 0 || slices.Contains(set, class) || slices.Contains(anything, class):
		return true
	case slices.Contains(anyArchitect, class):
		return begins("A") && !slices.Contains(set, "D1")
	case slices.Contains(anyStructured, class):
		return begins("S")
	}
	return false
}
