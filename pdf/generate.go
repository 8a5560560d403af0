package pdf

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

// SheetSpec describes a drawing made for tests, the demo and measurements. The same spec gives the same bytes.
type SheetSpec struct {
	Number   string // e.g. A1-01
	Title    string // e.g. 一層平面圖
	Case     string // case serial
	Revision int    // 0 is the first; each revision adds a wall in one room
	Seed     uint64 // another seed is another building
	Segments int    // strokes at least; 0 is 600
	Paper    string // "A1" (0 is A1), "A0" to "A4", lying
	Created  time.Time
}

var papers = map[string][2]float64{"A0": {1189, 841}, "A1": {841, 594}, "A2": {594, 420}, "A3": {420, 297}, "A4": {297, 210}}

// GenerateSheet writes one drawing: frame with zones, a plan with rooms, doors and hatching, and a title block.
func GenerateSheet(w io.Writer, fonts *Fonts, s SheetSpec) error {
	return generate(w, fonts, s, []SheetSpec{s})
}

// GenerateSet writes n drawings into one file; their numbers count on from s.Number.
func GenerateSet(w io.Writer, fonts *Fonts, s SheetSpec, n int) error {
	class, _, _ := strings.Cut(s.Number, "-")
	sheets := make([]SheetSpec, n)
	for i := range sheets {
		sheets[i] = s
		sheets[i].Number = fmt.Sprintf("%s-%02d", class, i+1)
		sheets[i].Seed = s.Seed + uint64(i)
	}
	return generate(w, fonts, s, sheets)
}

func generate(w io.Writer, fonts *Fonts, s SheetSpec, sheets []SheetSpec) error {
	doc := &printed{title: strings.TrimSpace(s.Number + " " + s.Title), subject: s.Case, creator: "cloudbm", lang: "zh-TW", created: s.Created, fonts: fonts, root: &tag{role: "Document"}}
	for _, sheet := range sheets {
		if err := drawSheet(doc, sheet); err != nil {
			return err
		}
	}
	b, err := doc.bytes()
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// drafter draws in millimetres of the building's plan on paper.
type drafter struct {
	c    *canvas
	f    *Fonts
	k    float64 // size of lettering and pens against A1
	left int     // strokes still to draw
	rnd  *rand.Rand
	err  error
}

func drawSheet(doc *printed, s SheetSpec) error {
	if s.Paper == "" {
		s.Paper = "A1"
	}
	size, ok := papers[s.Paper]
	if !ok {
		return fmt.Errorf("pdf: no paper %q", s.Paper)
	}
	if s.Segments == 0 {
		s.Segments = 600
	}
	d := &drafter{c: doc.page(size[0]*ptPerMM, size[1]*ptPerMM), f: doc.fonts, k: max(0.45, size[0]/841), left: s.Segments, rnd: rand.New(rand.NewPCG(s.Seed, 20261123))}
	d.c.begin(doc.root.add("Figure").called(s.Number + " " + s.Title))
	d.frame(size[0], size[1])
	d.titleBlock(size[0], size[1], s)
	rooms := d.rooms(area{30 * d.k, 30 * d.k, size[0] - 240*d.k, size[1] - 60*d.k}, 4)
	for i, r := range rooms {
		d.room(r, i)
	}
	if s.Revision > 0 {
		for i := range s.Revision {
			r := rooms[(i*5+1)%len(rooms)]
			d.wall(r.x+r.w*0.4, r.y, r.x+r.w*0.4, r.y+r.h*0.7)
			d.wall(r.x, r.y+r.h*0.7, r.x+r.w*0.4, r.y+r.h*0.7)
		}
	}
	above := d.c.ops
	d.c.ops = nil
	d.hatch(rooms)
	d.c.ops = append(append(above[:1:1], d.c.ops...), above[1:]...) // the floor lies under the lettering
	d.c.end()
	return d.err
}

func (t *tag) called(alt string) *tag { t.alt = alt; return t }

// area is a rectangle in millimetres.
type area struct{ x, y, w, h float64 }

func (d *drafter) line(x1, y1, x2, y2, pen float64) {
	d.c.line(x1*ptPerMM, y1*ptPerMM, x2*ptPerMM, y2*ptPerMM, pen*d.k*ptPerMM, black)
	d.left--
}

func (d *drafter) box(a area, pen float64) {
	d.c.box(a.x*ptPerMM, a.y*ptPerMM, a.w*ptPerMM, a.h*ptPerMM, pen*d.k*ptPerMM, black)
	d.left--
}

// write letters text with its baseline at (x, y); mm is the height of the letters on A1.
func (d *drafter) write(x, y, mm float64, text string) float64 {
	size := mm * d.k * ptPerMM / 0.75
	l, err := d.f.line(text, size, false)
	if err != nil && d.err == nil {
		d.err = err
	}
	d.c.text(x*ptPerMM, y*ptPerMM, l, size)
	return l.width / ptPerMM
}

func (d *drafter) frame(w, h float64) {
	m := 10 * d.k
	d.box(area{m, m, w - 2*m, h - 2*m}, 0.7)
	d.box(area{m / 2, m / 2, w - m, h - m}, 0.25)
	for i := range 8 {
		x := w * float64(i) / 8
		if i > 0 {
			d.line(x, m/2, x, m, 0.25)
			d.line(x, h-m, x, h-m/2, 0.25)
		}
		d.write(x+w/16, m*0.93, 3, fmt.Sprint(i+1))
	}
	for i := range 6 {
		y := h * float64(i) / 6
		if i > 0 {
			d.line(m/2, y, m, y, 0.25)
			d.line(w-m, y, w-m/2, y, 0.25)
		}
		d.write(m*0.58, y+h/12, 3, string(rune('A'+i)))
	}
}

// titleBlock is the table at the lower right that ReadTitleBlock reads.
func (d *drafter) titleBlock(w, h float64, s SheetSpec) {
	k := d.k
	a := area{w - 190*k, h - 90*k, 180 * k, 80 * k}
	d.box(a, 0.7)
	revision := "原版"
	if s.Revision > 0 {
		revision = fmt.Sprintf("第 %d 次修正", s.Revision)
	}
	rows := [][2]string{{"案件序號", s.Case}, {"圖名", s.Title}, {"圖號", s.Number}, {"比例", "1：100"}, {"版次", revision}}
	step := a.h / float64(len(rows))
	d.line(a.x+40*k, a.y, a.x+40*k, a.y+a.h, 0.35)
	for i, r := range rows {
		y := a.y + step*float64(i)
		if i > 0 {
			d.line(a.x, y, a.x+a.w, y, 0.35)
		}
		d.write(a.x+4*k, y+step*0.65, 4, r[0])
		d.write(a.x+46*k, y+step*0.68, 5.5, r[1])
	}
}

// rooms divides a until the parts are rooms.
func (d *drafter) rooms(a area, depth int) []area {
	if depth == 0 || min(a.w, a.h) < 40*d.k {
		return []area{a}
	}
	cut := 0.35 + 0.3*d.rnd.Float64()
	if a.w > a.h {
		return append(d.rooms(area{a.x, a.y, a.w * cut, a.h}, depth-1), d.rooms(area{a.x + a.w*cut, a.y, a.w * (1 - cut), a.h}, depth-1)...)
	}
	return append(d.rooms(area{a.x, a.y, a.w, a.h * cut}, depth-1), d.rooms(area{a.x, a.y + a.h*cut, a.w, a.h * (1 - cut)}, depth-1)...)
}

var roomNames = []string{"客廳", "餐廳", "廚房", "主臥室", "臥室", "浴室", "陽臺", "樓梯間", "機電室", "儲藏室", "梯廳", "管理室"}

func (d *drafter) room(a area, n int) {
	d.wall(a.x, a.y, a.x+a.w, a.y)
	d.wall(a.x, a.y, a.x, a.y+a.h)
	d.wall(a.x+a.w, a.y, a.x+a.w, a.y+a.h)
	d.wall(a.x, a.y+a.h, a.x+a.w, a.y+a.h)
	door := 9 * d.k // a leaf with its swing
	x, y := a.x+a.w*0.15, a.y+a.h
	d.line(x, y, x, y-door, 0.25)
	for i := range 6 {
		p, q := arc(float64(i)/6), arc(float64(i+1)/6)
		d.line(x+door*p[0], y-door*p[1], x+door*q[0], y-door*q[1], 0.18)
	}
	d.write(a.x+a.w*0.4, a.y+a.h*0.45, 5, roomNames[n%len(roomNames)])
	d.write(a.x+a.w*0.4, a.y+a.h*0.45+7*d.k, 3, fmt.Sprintf("%.2f㎡", a.w*a.h/100))
}

// arc is a point on a quarter circle, by a rational curve: no trigonometry that could differ between machines.
func arc(t float64) [2]float64 {
	n := 1 + t*t
	return [2]float64{2 * t / n, (1 - t*t) / n}
}

func (d *drafter) wall(x1, y1, x2, y2 float64) {
	t := 1.2 * d.k
	if x1 == x2 {
		d.line(x1-t/2, y1, x2-t/2, y2, 0.5)
		d.line(x1+t/2, y1, x2+t/2, y2, 0.5)
		return
	}
	d.line(x1, y1-t/2, x2, y2-t/2, 0.5)
	d.line(x1, y1+t/2, x2, y2+t/2, 0.5)
}

// hatch fills rooms with tiles until the drawing has its strokes; it takes the rooms in turn, so that a revision, which
// draws a little more, changes only the last strokes of the last room.
func (d *drafter) hatch(rooms []area) {
	if d.left <= 0 {
		return
	}
	per := d.left/len(rooms) + 1
	for _, r := range rooms {
		n := min(per, d.left)
		for i := range n {
			f := (float64(i/2) + 0.5) / float64(n/2+1)
			if i%2 == 0 {
				d.tile(r.x+r.w*0.04, r.y+r.h*f, r.x+r.w*0.96, r.y+r.h*f)
			} else {
				d.tile(r.x+r.w*f, r.y+r.h*0.04, r.x+r.w*f, r.y+r.h*0.96)
			}
		}
	}
}

func (d *drafter) tile(x1, y1, x2, y2 float64) {
	d.c.line(x1*ptPerMM, y1*ptPerMM, x2*ptPerMM, y2*ptPerMM, 0.09*d.k*ptPerMM, rgb{205, 205, 205})
	d.left--
}
