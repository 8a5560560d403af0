package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"cloudbm/say"
)

func architectStamp() Stamp {
	return Stamp{Title: "建築師壓章", Name: "林𠮷安", Lines: []string{"開業證書　北市建開證字第T123456號", "115年11月26日", "壓章編號 8F3K2Q7A"}, URL: "https://example.org/register/sheets/019ab", At: Place{Right: 12, Lower: 90, Width: 70}}
}

func stampedBytes(t testing.TB, sheets ...StampedSheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Stamped(context.Background(), &b, fonts(t), "A1-01 一層平面圖", sheets...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAStampIsDrawnOnACopy(t *testing.T) {
	path := sheet(t, SheetSpec{Number: "A1-01", Title: "一層平面圖", Case: "111A10134", Seed: 3})
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := StampedSheet{Path: path, Page: 1, Name: "A1-01", Stamps: []Stamp{architectStamp()}}
	one := stampedBytes(t, s)
	if !bytes.Equal(one, stampedBytes(t, s)) {
		t.Error("other bytes the second time")
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the original changed")
	}
	out := file(t, "stamped.pdf", one)
	if os.Getenv("KEEP") != "" {
		os.WriteFile(os.Getenv("KEEP"), one, 0o600)
	}
	run(t, "qpdf", "--check", out)
	text := bare(run(t, "pdftotext", "-layout", out, "-"))
	for _, want := range []string{"建築師壓章", "林𠮷安", "北市建開證字第T123456號", "115年11月26日", "8F3K2Q7A", "一層平面圖"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the text", want)
		}
	}
	if r := inspect(t, one); !r.OK() || len(r.Pages) != 1 || r.Pages[0].Paper != "A1" {
		t.Errorf("inspected: %+v", r)
	}
	if bytes.Contains(one, []byte("/Subtype /Image")) || bytes.Contains(one, []byte("/Subtype/Image")) {
		t.Error("the stamp is a picture, not strokes")
	}
}

// TestTheCodeOfAStampCanBeRead: from a sheet printed at 200 dpi, also of the narrowest stamp.
func TestTheCodeOfAStampCanBeRead(t *testing.T) {
	hatch := ""
	for x := 0; x < 842; x += 4 {
		hatch += fmt.Sprintf("%d 0 m %d 595 l S\n", x, x)
	}
	path := file(t, "hatched.pdf", objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Resources<<>>/Contents 4 0 R>>", string(stored("", []byte(hatch)))))
	for _, width := range []float64{40, 70} {
		st := architectStamp()
		st.URL = "https://permits.example.gov.tw/register/sheets/06h1hm6aq2gz69m9d7zhr7j5yr"
		st.At = Place{Right: 150, Lower: 100, Width: width} // on the drawing, not beside it
		b := stampedBytes(t, StampedSheet{Path: path, Page: 1, Stamps: []Stamp{st}})
		pic, err := engine(t).PagePNG(t.Context(), file(t, "out.pdf", b), 1, 297*200*10/254)
		if err != nil {
			t.Fatal(err)
		}
		bits, err := gozxing.NewBinaryBitmapFromImage(picture(t, pic))
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
		if err != nil || read.GetText() != st.URL {
			t.Errorf("%g mm: read %v, %v", width, read, err)
		}
	}
}

// crossed is a page with a red square in the lower left of what is seen, before it is turned.
func crossed(rotate int, media, crop [4]float64, unit string, contents int) []byte {
	list := func(b [4]float64) string { return fmt.Sprintf("[%g %g %g %g]", b[0], b[1], b[2], b[3]) }
	x, y := crop[0], crop[1]
	streams := []string{string(stored("", fmt.Appendf(nil, "q q 1 0 0 rg %g %g 40 40 re f q q", x, y)))}
	refs := "4 0 R"
	if contents == 2 { // a state that is saved and never restored must not move the stamp
		streams = []string{string(stored("", []byte("q 2 0 0 2 7 7 cm q .5 0 0 .5 -3.5 -3.5 cm 1 0 0 rg"))), string(stored("", fmt.Appendf(nil, "%g %g 40 40 re f", x, y)))}
		refs = "[4 0 R 5 0 R]"
	}
	return objects(append([]string{"<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox%s/Resources<<>>>>", list(media)),
		fmt.Sprintf("<</Type/Page/Parent 2 0 R/CropBox%s/Rotate %d%s/Contents %s>>", list(crop), rotate, unit, refs)}, streams...)...)
}

// TestStampsStandWhereThePersonSeesThem looks at the picture of the rendition: the square of the original in its corner
// of the page as seen, the frame of the stamp at its distance from the right and the lower edge.
func TestStampsStandWhereThePersonSeesThem(t *testing.T) {
	e := engine(t)
	media, offset := [4]float64{0, 0, 842, 595}, [4]float64{-300, 200, 542, 795}
	for _, row := range []struct {
		name        string
		media, crop [4]float64
		unit        string
		u           float64
		contents    int
	}{
		{"plain", media, media, "", 1, 1},
		{"offset", offset, offset, "", 1, 1},
		{"crop", media, [4]float64{100, 50, 700, 500}, "", 1, 2},
		{"crop beyond media", [4]float64{0, 0, 700, 500}, [4]float64{0, 0, 2000, 500}, "", 1, 1},
		{"reversed", [4]float64{842, 595, 0, 0}, media, "", 1, 1},
		{"user unit", media, media, "/UserUnit 2", 2, 2},
	} {
		for _, turn := range []int{0, 90, 180, 270, -90, 450} {
			t.Run(fmt.Sprintf("%s %d", row.name, turn), func(t *testing.T) {
				path := file(t, "page.pdf", crossed(turn, row.media, row.crop, row.unit, row.contents))
				st := architectStamp()
				st.At = Place{Right: 20, Lower: 30, Width: 60}
				b := stampedBytes(t, StampedSheet{Path: path, Page: 1, Stamps: []Stamp{st}})
				r := inspect(t, b)
				seen := box{row.crop[0], row.crop[1], min(row.crop[2], max(row.media[2], row.media[0])), row.crop[3]}
				w, h := seen.w()*row.u*mmPerPoint, seen.h()*row.u*mmPerPoint
				if turn%180 != 0 {
					w, h = h, w
				}
				if len(r.Pages) != 1 || r.Pages[0].Rotation != 0 || abs(r.Pages[0].WidthMM-w) > .1 || abs(r.Pages[0].HeightMM-h) > .1 {
					t.Fatalf("page %+v, want %.1f × %.1f mm", r.Pages, w, h)
				}
				pic, err := e.PagePNG(t.Context(), file(t, "out.pdf", b), 1, 1200)
				if err != nil {
					t.Fatal(err)
				}
				img := picture(t, pic)
				px := 1200 / max(w, h)
				square := 40 * row.u * mmPerPoint * px / 2
				corner := map[int][2]float64{0: {square, h*px - square}, 90: {square, square}, 180: {w*px - square, square}, 270: {w*px - square, h*px - square}}[((turn%360)+360)%360]
				if !reddish(img, int(corner[0]), int(corner[1])) {
					t.Errorf("no square at %v of %v", corner, img.Bounds())
				}
				// the middles of the four sides of the frame
				x0, x1, y1 := w-20-60, w-20.0, h-30.0
				y0 := y1 - 30
				k := 60 / StampWidth * 0.4
				for _, at := range [][2]float64{{x0 + k, (y0 + y1) / 2}, {x1 - k, (y0 + y1) / 2}, {(x0 + x1) / 2, y0 + k}, {(x0 + x1) / 2, y1 - k}} {
					if !near(img, at[0]*px, at[1]*px) {
						t.Errorf("no frame at %.0f, %.0f mm", at[0], at[1])
					}
				}
			})
		}
	}
}

func abs(f float64) float64 { return max(f, -f) }

func reddish(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(x, y).RGBA()
	return r>>8 > 120 && g>>8 < 150 && b>>8 < 150
}

// near reports whether ink of the stamp is within two pixels.
func near(img image.Image, x, y float64) bool {
	for dx := -2; dx <= 2; dx++ {
		for dy := -2; dy <= 2; dy++ {
			if reddish(img, int(x)+dx, int(y)+dy) {
				return true
			}
		}
	}
	return false
}

func TestPlacesStayOnTheSheet(t *testing.T) {
	for _, p := range []Place{{0, 0, 70}, {-5, -5, 70}, {1e6, 1e6, 1e6}, {10, 10, 1}, {200, 0, 70}} {
		for _, size := range [][2]float64{{841, 594}, {594, 841}, {297, 210}, {210, 297}, {30, 30}, {13, 500}} {
			q := p.On(size[0], size[1])
			if q.Width <= 0 || q.Right < 0 || q.Lower < 0 || q.Right+q.Width > size[0]+1e-9 || q.Lower+q.Height() > size[1]+1e-9 {
				t.Errorf("%v on %v is %v", p, size, q)
			}
		}
	}
	if !(Place{0, 0, 70}).Meets(Place{69, 34, 70}) || (Place{0, 0, 70}).Meets(Place{70, 0, 70}) || (Place{0, 0, 70}).Meets(Place{0, 35, 70}) {
		t.Error("overlap")
	}
}

func TestHostileFilesAreRefusedInWords(t *testing.T) {
	for name, b := range Hostile() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := Stamped(t.Context(), &out, fonts(t), "x", StampedSheet{Path: file(t, "h.pdf", b), Page: 1, Stamps: []Stamp{architectStamp()}})
			var u *Unfit
			switch {
			case err == nil:
				if r := inspect(t, out.Bytes()); r.Scripts || r.ExternalActions || r.EmbeddedFiles {
					t.Errorf("carried over: %+v", r)
				}
			case !errors.As(err, &u) || u.Text.In(say.Zh) == "" || !errors.Is(err, ErrUnreadable):
				t.Errorf("no words: %v", err)
			}
		})
	}
}

// layered has a layer that is off, an annotation that is seen and one that is hidden, and a link.
func layered() []byte {
	return objects("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R 6 0 R]/D<</OFF[6 0 R]>>>>>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Resources<</Properties<</On 5 0 R/Off 6 0 R>>>>/Contents 4 0 R/Annots[7 0 R 8 0 R 10 0 R]>>",
		string(stored("", []byte("/OC/On BDC 1 0 0 rg 0 0 100 100 re f EMC /OC/Off BDC 1 0 0 rg 300 300 100 100 re f EMC"))),
		"<</Type/OCG/Name(on)>>", "<</Type/OCG/Name(off)>>",
		"<</Type/Annot/Subtype/Stamp/Rect[300 0 400 100]/F 4/AP<</N 9 0 R>>>>",
		"<</Type/Annot/Subtype/Stamp/Rect[0 300 100 400]/F 2/AP<</N 9 0 R>>>>",
		string(stored("/Type/XObject/Subtype/Form/BBox[0 0 10 10]/Matrix[0 1 -1 0 0 0]/Resources<<>>", []byte("1 0 0 rg 0 0 10 10 re f"))),
		"<</Type/Annot/Subtype/Link/Rect[0 0 400 400]/P 3 0 R/A<</S/URI/URI(http://example.org/)>>>>")
}

func TestWhatIsSeenIsCarriedOver(t *testing.T) {
	b := stampedBytes(t, StampedSheet{Path: file(t, "l.pdf", layered()), Page: 1})
	run(t, "qpdf", "--check", file(t, "o.pdf", b))
	pic, err := engine(t).PagePNG(t.Context(), file(t, "out.pdf", b), 1, 400)
	if err != nil {
		t.Fatal(err)
	}
	img := picture(t, pic)
	for at, want := range map[[2]int]bool{{50, 350}: true, {350, 50}: false, {350, 350}: true, {50, 50}: false, {200, 200}: false} {
		if reddish(img, at[0], at[1]) != want {
			t.Errorf("at %v: ink is %v", at, !want)
		}
	}
	if bytes.Contains(b, []byte("example.org")) || bytes.Contains(b, []byte("/Annots")) {
		t.Error("links came along")
	}
}

func TestPhotographsBecomePages(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	img.Set(3, 3, color.RGBA{255, 0, 0, 255})
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, img, nil), png.Encode(&p, img)); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"a.jpg": j.Bytes(), "a.png": p.Bytes()} {
		out := stampedBytes(t, StampedSheet{Path: file(t, name, b), Page: 1, Photo: true, Stamps: []Stamp{architectStamp()}})
		run(t, "qpdf", "--check", file(t, "o.pdf", out))
		if r := inspect(t, out); !r.OK() || len(r.Pages) != 1 || r.Pages[0].Paper != "A4" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	err := Stamped(t.Context(), &bytes.Buffer{}, fonts(t), "x", StampedSheet{Path: file(t, "x.jpg", []byte("no")), Photo: true})
	if !errors.Is(err, ErrUnreadable) {
		t.Errorf("not a picture: %v", err)
	}
}

func TestASetHasItsSheetsInOrder(t *testing.T) {
	var set bytes.Buffer
	if err := GenerateSet(&set, fonts(t), SheetSpec{Number: "A1-01", Title: "平面圖", Case: "111A10134", Paper: "A3"}, 3); err != nil {
		t.Fatal(err)
	}
	path := file(t, "set.pdf", set.Bytes())
	var sheets []StampedSheet
	for _, n := range []int{3, 1, 2} {
		sheets = append(sheets, StampedSheet{Path: path, Page: n, Name: fmt.Sprintf("A1-%02d", n), Stamps: []Stamp{architectStamp()}})
	}
	b := stampedBytes(t, sheets...)
	out := file(t, "out.pdf", b)
	run(t, "qpdf", "--check", out)
	for i, want := range []string{"A1-03", "A1-01", "A1-02"} {
		if text := run(t, "pdftotext", "-f", fmt.Sprint(i+1), "-l", fmt.Sprint(i+1), out, "-"); !strings.Contains(text, want) || !strings.Contains(bare(text), "林𠮷安") {
			t.Errorf("page %d: %s", i+1, text)
		}
	}
	if len(b) > 2*len(set.Bytes())+300<<10 {
		t.Errorf("%d bytes from %d: fonts of the sheets are written more than once", len(b), set.Len())
	}
}

// TestNothingElseChanges: beside the stamp the rendition of a real drawing is what the drawing is.
func TestNothingElseChanges(t *testing.T) {
	for name, path := range drawings(t) {
		t.Run(name, func(t *testing.T) {
			st := architectStamp()
			b := stampedBytes(t, StampedSheet{Path: path, Page: 1, Stamps: []Stamp{st}})
			before, err := engine(t).PagePNG(t.Context(), path, 1, 1200)
			if err != nil {
				t.Fatal(err)
			}
			after, err := engine(t).PagePNG(t.Context(), file(t, "out.pdf", b), 1, 1200)
			if err != nil {
				t.Fatal(err)
			}
			was, is := picture(t, before), picture(t, after)
			if was.Bounds() != is.Bounds() {
				t.Fatalf("%v became %v", was.Bounds(), is.Bounds())
			}
			size := inspect(t, b).Pages[0]
			px := 1200 / max(size.WidthMM, size.HeightMM)
			at := st.At.On(size.WidthMM, size.HeightMM)
			box := image.Rect(int((size.WidthMM-at.Right-at.Width)*px)-2, int((size.HeightMM-at.Lower-at.Height())*px)-2,
				int((size.WidthMM-at.Right)*px)+3, int((size.HeightMM-at.Lower)*px)+3)
			inside, beside := 0, 0
			for y := range is.Bounds().Dy() {
				for x := range is.Bounds().Dx() {
					switch {
					case alike(was.At(x, y), is.At(x, y)):
					case image.Pt(x, y).In(box):
						inside++
					default:
						beside++
					}
				}
			}
			if inside < 500 || beside > 0 {
				t.Errorf("%d pixels differ where the stamp is, %d elsewhere", inside, beside)
			}
		})
	}
}

func alike(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r) - int(r2), int(g) - int(g2), int(bl) - int(b2)} {
		if max(d, -d) > 0x3000 {
			return false
		}
	}
	return true
}
