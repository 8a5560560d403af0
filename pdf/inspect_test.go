package pdf

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// Every hostile file has exactly the problem it was made for.
func TestHostileFilesAreNamed(t *testing.T) {
	want := map[string]string{
		"empty.pdf": Empty, "not-a-pdf.pdf": NotPDF, "truncated.pdf": Truncated, "garbage.pdf": Damaged,
		"encrypted-user.pdf": Encrypted, "encrypted-owner.pdf": Encrypted,
		"script-open.pdf": Script, "script-names.pdf": Script, "xfa.pdf": XFA,
		"launch.pdf": Launch, "submit.pdf": Launch, "open-link.pdf": Launch, "embedded-file.pdf": Embedded,
		"page-loop.pdf": PageTree, "wrong-count.pdf": PageCount, "zero-pages.pdf": NoPages, "no-size.pdf": PageBox,
		"huge-page.pdf": PageTooLarge, "tiny-page.pdf": PageTooSmall, "user-unit.pdf": UserUnit, "bomb.pdf": Bomb, "object-bomb.pdf": Bomb, "hidden-bomb.pdf": Bomb,
		"pdf-and-zip.pdf": TwoKinds, "gif-and-pdf.pdf": TwoKinds,
	}
	files := Hostile()
	if len(files) != len(want) {
		t.Errorf("%d hostile files, %d expectations", len(files), len(want))
	}
	for name, b := range files {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			r := inspect(t, b)
			if len(r.Problems) != 1 || r.Problems[0].Code != want[name] {
				t.Fatalf("problems %v, want only %q", codes(r), want[name])
			}
			if !r.Problems[0].Serious || r.OK() {
				t.Error("not serious")
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestHostileFlags(t *testing.T) {
	files := Hostile()
	for _, c := range []struct {
		name string
		flag func(Report) bool
	}{
		{"encrypted-user.pdf", func(r Report) bool { return r.Encrypted }},
		{"encrypted-owner.pdf", func(r Report) bool { return r.Encrypted }},
		{"script-open.pdf", func(r Report) bool { return r.Scripts }},
		{"launch.pdf", func(r Report) bool { return r.ExternalActions }},
		{"embedded-file.pdf", func(r Report) bool { return r.EmbeddedFiles }},
	} {
		if !c.flag(inspect(t, files[c.name])) {
			t.Errorf("%s: its flag is not set", c.name)
		}
	}
	if r := inspect(t, simple()); r.Encrypted || r.Scripts || r.ExternalActions || r.EmbeddedFiles || len(r.Problems) != 0 {
		t.Errorf("a plain page: %+v", r)
	}
}

func codes(r Report) []string {
	var c []string
	for _, p := range r.Problems {
		c = append(c, p.Code)
	}
	return c
}

// The tail of a file may be missing anywhere; nothing of that is a panic, an error of ours, or a clean report.
func TestCutAnywhere(t *testing.T) {
	whole := embedding()
	for n := 0; n < len(whole)-8; n += 7 {
		if inspect(t, whole[:n]).OK() {
			t.Errorf("cut at %d of %d bytes and found fine", n, len(whole))
		}
	}
}

func TestDrawingsAreRead(t *testing.T) {
	want := map[string]struct {
		pages int
		paper string
		title string
	}{
		"elevations-annotated.pdf": {4, "A3", ""}, "elevations.pdf": {1, "A3", "Artboard 1"},
		"first-floor-existing.pdf": {1, "A3", "2019.TSD.PD.102_1st Plan_Existing"}, "first-floor-proposed.pdf": {1, "A3", "2019.TSD.PD.103_1st Plan_Proposed"},
		"plan.pdf": {1, "A3", "Artboard 1 copy 2"}, "roof-plan.pdf": {1, "A3", "Artboard 1 copy"}, "site-plan.pdf": {2, "A4", ""},
	}
	for name, path := range drawings(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := inspect(t, b)
		if !r.OK() {
			t.Errorf("%s: %v", name, codes(r))
		}
		w, known := want[name]
		if !known {
			continue
		}
		if len(r.Pages) != w.pages || r.Pages[0].Paper != w.paper || r.Title != w.title {
			t.Errorf("%s: %d pages, %s, %q; want %+v", name, len(r.Pages), r.Pages[0].Paper, r.Title, w)
		}
		if p := r.Pages[0]; p.WidthMM < p.HeightMM {
			t.Errorf("%s: %v × %v mm: the page is seen lying", name, p.WidthMM, p.HeightMM)
		}
	}
}

func TestPaper(t *testing.T) {
	for _, c := range []struct {
		w, h float64
		want string
	}{{210, 297, "A4"}, {297, 210, "A4"}, {420.2, 297, "A3"}, {594, 420, "A2"}, {841, 594, "A1"}, {1189, 841, "A0"}, {843.9, 594, "A1"}, {844.1, 594, ""}, {216, 279, ""}} {
		if got := paper(c.w, c.h); got != c.want {
			t.Errorf("paper(%v, %v) = %q, want %q", c.w, c.h, got, c.want)
		}
	}
}

// CropBox, rotation and inheritance count: what is reported is what is seen.
func TestPageAsSeen(t *testing.T) {
	b := objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 5 0 R]/MediaBox[0 0 1190.55 841.89]/Rotate 90>>",
		"<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R>>", string(stored("", []byte("n\n"))),
		"<</Type/Page/Parent 2 0 R/Rotate -90/CropBox[0 0 595.28 841.89]/Resources<<>>/Contents 4 0 R>>")
	r := inspect(t, b)
	if len(r.Pages) != 2 {
		t.Fatalf("%v %v", r.Pages, codes(r))
	}
	a, c := r.Pages[0], r.Pages[1]
	if a.Rotation != 90 || a.Paper != "A3" || math.Abs(a.WidthMM-297) > 0.1 || math.Abs(a.HeightMM-420) > 0.1 {
		t.Errorf("first: %+v", a)
	}
	if c.Rotation != 270 || c.Paper != "A4" || math.Abs(c.WidthMM-297) > 0.1 {
		t.Errorf("second: %+v", c)
	}
}

func TestFontsThatAreNotEmbedded(t *testing.T) {
	page := func(font string) []byte {
		return objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>", string(stored("", []byte("n\n"))),
			"<</Type/Font/Subtype/TrueType/BaseFont/"+font+"/FirstChar 32/LastChar 32/Widths[500]/FontDescriptor 6 0 R>>",
			"<</Type/FontDescriptor/FontName/"+font+"/Flags 32/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>")
	}
	r := inspect(t, page("DFKai-SB"))
	if !r.Has(FontMissing) || !r.OK() {
		t.Errorf("%v", codes(r))
	}
	if !strings.Contains(r.Problems[0].Text.Zh, "DFKai-SB") || !strings.Contains(r.Problems[0].Text.En, "DFKai-SB") {
		t.Errorf("%v does not name the font", r.Problems[0].Text)
	}
	if r := inspect(t, page("Helvetica-Bold")); r.Has(FontMissing) {
		t.Error("Helvetica is everywhere")
	}
}

// Every sentence has both halves, tells what to do first, and takes the arguments it is given.
func TestProblemSentences(t *testing.T) {
	for code, p := range problems {
		if p.zh == "" || p.en == "" || strings.Count(p.zh, "%") != strings.Count(p.en, "%") {
			t.Errorf("%s: %q / %q", code, p.zh, p.en)
		}
	}
	for name, b := range Hostile() {
		for _, p := range inspect(t, b).Problems {
			if strings.Contains(p.Text.Zh+p.Text.En, "%!") {
				t.Errorf("%s: %v", name, p.Text)
			}
		}
	}
}

type brokenDisk struct{ io.ReadSeeker }

var errDisk = errors.New("disk is gone")

func (b brokenDisk) Read(p []byte) (int, error) {
	if at, _ := b.Seek(0, io.SeekCurrent); at == 0 {
		return b.ReadSeeker.Read(p)
	}
	return 0, errDisk
}

func TestOurOwnErrors(t *testing.T) {
	b := simple()
	if _, err := Inspect(context.Background(), brokenDisk{bytes.NewReader(b)}, int64(len(b))+70000); err == nil {
		t.Error("a disk that fails is not the file's fault")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Inspect(ctx, bytes.NewReader(b), int64(len(b))); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
}

func TestAFileThatTakesTooLong(t *testing.T) {
	old := patience
	patience = time.Millisecond
	defer func() { patience = old }()
	if r := inspect(t, Hostile()["bomb.pdf"]); len(r.Problems) != 1 || r.Problems[0].Code != TooHeavy {
		t.Errorf("%v", codes(r))
	}
}

func TestInspectConcurrently(t *testing.T) {
	files := Hostile()
	for _, slow := range []string{"bomb.pdf", "object-bomb.pdf", "hidden-bomb.pdf"} {
		delete(files, slow)
	}
	var wg sync.WaitGroup
	for range 4 {
		for name, b := range files {
			wg.Go(func() {
				r, err := Inspect(context.Background(), bytes.NewReader(b), int64(len(b)))
				if err != nil || r.OK() {
					t.Errorf("%s: %v %v", name, err, codes(r))
				}
			})
		}
	}
	wg.Wait()
}

func FuzzInspect(f *testing.F) {
	for name, b := range Hostile() {
		if name != "bomb.pdf" && len(b) < 4096 { // bombs are slow
			f.Add(b)
		}
	}
	f.Add(simple())
	f.Fuzz(func(t *testing.T, b []byte) { inspect(t, b) })
}
