package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
)

// TileSize is the side of a tile in pixels.
const TileSize = 512

// MaxZoom is the deepest level of the pyramid: 65 536 pixels along the longer side, 1980 dpi on A1.
const MaxZoom = 7

// PagePNG draws a whole page, as seen, so that its longer side is maxPx pixels, on white.
func (e *Engine) PagePNG(ctx context.Context, path string, page, maxPx int) (out []byte, err error) {
	err = e.with(ctx, path, func(w *worker, d *document) error {
		img, err := w.draw(d, page, maxPx)
		if err != nil {
			return err
		}
		out, err = encode(img)
		return err
	})
	return out, err
}

// Tile draws tile (x, y), counted from the top left, of level zoom. At level z the longer side of the page is
// 512·2^z pixels, so level 0 is one tile. A tile at the right or lower edge is smaller than 512 where the page ends.
func (e *Engine) Tile(ctx context.Context, path string, page, zoom, x, y int) (out []byte, err error) {
	if zoom < 0 || zoom > MaxZoom || x < 0 || y < 0 {
		return nil, ErrNoSuchPage
	}
	err = e.with(ctx, path, func(w *worker, d *document) error {
		p, err := w.load(d, page)
		if err != nil {
			return err
		}
		full, err := w.scaled(p, TileSize<<zoom)
		if err != nil {
			return err
		}
		r := image.Rect(x*TileSize, y*TileSize, (x+1)*TileSize, (y+1)*TileSize).Intersect(image.Rectangle{Max: full})
		if r.Empty() {
			return ErrNoSuchPage
		}
		img, err := w.render(d, p, full, r)
		if err != nil {
			return err
		}
		out, err = encode(img)
		return err
	})
	return out, err
}

// draw renders a whole page.
func (w *worker) draw(d *document, page, maxPx int) (*image.RGBA, error) {
	if maxPx < 1 {
		return nil, fmt.Errorf("%d pixels", maxPx)
	}
	p, err := w.load(d, page)
	if err != nil {
		return nil, err
	}
	full, err := w.scaled(p, maxPx)
	if err != nil {
		return nil, err
	}
	if full.X*full.Y > maxPixels {
		return nil, fmt.Errorf("picture of %d × %d pixels is too large", full.X, full.Y)
	}
	return w.render(d, p, full, image.Rectangle{Max: full})
}

// scaled is the size in pixels of the whole page when its longer side is maxPx.
func (w *worker) scaled(p requests.Page, maxPx int) (image.Point, error) {
	pw, err := w.inst.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: p})
	if err != nil {
		return image.Point{}, err
	}
	ph, err := w.inst.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: p})
	if err != nil {
		return image.Point{}, err
	}
	wide, high := pw.Width, ph.Height
	if !(wide > 0 && high > 0) || math.IsInf(wide+high, 0) {
		return image.Point{}, fmt.Errorf("page of %v × %v points", wide, high)
	}
	f := float64(maxPx) / max(wide, high)
	return image.Pt(max(1, int(math.Round(wide*f))), max(1, int(math.Round(high*f)))), nil
}

// render draws the part r of the page as it looks when the whole is full pixels large.
func (w *worker) render(d *document, p requests.Page, full image.Point, r image.Rectangle) (*image.RGBA, error) {
	bm, err := w.inst.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: r.Dx(), Height: r.Dy(), Alpha: 0})
	if err != nil {
		return nil, err
	}
	defer w.inst.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bm.Bitmap})
	if _, err := w.inst.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bm.Bitmap, Width: r.Dx(), Height: r.Dy(), Color: 0xFFFFFFFF}); err != nil {
		return nil, err
	}
	flags := enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER
	if _, err := w.inst.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{
		Bitmap: bm.Bitmap, Page: p, StartX: -r.Min.X, StartY: -r.Min.Y, SizeX: full.X, SizeY: full.Y, Flags: flags,
	}); err != nil {
		return nil, err
	}
	if err := w.fields(d, bm.Bitmap, p, full, r, flags); err != nil {
		return nil, err
	}
	st, err := w.inst.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, err
	}
	buf, err := w.inst.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bm.Bitmap})
	if err != nil {
		return nil, err
	}
	img := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for y := range r.Dy() {
		row := img.Pix[y*img.Stride:][:4*r.Dx()]
		copy(row, buf.Buffer[y*st.Stride:])
		for i := 3; i < len(row); i += 4 {
			row[i] = 255 // the fourth byte of the bitmap means nothing
		}
	}
	return img, nil
}

var pngs = png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &pngBuffers{}}

type pngBuffers struct{ p sync.Pool }

func (b *pngBuffers) Get() *png.EncoderBuffer  { x, _ := b.p.Get().(*png.EncoderBuffer); return x }
func (b *pngBuffers) Put(x *png.EncoderBuffer) { b.p.Put(x) }

// encode writes img as PNG: grey where it is grey, in a palette where 256 colours suffice.
func encode(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	err := pngs.Encode(&b, smallest(img))
	return b.Bytes(), err
}

func smallest(img *image.RGBA) image.Image {
	n := len(img.Pix) / 4
	grey := true
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i] != img.Pix[i+1] || img.Pix[i] != img.Pix[i+2] {
			grey = false
			break
		}
	}
	if grey {
		out := &image.Gray{Pix: make([]byte, n), Stride: img.Rect.Dx(), Rect: img.Rect}
		for i := range n {
			out.Pix[i] = img.Pix[4*i]
		}
		return out
	}
	out := &image.Paletted{Pix: make([]byte, n), Stride: img.Rect.Dx(), Rect: img.Rect}
	at := map[uint32]byte{}
	var last uint32 = 1 // no opaque colour has this key
	var lastAt byte
	for i := range n {
		p := img.Pix[4*i:]
		k := uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8
		if k != last {
			j, ok := at[k]
			if !ok {
				if len(out.Palette) == 256 {
					return img
				}
				j = byte(len(out.Palette))
				at[k] = j
				out.Palette = append(out.Palette, color.RGBA{p[0], p[1], p[2], 255})
			}
			last, lastAt = k, j
		}
		out.Pix[i] = lastAt
	}
	return out
}
