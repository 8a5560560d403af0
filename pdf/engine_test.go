package pdf

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPagesOfEveryDrawing(t *testing.T) {
	e, ctx := engine(t), context.Background()
	for name, path := range drawings(t) {
		n, err := e.PageCount(ctx, path)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for p := 1; p <= n; p++ {
			b, err := e.PagePNG(ctx, path, p, 800)
			if err != nil {
				t.Fatalf("%s page %d: %v", name, p, err)
			}
			img := picture(t, b)
			if s := img.Bounds().Size(); max(s.X, s.Y) != 800 {
				t.Errorf("%s page %d is %v", name, p, s)
			}
			if d := darkness(img); d < 0.001 || d > 0.6 {
				t.Errorf("%s page %d: %.4f of it is dark; is anything drawn?", name, p, d)
			}
		}
		if _, err := e.PagePNG(ctx, path, n+1, 100); !errors.Is(err, ErrNoSuchPage) {
			t.Errorf("%s: page after the last: %v", name, err)
		}
	}
}

// darkness is the share of pixels that are not near white.
func darkness(img image.Image) float64 {
	n, b := 0, img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := img.At(x, y).RGBA(); min(r, g, bl) < 0xC000 {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

// Poppler draws the same pages about as dark, in the same places: nothing is left out, form fields included.
func TestPagesAgreeWithPoppler(t *testing.T) {
	e := engine(t)
	for name, path := range drawings(t) {
		out := filepath.Join(t.TempDir(), "p")
		run(t, "pdftoppm", "-png", "-f", "1", "-l", "1", "-singlefile", "-scale-to", "640", path, out)
		b, err := os.ReadFile(out + ".png")
		if err != nil {
			t.Fatal(err)
		}
		theirs := coarse(picture(t, b))
		b, err = e.PagePNG(context.Background(), path, 1, 640)
		if err != nil {
			t.Fatal(err)
		}
		ours := coarse(picture(t, b))
		for i := range ours {
			if d := math.Abs(ours[i] - theirs[i]); d > 0.2 {
				t.Errorf("%s: field %d of 8×8: %.2f here, %.2f there", name, i, ours[i], theirs[i])
			}
		}
	}
}

// coarse is how dark each of 8×8 fields is on average.
func coarse(img image.Image) []float64 {
	out, b := make([]float64, 64), img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			out[y*8/b.Dy()*8+x*8/b.Dx()] += 1 - float64(r+g+bl)/3/0xFFFF
		}
	}
	for i := range out {
		out[i] /= float64(b.Dx()*b.Dy()) / 64
	}
	return out
}

// The tiles of a level, put together, are the page drawn at that size.
func TestTilesMakeThePage(t *testing.T) {
	e, ctx := engine(t), context.Background()
	for _, name := range []string{"first-floor-proposed.pdf", "elevations-annotated.pdf", "site-plan.pdf"} {
		path := drawings(t)[name]
		const zoom = 2
		b, err := e.PagePNG(ctx, path, 1, TileSize<<zoom)
		if err != nil {
			t.Fatal(err)
		}
		whole := rgba(picture(t, b))
		joined := image.NewRGBA(whole.Rect)
		for y := 0; y*TileSize < whole.Rect.Dy(); y++ {
			for x := 0; x*TileSize < whole.Rect.Dx(); x++ {
				b, err := e.Tile(ctx, path, 1, zoom, x, y)
				if err != nil {
					t.Fatalf("%s tile %d,%d: %v", name, x, y, err)
				}
				tile := picture(t, b)
				at := image.Pt(x*TileSize, y*TileSize)
				draw.Draw(joined, tile.Bounds().Add(at), tile, tile.Bounds().Min, draw.Src)
			}
		}
		far := 0
		for i := range whole.Pix {
			if d := int(whole.Pix[i]) - int(joined.Pix[i]); d > 48 || d < -48 {
				far++
			}
		}
		if share := float64(far) / float64(len(whole.Pix)); share > 0.0005 {
			t.Errorf("%s: %.5f of the values differ", name, share)
		}
		for _, bad := range [][3]int{{zoom, 4, 0}, {zoom, 0, 4}, {-1, 0, 0}, {MaxZoom + 1, 0, 0}, {0, -1, 0}, {0, 1, 0}} {
			if _, err := e.Tile(ctx, path, 1, bad[0], bad[1], bad[2]); !errors.Is(err, ErrNoSuchPage) {
				t.Errorf("tile %v: %v", bad, err)
			}
		}
	}
}

func rgba(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// A hostile file costs at most its own answer: the next good page is drawn as if nothing had happened.
func TestHostileFilesDoNotStopTheEngine(t *testing.T) {
	e, ctx := engine(t), context.Background()
	good := file(t, "good.pdf", simple())
	before, err := e.PagePNG(ctx, good, 1, 300)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]bool{"empty.pdf": true, "not-a-pdf.pdf": true, "garbage.pdf": true, "encrypted-user.pdf": true, "zero-pages.pdf": true}
	for name, b := range Hostile() {
		c, cancel := context.WithTimeout(ctx, 3*time.Second) // the bomb would take longer, until it fills its gibibyte
		_, err := e.PagePNG(c, file(t, name, b), 1, 300)
		cancel()
		if refused[name] && err == nil {
			t.Errorf("%s was drawn", name)
		}
		if after, err := e.PagePNG(ctx, good, 1, 300); err != nil || !bytes.Equal(before, after) {
			t.Fatalf("after %s: %v", name, err)
		}
	}
}

func TestDeadlineEndsAPicture(t *testing.T) {
	e := engine(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	path := sheet(t, SheetSpec{Number: "A1-01", Title: "一層平面圖", Segments: 60000})
	if _, err := e.PagePNG(ctx, path, 1, 6000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after a millisecond: %v", err)
	}
	if _, err := e.PagePNG(context.Background(), path, 1, 600); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	e := engine(t)
	var wg sync.WaitGroup
	for name, path := range drawings(t) {
		for x := range 2 {
			wg.Go(func() {
				if _, err := e.Tile(context.Background(), path, 1, 1, x, 0); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	wg.Wait()
}

func TestAReplacedFileIsReadAnew(t *testing.T) {
	e, ctx := engine(t), context.Background()
	path := file(t, "f.pdf", simple())
	if n, err := e.PageCount(ctx, path); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	var b bytes.Buffer
	if err := GenerateSet(&b, fonts(t), SheetSpec{Number: "A1-01", Paper: "A4"}, 3); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := e.PageCount(ctx, path); err != nil || n != 3 {
		t.Errorf("%d pages, %v", n, err)
	}
}

func TestClosedEngine(t *testing.T) {
	e, err := NewEngine("", 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := e.PageCount(context.Background(), file(t, "f.pdf", simple())); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	if _, err := NewEngine("", 0); err == nil {
		t.Error("an engine without workers")
	}
}

// The words are those that pdftotext finds, and each is where it is drawn.
func TestWordsOfADrawing(t *testing.T) {
	e := engine(t)
	for _, name := range []string{"first-floor-existing.pdf", "first-floor-proposed.pdf"} {
		path := drawings(t)[name]
		words, err := e.Text(context.Background(), path, 1)
		if err != nil {
			t.Fatal(err)
		}
		theirs := map[string]bool{}
		for _, w := range strings.Fields(run(t, "pdftotext", path, "-")) {
			theirs[w] = true
		}
		same := 0
		for _, w := range words {
			if theirs[w.Text] {
				same++
			}
			if w.X < 0 || w.Y < 0 || w.X+w.W > 1 || w.Y+w.H > 1 || w.W <= 0 || w.H <= 0 {
				t.Errorf("%s: %+v lies off the page", name, w)
			}
		}
		if same < len(words)*9/10 || len(words) < 50 {
			t.Errorf("%s: %d of %d words are also pdftotext's", name, same, len(words))
		}
	}
}

// A page that is turned has its words where they are seen.
func TestWordsOfATurnedPage(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		missing(t, "qpdf")
	}
	e, ctx := engine(t), context.Background()
	path := sheet(t, SheetSpec{Number: "A1-01", Title: "一層平面圖", Paper: "A3"})
	find := func(path string) Word {
		words, err := e.Text(ctx, path, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if w.Text == "A1-01" {
				return w
			}
		}
		t.Fatalf("no A1-01 among %v", words)
		return Word{}
	}
	w := find(path)
	cx, cy := w.X+w.W/2, w.Y+w.H/2
	for _, c := range []struct {
		turn string
		x, y float64
	}{{"90", 1 - cy, cx}, {"180", 1 - cx, 1 - cy}, {"270", cy, 1 - cx}} {
		turned := filepath.Join(t.TempDir(), "t.pdf")
		run(t, "qpdf", "--rotate="+c.turn, path, turned)
		g := find(turned)
		if math.Abs(g.X+g.W/2-c.x) > 0.005 || math.Abs(g.Y+g.H/2-c.y) > 0.005 {
			t.Errorf("turned by %s: %+v, want its middle at %.3f, %.3f", c.turn, g, c.x, c.y)
		}
	}
}

func BenchmarkTile(b *testing.B) {
	e := engine(b)
	path := sheet(b, SheetSpec{Number: "A1-01", Title: "一層平面圖", Segments: 12000})
	i := 0
	for b.Loop() {
		if _, err := e.Tile(context.Background(), path, 1, 4, i%10, i/10%8); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
