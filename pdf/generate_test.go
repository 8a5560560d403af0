package pdf

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
)

func TestGeneratedSheets(t *testing.T) {
	drawn := func(s SheetSpec) []byte {
		var b bytes.Buffer
		if err := GenerateSheet(&b, fonts(t), s); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, paper := range []string{"A0", "A1", "A2", "A3", "A4"} {
		spec := SheetSpec{Number: "A1-01", Title: "一層平面圖", Case: "111A10134", Seed: 3, Segments: 2000, Paper: paper, Created: morning}
		b := drawn(spec)
		if !bytes.Equal(b, drawn(spec)) {
			t.Errorf("%s: other bytes the second time", paper)
		}
		r := inspect(t, b)
		if len(r.Problems) != 0 || len(r.Pages) != 1 || r.Pages[0].Paper != paper || r.Title != "A1-01 一層平面圖" {
			t.Errorf("%s: %+v", paper, r)
		}
		path := file(t, "s.pdf", b)
		run(t, "qpdf", "--check", path)
		words, err := engine(t).Text(context.Background(), path, 1)
		if err != nil {
			t.Fatal(err)
		}
		if no, title := ReadTitleBlock(words, SheetNumber); no != "A1-01" || title != "一層平面圖" {
			t.Errorf("%s: title block says %q %q", paper, no, title)
		}
		spec.Seed++
		if bytes.Equal(b, drawn(spec)) {
			t.Errorf("%s: another seed draws the same", paper)
		}
	}
	if err := GenerateSheet(&bytes.Buffer{}, fonts(t), SheetSpec{Paper: "B5"}); err == nil {
		t.Error("B5 is no paper of ours")
	}
}

func TestSegmentsAreDrawn(t *testing.T) {
	var b bytes.Buffer
	if err := GenerateSheet(&b, fonts(t), SheetSpec{Number: "S1-01", Title: "結構平面圖", Segments: 5000}); err != nil {
		t.Fatal(err)
	}
	out := file(t, "q.pdf", nil)
	run(t, "qpdf", "--qdf", file(t, "s.pdf", b.Bytes()), out)
	if n := strings.Count(run(t, "cat", out), " l S\n"); n < 4900 || n > 5100 {
		t.Errorf("%d strokes, asked for 5000", n)
	}
}

func TestGeneratedSet(t *testing.T) {
	var b bytes.Buffer
	if err := GenerateSet(&b, fonts(t), SheetSpec{Number: "S1-01", Title: "結構平面圖", Paper: "A3"}, 12); err != nil {
		t.Fatal(err)
	}
	if r := inspect(t, b.Bytes()); len(r.Pages) != 12 || !r.OK() {
		t.Errorf("%+v", r)
	}
	words, err := engine(t).Text(context.Background(), file(t, "s.pdf", b.Bytes()), 12)
	if err != nil {
		t.Fatal(err)
	}
	if no, _ := ReadTitleBlock(words, SheetNumber); no != "S1-12" {
		t.Errorf("the twelfth is %q", no)
	}
}

func TestReadTitleBlock(t *testing.T) {
	w := func(text string, x, y float64) Word {
		return Word{Text: text, X: x, Y: y, W: float64(len([]rune(text))) * 0.01, H: 0.012}
	}
	for _, c := range []struct {
		name          string
		words         []Word
		number, title string
	}{
		{"beside the labels", []Word{w("圖號", 0.8, 0.95), w("A1-01", 0.85, 0.95), w("圖名", 0.8, 0.9), w("一層平面圖", 0.85, 0.9)}, "A1-01", "一層平面圖"},
		{"under the labels", []Word{w("圖名", 0.7, 0.9), w("圖號", 0.9, 0.9), w("立面圖", 0.7, 0.92), w("A2-03", 0.9, 0.92)}, "A2-03", "立面圖"},
		{"spaced labels with colons", []Word{w("圖", 0.8, 0.95), w("號：", 0.82, 0.95), w("S1-02", 0.86, 0.95), w("圖", 0.8, 0.9), w("名：", 0.82, 0.9), w("結構平面圖", 0.86, 0.9)}, "S1-02", "結構平面圖"},
		{"one word", []Word{w("圖號：AB-12", 0.8, 0.95), w("圖名：其他文件", 0.8, 0.9)}, "AB-12", "其他文件"},
		{"a reference elsewhere does not win", []Word{w("A2-09", 0.97, 0.97), w("詳", 0.1, 0.1), w("A3-01", 0.12, 0.1), w("圖號", 0.7, 0.8), w("A1-05", 0.74, 0.8)}, "A1-05", ""},
		{"no label: lower right", []Word{w("A3-01", 0.1, 0.1), w("A1-07", 0.9, 0.95)}, "A1-07", ""},
		{"small letters", []Word{w("圖號", 0.8, 0.95), w("a1-01", 0.85, 0.95)}, "A1-01", ""},
		{"two words of title, then another label", []Word{w("圖名", 0.5, 0.9), w("地下", 0.54, 0.9), w("一層平面圖", 0.57, 0.9), w("比例", 0.63, 0.9), w("1：100", 0.66, 0.9)}, "", "地下一層平面圖"},
		{"English", []Word{w("Drawing", 0.8, 0.9), w("Title:", 0.88, 0.9), w("First", 0.8, 0.92), w("Floor", 0.86, 0.92), w("Plan", 0.92, 0.92)}, "", "First Floor Plan"},
		{"nothing", []Word{w("客廳", 0.5, 0.5), w("A1-1", 0.9, 0.9), w("A7-01", 0.9, 0.9), w("T1-01", 0.9, 0.9)}, "A7-01", ""},
		{"no words", nil, "", ""},
	} {
		if no, title := ReadTitleBlock(c.words, SheetNumber); no != c.number || title != c.title {
			t.Errorf("%s: %q %q, want %q %q", c.name, no, title, c.number, c.title)
		}
	}
	taipei := regexp.MustCompile(`^[AS]\d{3}$`)
	if no, _ := ReadTitleBlock([]Word{w("圖號", 0.8, 0.95), w("A101", 0.85, 0.95)}, taipei); no != "A101" {
		t.Errorf("another pattern: %q", no)
	}
}

func TestTitleBlocksOfDrawings(t *testing.T) {
	for _, name := range []string{"first-floor-existing.pdf", "first-floor-proposed.pdf"} {
		words, err := engine(t).Text(context.Background(), drawings(t)[name], 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, title := ReadTitleBlock(words, SheetNumber); title != "First Floor Plan Drawing" {
			t.Errorf("%s: %q", name, title)
		}
	}
}
