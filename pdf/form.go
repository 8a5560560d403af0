package pdf

import (
	"fmt"
	"time"

	"cloudbm/say"
)

const ptPerMM = 72 / 25.4

// Measures of a form, in points unless said otherwise.
const (
	sideMargin = 18 * ptPerMM
	headRoom   = 24 * ptPerMM // from the edge to the first line
	footRoom   = 20 * ptPerMM // from the edge to the last line
	bodySize   = 10.5
	smallSize  = 8
	leading    = 1.45 // line height in font sizes
	ascent     = 0.88 // of Noto Sans TC, in font sizes
	cellPad    = 1.4 * ptPerMM
	ruleWidth  = 0.5
)

// FormMeta is what a form says about itself.
type FormMeta struct {
	Title      string
	Subject    string // e.g. the case serial
	Author     string // the authority or the system
	Lang       say.Lang
	FunctionNo string // as printed at the top right, e.g. A11-1
	HeaderLeft string // at the top left; the title if empty
	FooterLeft string
	Created    time.Time // the only time a form knows; zero writes none
	Landscape  bool
}

// Form is an A4 document being drawn from top to bottom. What goes wrong on the way is kept and told by Bytes.
type Form struct {
	meta  FormMeta
	doc   *printed
	now   *canvas
	y     float64
	w, h  float64
	err   error
	empty bool // nothing was drawn on the page yet
}

// Cell is one cell of a grid or table.
type Cell struct {
	Text  string
	Span  int  // columns it takes; 0 is 1
	Rows  int  // rows it takes; 0 is 1
	Label bool // shaded, bold, centred: the name of the value beside it
	Align Align
}

// Column is one column of a table.
type Column struct {
	Title string
	Width float64 // millimetres, or any unit: the columns share the width of the page in proportion
	Align Align
}

// NewForm starts a document in A4.
func NewForm(fonts *Fonts, m FormMeta) *Form {
	if m.Lang == "" {
		m.Lang = say.Zh
	}
	lang := "zh-TW"
	if m.Lang == say.En {
		lang = "en"
	}
	f := &Form{meta: m, w: 210 * ptPerMM, h: 297 * ptPerMM}
	if m.Landscape {
		f.w, f.h = f.h, f.w
	}
	f.doc = &printed{title: m.Title, subject: m.Subject, author: m.Author, creator: "cloudbm", lang: lang, created: m.Created, fonts: fonts, root: &tag{role: "Document"}}
	f.turnPage()
	return f
}

// Check is the mark of a box that is ticked or not, with its text: ■ 是, □ 否.
func Check(on bool, text string) string {
	if on {
		return "■ " + text
	}
	return "□ " + text
}

func (f *Form) turnPage() {
	f.now = f.doc.page(f.w, f.h)
	f.y, f.empty = headRoom, true
}

// PageBreak goes on with a new page, unless this one is still empty.
func (f *Form) PageBreak() {
	if !f.empty {
		f.turnPage()
	}
}

// Space leaves mm millimetres free.
func (f *Form) Space(mm float64) { f.y += mm * ptPerMM }

func (f *Form) width() float64  { return f.w - 2*sideMargin }
func (f *Form) bottom() float64 { return f.h - footRoom }

// need turns the page if less than h points are left, unless the page is empty anyway.
func (f *Form) need(h float64) {
	if f.y+h > f.bottom() {
		f.PageBreak()
	}
}

func (f *Form) wrap(text string, size float64, bold bool, width float64) []line {
	l, err := f.doc.fonts.wrap(text, size, bold, width)
	if err != nil && f.err == nil {
		f.err = err
	}
	return l
}

// Heading writes a heading: level 1 is the title of the form, centred; 2 and 3 stand at the left.
func (f *Form) Heading(level int, text string) {
	size, align := 12.0, Left
	switch {
	case level <= 1:
		level, size, align = 1, 17, Center
	case level >= 3:
		level, size = 3, 11
	}
	if !f.empty {
		f.y += size * 0.5
	}
	f.need(size*leading + 2*bodySize*leading) // a heading never stands alone at the foot
	f.flow(f.doc.root.add(fmt.Sprintf("H%d", level)), f.wrap(text, size, true, f.width()), size, align)
	f.y += size * 0.25
}

// Paragraph writes text over the whole width.
func (f *Form) Paragraph(text string) { f.ParagraphAs(text, Left) }

// ParagraphAs writes text aligned as asked.
func (f *Form) ParagraphAs(text string, a Align) {
	f.flow(f.doc.root.add("P"), f.wrap(text, bodySize, false, f.width()), bodySize, a)
	f.y += bodySize * 0.4
}

// flow writes lines, over several pages if need be.
func (f *Form) flow(t *tag, lines []line, size float64, a Align) {
	h := size * leading
	open := false
	for _, l := range lines {
		if f.y+h > f.bottom() {
			if open {
				f.now.end()
				open = false
			}
			f.PageBreak()
		}
		if !open {
			f.now.begin(t)
			open = true
		}
		f.now.text(a.at(sideMargin, f.width(), l.width), baseline(f.y, size), l, size)
		f.y, f.empty = f.y+h, false
	}
	if open {
		f.now.end()
	}
}

// baseline is where a line of this size stands whose room begins at top.
func baseline(top, size float64) float64 { return top + size*((leading-1)/2+ascent) }

// QR draws content as a QR code of sizeMM at the left, with the caption beside it.
func (f *Form) QR(content string, sizeMM float64, caption string) {
	size := sizeMM * ptPerMM
	f.need(size)
	top := f.y
	t := f.doc.root.add("Figure")
	t.alt = "QR: " + content
	t.attr = fmt.Sprintf("<</O/Layout/BBox[%.2f %.2f %.2f %.2f]/Placement/Block>>", sideMargin, f.h-top-size, sideMargin+size, f.h-top)
	f.now.begin(t)
	if err := f.now.qr(content, sideMargin, top, size, black); err != nil && f.err == nil {
		f.err = err
	}
	f.now.end()
	f.empty = false
	if caption != "" {
		left := sideMargin + size + 3*ptPerMM
		lines := f.wrap(caption, bodySize, false, f.w-sideMargin-left)
		y := top + max(0, (size-float64(len(lines))*bodySize*leading)/2)
		f.now.begin(f.doc.root.add("P"))
		for _, l := range lines {
			f.now.text(left, baseline(y, bodySize), l, bodySize)
			y += bodySize * leading
		}
		f.now.end()
		f.y = max(f.y, y)
	}
	f.y = max(f.y, top+size) + bodySize*0.4
}

// Bytes is the finished document: the same bytes for the same calls. The form is closed by it.
func (f *Form) Bytes() ([]byte, error) {
	n := len(f.doc.pages)
	head := f.meta.HeaderLeft
	if head == "" {
		head = f.meta.Title
	}
	for i, c := range f.doc.pages {
		no := say.F("第 %d 頁，共 %d 頁", "Page %d of %d", i+1, n).In(f.meta.Lang)
		c.begin(nil)
		f.edge(c, head, 13*ptPerMM, Left)
		f.edge(c, f.meta.FunctionNo, 13*ptPerMM, Right)
		f.edge(c, f.meta.FooterLeft, c.h-13*ptPerMM, Left)
		f.edge(c, no, c.h-13*ptPerMM, Right)
		c.line(sideMargin, 17*ptPerMM, c.w-sideMargin, 17*ptPerMM, 0.4, hairRGB)
		c.line(sideMargin, c.h-16.5*ptPerMM, c.w-sideMargin, c.h-16.5*ptPerMM, 0.4, hairRGB)
		c.end()
	}
	if f.err != nil {
		return nil, f.err
	}
	return f.doc.bytes()
}

// edge writes one line of the header or footer; what is too long is wrapped by nobody, so it is cut to its first line.
func (f *Form) edge(c *canvas, text string, y float64, a Align) {
	if text == "" {
		return
	}
	room := f.width() * 0.7
	l := f.wrap(text, smallSize, false, room)
	if len(l) > 0 {
		c.text(a.at(sideMargin, f.width(), l[0].width), y, l[0], smallSize)
	}
}
