package drawings

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// Drawings that practising designers made go through the whole intake, under names an office would give them.
func TestRealDrawings(t *testing.T) {
	dir := samples(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		for _, s := range []struct {
			file, name string
			states     string
		}{
			{"plan.pdf", "A1-01_一層平面圖_v1.pdf", "placed"},
			{"roof-plan.pdf", "A102 屋頂平面圖.pdf", "placed"},
			{"elevations.pdf", "A2-01_立面圖.pdf", "placed"},
			{"first-floor-existing.pdf", "A1-03_二層平面圖.pdf", "placed"},
			{"first-floor-proposed.pdf", "A1-03_二層平面圖_v2.pdf", "placed"},
			{"elevations-annotated.pdf", "立面圖.pdf", "unsure unsure unsure unsure"},
			{"site-plan.pdf", "site-plan.pdf", "unsure unsure"},
			{"house-medium.dxf", "A8-01_地籍套繪圖.dxf", "placed"},
			{"apartment-6-units.dxf", "apartment-6-units.dxf", "unsure"},
			{"plan.pdf", "A1-01_一層平面圖 (1).pdf", "same"},
		} {
			b, err := os.ReadFile(filepath.Join(dir, s.file))
			if err != nil {
				t.Fatal(err)
			}
			var states []string
			for _, a := range k.bring(s.name, b) {
				states = append(states, string(a.State))
				if a.State == Refused || a.State == Unsure && a.Said().Empty() {
					t.Errorf("%s: %s %s", s.name, a.State, a.Said())
				}
			}
			if got := strings.Join(states, " "); got != s.states {
				t.Errorf("%s (%s): %s, want %s", s.name, s.file, got, s.states)
			}
		}
		if got := k.list(); got != "A1-01 v1, A1-02 v1, A1-03 v2, A2-01 v1, A8-01 v1" {
			t.Errorf("the set: %s", got)
		}
		overlay := k.sheet("A8-01").Current()
		if overlay.MIME != DXF || overlay.Report.Survey == nil || len(overlay.Report.Survey.Layers) < 100 || overlay.Drawn() {
			t.Errorf("%+v", overlay)
		}

		// The doubtful pages are filed by hand: the four pages of one file as four sheets.
		var rows []Mapping
		for i, a := range k.arrivals() {
			if a.State == Unsure && a.Pages == 4 {
				rows = append(rows, Mapping{Arrival: a.ID, Number: fmt.Sprintf("A2-%02d", 10+i), Title: fmt.Sprintf("立面圖 %d", a.Page)})
			}
		}
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
			n, err := Map(tx, k.architect, c, rows)
			if n != 4 {
				t.Errorf("%d pages filed", n)
			}
			return err
		})
		pages := map[int]bool{}
		digest := map[string]bool{}
		for _, s := range k.sheets() {
			if v := s.Current(); v.FileName == "立面圖.pdf" {
				pages[v.Page], digest[v.Digest.String()] = true, true
			}
		}
		if len(pages) != 4 || len(digest) != 1 {
			t.Errorf("pages %v of %d files", pages, len(digest))
		}
	})
}

// Files with title blocks tell their numbers themselves, single sheets and sets alike.
func TestTitleBlocksAreRead(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	if a := k.bring("掃描檔.pdf", sheetPDF(t, "A1-07", "七層平面圖", 0)); a[0].State != Placed {
		t.Errorf("%s: %s %+v", a[0].State, a[0].Said(), a[0])
	}
	if s := k.sheet("A1-07"); s.Title != "七層平面圖" {
		t.Errorf("title %q", s.Title)
	}
	if a := k.bring("A1-08_八層平面圖.pdf", sheetPDF(t, "A1-09", "九層平面圖", 0)); a[0].State != Unsure || !strings.Contains(a[0].Said().Zh, "A1-09") {
		t.Errorf("name and block disagree: %s %s", a[0].State, a[0].Said())
	}
	var set bytes.Buffer
	if err := pdf.GenerateSet(&set, fonts(t), pdf.SheetSpec{Number: "S1-01", Title: "結構平面圖", Paper: "A3", Segments: 100}, 6); err != nil {
		t.Fatal(err)
	}
	for _, a := range k.bring("結構圖全套.pdf", set.Bytes()) {
		if a.State != Placed {
			t.Errorf("page %d: %s %s", a.Page, a.State, a.Said())
		}
	}
	if got := k.list(); got != "A1-07 v1, S1-01 v1, S1-02 v1, S1-03 v1, S1-04 v1, S1-05 v1, S1-06 v1" {
		t.Errorf("the set: %s", got)
	}
}

// Every file that must not come in is refused with one sentence in both languages, and stays listed.
func TestHostileFilesAreRefusedInWords(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	j, p := pictures()
	bad := map[string][]byte{
		"A1-01_一層平面圖.exe.pdf": append([]byte("MZ\x90\x00"), make([]byte, 300)...),
		"A1-01_一層平面圖.zip":     zipped("A1-01.pdf"),
		"A1-01_一層平面圖.html":    []byte("<!DOCTYPE html><script>alert(1)</script>"),
		"A1-01_一層平面圖.svg":     []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"A1-01_一層平面圖.jpg":     j,
		"A1-01_一層平面圖.png":     p[:40],
		"A8-01_地籍套繪圖.dxf":     []byte(smallDXF[:200]),
		"A8-02_地籍套繪圖.dxf":     []byte("AutoCAD Binary DXF\r\n\x1a\x00" + strings.Repeat("\x00", 100)),
	}
	for name, b := range pdf.Hostile() {
		bad["A1-02_"+name] = b
	}
	for name, b := range bad {
		all := k.bring(name, b)
		if len(all) != 1 {
			t.Errorf("%s became %d rows", name, len(all))
			continue
		}
		a := all[0]
		said := a.Said()
		if a.State == Placed || a.State == Waiting {
			t.Errorf("%s is %s", name, a.State)
		}
		if said.Zh == "" || said.En == "" {
			t.Errorf("%s: no sentence: %q", name, said)
		}
		for _, w := range []string{"無效", "格式錯誤", "不合法", "抱歉", "請確認"} {
			if strings.Contains(said.Zh, w) {
				t.Errorf("%s: %s", name, said.Zh)
			}
		}
		t.Logf("%-28s %-8s %s", name, a.State, said.Zh)
	}
	if k.list() != "" {
		t.Errorf("filed: %s", k.list())
	}
}

func TestDXFOnlyForTheOverlay(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	if a := k.bring("A1-01_一層平面圖.dxf", []byte(smallDXF)); a[0].State != Unsure || !strings.Contains(a[0].Said().Zh, "PDF") {
		t.Errorf("%s %s", a[0].State, a[0].Said())
	} else {
		err := k.do(k.architect, func(tx *store.Tx, c *cases.Case) error {
			_, err := Map(tx, k.architect, c, []Mapping{{Arrival: a[0].ID, Number: "A1-01", Title: "一層平面圖"}})
			return err
		})
		refusedAs(t, err, fault.Invalid, "A8")
	}
	if a := k.bring("套繪.dwg", append([]byte("AC1032\x00\x00"), make([]byte, 200)...)); a[0].State != Unsure || a[0].Class != Overlay {
		t.Errorf("%s %q", a[0].State, a[0].Class)
	}
	k.bring("A8-01_地籍套繪圖.pdf", plainPDF("overlay"))
	if a := k.bring("A8-01_地籍套繪圖.dxf", []byte(smallDXF)); a[0].State != Unsure {
		t.Errorf("a DXF took the number of a PDF: %s", a[0].State)
	}
	if a := k.bring("A8-02_地籍套繪圖.dxf", []byte(smallDXF)); a[0].State != Placed {
		t.Errorf("%s %s", a[0].State, a[0].Said())
	}
}

func TestPicturesAreDrawnOnceAndKept(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	ctx := context.Background()
	k.bring("A1-01_一層平面圖.pdf", sheetPDF(t, "A1-01", "一層平面圖", 0))
	k.bring("A1-01_一層平面圖_v2.pdf", sheetPDF(t, "A1-01", "一層平面圖", 1))
	s := k.sheet("A1-01")
	v := s.Current()
	one, err := k.r.Picture(ctx, v, thumbPx)
	if err != nil || !bytes.HasPrefix(one, []byte("\x89PNG")) {
		t.Fatal(err)
	}
	tile, err := k.r.Tile(ctx, v, 2, 1, 1)
	if err != nil || !bytes.HasPrefix(tile, []byte("\x89PNG")) {
		t.Fatal(err)
	}
	if _, err := k.r.Tile(ctx, v, 2, 99, 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("a tile beside the sheet: %v", err)
	}
	n := 0
	again, _ := k.r.picture(ctx, v.Digest, v.Page, fmt.Sprintf("%d.png", thumbPx), func(context.Context) ([]byte, error) { n++; return nil, nil })
	if n != 0 || !bytes.Equal(again, one) {
		t.Error("drawn again")
	}
	c, err := k.r.Compare(ctx, s.Versions[1], v)
	if err != nil || c.Same || len(c.Regions) == 0 || c.Said.Zh == "" {
		t.Errorf("%+v %v", c, err)
	}
	if err := k.r.forget(k.r.DB.Now().Add(1e9)); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(k.r.Cache, "*", "*", "*.png")); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	jpg, _ := pictures()
	d, _, _ := k.r.Blobs.Put(ctx, bytes.NewReader(jpg), 1<<20)
	if b, err := k.r.Picture(ctx, Version{Digest: d, Page: 1, MIME: JPEG}, 20); err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("a photograph: %v", err)
	}
	if _, err := k.r.Picture(ctx, Version{Digest: d, Page: 1, MIME: DXF}, 20); !fault.Is(err, fault.NotFound) {
		t.Errorf("a DXF as a picture: %v", err)
	}
}

func TestRounds(t *testing.T) {
	sheet := func(id, number, title, digest string) FrozenSheet {
		return FrozenSheet{Sheet: id, Number: number, Title: title, Digest: blob.Digest(digest), Page: 1}
	}
	old := []FrozenSheet{sheet("a", "A1-01", "一層", "d1"), sheet("b", "A1-02", "二層", "d2"), sheet("c", "A1-03", "三層", "d3"), sheet("d", "A1-04", "四層", "d4"), sheet("e", "A1-05", "五層", "d5")}
	now := []FrozenSheet{sheet("a", "A1-01", "一層", "d1"), sheet("b", "A1-02", "二層", "d2+"), sheet("x", "A2-01", "立面", "d9"), sheet("d", "A1-14", "四層", "d4"), sheet("e2", "A1-05", "五層", "d5")}
	var got []string
	for _, c := range CompareRounds(old, now) {
		if c.Kind.Text().En == "" {
			t.Errorf("%s has no word", c.Kind)
		}
		n := c.New
		if n == nil {
			n = c.Old
		}
		got = append(got, n.Number+" "+string(c.Kind))
	}
	if s := strings.Join(got, ", "); s != "A1-01 unchanged, A1-02 changed, A2-01 new, A1-14 renamed, A1-05 unchanged, A1-03 removed" {
		t.Error(s)
	}
	// A number that went from one sheet to another does not make them one.
	got = nil
	for _, c := range CompareRounds(old[:2], []FrozenSheet{sheet("b", "A1-01", "二層", "d2"), sheet("n", "A1-02", "新", "d7")}) {
		got = append(got, string(c.Kind))
	}
	if s := strings.Join(got, " "); s != "renamed new removed" {
		t.Error(s)
	}
}

// Duplicates are known by their bytes, whatever they are called.
func TestTheSamePageUnderAnotherName(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	k.bring("A1-01_一層平面圖.pdf", plainPDF("one"))
	if a := k.bring("掃描0001.pdf", plainPDF("one")); a[0].State != Same {
		t.Errorf("a name without a number: %s", a[0].State)
	}
	if a := k.bring("A1-02_二層平面圖.pdf", plainPDF("one")); a[0].State != Unsure || !strings.Contains(a[0].Said().Zh, "A1-01") {
		t.Errorf("under another number: %s %s", a[0].State, a[0].Said())
	}
	if a := k.bring("A1-01_另一個名字.pdf", plainPDF("one")); a[0].State != Same {
		t.Errorf("under another title: %s", a[0].State)
	}
	if k.list() != "A1-01 v1" {
		t.Error(k.list())
	}
	n := 0
	k.r.Blobs.Each(func(blob.Digest) error { n++; return nil })
	if n != 1 {
		t.Errorf("%d blobs", n)
	}
	v := k.sheet("A1-01").Current()
	if err := k.r.warm(context.Background(), Warm{k.id, v.ID}); err != nil {
		t.Fatal(err)
	}
	if kept, _ := filepath.Glob(filepath.Join(k.r.Cache, "*", "*", "*.png")); len(kept) < 4 {
		t.Errorf("warmed %v", kept)
	}
	if err := k.r.warm(context.Background(), Warm{k.id, "gone"}); err != nil {
		t.Error(err)
	}
}

func TestACaseHoldsOnlySoMuch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		big := func(i int) error {
			return k.do(k.architect, func(tx *store.Tx, c *cases.Case) error {
				return Receive(tx, k.architect, c, File{Upload: fmt.Sprint(i), Name: "x.pdf", Digest: blob.Of([]byte{byte(i)}), Size: 7 << 30})
			})
		}
		for i := range 2 {
			if err := big(i); err != nil {
				t.Fatal(err)
			}
		}
		refusedAs(t, big(2), fault.TooLarge, "20 GB")
	})
}
