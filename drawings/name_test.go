package drawings

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"cloudbm/catalog"
	"cloudbm/permit"
	"cloudbm/say"
)

// classes are those of an ordinary building licence; interior works (E1) are not among them.
func classes() []permit.Drawing {
	var out []permit.Drawing
	for _, c := range strings.Fields("A0 A1 A2 A3 A4 A5 A6 A8 A9 S1 S2 S3 S4 S5 S6 S7 S8 S9 D1 N1 N2 N3 N4 N5 I1 AA") {
		out = append(out, permit.Drawing{Class: c, Name: say.Same(c)})
	}
	return out
}

// habits are ways in which offices name their files. want is the number, and then ? where a person has to look:
// number and title may be proposed then, but the sheet is not filed by itself. right is what the sheet truly is.
var habits = []struct{ habit, folder, name, want, title string }{
	// 1 number_title_version, as recommended
	{"recommended", "", "A1-01_一層平面圖_v1.pdf", "A1-01", "一層平面圖"},
	{"recommended", "", "A1-02_二層平面圖_v2.pdf", "A1-02", "二層平面圖"},
	{"recommended", "", "A0-01_面積計算表_v1.pdf", "A0-01", "面積計算表"},
	{"recommended", "", "A2-01_東向立面圖_v10.pdf", "A2-01", "東向立面圖"},
	{"recommended", "", "A3-01_總剖面圖.pdf", "A3-01", "總剖面圖"},
	{"recommended", "", "A4-01_樓梯平面詳圖_v1.pdf", "A4-01", "樓梯平面詳圖"},
	{"recommended", "", "A5-01_門窗表_V1.PDF", "A5-01", "門窗表"},
	{"recommended", "", "S1-01_基礎結構平面圖_v1.pdf", "S1-01", "基礎結構平面圖"},
	{"recommended", "", "S2-01_樑配筋詳圖_v1.pdf", "S2-01", "樑配筋詳圖"},
	{"recommended", "", "S6-01_樓梯配筋詳圖_v1.pdf", "S6-01", "樓梯配筋詳圖"},
	{"recommended", "", "S8-01_結構計算書.pdf", "S8-01", "結構計算書"},
	{"recommended", "", "A1-101_十層平面圖.pdf", "A1-101", "十層平面圖"},
	{"recommended", "", "S1-02.pdf", "S1-02", ""},
	{"recommended", "", "A8-01_地籍套繪圖.dxf", "A8-01", "地籍套繪圖"},
	{"recommended", "", "A9-01_消防設備平面圖.pdf", "A9-01", "消防設備平面圖"},
	{"recommended", "", "N1-01_無障礙全區配置圖.pdf", "N1-01", "無障礙全區配置圖"},
	// 2 without a hyphen, as Taipei writes it
	{"compact", "", "A101 一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"compact", "", "A101一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"compact", "", "A201_立面圖.pdf", "A2-01", "立面圖"},
	{"compact", "", "A110-屋頂平面圖.pdf", "A1-10", "屋頂平面圖"},
	{"compact", "", "S301.柱配筋詳圖.pdf", "S3-01", "柱配筋詳圖"},
	{"compact", "", "A101.pdf", "A1-01", ""},
	// 3 number behind or in brackets
	{"behind", "", "一層平面圖 A1-01.pdf", "A1-01", "一層平面圖"},
	{"behind", "", "一層平面圖(A1-01).pdf", "A1-01", "一層平面圖"},
	{"behind", "", "【A2-02】南向立面圖.pdf", "A2-02", "南向立面圖"},
	{"behind", "", "王宅新建工程_A1-01.pdf", "A1-01", ""},
	// 4 an order, a serial or a project in front
	{"before", "", "01_A1-01_一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"before", "", "003 A3-02 剖面圖.pdf", "A3-02", "剖面圖"},
	{"before", "", "111A10134_A1-01_一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"before", "", "111A10134-A201-立面圖.pdf", "A2-01", "立面圖"},
	{"before", "", "王宅新建工程-A1-03-三層平面圖-1110218.pdf", "A1-03", "三層平面圖"},
	{"before", "", "1. A1-01 一層平面圖.pdf", "A1-01", "一層平面圖"},
	// 5 folders
	{"folder", "A1 平面圖", "01 一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"folder", "王宅/A2_立面圖", "02_南向立面圖.pdf", "A2-02", "南向立面圖"},
	{"folder", "建築圖", "A1-01_一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"folder", "S2", "01.樑配筋圖.pdf", "S2-01", "樑配筋圖"},
	{"folder", "A3", "01.pdf", "A3-01?", ""},
	{"folder", "A3", "總剖面圖.pdf", "?", "總剖面圖"},
	{"folder", "A1 平面圖", "01 南向立面圖.pdf", "A1-01?", "南向立面圖"},
	// 6 as typed: full width, small letters, spaces, versions, dates, copies
	{"typed", "", "Ａ１－０１　一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "a1-01 一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1–01 一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1 - 01 一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖 (1).pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖 - 複製.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖_rev.B.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖_20260301.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖_115-03-01.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01_一層平面圖_修正後_v3.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A1-01-1F平面圖.pdf", "A1-01", "1F平面圖"},
	{"typed", "", "A1-02 2-4F平面圖.pdf", "A1-02", "2-4F平面圖"},
	{"typed", "", "A1-01_Ground floor plan.pdf", "A1-01", "Ground floor plan"},
	{"typed", "", "A2-01 North elevation.pdf", "A2-01", "North elevation"},
	{"typed", "", "A1_01_一層平面圖.pdf", "A1-01", "一層平面圖"},
	{"typed", "", "A-101 一層平面圖.pdf", "A1-01", "一層平面圖"},
	// what must not be believed
	{"trap", "", "一層平面圖.pdf", "?", "一層平面圖"},
	{"trap", "", "平面圖_A3.pdf", "?", ""},
	{"trap", "", "平面圖_A3_01.pdf", "A3-01?", ""},
	{"trap", "", "A3_01.pdf", "A3-01?", ""},
	{"trap", "", "A1-1.pdf", "A1-01?", ""},
	{"trap", "", "A11-1申請書.pdf", "?", ""},
	{"trap", "", "A1001_平面圖.pdf", "A1-001?", ""},
	{"trap", "", "A1-01-2_一層平面圖.pdf", "A1-01?", ""},
	{"trap", "", "A1-01~A1-04_各層平面圖.pdf", "?", ""},
	{"trap", "", "A1-01~04_各層平面圖.pdf", "A1-01?", ""},
	{"trap", "", "A1-01A_一層平面圖.pdf", "A1-01?", ""},
	{"trap", "", "A2-01_一層平面圖.pdf", "A2-01?", "一層平面圖"},
	{"trap", "", "A1-01_結構平面圖.pdf", "A1-01?", "結構平面圖"},
	{"trap", "", "S1-01_一層平面圖.pdf", "S1-01?", "一層平面圖"},
	{"trap", "", "A9-01_結構計算書.pdf", "A9-01?", "結構計算書"},
	{"trap", "", "E1-01_電氣平面圖.pdf", "E1-01?", "電氣平面圖"},
	{"trap", "", "S-201.pdf", "S2-01?", ""},
	{"trap", "", "111A10134.pdf", "?", ""},
	{"trap", "", "N00100 申請書.pdf", "?", ""},
	{"trap", "", "NS1900抗壓報告.pdf", "?", ""},
	{"trap", "", "H200x100鋼樑.pdf", "?", ""},
	{"trap", "", "D13@20配筋.pdf", "?", ""},
	{"trap", "", "B1F平面圖.pdf", "?", "B1F平面圖"},
	{"trap", "", "scan0001.pdf", "?", ""},
	{"trap", "", "А1-01_一層平面圖.pdf", "?", ""}, // a Cyrillic А
	{"trap", "", "A1-00_目錄.pdf", "?", ""},
	{"trap", "", "IMG_2026A101.jpg", "?", ""},
}

func TestNamingHabits(t *testing.T) {
	sure, conventional := 0, 0
	for _, h := range habits {
		g := ReadName(h.folder, h.name, classes())
		number, ask := strings.CutSuffix(h.want, "?")
		if g.Sure == ask {
			t.Errorf("%s/%s: sure %v (%s)", h.folder, h.name, g.Sure, g.Why)
		}
		if g.Sure && (g.Number != number || h.title != g.Title) || !ask && g.Number != number {
			t.Errorf("%s/%s: %s, want %s %q", h.folder, h.name, g, number, h.title)
		}
		if ask && number != "" && g.Number != number {
			t.Errorf("%s: proposes %q, want %q", h.name, g.Number, number)
		}
		if ask && h.title != "" && g.Title != h.title {
			t.Errorf("%s: title %q, want %q", h.name, g.Title, h.title)
		}
		if g.Sure != g.Why.Empty() {
			t.Errorf("%s: sure %v but says %q", h.name, g.Sure, g.Why)
		}
		if h.habit != "trap" {
			conventional++
			if g.Sure {
				sure++
			}
		}
	}
	t.Logf("%d names, %d of %d conventional ones filed without asking", len(habits), sure, conventional)
	if sure*10 < conventional*9 {
		t.Errorf("only %d of %d conventional names are understood", sure, conventional)
	}
}

// The names of the classes themselves, as the law prints them, are titles of their class.
func TestEveryClassKnowsItsOwnName(t *testing.T) {
	n := 0
	for _, typ := range catalog.All {
		for _, d := range typ.Drawings {
			n++
			if g := ReadName("", d.Class+"-01_"+d.Name.Zh+".pdf", typ.Drawings); !g.Sure || g.Title != d.Name.Zh {
				t.Errorf("%s %s: %s (%s)", typ.Kind, d.Name.Zh, g, g.Why)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d classes", n)
	}
}

func TestTypedNumbers(t *testing.T) {
	for in, want := range map[string]string{"A1-01": "A1-01", " a1-1 ": "A1-01", "Ａ１０１": "A1-01", "S8-012": "S8-012", "AB-03": "AB-03", "N5 07": "N5-07",
		"": "", "A1": "", "A1-": "", "A1-00": "", "B1-01": "", "A1-0001": "", "A1-01; DROP": "", "A7-01": "A7-01"} {
		n, ok := ParseNumber(in)
		if ok != (want != "") || ok && n.Text != want {
			t.Errorf("%q: %v %v", in, n, ok)
		}
	}
	a, _ := ParseNumber("A1-01")
	b, _ := ParseNumber("A1-001")
	if !a.Same(b) {
		t.Error("A1-01 and A1-001 are two sheets")
	}
}

func TestTitleBlocks(t *testing.T) {
	name := func(s string) Guess { return ReadName("", s, classes()) }
	for _, k := range []struct {
		what          string
		g             Guess
		number, title string
		one           bool
		want          string
	}{
		{"both agree", name("A1-01_一層平面圖.pdf"), "A1-01", "壹層平面圖", true, "A1-01|A1|一層平面圖|true"},
		{"only the block knows", name("scan0001.pdf"), "A1-01", "一層平面圖", true, "A1-01|A1|一層平面圖|true"},
		{"nobody knows", name("一層平面圖.pdf"), "", "", true, "|A1|一層平面圖|false"},
		{"they disagree", name("A1-01_一層平面圖.pdf"), "A1-02", "二層平面圖", true, "A1-01|A1|一層平面圖|false"},
		{"the block settles a doubtful name", name("A1-1.pdf"), "A1-01", "一層平面圖", true, "A1-01|A1|一層平面圖|true"},
		{"the block gives the title", name("S1-02.pdf"), "S1-02", "二層結構平面圖", true, "S1-02|S1|二層結構平面圖|true"},
		{"a page of many", name("A1_平面圖.pdf"), "A1-03", "三層平面圖", false, "A1-03|A1|三層平面圖|true"},
		{"a page of many without a block", name("A1-01_平面圖.pdf"), "", "", false, "|A1||false"},
		{"a number without a label nor title", name("scan.pdf"), "A3-01", "", true, "A3-01|A3|scan|false"},
		{"a class of another kind of case", name("scan.pdf"), "E1-01", "裝修平面圖", true, "||裝修平面圖|false"},
		{"title against number", name("scan.pdf"), "A2-01", "一層平面圖", false, "A2-01|A2|一層平面圖|false"},
	} {
		if got := k.g.InBlock(k.number, k.title, k.one, classes()); got.String() != k.want {
			t.Errorf("%s: %s, want %s", k.what, got, k.want)
		}
	}
}

func TestHostileNames(t *testing.T) {
	for in, want := range map[string]string{
		"../../etc/passwd":                "passwd",
		`..\..\windows\system32\a.pdf`:    "a.pdf",
		"a\x00b.pdf":                      "ab.pdf",
		"\u202efdp.exe":                   "fdp.exe",
		"A1-01\u200b.pdf":                 "A1-01.pdf",
		"":                                "未命名",
		"..":                              "未命名",
		"...":                             "未命名",
		".pdf":                            ".pdf",
		"CON":                             "CON",
		"a<script>alert(1)</script>.pdf":  "script-.pdf",
		"平面圖\r\nSet-Cookie: x.pdf":        "平面圖Set-Cookie- x.pdf",
		"𠮷宅.pdf":                          "𠮷宅.pdf",
		"\xff\xfe.pdf":                    ".pdf",
		"e\u0301.pdf":                     "é.pdf",
		strings.Repeat("圖", 300) + ".pdf": strings.Repeat("圖", 115) + "….pdf",
		"a." + strings.Repeat("x", 300):   "a." + strings.Repeat("x", 117) + "…",
		"\u3000一層平面圖\u3000.pdf":           "一層平面圖 .pdf",
	} {
		got := CleanName(in)
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if utf8.RuneCountInString(got) > 120 || !utf8.ValidString(got) || strings.ContainsAny(got, "/\\") || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("%q became %q", in, got)
		}
	}
	for in, want := range map[string]string{"王宅/A1 平面圖/01.pdf": "王宅/A1 平面圖", "../../x/01.pdf": "x", "01.pdf": "", `C:\案件\A2\01.pdf`: "案件/A2", "/a/b/c/d.pdf": "b/c"} {
		if got := CleanFolder(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzReadName(f *testing.F) {
	for _, h := range habits {
		f.Add(h.folder, h.name)
	}
	f.Fuzz(func(t *testing.T, folder, name string) {
		g := ReadName(folder, name, classes())
		if n, ok := ParseNumber(g.Number); g.Sure && (!ok || n.Class != g.Class || !known(classes(), g.Class)) {
			t.Errorf("%q: sure of %s", name, g)
		}
		if c := CleanName(name); CleanName(c) != c {
			t.Errorf("%q cleans to %q and then to %q", name, c, CleanName(c))
		}
	})
}
