package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // photographs as sheets
	_ "image/png"
	"io"
	"os"
)

// A stamp as it is drawn before it is scaled, in millimetres.
const (
	StampWidth  = 70.0
	StampHeight = 35.0
)

// Stamp is the mark of a seal as it is drawn on a rendition of a sheet: a frame with a title, a name, some lines, and a
// code that leads to URL.
type Stamp struct {
	Title string // 建築師壓章
	Name  string
	Lines []string
	URL   string
	At    Place
}

// Place is where a stamp stands on a sheet as it is seen, in millimetres: how far its right edge is from the right edge
// of the sheet and its lower edge from the lower one, and how wide it is. Its height follows.
type Place struct {
	Right float64 `json:"right"`
	Lower float64 `json:"lower"`
	Width float64 `json:"width"`
}

// Height is the height of the stamp.
func (p Place) Height() float64 { return p.Width * StampHeight / StampWidth }

// On is the nearest place at which the stamp is whole on a sheet of w × h millimetres; on a very small sheet the stamp
// is smaller.
func (p Place) On(w, h float64) Place {
	p.Width = min(max(p.Width, 1), w, h*StampWidth/StampHeight)
	p.Right = min(max(p.Right, 0), w-p.Width)
	p.Lower = min(max(p.Lower, 0), h-p.Height())
	return p
}

// Meets reports whether two stamps lie on each other.
func (p Place) Meets(q Place) bool {
	return p.Right < q.Right+q.Width && q.Right < p.Right+p.Width && p.Lower < q.Lower+q.Height() && q.Lower < p.Lower+p.Height()
}

// StampedSheet is one page of a file with the stamps that go on it.
type StampedSheet struct {
	Path   string
	Page   int  // from 1
	Photo  bool // the file is a JPEG or PNG: it is put on an A4 page
	Name   string
	Stamps []Stamp
}

// Stamped writes a new document of the given pages, upright and as they are seen, each with its stamps drawn on it. The
// files are only read. The same input gives the same bytes. A file that cannot be carried over is an *Unfit.
func Stamped(ctx context.Context, w io.Writer, fonts *Fonts, title string, sheets ...StampedSheet) error {
	b := newBook(w, title)
	var stamps []Stamp
	for _, s := range sheets {
		stamps = append(stamps, s.Stamps...)
	}
	var ink *source
	if len(stamps) > 0 {
		raw, err := drawStamps(fonts, stamps)
		if err != nil {
			return err
		}
		if ink, err = b.bringBytes(ctx, raw); err != nil {
			return fmt.Errorf("pdf: stamps: %w", err)
		}
	}
	next := 1
	for _, s := range sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.sheet(ctx, s, ink, next); err != nil {
			return err
		}
		next += len(s.Stamps)
	}
	return b.close()
}

// sheet writes one page; its stamps are the pages of ink from first on.
func (b *book) sheet(ctx context.Context, s StampedSheet, ink *source, first int) error {
	var p carriedPage
	if s.Photo {
		var err error
		if p, err = b.photo(s.Path); err != nil {
			return err
		}
	} else {
		src, err := b.bring(ctx, s.Path)
		if err != nil {
			return err
		}
		if p, err = src.page(s.Page); err != nil {
			return err
		}
	}
	var content, names bytes.Buffer
	fmt.Fprintf(&content, "q %s cm /P Do\n%sQ\n", p.matrix, p.looks)
	fmt.Fprintf(&names, "/P %d 0 R%s", p.form, p.names)
	for i, st := range s.Stamps {
		f, err := ink.page(first + i)
		if err != nil {
			return err
		}
		at := st.At.On(p.w/ptPerMM, p.h/ptPerMM)
		k := at.Width / StampWidth
		fmt.Fprintf(&content, "q %s cm /S%d Do Q\n", operands(k, 0, 0, k, p.w-(at.Right+at.Width)*ptPerMM, at.Lower*ptPerMM), i)
		fmt.Fprintf(&names, "/S%d %d 0 R", i, f.form)
	}
	return b.page(s.Name, p, names.String(), content.Bytes())
}

var vermilion = rgb{178, 24, 24} // 印泥

// drawStamps draws each stamp on a page of its own.
func drawStamps(fonts *Fonts, stamps []Stamp) ([]byte, error) {
	doc := &printed{title: "stamps", creator: "cloudbm", lang: "zh-TW", fonts: fonts}
	for _, s := range stamps {
		if err := drawStamp(doc, s); err != nil {
			return nil, err
		}
	}
	return doc.bytes()
}

func drawStamp(doc *printed, s Stamp) error {
	const mm = ptPerMM
	const side, edge = 26.0, 1.6 // of the code; between frame and what is in it
	c := doc.page(StampWidth*mm, StampHeight*mm)
	c.box(0.4*mm, 0.4*mm, (StampWidth-0.8)*mm, (StampHeight-0.8)*mm, 0.7*mm, vermilion)
	c.box(1.2*mm, 1.2*mm, (StampWidth-2.4)*mm, (StampHeight-2.4)*mm, 0.2*mm, vermilion)
	left, room := (1.2+edge)*mm, StampWidth*mm-(1.2+edge)*2*mm
	if s.URL != "" {
		room -= (side + edge) * mm
		x, y := (StampWidth-1.2-edge-side)*mm, (StampHeight-side)/2*mm
		c.filled(x, y, side*mm, side*mm, rgb{255, 255, 255}) // a code on a drawing must be readable
		if err := c.qr(s.URL, x, y, side*mm, black); err != nil {
			return err
		}
	}
	y := (1.2 + edge) * mm
	put := func(text string, size float64, bold bool, height float64) error {
		l, err := doc.fonts.line(text, size, bold)
		if err != nil {
			return err
		}
		if l.width > room {
			size *= room / l.width
			if l, err = doc.fonts.line(text, size, bold); err != nil {
				return err
			}
		}
		c.text(left, y+height/2+size*0.36, l, size)
		y += height
		return nil
	}
	if err := put(s.Title, 9, true, 5*mm); err != nil {
		return err
	}
	c.line(left, y, left+room, y, 0.2*mm, vermilion)
	y += 0.6 * mm
	if err := put(s.Name, 15, false, 8*mm); err != nil {
		return err
	}
	height := (StampHeight*mm - (1.2+edge)*mm - y) / max(float64(len(s.Lines)), 4)
	for _, l := range s.Lines {
		if err := put(l, min(7, height*0.8), false, height); err != nil {
			return err
		}
	}
	return nil
}

// photo puts a photograph on an A4 page, upright or lying as it is itself.
func (b *book) photo(path string) (p carriedPage, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return p, fmt.Errorf("pdf: %w", err)
	}
	conf, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || conf.Width < 1 || conf.Height < 1 || conf.Width*conf.Height > maxPixels {
		return p, unfit(Damaged)
	}
	dict := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8", conf.Width, conf.Height)
	var obj []byte
	switch {
	case kind == "jpeg" && conf.ColorModel == color.YCbCrModel:
		obj = stored(dict+"/ColorSpace/DeviceRGB/Filter/DCTDecode", raw)
	case kind == "jpeg" && conf.ColorModel == color.GrayModel:
		obj = stored(dict+"/ColorSpace/DeviceGray/Filter/DCTDecode", raw)
	default:
		img, _, err := image.Decode(bytes.NewReader(raw))
		if err != nil {
			return p, unfit(Damaged)
		}
		obj = packed(dict+"/ColorSpace/DeviceRGB", flat(img))
	}
	n := b.take()
	if err := b.put(n, obj); err != nil {
		return p, err
	}
	p.w, p.h = 210*ptPerMM, 297*ptPerMM
	if conf.Width > conf.Height {
		p.w, p.h = p.h, p.w
	}
	const margin = 10 * ptPerMM
	k := min((p.w-2*margin)/float64(conf.Width), (p.h-2*margin)/float64(conf.Height))
	w, h := k*float64(conf.Width), k*float64(conf.Height)
	p.form = b.take()
	p.matrix = operands(1, 0, 0, 1, 0, 0)
	return p, b.put(p.form, stored(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 %s]/Resources<</XObject<</I %d 0 R>>>>", operands(p.w, p.h), n),
		fmt.Appendf(nil, "q %s cm /I Do Q", operands(w, 0, 0, h, (p.w-w)/2, (p.h-h)/2))))
}

// flat is a picture on white as rows of red, green and blue.
func flat(img image.Image) []byte {
	b := img.Bounds()
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	out := make([]byte, 0, 3*b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		draw.Draw(row, row.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(row, row.Rect, img, image.Pt(b.Min.X, y), draw.Over)
		for i := 0; i < len(row.Pix); i += 4 {
			out = append(out, row.Pix[i], row.Pix[i+1], row.Pix[i+2])
		}
	}
	return out
}
