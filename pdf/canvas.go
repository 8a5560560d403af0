package pdf

import (
	"bytes"
	"fmt"
	"time"

	"github.com/signintech/gopdf"
	"github.com/skip2/go-qrcode"
)

// printed is a document before it is written: pages of strokes and text in points from the top left, and the tree of
// tags that says what they mean to a reader who cannot see them.
type printed struct {
	title, subject, author, creator, lang string
	created                               time.Time
	fonts                                 *Fonts
	pages                                 []*canvas
	root                                  *tag
}

// canvas is one page.
type canvas struct {
	w, h  float64
	no    int
	marks []*tag // the tag of each marked stretch, by its number; nil: decoration
	ops   []op
}

// op is one stroke, box, text or mark.
type op struct {
	kind       opKind
	x, y, w, h float64 // a line goes from (x, y) to (w, h); a text stands on y
	size       float64 // of the text, or the width of the line
	ink, fill  rgb
	filled     bool
	spans      []span
	mark       int
}

type opKind byte

const (
	opText opKind = iota
	opLine
	opBox
	opMark
)

type rgb [3]uint8

var (
	black   = rgb{0, 0, 0}
	hairRGB = rgb{70, 70, 70}
	shade   = rgb{238, 238, 238}
)

// tag is a node of the structure tree: Document, H1, P, Table, TR, TH, TD, Figure.
type tag struct {
	role  string
	attr  string // PDF source of the /A entry
	alt   string
	kids  []kid
	objNo int
	up    *tag
}

// kid is either a tag or a marked stretch of a page.
type kid struct {
	tag        *tag
	page, mark int
}

func (t *tag) add(role string) *tag {
	c := &tag{role: role, up: t}
	t.kids = append(t.kids, kid{tag: c})
	return c
}

// Numbers in the dash phase that stand for marks until finish turns them into operators: see canvas.begin.
const (
	markEnd        = -1
	markDecoration = -2
)

// begin starts a stretch that belongs to t; nil is decoration, which a screen reader leaves out.
func (c *canvas) begin(t *tag) {
	if t == nil {
		c.ops = append(c.ops, op{kind: opMark, mark: markDecoration})
		return
	}
	n := len(c.marks)
	c.marks = append(c.marks, t)
	t.kids = append(t.kids, kid{page: c.no, mark: n})
	c.ops = append(c.ops, op{kind: opMark, mark: n})
}

func (c *canvas) end() { c.ops = append(c.ops, op{kind: opMark, mark: markEnd}) }

func (c *canvas) line(x1, y1, x2, y2, width float64, ink rgb) {
	c.ops = append(c.ops, op{kind: opLine, x: x1, y: y1, w: x2, h: y2, size: width, ink: ink})
}

func (c *canvas) box(x, y, w, h, width float64, ink rgb) {
	c.ops = append(c.ops, op{kind: opBox, x: x, y: y, w: w, h: h, size: width, ink: ink})
}

func (c *canvas) filled(x, y, w, h float64, fill rgb) {
	c.ops = append(c.ops, op{kind: opBox, x: x, y: y, w: w, h: h, fill: fill, filled: true})
}

func (c *canvas) text(x, baseline float64, l line, size float64) {
	if len(l.spans) > 0 {
		c.ops = append(c.ops, op{kind: opText, x: x, y: baseline, size: size, spans: l.spans})
	}
}

// qr draws content as a QR code, quiet zone and all, into a square of size points.
func (c *canvas) qr(content string, x, y, size float64, ink rgb) error {
	code, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("pdf: QR code: %w", err)
	}
	dots := code.Bitmap()
	dot := size / float64(len(dots))
	for i, row := range dots {
		for j := 0; j < len(row); {
			if !row[j] {
				j++
				continue
			}
			from := j
			for j < len(row) && row[j] {
				j++
			}
			c.filled(x+float64(from)*dot, y+float64(i)*dot, float64(j-from)*dot, dot, ink)
		}
	}
	return nil
}

// Align is where a text stands in its cell.
type Align byte

// The alignments.
const (
	Left Align = iota
	Center
	Right
)

// at is the x of a text of width w in a space of width room.
func (a Align) at(x, room, w float64) float64 {
	switch a {
	case Center:
		return x + (room-w)/2
	case Right:
		return x + room - w
	}
	return x
}

func (p *printed) page(w, h float64) *canvas {
	c := &canvas{w: w, h: h, no: len(p.pages)}
	p.pages = append(p.pages, c)
	return c
}

// bytes writes the document: gopdf embeds the fonts and draws, finish makes the rest of it right.
func (p *printed) bytes() ([]byte, error) {
	if len(p.pages) == 0 {
		return nil, fmt.Errorf("pdf: a document needs a page")
	}
	g := &gopdf.GoPdf{}
	g.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: p.pages[0].w, H: p.pages[0].h}})
	g.SetNoCompression()
	pen := penOf{g: g, fonts: p.fonts, loaded: map[string]bool{}}
	for _, c := range p.pages {
		g.AddPageWithOption(gopdf.PageOption{PageSize: &gopdf.Rect{W: c.w, H: c.h}})
		pen.fresh()
		for i := range c.ops {
			if err := pen.draw(&c.ops[i]); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("pdf: write: %w", err)
	}
	return p.finish(b.Bytes())
}

// penOf remembers what is set on the page, so that nothing is set twice.
type penOf struct {
	g         *gopdf.GoPdf
	fonts     *Fonts
	loaded    map[string]bool
	font      string
	size      float64
	width     float64
	ink, fill rgb
}

func (p *penOf) fresh() {
	p.width, p.ink, p.fill = -1, rgb{1, 2, 3}, rgb{1, 2, 3}
	p.g.SetTextColor(0, 0, 0)
}

func (p *penOf) draw(o *op) error {
	switch o.kind {
	case opMark:
		p.g.SetCustomLineType(nil, float64(o.mark))
	case opLine:
		p.stroke(o)
		p.g.Line(o.x, o.y, o.w, o.h)
	case opBox:
		if o.filled {
			if p.fill != o.fill {
				p.fill = o.fill
				p.g.SetFillColor(o.fill[0], o.fill[1], o.fill[2])
			}
			p.g.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "F")
			return nil
		}
		p.stroke(o)
		p.g.RectFromUpperLeftWithStyle(o.x, o.y, o.w, o.h, "D")
	case opText:
		x := o.x
		for _, s := range o.spans {
			if err := p.face(s.family, o.size); err != nil {
				return err
			}
			p.g.SetX(x)
			p.g.SetY(o.y)
			if err := p.g.Text(s.text); err != nil {
				return fmt.Errorf("pdf: text %q: %w", s.text, err)
			}
			x += s.width
		}
		p.fill = rgb{1, 2, 3} // a text sets its own colour
	}
	return nil
}

func (p *penOf) stroke(o *op) {
	if p.width != o.size {
		p.width = o.size
		p.g.SetLineWidth(o.size)
	}
	if p.ink != o.ink {
		p.ink = o.ink
		p.g.SetStrokeColor(o.ink[0], o.ink[1], o.ink[2])
	}
}

func (p *penOf) face(family string, size float64) error {
	if p.font == family && p.size == size {
		return nil
	}
	if !p.loaded[family] {
		if err := p.g.AddTTFFontFromFontContainer(family, &p.fonts.box); err != nil {
			return fmt.Errorf("pdf: font %s: %w", family, err)
		}
		p.loaded[family] = true
	}
	p.font, p.size = family, size
	return p.g.SetFont(family, "", size)
}
