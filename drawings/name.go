package drawings

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Guess is what the name of a file, or the title block of a page, tells about a sheet.
type Guess struct {
	Number string // A1-01, empty if none was found
	Class  string
	Title  string
	Sure   bool     // it may be filed without asking
	Why    say.Text // what a person has to decide otherwise
}

// Number is a drawing number taken apart: class A1, sheet 1.
type Number struct {
	Class string
	Sheet int
	Text  string // A1-01, with the digits that were written
}

// Classes of drawings and sheets are written like A1-01 (domain §3.7).
var wholeNumber = regexp.MustCompile(`^(A[0-9AB]|S[1-9]|[DEGHIN][1-9])[- ]?(\d{1,3})$`)

// ParseNumber reads a drawing number that a person typed: A1-01, a1-1, Ａ１０１.
func ParseNumber(s string) (Number, bool) {
	m := wholeNumber.FindStringSubmatch(strings.ToUpper(dashes(taiwan.Fold(s))))
	if m == nil {
		return Number{}, false
	}
	n := numberOf(m[1], m[2])
	return n, n.Sheet > 0
}

func numberOf(class, digits string) Number {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	if len(digits) < 2 {
		digits = "0" + digits
	}
	return Number{class, n, class + "-" + digits}
}

// Same reports whether two numbers name one sheet: A1-01 and A1-001 do.
func (n Number) Same(o Number) bool { return n.Class == o.Class && n.Sheet == o.Sheet }

// dashes makes every dash a hyphen; a wave is kept, because it joins a first and a last sheet.
func dashes(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－':
			return '-'
		}
		return r
	}, s)
}

// How a number is written in a name decides how far it is believed.
type strength int

const (
	weak   strength = iota // A1-1, A1001, _A3_01: could be something else
	agreed                 // A-101, A1_01_…: believed if the title speaks of the same class
	strong                 // A1-01, A101
)

type candidate struct {
	Number
	strength   strength
	start, end int
}

var (
	classThen = regexp.MustCompile(`^(?:A[0-9AB]|S[1-9]|[DEGHIN][1-9])`)
	sheetThen = regexp.MustCompile(`^( ?- ?|[_ .]|)(\d{1,4})`)
	western   = regexp.MustCompile(`^([AS])-(\d)(\d{2})`)
	ordinal   = regexp.MustCompile(`^\d{1,3}(?:[-_.、)]+ *| +)`)
	serial    = regexp.MustCompile(`(?i)^\d{3}[A-Z]\d{5,8}[-_ ]*`)
	floors    = regexp.MustCompile(`^\d{1,3}(?:[-~至、,.]\d{1,3})* ?(?:[FfLl樓層戶期棟]|號)`)
	subSheet  = regexp.MustCompile(`^[-_ .~至]+\d{1,3}(?:\D|$)`)
)

// find lists the drawing numbers in s, which is folded and in capitals.
func find(s string) []candidate {
	var out []candidate
	for i := 0; i < len(s); i++ {
		if i > 0 && alnum(s[i-1]) {
			continue
		}
		c, ok := at(s, i)
		if !ok {
			continue
		}
		if !slices.ContainsFunc(out, func(o candidate) bool { return o.Same(c.Number) }) {
			out = append(out, c)
		}
		i = c.end - 1
	}
	return out
}

func at(s string, i int) (candidate, bool) {
	if m := western.FindStringSubmatch(s[i:]); m != nil {
		c := candidate{numberOf(m[1]+m[2], m[3]), agreed, i, i + len(m[0])}
		return c, clean(s, c.end) && classThen.MatchString(c.Class) && c.Sheet > 0
	}
	class := classThen.FindString(s[i:])
	if class == "" {
		return candidate{}, false
	}
	m := sheetThen.FindStringSubmatch(s[i+len(class):])
	if m == nil {
		return candidate{}, false
	}
	sep, digits := m[1], m[2]
	c := candidate{numberOf(class, digits), weak, i, i + len(class) + len(m[0])}
	switch {
	case !clean(s, c.end) || c.Sheet == 0:
		return c, strings.Contains(sep, "-") && c.Sheet > 0 // A1-01A: shown, not believed
	case len(digits) == 2 && sep == "", (len(digits) == 2 || len(digits) == 3) && strings.Contains(sep, "-"):
		c.strength = strong
	case len(digits) == 2 && sep != "" && beginning(s[:i]):
		c.strength = agreed
	}
	return c, true
}

func alnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// clean reports whether a number may end before position i.
func clean(s string, i int) bool { return i >= len(s) || !alnum(s[i]) }

// beginning reports whether only an ordinal, a case serial or a bracket stands before.
func beginning(before string) bool {
	before = serial.ReplaceAllString(before, "")
	before = ordinal.ReplaceAllString(before, "")
	return strings.Trim(before, " -_([【「") == ""
}

// continues reports whether what follows a number makes another number of it: A1-01-2, A1-01~04. A floor does not.
func continues(rest string) bool {
	if !subSheet.MatchString(rest) {
		return false
	}
	return !floors.MatchString(strings.TrimLeft(rest, "-_ .~至"))
}

// What programs, mail and people hang on the end of a name.
var tails = []*regexp.Regexp{
	regexp.MustCompile(` *\(\d{1,2}\)$`),
	regexp.MustCompile(`(?i)[-_ ]+(?:複製|複本|副本|copy)(?: *\d+)?$`),
	regexp.MustCompile(`(?i)[-_ .]+(?:v|ver|rev|r|版|版次)[-_. ]?(?:\d{1,3}(?:\.\d{1,2})?|[a-d])$`),
	regexp.MustCompile(`[-_ ]*(?:第[\d一二三四五六七八九十]+版|[一二三四五六七八九十\d]版)$`),
	regexp.MustCompile(`(?i)[-_ ]+(?:修正\d*|修改\d*|修正版|修正後|定稿|最終版?|送審版?|核准版?|正式版?|掛號用|final|new)$`),
	regexp.MustCompile(`[-_ ]+(?:19|20)?\d{2}[01]\d[0-3]\d$`),
	regexp.MustCompile(`[-_ ]+1\d{2}[01]\d[0-3]\d$`),
	regexp.MustCompile(`[-_ ]+(?:1\d{2}|20\d{2})[-.][01]?\d[-.][0-3]?\d$`),
	regexp.MustCompile(`(?i)[-_ ]+A[0-4](?:圖框|紙|size)$`),
}

// untailed is a name without what hangs on its end.
func untailed(s string) string {
	for range 4 {
		before := s
		for _, t := range tails {
			s = t.ReplaceAllString(s, "")
		}
		if s == before {
			break
		}
	}
	return s
}

// ReadName guesses number, class and title of the sheet in a file from its name and its folder. classes are those of
// the case type; a number of another class is never sure.
func ReadName(folder, name string, classes []permit.Drawing) Guess {
	base := dashes(taiwan.Fold(name))
	base = untailed(strings.TrimSpace(strings.TrimSuffix(base, path.Ext(base))))
	found := find(strings.ToUpper(base))
	switch len(found) {
	case 0:
		return fromFolder(folder, base, classes)
	case 1:
		return fromNumber(found[0], base, classes)
	}
	g := Guess{Title: drawn(base), Why: say.T("檔名裡有不只一個圖號，選擇這一頁的圖號", "The name holds more than one number: choose the one of this page")}
	if slices.ContainsFunc(found, func(c candidate) bool { return c.Class != found[0].Class }) {
		return g
	}
	g.Class = found[0].Class
	return g
}

func fromNumber(c candidate, base string, classes []permit.Drawing) Guess {
	rest := base[c.end:]
	g := Guess{Number: c.Text, Class: c.Class, Title: trim(rest)}
	if g.Title == "" {
		g.Title = drawn(base[:c.start])
	}
	switch set := speaksOf(g.Title); {
	case !known(classes, c.Class):
		g.Why = say.F("這類案件沒有圖說類別 %s，選擇類別並確認圖號", "This kind of case has no class %s: choose the class and check the number", c.Class)
	case continues(rest):
		g.Why = say.T("圖號後面還有數字，確認圖號", "More digits follow the number: check it")
	case c.strength == weak:
		g.Why = say.T("檔名像是有圖號，但寫法不只一種讀法，確認圖號", "The name seems to hold a number, but it can be read in more than one way: check it")
	case !fits(c.Class, set):
		g.Why = mismatch(c.Class, classes)
	case c.strength == agreed && (len(set) == 0 || !fits(c.Class, set)):
		g.Why = say.T("確認圖號：檔名沒有說明圖的內容", "Check the number: the name does not say what is drawn")
	default:
		g.Sure = true
	}
	return g
}

func mismatch(class string, classes []permit.Drawing) say.Text {
	return say.F("圖名與圖說類別 %s（%s）不像同一種圖，確認圖號或圖名", "The title does not look like class %s (%s): check the number or the title", class, nameOf(classes, class))
}

// fromFolder reads folders named by class with sheets numbered inside: A1 平面圖/01 一層平面圖.pdf.
func fromFolder(folder, base string, classes []permit.Drawing) Guess {
	g := Guess{Title: trim(base), Why: say.T("檔名裡沒有圖號，填寫圖號", "The name holds no number: enter one")}
	set := speaksOf(g.Title)
	if len(set) == 1 && known(classes, set[0]) {
		g.Class = set[0]
	}
	last := strings.ToUpper(dashes(taiwan.Fold(path.Base(folder))))
	class := classThen.FindString(last)
	if folder == "" || class == "" || !clean(last, len(class)) || !known(classes, class) {
		return g
	}
	g.Class = class
	m := ordinal.FindString(base)
	if m == "" && regexp.MustCompile(`^\d{1,3}$`).MatchString(base) {
		m = base
	}
	if m == "" {
		return g
	}
	n := numberOf(class, strings.TrimRight(m, "-_.、) "))
	if n.Sheet == 0 {
		return g
	}
	g.Number, g.Title = n.Text, trim(strings.TrimPrefix(base, m))
	set = speaksOf(g.Title)
	if len(set) > 0 && fits(class, set) {
		g.Sure, g.Why = true, say.Text{}
		return g
	}
	g.Why = say.T("圖號是從資料夾和順序推得的，確認圖號", "The number was worked out from the folder and the order: check it")
	return g
}

// trim takes away what only separates.
func trim(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("-_.,:;~=+、，：；()[]{}【】（）「」『』《》<>", r)
	})
	// A bracket opened inside and cut off at the end is closed again.
	for _, p := range []string{"()", "[]", "（）", "【】", "「」"} {
		open, shut := []rune(p)[0], []rune(p)[1]
		if strings.ContainsRune(s, open) && !strings.ContainsRune(s, shut) {
			s += string(shut)
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "_", " ")), " ")
}

// drawn is what stands before a number, if it is the name of something drawn and not of the project.
func drawn(before string) string {
	before = serial.ReplaceAllString(strings.TrimSpace(before), "")
	before = trim(ordinal.ReplaceAllString(before, ""))
	last, _ := utf8.DecodeLastRuneInString(before)
	if len(speaksOf(before)) > 0 || strings.ContainsRune("圖表書冊照片", last) && before != "" {
		return before
	}
	return ""
}

func known(classes []permit.Drawing, class string) bool {
	return slices.ContainsFunc(classes, func(d permit.Drawing) bool { return d.Class == class })
}

func nameOf(classes []permit.Drawing, class string) say.Text {
	for _, d := range classes {
		if d.Class == class {
			return d.Name
		}
	}
	return say.Same(class)
}

// InBlock joins what the name said with what the title block of the page says. one tells that the file has a single
// page, so that its name speaks of this page.
func (g Guess) InBlock(number, title string, one bool, classes []permit.Drawing) Guess {
	n, ok := ParseNumber(number)
	if !one {
		g = Guess{Class: g.Class, Why: say.T("這個檔案有好幾頁，填寫這一頁的圖號", "The file has several pages: enter the number of this one")}
	}
	if g.Title == "" || g.Number == "" && title != "" && len(speaksOf(g.Title)) == 0 {
		g.Title = title // scan0001 is not what the sheet is called
	}
	if !ok {
		return g
	}
	if was, had := ParseNumber(g.Number); had && !was.Same(n) {
		g.Sure = false
		g.Why = say.F("檔名寫 %s，圖框寫 %s，選擇正確的圖號", "The file name says %s, the title block says %s: choose the right one", was.Text, n.Text)
		return g
	} else if had && g.Sure {
		return g
	}
	set := speaksOf(g.Title)
	switch {
	case !known(classes, n.Class):
		return g
	case !fits(n.Class, set):
		g.Number, g.Class, g.Why = n.Text, n.Class, mismatch(n.Class, classes)
	case g.Number == "" && title == "" && len(set) == 0:
		g.Number, g.Class, g.Why = n.Text, n.Class, say.T("圖號是從圖面讀到的，確認是這一頁的圖號", "The number was read from the drawing: check that it is the one of this page")
	default:
		g.Number, g.Class, g.Sure, g.Why = n.Text, n.Class, true, say.Text{}
	}
	return g
}

// String is for logs and tests.
func (g Guess) String() string { return fmt.Sprintf("%s|%s|%s|%v", g.Number, g.Class, g.Title, g.Sure) }
