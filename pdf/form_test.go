package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"

	"cloudbm/say"
)

// sample is a form with everything a form can have.
func sample(f *Fonts) *Form {
	form := NewForm(f, FormMeta{Title: "建造執照申請書", Subject: "111A10134", Author: "臺北市政府", FunctionNo: "A11-1", FooterLeft: "案件序號 111A10134", Created: morning})
	form.Heading(1, "建造執照申請書")
	form.Paragraph("依建築法第三十條規定，檢附申請書、土地權利證明文件、工程圖樣及說明書，申請建造執照，請　鑒核。")
	form.Heading(2, "一、起造人")
	form.Grid([]float64{1, 2, 1, 2}, [][]Cell{
		{{Text: "起造人", Label: true, Rows: 2}, {Text: "𠮷野𡘙"}, {Text: "統一編號", Label: true}, {Text: "A123456789"}},
		{{Text: Check(true, "自用") + "　" + Check(false, "出租"), Span: 3}},
		{{Text: "地址", Label: true}, {Text: "臺北市信義區市府路１號", Span: 3}},
	})
	form.Heading(2, "二、土地")
	var rows [][]string
	for i := range 40 {
		rows = append(rows, []string{"信義段一小段", fmt.Sprintf("%04d-0000", i+1), "1,234.56", "第三種住宅區（備註：道路退縮）"})
	}
	form.Table([]Column{{"段名", 30, Left}, {"地號", 25, Center}, {"面積（㎡）", 25, Right}, {"使用分區", 60, Left}}, rows)
	form.QR("https://example.org/verify/111A10134", 28, "掃描此碼查驗本文件")
	return form
}

func drawn(t testing.TB, f *Form) []byte {
	t.Helper()
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFormHasTheSameBytesTwice(t *testing.T) {
	first := drawn(t, sample(fonts(t)))
	again, err := NewFonts("") // not even other fonts in memory make a difference
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, f := range []*Fonts{fonts(t), fonts(t), again} {
		wg.Go(func() {
			b, err := sample(f).Bytes()
			if err != nil || !bytes.Equal(first, b) {
				t.Errorf("other bytes: %v", err)
			}
		})
	}
	wg.Wait()
}

func TestFormIsSoundAndTagged(t *testing.T) {
	b := drawn(t, sample(fonts(t)))
	path := file(t, "form.pdf", b)
	run(t, "qpdf", "--check", path)
	r := inspect(t, b)
	if len(r.Problems) != 0 || r.Title != "建造執照申請書" || len(r.Pages) < 2 {
		t.Errorf("%+v", r)
	}
	for _, p := range r.Pages {
		if p.Paper != "A4" {
			t.Errorf("page %+v", p)
		}
	}
	info := run(t, "pdfinfo", "-isodates", path)
	for _, want := range []string{"Title:           建造執照申請書", "Author:          臺北市政府", "Subject:         111A10134", "Tagged:          yes", "CreationDate:    2026-11-23T"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo does not say %q:\n%s", want, info)
		}
	}
	plain := filepath.Join(t.TempDir(), "q.pdf")
	run(t, "qpdf", "--qdf", "--object-streams=disable", path, plain)
	raw, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/Lang (zh-TW)", "/DisplayDocTitle true", "/Marked true"} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	if begun, ended := bytes.Count(raw, []byte("BDC\n"))+bytes.Count(raw, []byte("BMC\n")), bytes.Count(raw, []byte("EMC\n")); begun != ended || begun == 0 {
		t.Errorf("%d marks begun, %d ended", begun, ended)
	}
	tree := strings.Join(strings.Fields(run(t, "pdfinfo", "-struct-text", path)), " ")
	for _, want := range []string{`H1 (block) "建造執照申請書"`, `TH: /Scope /Row /RowSpan 2 "起造人"`, `TH: /Scope /Column "段名"`, `TD "0040-0000"`, "Figure"} {
		if !strings.Contains(tree, want) {
			t.Errorf("the tree has no %q", want)
		}
	}
	if n := strings.Count(tree, `"段名"`); n != 1 {
		t.Errorf("the header of the table is read %d times", n)
	}
	for _, l := range strings.Split(strings.TrimSpace(run(t, "pdffonts", path)), "\n")[2:] {
		if !regexp.MustCompile(`yes +yes +yes +\d+ +0$`).MatchString(l) {
			t.Errorf("not embedded, not a subset or without Unicode: %s", l)
		}
	}
}

// What is read out of the file is what was put in: every cell, in order, above U+FFFF too.
func TestTextIsTheSource(t *testing.T) {
	out := bare(run(t, "pdftotext", "-raw", file(t, "form.pdf", drawn(t, sample(fonts(t)))), "-"))
	for _, want := range []string{
		"依建築法第三十條規定，檢附申請書、土地權利證明文件、工程圖樣及說明書，申請建造執照，請鑒核。",
		"起造人", "𠮷野𡘙", "統一編號", "A123456789", "■自用□出租", "臺北市信義區市府路１號",
		"信義段一小段0040-00001,234.56第三種住宅區（備註：道路退縮）", "掃描此碼查驗本文件", "案件序號111A10134",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in the text", want)
		}
	}
	pages := strings.Count(out, "建造執照申請書") - 1 // once as heading, once on each page
	for i := range pages {
		if want := fmt.Sprintf("第%d頁，共%d頁", i+1, pages); !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(out, "使用分區"); n != pages && n != pages-1 {
		t.Errorf("the header of the table is on %d of %d pages", n, pages)
	}
}

// Every character of both our fonts' common range comes back as itself.
func TestManyCharactersComeBack(t *testing.T) {
	var b strings.Builder
	for r := rune(0x4E00); r < 0x9FA5; r += 9 {
		b.WriteRune(r)
	}
	for r := rune(0x20000); r < 0x2A6D0; r += 997 {
		b.WriteRune(r)
	}
	text := b.String()
	f := NewForm(fonts(t), FormMeta{Title: "字"})
	f.Paragraph(text)
	out := bare(run(t, "pdftotext", "-raw", file(t, "f.pdf", drawn(t, f)), "-"))
	miss := 0
	for _, r := range text {
		if !strings.ContainsRune(out, r) {
			miss++
			t.Logf("%c U+%04X is lost", r, r)
		}
	}
	if miss > 0 {
		t.Errorf("%d characters lost", miss)
	}
}

func TestMissingCharacterIsNamed(t *testing.T) {
	for _, bad := range []string{"𓀀", "\U0010FFFD"} {
		f := NewForm(fonts(t), FormMeta{Title: "x"})
		f.Paragraph("甲" + bad)
		_, err := f.Bytes()
		var m *MissingGlyph
		if !errors.As(err, &m) || string(m.Rune) != bad || !strings.Contains(err.Error(), fmt.Sprintf("U+%04X", m.Rune)) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	bareFonts, err := NewFonts(t.TempDir()) // a machine without the rare fonts
	if err != nil {
		t.Fatal(err)
	}
	f := NewForm(bareFonts, FormMeta{Title: "x"})
	f.Table([]Column{{Title: "姓名"}}, [][]string{{"𪚥"}})
	if _, err := f.Bytes(); err == nil || !strings.Contains(err.Error(), "U+2A6A5") {
		t.Errorf("without the rare fonts: %v", err)
	}
	f = NewForm(bareFonts, FormMeta{Title: "x"})
	f.Paragraph("一般文字")
	if _, err := f.Bytes(); err != nil {
		t.Errorf("plain text needs no rare font: %v", err)
	}
}

func TestLinesBreakAsTheyShould(t *testing.T) {
	f := fonts(t)
	for _, c := range []struct {
		text string
		em   float64
		want []string
	}{
		{"一二三四五六七八", 4, []string{"一二三四", "五六七八"}},
		{"一二三四。五六七八", 4, []string{"一二三", "四。五六", "七八"}},
		{"一二三（四五）六", 4, []string{"一二三", "（四五）", "六"}},
		{"一二「三四」、五六", 4, []string{"一二「三", "四」、五", "六"}},
		{"一二三四！！五", 4, []string{"一二三", "四！！五"}},
		{"甲\n乙丙", 4, []string{"甲", "乙丙"}},
		{"甲\r\n\r\n乙", 4, []string{"甲", "", "乙"}},
		{"", 4, []string{""}},
		{"Taipei City Hall", 4, []string{"Taipei", "City Hall"}},
		{"AAAAAAAAAAAAAAA", 4, []string{"AAAAAA", "AAAAAA", "AAA"}},
	} {
		lines, err := f.wrap(c.text, 10, false, c.em*10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			got = append(got, l.text())
			if l.width > c.em*10+0.01 {
				t.Errorf("%q: line %q is %.1f wide", c.text, l.text(), l.width)
			}
		}
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q in %v: %q, want %q", c.text, c.em, got, c.want)
		}
	}
}

// Whatever the text and the width, nothing is lost, nothing is too wide, and no line begins or ends with the wrong mark
// unless there is no other way.
func TestLinesKeepTheText(t *testing.T) {
	f := fonts(t)
	text := "依建築法第三十條規定（含變更設計），起造人「林小明」、「王大同」應備具：申請書、土地權利證明文件（影本）；A1-01 to A3-12 drawings，1,234.56㎡。請　鑒核！"
	squeeze := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	for em := 5.0; em < 40; em += 0.7 {
		lines, err := f.wrap(text, 10, false, em*10)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for i, l := range lines {
			s := l.text()
			all.WriteString(s)
			if l.width > em*10+0.01 {
				t.Errorf("%.1f em: %q is too wide", em, s)
			}
			r := []rune(s)
			if i > 0 && em > 7 && strings.ContainsRune(notFirst, r[0]) || i < len(lines)-1 && em > 7 && strings.ContainsRune(notLast, r[len(r)-1]) {
				t.Errorf("%.1f em: line %q", em, s)
			}
		}
		if squeeze(all.String()) != squeeze(text) {
			t.Errorf("%.1f em: %q", em, all.String())
		}
	}
}

// A cell longer than a page goes on over the page, and so does a block of rows tied together.
func TestCellsOverPages(t *testing.T) {
	long := strings.Repeat("本案基地鄰接計畫道路，應依規定退縮建築。", 250)
	f := NewForm(fonts(t), FormMeta{Title: "審查意見"})
	f.Table([]Column{{"項次", 1, Center}, {"意見", 6, Left}}, [][]string{{"1", "短"}, {"2", long}, {"3", "尾"}})
	b := drawn(t, f)
	out := bare(run(t, "pdftotext", "-raw", file(t, "f.pdf", b), "-"))
	if n := strings.Count(out, "本案基地鄰接計畫道路"); n < 240 { // some are cut by a page edge, with header and footer between
		t.Errorf("%d of 250 sentences", n)
	}
	if !strings.Contains(out, "3尾") || len(inspect(t, b).Pages) < 3 {
		t.Errorf("%d pages", len(inspect(t, b).Pages))
	}

	var rows [][]Cell
	for i := range 80 {
		r := []Cell{{Text: fmt.Sprintf("第%02d項", i+1)}}
		if i == 0 {
			r = append([]Cell{{Text: "附件", Label: true, Rows: 80}}, r...)
		}
		rows = append(rows, r)
	}
	f = NewForm(fonts(t), FormMeta{Title: "附件", Landscape: true})
	f.Grid([]float64{1, 4}, rows)
	b = drawn(t, f)
	path := file(t, "g.pdf", b)
	out = bare(run(t, "pdftotext", "-raw", path, "-"))
	for i := range 80 {
		if want := fmt.Sprintf("第%02d項", i+1); strings.Count(out, want) != 1 {
			t.Errorf("%s is there %d times", want, strings.Count(out, want))
		}
	}
	p := inspect(t, b).Pages
	if len(p) < 2 || p[0].WidthMM < p[0].HeightMM {
		t.Errorf("%+v", p)
	}
	words, err := engine(t).Text(t.Context(), path, len(p))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if w.Y+w.H > 0.97 || w.X+w.W > 0.95 {
			t.Errorf("%+v runs over the edge", w)
		}
	}
}

func TestFormInEnglish(t *testing.T) {
	f := NewForm(fonts(t), FormMeta{Title: "Receipt", Lang: say.En})
	f.Heading(1, "Receipt")
	f.ParagraphAs("Keep this page.", Right)
	b := drawn(t, f)
	if out := run(t, "pdftotext", file(t, "f.pdf", b), "-"); !strings.Contains(out, "Page 1 of 1") || !strings.Contains(out, "Keep this page.") {
		t.Error(out)
	}
	if !bytes.Contains(b, []byte("/Lang(en)")) {
		t.Error("the language is not English")
	}
}

func TestMarksOfBoxes(t *testing.T) {
	if Check(true, "是") != "■ 是" || Check(false, "否") != "□ 否" {
		t.Error("marks")
	}
}

func BenchmarkForm(b *testing.B) {
	f := fonts(b)
	var rows [][]string
	for i := range 20 {
		rows = append(rows, []string{"信義段一小段", fmt.Sprintf("%04d-0000", i+1), "1,234.56", "第三種住宅區"})
	}
	size := 0
	for b.Loop() {
		form := NewForm(f, FormMeta{Title: "建造執照申請書", FunctionNo: "A11-1", FooterLeft: "案件序號 111A10134"})
		form.Heading(1, "建造執照申請書")
		form.Table([]Column{{"段名", 30, Left}, {"地號", 25, Center}, {"面積（㎡）", 25, Right}, {"使用分區", 60, Left}}, rows)
		form.QR("https://example.org/verify/111A10134", 28, "掃描此碼查驗本文件")
		out, err := form.Bytes()
		if err != nil {
			b.Fatal(err)
		}
		size = len(out)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(size), "bytes")
}
